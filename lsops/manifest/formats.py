"""The forms of text that a schema names: `format`, and the normaliser `datetime`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime

from lsops.manifest.specs import NOTHING, Spec
from lsops.normalize import moment

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

LONGEST_REGEX = 4096
"""Characters of a regular expression that is tried."""
COSTLY = re.compile(r"[^\x00-\x7f]|\\[uUN]|\(\?[a-zA-Z]*-?[a-zA-Z]*i")
"""What can make Python's compiler take a hundred times as long: wide classes, and those without case."""


def is_regex(text: str) -> bool:
    """Whether the server's Python can compile a text, as far as this one can tell without working hard for it.

    What is too long to try passes. Of what is costly to compile the costly signs are put aside, and only a sign of
    repetition with nothing before it counts, as globs begin with one.
    """
    if len(text) > LONGEST_REGEX:
        return True
    plain = COSTLY.sub("\x7f", text)
    problem = _problem(plain)
    return not problem or (plain != text and not problem.startswith("nothing to repeat"))


def _problem(pattern: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as problem:
            return str(problem) or "too deep"
    return ""


def glob_meant(text: str) -> str:
    """The regular expression for what a text means as a glob, such as `*.jpg`; empty where it is none."""
    if not re.fullmatch(r"[\w.*?/ -]+", text) or not set(text) & set("*?"):
        return ""
    signs = {"*": ".*", "?": ".", ".": r"\."}
    return "".join(signs.get(sign, sign) for sign in text)


FORMS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "date-time": (
        "a date and time in ISO 8601, such as 2026-01-31T12:00:00Z",
        lambda text: isinstance(moment(text), datetime),
    ),
    "email": ("an e-mail address", EMAIL.fullmatch),
    "regex": ("a regular expression", is_regex),
    "uri": ("a URL", URI.fullmatch),
    "uuid": ("a UUID", UUID.fullmatch),
}


def form_of(spec: Spec) -> str:
    """The name of the form that a field's text must have; `""` where there is none that lsops knows."""
    if spec.get("x-lsops", NOTHING).get("compare") == "datetime":
        return "date-time"
    name = spec.get("format", "")
    return name if name in FORMS else ""


def meant(form: str, text: str) -> str:
    """`did you mean "…"?` for a text that has not its form and is known as another; `""` where none is."""
    found = glob_meant(text) if form == "regex" else ""
    return f'did you mean "{found}"?' if found else ""


def misfit(form: str, text: str) -> str:
    """What the text should be and is not; `""` where it has the form."""
    description, has_form = FORMS[form]
    return "" if has_form(text) else description
