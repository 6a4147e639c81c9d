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
from lsops.engine.globs import refuse_idle, select
from lsops.engine.keys import Keys
from lsops.engine.plan import plan
from lsops.engine.planfile import as_document
from lsops.engine.read import read
from lsops.errors import LsopsError
from lsops.model import Desired, Plan
from lsops.render.text import plan_lines

if TYPE_CHECKING:
    from lsops.manifest import Manifest
    from lsops.server import Session


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
    try:
        with connect(options, manifest) as session:
            yield make(options, manifest, session, whole=whole, keys_needed=keys_needed)
    except LsopsError as error:
        error.prefix = prefix  # type: ignore[attr-defined]  # the printing side adds it to file names
        raise


def make(
    options: Options, manifest: Manifest, session: Session, *, whole: bool = False, keys_needed: bool = False
) -> Planned:
    """The plan of a loaded manifest against an open session, which may read managed collections whole.

    Raises: LsopsError.
    """
    selection = select(manifest.desired, options.target, options.skip)
    desired = selection.desired
    refuse_idle(desired, options.resend_secrets, "--resend-secrets")
    for address in sorted(selection.parents):
        reason = "is named by what a target covers" if address in selection.named else "stands above a target"
        fate = "it is not compared" if whole else "it is created if it is missing, and not changed"
        note(f"{address} {reason}: {fate}")
    keys = secret_keys(options, manifest, desired, needed=keys_needed)
    session.redact(telltales_of(keys.vault))
    with reading(options, session):
        facts = facts_of(session, options)
        live = read(desired, session, facts, whole=whole)
    request = Request(
        options.resend_secrets,
        selection.globs,
        selection.parents,
        selection.left_out,
        Keys(keys.vault, keys.unknown),
    )
    made = plan(desired, live, facts, request)
    warnings = (*manifest.warnings, *(item for item in made.warnings if item not in manifest.warnings))
    made = replace(made, warnings=warnings)
    return Planned(manifest, desired, session, made, prefix_of(options.path), options.secrets_dir)


def show(made: Planned, options: Options, *, to_stderr: bool = False) -> None:
    """Print the plan in the wanted form; on stderr always as text, where JSON is the one document of stdout."""
    if to_stderr:
        echo_lines(plan_lines(made.plan, verbose=bool(options.verbose), prefix=made.prefix), error=True)
    else:
        show_plan(made.plan, options, made.prefix)


def show_plan(plan: Plan, options: Options, prefix: str = "") -> None:
    """Print a plan on stdout in the wanted form."""
    verbose = bool(options.verbose)
    if options.as_json:
        as_json(as_document(plan))
    elif options.format == MARKDOWN:
        from lsops.render.markdown import plan_markdown

        echo_lines(plan_markdown(plan, verbose=verbose, prefix=prefix))
    else:
        echo_lines(plan_lines(plan, verbose=verbose, prefix=prefix))
