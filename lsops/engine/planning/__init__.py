"""`plan(desired, live, facts) -> Plan`: pure. Nothing is read or asked here; what a plan needs is passed in.

One line per pass. Each takes values and returns values, and the table of pairs is made once. The first pass, `scope`,
is made before the live side is read: what is left out is not read either.
"""

from __future__ import annotations

from lsops.collector import collector_off
from lsops.engine.planning.amend import amend
from lsops.engine.planning.differ import differ
from lsops.engine.planning.identify import identify
from lsops.engine.planning.judge import judge
from lsops.engine.planning.order import Found, order
from lsops.engine.planning.own import own
from lsops.engine.planning.scope import Request
from lsops.engine.planning.wait import wait
from lsops.model.desired import Desired
from lsops.model.live import Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Plan

__all__ = ["Request", "plan"]


def plan(desired: Desired, live: Live | Pairs, facts: Facts, request: Request | None = None) -> Plan:
    """The changes that make `live` as `desired` declares, parents first, deletes last and in reverse.

    Raises:
        ManifestError: the manifest cannot be carried out on this server; every reason is in it.
    """
    request = request or Request()
    with collector_off():
        pairs = identify(desired, live, request.keys)
        doubts = judge(pairs, facts)
        owned = own(pairs, facts, request)
        waiting = wait(pairs, owned, facts, request.keys)
        found = differ(waiting.todo, request)
        amended = amend(pairs, found, owned, facts, request)
        return order(pairs, facts, Found(doubts, owned, waiting, found, amended))
