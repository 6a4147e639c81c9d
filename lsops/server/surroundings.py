"""Proxies and certificates that the environment names, as httpx takes them: which variable is it that does not work?

httpx reads the process's variables itself. Here they are a value, and only asked once something has failed.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import httpx

from lsops.errors import UsageError

CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
KEY_LOG = "SSLKEYLOGFILE"
SOCKS = "pip install 'httpx[socks]'"
FORM = "write it like http://proxy.example.com:3128"
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


def proxies(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each variable that names a proxy, and the proxy's URL."""
    for name, value in sorted(environ.items()):
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy") and value:
            yield name, value if "://" in value else f"http://{value}"


def proxy_variable(environ: Mapping[str, str], peer: tuple[str, int]) -> str:
    """The variable that names the proxy at a host and port; empty where the system's settings do."""
    wanted = (peer[0].lower(), peer[1])
    return next((name for name, url in proxies(environ) if _place(url) == wanted), "")


def _place(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None


def unusable_proxy(environ: Mapping[str, str], problem: Exception) -> UsageError:
    """Why no client could be made in this environment, with the variable to blame."""
    for name, url in proxies(environ):
        fault = _fault_of(url)
        if isinstance(fault, ImportError):
            return UsageError.of(f"{name} names a SOCKS proxy, which needs one more package", hint=SOCKS)
        if fault is not None:
            return UsageError.of(f"{name} is not the URL of a proxy that lsops can use", hint=FORM)
    name = next((name for name in ("NO_PROXY", "no_proxy") if environ.get(name)), "")
    if name:
        return UsageError.of(f"{name} holds what is no host: {problem}", hint="write host names, a comma between two")
    return UsageError.of(f"the system's settings name a proxy that cannot be used: {problem}")


def _fault_of(url: str) -> Exception | None:
    """What httpx says against the URL of a proxy."""
    try:
        httpx.HTTPTransport(proxy=httpx.Proxy(url), verify=False).close()  # it never connects
    except (ImportError, TypeError, ValueError, httpx.InvalidURL) as problem:
        return problem
    return None


def unusable_certificates(environ: Mapping[str, str], problem: Exception) -> UsageError:
    """Why the certificates to trust could not be loaded, with the variable to blame."""
    told = getattr(problem, "strerror", None) or str(problem)
    if environ.get(KEY_LOG) and not _can_log_keys(environ[KEY_LOG]):
        return UsageError.of(f"{KEY_LOG}: {environ[KEY_LOG]} cannot be written: {told}", hint=f"unset {KEY_LOG}")
    name = next((name for name in CERTIFICATES if environ.get(name)), "")
    if name:
        return UsageError.of(
            f"{name}: {environ[name]} cannot be used: {told}", hint="name a file of certificates, as PEM"
        )
    return UsageError.of(f"the certificates to trust cannot be loaded: {told}")


def _can_log_keys(place: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).keylog_filename = place
    except OSError:
        return False
    return True
