"""Agreement computed by code of one's own (Enterprise facts 7.6 and 12), from the API's descriptions; nothing measured.

The endpoint that serves every cloud provider is preferred; a server that lacks it has the one for AWS. What a GET says
where nothing is deployed is not known (facts 11.12): no code, no answer and 404 all mean that there is none. A POST is
carried out later: its status is asked for until it runs. Code whose deployment failed counts as not there, so that the
next apply sends it again. There is no DELETE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, LsopsError, NotFound, Rejected
from lsops.kinds.capabilities import Describes, LeavesTraces, TriesRemotely
from lsops.kinds.in_projects import OneInEach, read_in_each
from lsops.kinds.quality.effects import OTHERWISE
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.model.live import Collection, Facts
from lsops.model.plan import Change
from lsops.server.waiting import looks

if TYPE_CHECKING:
    from lsops.server.session import Session

ENDPOINTS = ("custom-function", "aws-custom-function")
ABSENT = ("NotDeployed", "NotFound")
FAILED = ("Failed", "Error")
PENDING = "Pending"
PATIENCE = 300.0
"""Seconds to wait until it runs."""
FAILED_BEFORE = "the code that the server has was not deployed: its status is {}"
DEPLOYED = "the server deploys the code as a cloud function, and runs it on annotations"


class CustomMetric(OneInEach, TriesRemotely, Describes, LeavesTraces):
    """`GET` and `POST /api/projects/{id}/custom-function`, and `POST …/check-function`, which keeps nothing."""

    name = "custom_metric"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        return read_in_each(self, reader, query, _deployed)

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        return {"code": row["code"]} if row.get("code") and row.get("status") not in FAILED else {}

    # ---- planning ----------------------------------------------------------------------------

    def describe(self, change: Change, facts: Facts) -> Change:
        held = change.before.raw.get("status") if change.before is not None else None
        warnings = (FAILED_BEFORE.format(held),) if held in FAILED else ()
        effects = (DEPLOYED, *(OTHERWISE if change.action == "update" else ()))
        return replace(change, effects=(*change.effects, *effects), warnings=(*change.warnings, *warnings))

    # ---- trying ------------------------------------------------------------------------------

    def tries(self, change: Change) -> bool:
        return any(field.path == "/code" for field in change.fields)

    def try_remotely(self, session: Session, change: Change, parent: int) -> Iterable[Finding]:
        """What the server's own check says of the code; a server without it says nothing."""
        item = change.after
        if item is None:
            return
        try:
            session.post(f"/api/projects/{parent}/check-function", {"code": item.values["code"]})
        except Rejected as refusal:
            message = f"the server's check refuses the code: {refusal}"
            yield Finding("LS542", message, change.address, item.place("code"))
        except NotFound:
            return

    # ---- writing -----------------------------------------------------------------------------

    def get(self, session: Session, where: Where) -> Row:
        return next(iter(_deployed(session, where)), {})

    def item(self, where: Where) -> str:
        return _path(ENDPOINTS[0], where)

    def traces(self, where: Where) -> Mapping[str, bool]:
        return {_path(name, where): True for name in ENDPOINTS}

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """The row once it runs. Raises: LsopsError, where it does not; ServerError."""
        try:
            session.post(_path(ENDPOINTS[0], where), body)
        except NotFound:
            session.post(_path(ENDPOINTS[1], where), body)
        row: Row = {}
        for _ in looks(PATIENCE):
            row = self.get(session, where)
            if row.get("status") in FAILED:
                hint = f"its logs: GET /api/projects/{where.parent}/custom-function-logs"
                raise LsopsError.of(
                    f"the code was not deployed: its status is {row['status']}", code="LS543", hint=hint
                )
            if row and row.get("status") != PENDING:
                return row
        message = f"after {PATIENCE:.0f} s the code does not run yet: its status is {row.get('status') or 'not known'}"
        raise LsopsError.of(
            message, code="LS544", hint="the server goes on; lsops plan says when it has what is declared"
        )


def _deployed(session: Session, where: Where) -> list[Row]:
    """The function of a project, or none."""
    for name in ENDPOINTS:
        try:
            row = session.get(_path(name, where))
        except NotFound:
            continue
        is_there = isinstance(row, Mapping) and row.get("code") and row.get("status") not in ABSENT
        return [row] if is_there else []
    return []


def _path(name: str, where: Where) -> str:
    return f"/api/projects/{where.parent}/{name}"


KIND = CustomMetric()
