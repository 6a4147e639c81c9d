"""Ten times as much on a server is ten times the work of whoever writes it down at most, however much it is alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user
from tests.support.growth import counted, outgrown
from tests.support.kind_bench import SANDBOX
from tests.support.sandbox import client_of

FEW, MANY = 8, 80
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="{}"/></Choices></View>'


def make(api: httpx.Client, path: str, **body: Any) -> int:
    return api.post(path, json=body).raise_for_status().json()["id"]


def projects_of_one_title(api: httpx.Client, count: int) -> None:
    for number in range(count):
        make(api, "/api/projects/", title="Same", label_config=CONFIG.format(number))


def projects_alike(api: httpx.Client, count: int) -> None:
    for number in range(count):
        signs = f"{number:b}".replace("0", "!").replace("1", "?")  # no part of a file's name
        project = make(api, "/api/projects/", title=f"Same {signs}", label_config=CONFIG.format(0))
        make(api, "/api/storages/s3", project=project, title="raw", bucket=f"b{number}", aws_access_key_id="k")


def children_of_one_name(api: httpx.Client, count: int) -> None:
    for number in range(2):
        project = make(api, "/api/projects/", title=f"Project {number}", label_config=CONFIG.format(0))
        for _ in range(count):
            make(api, "/api/storages/s3", project=project, title="raw", bucket="b", aws_access_key_id="k")
            make(api, "/api/webhooks/", project=project, url="https://hooks.slack.com/services/T/B/x")


def people_in_projects(api: httpx.Client, count: int) -> None:
    for number in range(count):
        add_user(SANDBOX, f"ana{number}@clinic.example", "annotator")
    people = [row["user"]["id"] for row in api.get("/api/organizations/1/memberships?page_size=1000").json()["results"]]
    project = make(api, "/api/projects/", title="Project", workspace=make(api, "/api/workspaces/", title="Ward"))
    for person in people[1:]:
        make_member(api, project, person)


def make_member(api: httpx.Client, project: int, person: int) -> None:
    api.post(f"/api/projects/{project}/members/", json={"user": person}).raise_for_status()


SERVERS: dict[str, tuple[str, Callable[[httpx.Client, int], None]]] = {
    "projects of one title": ("community", projects_of_one_title),
    "projects alike": ("community", projects_alike),
    "children of one name": ("community", children_of_one_name),
    "people in projects": ("enterprise", people_in_projects),
}
VERBS = {
    "dump": ("dump", "--to", "dumped"),
    "templates": ("dump", "--to", "dumped", "--templates"),
    "adopt": ("adopt", "--chdir", "empty", "/projects/*"),
    "adopt into files": ("adopt", "--chdir", "included", "/projects/*"),
    "drift": ("drift", "empty"),
    "graph": ("graph", "empty", "--live"),
}


@pytest.mark.thinned(4)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("server", SERVERS)
def test_ten_times_of_what_is_alike_is_ten_times_the_lines_at_most(lsops, server, verb):
    edition, fill = SERVERS[server]
    found = []
    for count in (2, FEW, MANY):
        folder = lsops.folder / str(count)
        lsops.write("version: 1\nprojects: {}\n", f"{count}/empty/lsops.yaml")
        lsops.write('version: 1\ninclude: ["projects/*.yaml"]\n', f"{count}/included/lsops.yaml")
        lsops.monkeypatch.chdir(folder)
        with client_of(folder / SANDBOX, edition=edition) as api:
            fill(api, count)
        with counted() as lines:
            ran = lsops(*VERBS[verb], "--server", f"sandbox:{SANDBOX}")
        assert ran.code in (0, 2), ran.out + ran.err
        found.append(lines)
    assert not outgrown(found[1], found[2], few=FEW, many=MANY)
