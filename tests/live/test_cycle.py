"""The whole cycle on a real Label Studio Community."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest

from lsops.server import session
from tests.support.cli import Lsops
from tests.support.one_project import projects

pytestmark = pytest.mark.live

EXAMPLE = Path(__file__).parents[2] / "examples" / "quickstart"
ANNOTATED = """
        version: 1
        projects:
          Annotated:
            label_config: |
              <View><Text name="t" value="$text"/>
              <Choices name="dx" toName="t"><Choice value="Yes"/><Choice value="No"/></Choices></View>
    """


def named(server: httpx.Client, title: str) -> dict:
    return next(row for row in projects(server) if row["title"] == title)


@pytest.fixture
def quickstart(live: Lsops) -> Lsops:
    shutil.copytree(EXAMPLE, live.folder / "quickstart")
    return live


def test_the_quickstart_is_planned_saved_applied_and_then_matches(quickstart: Lsops) -> None:
    assert quickstart("validate", "quickstart").code == 0
    assert quickstart("plan", "quickstart", "--out", "plan.json", "--detailed-exitcode").code == 2
    applied = quickstart("apply", "--plan", "plan.json", "quickstart")
    assert (applied.code, applied.last) == (0, "Apply complete: 4 created, 1 updated, 0 replaced, 0 deleted.")
    again = quickstart("plan", "quickstart", "--detailed-exitcode")
    assert again.code == 0
    assert again.last.startswith("No changes. 5 resources match http://127.0.0.1:")


def test_a_field_changed_by_hand_is_named_with_its_line_and_mended(quickstart: Lsops, server: httpx.Client) -> None:
    quickstart("apply", "quickstart", "--yes")
    row = named(server, "Support tickets NER")
    server.patch(f"/api/projects/{row['id']}/", json={"description": "changed by hand"}).raise_for_status()
    planned = quickstart("plan", "quickstart", "--detailed-exitcode")
    line = 1 + (EXAMPLE / "lsops.yaml").read_text().splitlines().index(
        "    description: Product, error code and version in support tickets."
    )
    assert planned.code == 2
    assert '|   description: "changed by hand" -> "Product, error code' in planned.out
    assert f"quickstart/lsops.yaml:{line}" in planned.out
    assert planned.last == "Plan: 0 to create, 1 to update, 0 to replace, 0 to delete."
    assert quickstart("apply", "quickstart", "--yes").code == 0
    assert quickstart("plan", "quickstart", "--detailed-exitcode").code == 0


def test_a_saved_plan_that_no_longer_fits_is_refused(quickstart: Lsops, server: httpx.Client) -> None:
    quickstart("apply", "quickstart", "--yes")
    row = named(server, "Call centre audio")
    server.patch(f"/api/projects/{row['id']}/", json={"description": "one"}).raise_for_status()
    quickstart("plan", "quickstart", "--out", "plan.json")
    server.patch(f"/api/projects/{row['id']}/", json={"description": "two"}).raise_for_status()
    refused = quickstart("apply", "--plan", "plan.json", "quickstart")
    assert refused.code == 5
    assert "/projects/Call centre audio" in refused.err
    assert named(server, "Call centre audio")["description"] == "two"


def test_a_label_is_removed_only_with_consent_while_annotations_use_it(live: Lsops, server: httpx.Client) -> None:
    live.write(ANNOTATED)
    assert live("apply", "--yes").code == 0
    annotate(server, named(server, "Annotated")["id"], "No")
    assert live("plan", "--detailed-exitcode").code == 0
    live.write(ANNOTATED.replace('<Choice value="No"/>', '<Choice value="Maybe"/>'))
    planned = live("plan", "--check")
    assert planned.code == 3
    assert 'choices "dx": + Maybe, - No' in planned.out
    assert "These labels still exist in annotations" in planned.out
    refused = live("apply", "--yes")
    assert refused.code == 5
    assert "--allow-data-loss /projects/Annotated" in refused.err
    assert live("apply", "--yes", "--allow-data-loss", "/projects/Annotated").code == 0
    assert live("plan", "--detailed-exitcode").code == 0


def test_a_config_that_the_server_refuses_leaves_the_project_as_it_was(live: Lsops, server: httpx.Client) -> None:
    live.write(ANNOTATED)
    live("apply", "--yes")
    annotate(server, named(server, "Annotated")["id"], "No")
    before = named(server, "Annotated")["label_config"]
    live.write(ANNOTATED.replace('name="dx"', 'name="verdict"'))
    failed = live("apply", "--yes", "--allow-data-loss", "/projects/Annotated")
    assert failed.code == 4
    assert "Created annotations are incompatible with provided labeling schema" in failed.out
    assert failed.last == "Apply incomplete: 0 done, 1 failed, 0 skipped."
    assert named(server, "Annotated")["label_config"] == before


def test_pages_of_projects_are_all_read(live: Lsops, server: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PAGE_SIZE", 5)  # of a hundred, three pages would be 300 projects to make and delete
    entries = "\n".join(f"  Project {number:03}: {{maximum_annotations: 2}}" for number in range(12))
    live.write(f"version: 1\nprojects:\n{entries}\n")
    assert live("apply", "--yes", "-q").last == "Apply complete: 12 created, 0 updated, 0 replaced, 0 deleted."
    assert server.get("/api/projects/", params={"page_size": 1}).json()["count"] == 12
    assert live("plan", "--detailed-exitcode").code == 0


def test_two_projects_of_one_title_are_told_apart_by_a_pinned_id(live: Lsops, server: httpx.Client) -> None:
    ids = [server.post("/api/projects/", json={"title": "Twins"}).json()["id"] for _ in range(2)]
    live.write("version: 1\nprojects:\n  Twins: {description: chosen}\n")
    ambiguous = live("plan")
    assert ambiguous.code == 3
    assert f"ids {ids[0]}, {ids[1]}" in ambiguous.err
    live.write(f"version: 1\nprojects:\n  Twins: {{description: chosen, lifecycle: {{id: {ids[1]}}}}}\n")
    assert live("apply", "--yes").code == 0
    assert [server.get(f"/api/projects/{number}/").json()["description"] for number in ids] == ["", "chosen"]


def test_a_renamed_project_keeps_its_id(live: Lsops, server: httpx.Client) -> None:
    number = server.post("/api/projects/", json={"title": "Old name"}).json()["id"]
    live.write("version: 1\nprojects:\n  New name: {lifecycle: {renamed_from: Old name}}\n")
    planned = live("plan")
    assert '|   title: "Old name" -> "New name"' in planned.out
    assert live("apply", "--yes").code == 0
    assert server.get(f"/api/projects/{number}/").json()["title"] == "New name"
    assert live("plan", "--detailed-exitcode").code == 0


def test_a_personal_access_token_works_as_the_legacy_one_does(live: Lsops, server: httpx.Client) -> None:
    server.post("/api/jwt/settings", json={"api_tokens_enabled": True, "legacy_api_tokens_enabled": True})
    token = server.post("/api/token/").raise_for_status().json()["token"]
    live.setenv(LABEL_STUDIO_API_KEY=token)
    live.write("version: 1\nprojects:\n  With a token: {}\n")
    assert live("apply", "--yes").code == 0
    assert "personal (from LABEL_STUDIO_API_KEY)" in live("doctor").out
    server.post("/api/token/blacklist/", json={"refresh": token}).raise_for_status()
    assert "LS702" in live("plan").err
    wrong = live("plan", "--token-file", str(live.write("0" * 40, "token")))
    assert wrong.code == 1
    assert "401" in wrong.err


def annotate(server: httpx.Client, project: int, choice: str) -> None:
    """One task with one annotation, made as the labeling page does."""
    server.post(f"/api/projects/{project}/import", json=[{"data": {"text": "a text"}}]).raise_for_status()
    task = server.get("/api/tasks/", params={"project": project}).json()["tasks"][0]["id"]
    result = [{"from_name": "dx", "to_name": "t", "type": "choices", "value": {"choices": [choice]}}]
    server.post(f"/api/tasks/{task}/annotations/", json={"result": result}).raise_for_status()
