"""What keeps a page harmless whatever a label config has in it: it loads nothing, and runs no script but ours.

The editor shows a config's own styles, HTML and addresses. The page's policy lets the browser fetch nothing but `data:`
and `blob:`, and run nothing without a nonce, which is derived from all that the page holds: whoever writes it into a
config gets another one.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from typing import Any

SANDBOX, STRICT_SANDBOX = "allow-scripts allow-same-origin", "allow-scripts"
"""Rights of a frame; without its own origin where the editor's files come from a server."""


def nonce_for(*parts: str) -> str:
    """The nonce of a page that holds these parts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def frame_policy(nonce: str, beside: str = "") -> str:
    """The policy of a page that draws; `beside` is where the editor's files lie, if they are not in it."""
    near = f" {beside}" if beside else ""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'unsafe-inline'{near}; "
        f"img-src data: blob:; media-src data: blob:; font-src data:{near}; connect-src data: blob:; "
        f"worker-src blob:; frame-src data: blob:; object-src data:; form-action 'none'; base-uri 'none'"
    )


def index_policy(style: str, script: str) -> str:
    """The policy of a page that holds frames which draw; of styles and scripts it runs those of these texts.

    What our script sets on a frame is no style of the page: it goes through the document's own interface.
    """
    allowed = f"style-src '{_digest(style)}'; script-src '{_digest(script)}'; frame-src 'self' file:"
    return f"default-src 'none'; {allowed}; form-action 'none'; base-uri 'none'"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def script_json(value: Any) -> str:
    """A value as JavaScript that ends no script and begins no comment of HTML."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
