"""Webhooks of projects (Community facts 4, Enterprise facts 7.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding
from lsops.kinds.capabilities import Amends, Overlooks, ValidatesAgainst
from lsops.kinds.in_projects import listed_at_once
from lsops.kinds.reader import Names, Query, Reader, Where
from lsops.kinds.webhooks.common import CallsUrl, kept_out_of_messages
from lsops.model.address import below, parent
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Identity, Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.view import Amendment, Phased, PlanView

if TYPE_CHECKING:
    from lsops.server.session import Session

BESIDE_BACKENDS = "beside_backends"
"""The phase of a webhook that an ML backend would bring along: it does not where there is one already."""
OF_A_BACKEND = "/webhook"
"""What the server adds to the URL of an ML backend for the webhook that it makes with it (Community facts 4)."""
REVIEWS = frozenset({"REVIEW_CREATED", "REVIEW_UPDATED", "REVIEWS_DELETED"})


class Webhook(CallsUrl, ValidatesAgainst, Overlooks, Amends):
    """Those of projects."""

    name = "webhook"
    because = "an ML backend brought it along, and brings it again"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        return kept_out_of_messages(listed_at_once(self, reader, query), reader)

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Events that only Enterprise knows (Enterprise facts 7.9)."""
        for item in () if facts.is_enterprise else pairs.desired.of(self.name):
            for action in sorted(REVIEWS & set(item.values.get("actions") or ())):
                message = f"{action} does not exist on Label Studio {facts.edition.title()}"
                yield Finding("LS108", message, item.address, item.place("actions"))

    def unmanaged(self, unmatched: Sequence[Resource], address: str, view: PlanView) -> Sequence[Resource]:
        """Without those that an ML backend brought along and that go with it."""
        backends = below(parent(address), "ml_backends")
        found = view.collection(backends)
        if found is None or found.error is not None:
            return [hook for hook in unmatched if not _may_be_brought(hook)]
        urls = set(_urls_after(backends, found, view))
        return [hook for hook in unmatched if hook.key not in urls]

    def amend(self, view: PlanView) -> Amendment:
        """One that an ML backend would bring along comes before the backend; one that it brought goes after it."""
        changes = tuple((self._phase(change), change) for change in view.of(self.name))
        leaving = tuple(view.leaving(self.name))
        takers = {project: _takers(project, view) for project in dict.fromkeys(map(_project_of, leaving))}
        return Amendment(changes, tuple(self._in_turn(change, takers[_project_of(change)]) for change in leaving))

    def _phase(self, change: Change) -> int:
        named = any(field.path == "/url" for field in change.fields)
        is_twin = named and change.after is not None and change.after.key.endswith(OF_A_BACKEND)
        return self.schema.phases[BESIDE_BACKENDS] if is_twin else self.schema.phase

    def _in_turn(self, change: Change, takers: Mapping[str, Sequence[str]]) -> Phased:
        """One that an ML backend brought along goes after the backend has gone or moved, and only then."""
        holders = takers.get(change.before.key, ()) if change.before is not None else ()
        if not holders:
            return self.schema.phase, change
        return self.schema.phases[BESIDE_BACKENDS], replace(change, requires=(*change.requires, *holders))

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        return {**values, "project": where.parent} if where.id is None else dict(values)

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        return session.array(self.path, {"project": where.parent}, form=self.form)


def of_backend(url: str) -> str:
    """The URL of the webhook that an ML backend of this URL brings along."""
    return url.strip().rstrip("/") + OF_A_BACKEND


def _project_of(change: Change) -> str:
    return parent(parent(change.address))


def _takers(project: str, view: PlanView) -> Mapping[str, Sequence[str]]:
    """The addresses of the changes that take ML backends of a project away from webhooks, by the URLs of these."""
    address = below(project, "ml_backends")
    backends, found = view.collection(address), dict[str, list[str]]()
    places: dict[Identity, list[str]] = {}
    for item in view.declared(address):
        if (one := view.live_of(item.address)) is not None:
            places.setdefault(one.identity, []).append(item.address)
    for live in backends.resources if backends is not None else ():
        change = _change_of((*places.get(live.identity, ()), live.address), view)
        if change is not None:
            found.setdefault(of_backend(str(live.values.get("url", ""))), []).append(change.address)
    return found


def _change_of(places: Iterable[str], view: PlanView) -> Change | None:
    """The delete of a live resource that may stand at these addresses, or the update of its URL; else None."""
    for place in places:
        change = view.deletes.get(place) or view.changes.get(place)
        if change is not None and (change.action == "delete" or any(field.path == "/url" for field in change.fields)):
            return change
    return None


def _may_be_brought(hook: Resource) -> bool:
    """Whether a webhook may be one of an ML backend, where these were not read: somebody may have changed it since."""
    return hook.key.endswith(OF_A_BACKEND)


def _urls_after(address: str, found: Collection, view: PlanView) -> Iterator[str]:
    """The URLs of the webhooks of all ML backends that a project has once the plan is carried out."""
    declared = tuple(view.declared(address))
    for item in declared:
        live = view.live_of(item.address)
        kept = live is not None and "/url" in item.lifecycle.ignore
        if not item.lifecycle.absent:
            yield of_backend(str((live if live is not None and kept else item).values.get("url", "")))
    for item in view.outside(address):
        if not item.lifecycle.absent:
            yield of_backend(str(item.values.get("url", "")))
    matched = {live.id for item in declared if (live := view.live_of(item.address)) is not None}
    for live in found.resources:
        if live.id not in matched and live.address not in view.deletes:
            yield of_backend(str(live.values.get("url", "")))


KIND = Webhook()
