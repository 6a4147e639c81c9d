"""Applying a plan: that all of it may be done is seen before the first write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event as Stop

from lsops.engine.apply import apply
from lsops.engine.check import check_connections, check_remotely, check_secrets
from lsops.engine.confidential import literals, telltales_of
from lsops.engine.consent import misnamed, objections, recount
from lsops.engine.invite import invite, unlisted
from lsops.engine.locking import pinned, write_lock
from lsops.engine.needs import Consent, data_loss
from lsops.engine.policies import judgement
from lsops.engine.words import called
from lsops.errors import Finding, LsopsError, ManifestError, Refused, ServerError, prefixed
from lsops.manifest import Vault, resolve_secrets
from lsops.manifest.lock import read_lock
from lsops.model.plan import DENIED, Change, Plan
from lsops.model.report import Report
from lsops.operations.interaction import SILENT, Interaction, Question, refuse_unasked, require_answer, tell_unchecked
from lsops.operations.sync import sync_after
from lsops.render.lines import plural
from lsops.render.review import of_report
from lsops.server.session import Session


@dataclass(frozen=True)
class ApplyRequest:
    """How to apply a plan.

    `consent` is what was allowed; None allows each delete and each loss that the plan says, and a change that lost
    nothing then and would now fails by itself. With `ask` somebody must confirm, and their word allows the deletes.
    `invite` mails the plan's pending people, `check_storages` lets the server test each storage first. `env` is where
    `${env:NAME}` is looked up, `folder` where `${file:PATH}` lies if not in the manifest's, and `secrets_dir` where it
    may lie by an absolute path.
    """

    consent: Consent | None = None
    ask: bool = False
    invite: bool = False
    check_storages: bool = False
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets_dir: Path | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan, and why people could not be mailed."""

    report: Report
    uninvited: LsopsError | None = None


def apply_plan(plan: Plan, session: Session, request: ApplyRequest, interaction: Interaction = SILENT) -> Applied:
    """Make the changes of a plan that `plan_manifest` made: what becomes of each is in the report.

    Raises:
        LsopsError: the plan has failed reads.
        Refused: something is not allowed, protected, denied by a policy, or not confirmed.
        ManifestError: a policy has no answer, a secret has no value or the wrong form, or a storage cannot be reached.
        ServerError: the server does not answer what is asked before.
    Whichever is raised, nothing was written.
    """
    with prefixed(plan.facts.prefix):
        found = judgement(plan, plan.pairs.desired)
        _refuse_unanswered(found)
        _refuse_unread(plan)
        if plan.not_compared:
            _secrets(plan, session, request)
        denied = tuple(one for one in found if one.code == DENIED)
        if not has_work(plan, request):
            _refuse_denied(denied)
            _keep_lock(Report(plan), interaction)
            return Applied(Report(plan))
        _refuse(plan, session, request, interaction, denied)
        vault = _secrets(plan, session, request)
        _refuse_untenable(plan, session, interaction)
        if request.check_storages:
            _refuse_unreachable(plan, session, vault, interaction)
        if request.ask:
            require_answer(interaction, _question(plan))
            _refuse(plan, session, request, interaction)  # the server may have changed while the question stood
        return _carried_out(plan, session, vault, request, interaction)


def has_work(plan: Plan, request: ApplyRequest) -> bool:
    """Whether anything is to be done: a change, or somebody to be mailed."""
    return bool(plan.changes) or _mails(plan, request)


def _consent(plan: Plan, request: ApplyRequest) -> Consent:
    """What was allowed; where nobody said, all that the plan says."""
    if request.consent is not None:
        return request.consent
    losing = frozenset(change.address for change in plan.changes if data_loss(change))
    return Consent(plan.consents, losing)


def _mails(plan: Plan, request: ApplyRequest) -> bool:
    return request.invite and bool(plan.invitations)


# ---- before the first write ----------------------------------------------------------------------


def _refuse_unread(plan: Plan) -> None:
    """Raises: LsopsError, where not everything could be read."""
    if not plan.failures:
        return
    hint = "mend it, or plan without them: --skip leaves a collection out, -t plans other addresses only"
    addresses = ", ".join(dict.fromkeys(item.address for item in plan.failures if item.address))
    summary = Finding("LS701", f"nothing was written: not everything could be read ({addresses})", hint=hint)
    raise LsopsError([*plan.failures, summary])


def _refuse_unanswered(found: Iterable[Finding]) -> None:
    """Raises: ManifestError, where a policy has no answer, which is no pass."""
    if errors := [one for one in found if one.is_error and one.code != DENIED]:
        raise ManifestError(errors)


def _refuse_denied(denied: Sequence[Finding]) -> None:
    """Raises: Refused, where a policy denies what the manifest says, even if nothing is left to do."""
    if denied:
        raise Refused(denied)


