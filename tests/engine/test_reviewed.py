"""What `apply --plan` sends was reviewed: another value of any field of any kind, seen or not, makes the file stale.

Nothing here knows how the bodies are made: the requests of both manifests are recorded, and where they differ the
saved plan must be refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from lsops.engine.planfile import as_document, dumps, from_document
from lsops.engine.planning.differ import alteration, creation
from lsops.engine.reviewed import agreed
from lsops.engine.write import Writer
from lsops.errors import Finding, LsopsError, Refused, Rejected
from lsops.kinds import Kind, registry
from lsops.kinds.capabilities import Bulk
from lsops.manifest import Vault
from lsops.model.address import join
from lsops.model.live import Facts
from lsops.model.pairs import Group, Pair, Pairs
from lsops.model.plan import Change, Plan
from lsops.model.resource import UNSET, Lifecycle, Resource, Secret
from lsops.schema import Field, field_of, of_server
from lsops.server import waiting

ABOVE = "/projects/Cats"
NOW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
"""The time at which a switch is put on, which two requests need not share."""
FACTS = Facts("https://label.example.com", "enterprise", "2.37.0", "owner", organization=1)
NAMES = {"workspace": {"one": 3, "two": 4, "one ": 3}, "member": {"one": 8, "two": 9}}
KINDS = [
    (kind, variant) for kind in registry().values() if not isinstance(kind, Bulk) for variant in kind.schema.variants
]


# ---- values ------------------------------------------------------------------------------------


def value(one: Field, word: str) -> Any:
    """A value of a field's type; another word gives another value."""
    number = 1 if word == "one" else 2
    if one.secret:
        return Secret("env", word.upper())
    if one.confidential:
        return {"X-Team": word, "X-Token": Secret("env", word.upper())}
    if one.properties:
        return {name: value(leaf, word) for name, leaf in of_server(one.properties).items()}
    if choices := [item for item in one.raw.get("enum", ()) if item is not None]:
        return choices[min(number, len(choices)) - 1]
    if parts := one.raw.get("items", {}).get("properties"):
        return [{name: value(field_of(name, spec), word) for name, spec in parts.items()}]
    by_type = {"boolean": number == 1, "integer": number, "number": number, "array": [word, "three"]}
    return next(
        (by_type[name] for name in one.types if name in by_type), {"a": word} if "object" in one.types else word
    )


def other_values(one: Field) -> Iterator[Any]:
    """What may stand there instead: another value, none, null, and what the server takes for the same."""
    yield from (value(one, "two"), UNSET, None)
    now = value(one, "one")
    if isinstance(now, str):
        yield from (f"{now} ", f"https://u:{now}@example.com?q={now}")
    elif isinstance(now, list):
        yield now[::-1]
    elif isinstance(now, Mapping) and not one.secret:
        yield dict(list(now.items())[1:])
        yield {**now, next(iter(now)): "other"}


# ---- one change --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A declared resource with all its fields, and what the server has of it."""

    kind: Kind
    variant: str
    action: str
    ignore: tuple[str, ...] = ()

    @property
    def fields(self) -> Mapping[str, Field]:
        known = of_server(self.kind.schema.fields(self.variant))
        return {name: one for name, one in known.items() if name not in (self.kind.schema.key, self.discriminator)}

    @property
    def discriminator(self) -> str:
        return self.kind.schema.discriminator

    def change(self, **values: Any) -> Change | None:
        """What is planned where these fields have these values and all others the first one.

        Each update is a rename, so that there is one whatever the fields are.
        """
        if self.action == "replace" and not self.discriminator:
            values["ordering"] = []
        item = self._resource(**values)
        if self.action == "create":
            return creation(self.kind, item, ())
        held = {**self._held(), self.kind.schema.key: "Old"}
        if self.action == "replace" and self.discriminator:
            held[self.discriminator] = "other"
        return alteration(self.kind, item, replace(self._resource(), id=7, values=held, key="Old"))

    def _held(self) -> dict[str, Any]:
        """A server gives no secret back, and of some fields nothing at all."""
        return {name: value(one, "one") for name, one in self.fields.items() if not (one.secret or one.write_only)}

    def _resource(self, **values: Any) -> Resource:
        given = {name: value(one, "one") for name, one in self.fields.items()} | values
        own = {name: one for name, one in given.items() if one is not UNSET}
        typed = {self.discriminator: self.variant} if self.discriminator else {}
        key = "New" if self.kind.schema.key else ""
        named = {self.kind.schema.key: key} if key else {}
        below = self.kind.schema.parent_collection
        address = (ABOVE if below else "") + join(self.kind.schema.name, "New")
        rules = Lifecycle(ignore=self.ignore)
        return Resource(
            self.kind.name, address, key, {**typed, **named, **own}, ABOVE if below else "", lifecycle=rules,
            type=self.variant or None,
        )  # fmt: skip


def pairs_of(number: int, names: Mapping[str, Mapping[str, int]] = NAMES) -> Pairs:
    """A project of that id above all, and these names."""
    above = Resource("project", ABOVE, "Above", {})
    group = Group("/projects", "project", (Pair(above, replace(above, id=number)),))
    return Pairs(groups={"/projects": group}, names=names)


CONTEXT = pairs_of(5)


