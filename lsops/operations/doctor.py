"""Diagnosing: is the server there, is the token good, and where does every setting come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsops.errors import LsopsError
from lsops.manifest import Manifest, Options
from lsops.manifest.load import NO_OPTIONS
from lsops.masking import mask_urls
from lsops.operations.load import load_manifest
from lsops.operations.servers import ServerRequest, resolve_server, resolve_token
from lsops.server import Choice, Session
from lsops.server.facts import read_caller, read_version
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
        yield from _server(session)


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


def _server(session: Session) -> Iterator[tuple[str, Any]]:
    edition, release = read_version(session)
    yield from (("edition", edition), ("release", release))
    facts = read_caller(session, edition, release)
    yield "user", facts.email
    if facts.role:
        yield "role", facts.role
    yield from (("reads at a time", session.concurrency), ("writes at a time", session.write_concurrency))
