"""The bare program that lsops is compared with: httpx in threads, and nothing but the requests that lsops has made.

What a server answers slowly is asked for few at a time, as lsops does; no request waits for the answer of another.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from served import TOKEN, Served
from timing import PYTHON

AT_A_TIME = 16
GENTLE = 2
SLOW = "/api/ml/"
"""A server calls every ML backend of a list before it answers."""


def same_requests(server: Served, file: Path) -> tuple[int, list[str]]:
    """How many requests the server has had since the last time, and the command that makes them again."""
    asked = server.requests()
    if others := [one for one in asked if not one.startswith("GET ")]:
        raise SystemExit(f"only questions can be repeated, and not {others[0]}")
    file.write_text(json.dumps([server.url + one.removeprefix("GET ") for one in asked]), "utf-8")
    return len(asked), [PYTHON, __file__, str(file)]


def ask(urls: Sequence[str]) -> None:
    """The program."""
    import httpx

    limits = httpx.Limits(max_keepalive_connections=0)  # as lsops does
    with httpx.Client(headers={"Authorization": f"Token {TOKEN}"}, limits=limits) as client:
        several, few = ThreadPoolExecutor(AT_A_TIME), ThreadPoolExecutor(GENTLE)
        waiting = [(few if SLOW in url else several).submit(lambda url=url: client.get(url).json()) for url in urls]
        for one in waiting:
            one.result()


if __name__ == "__main__":
    ask(json.loads(Path(sys.argv[1]).read_text("utf-8")))
