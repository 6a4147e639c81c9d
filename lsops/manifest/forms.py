"""The forms of text that a schema names: `format`, and the normaliser `datetime`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from lsops.manifest.specs import NOTHING, Spec
from lsops.normalize import moment

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

FORMS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "date-time": (
        "a date and time in ISO 8601, such as 2026-01-31T12:00:00Z",
        lambda text: isinstance(moment(text), datetime),
    ),
    "email": ("an e-mail address", EMAIL.fullmatch),
    "uri": ("a URL", URI.fullmatch),
    "uuid": ("a UUID", UUID.fullmatch),
}


def form_of(spec: Spec) -> str:
    """The name of the form that a field's text must have; `""` where there is none that lsops knows."""
    if spec.get("x-lsops", NOTHING).get("compare") == "datetime":
        return "date-time"
    name = spec.get("format", "")
    return name if name in FORMS else ""


def misfit(form: str, text: str) -> str:
    """What the text should be and is not; `""` where it has the form."""
    description, has_form = FORMS[form]
    return "" if has_form(text) else description
