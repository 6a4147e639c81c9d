"""Tabs of the Data Manager (Community facts 5, Enterprise facts 7.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding
from lsops.kinds.capabilities import (
    CarriesOver,
    Condenses,
    Describes,
    Omits,
    Prunes,
    StandsInOrder,
    ValidatesAgainst,
    Warns,
)
from lsops.kinds.contract import Kind
from lsops.kinds.in_projects import listed_at_once, standing_of_tab
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.views.columns import column_doubts, foreign_columns
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.schema import settable
from lsops.server.forms import ID, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session

DATA = "data"
TAB = Form(known={"title": OrNull(TEXT)})
TICKED = "selectedItems"
"""What somebody has ticked: a read shows it in `data`, and a PATCH with it would store it there."""
KEPT_APART = ("filters", "ordering")
"""What the server stores apart from `data`, and keeps where a PATCH leaves it out."""


class View(Kind, CarriesOver, ValidatesAgainst, Warns, Describes, Prunes, Omits, Condenses, StandsInOrder):
    """`/api/dm/views/`; found by `data.title`. What a manifest writes beside the title are keys of `data`, too."""

    name = "view"
    path = "/api/dm/views/"
    form = Form(needed={"id": ID, "project": OrNull(ID), DATA: OrNull(TAB)}, known={"user": OrNull(ID)})

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        return listed_at_once(self, reader, query)

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """The keys of `data` as fields. The server leaves an empty ordering out."""
        held = row.get(DATA)
        data: Mapping[str, Any] = held if isinstance(held, Mapping) else {}
        known = {name: data[name] for name in settable(self.schema.fields()) if name in data}
        return {"ordering": [], **known, DATA: data}

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Further conditions, which Community drops without a word."""
        for item in () if facts.is_enterprise else pairs.desired.of(self.name):
            conditions = (item.values.get("filters") or {}).get("items", ())
            if any(condition.get("child_filters") for condition in conditions):
                message = f'"child_filters" does not exist on Label Studio {facts.edition.title()}'
                yield Finding("LS108", message, item.address, item.place("filters"), "write child_filter, one of them")

    def warn(self, item: Resource) -> Iterable[Finding]:
        """What the server takes, and what keeps the tab from opening."""
        for name, text in column_doubts(item.values):
            yield Finding("LS112", f"{name}: {text}", item.address, item.place(name), severity="warning")

    def describe(self, change: Change, facts: Facts) -> Change:
        """Columns that the edition lacks. A replaced tab is another object, of another owner perhaps."""
        if change.after is not None and change.action != "delete" and not facts.is_enterprise:
            told = tuple(f"{name}: {text}" for name, text in foreign_columns(change.after.values))
            change = replace(change, warnings=(*change.warnings, *told))
        if change.action != "replace" or change.before is None:
            return change
        owner = change.before.raw.get("user")
        effect = f"the tab gets a new id, so links to it (?tab={change.before.id}) end, and it may move to the end"
        theirs = f"the tab was made by another user (id {owner}); the new one belongs to the token's owner"
        warnings = () if owner == facts.user_id else (theirs,)
        return replace(change, effects=(*change.effects, effect), warnings=(*change.warnings, *warnings))

    def pruned(self, change: Change, facts: Facts) -> Change | None:
        """Tabs of other people are left alone."""
        return None if change.before is None or self.omitted(change.before, facts) else change

    def omitted(self, live: Resource, facts: Facts) -> str:
        owner = live.raw.get("user")
        return "" if owner == facts.user_id and owner is not None else f"another user made this tab (id {owner})"

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """With nothing in `data` that has a field of its own, or that somebody has ticked just now."""
        known = {*settable(self.schema.fields()), TICKED}
        rest = {name: value for name, value in (live.values.get(DATA) or {}).items() if name not in known}
        return {**live.values, DATA: rest}

    def rank(self, live: Resource) -> tuple[int, ...]:
        return standing_of_tab(live)

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """Everything inside `data`; a place among the tabs can be given on create alone."""
        fields = {name: value for name, value in values.items() if name not in (DATA, "order")}
        body: dict[str, Any] = {DATA: _openable({**(values.get(DATA) or {}), **fields})}
        if where.id is None:
            body["project"] = where.parent
            body.update({name: values[name] for name in ("order",) if name in values})
        return body

    def create(self, session: Session, body: Row, where: Where) -> Row:
        return self._with_fields(super().create(session, body, where))

    def get(self, session: Session, where: Where) -> Row:
        return self._with_fields(super().get(session, where))

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """A PATCH replaces `data`, so that it is laid over what the server has now."""
        held = super().get(session, where).get(DATA) or {}
        kept = {name: value for name, value in held.items() if name not in (*KEPT_APART, TICKED)}
        return self._with_fields(super().update(session, {DATA: _openable({**kept, **body[DATA]})}, where))

    def carried_over(self, session: Session, where: Where) -> Mapping[str, Any]:
        """All that the old tab shows, and its place."""
        row = self.get(session, where)
        fields = {name: value for name, value in self.decode(row, {}).items() if name != self.schema.key}
        known = {*settable(self.schema.fields()), TICKED}
        fields[DATA] = {name: value for name, value in fields[DATA].items() if name not in known}
        return {**fields, **({"order": row["order"]} if isinstance(row.get("order"), int) else {})}

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        found = session.array(self.path, {"project": where.parent}, form=self.form)
        return [self._with_fields(row) for row in found]

    def _with_fields(self, row: Row) -> dict[str, Any]:
        """A row with the keys of its `data` beside it, where its key and objects that merge are looked for."""
        return {**self.decode(row, {}), **row}


def _openable(data: dict[str, Any]) -> dict[str, Any]:
    """A tab with one list of hidden columns and not the other cannot be opened: that answers 500."""
    hidden = data.get("hiddenColumns")
    if not isinstance(hidden, Mapping) or not hidden:
        return data
    return {**data, "hiddenColumns": {"explore": [], "labeling": [], **hidden}}


KIND = View()
