"""`lsops apply`: plans, shows, asks, and makes the changes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lsops.cli.context import warn_of_any_secret
from lsops.cli.options import MANIFEST, OUTPUT, PATH, SERVER, TARGET, Options, common, consent, option
from lsops.cli.output import as_json, ask, echo_findings, echo_lines, is_terminal, note, unwritable
from lsops.cli.planning import Planned, planned, show
from lsops.cli.progress import applying, audit, together
from lsops.cli.signals import interruptible, truthful
from lsops.engine.consent import agreeing, misnamed, objections, recount
from lsops.engine.needs import Consent
from lsops.engine.words import called
from lsops.errors import Finding, LsopsError, ManifestError, Refused, ServerError
from lsops.render.documents import report_document
from lsops.render.lines import plural
from lsops.render.text import report_lines, summed_up

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Event

    from lsops.manifest import Vault
    from lsops.model import Report


@click.command("apply")
@common(PATH, MANIFEST, SERVER, TARGET, OUTPUT)
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
    "--write-concurrency", type=click.IntRange(1, 16), default=4, metavar="N", help="Writes at a time (4; Community 1)."
)
@consent("--invite", "mail", is_flag=True, help="Mail pending people who have no open invitation.")
@option("--check-storages", is_flag=True, help="Let the server test every storage before the first write.")
@option("--audit", "audit_file", type=click.Path(path_type=Path), metavar="FILE", help="Append a JSON line per event.")
def command(  # noqa: PLR0913  # a parameter per flag
    options: Options,
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
    4 something failed after the first write, 5 refused, 130 interrupted.
    """
    given = Consent(allow_deletes, frozenset(allow_data_loss))
    done: list[str] = []
    warn_of_any_secret(options)
    with truthful(done), planned(options, keys_needed=True) as made:
        made = _agreed(made, plan_file)
        made = replace(made, plan=agreeing(made.plan, given.data_loss))
        _note_idle(made, allow_data_loss)
        if made.plan.failures:
            show(made, options, to_stderr=True)
            raise LsopsError(_unread(made))
        people = made.plan.context.invitations if mail else {}
        if not made.plan.changes and not people:
            _nothing_to_do(made, options)
            return 0
        asked = not (yes or plan_file)
        vault = _allowed(made, options, given, asked=asked, check_storages=check_storages)
        uninvited, report = _carry_out(made, options, vault, done=done, audit_file=audit_file, mail=bool(people))
        code = _finish(made, report, options)
    return 4 if uninvited and code == 0 else code


def _allowed(made: Planned, options: Options, given: Consent, *, asked: bool, check_storages: bool) -> Vault:
    """Show the plan, and see that all of it may be done; the secrets that it needs.

    Raises:
        Refused: it may not.
        ManifestError: a secret has no value, or a storage cannot be reached.
    """
    beside = options.as_json or (asked and not is_terminal(sys.stdout) and is_terminal(sys.stderr))
    show(made, options, to_stderr=beside, given=given)
    _consented(made, given, asked=asked)
    vault = _secrets(made)
    if check_storages:
        _check_storages(made, vault)
    if asked:
        _ask(made)
        _consented(made, given, asked=asked)  # the server may have changed while the question stood
    return vault


def _agreed(made: Planned, plan_file: Path | None) -> Planned:
    """The plan cut down to what a saved one allows. Raises: Refused, UsageError."""
    if plan_file is None:
        return made
    from lsops.engine.planfile import agreed, load

    plan, others = agreed(load(plan_file), made.plan)
    for address in others:
        note(f"not in the saved plan, not made: {address}")
    return replace(made, plan=plan)


def _note_idle(made: Planned, allowed: tuple[str, ...]) -> None:
    """Say which consent names nothing, before its lack is said."""
    known = {change.address for change in made.plan.changes}
    for address in allowed:
        if address not in known:
            note(f"--allow-data-loss {address} names no change of this plan; it takes one exact address")


def _unread(made: Planned) -> list[Finding]:
    hint = "mend it, or plan without them: --skip leaves a collection out, -t plans other addresses only"
    addresses = ", ".join(dict.fromkeys(item.address for item in made.plan.failures if item.address))
    summary = Finding("LS701", f"nothing was written: not everything could be read ({addresses})", hint=hint)
    return [*made.plan.failures, summary]


