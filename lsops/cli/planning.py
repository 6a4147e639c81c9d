"""What `plan`, `apply` and `drift` share: an open session with the manifest's server, and what to plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lsops.cli.context import environment, manifest_of, now, open_session
from lsops.cli.options import Flags
from lsops.cli.output import Output
from lsops.errors import prefixed
from lsops.operations.plan import PlanRequest
from lsops.render.markup import cut

if TYPE_CHECKING:
    from lsops.manifest import Manifest
    from lsops.server.session import Session


MOST_NAMES = 10
"""Environments that are named."""
LONGEST_NAME = 60


@contextmanager
def opened(options: Flags) -> Iterator[tuple[Manifest, Session]]:
    """The manifest, and a session with its server that is open inside the block. Raises: LsopsError."""
    manifest = manifest_of(options)
    _name_environments(options, manifest)
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
        resend=options.resend_secrets,
        env=environment(),
        secrets_dir=options.secrets_dir,
        created=now(),
    )


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


def _name_environments(options: Flags, manifest: Manifest) -> None:
    """Say which environments there are where none was chosen: the base alone is seldom what runs somewhere."""
    names = list(manifest.document.get("environments") or ())
    if names and not options.environment:
        rest = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
        shown = ", ".join(cut(name, LONGEST_NAME) for name in names[:MOST_NAMES])
        options.output.note(f"no environment is chosen; the manifest has {shown}{rest} (-e NAME)")
