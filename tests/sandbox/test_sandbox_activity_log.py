"""The activity log of an Enterprise sandbox."""

from __future__ import annotations

import httpx
import pytest

from lsops.sandbox.resources import activity_logs
from tests.sandbox.conftest import make

LOG = "/api/activity-logs/"


def urls(client: httpx.Client, **query: object) -> list[str]:
    """The requests of the log that a query gives, as method and URL."""
    answer = client.get(LOG, params=query)
    return (
        [f"{row['request_method']} {row['request_url']}" for row in answer.json()[0]["data"]]
        if answer.is_success
        else []
    )


@pytest.fixture
def busy(enterprise: httpx.Client) -> httpx.Client:
    """A sandbox in which a project was made, changed, and wrongly changed."""
    make(enterprise)
    enterprise.patch("/api/projects/1/?a=b", json={"title": "Other"})
    enterprise.patch("/api/projects/1/", json={"maximum_annotations": "x"})
    enterprise.get("/api/projects/1/")
    return enterprise


def test_every_write_is_noted_with_caller_and_answer_and_no_read(busy: httpx.Client) -> None:
    rows = busy.get(LOG).json()[0]["data"]
    assert [(row["request_method"], row["request_url"], row["response_code"]) for row in rows] == [
        ("PATCH", "/api/projects/1/", "400"),
        ("PATCH", "/api/projects/1/?a=b", "200"),
        ("POST", "/api/projects/", "201"),
    ]
    assert {row["email"] for row in rows} == {"owner@example.com"}
    assert [row["project_id"] for row in rows] == [1, 1, None]
    assert all(row["datetime"].endswith("Z") for row in rows)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"method": "POST"}, 1), ({"method": "all"}, 3), ({"project": 1}, 2), ({"user": 1}, 3), ({"user": 9}, 0),
        ({"search": "a=b"}, 1), ({"start_date": "2999-01-01"}, 0), ({"end_date": "2000-01-01"}, 0), ({"page_size": 2}, 2),
        ({"page_size": 2, "page": 2}, 1), ({"page_size": -1}, 3), ({"page": 2}, 0), ({"page": "x"}, 0),
    ],
)  # fmt: skip
def test_it_is_filtered_and_paged(busy: httpx.Client, query: dict[str, object], found: int) -> None:
    assert len(urls(busy, **query)) == found


def test_it_says_how_many_there_are(busy: httpx.Client) -> None:
    (answer,) = busy.get(LOG, params={"method": "PATCH", "page_size": 1}).json()
    assert (len(answer["data"]), answer["recordsFiltered"], answer["recordsTotal"]) == (1, 2, 3)


def test_the_oldest_first_if_asked_for(busy: httpx.Client) -> None:
    assert urls(busy, ordering="datetime") == urls(busy, ordering="-datetime")[::-1]


def test_behind_the_last_page_and_in_an_empty_log_is_404(enterprise: httpx.Client) -> None:
    assert enterprise.get(LOG).status_code == 404
    assert enterprise.get(LOG).json()["detail"] == "No more logs found"


def test_only_the_newest_are_kept(busy: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_logs, "KEPT", 2)
    busy.delete("/api/projects/1/")
    assert urls(busy) == ["DELETE /api/projects/1/", "PATCH /api/projects/1/"]


def test_community_has_none(community: httpx.Client) -> None:
    make(community)
    assert community.get(LOG).status_code == 404
