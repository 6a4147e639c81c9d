"""Names of nothing, and the undeclared live resource that is called nearly so: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lsops.engine.bodies import needed
from lsops.errors import Finding
from lsops.identity import shown_key
from lsops.kinds import registry
from lsops.masking import mask_urls
from lsops.model.pairs import Group
from lsops.model.plan import Change
from lsops.model.resource import MASK, Resource
from lsops.schema import noun_of, secret_key
from lsops.secret_urls import is_secret_url
from lsops.spelling import Effort, nearest


def of_no_old_name(creates: Iterable[Change], unmatched: Sequence[Resource]) -> Iterator[Change]:
    """The creates that name an old name of which nothing is live, with a warning that says so."""
    found = [change for change in creates if change.after and change.after.lifecycle.renamed_from is not None]
    names, effort = _names(unmatched), Effort()
    for change in found:
        item = needed(change)
        old = item.lifecycle.renamed_from or ""
        near = _nearest(old, names, effort) if secret_key(item) is None else ""
        hint = f'; did you mean "{near}"?' if near else ""
        text = f'there is no live {noun_of(change.kind)} "{shown_key(item, old)}", so this is a create{hint}'
        yield replace(change, warnings=(f"renamed_from: {text}", *change.warnings))


def of_nothing_to_delete(group: Group, unmatched: Sequence[Resource]) -> Iterator[Finding]:
    """Warnings of entries that are to be absent under a name that is nearly that of an undeclared live resource."""
    found = [item for item, live, is_known in group.pairs if live is None and is_known and _is_named_absent(item)]
    names, effort = (_names(unmatched), Effort()) if found else ((), Effort())
    for item in found:
        if near := _nearest(item.key, names, effort):
            message = f'there is no live {noun_of(item.kind)} "{mask_urls(item.key)}" to delete'
            hint = f'did you mean "{near}"?'
            yield Finding("LS510", message, item.address, item.source, hint, "warning")


def _is_named_absent(item: Resource) -> bool:
    rules = item.lifecycle
    is_named = rules.absent and rules.id is None and secret_key(item) is None
    return is_named and registry()[item.kind].is_renamable


def _names(unmatched: Sequence[Resource]) -> Sequence[str]:
    """The keys of live resources, but of those that may be a secret: how it is shown is no name."""
    return [live.key for live in unmatched if MASK not in live.key and not is_secret_url(live.key)]


def _nearest(name: str, names: Sequence[str], effort: Effort) -> str:
    """The nearest name as it may be shown; empty where none is near."""
    return str(mask_urls(nearest(name, names, effort)))
