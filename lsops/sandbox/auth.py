"""Who is calling: legacy tokens, personal access tokens and the short-lived ones they give.

Facts: community-api 1.6. A personal access token is a signed refresh token; only the access token
that it is exchanged for opens a door, for 300 seconds. A bad access token is answered as if none
had been sent, a bad legacy token is named.

Who was removed from the organisation keeps their tokens. On Community the legacy one opens the door
to what belongs to no organisation (community-api 11), and an access token crashes the server whatever
is asked, since it looks at the switches of an organisation that is not there. What Enterprise does is
unknown; here it lets nobody in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from lsops.sandbox import people
from lsops.sandbox.envelope import CrashPage, Unauthenticated
from lsops.sandbox.resource import COMMUNITY
from lsops.sandbox.store import Document, Store

ACCESS_SECONDS = 300
_DAY_SECONDS = 24 * 3600
_REFRESH_DAYS = 73000
_HEADER = {"alg": "HS256", "typ": "JWT"}
_DISABLED = "Authentication token no longer valid: legacy token authentication has been disabled for this organization"


def caller(store: Store, header: Callable[[str, str], str], *, open_door: bool) -> Document | None:
    """The user that the request's credentials name, None without any; `header` gives a header or a default.

    `open_door`: a request without credentials is the owner's.
    """
    key = header("X-Api-Key", "")
    given = header("Authorization", "") or (f"Token {key}" if key else "")
    if not given:
        return people.owner(store) if open_door else None
    scheme, *rest = given.split()
    if scheme.lower() == "token":
        return _by_legacy_token(store, rest)
    if scheme == "Bearer" and len(rest) == 1:
        return _by_access_token(store, rest[0])
    return None


def look_ahead(store: Store, header: Callable[[str, str], str]) -> None:
    """The look at access tokens that every request gets, also where nobody asks who is calling."""
    scheme, _, token = header("Authorization", "").partition(" ")
    if scheme == "Bearer":
        _by_access_token(store, token)


def _by_legacy_token(store: Store, parts: list[str]) -> Document:
    if not parts:
        raise Unauthenticated("Invalid token header. No credentials provided.")
    if len(parts) > 1:
        raise Unauthenticated("Invalid token header. Token string should not contain spaces.")
    users = store.find("user", "token = ?", (parts[0],))
    if not users:
        raise Unauthenticated("Invalid token.")
    if not (_allows(store, users[0], "legacy_api_tokens_enabled") or _is_outside(store, users[0])):
        raise Unauthenticated(_DISABLED)
    return users[0]


def _by_access_token(store: Store, token: str) -> Document | None:
    claims = claims_of(store, token, "access")
    user = store.get("user", int(claims["user_id"])) if claims else None
    if user and _is_outside(store, user):
        raise CrashPage("")
    return user if user and _allows(store, user, "api_tokens_enabled") else None


def _allows(store: Store, user: Document, switch: str) -> bool:
    organization = store.get("organization", user["active_organization"] or 0)
    return bool(organization and organization[switch])


def _is_outside(store: Store, user: Document) -> bool:
    """Whether the user is in no organisation, on the edition that lets them in."""
    return user["active_organization"] is None and store.note("edition") == COMMUNITY


def issue(store: Store, user: Document, kind: str) -> str:
    """A signed token of `kind` "access" (five minutes) or "refresh" (as long as the organisation says)."""
    issued = int(time.time())
    organization = store.get("organization", user["active_organization"] or 0) or {}
    days = organization.get("api_token_ttl_days", _REFRESH_DAYS)
    claims = {
        "token_type": kind,
        "exp": issued + (ACCESS_SECONDS if kind == "access" else days * _DAY_SECONDS),
        "iat": issued,
        "jti": secrets.token_hex(16),
        "user_id": str(user["id"]),
    }
    unsigned = f"{_packed(_HEADER)}.{_packed(claims)}"
    return f"{unsigned}.{_signature(store, unsigned)}"


def claims_of(store: Store, token: str, kind: str) -> dict[str, Any]:
    """What a token says, `{}` unless its signature, kind and age are good."""
    unsigned, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(store, unsigned).encode()):
        return {}
    claims: dict[str, Any] = json.loads(_unpacked(unsigned.partition(".")[2]))
    return claims if claims["token_type"] == kind and claims["exp"] > time.time() else {}


def _signature(store: Store, unsigned: str) -> str:
    key = store.note("signing_key")
    if key is None:
        key = secrets.token_hex(32)
        store.set_note("signing_key", key)
    return _encoded(hmac.new(key.encode(), unsigned.encode(), hashlib.sha256).digest())


def _packed(content: dict[str, Any]) -> str:
    return _encoded(json.dumps(content, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
