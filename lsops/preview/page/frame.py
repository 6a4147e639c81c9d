"""A page that draws one label config with the files of an editor that lie beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lsops.preview.editor.bundle import Editor
from lsops.preview.guard import frame_policy, nonce_for, script_json
from lsops.preview.pair import Drawing
from lsops.render.html.elements import Html, element

ASSETS = "assets/"
"""The folder of the editor's files, beside the pages."""


@cache
def script(name: str) -> str:
    """A script of ours, or the style."""
    return (Path(__file__).parent / name).read_text("utf-8")


def given_to(drawing: Drawing, editor: Editor) -> dict[str, Any]:
    """What a page tells its scripts of a drawing."""
    return {
        "key": drawing.key,
        "config": drawing.config,
        "task": drawing.task,
        "interfaces": drawing.interfaces,
        "tags": drawing.tags,
        "whose": editor.words,
        "flags": dict(editor.flags),
    }


def frame_page(drawing: Drawing, editor: Editor) -> Html:
    """The page. It loads the editor's files and nothing else, whatever the label config asks for."""
    given = script_json(given_to(drawing, editor))
    nonce = nonce_for(given)
    runtime, *others = editor.scripts
    scripts = (
        inline(f"window.LSOPS={given}", nonce),
        inline(script("boot.js"), nonce),
        element("script", nonce=nonce, src=ASSETS + runtime),
        inline("LSOPS_WRAP()", nonce),
        *(element("script", nonce=nonce, src=ASSETS + name) for name in others),
        inline(script("draw.js"), nonce),
    )
    links = (Html(_link(name, is_first=not number)) for number, name in enumerate(editor.styles))
    head = element("head", *guarded(frame_policy(nonce, "'self' file:")), *links, BARE)
    body = element("body", element("div", id="ls"), *scripts)
    page = element("html", head, body, lang="en", data_color_scheme="light")
    return Html(f"<!DOCTYPE html>\n{page}\n")


BARE = element("style", Html("body{margin:0;background:#fff}"))


def guarded(policy: str) -> tuple[Html, ...]:
    """What stands first in a head."""
    return (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="referrer", content="no-referrer"),
    )


def inline(text: str, nonce: str) -> Html:
    """A script of ours in the page; it must hold no foreign text that is not `script_json`."""
    return element("script", Html(text), nonce=nonce)


def _link(name: str, *, is_first: bool) -> str:
    return f'<link rel="stylesheet" href="{ASSETS}{name}"{"" if is_first else " data-editor"}>'
