"""Writes what the documentation takes from the code: `python -m docs.generate` from the top of a checkout.

`docs/fields.md` comes from `schemas/`, `docs/documents.md` from `schemas/documents/`, `docs/errors.md` from
`lsops/errors.py` and `lsops/advice.yaml`, `docs/commands.md` and `docs/exit-codes.md` from click. In every page, each
line of a console block that runs `lsops` is run again and its output is put below it. What stands between
`<!-- kinds -->` and `<!-- /kinds -->` becomes the list of the kinds, and what stands between `<!-- points -->` and
`<!-- /points -->` the table of what the sandbox can answer in several ways.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from docs.make.commands import commands_page
from docs.make.documents import documents_page
from docs.make.errors import errors_page
from docs.make.exit_codes import exit_codes_page
from docs.make.fields import fields_page
from docs.make.open_points import open_points
from docs.make.sessions import replayed
from lsops.kinds import registry

ROOT = Path(__file__).parent.parent
GENERATED = {
    "docs/fields.md": fields_page,
    "docs/errors.md": errors_page,
    "docs/documents.md": documents_page,
    "docs/commands.md": commands_page,
    "docs/exit-codes.md": exit_codes_page,
}


def written() -> list[Path]:
    """The pages that people write."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in pages if page.relative_to(ROOT).as_posix() not in GENERATED]


def page(path: Path) -> str:
    """The text that a page should have."""
    make = GENERATED.get(path.relative_to(ROOT).as_posix())
    return make() if make else replayed(_filled(path.read_text("utf-8")), ROOT / "examples")


def _filled(text: str) -> str:
    """A written page with the parts that come from the code."""
    if "<!-- kinds -->" in text:
        text = _between("kinds", ", ".join(f"`{name}`" for name in sorted(registry())), text)
    if "<!-- points -->" in text:
        text = _between("points", f"\n\n{open_points()}\n\n", text)
    return text


def _between(mark: str, part: str, text: str) -> str:
    form = rf"(<!-- {mark} -->).*?(<!-- /{mark} -->)"
    return re.sub(form, lambda found: f"{found[1]}{part}{found[2]}", text, flags=re.DOTALL)


def main() -> int:
    """Write every page that is not up to date."""
    for path in [*(ROOT / name for name in GENERATED), *written()]:
        text = page(path)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
