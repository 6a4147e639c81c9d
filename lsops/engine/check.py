"""`plan --check`: asking the server about a plan before anything is written."""

from __future__ import annotations

from itertools import chain

from lsops.errors import Finding, LsopsError
from lsops.kinds import registry
from lsops.model import Change, Plan
from lsops.server import Session


def check_plan(plan: Plan, session: Session) -> tuple[Finding, ...]:
    """What the server would refuse, each finding at its manifest line."""

    def ask(change: Change) -> tuple[Finding, ...]:
        return tuple(registry()[change.kind].ask(session, change))

    answers = session.map(ask, plan.changes)
    return tuple(chain.from_iterable(a.findings if isinstance(a, LsopsError) else a for a in answers))
