"""Names of nothing, and the undeclared live resource that is called nearly so: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from lsops.engine.match import Matches
from lsops.errors import Finding
from lsops.kinds import registry
from lsops.manifest.messages import noun_of
from lsops.masking import mask_urls
from lsops.model import Change, Resource

MOST = 10_000
"""Names that are looked for times names that there are: beyond it nobody is helped, and it takes long."""


def of_no_old_name(creates: Iterable[Change], unmatched: Sequence[Resource]) -> Iterator[Change]:
    """The creates that name an old name of which nothing is live, with a warning that says so."""
    found = [change for change in creates if change.desired and change.desired.lifecycle.renamed_from is not None]
    names = _names(unmatched, len(found))
    for change in found:
        old = change.desired.lifecycle.renamed_from if change.desired else None
        near = _nearest(old or "", names)
        hint = f'; did you mean "{near}"?' if near else ""
        text = f'there is no live {noun_of(change.kind)} "{mask_urls(old)}", so this is a create{hint}'
        yield replace(change, warnings=(f"renamed_from: {text}", *change.warnings))


def of_nothing_to_delete(items: Iterable[Resource], matches: Matches) -> Iterator[Finding]:
    """Warnings of entries that are to be absent under a name that is nearly that of an undeclared live resource."""
    found = [item for item in items if _is_idle(item, matches)]
    names = _names(matches.unmatched, len(found))
    for item in found:
        if near := _nearest(item.key, names):
            message = f'there is no live {noun_of(item.kind)} "{mask_urls(item.key)}" to delete'
            hint = f'did you mean "{near}"?'
            yield Finding("LS510", message, item.address, item.source, hint, "warning")


def _is_idle(item: Resource, matches: Matches) -> bool:
    rules = item.lifecycle
    is_named = rules.absent and rules.id is None and registry()[item.kind].is_renamable
    return is_named and item.address in matches.found and matches.found[item.address] is None


def _names(unmatched: Sequence[Resource], wanted: int) -> Sequence[str]:
    return [live.key for live in unmatched] if wanted * len(unmatched) <= MOST else ()


def _nearest(name: str, names: Sequence[str]) -> str:
    """The nearest name as it may be shown; empty where none is near."""
    near = get_close_matches(name, names, 1)
    return str(mask_urls(near[0])) if near else ""
