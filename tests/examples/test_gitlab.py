"""The jobs of the GitLab component, by their own shell: against a sandbox over HTTP and a stand-in for GitLab's API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from tests.support.editors import installed_wheel
from tests.support.forge import TOKEN, Forge
from tests.support.gitlab import component, run_job
from tests.support.policies import needs_cel
from tests.support.sandbox import served, served_app

KEY = "key-of-the-test"
MARKER = "<!-- lsops:plan prod -->"
AGAIN = "Plan again: run the merge request's last pipeline anew, look at the plan, and then run this job anew."
BY_HAND = "Run a pipeline of the default branch by hand, with the variable UNREVIEWED=yes."
GOOD = """\
version: 1
environments: {{prod: {{server: {{url: "{server}"}}}}}}
projects:
  Cats: {{description: {description}, lifecycle: {{absent: {absent}}}}}
"""
DRAWN = "Cats, label_config: <View><Text name='t' value='$t'/><Rating name='r' toName='t'/></View>"
DENIED = "policies: {no-one: {on: change, deny: 'change.kind == \"project\"', message: Ask Ana.}}\n"
NOTES = "merge_requests/3/notes"
PLAN = "jobs/700/artifacts/plan.json"
MERGED = {
    "iid": 3, "state": "merged", "sha": "head", "merge_commit_sha": "merge", "squash_commit_sha": None,
    "source_project_id": 7, "head_pipeline": {"id": 70, "sha": "head", "ref": "refs/merge-requests/3/head"},
}  # fmt: skip


@dataclass
class Team:
    """A checkout, the server that its manifest names, and its GitLab."""

    folder: Path
    server: str
    gitlab: Forge
    api: str
    inputs: Mapping[str, str] = field(default_factory=lambda: {"environment": "prod"})

    def push(self, description: str, *, absent: str = "false", policies: str = "") -> None:
        """A commit."""
        text = GOOD.format(server=self.server, description=description, absent=absent)
        (self.folder / "lsops.yaml").write_text(text + policies, "utf-8")

    def job(self, name: str, **variables: str) -> tuple[int, str]:
        """A job of the pipeline with all variables that a project has."""
        given = {"GITLAB_TOKEN": TOKEN, "LABEL_STUDIO_API_KEY": KEY, "CI_API_V4_URL": self.api}
        given |= {"CI_MERGE_REQUEST_IID": "3", "CI_COMMIT_SHA": "merge", "CI_PIPELINE_SOURCE": "push"}
        return run_job(f"lsops-{name}", self.folder, {**given, **variables}, **self.inputs)

    def merge(self) -> None:
        """What the last pipeline of the merge request left behind."""
        self.gitlab.documents["merge_requests/3"] = MERGED
        self.gitlab.documents[PLAN] = (self.folder / "plan.json").read_bytes()
        self.gitlab.lists["repository/commits/merge/merge_requests"] = [MERGED]
        self.gitlab.lists["pipelines/70/jobs"] = [{"id": 9, "name": "unit tests"}, {"id": 700, "name": "lsops-plan"}]

    def descriptions(self) -> list[str]:
        """Of the projects on the server."""
        found = httpx.get(f"{self.server}/api/projects/", headers={"Authorization": f"Token {KEY}"}).json()
        return [project["description"] for project in found["results"]]

    def by_hand(self, description: str) -> None:
        """Somebody changes the one project in the browser."""
        changes, headers = {"description": description}, {"Authorization": f"Token {KEY}"}
        httpx.patch(f"{self.server}/api/projects/1/", json=changes, headers=headers).raise_for_status()


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[Team]:
    """A team whose server is of no matter."""
    project = "/api/v4/projects/7/"
    gitlab = Forge(project, ("PRIVATE-TOKEN", TOKEN), {"author": {"id": 1}}, {NOTES: [], "issues": []})
    gitlab.documents["/api/v4/user"] = {"id": 1}
    folder = tmp_path / "checkout"
    folder.mkdir()
    with served_app(gitlab.app()) as api:
        yield Team(folder, "http://127.0.0.1:1", gitlab, f"{api}/api/v4")


@pytest.fixture
def team(nobody: Team) -> Iterator[Team]:
    with served(edition="community", token=KEY) as server:
        yield replace(nobody, server=server)


def test_a_merge_request_has_one_note_and_what_it_showed_is_applied_after_the_merge(team: Team) -> None:
    others = [{"id": number, "author": {"id": 2}, "body": f"{MARKER}\nnot ours"} for number in range(1, 102)]
    team.gitlab.lists[NOTES].extend(others)
    team.push("Tabby or not")
    code, log = team.job("plan")
    assert (code, team.gitlab.written) == (0, ["POST merge_requests/3/notes"]), log
    assert json.loads((team.folder / "plan.gitlab.json").read_text()) == {"create": 1, "update": 0, "delete": 0}

    team.push("Which breed")
    assert team.job("plan")[0] == 0
    assert team.gitlab.written[1:] == ["PUT merge_requests/3/notes/102"]
    assert team.gitlab.lists[NOTES][101]["body"].startswith(
        f"{MARKER}\n## lsops plan for `prod`\n\n**Plan: 1 to create"
    )

    team.merge()
    code, log = team.job("apply")
    assert code == 0, log
    assert team.descriptions() == ["Which breed"]
    assert (KEY in log, TOKEN in log) == (False, False)


@pytest.mark.soak
def test_a_plan_has_pictures_in_its_page_and_its_note_and_they_lead_back_to_it(team: Team) -> None:
    team = replace(team, inputs={**team.inputs, "preview": "true"})
    team.push(DRAWN)
    code, log = team.job("plan", LSOPS_EDITOR=str(installed_wheel()), CI_JOB_URL="https://gitlab.test/jobs/9")
    assert code == 0, log
    assert "(https://gitlab.test/jobs/9/artifacts/raw/preview/1-after.png)" in team.gitlab.lists[NOTES][0]["body"]
    assert 'href="preview/index.html#pair-1"' in (team.folder / "plan.html").read_text("utf-8")
    assert 'href="../plan.html"' in (team.folder / "preview/index.html").read_text("utf-8")
    assert component()["lsops-plan"]["artifacts"]["paths"] == ["plan.json", "plan.html", "preview"]


def test_a_plan_without_its_pictures_is_a_plan(team: Team) -> None:
    team = replace(team, inputs={**team.inputs, "preview": "true"})
    team.push(DRAWN)
    code, log = team.job("plan", LSOPS_EDITOR="nowhere")
    assert (code, team.gitlab.written) == (0, ["POST merge_requests/3/notes"]), log
    assert "lsops preview ended with 3; its log says why pictures are missing.\n" in log


def test_a_mistake_is_the_note_and_the_job_fails_as_lsops_did(team: Team) -> None:
    team.push("a\n  Dogs: {descripton: b}\n  Mice: {description: c")
    code, _ = team.job("plan")
    assert code == 3
    assert "**Failed: " in team.gitlab.lists[NOTES][0]["body"]
    assert not (team.folder / "plan.gitlab.json").exists()


@needs_cel
def test_what_a_policy_denies_fails_in_the_review_and_is_in_the_note(team: Team) -> None:
    team.push("a", policies=DENIED)
    code, log = team.job("plan")
    assert code == 5, log
    assert ["**Refused: denied by a policy." in note["body"] for note in team.gitlab.lists[NOTES]] == [True]
    assert "Ask Ana." in team.gitlab.lists[NOTES][0]["body"]


def test_a_reviewed_plan_that_is_stale_says_to_plan_again(team: Team) -> None:
    team.push("Tabby or not")
    assert team.job("plan")[0] == 0
    team.merge()
    team.push("Which breed")
    code, log = team.job("apply")
    assert (code, team.descriptions()) == (5, [])
    assert AGAIN in log


def test_a_fork_gets_findings_without_any_token(team: Team) -> None:
    team.push("a}\n  Dogs: {descripton: b")
    nothing = {"GITLAB_TOKEN": "", "LABEL_STUDIO_API_KEY": "", "CI_API_V4_URL": ""}
    assert team.job("validate", **nothing)[0] == 3
    finding = json.loads((team.folder / "codequality.json").read_text())[0]
    assert (finding["check_name"], finding["location"]["path"]) == ("LS102", "lsops.yaml")
    own = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"
    assert own in component()["lsops-plan"]["rules"][0]["if"]


def test_a_delete_waits_for_somebody_who_starts_a_pipeline_with_its_number(team: Team) -> None:
    team.push("Tabby or not")
    httpx.post(f"{team.server}/api/projects/", json={"title": "Cats"}, headers={"Authorization": f"Token {KEY}"})
    team.push("Tabby or not", absent="true")
    assert team.job("plan")[0] == 0
    assert "--allow-deletes 1" in team.gitlab.lists[NOTES][0]["body"]
    team.merge()
    assert team.job("apply", ALLOW_DELETES="1", UNREVIEWED="yes")[0] == 5
    code, log = team.job("apply", ALLOW_DELETES="1", CI_PIPELINE_SOURCE="web")
    assert (code, team.descriptions()) == (0, []), log


def test_a_merge_from_a_fork_is_applied_unreviewed_only_where_somebody_says_so(team: Team) -> None:
    team.push("Tabby or not")
    code, log = team.job("apply", UNREVIEWED="yes", CI_PIPELINE_SOURCE="web")
    assert (code, team.descriptions()) == (0, ["Tabby or not"]), log


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": "opened"}, f"This commit came by no merge request, so nobody has reviewed a plan. {BY_HAND}"),
        ({"source_project_id": 8}, f"!3 came from a fork, of which nothing is planned. {BY_HAND}"),
        ({"head_pipeline": None}, f"!3 has no pipeline for its last commit. {AGAIN}"),
        ({"head_pipeline": {"id": 70, "sha": "older", "ref": "x"}}, f"!3 has no pipeline for its last commit. {AGAIN}"),
        ({"job": "other-plan"}, f"!3 has no lsops-plan that succeeded. {AGAIN}"),
        ({"plan": None}, f"The plan of !3 is not there any more (404). {AGAIN}"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_without_the_reviewed_plan_nothing_is_applied(nobody: Team, changed: dict[str, object], words: str) -> None:
    (nobody.folder / "plan.json").write_text("{}", "utf-8")
    nobody.merge()
    nobody.gitlab.lists["repository/commits/merge/merge_requests"] = [MERGED | changed]
    nobody.gitlab.documents |= {"merge_requests/3": MERGED | changed, PLAN: changed.get("plan")}
    nobody.gitlab.lists["pipelines/70/jobs"] = [{"id": 700, "name": changed.get("job", "lsops-plan")}]
    code, log = nobody.job("apply")
    assert (code, log) == (1, f"{words}\n")


def test_drift_opens_one_issue_writes_it_anew_and_closes_it(team: Team) -> None:
    team.push("Tabby or not")
    httpx.post(f"{team.server}/api/projects/", json={"title": "Cats"}, headers={"Authorization": f"Token {KEY}"})
    codes = []
    for description in ("Lions", "Tigers", "Tabby or not"):
        team.by_hand(description)
        codes.append(team.job("drift", CI_PIPELINE_SOURCE="schedule")[0])
    assert codes == [2, 2, 0]
    assert team.gitlab.written == ["POST issues", "PUT issues/1", "POST issues/1/notes", "PUT issues/1"]
    [issue] = team.gitlab.lists["issues"]
    assert (issue["title"], issue["labels"], issue["state"]) == ("Label Studio has drifted", "lsops-drift", "closed")
    assert "Tigers" in issue["description"]


@pytest.mark.parametrize(
    ("token", "words"),
    [("", "GITLAB_TOKEN is not set: the reviewed plan cannot be fetched."), ("wrong", "GitLab answers 401 to http")],
)
def test_a_token_that_is_missing_or_wrong_is_named(nobody: Team, token: str, words: str) -> None:
    code, log = nobody.job("apply", GITLAB_TOKEN=token)
    assert (code, log.startswith(words)) == (1, True), log


@pytest.mark.soak
def test_without_a_token_the_plan_is_in_the_artifacts_alone(team: Team) -> None:
    team.push("Tabby or not")
    code, log = team.job("plan", GITLAB_TOKEN="")
    assert (code, team.gitlab.written) == (0, [])
    assert log.endswith("GITLAB_TOKEN is not set: nothing is written into GitLab.\n")
    assert (team.folder / "plan.json").exists()
