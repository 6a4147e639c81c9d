"""Lists: by page numbers, to their end, and nowhere else."""

from __future__ import annotations

import httpx
import pytest

from lsops.errors import Malformed, NotFound
from lsops.server import paging as paging_module
from lsops.server.forms import OBJECT
from tests.server.answering import URL, Answering, reply

PATH = "/api/projects/"


def rows(first: int, last: int) -> list[dict[str, int]]:
    """Rows with the ids `first` to `last`."""
    return [{"id": number} for number in range(first, last + 1)]


def listing(results: object, following: str | None = None, count: object = 3) -> httpx.Response:
    """A page; `following` is its `next` link."""
    return reply(200, {"count": count, "next": following, "previous": None, "results": results})


def test_pages_are_asked_for_by_number_and_joined() -> None:
    server = Answering(listing(rows(1, 2), f"{URL}{PATH}?page=77"), listing(rows(3, 3)))
    assert server.session().pages(PATH, {"ordering": "id"}) == rows(1, 3)
    assert [dict(request.url.params) for request in server.requests] == [
        {"page_size": "100", "ordering": "id", "page": "1"},
        {"page_size": "100", "ordering": "id", "page": "2"},
    ]


@pytest.mark.parametrize("link", ["http://evil.example/api/projects/?page=2", "//evil.example/", "page=9", "x://"])
def test_a_next_link_is_never_followed(link: str) -> None:
    server = Answering(listing(rows(1, 1), link), listing(rows(2, 3)))
    assert server.session().pages(PATH) == rows(1, 3)
    assert {(request.url.host, request.url.path) for request in server.requests} == {("label.example.com", PATH)}


def test_a_row_that_moves_to_the_next_page_counts_once() -> None:
    server = Answering(listing(rows(1, 2), "next"), listing(rows(2, 3)))
    assert server.session().pages(PATH) == rows(1, 3)


WRONG_IDS = {
    "null": (None, "null"),
    "true": (True, "true"),
    "text": ("7", "text"),
    "half": (7.5, "a number"),
    "list": ([7], "a list"),
    "object": ({"id": 7}, "an object"),
    "negative": (-1, "a number below 0"),
    "zero": (0, "0"),
}


@pytest.mark.parametrize(("number", "told"), WRONG_IDS.values(), ids=WRONG_IDS)
def test_an_id_that_is_no_whole_number_above_0_is_an_error(number: object, told: str) -> None:
    body = [{"id": 1}, {"id": number}]
    paged = Answering(listing(body, count=2))
    for read in (Answering(reply(200, body)).session().array, paged.session().array, paged.session().pages):
        with pytest.raises(Malformed, match=f"GET {PATH}: .* row 2.id is {told}, not a whole number above 0"):
            read(PATH)


def test_a_row_without_an_id_is_an_error_where_the_form_wants_one() -> None:
    body = [{"id": 1}, {"a": 1}]
    for read in (Answering(reply(200, body)).session().array, Answering(listing(body, count=2)).session().pages):
        with pytest.raises(Malformed, match=f"GET {PATH}: .* row 2.id is missing"):
            read(PATH)
    assert Answering(reply(200, body)).session().array(PATH, form=OBJECT) == body


def test_a_row_that_slips_to_the_page_before_is_found_by_reading_again() -> None:
    """Row 1 goes away between the pages: 3 is on the first page by then, and the second counts as many as came."""
    changing = [listing(rows(1, 2), "next", 4), listing(rows(4, 4), count=3)]
    server = Answering(*changing, listing(rows(2, 3), "next", 3), listing(rows(4, 4), count=3))
    assert server.session().pages(PATH) == rows(2, 4)
    assert [request.url.params["page"] for request in server.requests] == ["1", "2", "1", "2"]


@pytest.mark.parametrize("counts", [(4, 3), (3, 4), (4, 4), (0, 0)])
def test_a_list_that_changes_whenever_it_is_read_is_an_error(counts: tuple[int, int]) -> None:
    pages = [listing(rows(1, 2), "next", counts[0]), listing(rows(3, 3), count=counts[1])]
    server = Answering(*pages, *pages)
    with pytest.raises(Malformed, match=f"GET {PATH}: the list changes while it is read"):
        server.session().pages(PATH)
    assert len(server.requests) == 4


