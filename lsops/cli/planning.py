"""What `plan`, `apply` and `drift` share: manifest, facts, reading, the pure plan, and its rendering."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lsops.cli.context import connect, facts_of, load_manifest, prefix_of, secret_keys
from lsops.cli.options import MARKDOWN, Options
from lsops.cli.output import as_json, echo_lines, note
from lsops.cli.progress import reading
from lsops.engine.confidential import telltales_of
from lsops.engine.draft import Request
from lsops.engine.globs import Idle, refuse_idle, select
from lsops.engine.keys import Keys
from lsops.engine.needs import NOTHING, Consent
from lsops.engine.plan import plan
from lsops.engine.planfile import as_document
from lsops.engine.read import read
from lsops.errors import LsopsError
from lsops.model import Desired, Plan
from lsops.render.markup import cut
from lsops.render.text import plan_lines

if TYPE_CHECKING:
    from lsops.manifest import Manifest
    from lsops.server import Session


MOST_NAMES = 10
"""Environments that are named."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class Planned:
    """A plan, and what it was made of."""

    manifest: Manifest
    desired: Desired
    session: Session
    plan: Plan
    prefix: str
    secrets_dir: Path | None = None


@contextmanager
def planned(options: Options, *, whole: bool = False, keys_needed: bool = False) -> Iterator[Planned]:
    """Load, read and plan; the session is open inside the block. Raises: LsopsError.

    `keys_needed` refuses a plan without the secrets that identify resources.
    """
    prefix = prefix_of(options.path)
    manifest = load_manifest(options)
    _name_environments(options, manifest)
    try:
        with connect(options, manifest) as session, _throttling_told(session):
            yield make(options, manifest, session, whole=whole, keys_needed=keys_needed)
    except LsopsError as error:
        error.prefix = prefix  # type: ignore[attr-defined]  # the printing side adds it to file names
        raise


@contextmanager
def _throttling_told(session: Session) -> Iterator[None]:
    """Say at the end what the server's limit of requests has cost."""
    try:
        yield
    finally:
        told = session.pacer.throttled
        if told.answers:
            times = "once" if told.answers == 1 else f"{told.answers} times"
            pace = f" and went on at {session.pacer.rate:.3g} requests a second" if session.pacer.rate else ""
            advice = "--rate N sets the pace from the start"
            note(
                f"the server answered 429, too many requests, {times}: lsops waited {told.seconds:g} s{pace}; {advice}"
            )


def _name_environments(options: Options, manifest: Manifest) -> None:
    """Say which environments there are where none was chosen: the base alone is seldom what runs somewhere."""
    names = list(manifest.document.get("environments") or ())
    if names and not options.environment:
        rest = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
        shown = ", ".join(cut(name, LONGEST_NAME) for name in names[:MOST_NAMES])
        note(f"no environment is chosen; the manifest has {shown}{rest} (-e NAME)")


def make(
    options: Options, manifest: Manifest, session: Session, *, whole: bool = False, keys_needed: bool = False
) -> Planned:
    """The plan of a loaded manifest against an open session, which may read managed collections whole.

    Raises: LsopsError.
    """
    try:
        selection = select(manifest.desired, options.target, options.skip)
    except Idle as idle:
        raise idle.among(_undeclared(options, manifest, session)) from idle
    desired = selection.desired
    refuse_idle(desired, options.resend_secrets, "--resend-secrets")
    for address in sorted(selection.parents):
        reason = "is named by what a target covers" if address in selection.named else "stands above a target"
        fate = "it is not compared" if whole else "it is created if it is missing, and not changed"
        note(f"{address} {reason}: {fate}")
    keys = _keys(options, manifest, session, desired if keys_needed else None)
    with reading(options, session):
        facts = replace(facts_of(session, options), prefix=prefix_of(options.path))
        live = read(desired, session, facts, whole=whole)
    request = Request(options.resend_secrets, selection.globs, selection.parents, selection.left_out, keys)
    made = plan(desired, live, facts, request)
    warnings = (*manifest.warnings, *(item for item in made.warnings if item not in manifest.warnings))
    made = replace(made, warnings=warnings)
    return Planned(manifest, desired, session, made, prefix_of(options.path), options.secrets_dir)


def _undeclared(options: Options, manifest: Manifest, session: Session) -> tuple[str, ...]:
    """The addresses of what is live and not declared, to help with a target; none where that cannot be told."""
    try:
        facts, keys = facts_of(session, options), _keys(options, manifest, session)
        live = read(manifest.desired, session, facts, whole=True)
        return plan(manifest.desired, live, facts, Request(keys=keys)).unmanaged
    except LsopsError:
        return ()


def _keys(options: Options, manifest: Manifest, session: Session, needed: Desired | None = None) -> Keys:
    """The secrets that identify resources, which nothing of the session shows from now on.

    Raises: ManifestError, where one of `needed` has no value.
    """
    known = secret_keys(options, manifest, needed)
    session.redact(telltales_of(known.vault))
    return Keys(known.vault, known.unknown)


def show(made: Planned, options: Options, *, to_stderr: bool = False, given: Consent = NOTHING) -> None:
    """Print the plan in the wanted form; on stderr always as text, where JSON is the one document of stdout.

    `given` is what `apply` was allowed already.
    """
    if to_stderr:
        lines = plan_lines(made.plan, verbose=bool(options.verbose), prefix=made.prefix, given=given)
        echo_lines(lines, error=True)
    else:
        show_plan(made.plan, options, made.prefix, given)


def show_plan(plan: Plan, options: Options, prefix: str = "", given: Consent = NOTHING) -> None:
    """Print a plan on stdout in the wanted form."""
    verbose = bool(options.verbose)
    if options.as_json:
        as_json(as_document(plan))
    elif options.format == MARKDOWN:
        from lsops.render.markdown import plan_markdown

        echo_lines(plan_markdown(plan, verbose=verbose, prefix=prefix))
    else:
        echo_lines(plan_lines(plan, verbose=verbose, prefix=prefix, given=given))
