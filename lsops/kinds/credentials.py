"""Forms of secrets, looked at before they are sent: a server says little, and only after it has tried.

A field says in its schema which form its secret has (`credential`); this module holds no kind itself.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lsops.schema import Field
from lsops.validation import anchored

Form = Callable[[str, str, Field], str | None]
"""What is wrong with a revealed secret, by the name that messages call it, its text, and its field."""

SERVICE_ACCOUNT = {"service_account": ("client_email", "token_uri", "private_key")}
"""What a service account's key must hold (Community facts 3.3)."""

EXTERNAL_ACCOUNT = {"external_account": ("audience", "subject_token_type", "token_url")}
"""What the configuration of workload identity federation must hold."""

A_HEADER = re.compile(r"[\t -~\x80-\xff]*")
"""What a header can carry; the schema says the same of one that is written out."""


def unfit(name: str, text: str, field: Field | None) -> str | None:
    """What is wrong with a revealed secret, without a word of its content; None if nothing is.

    Fields of which lsops knows no form pass.
    """
    form = FORMS.get(field.credential) if field is not None else None
    return form(name, text, field) if form is not None and field is not None else None


def _google(name: str, text: str, _: Field, *, accepted: Mapping[str, tuple[str, ...]]) -> str | None:
    """`accepted` are the types of credentials, with the keys that each must hold."""
    credentials = _object(text)
    if credentials is None:
        return f"{name} is not a JSON object"
    needed = accepted.get(str(credentials.get("type")))
    if needed is None:
        return f'{name} must have "type": {" or ".join(map(json.dumps, accepted))}'
    missing = [key for key in needed if not isinstance(credentials.get(key), str) or not credentials[key]]
    return f"{name} lacks {', '.join(missing)}" if missing else None


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _account_key(name: str, text: str, _: Field) -> str | None:
    """Azure's client decodes it, and the server answers 500 to one that is no Base64 (Community facts 11).

    That client passes over signs that are no digits, and the length must fit.
    """
    try:
        is_base64 = bool(base64.b64decode(text))
    except ValueError:
        is_base64 = False
    return None if is_base64 else f"{name} is not Base64, as every account key of Azure is"


def _header(name: str, text: str, _: Field) -> str | None:
    """A header that no client can send: the server takes it, and its calls fail from then on."""
    if any(sign in text for sign in "\r\n\0"):
        return f"{name} has a line break in it, which no header can carry; is it at the end of the variable?"
    return None if A_HEADER.fullmatch(text) else f"{name} has a character that no header can carry"


def _url(name: str, text: str, field: Field) -> str | None:
    """What the schema asks of a URL that is written out."""
    spec = field.raw
    fits = len(text) <= spec["maxLength"] and re.search(anchored(spec["pattern"]), text) is not None
    return None if fits else f"{name} must be {spec['x-lsops']['form']}"


FORMS: Mapping[str, Form] = {
    "azure-account-key": _account_key,
    "google-credentials": partial(_google, accepted={**SERVICE_ACCOUNT, **EXTERNAL_ACCOUNT}),
    "google-service-account": partial(_google, accepted=SERVICE_ACCOUNT),
    "header": _header,
    "url": _url,
}
"""The forms by their names, as the schemas have them."""
