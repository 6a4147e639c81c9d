"""`/api/saml/settings`: the identity provider with which people log in (enterprise-api 5.7 and 12).

POST is a partial update and answers 201; DELETE resets all, and the groups of SCIM with it. The two calls that try
something save nothing. A metadata URL is not fetched here: a host below `.invalid` has no metadata, every other one
has. What is shown where nobody chose `manual_role_management`, and how a try says no, is unknown.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from lsops.sandbox import groups
from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad, Field, defaults, read
from lsops.sandbox.fieldtypes import flag, text
from lsops.sandbox.release import RELEASES, numbers
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.scim_settings import settings_of as scim_settings
from lsops.sandbox.store import Column, Document, Store, Table

_TABLE = "saml_settings"
_CONNECTION_SINCE = (2, 33)
"""The connection fields came to the API between on-premises 2.32 and 2.34 (enterprise-api 4)."""
PUBLIC = ("gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com")

UNCHOSEN, NULL, BILLING = "saml-role-management-null", "null", "billing"
TRIES, SAYS_FALSE, REFUSES = "saml-failed-try", "valid-false", "400"


def _domains(value: Any) -> str:
    """Names with commas between them, none of which everybody can have an address in."""
    given: str = text(shortest=3, longest=65536, blank=False)(value)
    if common := [name for name in given.split(",") if name.strip().lower() in PUBLIC]:
        raise Bad(f"Public domains are not allowed: {', '.join(common)}")
    return given


_LONG = text(longest=1024)
_CONNECTION = {
    "domain": Field(_domains, default=""),
    "idp_provider": Field(text(longest=256), null=True),
    "manual_role_management": Field(flag(null=True), null=True),
    "mapping_email": Field(text(longest=1024, blank=False), default="Email", null=True),
    "mapping_first_name": Field(_LONG, default="FirstName", null=True),
    "mapping_groups": Field(_LONG, default="Groups", null=True),
    "mapping_last_name": Field(_LONG, default="LastName", null=True),
    "metadata_url": Field(text(longest=65536), default=""),
    "metadata_xml": Field(text(), default=""),
}
_PLACES = ("acs", "login", "logout")
_NAMEID = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


def _detail(call: Call) -> Answer:
    settings = _settings(call)
    shown = groups.shown(_show(call, settings), call.unknown(groups.EMPTY))
    if shown.get("manual_role_management", False) is None and call.unknown(UNCHOSEN) == BILLING:
        shown["manual_role_management"] = call.own_organization("id").get("manual_role_management", True)
    base = f"{call.url.partition('/api/')[0]}/saml/{settings['token']}"
    return Answer({**shown, **_read_only(base), "token": settings["token"]})


def _read_only(base: str) -> Document:
    urls = {f"{name}_url": f"{base}/{name}" for name in _PLACES}
    return {**urls, "metadata_xml_url": None, "nameid_format": _NAMEID, "user_type_capacities": {}}


def _update(call: Call) -> Answer:
    changed = {**_settings(call), **read(_fields(call), call.body, partial=True)}
    call.store.replace(_TABLE, changed)
    return Answer(_show(call, changed), 201)


def _reset(call: Call) -> Answer:
    """All of it, and what SCIM assigns, too."""
    call.store.replace(_TABLE, {**_settings(call), **defaults(_fields(call))})
    for found in call.store.find("scim_settings"):
        call.store.replace("scim_settings", {**found, **{name: [] for name in groups.LISTS}})
    return Answer(status=204)


def mappings_of(store: Store) -> Document:
    """The mappings of both settings together, as a pushed group finds them: those of SCIM, where it has any."""
    scim, saml = scim_settings(store), next(iter(store.find(_TABLE, limit="LIMIT 1")), {})
    return {name: scim.get(name) or saml.get(name) or [] for name in groups.LISTS}


def _settings(call: Call) -> Document:
    groups.check_caller(call)
    found = call.store.find(_TABLE, "organization = ?", (call.organization,))
    return found[0] if found else _made(call)


def _made(call: Call) -> Document:
    fresh = {"organization": call.organization, "token": secrets.token_urlsafe(24)}
    return call.store.insert(_TABLE, {**defaults(_fields(call)), **fresh})


def _fields(call: Call) -> dict[str, Field]:
    release = numbers(RELEASES[call.edition])
    connection = _CONNECTION if release >= _CONNECTION_SINCE else {}
    return {**connection, **groups.fields((*groups.ROLE_NAMES, *groups.INTERNAL_NAMES), release)}


def _show(call: Call, settings: Document) -> Document:
    return {name: settings.get(name) for name in _fields(call)}


# ---- trying without saving -----------------------------------------------------------------------


def _try_metadata(call: Call) -> Answer:
    given = read({"metadata_url": Field(text(blank=False), required=True)}, call.body, partial=False)
    address = urlsplit(given["metadata_url"])
    if address.scheme not in ("http", "https") or not address.hostname:
        raise Invalid({"metadata_url": ["Enter a valid URL."]})
    return _tried(call, "metadata_url", fits=not address.hostname.endswith(".invalid"))


def _try_domain(call: Call) -> Answer:
    given = read({"domain": Field(text(blank=False), required=True)}, call.body, partial=False)
    return _tried(call, "domain", fits=given["domain"].lower() not in PUBLIC)


def _tried(call: Call, name: str, *, fits: bool) -> Answer:
    if not fits and call.unknown(TRIES) == REFUSES:
        raise Invalid({name: ["Validation failed."]})
    return Answer({"valid": fits})


_PATH = "/api/saml/settings"
RESOURCE = Resource(
    "saml_settings",
    tables=(Table(_TABLE, (Column("organization", references="organization"),)),),
    routes=(
        Route(_PATH, {"GET": _detail, "POST": _update, "DELETE": _reset}, enterprise=True),
        Route(f"{_PATH}/validate-metadata-url", {"POST": _try_metadata}, enterprise=True),
        Route(f"{_PATH}/validate-domain", {"POST": _try_domain}, enterprise=True),
    ),
    unknowns={UNCHOSEN: (NULL, BILLING), TRIES: (SAYS_FALSE, REFUSES)},
)
