"""`lsops diff`: what a branch changes, told without a server."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.support.cli import Lsops, Ran
from tests.support.git_repo import GitRepo

CONFIG = '<View><Image name="i" value="$i"/><Choices name="c" toName="i"><Choice value="A"/>{}</Choices></View>'
BASE = f"""\
version: 1
vars: {{bucket: scans}}
environments: {{prod: {{vars: {{bucket: scans-prod}}, overlays: [prod.yaml]}}}}
members: {{ana@example.com: reviewer}}
workspaces: {{Radiology: {{members: [ana@example.com]}}}}
projects:
  Cats:
    workspace: Radiology
    label_config: '{CONFIG.format('<Choice value="B"/>')}'
    maximum_annotations: 1
    members: {{ana@example.com: reviewer}}
    import_storages: {{raw: {{type: s3, bucket: "${{var:bucket}}", aws_access_key_id: "${{env:KEY}}", aws_secret_access_key: "${{env:KEY}}"}}}}
    webhooks: {{alarm: {{url: "${{env:HOOK}}", headers: {{Key: "${{env:KEY}}"}}}}}}
  Dogs: {{workspace: Radiology, import_storages: {{old scans: {{type: gcs, bucket: b}}}}}}
"""


@pytest.fixture
def repo(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A repository that is the working directory, with a branch of its own checked out."""
    made = GitRepo.made(lsops.folder / "repo")
    made.write(BASE)
    made.write("projects: {Dogs: {description: Of prod}}\n", "prod.yaml")
    made.commit()
    made.branch()
    monkeypatch.chdir(made.folder)
    return made


def edited(repo: GitRepo, old: str, new: str) -> None:
    path = repo.folder / "lsops.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def heads(ran: Ran) -> list[str]:
    """The changes, without where they are written."""
    assert ran.code == 0, ran.err
    rows = [row.removeprefix("|   ") for row in ran.out.splitlines()]
    return [row.rpartition("   ")[0] or row for row in rows if re.match(r"(\+|~|-|-/\+|!) /", row)]


def test_a_revision_compared_with_itself_has_no_difference(lsops: Lsops, repo: GitRepo) -> None:
    ran = lsops("diff", "--base", "main", "--detailed-exitcode")
    assert (ran.code, ran.last) == (0, "No changes. 9 resources are as in main")


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("maximum_annotations: 1", "maximum_annotations: 3", ["~ /projects/Cats"]),
        ("  Cats:\n", "  Tigers:\n    lifecycle: {renamed_from: Cats}\n", ['~ /projects/Tigers ("Cats")']),
        ("  Cats:\n", "  big-cats:\n    title: Cats\n", []),
        ("Radiology: {mem", "X-ray: {lifecycle: {renamed_from: Radiology}, mem", ['~ /workspaces/X-ray ("Radiology")']),
        ("{ana@example.com: reviewer}\nw", "{ana@example.com: reviewer, new@example.com: annotator}\nw",
         ["+ /members/new@example.com"]),
        ("{ana@example.com: reviewer}\n    i", "{ana@example.com: reviewer, somebody@example.com: annotator}\n    i",
         ["+ /projects/Cats/members/somebody@example.com"]),
        ("  Dogs:", "  Birds: {workspace: Not declared}\n  Dogs:", ["+ /projects/Birds"]),
        ("type: gcs, bucket: b", "type: azure, container: b", ["-/+ /projects/Dogs/import_storages/old scans"]),
        ("env:HOOK", "env:BELL", ["+ /projects/Cats/webhooks/alarm"]),
        ("headers: {Key: ", "actions: [TASKS_CREATED], headers: {Key: ", ["~ /projects/Cats/webhooks/alarm"]),
        ('aws_access_key_id: "${env:KEY}"', 'aws_access_key_id: "${env:OTHER}"', []),
    ],
    ids=["field", "renamed", "local name", "workspace", "member", "somebody", "undeclared place", "type", "secret url",
         "webhook", "secret"],
)  # fmt: skip
def test_exactly_what_the_branch_changes_is_shown(
    lsops: Lsops, repo: GitRepo, old: str, new: str, shown: list[str]
) -> None:
    edited(repo, old, new)
    if "X-ray" in new:
        edited(repo, "workspace: Radiology", "workspace: X-ray")
    assert heads(lsops("diff", "--base", "main")) == shown


