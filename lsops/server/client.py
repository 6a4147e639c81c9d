"""The httpx client of a session: what it trusts, how many connections it holds, which proxies the environment has."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING

import httpx

from lsops.errors import UsageError
from lsops.server.bounds import ACCEPTED
from lsops.server.surroundings import unusable_certificates, unusable_proxy
from lsops.version import __version__

if TYPE_CHECKING:
    from lsops.server.settings import Settings

HEADERS = {"User-Agent": f"lsops/{__version__}", "Accept": "application/json", "Accept-Encoding": ACCEPTED}


def trust(ca_bundle: str, url: str, environ: Mapping[str, str]) -> ssl.SSLContext | bool:
    """What verifies the server's certificate, made once; plain http has none to verify, and redirects stay on it.

    Raises:
        UsageError: the CA bundle, or what the environment names instead, cannot be used.
    """
    if ca_bundle:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=ca_bundle)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise UsageError.of(f"--ca-bundle: {ca_bundle} cannot be used: {reason}") from problem
    try:
        if ca_bundle:
            return ssl.create_default_context(cafile=ca_bundle)
        return httpx.create_ssl_context() if url.startswith("https:") else False
    except (OSError, ValueError) as problem:
        raise unusable_certificates(environ, problem) from problem


def new_client(
    url: str,
    settings: Settings,
    verify: ssl.SSLContext | bool,
    transport: httpx.BaseTransport | None,
    *,
    keep_alive: bool,
) -> httpx.Client:
    """A client for the server at that URL; `keep_alive` keeps connections open between requests.

    Raises:
        UsageError: the environment names a proxy that cannot be used.
    """
    width = max(settings.concurrency or 16, 16)
    try:
        return httpx.Client(
            base_url=url,
            timeout=settings.timeout,
            limits=httpx.Limits(max_connections=width, max_keepalive_connections=width if keep_alive else 0),
            verify=verify,
            transport=transport,
            headers=HEADERS,
        )
    except (ImportError, TypeError, ValueError, httpx.InvalidURL) as problem:
        raise unusable_proxy(settings.environ, problem) from problem
