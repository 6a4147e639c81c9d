"""`lsops drift` on the sandbox: what it counts, what it lists, its exit codes and its forms."""

from __future__ import annotations

import json

import httpx
import pytest

from lsops.cli.main import VERBS
from tests.cli.test_golden import AFTER, BEFORE, CASES, fail, matches, set_up
from tests.support.cli import Lsops

FORMS = ("text", "json", "markdown")
STORAGES = """
    version: 1
    projects:
      One:
        description: first
        import_storages: {raw: {type: s3, bucket: b}}
"""
PRUNED = "    prune: [projects/*/import_storages]\n"


def project(server: httpx.Client, title: str) -> int:
    """The id of a project."""
    return next(row["id"] for row in server.get("/api/projects/").json()["results"] if row["title"] == title)


def storage(server: httpx.Client, kind: str, title: str) -> None:
    """A storage of a type that somebody made by hand in project One."""
    body = {"project": project(server, "One"), "title": title, "bucket": "b"}
    server.post(f"/api/storages/{kind}/", json=body).raise_for_status()


@pytest.fixture
def applied(lsops: Lsops, community: httpx.Client) -> httpx.Client:
    """The sandbox as the manifest declares it: a project with one storage."""
    lsops.write(STORAGES)
    assert lsops("apply", "--yes").code == 0
    return community


def test_without_a_difference_it_is_exit_0(lsops: Lsops, applied: httpx.Client) -> None:
    ran = lsops("drift")
    assert ran.code == 0
    assert ran.out == "No drift. 2 resources match sandbox:sandbox.db\n"
    assert lsops("drift", "--strict").code == 0
    assert lsops("drift", "--format", "json").json()["drift"] is False


def test_what_somebody_changed_is_exit_2_and_stays_as_it_is(lsops: Lsops, applied: httpx.Client) -> None:
    number = project(applied, "One")
    applied.patch(f"/api/projects/{number}/", json={"description": "by hand"}).raise_for_status()
    ran = lsops("drift")
    assert ran.code == 2
    assert ran.last == "Drift: 1 difference (1 changed, 0 missing, 0 unwanted), 0 unmanaged."
    assert '|   description: "by hand" -> "first"   lsops.yaml:4' in ran.out
    assert applied.get(f"/api/projects/{number}/").json()["description"] == "by hand"


def test_what_is_missing_is_named_without_its_fields(lsops: Lsops, applied: httpx.Client) -> None:
    applied.delete(f"/api/projects/{project(applied, 'One')}/").raise_for_status()
    ran = lsops("drift")
    assert ran.code == 2
    assert (
        "+ /projects/One   lsops.yaml:3\n|   missing on the server\n|   + /projects/One/import_storages/raw" in ran.out
    )
    assert "description" not in ran.out
    assert "description" in lsops("drift", "-v").out


def test_unmanaged_storages_of_every_type_are_listed(lsops: Lsops, applied: httpx.Client) -> None:
    for kind, title in (("s3", "by hand"), ("gcs", "also by hand")):
        storage(applied, kind, title)
    ran = lsops("drift")
    assert ran.code == 0
    assert "2 live, in a managed collection, not in the manifest:" in ran.out
    assert "|   /projects/One/import_storages/also by hand\n" in ran.out
    assert ran.last == "No drift, 2 unmanaged. 2 resources match sandbox:sandbox.db"


def test_strict_counts_what_is_unmanaged(lsops: Lsops, applied: httpx.Client) -> None:
    storage(applied, "gcs", "by hand")
    ran = lsops("drift", "--strict")
    assert ran.code == 2
    assert ran.last == "Drift: 0 differences (0 changed, 0 missing, 0 unwanted), 1 unmanaged."
    document = lsops("drift", "--strict", "--format", "json").json()
    assert document["drift"] is True
    assert document["unmanaged"] == ["/projects/One/import_storages/by hand"]


def test_what_prune_would_delete_is_unwanted(lsops: Lsops, applied: httpx.Client) -> None:
    storage(applied, "gcs", "by hand")
    lsops.write(STORAGES + PRUNED)
    ran = lsops("drift")
    assert ran.code == 2
    assert (
        "- /projects/One/import_storages/by hand (id 1)   lsops.yaml:5\n|   |   should not be on the server\n"
        in ran.out
    )
    assert ran.last == "Drift: 1 difference (0 changed, 0 missing, 1 unwanted), 0 unmanaged."


def test_every_unmanaged_resource_is_listed(lsops: Lsops, applied: httpx.Client) -> None:
    titles = [f"by hand {number:02}" for number in range(15)]
    for title in titles:
        storage(applied, "s3", title)
    out = lsops("drift").out
    assert all(f"/import_storages/{title}\n" in out for title in titles)
    assert " more" not in out


def test_a_target_and_skip_leave_the_others_out(lsops: Lsops, applied: httpx.Client) -> None:
    applied.patch(f"/api/projects/{project(applied, 'One')}/", json={"description": "by hand"}).raise_for_status()
    assert lsops("drift", "-t", "/projects/One/import_storages/raw").code == 0
    ran = lsops("drift", "--skip", "import_storages")
    assert ran.code == 2
    assert "1 left out by the targets or --skip:\n|   /projects/One/import_storages/raw\n" in ran.out
    lsops.setenv(LSOPS_SKIP="import_storages\nprojects")
    assert lsops("drift").out.startswith("2 left out")


