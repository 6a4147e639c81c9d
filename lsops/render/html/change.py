"""One change on the page: what it is, where it stands, what it destroys and causes, and its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lsops.engine.words import quoted_key, shown_id
from lsops.masking import mask_addresses
from lsops.model.address import split
from lsops.render.fields import Sent, Shown
from lsops.render.html.columns import side_by_side
from lsops.render.html.elements import NONE, Html, as_html, code_of, element, joined
from lsops.render.html.pictures import drawn_figures
from lsops.render.parts import Entry
from lsops.schema import noun_of

TONES = {
    "create": "create",
    "missing": "create",
    "done": "create",
    "update": "update",
    "changed": "update",
    "replace": "replace",
    "delete": "delete",
    "unwanted": "delete",
    "failed": "delete",
    "skipped": "quiet",
    "unchanged": "quiet",
}
"""By action, sort of drift or outcome, which colour it has."""
SIGNS = {"create": "+", "update": "~", "replace": "-/+", "delete": "-", "missing": "+", "changed": "~", "unwanted": "-"}


def change_article(entry: Entry, mark: str, *, below: int = 0) -> Html:
    """A change as an element that filters find; `mark` is its id, `below` of how many parts its holder's address is."""
    change = entry.change
    fields = replace(entry, look=replace(entry.look, verbose=True)).fields()
    parts = (
        _head(entry, below),
        element("p", as_html(entry.remark), class_="remark") if entry.remark else NONE,
        _remarks(entry),
        joined((*map(_field, fields), *map(_secret, entry.secrets()))),
        drawn_figures(entry.drawn),
    )
    return element(
        "article",
        joined(parts),
        id=mark,
        class_=f"change {TONES.get(entry.sort, 'quiet')}",
        data_sort=entry.sort,
        data_kind=change.kind,
        data_address=change.address,
    )


def short_name(address: str, below: int = 0) -> Html:
    """An address without the first of its parts, its last one in the foreground."""
    parts = split(mask_addresses(address))
    parts = parts[below:] or parts
    *way, last = parts or [address]
    before = element("span", as_html("/".join(way) + "/"), class_="way") if way else NONE
    return element("span", before, element("b", as_html(last)), class_="name")


def badge(sort: str, symbol: str = "") -> Html:
    """The word for an action, in its colour."""
    sign = element("span", as_html(symbol or SIGNS.get(sort, "")), class_="sign", aria_hidden="true")
    return element("span", sign, as_html(f" {sort}"), class_=f"badge {TONES.get(sort, 'quiet')}")


def _head(entry: Entry, below: int) -> Html:
    change = entry.change
    title = element("h3", badge(entry.sort, change.symbol), short_name(change.address, below), title=change.address)
    return element("header", title, element("p", joined(_facts(entry), " "), class_="facts"))


def _facts(entry: Entry) -> Iterator[Html]:
    change, prefix = entry.change, entry.look.prefix
    yield element("span", as_html(noun_of(change.kind)))
    if number := shown_id(change):
        yield element("span", as_html(f"id {number}"))
    if key := quoted_key(change):
        yield element("span", as_html(key))
    if change.source:
        yield element("span", as_html(f"{prefix}{change.source.file}:{change.source.line}"), class_="place")
    yield from _badges(entry)


def _badges(entry: Entry) -> Iterator[Html]:
    if entry.origin:
        yield element("span", as_html(entry.origin.strip("()")), class_="tag")
    if entry.is_exposing:
        yield element("span", as_html("access and data"), class_="tag")


def _remarks(entry: Entry) -> Html:
    rows = [
        element("li", element("b", as_html(item.label)), Html(" "), as_html(item.text), class_=item.style)
        for item in entry.remarks()
    ]
    return element("ul", joined(rows), class_="remarks") if rows else NONE


# ---- fields ------------------------------------------------------------------------------------


def _field(field: Shown) -> Html:
    place = element("span", as_html(field.place), class_="place") if field.place else NONE
    inner = joined(
        element("div", element("span", as_html(path), class_="path"), _said((old, new), is_new=False), class_="inner")
        for path, old, new in field.inner
    )
    said = _said(field.said, is_new=field.is_new) if field.said and not field.inner else NONE
    return _row(field.name, place, joined((said, inner, side_by_side(field))))


def _secret(secret: Sent) -> Html:
    sent = element("span", as_html("sent, "), code_of(secret.reference), class_="sent")
    return _row(secret.name, NONE, joined((_said(secret.said, is_new=len(secret.said) == 1), sent), " "))


def _row(name: str, place: Html, value: Html) -> Html:
    title = element("div", as_html(name), place, class_="field-name")
    return element("div", title, element("div", value, class_="field-value"), class_="field")


def _said(said: tuple[str, ...], *, is_new: bool) -> Html:
    """A value, or the one before and the one after."""
    if len(said) == 2:
        arrow = element("span", Html("&rarr;"), class_="arrow", aria_label="becomes", role="img")
        both = element("del", as_html(said[0])), arrow, element("ins", as_html(said[1]))
        return element("div", joined(both, " "), class_="said")
    return element("div", *(element("ins" if is_new else "span", as_html(one)) for one in said), class_="said")
