"""Which tasks are reviewed, by their agreement (Enterprise facts 7.7), from descriptions; nothing was measured.

One ordered document per project: each write sends all rules with all their keys, and deletes the others. A rule keeps
its id where it stays as it is, or where another takes its place, so that no more is made anew than must be. Dimensions
are named, and looked up directly before the write: one that the same run made, or the label config, is found then.
What becomes of tasks that were routed before is not known.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, LsopsError, NotFound
from lsops.kinds.capabilities import Describes, LeavesTraces, ValidatesAgainst
from lsops.kinds.in_projects import OneInEach, read_in_each
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.model.address import below
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Group, Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.references import names_in, scope_of
from lsops.schema import kinds
from lsops.server.forms import COUNT, ID, TEXT, Form, OrNull
from lsops.spelling import nearest

if TYPE_CHECKING:
    from lsops.server.session import Session

KEYS = ("dimension", "operator", "agreement_threshold", "sample_rate")
SHARES = ("agreement_threshold", "sample_rate")
ROUTES = "tasks are chosen for review by these rules from now on; what becomes of those chosen before is not known"
RULE = Form(needed={"id": ID}, known={"dimension": OrNull(ID), "operator": OrNull(TEXT), "order": OrNull(COUNT)})
DIMENSION = Form(needed={"id": ID, "name": TEXT})

Rules = Sequence[Mapping[str, Any]]


class ReviewRouting(OneInEach, ValidatesAgainst, Describes, LeavesTraces):
    """`GET /api/projects/{id}/review-routing-rules/` and, to replace them all, `POST …/bulk/`."""

    name = "review_routing"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        named = any(any(names_in(item)) for item in query.desired)

        def look(session: Session, where: Where) -> list[Row]:
            return [_row(session, where, named=named, known=reader.kept(_dimensions(where)))]

        return read_in_each(self, reader, query, look)

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """The rules without ids, with dimensions by name; what is null is left out."""
        return {"rules": [_rule(rule, row["dimensions"]) for rule in row["rules"]]}

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Each dimension that a rule names is in the project, or declared there; in a new project it shows later."""
        own = {(one.parent, one.key) for one in pairs.desired.others if "extraction_method" in one.values}
        for item, live, _ in pairs.of(self.name):
            yield from _missing(item, live.raw["dimensions"], pairs) if live is not None else _left_out(item, own)

    def describe(self, change: Change, facts: Facts) -> Change:
        return replace(change, effects=(*change.effects, ROUTES)) if change.action == "update" else change

    # ---- writing -----------------------------------------------------------------------------

    def get(self, session: Session, where: Where) -> Row:
        return _row(session, where)

    def item(self, where: Where) -> str:
        return f"/api/projects/{where.parent}/review-routing-rules/"

    def traces(self, where: Where) -> Mapping[str, bool]:
        return {f"{self.item(where)}bulk/": True}

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """Raises: LsopsError, where there is no dimension of a name; ServerError."""
        rules: Rules = body.get("rules") or ()
        now = _row(session, where, named=any(rule.get("dimension") for rule in rules))
        wanted = [_sent(rule, now["dimensions"]) for rule in rules]
        ids = _kept_ids(wanted, now["rules"])
        sent = [{**({"id": key} if key else {}), **rule} for key, rule in zip(ids, wanted, strict=True)]
        session.post(f"{self.item(where)}bulk/", {"rules": sent})
        return _row(session, where)


def _row(session: Session, where: Where, *, named: bool = False, known: Sequence[Row] | None = None) -> Row:
    """All rules as one object; with the ids of the project's dimensions by name, where a rule has one or is to have.

    `known` are the rows of the dimensions, if they were read before.
    """
    rules: list[dict[str, Any]] = []
    found: Sequence[Row] = ()
    with suppress(NotFound):  # a server before 2.34 has none
        rules = session.array(f"/api/projects/{where.parent}/review-routing-rules/", form=RULE)
    if named or any(rule.get("dimension") is not None for rule in rules):
        found = known if known is not None else session.array(_dimensions(where), form=DIMENSION)
    by_name = {one["name"]: one["id"] for one in found}
    return {"rules": sorted(rules, key=lambda rule: rule.get("order") or 0), "dimensions": by_name}


