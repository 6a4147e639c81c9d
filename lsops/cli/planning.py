"""What `plan`, `apply` and `drift` share: an open session with the manifest's server, and what to plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lsops.cli.context import environment, manifest_of, name_environments, now, open_session
from lsops.cli.options import Flags
from lsops.cli.output import Output
from lsops.errors import prefixed
from lsops.operations.plan import PlanRequest

if TYPE_CHECKING:
    from lsops.manifest import Manifest
    from lsops.model.plan import Plan
    from lsops.server.session import Session


@contextmanager
def opened(options: Flags, manifest: Manifest | None = None) -> Iterator[tuple[Manifest, Session]]:
    """The manifest, which may be loaded already, and a session with its server that is open inside the block.

    Raises: LsopsError.
    """
    manifest = manifest or manifest_of(options)
    name_environments(options, manifest)
    with (
        prefixed(manifest.display_prefix),
        open_session(options, manifest) as session,
        _throttling_told(session, options.output),
    ):
        yield manifest, session


@contextmanager
def connected(options: Flags) -> Iterator[Session]:
    """A session with the server of the flags or the environment, without a manifest. Raises: LsopsError."""
    with open_session(options, None) as session, _throttling_told(session, options.output):
        yield session


def plan_request(options: Flags) -> PlanRequest:
    """What the flags that verbs share say of a plan."""
    return PlanRequest(
        targets=options.target,
        skip=options.skip,
        shard=options.shard,
        resend=options.resend_secrets,
        env=environment(),
        secrets_dir=options.secrets_dir,
        created=now(),
    )


def exit_code(plan: Plan, *, detailed: bool) -> int:
    """That of a plan which was shown: what is wrong with it before reads that failed, a denial before changes."""
    if plan.errors:
        return 3
    if plan.failures:
        return 1
    if detailed and plan.denials:
        return 5
    return 2 if detailed and plan.changes else 0


@contextmanager
def _throttling_told(session: Session, output: Output) -> Iterator[None]:
    """Say at the end what the server's limit of requests has cost."""
    try:
        yield
    finally:
        told = session.pacer.throttled
        if told.answers:
            times = "once" if told.answers == 1 else f"{told.answers} times"
            pace = f" and went on at {session.pacer.rate:.3g} requests a second" if session.pacer.rate else ""
            advice = "--rate N sets the pace from the start"
            output.note(
                f"the server answered 429, too many requests, {times}: lsops waited {told.seconds:g} s{pace}; {advice}"
            )
