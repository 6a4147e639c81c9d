"""A snapshot's tasks, read back from its file one after another."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from lsops.sandbox import files
from lsops.sandbox.store import Document, Store

_BETWEEN = "[, "


def stored_tasks(store: Store, file: Document) -> Iterator[Document]:
    """The tasks of an export's file, which is a list of them: one is in memory at a time, and a part of the file."""
    decoder = json.JSONDecoder()
    waiting = ""
    for piece in codecs.iterdecode(files.read(store, file), "utf-8"):
        waiting += piece
        at = 0
        while True:
            start = _next(waiting, at)
            try:
                task, at = decoder.raw_decode(waiting, start)
            except json.JSONDecodeError:
                break
            yield task
        waiting = waiting[at:]


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BETWEEN:
        at += 1
    return at
