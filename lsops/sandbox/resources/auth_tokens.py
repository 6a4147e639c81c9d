"""Personal access tokens: `/api/token/` and what they are exchanged for (community-api 1.6)."""

from __future__ import annotations

from typing import Any

from lsops.sandbox.auth import claims_of, issue
from lsops.sandbox.envelope import Bare, Conflict, Invalid, Unauthenticated
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import now, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table

_FIELDS = {"refresh": Field(text(blank=False, trim=False), required=True)}
_SPENT = {"detail": "Token is invalid or already blacklisted."}
_EXISTS = "You already have a valid token. Please revoke it before creating a new one."


class _BadToken(Unauthenticated):
    """401 of the token endpoints, which name another scheme than the rest."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.headers = {"WWW-Authenticate": 'Bearer realm="api"'}


def _listing(call: Call) -> Answer:
    """The caller's tokens without their signatures: shown in full once, when they are made."""
    return Answer([{"token": token["token"].rpartition(".")[0]} for token in _valid(call)])


def _create(call: Call) -> Answer:
    if _valid(call):
        raise Conflict(_EXISTS)
    return Answer({"token": _make(call)}, 201)


def _refresh(call: Call) -> Answer:
    token = _sent(call)
    known = _known(call, token)
    if not known:
        raise _BadToken("Token has wrong type" if claims_of(call.store, token, "access") else "Token is invalid")
    if known["blacklisted"]:
        raise _BadToken("Token is blacklisted")
    return Answer({"access": issue(call.store, call.found("user", known["user"], "User"), "access")})


def _rotate(call: Call) -> Answer:
    """A new token for the old one, which dies; access tokens given out before live on."""
    known = _known(call, _sent(call))
    if not known:
        raise Invalid(["Invalid refresh token"])
    if known["blacklisted"]:
        raise Invalid(["Invalid refresh token"])
    _kill(call, known)
    return Answer({"refresh": _make(call)})


def _blacklist(call: Call) -> Answer:
    known = _known(call, _sent(call))
    if not known or known["blacklisted"]:
        raise Bare(404, _SPENT)
    _kill(call, known)
    return Answer(status=204)


def _sent(call: Call) -> str:
    return str(read(_FIELDS, call.body, partial=False)["refresh"])


def _valid(call: Call) -> list[Document]:
    return call.store.find("access_token", '"user" = ? AND blacklisted = 0', (call.user["id"],))


def _known(call: Call, token: str) -> Document | None:
    """The token's record; a blacklisting may send it without its signature."""
    found = call.store.find("access_token", "token = ?", (token,))
    return found[0] if found else None


def _make(call: Call) -> str:
    token = issue(call.store, call.user, "refresh")
    record: dict[str, Any] = {
        "user": call.user["id"],
        "token": token,
        "blacklisted": False,
        "created_at": now(),
    }
    call.store.insert("access_token", record)
    return token


def _kill(call: Call, record: Document) -> None:
    call.store.replace("access_token", {**record, "blacklisted": True})


RESOURCE = Resource(
    "auth_tokens",
    tables=(
        Table(
            "access_token",
            (Column("user", references="user"), Column("token"), Column("blacklisted")),
        ),
    ),
    routes=(
        Route("/api/token/", {"GET": _listing, "POST": _create}),
        Route("/api/token/refresh/", {"POST": _refresh}, blind=True),
        Route("/api/token/rotate/", {"POST": _rotate}),
        Route("/api/token/blacklist/", {"POST": _blacklist}, blind=True),
    ),
)