def test_a_label_change_reads_as_that(lsops: Lsops, repo: GitRepo) -> None:
    edited(repo, '<Choice value="B"/>', '<Choice value="C"/>')
    out = lsops("diff", "--base", "main").out
    assert 'label_config: choices "c": + C, - B' in out
    assert "goes away (removed) while the project has an unknown number of annotations" in out


def test_a_moved_storage_reads_as_that(lsops: Lsops, repo: GitRepo) -> None:
    edited(repo, ", import_storages: {old scans: {type: gcs, bucket: b}}", "")
    edited(repo, "import_storages: {raw:", "import_storages: {old scans: {type: gcs, bucket: b}, raw:")
    ran = lsops("diff", "--base", "main")
    assert heads(ran) == ["+ /projects/Cats/import_storages/old scans"]
    assert "moved from /projects/Dogs/import_storages/old scans: it is made anew here" in ran.out
    edited(repo, "version: 1\n", "version: 1\nprune: [projects/*/import_storages]\n")
    edited(repo, "Dogs: {workspace: Radiology", "Dogs: {workspace: Radiology, import_storages: {}")
    pruned = lsops("diff", "--base", "main")
    assert heads(pruned)[1:] == ["- /projects/Dogs/import_storages/old scans"]
    assert "and that one is deleted" in pruned.out


def test_what_is_no_longer_declared_and_stays_is_listed(lsops: Lsops, repo: GitRepo) -> None:
    edited(repo, "    maximum_annotations: 1\n", "")
    edited(repo, "  Dogs: {workspace: Radiology, import_storages: {old scans: {type: gcs, bucket: b}}}\n", "")
    ran = lsops("diff", "--base", "main")
    rows = ran.out.splitlines()
    assert rows[0] == "2 no longer in the manifest, and left on the server as they are:"
    assert rows[1:3] == ["|   /projects/Cats/maximum_annotations", "|   /projects/Dogs"]


def test_an_overlays_change_is_shown_where_it_acts(lsops: Lsops, repo: GitRepo) -> None:
    repo.write("projects: {Dogs: {description: Better}}\n", "prod.yaml")
    edited(repo, "scans-prod", "scans-2")
    assert heads(lsops("diff", "--base", "main")) == []
    ran = lsops("diff", "--base", "main", "-e", "prod")
    assert heads(ran) == ["~ /projects/Cats/import_storages/raw", "~ /projects/Dogs"]
    assert 'description: "Of prod" -> "Better"   prod.yaml:1' in ran.out


def test_variables_of_the_command_line_hold_for_both_sides(lsops: Lsops, repo: GitRepo) -> None:
    edited(repo, "bucket: scans}", "bucket: other}")
    assert heads(lsops("diff", "--base", "main", "--var", "bucket=same")) == []


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        (("-t", "/projects/Cats"), ["~ /projects/Cats"]),
        (("-t", "/projects/Dogs"), ["- /projects/Dogs"]),
        (("--skip", "projects"), ["+ /workspaces/New"]),
    ],
)
def test_targets_and_skip_leave_the_rest_out(
    lsops: Lsops, repo: GitRepo, flags: tuple[str, str], shown: list[str]
) -> None:
    edited(repo, "maximum_annotations: 1", "maximum_annotations: 3")
    edited(repo, "workspaces: {", "workspaces: {New: {}, ")
    edited(repo, "version: 1\n", "version: 1\nprune: [projects]\n")
    edited(repo, "  Dogs: {workspace: Radiology, import_storages: {old scans: {type: gcs, bucket: b}}}\n", "")
    assert heads(lsops("diff", "--base", "main", *flags)) == shown


def test_the_document_is_a_plan_of_no_server_that_apply_refuses(lsops: Lsops, repo: GitRepo) -> None:
    edited(repo, "maximum_annotations: 1", "maximum_annotations: 3")
    ran = lsops("diff", "--base", "main", "--format", "json", "--detailed-exitcode")
    document = ran.json()
    assert (ran.code, document["format"], document["server"]["url"]) == (2, "lsops.plan/1", "")
    assert document["base"] == {"name": "main", "only_changed": False}
    Path("plan.json").write_text(json.dumps(document))
    lsops.setenv(KEY="k", HOOK="https://hooks.example.com/x")
    assert lsops("apply", "--plan", "plan.json", "--server", "sandbox:").code == 5


