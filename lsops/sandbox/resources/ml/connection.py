"""Whether an ML backend answers, as far as that can be told without asking it: the sandbox calls nobody.

Facts: community-api 6, and the words of the server where they were read. A backend whose host, or the first part of
whose path, begins with

    missing-    cannot be reached
    unknown-    has a name that does not resolve
    denied-     wants a user and a password; a password that begins with `denied-` is a wrong one
    broken-     is healthy, and fails when it is set up
    ghost-      may not be called by webhooks: a create is refused with 403, and leaves its backend

does so; nothing listens on port 1 of this machine; and every other one answers, with `HOST-1` as its newest model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from lsops.sandbox.envelope import Crash, Forbidden, Invalid
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.hosts import named, resolve
from lsops.sandbox.store import Document

CONNECTED, DISCONNECTED, ERROR, TRAINING = "CO", "DI", "ER", "TR"
_NOT_ALLOWED = (
    "The provided URL was not allowed. URLs must use http:// or https://, and must not resolve to local or private "
    "network addresses when SSRF protection applies."
)
_NO_HOST = "gethostbyname() argument 1 must be str, bytes or bytearray, not None"
_NO_CONNECTION = (
    "Can't connect to ML backend {url}, health check failed. Make sure it is up and your firewall is properly "
    'configured. <a href="https://labelstud.io/guide/ml.html">Learn more</a> about how to set up an ML backend. '
    "Additional info: {problem}"
)
_NO_ACCESS = "Able to connect to ML Server, but authentication parameters were either not provided or are incorrect."
_NO_SETUP = (
    "Successfully connected to {url} but it doesn't look like a valid ML backend. Reason: {problem}.\n"
    "Check the ML backend server console logs to check the status."
    "There might be something wrong with your model or it might be incompatible with the current labeling "
    "configuration."
)
_UNREACHABLE = (
    "{scheme}ConnectionPool(host='{host}', port={port}): Max retries exceeded with url: {path} "
    "(Caused by NewConnectionError(\"{scheme}Connection(host='{host}', port={port}): "
    'Failed to establish a new connection: [Errno {number}] {reason}"))'
)
_LOCAL = ("localhost", "127.0.0.1", "::1")
_PORTS = {"http": 80, "https": 443}


class Unhealthy(Exception):
    """The backend does not answer, or not well; `status` is 0 where it says nothing at all."""

    def __init__(self, problem: str, status: int = 0) -> None:
        super().__init__(problem)
        self.status = status


class Unwilling(Exception):
    """The backend is healthy, and not set up."""


def check_url(url: str) -> str:
    """A URL of the web whose host resolves; the refusals end the request at once."""
    if not _is_of_the_web(url):
        raise Forbidden(_NOT_ALLOWED)
    if not urlsplit(url).hostname:
        raise Crash(_NO_HOST)
    resolve(url)
    return url


def _is_of_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in _PORTS and (parts.port or 0) >= 0
    except ValueError:  # of the host, or of a port that is none
        return False


def test(given: Mapping[str, Any]) -> None:
    """The test of a create or an update, with what its body says alone; `Invalid` in the server's words."""
    _require("healthcheck_", given, "url")
    url = given["url"]
    try:
        _check_health(url, given)
        _require("setup_", given, "project")
        _set_up(url)
    except Unhealthy as error:
        refused = error.status == 401
        raise Invalid([_NO_ACCESS if refused else _NO_CONNECTION.format(url=url, problem=error)]) from error
    except Unwilling as error:
        raise Invalid([_NO_SETUP.format(url=url, problem=error)]) from error


def asked(backend: Document) -> Document:
    """The backend after the server asked it, as it does whenever somebody looks."""
    looked = {**backend, "updated_at": now()}
    try:
        _check_health(backend["url"], backend)
        _set_up(backend["url"])
    except Unhealthy:
        return {**looked, "state": DISCONNECTED}
    except Unwilling as error:
        return {**looked, "state": ERROR, "error_message": str(error)}
    version = newest(backend) if backend["auto_update"] else backend["model_version"]
    return {**looked, "state": CONNECTED, "error_message": None, "model_version": version}


def versions(backend: Document) -> list[str]:
    """The models that the backend has. Raises: Unhealthy."""
    _check_health(backend["url"], backend, "versions")
    return [newest(backend)]


def newest(backend: Document) -> str:
    """The model version that the backend tells."""
    return f"{urlsplit(backend['url']).hostname}-1"


def _check_health(url: str, known: Mapping[str, Any], endpoint: str = "health") -> None:
    parts, target = urlsplit(url), _below(url, endpoint)
    if named(url, "missing-"):
        raise Unhealthy(_unreachable(parts, target, 113, "No route to host"))
    if parts.hostname in _LOCAL and _port(parts) == 1:
        raise Unhealthy(_unreachable(parts, target, 111, "Connection refused"))
    if named(url, "denied-") and not _lets_in(known):
        raise Unhealthy(f"401 Client Error: Unauthorized for url: {target}", 401)


def _set_up(url: str) -> None:
    if named(url, "broken-"):
        raise Unwilling(f"500 Server Error: Internal Server Error for url: {_below(url, 'setup')}")


def _lets_in(known: Mapping[str, Any]) -> bool:
    """The server sends what it has of a user and a password, if it has both, whatever `auth_method` says."""
    user, password = known.get("basic_auth_user"), known.get("basic_auth_pass")
    return bool(user and password) and not str(password).startswith("denied-")


def _require(function: str, given: Mapping[str, Any], name: str) -> None:
    """A PATCH without this key crashes the server (community-api 6)."""
    if name not in given:
        raise Crash(f"MLBackend.{function}() missing 1 required positional argument: '{name}'")


def _unreachable(parts: SplitResult, target: str, number: int, reason: str) -> str:
    return _UNREACHABLE.format(
        scheme=parts.scheme.upper(),
        host=parts.hostname,
        port=_port(parts),
        path=urlsplit(target).path,
        number=number,
        reason=reason,
    )


def _below(url: str, name: str) -> str:
    return urljoin(url if url.endswith("/") else f"{url}/", name)


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]
