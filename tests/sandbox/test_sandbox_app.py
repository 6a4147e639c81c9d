from __future__ import annotations

import pytest

from lsops.errors import LsopsError
from lsops.sandbox import create_app, edition_of

KINDS = ["projects", "workspaces", "session-policy", "users", "organizations"]


@pytest.mark.parametrize(("edition", "release"), [("community", "1.23.2"), ("enterprise", "2.37.0")])
def test_the_version_names_edition_and_release_without_a_token(connect, edition, release):
    client = connect(edition=edition, token="t" * 40)
    version = client.get("/api/version").json()
    assert (version["edition"], version["release"]) == (edition.capitalize(), release)


def test_an_edition_stays_with_its_file(tmp_path):
    create_app(tmp_path / "s.db", edition="community")
    create_app(tmp_path / "s.db", edition="community")
    with pytest.raises(LsopsError, match="holds the community edition, not enterprise"):
        create_app(tmp_path / "s.db", edition="enterprise")


def test_the_edition_of_a_file_can_be_asked(tmp_path):
    create_app(tmp_path / "s.db", edition="community")
    assert (edition_of(tmp_path / "s.db"), edition_of(tmp_path / "new.db")) == ("community", "enterprise")


def test_an_unknown_edition_is_an_error():
    with pytest.raises(LsopsError, match='unknown edition "starter"'):
        create_app(":memory:", edition="starter")


def test_a_file_that_is_no_database_is_an_error(tmp_path):
    (tmp_path / "s.db").write_text("not a database" * 100)
    with pytest.raises(LsopsError, match="cannot be opened as a sandbox file"):
        create_app(tmp_path / "s.db")


def test_the_file_keeps_what_was_written(connect, tmp_path):
    connect(tmp_path / "s.db").post("/api/projects/", json={"title": "Kept"})
    assert connect(tmp_path / "s.db").get("/api/projects/1/").json()["title"] == "Kept"


def test_a_folder_for_the_file_is_made(connect, tmp_path):
    connect(tmp_path / "new" / "s.db")
    assert (tmp_path / "new" / "s.db").is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_slash_is_tolerated_without_a_redirect(enterprise, kind):
    assert enterprise.get(f"/api/{kind}").status_code == 200


@pytest.mark.parametrize("path", ["/api/organizations/1/", "/api/current-user/whoami/", "/api/projects//"])
def test_an_extra_slash_is_a_page_that_is_not_found(enterprise, path):
    response = enterprise.get(path)
    assert (response.status_code, response.headers["content-type"].split(";")[0]) == (404, "text/html")


def test_enterprise_routes_do_not_exist_on_community(community):
    response = community.get("/api/workspaces/")
    assert (response.status_code, response.headers["content-type"].split(";")[0]) == (404, "text/html")


def test_a_missing_object_is_json_on_a_path_with_a_slash_and_a_page_on_one_without(enterprise):
    assert enterprise.get("/api/projects/7").json()["detail"] == "No Project matches the given query."
    assert "html" in enterprise.get("/api/organizations/7").headers["content-type"]


def test_there_is_no_entity_tag_and_a_condition_is_ignored(enterprise):
    response = enterprise.get("/api/session-policy/", headers={"If-None-Match": "*", "If-Match": '"x"'})
    assert response.status_code == 200
    assert "etag" not in response.headers


def test_a_bug_is_answered_as_the_server_answers_its_own(enterprise):
    response = enterprise.get("/api/projects/99999999999999999999999/")
    assert (response.status_code, response.json()["status_code"]) == (500, 500)


def test_latency_is_added_to_every_answer(connect):
    response = connect(latency_ms=50).get("/api/version")
    assert response.elapsed.total_seconds() >= 0.05