def test_a_list_without_a_count_is_believed() -> None:
    server = Answering(listing(rows(1, 2), "next", None), listing(rows(3, 3), count=None))
    assert server.session().pages(PATH) == rows(1, 3)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "page",
    [
        {"count": "4", "next": None, "results": []},
        {"count": True, "next": None, "results": []},
        {"count": -1, "next": None, "results": []},
        {"count": 0, "next": ["x"], "results": []},
        {"count": 0, "next": False, "results": []},
        {"count": 0, "next": None},
        {"count": 0, "next": None, "results": None},
        {"count": 1, "next": None, "results": {"id": 1}},
        [],
        [{"id": 1}],
        {},
        {"detail": "x"},
        None,
        "words",
        3,
    ],
    ids=str,
)
def test_what_is_no_page_is_an_error_and_never_an_empty_list(page: object) -> None:
    server = Answering(reply(200, page))
    with pytest.raises(Malformed, match=f"GET {PATH}: the server's answer makes no sense"):
        server.session().pages(PATH)
    assert len(server.requests) == 1


def test_a_list_that_gives_the_same_page_for_ever_is_an_error() -> None:
    server = Answering(listing(rows(1, 2), "next"))
    with pytest.raises(Malformed, match="does not end"):
        server.session().pages(PATH)
    assert len(server.requests) == 2


def test_a_list_that_always_has_another_page_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging_module, "MOST_PAGES", 20)
    count = iter(range(1, 1000))
    server = Answering(lambda request: listing([{"id": next(count)}], "next"))
    with pytest.raises(Malformed, match="does not end"):
        server.session().pages(PATH)
    assert len(server.requests) == 20


def test_a_list_that_shrinks_while_it_is_read_is_an_error_and_never_a_shorter_list() -> None:
    server = Answering(listing(rows(1, 2), "next"), reply(404, {"detail": "Invalid page."}))
    with pytest.raises(NotFound, match=r"Invalid page\."):
        server.session().pages(PATH)


def test_an_array_is_a_whole_list() -> None:
    assert Answering(reply(200, rows(1, 2))).session().array(PATH) == rows(1, 2)


def test_pages_are_fetched_ahead_only_after_the_second_has_proved_that_the_list_moves() -> None:
    server = Answering(lambda request: numbered(request, of=9))
    assert server.session().pages(PATH) == rows(1, 18)
    asked = [int(request.url.params["page"]) for request in server.requests]
    assert asked[:2] == [1, 2]
    assert sorted(asked) == list(range(1, 10))


def test_a_list_that_repeats_itself_is_asked_for_twice_whatever_it_counts() -> None:
    server = Answering(listing(rows(1, 2), "next", 10**9))
    with pytest.raises(Malformed, match="the list of pages does not end"):
        server.session().pages(PATH)
    assert len(server.requests) == 2


def test_a_list_that_stops_moving_later_is_not_fetched_far_ahead() -> None:
    server = Answering(lambda request: numbered(request, of=3, count=10**9))
    session = server.session()
    with pytest.raises(Malformed, match="the list of pages does not end"):
        session.pages(PATH)
    assert len(server.requests) <= 2 + 4 * session.concurrency


def numbered(request: httpx.Request, *, of: int, count: int | None = None) -> httpx.Response:
    """Page N of so many, with two rows; later ones repeat the last."""
    number = min(int(request.url.params["page"]), of)
    more = "next" if count or number < of else None
    return listing(rows(2 * number - 1, 2 * number), more, count or 2 * of)


def test_an_array_that_turns_out_to_be_paged_is_read_to_its_end() -> None:
    server = Answering(listing(rows(1, 1), "next"), listing(rows(1, 1), "next"), listing(rows(2, 3)))
    assert server.session().array(PATH) == rows(1, 3)


@pytest.mark.parametrize("body", [None, {}, {"detail": "x"}, "words", 3, [1, 2], [None], {"results": {"id": 1}}, [[]]])
def test_an_answer_that_is_no_list_is_an_error(body: object) -> None:
    with pytest.raises(Malformed, match=f"GET {PATH}: the server's answer makes no sense: .*, not an? (list|object)"):
        Answering(reply(200, body)).session().array(PATH)
