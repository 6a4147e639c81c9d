"""`lsops blueprint`: sharing a project by a link, listing the links and ending them."""

from __future__ import annotations

import pytest

from tests.support import sandbox
from tests.support.sandbox import client_of
from tests.support.wire import writes

WARD = "/projects/Ward"
MANIFEST = "version: 1\nprojects: {Ward: {workspace: Radiology}, Other: {workspace: Radiology}}\n"


@pytest.fixture
def shared(lsops, enterprise):
    """Two projects of a manifest that are live."""
    lsops.write(MANIFEST)
    for title in ("Ward", "Other"):
        enterprise.post("/api/projects/", json={"title": title, "workspace": 2, "label_config": "<View/>"})
    return enterprise


def blueprints(api, title="Ward"):
    (row,) = (row for row in api.get("/api/projects/").json()["results"] if row["title"] == title)
    return row["blueprints"]


def test_a_project_is_shared_with_its_label_config_and_the_link_is_printed_with_a_warning(lsops, shared):
    with writes() as sent:
        ran = lsops("blueprint", "share", WARD, "--description", "for all")
    (row,) = blueprints(shared)
    assert ran.code == 0, ran
    assert ran.out.splitlines()[0] == f'| done {WARD}: shared as 1, "Ward": {row["short_url"]}'
    assert ran.last == "Blueprint complete: 1 done."
    assert "whoever has the link can copy the project" in ran.err
    body = {"project": 1, "title": "Ward", "description": "for all", "label_config": "<View/>"}
    assert [(one.path, one.body) for one in sent] == [("/api/blueprints/", body)]


def test_a_list_has_no_links_unless_they_are_asked_for(lsops, shared):
    lsops("blueprint", "share", WARD, "--title", "Ward for all")
    (row,) = blueprints(shared)
    plain = lsops("blueprint", "list", WARD)
    asked = lsops("blueprint", "list", WARD, "--links", "--format", "json").json()
    assert 'done /projects/Ward: 1, "Ward for all", since 2' in plain.out
    assert row["share_id"] not in plain.out + plain.err
    assert [one["url"] for one in asked["outcomes"]] == [row["short_url"]]
    assert lsops("blueprint", "list", "/projects/Other").last == "Blueprint complete: 0 done."


def test_only_blueprints_of_that_project_are_ended(lsops, shared):
    lsops("blueprint", "share", WARD)
    lsops("blueprint", "share", "/projects/Other")
    ran = lsops("blueprint", "delete", WARD, "1", "2", "--yes", "--format", "json")
    assert ran.code == 4
    assert [(one["outcome"], one.get("code")) for one in ran.json()["outcomes"]] == [
        ("done", None),
        ("failed", "LS564"),
    ]
    assert (blueprints(shared), len(blueprints(shared, "Other"))) == ([], 1)


def test_nothing_is_ended_without_a_yes(lsops, shared):
    lsops("blueprint", "share", WARD)
    assert lsops("blueprint", "delete", WARD, "1").code == 5
    assert len(blueprints(shared)) == 1


@pytest.mark.parametrize("fault", ["drop", "502:late"])
@pytest.mark.usefixtures("short_pauses")
def test_a_share_whose_answer_is_lost_is_found_and_not_made_twice(lsops, shared, fault):
    token, file = "f" * 40, lsops.folder / "sandbox.db"
    faults = [f"POST /api/blueprints/:{fault}:times=1"]
    with sandbox.served(file, edition="enterprise", token=token, faults=faults) as url:
        lsops.monkeypatch.delenv("LSOPS_SERVER")
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=token)
        ran = lsops("blueprint", "share", WARD)
    (row,) = blueprints(shared)
    assert ran.code == 0, ran
    assert row["short_url"] in ran.out


WRONG = {
    "not declared": (("share", "/projects/Nobody"), "LS563"),
    "a collection": (("list", "/projects"), "LS563"),
    "not there yet": (("share", "/projects/New"), "LS563"),
    "short": (("share", WARD, "--title", "ab"), "LS564"),
    "long": (("share", WARD, "--title", "a" * 51), "LS564"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_shared_is_refused_before_anything_is_sent(lsops, shared, wrong):
    words, code = WRONG[wrong]
    lsops.write(MANIFEST.replace("Other:", "New:"))
    with writes() as sent:
        ran = lsops("blueprint", *words)
    assert (ran.code, sent) == (3, []), ran
    assert f"error[{code}]" in ran.err
    assert blueprints(shared) == []


def test_community_has_none(lsops, community):
    community.post("/api/projects/", json={"title": "Ward"})
    lsops.write("version: 1\nprojects: {Ward: {}}\n")
    ran = lsops("blueprint", "share", WARD)
    assert (ran.code, "error[LS562]: Label Studio Community has no blueprints" in ran.err) == (3, True)


def test_a_link_copies_a_project_so_lsops_never_follows_one():
    with client_of() as client:
        project = client.post("/api/projects/", json={"title": "Ward"}).json()["id"]
        share = client.post("/api/blueprints/", json={"project": project, "title": "Ward"}).json()["share_id"]
        answer = client.get(f"/api/blueprints/{share}/create-project")
        assert (answer.status_code, answer.headers["location"]) == (302, "/projects/2")
