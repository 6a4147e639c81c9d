"""Pictures of drawings, made by the machine's own Chromium through Playwright (the extra `preview`)."""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsops.errors import UsageError
from lsops.preview.pair import Drawing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect, Page

WIDTH, HEIGHT = 1100, 760
"""Pixels: below 900 the editor squeezes itself."""
AT_ONCE = 3
"""Pages that are open: one more than a small machine has cores, for one of them waits until its page is at rest."""
PATIENCE = 20_000
"""Milliseconds for one drawing."""
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "FONTCONFIG_PATH")
"""Variables that the browser gets."""
_FLAGS = (
    "--force-color-profile=srgb --font-render-hinting=none --disable-quic --no-first-run --disable-gpu "
    "--disable-background-networking --hide-scrollbars --disable-partial-raster"
).split()
"""Without partial raster, for what is painted in two goes has other edges than what is painted in one."""
_NO_HOST = "--host-resolver-rules=MAP * ~NOTFOUND"
"""Beside each page's own policy: no name leads anywhere."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as PNG; `lacks` are tags that the editor does not have, `errors` what went wrong in the page.

    `seconds` is how long the page took to get ready.
    """

    drawing: Drawing
    png: bytes
    lacks: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    is_ready: bool = True
    seconds: float = 0.0


def find_chromium(env: Mapping[str, str]) -> str:
    """The browser's path. Raises: UsageError, LS643, where it or Playwright is not installed."""
    try:
        import playwright.sync_api  # noqa: F401  # asked for before anything is drawn
    except ModuleNotFoundError as problem:
        hint = "pip install 'lsops[preview]'"
        raise UsageError.of("--png needs Playwright, which is not installed", code="LS643", hint=hint) from problem
    found = (shutil.which(name, path=env.get("PATH", "")) for name in PROGRAMS)
    path = next((one for one in found if one), None)
    if path is None:
        hint = "apt install chromium, or leave --png out: the page draws in any browser"
        raise UsageError.of("--png needs Chromium, which is not on the PATH", code="LS643", hint=hint)
    return path


def is_root() -> bool:
    """Whether Chromium can only run without its own sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def take_pictures(folder: Path, drawings: Sequence[Drawing], program: str, env: Mapping[str, str]) -> Iterator[Picture]:
    """A picture of each drawing, from its page in the folder, in their order; the next ones are drawn meanwhile.

    Tabs are used again: one that has compiled the editor draws the next page with half the work.
    """
    waiting = deque(drawings)
    with _browser(program, env) as browser:
        tabs = deque(_window(browser) for _ in range(min(AT_ONCE, len(waiting))))
        opened = deque((tab, _load(tab, folder, waiting.popleft())) for tab in tabs)
        while opened:
            tab, drawing = opened.popleft()
            picture = _picture(tab, drawing)
            if waiting:
                tab = _emptied(tab) if picture.is_ready else _instead_of(tab)
                opened.append((tab, _load(tab, folder, waiting.popleft())))
            yield picture


@contextmanager
def _browser(program: str, env: Mapping[str, str]) -> Iterator[Browser]:
    """The browser, which gets no token and no secret of the environment: it shows foreign pages."""
    from playwright.sync_api import sync_playwright

    flags = [*_FLAGS, _NO_HOST, *(["--no-sandbox"] if is_root() else [])]
    bare = {name: env[name] for name in PASSED_ON if name in env}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags, env=dict(bare))
        try:
            yield browser
        finally:
            browser.close()


def _window(browser: Browser) -> Page:
    """A tab in a window of its own: one behind another paints nothing, and its picture takes a second longer."""
    return browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce").new_page()


def _load(tab: Page, folder: Path, drawing: Drawing) -> Drawing:
    tab.goto((folder / f"{drawing.key}.html").absolute().as_uri(), wait_until="commit")
    return drawing


def _emptied(tab: Page) -> Page:
    """The tab, without what the editor has kept of its last drawing."""
    tab.evaluate("localStorage.clear(), sessionStorage.clear()")
    return tab


def _instead_of(tab: Page) -> Page:
    """Another tab, for what is wrong with one may last."""
    tab.close()
    return tab.context.new_page()


def _picture(tab: Page, drawing: Drawing) -> Picture:
    """One page, whose own script says when it is done and how high it is."""
    from playwright.sync_api import TimeoutError as TookTooLong

    try:
        tab.wait_for_selector("html[data-lsops]", timeout=PATIENCE)
        state: dict[str, Any] = tab.evaluate("window.LSOPS_STATE")
        box: FloatRect = {"x": 0, "y": 0, "width": WIDTH, "height": int(state["height"])}
        png = tab.screenshot(clip=box, full_page=True, animations="disabled", caret="hide")
    except TookTooLong:
        return Picture(drawing, b"", errors=("it did not get ready",), is_ready=False)
    lacks, errors, is_ready = tuple(state["lacks"]), tuple(state["errors"]), state["word"] == "ready"
    return Picture(drawing, png, lacks, errors, is_ready=is_ready, seconds=float(state["seconds"]))
