"""`--preview`: what a plan shows of the pictures that `lsops preview --png` made."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from lsops.operations import pictures
from lsops.preview.pair import ConfigPair
from lsops.preview.record import RECORD, record
from tests.support.browser import chromium, opened_page
from tests.support.cli import Lsops

BEFORE = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="Yes"/></Choices></View>'
AFTER = BEFORE.replace('"Yes"/>', '"Yes"/><Choice value="No"/>')
DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
QUOTED = "https://forge.example/a%20b%29%5D%28x"
IMAGE = f"data:image/png;base64,{b64encode(DOT).decode()}"


@pytest.fixture
def changed(lsops: Lsops) -> Lsops:
    """A manifest whose label config differs from that of a folder beside it, and pictures of both."""
    declare(lsops, "old", BEFORE)
    declare(lsops, ".", AFTER)
    drawn(lsops.folder / "pv", BEFORE, AFTER)
    return lsops


def declare(lsops: Lsops, folder: str, config: str) -> None:
    lsops.write(f"version: 1\nprojects:\n  Cats: {{label_config: '{config}'}}\n", f"{folder}/lsops.yaml")


def drawn(folder: Path, before: str, after: str) -> None:
    folder.mkdir(exist_ok=True)
    names = ["1-before.png", "1-after.png"]
    for name in names:
        (folder / name).write_bytes(DOT)
    (folder / RECORD).write_bytes(record((ConfigPair("/projects/Cats", before, after),), names))


def told(lsops: Lsops, form: str, *flags: str) -> str:
    ran = lsops("diff", "--base", "./old", "--format", form, *flags)
    assert ran.code == 0, ran.err
    return ran.out


def test_the_page_has_the_pictures_in_it_and_leads_to_the_preview(changed: Lsops) -> None:
    page = told(changed, "html", "--preview", "pv")
    assert page.count(f'src="{IMAGE}"') == 2
    assert 'href="pv/index.html#pair-1"' in page
    assert "img-src data:;" in page


def test_the_browser_shows_them_and_loads_nothing_else(changed: Lsops) -> None:
    file = changed.folder / "plan.html"
    told(changed, "text", "--preview", "pv", "--output", f"html={file}")
    with chromium() as browser, opened_page(browser, file) as (page, asked):
        assert page.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)") == [1, 1]
    assert set(asked) <= {IMAGE}


def test_a_label_config_that_was_changed_since_has_no_picture(changed: Lsops) -> None:
    drawn(changed.folder / "pv", BEFORE + " ", AFTER + " ")
    assert told(changed, "html", "--preview", "pv") == told(changed, "html")
    drawn(changed.folder / "pv", BEFORE + " ", AFTER)
    page = told(changed, "html", "--preview", "pv")
    assert "Labelling interface, after" in page
    assert page.count(IMAGE) == 1


def test_beyond_what_a_page_may_hold_pictures_are_links_and_said(
    changed: Lsops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST", len(DOT))
    page = told(changed, "html", "--preview", "pv")
    assert page.count(IMAGE) == 1
    left_out = re.findall(r"holds as many pictures as it may: <a href=\"(.*?)\">(.*?)</a>", page)
    assert left_out == [("pv/index.html#pair-1", "1-after.png")]


def test_the_page_leads_to_the_preview_from_where_it_stands(changed: Lsops) -> None:
    (changed.folder / "out").mkdir()
    told(changed, "text", "--preview", "pv", "--output", "html=out/plan.html")
    assert 'href="../pv/index.html#pair-1"' in (changed.folder / "out/plan.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "- drawn before and after: pair 1 of the preview\n"),
        (
            "https://forge.example/a b)](x/",
            "| ![1-before.png](%s/1-before.png) | ![1-after.png](%s/1-after.png) |\n".replace("%s", QUOTED),
        ),
    ],
)
def test_markdown_shows_pictures_that_have_an_address_and_names_the_others(changed: Lsops, url: str, said: str) -> None:
    assert said in told(changed, "markdown", "--preview", "pv", "--preview-url", url)


def test_a_saved_plan_is_shown_with_them_too(changed: Lsops) -> None:
    declare(changed, ".", BEFORE)
    assert changed("apply", "--server", "sandbox:", "--yes").code == 0
    declare(changed, ".", AFTER)
    planned = changed("plan", "--server", "sandbox:", "--out", "plan.json", "--preview", "pv", "--format", "html")
    shown = changed("show", "plan.json", "--preview", "pv", "--format", "html")
    assert planned.out.count(IMAGE) == shown.out.count(IMAGE) == 2


@pytest.mark.parametrize(
    "flags",
    [
        ("--preview", "old"),
        ("--preview-url", "https://x.example"),
        ("--preview", "pv", "--preview-url", "javascript:x"),
    ],
)
def test_what_is_no_preview_is_refused_before_anything_is_read(changed: Lsops, flags: tuple[str, ...]) -> None:
    ran = changed("plan", "nowhere", *flags)
    assert (ran.code, "error[LS605]: --preview" in ran.err) == (3, True)
