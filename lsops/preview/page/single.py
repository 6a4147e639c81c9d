"""All in one file: the editor is in it, compressed, and the browser unpacks it for each frame that comes into view."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode

from lsops.preview.editor.bundle import Editor
from lsops.preview.guard import SANDBOX, STRICT_SANDBOX, frame_policy, nonce_for, script_json
from lsops.preview.page.frame import BARE, given_to, guarded, inline, script
from lsops.preview.page.index import Gallery, named, parts
from lsops.render.html.elements import Html, as_html, element

LICENSES = ("LICENSE", "3rdpartylicenses.txt")
_FONT = re.compile(r"url\((fonts/[\w.-]+)\)")


def single_page(gallery: Gallery, editor: Editor) -> Html:
    """The page; less than 3 MB beside what its tasks hold."""
    drawn = script_json({drawing.key: given_to(drawing, editor) for drawing in gallery.drawings})
    nonce = nonce_for(drawn, *(f"{pair}" for pair in gallery.pairs))
    inner = _frame(nonce)
    packed = element("script", Html(_packed(editor)), type="text/plain", id="editor")
    own = inline(
        f"var LSOPS_DRAWN={drawn},LSOPS_FRAME={script_json(inner)};\n{script('fit.js')}{script('single.js')}", nonce
    )
    rights = SANDBOX if editor.is_trusted else STRICT_SANDBOX
    told = element("details", element("summary", as_html("Licences of the editor")), element("pre", id="licenses"))
    cells = parts(gallery, lambda key: element("iframe", data_key=key, sandbox=rights, title=key))
    head = element("head", *guarded(frame_policy(nonce)), *named(), element("style", Html(script("preview.css"))))
    page = element("html", head, element("body", *cells, told, packed, own), lang="en")
    return Html(f"<!DOCTYPE html>\n{page}\n")


def _frame(nonce: str) -> str:
    """The page of a frame, which gets all else from the one around it."""
    head = element("head", *guarded(frame_policy(nonce)), BARE)
    body = element("body", element("div", id="ls"), inline(script("assemble.js"), nonce))
    return f"<!DOCTYPE html>{element('html', head, body, lang='en', data_color_scheme='light')}"


def _packed(editor: Editor) -> str:
    """Scripts and styles, their fonts in them, as base64 of what gzip makes of their JSON; the same each time."""
    texts = {name: editor.files[name].decode("utf-8", "replace") for name in (*editor.scripts, *editor.styles)}
    everything = {
        "scripts": [texts[name] for name in editor.scripts],
        "styles": [_FONT.sub(lambda match: f"url({_font(editor, match[1])})", texts[name]) for name in editor.styles],
        "licenses": [editor.files[name].decode("utf-8", "replace") for name in LICENSES if name in editor.files],
        "boot": script("boot.js"),
        "draw": script("draw.js"),
    }
    return b64encode(gzip.compress(json.dumps(everything, ensure_ascii=False).encode(), 9, mtime=0)).decode()


def _font(editor: Editor, name: str) -> str:
    data = editor.files.get(name, b"")
    return f"data:font/{name.rpartition('.')[2]};base64,{b64encode(data).decode()}"
