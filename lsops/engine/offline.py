"""What the kinds know to be wrong with a manifest before any server is asked. Pure."""

from __future__ import annotations

from itertools import chain

from lsops.engine.planning.judge import doubts
from lsops.errors import Finding, ManifestError, sort_findings
from lsops.kinds import registry
from lsops.kinds.planning import ValidatesOffline
from lsops.model.desired import Desired
from lsops.tally import told


def advice(desired: Desired) -> tuple[Finding, ...]:
    """Warnings about declared values that are lawful and doubtful."""
    return tuple(doubts(desired))


def check_offline(desired: Desired) -> None:
    """Raises: ManifestError, with everything that the declared resources contradict each other in."""
    kinds = (kind for kind in registry().values() if isinstance(kind, ValidatesOffline))
    found = sort_findings(chain.from_iterable(kind.validate_offline(desired) for kind in kinds))
    if found:
        raise ManifestError(told(found))
