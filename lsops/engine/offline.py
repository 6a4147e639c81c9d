"""What the kinds know to be wrong with a manifest before any server is asked. Pure."""

from __future__ import annotations

from itertools import chain

from lsops.errors import Finding, ManifestError, sort_findings
from lsops.model.desired import Desired
from lsops.schema import kinds
from lsops.tally import told


def doubtful_values(desired: Desired) -> tuple[Finding, ...]:
    """Warnings about declared values that are lawful and doubtful.

    Without a kind whose schema announces some, the kinds are not even imported.
    """
    if not any(kinds()[name].advises for name in desired.by_kind):
        return ()
    from lsops.engine.planning.judge import doubts

    return tuple(doubts(desired))


def check_offline(desired: Desired) -> None:
    """Raises: ManifestError, with everything that the declared resources contradict each other in.

    Most manifests have nothing that a kind's code could find wrong; for these the kinds are not even imported.
    """
    concerned = {name: kind.offline for name, kind in kinds().items() if kind.offline}
    if not any(
        item.lifecycle.renamed_labels
        or any(name in item.values or name in item.own for name in concerned.get(item.kind, ()))
        for item in desired.resources
    ):
        return
    from lsops.kinds import registry
    from lsops.kinds.capabilities import ValidatesOffline

    asked = (kind for kind in registry().values() if isinstance(kind, ValidatesOffline))
    found = sort_findings(chain.from_iterable(kind.validate_offline(desired) for kind in asked))
    if found:
        raise ManifestError(told(found))
