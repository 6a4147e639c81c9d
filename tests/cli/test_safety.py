"""What could go wrong between a plan and the server, on the sandbox: nothing else is touched, nothing is lost."""

from __future__ import annotations

import json

import httpx
import pytest

from lsops.cli.terminal import Terminal
from lsops.operations.interaction import Question
from lsops.sandbox import create_app, edition_of
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops

S3 = "{type: s3, bucket: scans, aws_access_key_id: '${env:KEY}', aws_secret_access_key: '${env:SECRET}'%s}"


def faulty(lsops: Lsops, *faults: str) -> httpx.WSGITransport:
    """A transport into the test's sandbox that misbehaves."""
    return httpx.WSGITransport(
        app=create_app(lsops.folder / DATABASE, edition=edition_of(lsops.folder / DATABASE), faults=faults)
    )


@pytest.fixture
def with_faults(lsops: Lsops, monkeypatch: pytest.MonkeyPatch):
    """Give the command line's own sandbox these faults."""

    def give(*faults: str) -> None:
        from lsops.cli import context

        monkeypatch.setattr(context, "_in_process", lambda app: faulty(lsops, *faults))

    lsops.setenv(LSOPS_SETTLE_TIMEOUT="1", KEY="AKIA", SECRET="secret key")
    return give


def manifest(lsops: Lsops, storages: str, **more: str) -> None:
    lines = "".join(f"{name}: {value}\n" for name, value in more.items())
    lsops.write(f"version: 1\n{lines}projects:\n  Scans:\n    workspace: Radiology\n    import_storages: {storages}\n")


def titles(api: httpx.Client, side: str = "") -> list[tuple[str, str]]:
    project = next(row["id"] for row in api.get("/api/projects/").json()["results"] if row["title"] == "Scans")
    rows = api.get(f"/api/storages/{side}", params={"project": project}).json()
    return sorted((row["title"], row["type"]) for row in rows)


# ---- somebody else's things ----------------------------------------------------------------------


def test_a_lost_create_never_takes_a_project_of_a_personal_workspace(lsops: Lsops, enterprise, with_faults) -> None:
    personal = enterprise.post("/api/projects/", json={"title": "Mine"}).json()
    lsops.write("version: 1\nprojects:\n  Mine: {workspace: Radiology, description: public}\n")
    with_faults("POST /api/projects/:500:once")
    assert lsops("apply", "--yes").code == 4
    after = enterprise.get(f"/api/projects/{personal['id']}/").json()
    assert (after["description"], after["workspace"]) == (personal["description"], personal["workspace"])


def test_two_workspaces_of_one_title_are_an_error_until_one_is_pinned(lsops: Lsops, enterprise: httpx.Client) -> None:
    twin = enterprise.post("/api/workspaces/", json={"title": "Radiology"}).json()["id"]
    lsops.write("version: 1\nprojects:\n  Scans: {workspace: Radiology}\n")
    refused = lsops("plan")
    assert refused.code == 3
    assert 'several workspaces are called "Radiology"' in refused.err
    pinned = f"workspaces:\n  Radiology: {{lifecycle: {{id: {twin}}}}}\n"
    lsops.write(f"version: 1\n{pinned}projects:\n  Scans: {{workspace: Radiology}}\n")
    assert lsops("apply", "--yes").code == 0
    assert enterprise.get("/api/projects/").json()["results"][0]["workspace"] == twin
    assert lsops("plan", "--detailed-exitcode").code == 0


# ---- names that change ---------------------------------------------------------------------------