def test_markdown_says_what_it_is_compared_with(lsops: Lsops, repo: GitRepo) -> None:
    edited(repo, "maximum_annotations: 1", "maximum_annotations: 3")
    repo.git("branch", "a`@team`", "main")
    out = lsops("diff", "--base", "a`@team`", "--format", "markdown").out
    assert out.startswith(
        "<!-- lsops:diff -->\n## lsops diff\n\n**Diff: 0 to create, 1 to update, 0 to replace, 0 to delete.** Compared with"
    )
    assert "Compared with `` a`@team` ``: 8 resources are as in it." in out


@pytest.mark.parametrize(
    "flags", [(), ("--base", "nowhere"), ("--base", "-x"), ("--base", "main", "-t", "/projects/Nobody")]
)
def test_nothing_to_compare_with_is_a_usage_error(lsops: Lsops, repo: GitRepo, flags: tuple[str, ...]) -> None:
    ran = lsops("diff", *flags)
    assert (ran.code, ran.out) == (3, "")
    assert "error[LS6" in ran.err


def test_no_secret_is_needed_and_no_server_is_named(lsops: Lsops, repo: GitRepo) -> None:
    edited(repo, "version: 1\n", "version: 1\nserver: {url: https://label.example.com}\n")
    assert lsops("diff", "--base", "main").code == 0


@pytest.mark.parametrize(("name", "environment"), [("quickstart", ""), ("enterprise", ""), ("enterprise", "prod")])
def test_an_example_compared_with_its_own_revision_has_no_difference(
    lsops: Lsops, name: str, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = Path(__file__).parents[2] / "examples" / name
    repo = GitRepo.made(lsops.folder / "repo")
    for file in examples.rglob("*"):
        if file.is_file():
            repo.write(file.read_text("utf-8"), f"deep/{file.relative_to(examples)}")
    repo.commit()
    monkeypatch.chdir(repo.folder)
    ran = lsops("diff", "--base", "HEAD", "-e", environment, "deep")
    assert (ran.code, ran.last.startswith("No changes."), ran.out.count("\n")) == (0, True, 1), ran.out + ran.err


def test_five_hundred_projects_in_as_many_files_are_compared_in_a_second_or_so(
    lsops: Lsops, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = GitRepo.made(lsops.folder / "repo")
    repo.write("version: 1\ninclude: ['projects/*.yaml']\nprojects: {}\n")
    for number in range(500):
        repo.write(
            f"projects: {{'Project {number}': {{description: d, show_skip_button: true}}}}\n", f"projects/{number}.yaml"
        )
    repo.commit()
    repo.write("projects: {'Project 7': {description: other, show_skip_button: true}}\n", "projects/7.yaml")
    monkeypatch.chdir(repo.folder)
    lsops("diff", "--base", "main", "-t", "/projects/Project 7")  # imports are not what is measured
    start = time.process_time()
    ran = lsops("diff", "--base", "main")
    assert heads(ran) == ["~ /projects/Project 7"]
    assert time.process_time() - start < 3  # 0.4 s on an idle machine; benchmarks/ has the figure


def test_a_templates_change_is_shown_at_each_entry_that_it_lies_beneath(lsops: Lsops, repo: GitRepo) -> None:
    repo.write(
        "version: 1\ntemplates: {t: {params: {n: 1}, project: {maximum_annotations: '${param:n}', description: old}}}\n"
        "projects:\n  'Row ${each:x}': {for_each: {x: [a, b]}, template: t}\n"
        "  Own: {template: t, description: mine}\n  Plain: {description: old}\n"
    )
    repo.commit()
    edited(repo, "description: old}}}", "description: new}}}")
    assert heads(lsops("diff", "--base", "HEAD")) == ["~ /projects/Row a", "~ /projects/Row b"]
    edited(repo, "{n: 1}", "{n: 2}")
    assert heads(lsops("diff", "--base", "HEAD"))[2:] == ["~ /projects/Own"]


def test_the_old_side_of_a_long_text_is_the_base_and_nothing_live(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects: {Cats: {description: 'a\n\n  b'}}\n", "old/lsops.yaml")
    lsops.write("version: 1\nprojects: {Cats: {description: 'a\n\n  c'}}\n")
    for form in ("text", "markdown"):
        told = lsops("diff", "--base", "./old", "--format", form).out
        assert "--- base" in told
        assert "--- live" not in told
