"""What the site has that the Markdown pages leave to its build; MkDocs calls these hooks.

Pages stay plain Markdown that GitHub shows as well. For the site

- a link that leaves `docs/` leads to the file on GitHub;
- `<!-- picture NAME: what it shows -->` becomes a picture, and a block of Mermaid the graph drawn by graphviz;
- `<!-- api MODULE.NAME -->` becomes the reference of it, from its docstrings;
- a pipe in code in a table stands as it is: Python-Markdown wants no backslash before it, and would show it.
"""

from __future__ import annotations

import logging
import posixpath
import re
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
SOURCE = "https://github.com/lsops/lsops/blob/main/"
FENCE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)$", re.DOTALL | re.MULTILINE)
OUTWARD = re.compile(r"(\]\()((?:\.\./)+[^)\s#]*)(#[^)\s]*)?(?=\))")
PICTURE = re.compile(r"^<!-- picture ([a-z]+): (.*?) -->$", re.DOTALL | re.MULTILINE)
API = re.compile(r"^<!-- api ([\w.]+) -->$", re.MULTILINE)
TABLE_ROW = re.compile(r"^\|.*$", re.MULTILINE)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
MERMAID = re.compile(r"^```mermaid\n.*?^```$", re.DOTALL | re.MULTILINE)
GRAPH = "<!-- picture graph: a part of the organisation of examples/enterprise as lsops graph draws it -->"
NAMES = {
    "plan": ("plan.svg",),
    "graph": ("graph.svg",),
    "preview": ("preview.png",),
    "drawn": ("drawn.png",),
    "page": ("page-light.png#only-light", "page-dark.png#only-dark"),
}
"""The files of a picture; with two, the reader's palette chooses."""

log = logging.getLogger("mkdocs.hooks.pictures")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pictures of this build."""
    from mkdocs.structure.files import File

    sys.path.insert(0, str(ROOT))
    from docs.make.pictures import make_pictures

    folder = Path(config.site_dir).with_name("pictures")
    lacking = make_pictures(folder)
    if lacking:
        log.info("some pictures are left out, for this machine has no %s", " and no ".join(lacking))
    for path in sorted(folder.iterdir()):
        files.append(File.generated(config, f"pictures/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page as the site has it; one that is generated is not for editing."""
    del config
    if markdown.partition("\n\n")[2].startswith("Generated "):
        page.edit_url = None
    here = page.file.src_uri
    there = {file.src_uri for file in files}
    markdown = MERMAID.sub(GRAPH, markdown) if here == "graph.md" and "pictures/graph.svg" in there else markdown
    for form, become in (
        (OUTWARD, lambda found: _outward(found, here)),
        (PICTURE, lambda found: _picture(found, here, there)),
        (API, lambda found: f"::: {found[1]}"),
        (TABLE_ROW, lambda found: CODE.sub(lambda code: code[0].replace("\\|", "|"), found[0])),
    ):
        markdown = _outside_fences(form, become, markdown)
    return markdown


def _outside_fences(form: re.Pattern[str], become: Callable[[re.Match[str]], str], text: str) -> str:
    """The text with a form replaced but where code stands, which is shown as it is."""
    parts, last = [], 0
    for fence in FENCE.finditer(text):
        parts += [form.sub(become, text[last : fence.start()]), fence[0]]
        last = fence.end()
    return "".join([*parts, form.sub(become, text[last:])])


def _outward(found: re.Match[str], page: str) -> str:
    """A link that leaves `docs/` leads to GitHub; one from a folder in it to another page stays."""
    path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), found[2]))
    if path.startswith("docs/"):
        return found[0]
    if not (ROOT / path).exists():
        log.warning("%s: there is no %s", page, path)
    return f"{found[1]}{SOURCE}{path}{found[3] or ''}"


def _picture(found: re.Match[str], page: str, there: set[str]) -> str:
    name, alt = found[1], " ".join(found[2].split())
    if not all(f"pictures/{file.partition('#')[0]}" in there for file in NAMES[name]):
        return ""
    up = "../" * page.count("/")
    return "\n\n".join(f"![{escape(alt)}]({up}pictures/{file}){{ .picture .{name} }}" for file in NAMES[name])