def _refuse(
    plan: Plan, session: Session, request: ApplyRequest, interaction: Interaction, denied: tuple[Finding, ...] = ()
) -> None:
    """Raises: Refused, unless everything in the plan is allowed; what policies deny nothing allows."""
    count = _as_planned if request.consent is None else recount(session)
    found = (*denied, *objections(plan, _consent(plan, request), count))
    if request.ask and interaction.answers:
        found = tuple(item for item in found if item.code != "LS803")  # the answer allows the deletes
    if found:
        raise Refused(found)
    if request.ask:
        refuse_unasked(interaction, "applied")


def _as_planned(change: Change) -> Change:
    """What a change loses as its plan says."""
    return change


def _secrets(plan: Plan, session: Session, request: ApplyRequest) -> Vault:
    """Every secret of what was planned; the session shows none of them from now on.

    Raises: ManifestError, naming all that have no value, or all that cannot be what their fields need.
    """
    desired, folder = plan.pairs.desired, request.folder or plan.folder
    vault = resolve_secrets(desired, env=request.env, root=folder, secrets_dir=request.secrets_dir)
    session.redact(vault.confidential() | literals(desired) | telltales_of(vault))
    unfit = check_secrets(plan, vault)
    if unfit:
        raise ManifestError(unfit)
    return vault


def _refuse_untenable(plan: Plan, session: Session, interaction: Interaction) -> None:
    """Raises: ManifestError, with what goes wrong where the server runs or fetches what the manifest gives it."""
    found, untried = check_remotely(plan, session)
    tell_unchecked(interaction, untried)
    if found:
        raise ManifestError(found)


def _refuse_unreachable(plan: Plan, session: Session, vault: Vault, interaction: Interaction) -> None:
    """Raises: ManifestError, with what the server says of storages that it cannot reach."""
    found, unchecked = check_connections(plan, session, vault)
    tell_unchecked(interaction, unchecked)
    if found:
        raise ManifestError(found)


def _question(plan: Plan) -> Question:
    """Where something is deleted, its number must be typed: nobody does so by habit."""
    count, counts = plan.consents, plan.summary
    wanted = str(count) if count else "yes"
    text = (
        f"Type {wanted} to delete or replace {count}"
        if count
        else f"Type yes to make {plural(sum(counts.values()) - counts['unchanged'], 'change')}"
    )
    return Question(text, wanted, tuple(f"{change.symbol} {called(change)}" for change in misnamed(plan)))


# ---- writing -------------------------------------------------------------------------------------


def _carried_out(
    plan: Plan, session: Session, vault: Vault, request: ApplyRequest, interaction: Interaction
) -> Applied:
    """Mail people where that is wanted, and make the changes."""
    with interaction.writing(len(plan.changes)) as stop:
        uninvited = _invited(plan, session, interaction, stop) if _mails(plan, request) else None
        agreed = _consent(plan, request).data_loss
        report = apply(plan, session, vault, listen=interaction.listen, stop=stop, agreed=agreed)
        report = replace(report, errands=sync_after(report, session, interaction, stop))
        _keep_lock(report, interaction)
        interaction.achieved(of_report(report).verdict.words)
    return Applied(report, uninvited)


def _keep_lock(report: Report, interaction: Interaction) -> None:
    """Write the ids of what was made into the lock, where there is one. A lock never fails an apply."""
    plan = report.plan
    if plan.facts.shard is not None:  # several at once would overwrite what the others wrote
        return
    lock = read_lock(plan.folder)
    if not lock.is_there or lock.trouble is not None:
        return
    known = lock.of(plan.facts.url, plan.facts.environment)
    now = lock.with_ids(plan.facts.url, plan.facts.environment, pinned(plan, known, report.outcomes))
    if now.text() != lock.text() and (trouble := write_lock(now)) is not None:
        interaction.warn([trouble])


def _invited(plan: Plan, session: Session, interaction: Interaction, stop: Stop) -> LsopsError | None:
    """Mail the people, and say so for each as soon as it is done; why not, if the server refuses."""
    mailed: list[str] = []

    def tell(email: str) -> None:
        mailed.append(email)
        interaction.achieved(f"invited {email}")
        interaction.note(f"invited {email}")

    try:
        invite(plan, session, tell=tell, stop=stop)
    except ServerError as error:
        interaction.warn(error.findings)
        return error
    if not stop.is_set():
        _tell_unlisted(plan, session, interaction, mailed)
    return None


def _tell_unlisted(plan: Plan, session: Session, interaction: Interaction, mailed: Sequence[str]) -> None:
    """Whether a server lists people before they accept is not known (Enterprise facts 11.13)."""
    with suppress(ServerError):
        if people := [email for email in unlisted(plan, session) if email in mailed]:
            told = f"the server does not list {', '.join(people)} until they accept: another --invite mails them again"
            interaction.note(told)
