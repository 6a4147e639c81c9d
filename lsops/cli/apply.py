"""`lsops apply`: plans, shows, asks, and makes the changes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lsops.cli.context import environment, warn_of_any_secret
from lsops.cli.options import MANIFEST, PATH, SERVER, SHARD, TARGET, Flags, common, consent, option, output
from lsops.cli.output import Output, is_terminal
from lsops.cli.planning import opened, plan_request
from lsops.cli.result_files import unwritable
from lsops.cli.signals import truthful
from lsops.cli.terminal import Terminal
from lsops.engine.needs import NOTHING, Consent
from lsops.errors import LsopsError
from lsops.operations.apply import Applied, ApplyRequest, apply_plan, has_work
from lsops.operations.plan import Planned, plan_manifest
from lsops.operations.saved import cut_to_saved
from lsops.render.document import Document
from lsops.render.review import of_plan, of_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsops.errors import Finding
    from lsops.model.report import Report


@click.command("apply")
@common(PATH, MANIFEST, SERVER, TARGET, SHARD, output("report"))
@option(
    "--plan", "plan_file", type=click.Path(path_type=Path), metavar="FILE", help="Make a saved plan's changes only."
)
@consent("--yes", is_flag=True, help="Do not ask.")
@consent("--allow-deletes", type=click.IntRange(0), default=0, metavar="N", help="Allow N deletes and replaces.")
@consent("--allow-data-loss", multiple=True, metavar="ADDRESS", help="Allow this one to lose tasks or annotations.")
@option(
    "--settle-timeout", type=click.FloatRange(0), default=60.0, metavar="S", help="Seconds to look for a lost create."
)
@option(
    "--write-concurrency", type=click.IntRange(1, 16), default=4, metavar="N", help="Writes at a time; 1 on Community."
)
@consent("--invite", "mail", is_flag=True, help="Mail pending people who have no open invitation.")
@option("--check-storages", is_flag=True, help="Let the server test every storage before the first write.")
@option("--audit", "audit_file", type=click.Path(path_type=Path), metavar="FILE", help="Append a JSON line per event.")
def command(  # noqa: PLR0913  # a parameter per flag
    options: Flags,
    *,
    plan_file: Path | None,
    yes: bool,
    allow_deletes: int,
    allow_data_loss: tuple[str, ...],
    mail: bool,
    check_storages: bool,
    audit_file: Path | None,
) -> int:
    """Plan, show the plan, ask, and make the changes.

    Exit codes: 0 done, 1 a read failed and nothing was written, 3 the manifest or the command line is wrong,
    4 something failed after the first write, 5 refused or denied by a policy, 130 interrupted.
    """
    warn_of_any_secret(options)
    request = ApplyRequest(
        consent=Consent(allow_deletes, frozenset(allow_data_loss)),
        ask=not (yes or plan_file),
        invite=mail,
        check_storages=check_storages,
        env=environment(),
        secrets_dir=options.secrets_dir,
    )
    terminal = Terminal(options.output, audit_file)
    with truthful(terminal.done), opened(options) as (manifest, session):
        made = plan_manifest(manifest, session, replace(plan_request(options), keys_needed=True), terminal)
        made = cut_to_saved(made, plan_file, terminal) if plan_file else made
        _note_idle(made, allow_data_loss, options.output)
        _show_first(made, options.output, request)
        applied = apply_plan(made.plan, session, request, terminal)
        return _finish(made, applied, options.output, request)


def _show_first(made: Planned, output: Output, request: ApplyRequest) -> None:
    """Show what is about to be done, on stderr where stdout is for something else; nothing where nothing is to do."""
    look = output.look(made.prefix)
    if made.plan.failures:
        output.beside(of_plan(made.plan, look))
    elif has_work(made.plan, request):
        asked_there = request.ask and not is_terminal(sys.stdout) and is_terminal(sys.stderr)
        tell = output.show if output.is_text and not asked_there else output.beside
        tell(of_plan(made.plan, look, given=request.consent or NOTHING))


def _note_idle(made: Planned, allowed: tuple[str, ...], output: Output) -> None:
    """Say which consent names nothing, before its lack is said."""
    known = {change.address for change in made.plan.changes}
    for address in allowed:
        if address not in known:
            output.note(f"--allow-data-loss {address} names no change of this plan; it takes one exact address")


def _finish(made: Planned, applied: Applied, output: Output, request: ApplyRequest) -> int:
    """Print what became of the plan; the exit code. Raises: Untold, where it cannot be printed."""
    look = output.look(made.prefix)
    document = of_report(applied.report, look)
    if not has_work(made.plan, request) and output.is_text:
        output.save(document)
        output.show(of_plan(made.plan, look))
        return 0
    code = _reported(applied.report, document, output)
    return 4 if applied.uninvited and code == 0 else code


def _reported(report: Report, document: Document, output: Output) -> int:
    """Print the report; the exit code of the apply. Raises: Untold, where it cannot be printed."""
    code = 130 if report.interrupted else 0 if report.complete else 4
    try:
        output.tell(document)
    except (LsopsError, BrokenPipeError) as problem:
        output.beside(document)
        why = problem if isinstance(problem, LsopsError) else unwritable(problem)
        raise Untold(why.findings, code or (4 if report.outcomes else 1)) from problem  # 1 says: nothing was written
    return code


class Untold(LsopsError):
    """The changes were made and stdout does not take the report."""

    def __init__(self, findings: Iterable[Finding], code: int) -> None:
        hint = "the changes were made all the same; what was done stands above"
        super().__init__(replace(one, hint=hint) for one in findings)
        self.exit_code = code
