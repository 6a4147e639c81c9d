"""Which server, and which token (the design's section 7): decided from values that the caller has read."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import httpx

from lsops.errors import Source, UsageError
from lsops.server.tokens import is_cut_off, is_short_lived

URL_VARIABLE = "LABEL_STUDIO_URL"
TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"  # noqa: S105  # the name of a variable
TOKEN_FILE_VARIABLE = "LABEL_STUDIO_API_KEY_FILE"  # noqa: S105  # the name of a variable
TRUSTED_VARIABLE = "LSOPS_TRUSTED_ORIGINS"

Origin = tuple[str, str, int]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it came from; it prints as `***`."""

    value: str = field(repr=False)
    source: str = ""

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True)
class Choice:
    """A server's URL, or the database of the built-in sandbox, and where the choice came from."""

    url: str
    source: str
    by: Literal["flag", "environment", "manifest"]

    @property
    def is_sandbox(self) -> bool:
        return self.url.startswith("sandbox:")


def choose(flag: str, env: Mapping[str, str], manifest: str, place: Source | None = None) -> Choice:
    """The flag, else `LABEL_STUDIO_URL`, else the manifest.

    Raises:
        UsageError: none is named, the last two name different servers, or a URL that cannot be one.
    """
    named = _bare(env.get(URL_VARIABLE, ""))
    if flag:
        return Choice(_checked(flag, "--server"), "--server", "flag")
    if named and manifest and not _same_server(_checked(named, URL_VARIABLE), _checked(manifest, "server.url", place)):
        raise UsageError.of(
            f"two servers are named: {URL_VARIABLE} says {named}, the manifest says {manifest}",
            code="LS603",
            hint="unset one of them, or say which with --server URL",
            source=place,
        )
    if named:
        return Choice(_checked(named, URL_VARIABLE), URL_VARIABLE, "environment")
    if manifest:
        return Choice(_checked(manifest, "server.url", place), str(place or "the manifest"), "manifest")
    raise UsageError.of(
        "no server is named",
        code="LS601",
        hint=f"give --server URL, set {URL_VARIABLE}, or write server.url in the manifest; "
        "--server sandbox: tries it without a server",
    )


def refuse_stand_in(choice: Choice, env: Mapping[str, str], token_file: str = "", place: Source | None = None) -> None:
    """Raises: UsageError, where the manifest alone chooses the sandbox and a token says that a server is meant.

    Else a pull request could answer the plan of a CI from a file of its own.
    """
    given = {TOKEN_VARIABLE: env.get(TOKEN_VARIABLE), TOKEN_FILE_VARIABLE: env.get(TOKEN_FILE_VARIABLE)}
    named = next((name for name, value in {**given, "--token-file": token_file}.items() if (value or "").strip()), "")
    if choice.by == "manifest" and choice.is_sandbox and named:
        raise UsageError.of(
            f"a manifest cannot choose sandbox: while a token is set ({named})",
            code="LS604",
            hint="name the server with --server or LABEL_STUDIO_URL; for the sandbox give --server sandbox:",
            source=place,
        )


def read_token(choice: Choice, env: Mapping[str, str], token_file: str = "", place: Source | None = None) -> Token:
    """The token for the chosen server.

    Raises:
        UsageError: there is none, or the URL comes from the manifest alone and its origin is not trusted.
    """
    if choice.by == "manifest":
        _check_trust(choice.url, env.get(TRUSTED_VARIABLE, ""), place)
    if token_file:
        return Token(_read(token_file, "--token-file"), "--token-file")
    given = _bare(env.get(TOKEN_VARIABLE, ""))
    if given:
        return Token(_checked_token(given, TOKEN_VARIABLE), TOKEN_VARIABLE)
    if env.get(TOKEN_FILE_VARIABLE):
        return Token(_read(env[TOKEN_FILE_VARIABLE], TOKEN_FILE_VARIABLE), TOKEN_FILE_VARIABLE)
    raise UsageError.of(
        f"no token for {choice.url}",
        code="LS602",
        hint=f"set {TOKEN_VARIABLE}, or name a file with {TOKEN_FILE_VARIABLE} or --token-file",
    )


