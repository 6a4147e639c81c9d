"""The page as a browser has it: on a desk, on a phone, without scripts, on paper, and with 2,000 changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.render.scenes import REVIEWED, many
from tests.support.browser import chromium, opened_page
from tests.support.forms import plan_as

WITHIN = 3.0
"""Seconds in which a page of 2,000 changes is there."""
TRIES = 4
"""How often it may try on a machine that does other things besides."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "plan.html"
    path.write_text(plan_as("html", REVIEWED), "utf-8")
    return path


def tells(page: Page, words: str) -> None:
    """Wait until the page says how many changes it shows."""
    page.wait_for_function("words => document.getElementById('told').value === words", arg=words)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_asks_for_nothing_and_follows_the_scheme(
    browser: Browser, page_file: Path, width: int, scheme: str
) -> None:
    with opened_page(browser, page_file, width=width, scheme=scheme) as (page, told):
        wide = page.evaluate("document.documentElement.scrollWidth")
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert (wide, told) == (width, [])
        assert back == {"light": "rgb(246, 247, 249)", "dark": "rgb(14, 17, 22)"}[scheme]


def test_without_scripts_all_is_there_and_no_filter_that_does_nothing(browser: Browser, page_file: Path) -> None:
    with opened_page(browser, page_file, scripts=False) as (page, _):
        assert page.locator(".change:visible").count() == 6
        assert not page.locator(".filters").is_visible()


def test_filters_go_by_action_kind_and_text(browser: Browser, page_file: Path) -> None:
    with opened_page(browser, page_file) as (page, _):
        page.uncheck("input[value=delete]")
        tells(page, "4 of 6 changes")
        page.select_option("#kind", "project")
        tells(page, "2 of 6 changes")
        page.fill("#words", "CHEST effusion")
        tells(page, "1 of 6 changes")

        assert page.locator(".group:visible h2").all_inner_texts() == ["Chest X-ray triage"]
        assert page.locator("nav li:visible").count() == 1


def test_a_link_to_what_is_filtered_away_shows_it(browser: Browser, page_file: Path) -> None:
    with opened_page(browser, page_file) as (page, _):
        page.fill("#words", "nothing like it")
        tells(page, "0 of 6 changes")
        page.evaluate("location.hash = '#c1'")
        tells(page, "6 changes")


def test_on_paper_everything_is_unfolded_and_nothing_is_to_be_clicked(browser: Browser, page_file: Path) -> None:
    with opened_page(browser, page_file) as (page, _):
        page.click("#fold")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")

        assert page.locator(".change:visible").count() == 6
        assert not page.locator(".filters").is_visible()


def test_2000_changes_open_and_filter_within_seconds(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "big.html"
    path.write_text(plan_as("html", many(400)), "utf-8")

    assert any(max(timed(browser, path)) < WITHIN for _ in range(TRIES))


def timed(browser: Browser, path: Path) -> tuple[float, float]:
    """In how many seconds the page is there, and how many a filter takes then."""
    began = time.monotonic()
    with opened_page(browser, path) as (page, _):
        tells(page, "2,000 changes")
        opened = time.monotonic()
        page.fill("#words", "project 399")
        tells(page, "5 of 2,000 changes")
        return opened - began, time.monotonic() - opened
