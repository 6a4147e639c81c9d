"""Webhooks of projects (Community facts 4, Enterprise facts 7.9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding
from lsops.kinds.capabilities import Amends, Describes, Overlooks, Recognises, ValidatesAgainst, Warns
from lsops.kinds.contract import Kind
from lsops.kinds.in_projects import listed_at_once
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.model.address import below, parent
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.view import Amendment, Phased, PlanView
from lsops.secret_urls import is_secret_url, telltales
from lsops.server.forms import ID, MAP, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session

BESIDE_BACKENDS = "beside_backends"
"""The phase of a webhook that an ML backend would bring along: it does not where there is one already."""
OF_A_BACKEND = "/webhook"
"""What the server adds to the URL of an ML backend for the webhook that it makes with it (Community facts 4)."""
LIKE_A_REFERENCE = re.compile(r"\$\{|\{\{|\$\(|(^|\s)\$[A-Za-z_]|^(env|file|var):", re.IGNORECASE)
"""What other tools would replace, or a reference with something missing."""
MOST_FAILURES = 50
"""Calls that fail in a row, after which the server switches a webhook off (Enterprise facts 12)."""
REVIEWS = frozenset({"REVIEW_CREATED", "REVIEW_UPDATED", "REVIEWS_DELETED"})


class Webhook(Kind, Recognises, ValidatesAgainst, Warns, Describes, Overlooks, Amends):
    """`/api/webhooks/`; found by URL. A PATCH without `actions` would empty them: the schema has them always sent."""

    name = "webhook"
    path = "/api/webhooks/"
    form = Form(needed={"id": ID, "url": TEXT, "project": OrNull(ID)}, known={"headers": OrNull(MAP)})
    because = "an ML backend brought it along, and brings it again"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """Those whose URL is a secret are kept out of messages, whoever made them."""
        found = listed_at_once(self, reader, query)
        urls = [one.key for collection in found.values() for one in collection.resources if is_secret_url(one.key)]
        if urls:
            reader.session.redact(chain.from_iterable(map(telltales, urls)))
        return found

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Events that only Enterprise knows (Enterprise facts 7.9)."""
        for item in () if facts.is_enterprise else pairs.desired.of(self.name):
            for action in sorted(REVIEWS & set(item.values.get("actions") or ())):
                message = f"{action} does not exist on Label Studio {facts.edition.title()}"
                yield Finding("LS108", message, item.address, item.place("actions"))

    def describe(self, change: Change, facts: Facts) -> Change:
        """With who switched it off; a warning where the declared actions decide nothing, or nothing calls the URL."""
        change = replace(change, happened=tuple(_switched_off(change)))
        if change.after is None or change.action == "delete":
            return change
        values = {**(change.before.values if change.before else {}), **change.after.values}
        chooses, actions = values.get("send_for_all_actions", True) is False, values.get("actions")
        if actions and not chooses and "actions" in change.after.values:
            warning = "actions decides nothing while send_for_all_actions is true: every event calls this URL"
        elif chooses and not actions:
            warning = "nothing calls this URL: send_for_all_actions is false and there are no actions"
        else:
            return change
        return replace(change, warnings=(*change.warnings, warning))

    def warn(self, item: Resource) -> Iterable[Finding]:
        """Headers that look like a reference and are sent as they are: nobody would see it in a plan."""
        headers = item.values.get("headers") or {}
        for name, value in headers.items():
            if isinstance(value, str) and LIKE_A_REFERENCE.search(value):
                message = f"headers: the value of {name} looks like a reference and is sent as it is written"
                hint = f"write {name}: ${{env:NAME}}"
                yield Finding("LS112", message, item.address, item.place("headers"), hint, "warning")

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
        return Amendment(changes, tuple(self._in_turn(change, view) for change in view.leaving(self.name)))

    def _phase(self, change: Change) -> int:
        named = any(field.path == "/url" for field in change.fields)
        is_twin = named and change.after is not None and change.after.key.endswith(OF_A_BACKEND)
        return self.schema.phases[BESIDE_BACKENDS] if is_twin else self.schema.phase

    def _in_turn(self, change: Change, view: PlanView) -> Phased:
        """One that an ML backend brought along goes after the backend has gone or moved, and only then."""
        holders = tuple(_holders(change, view))
        if not holders:
            return self.schema.phase, change
        return self.schema.phases[BESIDE_BACKENDS], replace(change, requires=(*change.requires, *holders))

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        return {**values, "project": where.parent} if where.id is None else dict(values)

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        return session.array(self.path, {"project": where.parent}, form=self.form)

    def may_come_from(self, row: Row, body: Row) -> bool:
        return row.get("project") == body.get("project")


def _switched_off(change: Change) -> Iterator[str]:
    """Who did it, as far as the server's count of failed calls tells (Enterprise facts 12)."""
    failures = change.before.raw.get("consecutive_failures") if change.before is not None else None
    is_off = any(one.path == "/is_active" and one.before is False for one in change.fields)
    if not is_off or not isinstance(failures, int):
        return
    if failures >= MOST_FAILURES:
        yield f"the server switched it off after {failures} failed calls in a row: see that the URL answers first"
    else:
        told = f"the server does so after {MOST_FAILURES} failed calls in a row, and counts {failures}"
        yield f"somebody switched it off: {told}"


def of_backend(url: str) -> str:
    """The URL of the webhook that an ML backend of this URL brings along."""
    return url.strip().rstrip("/") + OF_A_BACKEND


def _holders(change: Change, view: PlanView) -> Iterator[str]:
    """The addresses of the changes that take ML backends away from the webhook that a change deletes."""
    project = parent(parent(change.address))
    backends = view.collection(below(project, "ml_backends"))
    hook = change.before
    for live in backends.resources if backends is not None and hook is not None else ():
        if hook is not None and of_backend(str(live.values.get("url", ""))) == hook.key:
            found = _change_of(live, below(project, "ml_backends"), view)
            yield from () if found is None else (found.address,)


def _change_of(live: Resource, address: str, view: PlanView) -> Change | None:
    """The delete of a live resource, or the update of its URL; None where it stays as it is."""
    places = [item.address for item in view.declared(address) if _is_same(view.live_of(item.address), live)]
    for place in (*places, live.address):
        change = view.deletes.get(place) or view.changes.get(place)
        if change is not None and (change.action == "delete" or any(field.path == "/url" for field in change.fields)):
            return change
    return None


def _is_same(one: Resource | None, other: Resource) -> bool:
    return one is not None and one.identity == other.identity


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
