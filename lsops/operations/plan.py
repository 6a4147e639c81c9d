"""Planning: a loaded manifest against an open session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lsops.engine.check import check_plan, check_remotely
from lsops.engine.confidential import telltales_of
from lsops.engine.contract import within_contract
from lsops.engine.planfile import save_plan
from lsops.engine.planning import Request, plan
from lsops.engine.planning.scope import Idle, Selection, refuse_idle, select
from lsops.engine.planning.sharding import Away, sharded
from lsops.engine.policies import judged
from lsops.engine.read import Extent, read
from lsops.errors import Finding, LsopsError, prefixed
from lsops.identity import Keys
from lsops.manifest import KnownKeys, Manifest, resolve_keys, resolve_secrets
from lsops.manifest.lock import Lock, locked, read_lock
from lsops.model.desired import Desired
from lsops.model.live import Facts
from lsops.model.plan import Plan
from lsops.model.shard import Shard
from lsops.operations.interaction import SILENT, Interaction, tell_unchecked
from lsops.schema import secret_key
from lsops.server.facts import read_facts
from lsops.server.session import Session

if TYPE_CHECKING:
    from lsops.operations.base import Base
    from lsops.operations.compared import Beside


@dataclass(frozen=True)
class PlanRequest:
    """What to plan, and how.

    `targets` and `resend` are globs of addresses, `skip` names collections, and `shard` is the part of the rest. `env`
    is where the `${env:NAME}` of a webhook's URL is looked up, `secrets_dir` where its file may lie by an absolute
    path; `keys_needed` refuses a plan for which one of them is not set. `whole` reads every row of the collections that
    the manifest manages, `check` asks the server about label configs, and `check_remote` has it run or fetch what the
    manifest gives it, and keep nothing. With a `base` each change says whether the
    manifest or the server differs from it, and of `only_changed` nothing is planned but where the manifest does. A plan
    that is whole and right is saved to `out`; `created` is the time it bears.
    """

    targets: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    shard: Shard | None = None
    resend: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets_dir: Path | None = None
    keys_needed: bool = False
    whole: bool = False
    check: bool = False
    check_remote: bool = False
    base: Base | None = None
    only_changed: bool = False
    out: Path | None = None
    created: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what the server says that it would refuse of it, which stands among its warnings, too."""

    plan: Plan
    refused: tuple[Finding, ...] = ()

    @property
    def prefix(self) -> str:
        """What stands before the names of the manifest's files as the user knows them."""
        return self.plan.facts.prefix


EVERYTHING = PlanRequest()


def plan_manifest(
    manifest: Manifest, session: Session, request: PlanRequest = EVERYTHING, interaction: Interaction = SILENT
) -> Planned:
    """What would change on the server. Failed reads are in `Plan.failures`.

    Raises:
        UsageError: a target or a collection to skip covers nothing.
        ServerError: the server cannot be reached, or does not accept the token.
        ManifestError: the manifest cannot be carried out on this server, or a secret that is needed has no value.
    """
    with prefixed(manifest.display_prefix):
        selection = _selection(manifest, session, request)
        refuse_idle(selection.desired, request.resend, "--resend-secrets")
        selection = sharded(selection, request.shard)
        by = _beside(manifest, selection, request)
        selection = by.selection if by is not None else selection
        _tell_parents(selection, request, interaction)
        keys = _keys(manifest, session, request, selection.desired if request.keys_needed else None)
        with interaction.reading(session):
            facts = _facts(manifest, session, request)
            lock = read_lock(manifest.root)
            desired = locked(selection.desired, lock.of(facts.url, facts.environment))
            extent = Extent(request.whole, by.desired.resources if by else (), request.only_changed)
            live = read(desired, session, facts, extent, keys=keys)
        gone = by.where.gone if by and by.where else None
        how = Request(request.resend, selection.globs, selection.parents, keys, gone)
        made = plan(desired, live, facts, how)
        made = _with_origins(made, by, how, session, request) if by else made
        made = made if request.whole or request.only_changed else within_contract(made, session)
        found = _asked(made, session, request, interaction)
        return _checked(_with_manifest(made, manifest, lock), manifest, found, request)


def _beside(manifest: Manifest, selection: Selection, request: PlanRequest) -> Beside | None:
    """The same of the base, where there is one."""
    if request.base is None:
        return None
    from lsops.operations.compared import set_beside

    return set_beside(request.base, manifest.desired, selection, only_changed=request.only_changed)


