"""Diagnosing: is the server there, is the token good, and where does every setting come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsops.engine.planning.judge import newer_than
from lsops.errors import LsopsError
from lsops.manifest import Manifest, Options
from lsops.manifest.load import NO_OPTIONS
from lsops.masking import mask_urls
from lsops.model.live import Facts
from lsops.operations.load import load_manifest
from lsops.operations.servers import ServerRequest, resolve_server, resolve_token
from lsops.server.billing import read_contract
from lsops.server.choice import Choice
from lsops.server.facts import read_caller, read_version
from lsops.server.session import Session
from lsops.server.tokens import is_personal
from lsops.version import __version__

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")

Connect = Callable[[Manifest | None], Session]
"""How to open a session with the server that was chosen."""


@dataclass(frozen=True)
class DoctorRequest:
    """Where a manifest may be and how to load it, and what is said of the server beside it."""

    path: Path = Path()
    options: Options = NO_OPTIONS
    server: ServerRequest = field(default_factory=ServerRequest)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, in order, and the error at which looking ended, if one did."""

    found: Mapping[str, Any]
    error: LsopsError | None = None


def diagnose(request: DoctorRequest, connect: Connect) -> Diagnosis:
    """Look at settings, manifest, server and token, until something is not as it should be."""
    found: dict[str, Any] = {}
    try:
        for name, value in _look(request, connect):
            found[name] = value  # noqa: PERF403  # what was found before an error stays
    except LsopsError as error:
        return Diagnosis(found, error)
    return Diagnosis(found)


def _look(request: DoctorRequest, connect: Connect) -> Iterator[tuple[str, Any]]:
    """What is found, one thing after the other. Raises: LsopsError, at the first that is not as it should be."""
    yield "lsops", __version__
    yield from _overrides(request.server.env)
    manifest = load_manifest(request.path, request.options) if _has_manifest(request.path) else None
    yield "manifest", str(manifest.path) if manifest else "none"
    choice = resolve_server(request.server, manifest)
    yield "server", f"{_shown(choice)} (from {choice.source})"
    yield "token", _token(choice, request.server, manifest)
    with connect(manifest) as session:
        yield from _server(session, manifest)


def _overrides(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Settings from `LSOPS_…` variables; those that hold values of the user's are named, not shown."""
    for name in sorted(env):
        if name.startswith("LSOPS_"):
            hidden = name == "LSOPS_TOKEN" or name.startswith("LSOPS_VAR_")
            yield name, "set" if hidden else mask_urls(env[name])
    for name in sorted(env):
        if env[name] and (name.upper() in PROXIES or name in CERTIFICATES):
            yield name, "set"


def _has_manifest(path: Path) -> bool:
    return path.is_file() or (path / "lsops.yaml").is_file()


def _shown(choice: Choice) -> str:
    return choice.url.partition("?")[0] if choice.is_sandbox else choice.url


def _token(choice: Choice, request: ServerRequest, manifest: Manifest | None) -> str:
    if choice.is_sandbox:
        return "none needed"
    token = resolve_token(choice, request, manifest)
    return f"{'personal' if is_personal(token.value) else 'legacy'} (from {token.source})"


def _server(session: Session, manifest: Manifest | None) -> Iterator[tuple[str, Any]]:
    edition, release = read_version(session)
    yield from (("edition", edition), ("release", release))
    facts = read_caller(session, edition, release)
    yield "user", facts.email
    if facts.role:
        yield "role", facts.role
    yield from _allowed(session) if facts.is_enterprise else ()
    yield from _lacking(manifest, facts) if manifest is not None else ()
    yield from (("reads at a time", session.concurrency), ("writes at a time", session.write_concurrency))


def _allowed(session: Session) -> Iterator[tuple[str, str]]:
    """How much the contract has room for, as far as it is limited and the server says so."""
    contract = read_contract(session)
    if contract is None:
        return
    for name, room in contract.rooms.items():
        yield f"room for {name.replace('_', ' ')}", f"{room}{'; none is left' if room.count >= room.limit else ''}"
    if contract.is_expired or not contract.is_active:
        yield "contract", "the licence has expired" if contract.is_expired else "the organisation is not active"


def _lacking(manifest: Manifest, facts: Facts) -> Iterator[tuple[str, str]]:
    """What the manifest declares and a server of this edition and release has not, with the first release that has."""
    found: dict[str, list[str]] = {}
    for item in manifest.desired.resources:
        for path, why in newer_than(item, facts):
            what = ".".join(filter(None, (item.kind, item.type, path)))
            found.setdefault(f"{what}: {why}", []).append(item.address)
    for what, places in found.items():
        name, _, why = what.partition(": ")
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        yield f"lacks {name}", f"{why}; declared in {places[0]}{more}"
