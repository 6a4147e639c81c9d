"""What is compared for agreement in a project (Enterprise facts 7.7), from descriptions; nothing was measured.

The server makes a dimension for each control tag of the label config. Of such a one its metric and whether it counts
are set, and it is never made or deleted here. Not known, and safe under either answer:

- Whether the server makes them with the project or later: one that is not there yet is not made in its place.
- What a PATCH does to keys that it leaves out: all that may be set goes with each.
- Whether results hang on one: where the project has tasks an own one is made inactive instead of being deleted.
- Which methods and metrics there are (facts 11.11): any is sent.

Deleting one deletes the review routing rules that name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, LsopsError, NotFound
from lsops.kinds.capabilities import Amends, Condenses, Describes, Prunes, Recognises, ValidatesAgainst
from lsops.kinds.contract import Kind
from lsops.kinds.in_projects import read_in_each
from lsops.kinds.quality.effects import OTHERWISE
from lsops.kinds.quality.generated import ADJUSTABLE, control_tags, is_generated, misdeclared
from lsops.kinds.reader import Query, Reader, Row, Where
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import Resource
from lsops.model.view import Amendment, PlanView
from lsops.schema import of_server
from lsops.server.forms import ID, SWITCH, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session

COMPUTES = {"/metric_type", "/metric_params", "/is_active", "/extraction_method", "/extraction_method_params"}
"""Fields that say how agreement is computed."""
WITH_RULES = "deletes the review routing rules that name it"
KEPT = "made inactive instead of being deleted: the project has tasks, and scores may hang on it"


class Dimension(Kind, Recognises, ValidatesAgainst, Describes, Prunes, Amends, Condenses):
    """`/api/projects/{id}/dimensions/`, one list per project, whose rows have all fields."""

    name = "dimension"
    form = Form(
        needed={"id": ID, "name": TEXT},
        known={"is_user_defined": SWITCH, "is_active": SWITCH, "control_tag": OrNull(TEXT)},
    )

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """The rows are kept for the rules that name dimensions."""

        def kept(session: Session, where: Where) -> list[dict[str, Any]]:
            rows = self.rows(session, where)
            reader.keep(self._list(where), rows)
            return rows

        return read_in_each(self, reader, query, kept)

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """What the label config decides is not a manifest's to say, and an own one says how it finds its values."""
        for item, live, _ in pairs.of(self.name):
            yield from misdeclared(item, live, pairs)

    def describe(self, change: Change, facts: Facts) -> Change:
        """With what it means for scores; in a new project there are none."""
        told: tuple[str, ...] = ()
        if change.action == "update" and any(field.path in COMPUTES for field in change.fields):
            told = OTHERWISE
        elif change.action == "delete":
            told = (WITH_RULES,)
        return replace(change, effects=(*change.effects, *told))

    def pruned(self, change: Change, facts: Facts) -> Change | None:
        """What the label config makes is left alone; nobody need be told of it."""
        return None if change.before is not None and is_generated(change.before.raw) else change

    def amend(self, view: PlanView) -> Amendment:
        """Inactive instead of deleted, unless the project has no task that could have a score."""
        phase = self.schema.phase
        made = [(phase, change) for change in view.of(self.name)]
        deletes = []
        for change in view.leaving(self.name):
            if _has_no_tasks(change, view):
                deletes.append((phase, change))
            elif change.before is not None and change.before.values.get("is_active") is not False:
                made.append((phase, _inactive(change)))
        return Amendment(tuple(made), tuple(deletes))

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Of one that the label config makes, what may be set."""
        kept = (*ADJUSTABLE, "name") if is_generated(live.raw) else tuple(live.values)
        return {name: live.values[name] for name in kept if name in live.values}

    # ---- writing -----------------------------------------------------------------------------

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        """None on a server before 2.31, which has no such list."""
        try:
            return session.array(self._list(where), form=self.form)
        except NotFound:
            return []

    def item(self, where: Where) -> str:
        return f"{self._list(where)}{where.id}/"

    def may_come_from(self, row: Row, body: Row) -> bool:
        return not is_generated(row)

    def create(self, session: Session, body: Row, where: Where) -> Row:
        """An own one; or the one that the label config of a new project made meanwhile, which is adjusted.

        Raises: LsopsError, where it is neither.
        """
        made = next(
            (row for row in self.rows(session, where) if row["name"] == body["name"] and is_generated(row)), None
        )
        if made is not None:
            own = sorted(name for name in body if name not in (*ADJUSTABLE, "name") and body[name] != made.get(name))
            if own:
                raise LsopsError.of(f"the label config makes it, and decides {', '.join(own)}", code="LS540")
            return self.update(
                session, {k: v for k, v in body.items() if k in ADJUSTABLE}, replace(where, id=made["id"])
            )
        if body["name"] in control_tags(session.get(f"/api/projects/{where.parent}/")):
            message = "the server has not made the dimension of this control tag yet, or calls it otherwise"
            raise LsopsError.of(message, code="LS541", hint="plan again; lsops dump shows what it is called")
        if "extraction_method" not in body:
            message = "neither is there a dimension of this name, nor does it say how an own one finds its values"
            raise LsopsError.of(message, code="LS541", hint="write extraction_method")
        return dict(session.post(self._list(where), body, form=self.form))

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """With all that may be set: what becomes of the rest is not known."""
        now = self.get(session, where)
        names = ADJUSTABLE if is_generated(now) else tuple(of_server(self.schema.fields()))
        held = {name: now[name] for name in names if now.get(name) is not None}
        return super().update(session, {**held, **body}, where)

    def delete(self, session: Session, where: Where) -> None:
        """Raises: LsopsError, where the project has got tasks since the plan was made; ServerError."""
        if session.get(f"/api/projects/{where.parent}/").get("task_number") != 0:
            raise LsopsError.of("not deleted: the project has tasks now", code="LS808", hint="plan again")
        super().delete(session, where)

    def _list(self, where: Where) -> str:
        return f"/api/projects/{where.parent}/dimensions/"


def _has_no_tasks(change: Change, view: PlanView) -> bool:
    """Whether the project is known to be empty: then no score hangs on any of its dimensions."""
    project = change.before.parent if change.before is not None else ""
    live = view.live_of(project)
    return live is not None and live.raw.get("task_number") == 0


def _inactive(change: Change) -> Change:
    """The update that stands for a delete; it takes as much away from agreement."""
    live = change.before
    wanted = replace(live, values={"is_active": False}, raw={}) if live is not None else None
    field = FieldChange("/is_active", live.values.get("is_active") if live else None, False, change.source)
    told = (KEPT, *OTHERWISE)
    return replace(
        change, action="update", fields=(field,), effects=told, destroys=None, counts_as_delete=True, after=wanted
    )


KIND = Dimension()