def test_a_renamed_workspace_keeps_its_projects_and_takes_new_ones(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.write("version: 1\nprojects:\n  Scans: {workspace: Radiology}\n")
    lsops("apply", "--yes")
    renamed = "workspaces:\n  Imaging: {lifecycle: {renamed_from: Radiology}}\n"
    lsops.write(f"version: 1\n{renamed}projects:\n  Scans: {{workspace: Imaging}}\n  More: {{workspace: Imaging}}\n")
    planned = lsops("plan")
    assert planned.last == "Plan: 1 to create, 1 to update, 0 to replace, 0 to delete."
    assert lsops("apply", "--yes").code == 0
    assert lsops("plan", "--detailed-exitcode").code == 0


def test_a_project_in_a_workspace_that_goes_away_is_an_error(lsops: Lsops, enterprise: httpx.Client) -> None:
    gone = "workspaces:\n  Radiology: {lifecycle: {absent: true}}\n"
    lsops.write(f"version: 1\n{gone}projects:\n  Scans: {{workspace: Radiology}}\n")
    refused = lsops("plan")
    assert refused.code == 3
    assert 'the workspace "Radiology" is to be deleted' in refused.err


# ---- consent and protection ----------------------------------------------------------------------


def test_tasks_that_arrive_while_the_question_stands_are_not_lost(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = community.post("/api/projects/", json={"title": "Busy"}).json()["id"]
    lsops.write("version: 1\nprojects:\n  Busy: {lifecycle: {absent: true}}\n")

    def answer(terminal: Terminal, question: Question) -> bool:
        community.post(f"/api/projects/{number}/import", json=[{"data": {"text": "new"}}]).raise_for_status()
        return True

    monkeypatch.setattr(Terminal, "confirm", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    refused = lsops("apply", "-q")
    assert refused.code == 5
    assert "deletes 1 task" in refused.err
    assert community.get(f"/api/projects/{number}/").status_code == 200


def test_a_protected_storage_protects_its_project(lsops: Lsops, enterprise: httpx.Client, with_faults) -> None:
    manifest(lsops, "{raw: %s}" % (S3 % ", lifecycle: {protect: true}"))
    assert lsops("apply", "--yes").code == 0
    text = (
        (lsops.folder / "lsops.yaml")
        .read_text()
        .replace("workspace: Radiology", "workspace: Radiology\n    lifecycle: {absent: true}")
    )
    lsops.write(text)
    refused = lsops("apply", "--yes", "--allow-deletes", "9")
    assert refused.code == 5
    assert "LS806" in refused.err


# ---- storages ------------------------------------------------------------------------------------


def test_a_rename_with_another_type_is_a_replace(lsops: Lsops, enterprise: httpx.Client, with_faults) -> None:
    manifest(lsops, "{old: %s}" % (S3 % ""))
    assert lsops("apply", "--yes").code == 0
    manifest(lsops, "{new: {type: gcs_sa, bucket: scans, lifecycle: {renamed_from: old}}}")
    assert lsops("plan").last == "Plan: 0 to create, 0 to update, 1 to replace, 0 to delete."
    assert lsops("apply", "--yes", "--allow-deletes", "1").code == 0
    assert titles(enterprise) == [("new", "gcs_sa")]


def test_a_replace_whose_delete_fails_says_which_one_is_left(lsops: Lsops, enterprise, with_faults) -> None:
    manifest(lsops, "{raw: %s}" % (S3 % ""))
    assert lsops("apply", "--yes").code == 0
    manifest(lsops, "{raw: {type: gcs_sa, bucket: scans}}")
    with_faults("DELETE /api/storages/*:500")
    failed = lsops("apply", "--yes", "--allow-deletes", "1")
    assert failed.code == 4
    assert "delete the old one, id 1" in failed.out


def test_what_is_ignored_is_not_sent_with_a_full_body(lsops: Lsops, enterprise: httpx.Client, with_faults) -> None:
    redis = "{raw: {type: redis, host: cache, port: 6379, password: '${env:SECRET}', path: %s, description: ours%s}}"
    manifest(lsops, redis % ("a", ""))
    assert lsops("apply", "--yes").code == 0
    by_hand = {"host": "cache", "port": "6379", "password": "secret key", "description": "theirs", "regex_filter": "x"}
    enterprise.patch("/api/storages/redis/1", json=by_hand).raise_for_status()
    manifest(lsops, redis % ("b", ", lifecycle: {ignore: [description]}"))
    assert lsops("apply", "--yes").code == 0
    row = enterprise.get("/api/storages/redis/1").json()
    assert (row["path"], row["description"], row["regex_filter"]) == ("b", "theirs", "x")


def test_secrets_go_again_only_when_the_server_misses_them(lsops: Lsops, enterprise, with_faults) -> None:
    manifest(lsops, "{raw: %s}" % (S3 % ""))
    assert lsops("apply", "--yes").code == 0
    manifest(lsops, "{raw: %s}" % (S3 % ", presign_ttl: 2"))
    with_faults("PATCH /api/storages/*:400:once")
    failed = lsops("apply", "--yes")
    assert failed.code == 4
    assert "sent again" not in failed.out + failed.err


# ---- answers and files that are not what they should be ------------------------------------------


def test_a_create_whose_answer_is_cut_off_is_found(lsops: Lsops, community: httpx.Client, with_faults) -> None:
    lsops.write("version: 1\nprojects:\n  Cut off: {}\n")
    with_faults("POST /api/projects/:truncate:once")
    assert lsops("apply", "--yes").code == 0
    assert [row["title"] for row in community.get("/api/projects/").json()["results"]] == ["Cut off"]
    assert lsops("plan", "--detailed-exitcode").code == 0


def test_a_saved_plan_without_the_parent_makes_no_child(lsops: Lsops, enterprise: httpx.Client, with_faults) -> None:
    manifest(lsops, "{raw: %s}" % (S3 % ""))
    lsops("plan", "--out", "plan.json")
    document = json.loads((lsops.folder / "plan.json").read_text())
    document["changes"] = [change for change in document["changes"] if change["kind"] == "import_storage"]
    (lsops.folder / "plan.json").write_text(json.dumps(document))
    ran = lsops("apply", "--plan", "plan.json")
    assert ran.code == 4
    assert "/projects/Scans is not in the plan" in ran.out
    assert enterprise.get("/api/projects/").json()["count"] == 0


def test_a_bug_in_the_middle_leaves_a_report(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lsops.kinds.projects.project import Project

    create = Project.create

    def broken(self: Project, session: object, body: dict, where: object) -> object:
        if body["title"] == "Second":
            raise KeyError("a bug")
        return create(self, session, body, where)

    monkeypatch.setattr(Project, "create", broken)
    lsops.write("version: 1\nprojects:\n  First: {}\n  Second: {}\n  Third: {}\n")
    ran = lsops("apply", "--yes")
    assert (ran.code, ran.last) == (4, "Apply incomplete: 2 done, 1 failed, 0 skipped.")
