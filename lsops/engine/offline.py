"""What the kinds know to be wrong with a manifest before any server is asked."""

from __future__ import annotations

from itertools import chain

from lsops.errors import Finding, ManifestError, sort_findings
from lsops.kinds import registry
from lsops.model import Desired
from lsops.tally import told


def advice(desired: Desired) -> tuple[Finding, ...]:
    """Warnings about declared values that are lawful and doubtful."""
    return tuple(chain.from_iterable(registry()[item.kind].advise(item) for item in desired.resources))


def check_offline(desired: Desired) -> None:
    """Raises: ManifestError, with everything that the declared resources contradict each other in."""
    found = sort_findings(chain.from_iterable(kind.offline(desired) for kind in registry().values()))
    if found:
        raise ManifestError(told(found))
