"""The settable fields of a webhook, and what the server takes for a URL and for headers (community-api 4).

A URL needs a scheme of the web or of FTP, and a host that is an address, `localhost`, or a name with a dot: a name
without one, as containers have among themselves, is refused. A host that the server must not call, or that does not
resolve, is told by its name (see `lsops.sandbox.hosts`).
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from lsops.sandbox.envelope import Forbidden
from lsops.sandbox.fields import Bad, Field
from lsops.sandbox.fieldtypes import choice, flag, several
from lsops.sandbox.hosts import RESERVED, haunted, resolve
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects.scope import reference
from lsops.sandbox.resources.webhooks.actions import known

LONGEST = 2048
_BAD_URL = "Enter a valid URL."
_SCHEMES = ("http", "https", "ftp", "ftps")
_USER = re.compile(r"[^\s:@/]+(:[^\s:@/]*)?")
_HOST_AND_PORT = re.compile(r"(\[.*\]|[^:]*)(:[0-9]{1,5})?")
_LETTERS = "a-z\u00a1-\uffff"
_LABEL = re.compile(rf"(?!-)[{_LETTERS}0-9-]{{1,63}}(?<!-)", re.IGNORECASE)
_TOP_LABEL = re.compile(rf"(?!-)([{_LETTERS}-]{{2,63}}|xn--[a-z0-9]{{1,59}})(?<!-)", re.IGNORECASE)
_LONGEST_HOST = 253
_MOST_HEADERS = 10
_HEADER = re.compile(r"^[a-zA-Z0-9-_]+$")


def is_url(text: str) -> bool:
    """Whether the server takes the text for a URL."""
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in _SCHEMES or len(text) > LONGEST or re.search(r"\s", text):
        return False
    user, at, place = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")
    found = _HOST_AND_PORT.fullmatch(place)
    return bool(found and _is_host(found[1]) and (not at or _USER.fullmatch(user)))


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_address(host[1:-1], ipaddress.IPv6Address)
    if host.lower() == "localhost" or _is_address(host, ipaddress.IPv4Address):
        return True
    *labels, top = host.removesuffix(".").split(".")
    named = bool(labels) and all(_LABEL.fullmatch(label) for label in labels) and _TOP_LABEL.fullmatch(top)
    return bool(named) and len(host) <= _LONGEST_HOST


def _is_address(text: str, kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address]) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


def address(value: Any) -> str:
    """A URL, trimmed."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Bad(_BAD_URL)
    text = str(value).strip()
    if not text:
        raise Bad("This field may not be blank.")
    wrong = [f"Ensure this field has no more than {LONGEST} characters."] if len(text) > LONGEST else []
    if not is_url(text):
        raise Bad([*wrong, _BAD_URL])
    return text


def check_target(url: str) -> str:
    """A URL that the server may call; the refusals end the request at once."""
    resolve(url)
    if haunted(url):
        raise Forbidden(RESERVED)
    return url


def headers(value: Any) -> dict[str, str]:
    """At most ten texts under names of letters, digits, `-` and `_`."""
    named = isinstance(value, dict) and len(value) <= _MOST_HEADERS and all(map(_HEADER.search, value))
    if not named or not all(isinstance(text, str) for text in value.values()):
        raise Bad(f"{value} failed JSON schema check")
    return dict(value)


def changeable(call: Call) -> dict[str, Field]:
    """What an update takes: all but the project (community-api 4)."""
    return {
        "url": Field(address, required=True),
        "send_payload": Field(flag(), default=True),
        "send_for_all_actions": Field(flag(), default=True),
        "headers": Field(headers, default={}, json=True),
        "is_active": Field(flag(), default=True),
        "actions": Field(several(choice(*(action.code for action in known(call)))), default=[]),
    }


def settable(call: Call) -> dict[str, Field]:
    """What a create takes."""
    return {"project": Field(reference(null=True), null=True), **changeable(call)}
