"""Lists that are read in the order of time: each page from the time of the last row on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from lsops.errors import Malformed, NotFound
from lsops.model.audit import Window
from lsops.server.in_time import FirstPage, bounds, in_time, time_in_row
from lsops.server.json_list import objects_in
from tests.support.audit_rows import history, time_of

CLOCKS: dict[str, list[float]] = {
    "nothing": [],
    "all apart": list(range(11)),
    "many at one time": [0, 1, *[2] * 9, 3],
    "all at one time": [5] * 9,
    "a full page at the end": [0, 1, 2, 3, 4, 4, 4, 4],
}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.in_time.PAGE", 4)


def server(
    rows: Sequence[dict[str, Any]], *, cap: int = 1000, counts: bool = True
) -> Callable[[Window, int], FirstPage]:
    """A list that gives at most `cap` rows at a time."""

    def fetch(window: Window, size: int) -> FirstPage:
        found = [row for row in rows if window.holds(time_in_row(row["created_at"], ""))]
        return FirstPage(found[: min(size, cap)], len(found) if counts else None)

    return fetch


def read(fetch: Callable[[Window, int], FirstPage], window: Window = Window()) -> list[str]:  # noqa: B008  # it is frozen
    return [row["created_at"] for row in in_time(fetch, window, "created_at", "GET /list")]


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("with_ids", [True, False])
def test_every_row_is_read_once(clock: str, counts: bool, with_ids: bool) -> None:
    rows = [history(second) | ({"id": number} if with_ids else {}) for number, second in enumerate(CLOCKS[clock])]
    assert read(server(rows, counts=counts)) == [time_of(second) for second in CLOCKS[clock]]


def test_a_server_may_give_fewer_rows_than_are_asked_for() -> None:
    rows = [history(second) for second in range(11)]
    assert read(server(rows, cap=3)) == [row["created_at"] for row in rows]


def test_rows_that_come_while_it_is_read_are_read_and_those_that_go_make_no_hole() -> None:
    rows = [history(second) for second in range(6)]
    fetch = server(rows)

    def busy(window: Window, size: int) -> FirstPage:
        page = fetch(window, size)
        if len(rows) == 6:
            rows[:] = [*rows[1:], history(6)]
        return page

    assert read(busy) == [time_of(second) for second in range(7)]


def test_a_server_that_gives_the_same_page_for_ever_is_not_believed() -> None:
    rows = [history(second) for second in range(11)]
    with pytest.raises(Malformed, match="order of time"):
        read(lambda window, size: FirstPage(rows[:3], len(rows)))


def test_a_list_that_is_not_there_is_told_and_one_that_ends_in_a_404_ends() -> None:
    def ends(window: Window, size: int) -> FirstPage:
        if window.since is not None:
            raise NotFound.of("no more")
        return FirstPage([history(1)], None)

    def missing(window: Window, size: int) -> FirstPage:
        raise NotFound.of("none")

    assert read(ends) == [time_of(1)]
    with pytest.raises(NotFound):
        read(missing)


def test_a_window_is_a_query_in_utc_and_what_is_no_time_is_told() -> None:
    window = Window(time_in_row("2026-01-01T01:00:00+01:00", ""), None)
    assert bounds(window, "from", "to") == {"from": "2026-01-01T00:00:00.000000Z"}
    with pytest.raises(Malformed, match="'soon' is no time"):
        time_in_row("soon", "GET /list")


# ---- lists that come in parts --------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_the_objects_of_a_list_are_read_however_it_is_cut(size: int) -> None:
    text = ' [ {"a": "é]}"} ,\n{"b": [1, {"c": "\\""}]}, {} ]\n'.encode()
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    assert [row for row, _ in objects_in(parts, "GET /list: the answer")] == [{"a": "é]}"}, {"b": [1, {"c": '"'}]}, {}]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"a": 1}', '[{"a": 1}, nonsense]', '[{"a": 1}] more', "<html>"])
def test_what_is_no_whole_list_of_objects_is_told(text: str) -> None:
    with pytest.raises(Malformed, match="GET /list: the answer"):
        list(objects_in([text.encode()], "GET /list: the answer"))
