"""Drawing label configs in a browser, and watching what a page tries to reach."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Frame, Request

from lsops.operations.preview import write_files
from lsops.preview.editor.bundle import Editor
from lsops.preview.page.folder import drawn_files, folder_pages, single_file
from lsops.preview.page.index import Gallery
from lsops.preview.pair import ConfigPair, drawings
from lsops.preview.pictures import Picture, find_chromium, take_pictures
from tests.support.browser import PATIENCE

ELSEWHERE = "127.0.0.9"


def gallery(configs: Sequence[str], editor: Editor) -> Gallery:
    """Configs as pairs of themselves with nothing before."""
    pairs = tuple(ConfigPair(f"/projects/{number}", None, config) for number, config in enumerate(configs, 1))
    return Gallery(pairs, drawings(pairs), "", editor.name)


def draw(configs: Sequence[str], editor: Editor, folder: Path, env: dict[str, str]) -> list[Picture]:
    """A picture of each config, as `--png` makes it."""
    shown = gallery(configs, editor)
    write_files(dict(drawn_files(shown, editor)), folder)
    return list(take_pictures(folder, shown.drawings, find_chromium(env), env))


def pages(configs: Sequence[str], editor: Editor, folder: Path) -> list[Path]:
    """The pages of a folder, that of its first drawing included, and all in one file."""
    shown = gallery(configs, editor)
    write_files(dict(folder_pages(shown, editor)), folder)
    write_files(dict(single_file(shown, editor)), folder / "single")
    return [folder / "1-after.html", folder / "index.html", folder / "single/index.html"]


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server that no page should ask for anything, its address, and what it is asked for."""
    asked: list[str] = []

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer((ELSEWHERE, 0), Asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{ELSEWHERE}:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def reached(browser: Browser, page_file: Path) -> list[str]:
    """What a page navigates to, asks for, or renames, once what it draws is drawn: nothing, if all is well."""
    found: list[str] = []
    page = browser.new_page(viewport={"width": 1300, "height": 1500})
    page.set_default_timeout(PATIENCE)
    page.on("framenavigated", lambda frame: found.append(frame.url) if ELSEWHERE in frame.url else None)
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108  # it wants a function
    page.goto(page_file.absolute().as_uri())
    holder = None if page_file.stem.endswith("after") else page.query_selector("iframe")
    drawing = (holder.content_frame() if holder else None) or page.main_frame
    drawing.wait_for_selector("html[data-lsops]")
    page.wait_for_timeout(700)
    found += [request.url for request in requests if _is_sent(request)]
    found += [title for frame in page.frames if "PWN" in (title := _title(frame))]
    page.close()
    return found


def _is_sent(request: Request) -> bool:
    """Whether it left the page: what the policy blocks is told as a request, too, and is asked of nobody."""
    return request.url.startswith("http") and request.failure != "csp"


def _title(frame: Frame) -> str:
    return str(frame.evaluate("document.title"))
