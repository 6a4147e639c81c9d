"""The rules of a SARIF log: an error code with what to do about it, an action or a sort of drift with what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from lsops.errors import CODES

CHANGES: Mapping[str, tuple[str, str]] = {
    "create": ("apply will create it", "The manifest declares it, and the server has none."),
    "update": ("apply will update it", "The server has it with other values than the manifest."),
    "replace": ("apply will replace it", "A field differs that only a delete and a create can change."),
    "delete": ("apply will delete it", "It is declared absent, or is in a managed collection and not declared."),
    "missing": ("missing on the server", "The manifest declares it, and the server has none. apply makes it again."),
    "changed": ("changed on the server", "Somebody changed it: apply undoes that, or the manifest takes it over."),
    "unwanted": ("should not be on the server", "It is declared absent, or is in a managed collection."),
}
"""By action or sort of drift: in one phrase what it is, and what there is to know."""
PAGE = "Error codes"
"""The label of the address of docs/errors.md among the project's addresses in the package's metadata."""
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


def rule(name: str) -> dict[str, Any]:
    """The rule of that name, with help; its address on the page of error codes where the package says where that is."""
    told, help_text = _code(name) if name in CODES else CHANGES[name]
    page = f"{error_page()}#{name}" if name in CODES and error_page() else ""
    return {
        "id": name,
        "shortDescription": {"text": told},
        "fullDescription": {"text": told},
        "help": {"text": help_text, "markdown": help_text},
        **({"helpUri": page} if page else {}),
    }


def _code(name: str) -> tuple[str, str]:
    from lsops.advice import remedies

    return CODES[name], _LINK.sub(r"\1", remedies()[name]["do"])


@cache
def error_page() -> str:
    """Where docs/errors.md can be read; empty where the package does not say."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        addresses = metadata("lsops").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    return next((where for label, _, where in (one.partition(", ") for one in addresses) if label == PAGE), "")