def check_given(url: str, token: str) -> tuple[str, str]:
    """A URL and a token as a script gives them, in the form in which a session takes them.

    Raises:
        UsageError: it is not the plain URL of a server, or not one token that lasts.
    """
    bare = _bare(token)
    if not bare:
        raise UsageError.of(f"no token for {_checked(url, 'the argument url')}", code="LS602")
    return _checked(url, "the argument url"), _checked_token(bare, "the token")


def origin(url: str) -> Origin:
    """Scheme, host and port of a URL, the port spelled out; that of no server where it is none."""
    try:
        parts = urlsplit(url)
        return parts.scheme, _host(parts.hostname or ""), parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0


def _host(name: str) -> str:
    """A host without the dot that ends a full name. An address or `localhost` with a dot behind it is another host:
    a name that somebody's name server may resolve as it likes.
    """
    short = name.removesuffix(".")
    return name if short == "localhost" or _address(short) is not None else short


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine by a loopback address or as `localhost`, spelled as everybody reads it."""
    host = origin(url)[1]
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is; one of IPv4 written as one of IPv6 is that of IPv4. None for a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _check_trust(url: str, trusted: str, place: Source | None) -> None:
    if is_loopback(url) or any(origin(item) == origin(url) for item in trusted.replace(",", " ").split()):
        return
    scheme, host, port = origin(url)
    named = f"[{host}]" if ":" in host else host
    shown = f"{scheme}://{named}" + ("" if port == _DEFAULT_PORTS[scheme] else f":{port}")
    raise UsageError.of(
        f"the manifest alone names {shown}, so it does not get the token",
        code="LS604",
        hint=f"if that is your server: export {TRUSTED_VARIABLE}={shown}  (or give --server {shown})",
        source=place,
    )


def _same_server(one: str, other: str) -> bool:
    if one.startswith("sandbox:") or other.startswith("sandbox:"):
        return one == other
    return (origin(one), _path(one)) == (origin(other), _path(other))


def _path(url: str) -> bytes:
    """The path below the host, as it is sent: several servers may share a host."""
    return httpx.URL(url).raw_path.rstrip(b"/")


def _checked(url: str, what: str, place: Source | None = None) -> str:
    text = url.strip().rstrip("/") if not url.startswith("sandbox:") else url
    if text.startswith("sandbox:"):
        return text
    try:
        parts = urlsplit(text)
        valid = parts.scheme in _DEFAULT_PORTS and _is_host(parts.hostname or "") and text.isprintable()
        valid = valid and parts.port != 0 and bool(httpx.URL(text).host)
    except (ValueError, httpx.InvalidURL):
        valid = False
    if not valid:
        raise UsageError.of(
            f"{what} is not the URL of a server", hint="write it like https://label.example.com", source=place
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError.of(
            f"{what} must be a plain URL, without user, query or fragment",
            hint="the token goes into LABEL_STUDIO_API_KEY",
            source=place,
        )
    return text


def _is_host(host: str) -> bool:
    """Whether every reader of URLs takes it for the same host: no backslash, no blank, no escape."""
    return _HOST.fullmatch(host) is not None


def _read(name: str, what: str) -> str:
    try:
        text = _bare(Path(name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not text"
        raise UsageError.of(f"{what}: {name} cannot be read: {reason}", code="LS602") from problem
    if not text:
        raise UsageError.of(f"{what}: {name} is empty", code="LS602")
    return _checked_token(text, what)


def _bare(text: str) -> str:
    """A value without the blanks and the byte order mark that files bring along."""
    return text.strip().removeprefix("\ufeff").strip()


def _checked_token(token: str, what: str) -> str:
    if not token.isascii() or any(sign.isspace() or not sign.isprintable() for sign in token):
        raise UsageError.of(f"{what} does not hold one token", code="LS602", hint="a token is one word")
    if is_cut_off(token):
        raise UsageError.of(
            f"{what} holds only the beginning of a personal access token, as the account page lists it afterwards",
            code="LS602",
            hint="the page shows a token whole only once: make a new one there",
        )
    if is_short_lived(token):
        raise UsageError.of(
            f"{what} holds a short-lived access token, which ends after some minutes",
            code="LS602",
            hint="give the personal access token that it was made from, as the account page shows it once",
        )
    return token