@pytest.mark.parametrize("flag", ["--resend-secrets=/**", "--out=x", "--check", "--detailed-exitcode", "--format=svg"])
def test_it_has_no_flags_of_plan_s_own(lsops: Lsops, applied: httpx.Client, flag: str) -> None:
    assert lsops("drift", flag).code == 3


def test_a_wrong_manifest_is_exit_3(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {descripton: typo}}\n")
    assert [lsops("drift", "--format", form).code for form in FORMS] == [3, 3, 3]
    ran = lsops("drift", "--format", "markdown")
    assert ran.out.startswith("<!-- lsops:drift -->\n## lsops drift\n\n**Failed: 1 error.**\n")
    assert ran.err.startswith("lsops.yaml:2:18: error[LS102]")


# ---- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_drift_prints_what_its_golden_file_says(lsops: Lsops, community: httpx.Client, form: str) -> None:
    set_up(lsops, BEFORE)
    lsops.write(AFTER)
    matches(f"drift-changed.{form}", lsops("drift", "--format", form))


@pytest.mark.parametrize("form", FORMS)
def test_after_a_failed_read_the_differences_that_are_known_are_shown(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    set_up(lsops, BEFORE)
    lsops.write(AFTER)
    fail(community, monkeypatch, lambda request: "session-policy" in request.url.path)
    ran = lsops("drift", "--format", form)
    assert ran.code == 1
    matches(f"drift-unread.{form}", ran)


@pytest.mark.parametrize("name", ["plan-changed", "plan-prune", "plan-nothing", "plan-hostile"])
def test_plan_and_show_have_a_markdown_form(lsops: Lsops, community: httpx.Client, name: str) -> None:
    live, manifest, arguments = CASES[name]
    set_up(lsops, live)
    lsops.write(manifest)
    planned = lsops(*arguments, "--out", "plan.json", "--format", "markdown")
    matches(f"{name}.markdown", planned)
    shown = lsops("show", "plan.json", *arguments[1:], "--format", "markdown")
    assert (shown.code, shown.out) == (0, planned.out)


def test_validate_has_a_markdown_form(lsops: Lsops) -> None:
    _, manifest, _ = CASES["validate-warning"]
    lsops.write(manifest)
    ran = lsops("validate", "--format", "markdown")
    assert ran.code == 0
    assert ran.out.startswith(
        "<!-- lsops:validate -->\n## lsops validate\n\n**Valid: 1 resource, 2 warnings.**\n\n### Warnings (2)\n\n- **warning**"
    )


def test_a_form_that_a_verb_lacks_is_a_usage_error(lsops: Lsops, applied: httpx.Client) -> None:
    lsops.setenv(LSOPS_FORMAT="markdown")
    for verb in ("apply", "doctor"):
        ran = lsops(verb)
        assert (ran.code, ran.out) == (3, "")
        assert "LSOPS_FORMAT" in ran.err
        assert "'markdown' is not one of 'text', 'json'" in ran.err
    assert lsops("drift").out.startswith("<!-- lsops:drift -->\n## lsops drift\n")
    assert lsops("apply", "--format", "text", "--yes").code == 0


def test_help_lists_drift_among_the_verbs(lsops: Lsops) -> None:
    assert list(VERBS).index("drift") == list(VERBS).index("apply") + 1
    assert "--strict" in lsops("drift", "--help").out


def test_the_document_has_every_key_of_a_plan(lsops: Lsops, applied: httpx.Client) -> None:
    drift = json.loads(lsops("drift", "--format", "json").out)
    plan = json.loads(lsops("plan", "--format", "json").out)
    assert drift.keys() - plan.keys() == {"drift"}
    assert plan.keys() <= drift.keys()
    assert drift["format"] == "lsops.drift/1"


def test_what_stands_above_a_target_is_said_not_to_be_compared(lsops: Lsops, applied: httpx.Client) -> None:
    applied.patch(f"/api/projects/{project(applied, 'One')}/", json={"description": "by hand"}).raise_for_status()
    ran = lsops("drift", "-t", "/projects/One/import_storages/raw")
    assert ran.code == 0
    assert "/projects/One stands above a target: it is not compared\n" in ran.err
    assert "it is created" not in ran.err


def test_what_exists_is_brought_in_by_its_titles_and_then_by_field(lsops: Lsops, applied: httpx.Client) -> None:
    storage(applied, "s3", "other")
    lsops.write("version: 1\nprojects: {One: {import_storages: {raw: {type: s3, bucket: b}}}}\n")
    ran = lsops("plan")
    assert ran.last.startswith("No changes.")
    assert "1 live, in a managed collection, not in the manifest:\n|   /projects/One/import_storages/other\n" in ran.out
    lsops.write("version: 1\nprojects: {One: {description: mine, maximum_annotations: 1}}\n")
    ran = lsops("drift")
    assert (ran.code, ran.out.count(" -> ")) == (2, 2)  # the head line says which side is which
    assert 'description: "first" -> "mine"' in ran.out
