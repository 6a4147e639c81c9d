"""The pictures of the site, made anew with every build: what the terminal shows, the HTML page and the graph.

They are of a real plan: the quickstart applied to the sandbox, then changed in the browser and in the files.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from docs.make.drawings import draw_previews, editor_folder
from docs.make.sessions import bare_environment, by_hand, edit, working_in
from lsops.cli.main import run

ROOT = Path(__file__).parents[2]
PLAN = ("plan", "examples/quickstart", "--server", "sandbox:")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
PATIENCE = 60_000
"""Milliseconds that a busy machine may take to start a browser."""
COLUMNS = 96
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"


class MissingProgramError(RuntimeError):
    """A picture cannot be made on this machine."""


class Screen(io.StringIO):
    """A stream that says that it is a terminal, so that what is printed has its colours."""

    def isatty(self) -> bool:
        return True


def make_pictures(folder: Path) -> list[str]:
    """Write every picture that this machine can make; what it lacks for the others.

    Raises:
        MissingProgramError: a program is lacking, and `CI` is set: a site without pictures is not published. Without an
            editor of Label Studio it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lacking = []
    with changed_quickstart():
        (folder / "plan.svg").write_text(terminal_picture(printed(*PLAN)), "utf-8")
        page = Path("plan.html")
        page.write_text(printed(*PLAN, "--format", "html"), "utf-8")
        if browser := shutil.which("chromium"):
            photograph(browser, page.resolve(), folder)
        else:
            lacking.append("chromium")
        if shutil.which("dot"):
            drawn = printed("graph", "examples/enterprise", "-t", "/projects/C*", "--format", "svg")
            (folder / "graph.svg").write_text(drawn, "utf-8")
        else:
            lacking.append("graphviz")
        if browser and editor_folder():
            draw_previews(printed, browser, list(FLAGS), folder)
    if lacking and os.environ.get("CI"):
        raise MissingProgramError(f"pictures cannot be made without {' and '.join(lacking)}")
    return lacking if editor_folder() or not browser else [*lacking, "installed Label Studio"]


@contextmanager
def changed_quickstart() -> Iterator[None]:
    """The working directory has the examples, and their plan some of everything."""
    with tempfile.TemporaryDirectory() as folder, working_in(folder), bare_environment():
        shutil.copytree(ROOT / "examples", "examples", ignore=shutil.ignore_patterns(".lsops"))
        printed("apply", *PLAN[1:], "--yes", "-t", "/projects/**")
        by_hand('PATCH /api/projects/1/ {"maximum_annotations": 1}')
        edit('examples/quickstart/labels/tickets-ner.xml: value="Version" => value="Release"')
        edit("examples/quickstart/lsops.yaml: Call centre audio => Call centre recordings")
        os.environ.pop("NO_COLOR", None)
        os.environ["TERM"] = "xterm-256color"
        yield


def printed(*arguments: str) -> str:
    """What a call shows on a terminal's stdout. Raises: RuntimeError where it fails."""
    out, err = Screen(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    if code:
        raise RuntimeError(f"lsops {' '.join(arguments)} ended with {code}: {err.getvalue()}")
    return out.getvalue()


def terminal_picture(text: str) -> str:
    """Coloured text as SVG, in whatever monospaced font the reader has."""
    from rich._export_format import CONSOLE_SVG_FORMAT
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(f"$ lsops {' '.join(PLAN)}\n{text}"))
    start, end = CONSOLE_SVG_FORMAT.index("@font-face"), CONSOLE_SVG_FORMAT.index(".{unique_id}-matrix")
    form = (CONSOLE_SVG_FORMAT[:start] + CONSOLE_SVG_FORMAT[end:]).replace("Fira Code, monospace", FONT)
    return console.export_svg(title="lsops plan", code_format=form, unique_id="plan")


def photograph(browser: str, page: Path, folder: Path) -> None:
    """The HTML page in light and dark, as a browser shows it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(FLAGS), timeout=PATIENCE)
        opened = chromium.new_page(viewport={"width": 1000, "height": 640})
        opened.goto(page.as_uri())
        for scheme in ("light", "dark"):
            opened.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            opened.screenshot(path=folder / f"page-{scheme}.png")
        chromium.close()