def _dimensions(where: Where) -> str:
    return f"/api/projects/{where.parent}/dimensions/"


def _rule(rule: Mapping[str, Any], dimensions: Mapping[str, int]) -> dict[str, Any]:
    called = {number: name for name, number in dimensions.items()}
    said = {name: rule[name] for name in KEYS if rule.get(name) is not None}
    if "dimension" in said:
        said["dimension"] = called.get(said["dimension"], f"(id {said['dimension']})")
    return {name: _share(value) if name in SHARES else value for name, value in said.items()}


def _share(value: Any) -> str:
    """A share as people write it: `0.75`, where the server says `0.7500`; what is none as it is."""
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:
        return str(value)


def _sent(rule: Mapping[str, Any], dimensions: Mapping[str, int]) -> dict[str, Any]:
    """A rule with all its keys, as the server wants them. Raises: LsopsError."""
    name = rule.get("dimension")
    if name is not None and name.strip() not in dimensions:
        raise LsopsError.of(f"the project has no dimension {name}", code="LS541", hint=_hint(name, dimensions))
    shares = {key: None if rule.get(key) is None else _share(rule[key]) for key in SHARES}
    return {"dimension": dimensions[name.strip()] if name else None, "operator": rule.get("operator"), **shares}


def _kept_ids(wanted: Rules, rows: Rules) -> list[int | None]:
    """For each rule the id of a live one: of one that says the same, else of the next that no other rule has."""
    free = {row["id"]: {**row, **{key: _share(row[key]) for key in SHARES if row.get(key) is not None}} for row in rows}
    found: list[int | None] = []
    for rule in wanted:
        same = next((key for key, row in free.items() if all(row.get(name) == rule[name] for name in KEYS)), None)
        found.append(same)
        free.pop(same, None) if same else None
    left: Iterator[int] = iter(free)
    return [key or next(left, None) for key in found]


def _left_out(item: Resource, own: Container[tuple[str, str]]) -> Iterator[Finding]:
    """What a rule of a new project names and the same plan does not make, of dimensions of one's `own`."""
    for kind, name in names_in(item):
        if (scope_of(item.address, kind), name) in own:
            message = f"a rule names the dimension {name}, whose entry is left out"
            yield Finding("LS541", message, item.address, item.place("rules"), "let the targets cover it")


def _missing(item: Resource, held: Iterable[str], pairs: Pairs) -> Iterator[Finding]:
    for kind, name in names_in(item):
        group = pairs.group(below(scope_of(item.address, kind), kinds()[kind].name))
        declared = {one.key: one for one, _, _ in group.pairs} if group is not None else {}
        renamed, known = _renamed(group), {*held, *declared}
        if name in declared and declared[name].lifecycle.absent:
            why, hint = "is to be deleted", "take it out of the rule"
        elif name in declared or (name in known and name not in renamed):
            continue
        elif name in renamed:
            why, hint = "is renamed by the same plan", f'write "{renamed[name]}"'
        else:
            why, hint = "the project has not", _hint(name, known)
        message = f"a rule names the dimension {name}, which {why}"
        yield Finding("LS541", message, item.address, item.place("rules"), hint)


def _renamed(group: Group | None) -> dict[str, str]:
    """The names that a plan takes away, each with the one that it gives instead."""
    pairs = group.pairs if group is not None else ()
    return {live.key: item.key for item, live, _ in pairs if live is not None and live.key != item.key}


def _hint(name: str, known: Iterable[str]) -> str:
    near = nearest(name, tuple(known))
    return f'did you mean "{near}"?' if near else "declare it under dimensions, or take it out of the rule"


KIND = ReviewRouting()
