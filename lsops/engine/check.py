"""Asking before anything is written: label configs by `plan --check`, storages by `apply --check-storages`.

What the server runs or fetches for it is tried by `plan --check-remote`, and by every `apply`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from lsops.difference import secrets_in
from lsops.errors import (
    Finding,
    Forbidden,
    LsopsError,
    Rejected,
    ServerError,
    placed,
)
from lsops.kinds import registry
from lsops.kinds.capabilities import ConnectionTest, Preflight, TriesRemotely
from lsops.kinds.credentials import unfit
from lsops.manifest import Vault
from lsops.model.address import split
from lsops.model.plan import Change, Plan
from lsops.model.resource import Secret
from lsops.server.retry import TRANSIENT
from lsops.server.session import Session

GENTLE = 4
"""Connections that are tested at a time: each makes the server call somebody else."""


def check_plan(plan: Plan, session: Session) -> tuple[Finding, ...]:
    """What the server would refuse, each finding at its manifest line.

    Raises:
        ServerError: it did not answer the question.
    """

    def ask(change: Change) -> tuple[Finding, ...]:
        kind = registry()[change.kind]
        return tuple(kind.preflight(session, change)) if isinstance(kind, Preflight) else ()

    return _joined(session.map(ask, plan.changes))


def check_remotely(plan: Plan, session: Session) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """What goes wrong where the server runs or fetches what a manifest gives it, and why some of it was not tried.

    Raises:
        ServerError: it did not answer the question.
    """
    there: list[tuple[TriesRemotely, Change, int]] = []
    missing: list[Change] = []
    for change in plan.changes:
        kind = registry()[change.kind]
        if change.after is not None and isinstance(kind, TriesRemotely) and kind.tries(change):
            parent = _parent(plan, change)
            if parent or not change.after.parent:
                there.append((kind, change, parent))
            else:
                missing.append(change)

    def attempt(one: tuple[TriesRemotely, Change, int]) -> tuple[Finding, ...]:
        kind, change, parent = one
        return tuple(kind.try_remotely(session, change, parent))

    untried = tuple(f"{change.address}: {_why_not(plan, change)}" for change in missing)
    return _joined(session.map(attempt, there, limit=GENTLE)), untried


def check_secrets(plan: Plan, vault: Vault) -> tuple[Finding, ...]:
    """Secrets that cannot be what their fields need; nothing of their content is in the findings."""
    return tuple(chain.from_iterable(_unfit(change, vault) for change in plan.changes))


def check_connections(plan: Plan, session: Session, vault: Vault) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """What the server says of the storages that would be written, and why others were not asked about.

    A storage of a project that the same plan creates cannot be checked, because the server wants the project's id;
    nor one whose secrets only the server has.

    Raises:
        ServerError: it did not answer the question.
    """
    candidates = [c for c in plan.changes if c.action != "delete" and c.after and _is_testable(c)]
    requests = {c.address: _request(c, vault, parent) for c in candidates if (parent := _parent(plan, c))}

    def test(change: Change) -> tuple[Finding, ...]:
        return _connection(change, session, requests.get(change.address))

    unchecked = tuple(f"{c.address}: {_why_not(plan, c)}" for c in candidates if requests.get(c.address) is None)
    return _joined(session.map(test, candidates, limit=GENTLE)), unchecked


def _is_testable(change: Change) -> bool:
    return isinstance(registry()[change.kind], ConnectionTest)


def _why_not(plan: Plan, change: Change) -> str:
    return "its secrets are not in the manifest" if _parent(plan, change) else "its project does not exist yet"


def _connection(change: Change, session: Session, request: tuple[str, dict[str, object]] | None) -> tuple[Finding, ...]:
    if request is None:
        return ()
    path, body = request
    try:
        session.post(path, body)
    except ServerError as error:
        if _is_verdict(error) or error.status == 500:  # a 500 is how it says that it got no connection
            return placed(error, change.address, change.source)
        raise
    return ()


def _request(change: Change, vault: Vault, parent: int) -> tuple[str, dict[str, object]] | None:
    values = change.after.values if change.after else {}
    revealed = {name: vault.reveal(value) for name, value in values.items() if isinstance(value, Secret)}
    kind = registry()[change.kind]
    return kind.validate_request(change, revealed=revealed, parent=parent) if isinstance(kind, ConnectionTest) else None


def _parent(plan: Plan, change: Change) -> int:
    return (plan.pairs.id_of(change.after.parent) or 0) if change.after else 0


def _unfit(change: Change, vault: Vault) -> Iterator[Finding]:
    if change.after is None or change.action == "delete":
        return
    schema = registry()[change.kind].schema.fields(change.after.type)
    for path, secret in secrets_in(change.after.values).items():
        names = split(path)
        if reason := unfit("/".join(names), vault.reveal(secret), schema.get(names[0])):
            yield Finding("LS106", reason, change.address, change.after.place(names[0]))


def _joined(answers: Iterable[tuple[Finding, ...] | LsopsError]) -> tuple[Finding, ...]:
    """What was found. Raises: ServerError, the first that says nothing of what was asked about."""
    return tuple(chain.from_iterable(map(_found, answers)))


def _found(answer: tuple[Finding, ...] | LsopsError) -> tuple[Finding, ...]:
    if not isinstance(answer, LsopsError):
        return answer
    if _is_verdict(answer):
        return answer.findings
    raise answer


def _is_verdict(error: LsopsError) -> bool:
    """Whether the server looked at what was sent and refuses it; else nothing is known, and there is no finding."""
    return isinstance(error, (Rejected, Forbidden)) and error.status not in TRANSIENT
