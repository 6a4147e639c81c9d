"""Writes what the documentation takes from the code: `python -m docs.generate` from the top of a checkout.

`docs/fields.md` comes from `schemas/`, `docs/documents.md` from `schemas/documents/`, `docs/errors.md` from
`lsops/errors.py` and `lsops/advice.yaml`, `docs/commands.md` and `docs/exit-codes.md` from click. In every page, each
line of a console block that runs `lsops` is run again and its output is put below it, and what stands between
`<!-- kinds -->` and `<!-- /kinds -->` becomes the list of the kinds.
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
    return make() if make else replayed(_with_kinds(path.read_text("utf-8")), ROOT / "examples")


def _with_kinds(text: str) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(registry()))
    return re.sub(r"(<!-- kinds -->).*?(<!-- /kinds -->)", rf"\g<1>{names}\2", text, flags=re.DOTALL)


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
