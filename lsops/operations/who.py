"""Who changed what differs: drift with what the server's activity log says of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from lsops.engine.drift import Drift
from lsops.engine.tracing import traced
from lsops.errors import Forbidden, NotFound, ServerError
from lsops.kinds.activity_log import read_deeds
from lsops.operations.interaction import SILENT, Interaction
from lsops.server.session import Session

DAYS: Final = 30
"""How far back the log is read."""


def with_who(drift: Drift, session: Session, interaction: Interaction = SILENT) -> Drift:
    """The drift with who last changed each difference; as it is, with a note, where the log cannot be read."""
    if not any(change.before is not None for change in drift.differences):
        return drift
    if not drift.plan.facts.is_enterprise:
        interaction.note("--who: this server keeps no activity log; Label Studio Enterprise does")
        return drift
    try:
        return traced(drift, read_deeds(session, _since(drift.plan.facts.created)))
    except ServerError as error:
        interaction.note(f"--who: nothing is known of who changed what: {_reason(error)}")
        return drift


def _since(created: str) -> str:
    """The time from which on the log is read; empty where the time of the plan is not known."""
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(created.replace("Z", "+00:00")) - timedelta(days=DAYS)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return ""


def _reason(error: ServerError) -> str:
    if isinstance(error, Forbidden):
        return "the token may not read the activity log"
    if isinstance(error, NotFound):
        return f"the server has no activity log, or nothing in it of the last {DAYS} days"
    return error.findings[0].message
