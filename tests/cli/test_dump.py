"""`lsops dump` as a user calls it: where it writes, what it says, and what it leaves alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from lsops.manifest import load
from lsops.sandbox import add_user
from tests.support.cli import Lsops

SMALL = Path(__file__).parents[1] / "data" / "clinic"
EXAMPLES = Path(__file__).parents[2] / "examples"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
SLACK = "https://hooks.slack.com/services/T1/B2/abcdefghijklm"


def project(api: httpx.Client, title: str, **values: Any) -> int:
    made = api.post("/api/projects/", json={"title": title, **values}).raise_for_status().json()
    return int(made["id"])


def storage(api: httpx.Client, project_id: int, title: str | None, **values: Any) -> int:
    body = {"project": project_id, "title": title, "path": "/data/in", **values}
    return int(api.post("/api/storages/localfiles/", json=body).raise_for_status().json()["id"])


def text(lsops: Lsops, name: str) -> str:
    return (lsops.folder / name).read_text("utf-8")


def is_settled(lsops: Lsops, place: str = ".") -> bool:
    ran = lsops("plan", place, "--detailed-exitcode")
    return ran.code == 0 and ran.last.startswith("No changes.")


@pytest.mark.parametrize("example", [EXAMPLES / "quickstart", SMALL], ids=["quickstart", "clinic"])
def test_what_a_manifest_made_is_dumped_in_little_more_room(lsops: Lsops, example: Path) -> None:
    shutil.copytree(example, lsops.folder / "example")
    lsops.setenv(LSOPS_SERVER="sandbox:a.db", AZURE_CLIENT_SECRET="s" * 9, TRIAGE_MODEL_PASSWORD="s" * 9)
    lsops.setenv(REPORTS_AUTHORIZATION="Bearer token")
    assert lsops("apply", "example", "--yes").code == 0
    assert lsops("dump", "-o", "made").code == 0
    assert is_settled(lsops, "made")
    sizes = [sum(path.stat().st_size for path in (lsops.folder / name).rglob("*.*")) for name in ("made", "example")]
    assert sizes[0] <= 1.3 * sizes[1]


def test_a_dump_twice_is_the_same_to_the_byte(lsops: Lsops, community: httpx.Client) -> None:
    for number in range(3):
        storage(community, project(community, f"Cats {number}", label_config=CONFIG), "raw")
    assert lsops("dump", "-o", "a").code == lsops("dump", "-o", "b").code == 0
    names = sorted(path.relative_to(lsops.folder / "a") for path in (lsops.folder / "a").rglob("*.*"))
    assert [(lsops.folder / "a" / name).read_bytes() for name in names] == [
        (lsops.folder / "b" / name).read_bytes() for name in names
    ]


def test_equal_label_configs_are_one_file_and_what_most_have_is_a_default(
    lsops: Lsops, community: httpx.Client
) -> None:
    for number in range(4):
        project(community, f"Cats {number}", label_config=CONFIG, maximum_annotations=1 if number == 0 else 3)
    lsops("dump")
    assert [path.name for path in (lsops.folder / "labels").iterdir()] == ["cats-0.xml"]
    assert "defaults:\n  projects:\n    maximum_annotations: 3\n" in text(lsops, "lsops.yaml")
    assert "maximum_annotations: 1\n" in text(lsops, "projects/cats-0.yaml")
    assert "maximum_annotations" not in text(lsops, "projects/cats-1.yaml")
    assert is_settled(lsops)


def test_projects_that_differ_in_few_places_are_pointed_out(lsops: Lsops, community: httpx.Client) -> None:
    for lang in ("de", "en", "fr", "es"):
        values = {"label_config": CONFIG, "maximum_annotations": 3, "sampling": "Uniform sampling"}
        storage(community, project(community, f"Tickets {lang}", **values), "raw", path=f"/data/{lang}")
    lsops("dump")
    hint = '# 4 entries differ in import_storages/raw/path alone: "Tickets de", "Tickets en", "Tickets es" and 1 more\n'
    assert text(lsops, "lsops.yaml").endswith(hint)
    assert is_settled(lsops)
    assert lsops("dump", "-o", "short", "--templates").code == 0
    assert "  tickets:\n    params: {path: null}\n    project:\n" in text(lsops, "short/lsops.yaml")
    written = "projects:\n  Tickets de:\n    template: tickets\n    with: {path: /data/de}\n"
    assert text(lsops, "short/projects/tickets-de.yaml") == written
    assert is_settled(lsops, "short")


def test_two_of_one_title_and_what_has_none_are_pinned(lsops: Lsops, community: httpx.Client) -> None:
    first, second = project(community, "Cats"), project(community, "Cats")
    number = storage(community, first, None)
    lsops("dump")
    written = text(lsops, f"projects/cats-id-{first}.yaml")
    assert f"lifecycle: {{id: {first}, ignore: [title]}}" in written
    assert f"untitled localfiles import storage (id {number}):" in written
    assert f"Cats (id {second}):" in text(lsops, f"projects/cats-id-{second}.yaml")
    assert is_settled(lsops)


def test_two_of_one_title_in_two_workspaces_need_no_pin(lsops: Lsops, enterprise: httpx.Client) -> None:
    for row in enterprise.get("/api/workspaces/").json():
        if not row.get("is_personal"):
            project(enterprise, "Cats", workspace=row["id"])
    lsops("dump")
    assert "title: Cats\n    workspace: Radiology\n" in text(lsops, "projects/cats-radiology.yaml")
    assert is_settled(lsops)


def test_secret_urls_and_headers_are_variables_and_listed(lsops: Lsops, community: httpx.Client) -> None:
    number = project(community, "Cats")
    for url in (SLACK, "https://user:word@example.com/hook"):
        body = {"url": url, "project": number, "headers": {"X-Token": "secret word"}}
        community.post("/api/webhooks/", json=body).raise_for_status()
    dumped = lsops("dump", "--format", "json").json()
    names = {one["name"] for one in dumped["secrets"]}
    assert names == {
        "SECRET_CATS_HOOKS_SLACK_COM_URL",
        "SECRET_CATS_EXAMPLE_COM_URL",
        "SECRET_CATS_EXAMPLE_COM_X_TOKEN",
    }
    everything = "".join(path.read_text("utf-8") for path in lsops.folder.rglob("*.yaml"))
    assert not any(word in everything for word in ("abcdefghijklm", "secret word", "user:word"))
    assert lsops("plan", "--detailed-exitcode").code == 0
    lsops.setenv(
        SECRET_CATS_HOOKS_SLACK_COM_URL=SLACK, SECRET_CATS_EXAMPLE_COM_URL="https://user:word@example.com/hook"
    )
    assert is_settled(lsops)


def test_a_config_that_would_be_followed_in_a_file_stays_inline(lsops: Lsops, community: httpx.Client) -> None:
    config = CONFIG.replace("<View>", '<View><Header value="xi:include ${file:/etc/passwd}"/>')
    project(community, "Cats", label_config=config)
    lsops("dump")
    assert not (lsops.folder / "labels").exists()
    assert "$${file:/etc/passwd}" in text(lsops, "projects/cats.yaml")
    assert is_settled(lsops)


def test_what_is_nobodys_business_is_left_out_and_said(lsops: Lsops, enterprise: httpx.Client) -> None:
    add_user(lsops.folder / "sandbox.db", "ana@example.com", "annotator")
    workspaces = {row["title"]: row["id"] for row in enterprise.get("/api/workspaces/").json()}
    number = project(enterprise, "Cats", workspace=workspaces["Radiology"])
    enterprise.post("/api/ml/", json={"project": number, "url": "https://ml.example.com", "title": "ml"})
    left = {one["address"]: one["reason"] for one in lsops("dump", "--format", "json").json()["left_out"]}
    assert left["/projects/Cats/webhooks/https:~1~1ml.example.com~1webhook"].startswith("an ML backend brought it")
    assert left["/members/owner@example.com"] == "there is one owner, whom lsops never changes"
    assert any(reason == "it is a personal workspace" for reason in left.values())
    assert "ana@example.com: annotator" in text(lsops, "lsops.yaml")
    assert "# Left out: /projects/Cats/webhooks/" in text(lsops, "projects/cats.yaml")
    assert is_settled(lsops)


# ---- where it writes -------------------------------------------------------------------------------


def test_nothing_is_replaced_without_force(lsops: Lsops, community: httpx.Client) -> None:
    project(community, "Cats")
    lsops.write("mine\n", "projects/cats.yaml")
    refused = lsops("dump")
    assert (refused.code, "error[LS620]: projects/cats.yaml is there already" in refused.err) == (3, True)
    assert not (lsops.folder / "lsops.yaml").exists()
    assert lsops("dump", "--force").code == 0
    assert is_settled(lsops)


def test_files_of_others_beside_a_dump_are_not_included(lsops: Lsops, community: httpx.Client) -> None:
    project(community, "Cats")
    lsops.write("projects: {Old: {}}\n", "projects/old.yaml")
    assert lsops("dump").code == 0
    assert "include: [projects/cats.yaml]" in text(lsops, "lsops.yaml")
    assert is_settled(lsops)


@pytest.mark.parametrize("name", ["projects", "lsops.yaml", "projects/cats.yaml"])
def test_nothing_is_written_through_a_link(lsops: Lsops, community: httpx.Client, tmp_path: Path, name: str) -> None:
    project(community, "Cats")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = lsops.folder / "made" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    refused = lsops("dump", "-o", "made", "--force")
    assert (refused.code, "is a link, nothing was written" in refused.err) == (3, True)
    assert list(elsewhere.iterdir()) == []


def test_a_write_that_fails_leaves_the_folder_as_it_was(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Cats", "Dogs"):
        project(community, title)
    lsops.write("mine\n", "made/lsops.yaml")
    whole = Path.replace

    def full(self: Path, target: Path) -> Path:
        if self.name == "dogs.yaml":
            raise OSError(28, "No space left on device", str(target))
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", full)
    failed = lsops("dump", "-o", "made", "--force")
    assert (failed.code, "No space left on device; nothing was written" in failed.err) == (3, True)
    assert [path.name for path in (lsops.folder / "made").iterdir()] == ["lsops.yaml"]
    assert text(lsops, "made/lsops.yaml") == "mine\n"


# ---- what is chosen --------------------------------------------------------------------------------


def test_a_target_dumps_what_it_covers_and_what_stands_above(lsops: Lsops, community: httpx.Client) -> None:
    for title in ("Cats", "Dogs"):
        storage(community, project(community, title, description="of mine"), "raw")
    assert lsops("dump", "-o", "a", "-t", "/projects/Cats").code == 0
    assert [path.name for path in (lsops.folder / "a").rglob("*.yaml")] == ["lsops.yaml", "cats.yaml"]
    assert "session_policy" not in text(lsops, "a/lsops.yaml")
    nothing = lsops("dump", "-o", "b", "-t", "/projects/Catz")
    assert (nothing.code, 'did you mean "/projects/Cats"?' in nothing.err) == (3, True)


def test_a_copy_has_another_name_and_is_created_beside_the_first(lsops: Lsops, community: httpx.Client) -> None:
    storage(community, project(community, "Cats", label_config=CONFIG, description="of mine"), "raw")
    assert lsops("dump", "-t", "/projects/Cats", "--as", "Dogs").code == 0
    assert "lifecycle: {new: true}" in text(lsops, "projects/dogs.yaml")
    assert lsops("plan").last == "Plan: 2 to create, 0 to update, 0 to replace, 0 to delete."
    assert lsops("apply", "--yes").code == 0
    assert is_settled(lsops)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-t", ""], "an empty target"),
        (["--as", ""], "--as: the title of a project must have at"),
        (["--as", "x" * 51], "--as: the title of a project must have at"),
        (["-o", "sandbox.db"], "sandbox.db cannot be written to: Not a directory; nothing was written"),
        (["-t", "projects"], 'the target "projects" matches nothing that is live'),
        (["extra"], "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_writes_nothing(
    lsops: Lsops, community: httpx.Client, arguments: list[str], says: str
) -> None:
    project(community, "Cats")
    refused = lsops("dump", *arguments)
    assert (refused.code, says in refused.err) == (3, True), refused
    assert not (lsops.folder / "lsops.yaml").exists()


def test_one_name_is_not_for_two_projects(lsops: Lsops, community: httpx.Client) -> None:
    for title in ("Cats", "Dogs"):
        project(community, title)
    refused = lsops("dump", "--as", "Birds")
    assert (refused.code, "error[LS621]: --as gives one project another name, and 2" in refused.err) == (3, True)
    assert lsops("dump", "--as", "x").code == 3


def test_what_cannot_be_read_is_said_and_the_rest_is_dumped(lsops: Lsops) -> None:
    from tests.support.sandbox import served

    token = "0" * 40
    lsops.setenv(LABEL_STUDIO_API_KEY=token)
    with served(token=token, edition="community", faults=("GET /api/dm/views/:403",)) as url:
        headers = {"Authorization": f"Token {token}"}
        httpx.post(f"{url}/api/projects/", json={"title": "Cats"}, headers=headers).raise_for_status()
        ran = lsops("dump", "--server", url)
    assert ran.code == 1
    assert "error[LS703]" in ran.out
    assert "# Left out: /projects/Cats/views: it could not be read" in text(lsops, "projects/cats.yaml")


def test_a_target_below_a_project_has_the_project_for_its_place_alone(lsops: Lsops, community: httpx.Client) -> None:
    number = project(community, "Cats", label_config=CONFIG, description="of mine")
    storage(community, number, "raw")
    assert lsops("dump", "-t", "/projects/*/import_storages").code == 0
    assert text(lsops, "projects/cats.yaml") == (
        "projects:\n  Cats:\n    import_storages:\n      raw: {type: localfiles, path: /data/in}\n"
    )
    assert is_settled(lsops)


# ---- people ----------------------------------------------------------------------------------------


def test_roles_are_short_and_those_that_do_not_count_are_left_out(lsops: Lsops, enterprise: httpx.Client) -> None:
    for name, role in (("ana", "manager"), ("ben", "annotator"), ("cid", "deactivated")):
        add_user(lsops.folder / "sandbox.db", f"{name}@example.com", role)
    lsops.write("""
        version: 1
        workspaces: {Radiology: {members: [ben@example.com]}}
        projects:
          Cats: {workspace: Radiology, members: {ana@example.com: inherit, ben@example.com: reviewer}}
        """)
    assert lsops("apply", "--yes").code == 0
    dumped = lsops("dump", "-o", "made", "--format", "json").json()
    assert "members: [ben@example.com]" in text(lsops, "made/lsops.yaml")
    assert "ana@example.com: {}\n      ben@example.com: reviewer\n" in text(lsops, "made/projects/cats.yaml")
    assert {"address": "/members/cid@example.com", "reason": "the role is deactivated"} in dumped["left_out"]
    assert is_settled(lsops, "made")


# ---- the Python API --------------------------------------------------------------------------------


def test_a_script_dumps_what_the_command_line_dumps(lsops: Lsops) -> None:
    import lsops as api
    from tests.support.sandbox import served

    token = "0" * 40
    lsops.setenv(LABEL_STUDIO_API_KEY=token)
    with served(token=token, edition="community") as url:
        headers = {"Authorization": f"Token {token}"}
        httpx.post(f"{url}/api/projects/", json={"title": "Cats"}, headers=headers).raise_for_status()
        with api.connect(url, token) as session:
            made = api.dump(session, lsops.folder / "a")
        lsops("dump", "-o", "b", "--server", url)
    assert {name: text(lsops, f"b/{name}") for name in made.files} == made.files


MODELS = """
    version: 1
    workspaces: {Ward: {}}
    projects: {Cats: {workspace: Ward}}
    model_providers: {house: {provider: Custom, endpoint: "https://models.example.com"}}
    prompts:
      Findings:
        input_fields: [text]
        output_classes: [Present]
        associated_projects: [Cats]
        versions: {one: {prompt: "Which? {text}", provider_model_id: gpt-4o}}
"""


@pytest.mark.parametrize(
    ("target", "kinds"),
    [
        ("/prompts/Findings", {"prompt", "prompt_version"}),
        ("/prompts/Findings/versions/one", {"prompt", "prompt_version"}),
        ("/model_providers/**", {"model_provider"}),
    ],
)
def test_a_part_is_dumped_with_what_it_needs_and_nothing_besides(
    lsops: Lsops, enterprise: httpx.Client, target: str, kinds: set[str]
) -> None:
    lsops.write(MODELS)
    assert lsops("apply", "--yes").code == 0
    assert "left out" not in lsops("dump", "-o", "dumped", "-t", target).out
    assert {item.kind for item in load(lsops.folder / "dumped").desired.resources} == kinds
    assert lsops("plan", "dumped", "--detailed-exitcode").code == 0
