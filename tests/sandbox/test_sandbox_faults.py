from __future__ import annotations

import httpx
import pytest

from lsops.errors import LsopsError
from lsops.sandbox.faults import Fault, parse_fault

GOOD = [
    ("POST /api/projects/:500:once", Fault("POST", "/api/projects/", "500", times=1)),
    ("GET /api/*:429=2:times=3", Fault("GET", "/api/*", "429", 2.0, times=3)),
    ("* /api/*:drop:after=2", Fault("*", "/api/*", "drop", after=2)),
    ("PATCH /x/:delay=0.5:late:after=1:times=4", Fault("PATCH", "/x/", "delay", 0.5, after=1, times=4, late=True)),
    ("GET /api/projects/:html", Fault("GET", "/api/projects/", "html")),
]
BAD = [
    ("", "it is not METHOD"),
    ("POST /api/projects/", "it is not METHOD"),
    ("post /api/:500", "it is not METHOD"),
    ("POST /api/:explode", 'unknown action "explode"'),
    ("POST /api/:200", 'unknown action "200"'),
    ("POST /api/:delay", "a delay needs its seconds"),
    ("POST /api/:500:twice", 'unknown option "twice"'),
    ("POST /api/:500:times=x", 'unknown option "times=x"'),
]
NEW = {"title": "A project"}


@pytest.mark.parametrize(("line", "fault"), GOOD)
def test_a_fault_is_one_line(line, fault):
    assert parse_fault(line) == fault


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_says_what_is_wrong(line, reason):
    with pytest.raises(LsopsError, match=reason):
        parse_fault(line)


def test_a_status_is_answered_and_nothing_is_written(connect):
    client = connect(faults=["POST /api/projects/:500:once"])
    assert client.post("/api/projects/", json=NEW).status_code == 500
    assert client.get("/api/projects/").json()["count"] == 0
    assert client.post("/api/projects/", json=NEW).status_code == 201


def test_a_late_status_is_answered_after_the_write(connect):
    client = connect(faults=["POST /api/projects/:503:once:late"])
    assert client.post("/api/projects/", json=NEW).status_code == 503
    assert client.get("/api/projects/").json()["count"] == 1


def test_a_drop_comes_after_the_write_and_a_drop_before_without_it(connect):
    for action, written in (("drop", 1), ("drop-before", 0)):
        client = connect(faults=[f"POST /api/projects/:{action}"])
        with pytest.raises(ConnectionResetError):
            client.post("/api/projects/", json=NEW)
        assert client.get("/api/projects/").json()["count"] == written


def test_after_lets_requests_pass_and_times_ends_the_fault(connect):
    client = connect(faults=["GET /api/version:502:after=1:times=2"])
    assert [client.get("/api/version").status_code for _ in range(5)] == [200, 502, 502, 200, 200]


def test_too_many_requests_say_when_to_come_back(connect):
    response = connect(faults=["GET /api/*:429=3"]).get("/api/projects/")
    assert (response.status_code, response.headers["retry-after"]) == (429, "3")


def test_a_page_of_a_proxy_and_a_cut_answer(connect):
    client = connect(faults=["GET /api/users/:html=200", "GET /api/version:truncate"])
    assert client.get("/api/users/").headers["content-type"] == "text/html"
    with pytest.raises(ValueError, match="char"):
        client.get("/api/version").json()


def test_a_delay_waits_and_then_answers(connect):
    response = connect(faults=["GET /api/version:delay=0.05"]).get("/api/version")
    assert response.status_code == 200
    assert response.elapsed.total_seconds() >= 0.05


def test_a_fault_leaves_other_methods_and_paths_alone(connect):
    client = connect(faults=["POST /api/projects/:500"])
    assert client.get("/api/projects/").status_code == 200
    assert client.post("/api/workspaces/", json={"title": "x"}).status_code == 201


def test_over_http_a_drop_closes_the_connection_without_an_answer(serving):
    url = serving(faults=["POST /api/projects/:drop"])
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{url}/api/projects/", json=NEW)
    assert httpx.get(f"{url}/api/projects/").json()["count"] == 1