def _with_origins(made: Plan, by: Beside, how: Request, session: Session, request: PlanRequest) -> Plan:
    from lsops.operations.compared import with_origins

    return with_origins(made, by, how, lambda: _keys(by.base.manifest, session, request))


def _selection(manifest: Manifest, session: Session, request: PlanRequest) -> Selection:
    """What targets cover. Raises: UsageError, with what is live and may be meant by a target that covers nothing."""
    try:
        return select(manifest.desired, request.targets, request.skip)
    except Idle as idle:
        raise idle.among(_undeclared(manifest, session, request)) from idle


def _undeclared(manifest: Manifest, session: Session, request: PlanRequest) -> tuple[str, ...]:
    """The addresses of what is live and not declared, to help with a target; none where that cannot be told."""
    try:
        facts, keys = _facts(manifest, session, request), _keys(manifest, session, request)
        live = read(manifest.desired, session, facts, Extent(whole=True), keys=keys)
        return plan(manifest.desired, live, facts, Request(keys=keys)).unmanaged
    except LsopsError:
        return ()


def _tell_parents(selection: Selection, request: PlanRequest, interaction: Interaction) -> None:
    """Say what is planned though no target covers it."""
    for address in sorted(selection.parents - selection.desired.elsewhere):
        reason = "is named by what a target covers" if address in selection.named else "stands above a target"
        fate = "it is not compared" if request.whole else "it is created if it is missing, and not changed"
        interaction.note(f"{address} {reason}: {fate}")


def _keys(manifest: Manifest, session: Session, request: PlanRequest, needed: Desired | None = None) -> Keys:
    """The secrets that identify resources, which nothing of the session shows from now on.

    Raises: ManifestError, where one of `needed` has no value.
    """
    known = _known_keys(manifest, request, needed)
    session.redact(telltales_of(known.vault))
    return Keys(known.vault, known.unknown)


def _known_keys(manifest: Manifest, request: PlanRequest, needed: Desired | None) -> KnownKeys:
    """The secrets that identify resources, as far as they are set; those that targets leave out help, too.

    Raises: ManifestError with every secret that has no value, where a key of `needed` has none.
    """
    root, folder = manifest.root, request.secrets_dir
    keys = resolve_keys(manifest.desired.resources, env=request.env, root=root, secrets_dir=folder)
    if needed is not None and not keys.unknown.keys().isdisjoint(map(secret_key, needed.resources)):
        resolve_secrets(needed, env=request.env, root=root, secrets_dir=folder)
    return keys


def _facts(manifest: Manifest, session: Session, request: PlanRequest) -> Facts:
    """What the plan says of the server, the manifest and the time. Raises: ServerError."""
    return replace(
        read_facts(session),
        created=request.created,
        environment=manifest.environment,
        root=".",
        prefix=manifest.display_prefix,
        shard=request.shard,
    )


def _with_manifest(made: Plan, manifest: Manifest, lock: Lock) -> Plan:
    """The plan with what the manifest was warned of, and with what `apply` needs of it."""
    warnings = Away(made.pairs.desired.elsewhere).with_found(manifest.warnings, made.warnings)
    warnings += (lock.trouble,) if lock.trouble is not None else ()
    return replace(made, warnings=warnings, folder=manifest.root, policies=manifest.policies)


def _asked(made: Plan, session: Session, request: PlanRequest, interaction: Interaction) -> tuple[Finding, ...]:
    """What the server would refuse, as far as it is to be asked. Raises: ServerError."""
    found = check_plan(made, session) if request.check else ()
    if request.check_remote:
        wrong, untried = check_remotely(made, session)
        found += wrong
        tell_unchecked(interaction, untried)
    return found


def _checked(made: Plan, manifest: Manifest, found: tuple[Finding, ...], request: PlanRequest) -> Planned:
    """The plan with what the server and the policies say of it, saved where that is wanted and nothing is wrong.

    What is read whole is compared, and no policy is asked: drift is not of the manifest's making.
    """
    made = replace(made, warnings=(*made.warnings, *found))
    declared = made.pairs.desired if request.shard else manifest.desired
    made = made if request.whole else judged(made, declared)
    if request.out is not None and not (made.failures or found or made.errors):
        save_plan(made, request.out)
    return Planned(made, found)
