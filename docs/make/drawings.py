"""The pictures of the page on previews: what `lsops preview` makes, and a plan that has its pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICKSTART = ("examples/quickstart", "--server", "sandbox:")
PROJECT = "/projects/Support tickets NER"
DRAWN = "iframe[title='1-before'], iframe[title='1-after']"
PATIENCE = 60_000
"""Milliseconds that a busy machine may take to draw."""


def editor_folder() -> Path | None:
    """The Label Studio that is installed for tests, or beside lsops; nothing is fetched for a build."""
    places = (*(ROOT / ".venv-label-studio").glob("lib/*/site-packages"), *map(Path, sys.path))
    return next((one for one in places if (one / "web/dist/apps/labelstudio/runtime.js").is_file()), None)


def draw_previews(printed: Callable[..., str], browser: str, flags: list[str], folder: Path) -> None:
    """Two pictures, of the changed quickstart in the working directory: `preview.png` and `drawn.png`."""
    from playwright.sync_api import sync_playwright

    printed("preview", *QUICKSTART, "--live", "-t", PROJECT, "--png", "-o", "preview", "--editor", f"{editor_folder()}")
    page = Path("drawn.html")
    page.write_text(printed("plan", *QUICKSTART, "--preview", "preview", "--format", "html"), "utf-8")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=flags, timeout=PATIENCE)
        opened = chromium.new_page(viewport={"width": 1200, "height": 800}, color_scheme="light")
        opened.set_default_timeout(PATIENCE)
        opened.goto(Path("preview/index.html").absolute().as_uri())
        for frame in opened.query_selector_all(DRAWN):
            drawing = frame.content_frame()
            assert drawing is not None  # noqa: S101  # a frame has one
            drawing.wait_for_selector("html[data-lsops]")
        opened.wait_for_timeout(500)  # the page gives its frames their heights
        opened.locator("body").screenshot(path=folder / "preview.png")
        opened.goto(page.absolute().as_uri())
        opened.locator("article", has=opened.locator(".drawn")).screenshot(path=folder / "drawn.png")
        chromium.close()
