"""The site: no page of it leads nowhere, none asks another host for anything, and its search needs no server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import pytest
from markdown_it import MarkdownIt

from docs.make.pictures import MissingProgramError, make_pictures
from docs.make.site import API, NAMES, PICTURE, on_page_markdown
from tests.support.browser import chromium
from tests.support.built_site import ROOT, built_site

SOURCES = sorted(path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md"))
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "object": "data"}
"""What a browser loads by itself, by element; a canonical link is only said."""
COUNTED = ("h1", "h2", "h3", "h4", "li", "table", "tr", "pre", "blockquote")
OTHER_HOST = re.compile(r"^(?:https?:)?//")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_site(tmp_path_factory)


@cache
def tree(page: Path) -> Element:
    """A page as a browser reads it."""
    import html5lib

    return html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False)


@cache
def elements(page: Path) -> list[tuple[str, dict[str, str]]]:
    """Every element of a page: its name and attributes."""
    return [(str(item.tag), dict(item.attrib)) for item in tree(page).iter() if isinstance(item.tag, str)]


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def identities(page: Path) -> set[str]:
    found = elements(page)
    return {attributes[name] for _, attributes in found for name in ("id", "name") if name in attributes}


def dead_ends(page: Path, site: Path) -> Iterator[str]:
    """The addresses in a page that lead to no file or anchor of the site."""
    told = {attributes[name] for _, attributes in elements(page) for name in ("href", "src") if name in attributes}
    for address in sorted(told):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or page.name == "404.html":
            continue
        goal = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not leads_somewhere(goal / "index.html" if goal.is_dir() else goal, unquote(parts.fragment), site):
            yield address


def leads_somewhere(goal: Path, anchor: str, site: Path) -> bool:
    there = goal.is_relative_to(site.resolve()) and goal.exists()
    return there and (not anchor or goal.suffix != ".html" or anchor in identities(goal))


def test_every_page_of_the_documentation_is_on_the_site_and_nothing_else_of_the_folder(site: Path):
    made = {path.relative_to(site).with_suffix("") for path in pages(site)}
    assert made == {path.with_suffix("") for path in SOURCES} | {Path("404")}
    assert [path for path in site.rglob("*") if path.suffix == ".py" or path.name == "make"] == []


def test_no_page_leads_nowhere(site: Path):
    found = {page.name: list(dead_ends(page, site)) for page in pages(site)}
    assert {name: dead for name, dead in found.items() if dead} == {}


def test_a_dead_end_would_be_found(site: Path, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text('<a href="gone.html"></a><a href="#gone"></a><a href="page.html#here" id="here"></a>', "utf-8")
    assert list(dead_ends(page, tmp_path)) == ["#gone", "gone.html"]


def test_nothing_is_loaded_from_another_host(site: Path):
    loaded = [
        attributes[LOADED[tag]]
        for page in pages(site)
        for tag, attributes in elements(page)
        if tag in LOADED and LOADED[tag] in attributes and attributes.get("rel") not in ("canonical", "next", "prev")
    ]
    styled = [found for sheet in site.rglob("*.css") for found in re.findall(r"url\(['\"]?([^)'\"]+)", read(sheet))]
    drawn = [
        found for image in site.rglob("*.svg") for found in re.findall(r"(?:href=|url\()['\"]?([^)'\"]+)", read(image))
    ]
    assert len(loaded) > len(SOURCES)
    assert [address for address in (*loaded, *styled, *drawn) if OTHER_HOST.match(address)] == []


def read(path: Path) -> str:
    return path.read_text("utf-8")


def test_the_search_knows_a_word_of_every_page(site: Path):
    index = json.loads(read(site / "search/search_index.json"))["docs"]
    assert read(site / "search/search_index.js").startswith("var __index = ")
    for path in SOURCES:
        words = re.findall(r"[a-z]{7,}", read(ROOT / "docs" / path).partition("\n\n")[2].lower())
        told = " ".join(x["text"].lower() for x in index if x["location"].partition("#")[0] in addresses(path))
        assert any(word in told for word in words), path


def addresses(path: Path) -> tuple[str, ...]:
    here = path.with_suffix(".html").as_posix()
    return (here, "") if here == "index.html" else (here,)


def test_every_picture_is_on_its_page_and_says_what_it_shows(site: Path):
    made = {path.name for path in (site / "pictures").iterdir()}
    assert {"page-light.png", "page-dark.png"} <= made or shutil.which("chromium") is None
    for path in SOURCES:
        asked = PICTURE.findall(read(ROOT / "docs" / path))
        shown = [item for tag, item in elements(site / path.with_suffix(".html")) if "picture" in item.get("class", "")]
        assert all(len(item["alt"]) > 40 for item in shown)
        files = [file.partition("#")[0] for name, _ in asked for file in NAMES[name]]
        assert len(shown) >= len([file for file in files if file in made])


def test_the_reference_of_python_has_every_name_that_it_asks_for(site: Path):
    found = identities(site / "python.html")
    asked = API.findall(read(ROOT / "docs/python.md"))
    assert "lsops.api.plan" in asked
    assert [name for name in asked if name not in found] == []


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name not in ("python.md", "graph.md")], ids=str)
def test_a_page_has_the_lists_tables_and_blocks_that_it_has_on_github(site: Path, path: Path):
    tokens = MarkdownIt().enable("table").parse(read(ROOT / "docs" / path))
    tags = ["pre" if token.type == "fence" else token.tag for token in tokens if token.nesting >= 0]
    wanted = {tag: tags.count(tag) for tag in COUNTED}
    assert {tag: content(site / path.with_suffix(".html")).count(tag) for tag in COUNTED} == wanted


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name != "python.md"], ids=str)
def test_code_in_a_sentence_or_a_table_is_what_github_shows(site: Path, path: Path):
    tokens = MarkdownIt().enable("table").parse(read(ROOT / "docs" / path))
    wanted = [part.content.split() for token in tokens for part in token.children or () if part.type == "code_inline"]
    blocks = {code for block in article(site / path.with_suffix(".html")).iter("pre") for code in block.iter("code")}
    codes = [item for item in article(site / path.with_suffix(".html")).iter("code") if item not in blocks]
    assert ["".join(item.itertext()).split() for item in codes] == wanted


def content(page: Path) -> list[str]:
    """The elements of what a page says."""
    return [str(item.tag) for item in article(page).iter() if isinstance(item.tag, str)]


def article(page: Path) -> Element:
    """What a page says, without what stands around it."""
    return next(item for item in tree(page).iter("article") if "md-content__inner" in item.get("class", ""))


@pytest.mark.parametrize(
    ("page", "text", "shown"),
    [
        ("ci.md", "[a](../action.yml)", "[a](https://github.com/lsops/lsops/blob/main/action.yml)"),
        (
            "guides/a.md",
            "[a](../../README.md#limits)",
            "[a](https://github.com/lsops/lsops/blob/main/README.md#limits)",
        ),
        ("guides/a.md", "[a](../fields.md#view)", "[a](../fields.md#view)"),
        ("ci.md", "```sh\n[a](../action.yml)\n```", "```sh\n[a](../action.yml)\n```"),
        ("python.md", "<!-- api lsops.api.plan -->", "::: lsops.api.plan"),
        ("ci.md", "| `a\\|b` | c \\| d |", "| `a|b` | c \\| d |"),
        ("guides/a.md", "<!-- picture plan: A\nplan -->", "![A plan](../pictures/plan.svg){ .picture .plan }"),
        ("ci.md", "<!-- picture page: A page -->", ""),
    ],
)
def test_markdown_for_github_becomes_that_of_the_site(page: str, text: str, shown: str):
    here = SimpleNamespace(file=SimpleNamespace(src_uri=page), edit_url="")
    made = on_page_markdown(text, here, None, [SimpleNamespace(src_uri="pictures/plan.svg")])
    assert made == shown


@pytest.mark.parametrize(("ci", "refused"), [("", False), ("true", True)])
def test_where_no_picture_can_be_made_a_build_goes_on_but_not_that_of_ci(monkeypatch, tmp_path, ci: str, refused: bool):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(MissingProgramError, match="chromium and graphviz") if refused else nullcontext():
        assert make_pictures(tmp_path) == ["chromium", "graphviz"]
    assert "Call centre recordings" in read(tmp_path / "plan.svg").replace("&#160;", " ")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


def test_no_page_scrolls_sideways(site: Path, browser: Any):
    from playwright.sync_api import TimeoutError  # noqa: A004  # its own

    context = browser.new_context(offline=True)
    opened = context.new_page()
    wider = []
    for name in ("index", "fields", "commands", "python"):
        opened.goto((site / f"{name}.html").as_uri())
        for width in (1280, 390):
            opened.set_viewport_size({"width": width, "height": 900})
            opened.wait_for_function(f"innerWidth === {width}")
            try:  # tables get their boxes by a script of the page
                opened.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=5000)
            except TimeoutError:
                wider.append((name, width))
    context.close()
    assert wider == []


def test_a_search_that_is_typed_finds_a_page_without_network_from_a_file(site: Path, browser: Any):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((site / "index.html").as_uri())
    opened.click("input.md-search__input")
    opened.keyboard.type("presign_ttl")
    opened.wait_for_selector(".md-search-result__item a[href*='fields.html']")
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
