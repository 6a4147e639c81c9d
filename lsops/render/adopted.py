"""What is told of an adoption: what came into the manifest, where, which variables to set, and what was left out."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsops.globs import literal
from lsops.render.document import Document, Look, Verdict
from lsops.render.dumped import variables_to_set
from lsops.render.lines import plural
from lsops.render.parts import Listing
from lsops.render.safe import line, lines
from lsops.render.textdiff import diff_rows

if TYPE_CHECKING:
    from lsops.operations.adoption import AdoptedFile, Adoption


def of_adoption(adoption: Adoption, look: Look, *, dry_run: bool = False) -> Document:
    """What came into a manifest, or would: of a dry run the difference itself."""
    files = [f"{adoption.prefix}{one.name}{' (new)' if one.before is None else ''}" for one in adoption.files]
    return Document(
        "adopt",
        Verdict(_words(adoption, dry_run)),
        "adopt",
        look,
        listings=(
            Listing("adopted", "adopted", () if dry_run else adoption.adopted, is_short=True),
            Listing("files", "changed", () if dry_run else tuple(files), is_short=True),
            Listing("declared", "declared already", adoption.declared, is_short=True),
            Listing("secrets", "to set before lsops apply", tuple(variables_to_set(adoption.secrets)), is_short=True),
            Listing("left_out", "left out", tuple(f"{one.address}: {one.reason}" for one in adoption.left_out), True),
        ),
        facts=adoption.facts,
        settings=_settings(adoption, dry_run),
    )


def how_to_adopt(unmanaged: Sequence[str], path: Path) -> str:
    """The command that declares what is live and unmanaged, by one address of it; empty where nothing is."""
    if not unmanaged:
        return ""
    place = "" if path == Path() else f" -C {shlex.quote(str(path))}"
    address = shlex.quote(literal(unmanaged[0]))
    whole = address if address.startswith("'") else f"'{address}'"
    return (
        f"lsops adopt{place} {whole} declares it"
        if len(unmanaged) == 1
        else (f"lsops adopt{place} {whole} declares the first of them; a glob declares more")
    )


def _words(adoption: Adoption, dry_run: bool) -> str:
    if not adoption.files:
        return "Nothing to adopt."
    verb = "Would adopt" if dry_run else "Adopted"
    return f"{verb} {plural(adoption.resources, 'resource')} into {plural(len(adoption.files), 'file')}."


def _settings(adoption: Adoption, dry_run: bool) -> dict[str, Any]:
    diff = "\n".join(row for one in adoption.files for row in _diff(one, adoption.prefix)) if dry_run else ""
    return {
        "dry_run": dry_run,
        "files": [{"file": adoption.prefix + one.name, "new": one.before is None} for one in adoption.files],
        "adopted": list(adoption.adopted),
        "resources": adoption.resources,
        "declared": list(adoption.declared),
        "secrets": [{"name": one.name, "address": one.address, "field": one.field} for one in adoption.secrets],
        "left_out": [{"address": one.address, "reason": one.reason} for one in adoption.left_out],
        **({"diff": diff} if diff else {}),
    }


def _diff(one: AdoptedFile, prefix: str) -> Iterator[str]:
    name = line(prefix + one.name)
    yield f"--- {'/dev/null' if one.before is None else f'a/{name}'}"
    yield f"+++ b/{name}"
    if one.before is None:
        rows = lines(one.after.removesuffix("\n"))
        yield f"@@ -0,0 +1,{len(rows)} @@"
        yield from (f"+{row}" for row in rows)
    else:
        yield from diff_rows(one.before, one.after, full=True)[2:]
