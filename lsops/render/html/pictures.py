"""Pictures in a page, as parts of it: what the labelling interface looks like before and after a change."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from lsops.render.html.elements import NONE, Html, as_html, element
from lsops.render.pictures import PicturesOfChange, Shot


def drawn_figures(drawn: PicturesOfChange | None) -> Html:
    """The pictures side by side, and where both are larger; nothing where there are none."""
    if drawn is None:
        return NONE
    link = element("a", as_html("open the preview"), href=drawn.link)
    title = element("summary", as_html(f"Labelling interface, {drawn.words}"))
    figures = element("div", *_figures(drawn), class_="drawn")
    return element("details", title, figures, element("p", link, class_="facts"), open=True)


def _figures(drawn: PicturesOfChange) -> Iterator[Html]:
    for name, shot in drawn.sides:
        caption = element("figcaption", as_html(name))
        yield element("figure", caption, _image(name, shot, drawn.link))


def _image(name: str, shot: Shot | None, link: str) -> Html:
    if shot is None:
        return element("p", as_html("No picture: it was not drawn as it is here."), class_="facts")
    if not shot.png:
        left_out = as_html("Not in this page, which holds as many pictures as it may: ")
        return element("p", left_out, element("a", as_html(shot.name), href=link), class_="facts")
    data = f"data:image/png;base64,{b64encode(shot.png).decode()}"
    return element("img", src=data, alt=f"The labelling interface {name.lower()}")
