"""What is told of a dump: the files, the variables to set, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsops.render.document import Document, Look, Verdict
from lsops.render.lines import plural
from lsops.render.parts import Listing

if TYPE_CHECKING:
    from lsops.dumping.values import Dump, SecretPlace


def of_dump(dump: Dump, folder: Path, look: Look) -> Document:
    """What was written to a folder."""
    words = f"Wrote {plural(len(dump.files), 'file')} to {folder}: {plural(dump.resources, 'resource')}."
    verdict = Verdict(words, is_bad=bool(dump.failures))
    return Document(
        "dump",
        verdict,
        "dump",
        look,
        listings=(
            Listing("secrets", "to set before lsops apply", tuple(variables_to_set(dump.secrets)), is_short=True),
            Listing("left_out", "left out", tuple(f"{one.address}: {one.reason}" for one in dump.left_out), True),
        ),
        failures=dump.failures,
        facts=dump.facts,
        settings=_settings(dump),
    )


def variables_to_set(secrets: Iterable[SecretPlace]) -> Iterator[str]:
    """Each variable once, with the places that it is for."""
    places: dict[str, list[str]] = {}
    for one in secrets:
        places.setdefault(one.name, []).append(f"{one.address}: {one.field}")
    for name, found in places.items():
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield f"{name} for {found[0]}{more}"


def _settings(dump: Dump) -> dict[str, Any]:
    return {
        "files": list(dump.files),
        "secrets": [{"name": one.name, "address": one.address, "field": one.field} for one in dump.secrets],
        "left_out": [{"address": one.address, "reason": one.reason} for one in dump.left_out],
    }