def _nothing_to_do(made: Planned, options: Options) -> None:
    from lsops.model import Report

    if options.as_json:
        as_json(report_document(Report(made.plan)))
    else:
        show(made, options)


def _consented(made: Planned, given: Consent, *, asked: bool) -> None:
    """Raises: Refused, unless everything in the plan is allowed."""
    terminal = is_terminal(sys.stdin) and is_terminal(sys.stderr)
    typed = asked and terminal
    found = objections(made.plan, given, recount(made.session))
    if typed:
        found = tuple(item for item in found if item.code != "LS803")
    if found:
        raise Refused(found)
    if asked and not terminal:
        raise Refused.of("not applied: there is no terminal to ask on", code="LS802", hint="give --yes")


def _ask(made: Planned) -> None:
    """Raises: Refused, unless the operator types what is asked for."""
    count, counts = made.plan.consents, made.plan.summary
    wanted = str(count) if count else "yes"
    question = (
        f"Type {wanted} to delete or replace {count}"
        if count
        else f"Type yes to make {plural(sum(counts.values()) - counts['unchanged'], 'change')}"
    )
    for change in misnamed(made.plan):
        note(f"{change.symbol} {called(change)}")
    ask(question)
    answer = sys.stdin.readline()
    if answer.strip() != wanted:
        raise Refused.of("not confirmed, nothing was written", code="LS801", hint=f"to go on type {wanted}")


def _secrets(made: Planned) -> Vault:
    """Every secret of the manifest, read before the first write. Raises: ManifestError, naming all that are missing."""
    from lsops.cli.context import environment
    from lsops.engine.check import check_secrets
    from lsops.engine.confidential import literals
    from lsops.manifest import resolve_secrets

    vault = resolve_secrets(made.desired, env=environment(), root=made.manifest.root, secrets_dir=made.secrets_dir)
    made.session.redact(vault.confidential() | literals(made.desired))
    unfit = check_secrets(made.plan, vault)
    if unfit:
        raise ManifestError(unfit)
    return vault


def _check_storages(made: Planned, vault: Vault) -> None:
    """Raises: ManifestError, with what the server says of storages that it cannot reach."""
    from lsops.engine.check import check_connections

    found, unchecked = check_connections(made.plan, made.session, vault)
    for reason in unchecked:
        note(f"not checked: {reason}")
    if found:
        raise ManifestError(found)


def _carry_out(
    made: Planned, options: Options, vault: Vault, *, done: list[str], audit_file: Path | None, mail: bool
) -> tuple[LsopsError | None, Report]:
    """Mail people where that is wanted, and make the changes: why somebody could not be mailed, and the report.

    What was done by now is told to `done`.
    """
    from lsops.engine.apply import apply

    with (
        audit(audit_file) as file,
        applying(options, len(made.plan.changes)) as listener,
        interruptible() as stop,
    ):
        uninvited = _invite(made, stop, done) if mail else None
        report = apply(made.plan, made.session, vault, listen=together(listener, file), stop=stop)
        done.append(summed_up(report).text)
    return uninvited, report


def _invite(made: Planned, stop: Event, done: list[str]) -> LsopsError | None:
    """Mail the people, and say so for each as soon as it is done; why not, if the server refuses."""
    from lsops.engine.invite import invite

    def tell(email: str) -> None:
        done.append(f"invited {email}")
        note(f"invited {email}")

    try:
        invite(made.plan, made.session, tell=tell, stop=stop)
    except ServerError as error:
        echo_findings(error.findings)
        return error
    return None


def _finish(made: Planned, report: Report, options: Options) -> int:
    """Print the report; the exit code of the apply. Raises: Untold, where it cannot be printed."""
    code = 130 if report.interrupted else 0 if report.complete else 4
    try:
        if options.as_json:
            as_json(report_document(report))
        else:
            echo_lines(report_lines(report, made.prefix))
    except (LsopsError, BrokenPipeError) as problem:
        echo_lines(report_lines(report, made.prefix), error=True)
        why = problem if isinstance(problem, LsopsError) else unwritable(problem)
        raise Untold(why.findings, code or (4 if report.outcomes else 1)) from problem  # 1 says: nothing was written
    return code


class Untold(LsopsError):
    """The changes were made and stdout does not take the report."""

    def __init__(self, findings: Iterable[Finding], code: int) -> None:
        hint = "the changes were made all the same; what was done stands above"
        super().__init__(replace(one, hint=hint) for one in findings)
        self.exit_code = code
