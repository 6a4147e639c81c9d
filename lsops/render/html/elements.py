"""HTML from foreign text: what `as_html` and `element` make is HTML, and nothing else is, which types tell apart."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NewType

from lsops.render.safe import line

Html = NewType("Html", str)
"""Mark-up: of our own, or made from foreign text that was escaped."""

NONE = Html("")
VOID = frozenset({"meta", "input", "img"})
"""Elements that hold nothing."""


def as_html(text: str) -> Html:
    """A text as it is, in one line: what hides or reorders is spelled out, mark-up is none."""
    return Html(escape(line(text)))


def element(name: str, /, *inner: Html, **attributes: str | bool) -> Html:
    """An element; of an attribute's name `_` stands for `-`, and at the end for nothing. False is no attribute."""
    marks = "".join(_attribute(key, value) for key, value in attributes.items() if value is not False)
    return Html(f"<{name}{marks}>" if name in VOID else f"<{name}{marks}>{''.join(inner)}</{name}>")


def joined(parts: Iterable[Html], between: str = "\n") -> Html:
    """Parts one after another."""
    return Html(between.join(part for part in parts if part))


def code_of(text: str) -> Html:
    """Foreign text as code."""
    return element("code", as_html(text)) if text else element("i", as_html("empty"))


def _attribute(key: str, value: str | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(line(str(value)))}"'
