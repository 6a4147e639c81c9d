"""The named normalisers of `x-lsops: {compare: …}`: two values are equal when their normal forms are.

What the server does to a value is in `label-studio` facts 2.3 and 2.4 of Community 1.23.2 and section 2 of Enterprise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

ROLES: Mapping[str, str] = {
    "OW": "owner",
    "AD": "administrator",
    "MA": "manager",
    "RE": "reviewer",
    "AN": "annotator",
    "NO": "not_activated",
    "DI": "deactivated",
    "VO": "view_only",
}
"""Role codes and their words (Enterprise facts 3)."""

SAFE_TAGS = frozenset(
    """a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col
    colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2
    h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark math menu meta meter
    nav noscript object ol optgroup option output p picture portal pre progress q rp rt ruby s samp script section
    select slot small source span strong style sub summary sup svg table tbody td template textarea tfoot th thead
    time title tr track u ul var video wbr""".split()
)
SAFE_ATTRIBUTES = """
    align alink alt bgcolor border cellpadding cellspacing class color cols colspan coords dir face height href
    hspace ismap lang marginheight marginwidth multiple name nohref noresize noshade nowrap ref rel rev rows rowspan
    scrolling shape span src summary tabindex title type usemap valign value vlink vspace width""".split()


def strip(value: Any) -> Any:
    """Text without blanks at its ends: the server trims nearly every text field."""
    return value.strip() if isinstance(value, str) else value


def html(value: Any) -> Any:
    """Text as the server's sanitiser leaves it (`expert_instruction`); the result is a fixed point."""
    if not isinstance(value, str) or not any(mark in value for mark in "<>&\r\0"):
        return value
    import bleach

    return bleach.clean(value, tags=SAFE_TAGS, attributes=SAFE_ATTRIBUTES)


def xml(value: Any) -> Any:
    """Label configs but for the order of attributes and blank text between elements; malformed ones as they are."""
    if not isinstance(value, str):
        return value
    from lsops.labelconfig import LabelConfigError, canonical

    try:
        return canonical(value.strip())
    except LabelConfigError:
        return value.strip()


def color(value: Any) -> Any:
    """`#1f77b4` and `#1F77B4` are one colour; the server keeps the case."""
    return value.strip().upper() if isinstance(value, str) else value


def decimal(value: Any) -> Any:
    """`"95"`, `95.0` and `"95.00"` are one number; the server prints two decimals."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return value
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return value
    return number.normalize() if number.is_finite() else value


def moment(value: Any) -> Any:
    """A point in time as UTC; without a zone it is UTC, and a date is its midnight, as the server reads them."""
    if not isinstance(value, str):
        return value
    try:
        parsed = datetime.fromisoformat(value.strip().replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        return value
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)


def path(value: Any) -> Any:
    """A local path as the server keeps it: trimmed, forward slashes, none doubled, none at the end."""
    if not isinstance(value, str):
        return value
    text = value.strip().replace("\\", "/")
    while "//" in text:
        text = text.replace("//", "/")
    return text.rstrip("/") if len(text) > 1 else text


def email(value: Any) -> Any:
    """E-mails compare without case."""
    return value.strip().casefold() if isinstance(value, str) else value


def switch(value: Any) -> Any:
    """A timestamp that means on, null that means off; a manifest writes true and false."""
    return bool(value)


def role(value: Any) -> Any:
    """A role as a word: manifests may write the server's code, in any case."""
    return ROLES.get(value.strip().upper(), value.strip().lower()) if isinstance(value, str) else value


def role_code(value: str) -> str:
    """The server's code of a role that is given as a word or as a code."""
    word = role(value)
    return next((code for code, name in ROLES.items() if name == word), value)


def filters(value: Any) -> Any:
    """The filters of a view: a condition without a second one may say so, and the server does not."""
    if not isinstance(value, Mapping) or not isinstance(value.get("items"), list):
        return value
    return {**value, "items": [_condition(item) for item in value["items"]]}


def _condition(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    return {name: sub for name, sub in item.items() if sub or name not in ("child_filter", "child_filters")}


def rules(value: Any) -> Any:
    """Rules about shares: what one does not say is null, and shares are decimals, which the server prints with four."""
    return [_rule(item) for item in value] if isinstance(value, list) else value


def _rule(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    said = {name: sub for name, sub in item.items() if sub is not None}
    return {name: decimal(sub) if name in ("agreement_threshold", "sample_rate") else sub for name, sub in said.items()}


NORMALISERS: Mapping[str, Callable[[Any], Any]] = {
    "strip": strip,
    "html": html,
    "xml": xml,
    "color": color,
    "decimal": decimal,
    "datetime": moment,
    "path": path,
    "email": email,
    "switch": switch,
    "role": role,
    "filters": filters,
    "rules": rules,
}


def normal(compare: str, value: Any) -> Any:
    """The normal form of a value under a named normaliser; without a name it is the value."""
    return NORMALISERS[compare](value) if compare else value
