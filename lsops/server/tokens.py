"""Both kinds of token (Community facts 1.6): a legacy token is sent as it is, a personal one is exchanged."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

EARLY = 30.0
"""Seconds before its end at which a short-lived token is exchanged anew; it lives 300."""


class Credentials(Protocol):
    """What a session asks for the Authorization header."""

    kind: str

    def header(self) -> str:
        """The value of the Authorization header; empty for none."""

    def renew(self, used: str) -> bool:
        """After a 401 to the header `used`: whether there is another to try."""

    def secrets(self) -> tuple[str, ...]:
        """Every value that no output may hold."""


class NoCredentials:
    """For the built-in sandbox."""

    kind = "none"

    def header(self) -> str:
        return ""

    def renew(self, used: str) -> bool:
        del used
        return False

    def secrets(self) -> tuple[str, ...]:
        return ()


class LegacyToken:
    """`Authorization: Token <40 hex>`."""

    kind = "legacy"

    def __init__(self, token: str) -> None:
        self._token = token

    def header(self) -> str:
        return f"Token {self._token}"

    def renew(self, used: str) -> bool:
        del used
        return False

    def secrets(self) -> tuple[str, ...]:
        return (self._token,)


class PersonalAccessToken:
    """A refresh token, exchanged for an access token that lives five minutes; safe to use from several threads."""

    kind = "personal"

    def __init__(self, token: str, exchange: Callable[[str], str]) -> None:
        self._token = token
        self._exchange = exchange
        self._access = ""
        self._ends = 0.0
        self._lock = threading.Lock()

    def header(self) -> str:
        with self._lock:
            if not self._access or time.time() > self._ends - EARLY:
                self._fetch()
            return f"Bearer {self._access}"

    def renew(self, used: str) -> bool:
        with self._lock:
            if used == f"Bearer {self._access}":
                self._fetch()
            return True

    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self._token, self._access)))

    def _fetch(self) -> None:
        self._access = self._exchange(self._token)
        self._ends = _expiry(self._access)


def is_personal(token: str) -> bool:
    """A personal access token is a JWT: three parts, of which the first is JSON."""
    return token.count(".") == 2 and token.startswith("eyJ")


def is_cut_off(token: str) -> bool:
    """Whether it is a personal access token without its last part: so the account page lists it (seen on 1.23.2)."""
    return token.count(".") == 1 and token.startswith("eyJ")


def is_short_lived(token: str) -> bool:
    """Whether it is what a personal access token is exchanged for, which says so itself."""
    return is_personal(token) and _claims(token).get("token_type") == "access"


def _expiry(token: str) -> float:
    """When a JWT just given ends, by our clock, which need not be the server's; in a minute where it cannot be read."""
    claims = _claims(token)
    try:
        return time.time() + float(claims["exp"]) - float(claims["iat"])
    except (KeyError, OverflowError, TypeError, ValueError):
        return time.time() + 60.0


def _claims(token: str) -> dict[str, Any]:
    """What a JWT says; nothing where it cannot be read."""
    try:
        body = token.split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, RecursionError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
