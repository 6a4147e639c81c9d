"""The page that people open: each pair side by side, what changes in words, and the lines of XML folded below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lsops.labelconfig import pretty, summarise
from lsops.preview.guard import index_policy
from lsops.preview.page.frame import guarded, script
from lsops.preview.pair import SIDES, ConfigPair, Drawing
from lsops.render.html.elements import NONE, Html, as_html, element, joined
from lsops.render.safe import lines
from lsops.render.textdiff import diff_rows
from lsops.version import __version__

Cell = Callable[[str], Html]
"""Makes what shows the drawing of a key, such as `3-before`."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """All that is shown: `compared` says with what, `editor` whose drew it, `note` why nothing is drawn.

    `plan` is the address of the page of the plan that shows the same, from where this one stands; empty without one.
    """

    pairs: tuple[ConfigPair, ...]
    drawings: tuple[Drawing, ...] = ()
    compared: str = ""
    editor: str = ""
    note: str = ""
    plan: str = ""


def index_page(gallery: Gallery, cell: Cell) -> Html:
    """The page of a folder. Its only script fits the heights of frames."""
    style, fit = script("preview.css"), script("fit.js")
    head = element("head", *guarded(index_policy(style, fit)), *named(), element("style", Html(style)))
    body = element("body", *parts(gallery, cell), element("script", Html(fit)))
    return Html(f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n")


def named() -> tuple[Html, Html]:
    """Title and scale of a page."""
    scale = element("meta", name="viewport", content="width=device-width, initial-scale=1")
    return scale, element("title", as_html("Labelling interface: before and after"))


def parts(gallery: Gallery, cell: Cell) -> Iterator[Html]:
    """What stands in the body."""
    yield element("h1", as_html("Labelling interface" + (": before and after" if gallery.compared else "")))
    drawn = f"Drawn by the editor of {gallery.editor} with made-up tasks; nothing is loaded from anywhere. "
    made = f"Made by lsops {__version__}."
    yield element("p", as_html(gallery.compared), class_="quiet") if gallery.compared else NONE
    yield element("p", as_html((drawn if gallery.editor else "") + made), class_="quiet")
    yield element("p", element("a", as_html("The page of the plan"), href=gallery.plan)) if gallery.plan else NONE
    yield element("p", as_html(gallery.note), class_="note") if gallery.note else NONE
    if not gallery.pairs:
        yield element("p", as_html("No label config differs." if gallery.compared else "There is no label config."))
    for number, pair in enumerate(gallery.pairs, 1):
        yield joined(_pair(number, pair, gallery, cell))


def _pair(number: int, pair: ConfigPair, gallery: Gallery, cell: Cell) -> Iterator[Html]:
    yield element("h2", as_html(pair.address), id=f"pair-{number}")
    words = summary(pair) if gallery.compared else []
    yield element("ul", *(element("li", as_html(one)) for one in words)) if words else NONE
    if gallery.editor:
        yield element("div", *_figures(number, pair, gallery, cell), class_="sides")
    yield _xml(pair)


def _figures(number: int, pair: ConfigPair, gallery: Gallery, cell: Cell) -> Iterator[Html]:
    known = {drawing.key for drawing in gallery.drawings}
    for side, config in zip(SIDES, (pair.before, pair.after), strict=True):
        key = f"{number}-{side}"
        if gallery.compared or config is not None:
            yield _figure(side if gallery.compared else "", cell(key) if key in known else None, config)


def _figure(side: str, drawn: Html | None, config: str | None) -> Html:
    caption = element("figcaption", as_html(side.capitalize())) if side else NONE
    words = "Not there." if config is None else "It is no XML that Label Studio takes, and not drawn."
    none = element("div", as_html(words), class_="none")
    return element("figure", caption, element("div", drawn, class_="drawn") if drawn else none)


def summary(pair: ConfigPair) -> list[str]:
    """What changes, in words."""
    if pair.before is None or pair.after is None:
        return ["new" if pair.before is None else "removed"]
    return summarise(pair.before, pair.after)


def _xml(pair: ConfigPair) -> Html:
    rows = _rows(pair)
    body = element("pre", joined(_row(row) for row in rows))
    return element("details", element("summary", as_html("Label config as XML")), body)


def _rows(pair: ConfigPair) -> Sequence[str]:
    if pair.before is None or pair.after is None:
        return lines(pretty(pair.after or pair.before or "").rstrip())
    names_and_rows = diff_rows(pretty(pair.before).rstrip(), pretty(pair.after).rstrip(), full=True)
    return names_and_rows[2:]


def _row(row: str) -> Html:
    tone = {"+": "plus", "-": "minus"}.get(row[:1], "")
    return element("span", as_html(row), class_=tone) if tone else as_html(row)
