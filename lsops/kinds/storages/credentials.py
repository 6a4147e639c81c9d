"""Credentials of clouds, looked at before they are sent: the server says little, and only after it has tried."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

FIELD = "google_application_credentials"
ACCOUNT_KEY = "account_key"
"""Azure's client decodes it, and the server answers 500 to one that is no Base64 (Community facts 11)."""

SERVICE_ACCOUNT = ("client_email", "token_uri", "private_key")
"""What a service account's key must hold (Community facts 3.3)."""

EXTERNAL_ACCOUNT = ("audience", "subject_token_type", "token_url")
"""What the configuration of workload identity federation must hold."""

ACCEPTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "gcs": {"service_account": SERVICE_ACCOUNT},
    "gcswif": {"service_account": SERVICE_ACCOUNT, "external_account": EXTERNAL_ACCOUNT},
}
"""By type of storage, the types of credentials and the keys that each must hold."""


def check_credentials(field: str, text: str, *, storage: str) -> str | None:
    """What is wrong with a revealed secret of that type of storage, without a word of its content; None if nothing is.

    Fields of which lsops knows no form pass.
    """
    if field == ACCOUNT_KEY:
        return None if _is_base64(text) else f"{field} is not Base64, as every account key of Azure is"
    accepted = ACCEPTED.get(storage)
    if field != FIELD or accepted is None:
        return None
    credentials = _object(text)
    if credentials is None:
        return f"{field} is not a JSON object"
    needed = accepted.get(str(credentials.get("type")))
    if needed is None:
        return f'{field} must have "type": {" or ".join(map(json.dumps, accepted))}'
    missing = [name for name in needed if not isinstance(credentials.get(name), str) or not credentials[name]]
    return f"{field} lacks {', '.join(missing)}" if missing else None


def _is_base64(text: str) -> bool:
    """As Azure's client decodes it: signs of no digit are passed over, and the length must fit."""
    try:
        return bool(base64.b64decode(text))
    except ValueError:
        return False


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