def plan(change: Change, context: Pairs = CONTEXT) -> Plan:
    return Plan(FACTS, (change,), pairs=context)


@dataclass
class Recorder:
    """Stands where a session does and notes what is sent. `stubborn` refuses an update that brings no secrets."""

    stubborn: bool
    sent: list[str] = field(default_factory=list)

    def get(self, path: str, params: Any = None, form: object = None) -> dict[str, Any]:
        return {"id": 7, "data": {}, "title": "Old"}

    def array(self, path: str, params: Any = None, form: object = None) -> list[dict[str, Any]]:
        return []

    pages = array

    def post(self, path: str, body: Any, form: object = None) -> dict[str, Any]:
        self.sent.append(f"POST {path} {json.dumps(body, sort_keys=True)}")
        return {**body, "id": 99}

    def patch(self, path: str, body: Any, form: object = None) -> dict[str, Any]:
        self.sent.append(f"PATCH {path} {json.dumps(body, sort_keys=True)}")
        if self.stubborn and len(self.sent) == 1:
            text = "credentials and authentication are needed"
            raise Rejected([Finding("LS705", text)], status=400)
        return {**body, "id": 7}

    def delete(self, path: str, params: Any = None, body: Any = None) -> None:
        self.sent.append(f"DELETE {path}")


class Names(Vault):
    """Reveals each secret as its name."""

    def reveal(self, secret: Secret) -> str:
        return secret.reference


def requests(change: Change, context: Pairs, *, stubborn: bool) -> list[str]:
    """What is sent; that the server of this test keeps nothing is of no matter."""
    session = Recorder(stubborn)
    with suppress(LsopsError):
        Writer(session, Names({}), plan(change, context)).carry_out(change)  # type: ignore[arg-type]  # it has what is needed
    return [NOW.sub("<now>", request) for request in session.sent]


def reread(saved: Change) -> Plan:
    """The plan as its file gives it back."""
    return from_document(json.loads(dumps(as_document(plan(saved)))))


def is_refused(saved: Plan, fresh: Change | None, context: Pairs = CONTEXT) -> bool:
    """Whether a plan of a file no longer fits another."""
    try:
        agreed(saved, Plan(FACTS, () if fresh is None else (fresh,), pairs=context))
    except Refused:
        return True
    return False


class Hurried:
    """A clock for waits: they pass at once."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of these tests never gets ready with anything."""
    monkeypatch.setattr(waiting, "time", Hurried())


# ---- the property ------------------------------------------------------------------------------


def cases() -> Iterator[Case]:
    for kind, variant in KINDS:
        yield Case(kind, variant, "create")
        yield Case(kind, variant, "update")
        if kind.schema.discriminator or "ordering" in kind.schema.fields(variant):
            yield Case(kind, variant, "replace")


def unreviewed(case: Case, names: Iterable[str]) -> Iterator[str]:
    """Those of the fields by which other requests go out than those of the plan that was saved, and the file still fits."""
    saved = case.change()
    if saved is None:
        return
    file = reread(saved)
    sent = {stubborn: requests(saved, CONTEXT, stubborn=stubborn) for stubborn in (False, True)}
    for name in names:
        for other in other_values(case.fields[name]):
            fresh = case.change(**{name: other})
            if is_refused(file, fresh):
                continue
            assert fresh is not None
            if any(sent[stubborn] != requests(fresh, CONTEXT, stubborn=stubborn) for stubborn in sent):
                yield f"{name}: {other!r}"


def ids(case: Case) -> str:
    return "-".join(filter(None, (case.action, case.kind.name, case.variant)))


every_case = pytest.mark.parametrize("case", tuple(cases()), ids=ids)


@every_case
def test_what_is_sent_was_reviewed(case: Case) -> None:
    assert list(unreviewed(case, case.fields)) == []


@every_case
def test_what_is_sent_of_ignored_fields_was_reviewed(case: Case) -> None:
    for name in case.fields:
        assert list(unreviewed(replace(case, ignore=(join(name),)), [name])) == []


@every_case
def test_an_unchanged_manifest_fits(case: Case) -> None:
    change = case.change()
    assert change is None or not is_refused(reread(change), case.change())


def test_the_requests_of_this_test_are_those_that_differ() -> None:
    """Else all of the above would be true of nothing."""
    case = Case(registry()["import_storage"], "azure_spi", "update")
    saved, fresh = case.change(), case.change(account_name="two")
    assert saved is not None
    assert fresh is not None
    assert requests(saved, CONTEXT, stubborn=False) != requests(fresh, CONTEXT, stubborn=False)
    assert saved.fields == fresh.fields
    assert is_refused(reread(saved), fresh)


@pytest.mark.parametrize("other", [pairs_of(6), pairs_of(5, {})], ids=["another id", "no names"])
def test_the_place_of_what_is_made_was_reviewed(other: Pairs) -> None:
    """The id of a project or of a workspace is not in the change: another pin must not send it elsewhere."""
    kind = "webhook" if other.id_of(ABOVE) != 5 else "project"
    saved = Case(registry()[kind], "", "create").change(**({"workspace": "one"} if kind == "project" else {}))
    assert saved is not None
    assert not is_refused(reread(saved), saved)
    assert is_refused(reread(saved), saved, other)
