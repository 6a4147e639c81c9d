"""`/api/jwt/settings`: which kinds of token open the door (community-api 8, enterprise-api 5.6).

POST is the update. Enterprise wants all three keys and answers 201, as its description says; a token
lives at most 365 days before 2.30 and 73000 since.
"""

from __future__ import annotations

from lsops.sandbox.fields import Field, Form, read
from lsops.sandbox.fieldtypes import flag, number
from lsops.sandbox.release import RELEASES, numbers
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Document

TTL = "api_token_ttl_days"
TTL_DEFAULT = 73000
_TTL_BEFORE = 365
_LONGER_SINCE = (2, 30)
_SWITCHES = ("api_tokens_enabled", "legacy_api_tokens_enabled")


def _detail(call: Call) -> Answer:
    return Answer(_show(call, _organization(call)))


def _update(call: Call) -> Answer:
    """Switching off the kind of token that the caller uses works, once. What a form leaves out is switched off."""
    body = call.body
    fields = _fields(call)
    given = read(fields, body, partial=not call.enterprise)
    if isinstance(body, Form):
        given = {**dict.fromkeys(_SWITCHES, False), **given}
    changed = {**_organization(call), **given}
    call.store.replace("organization", changed)
    return Answer(_show(call, changed), 201 if call.enterprise else 200)


def _fields(call: Call) -> dict[str, Field]:
    fields = {name: Field(flag(), required=True) for name in _SWITCHES}
    if call.enterprise:
        fields[TTL] = Field(number(least=1, most=_longest(RELEASES[call.edition])), required=True)
    return fields


def _longest(release: str) -> int:
    return TTL_DEFAULT if numbers(release) >= _LONGER_SINCE else _TTL_BEFORE


def _organization(call: Call) -> Document:
    return call.own_organization("jwt")


def _show(call: Call, organization: Document) -> Document:
    shown = {name: organization[name] for name in _SWITCHES}
    return {TTL: organization.get(TTL, TTL_DEFAULT), **shown} if call.enterprise else shown


RESOURCE = Resource(
    "jwt_settings",
    routes=(Route("/api/jwt/settings", {"GET": _detail, "POST": _update}),),
)
