"""A kind of which there is one in each project stands in the entry itself, and all verbs know it there."""

import pytest

from tests.support.cli import Lsops
from tests.support.sandbox import client_of

ONE = "/projects/Scans/agreement"


@pytest.fixture
def ward(lsops: Lsops) -> Lsops:
    """A sandbox that has what the manifest declares: a project with a metric."""
    lsops.setenv(LSOPS_SERVER="sandbox:ward.db")
    write(lsops, "agreement: {metric_name: iou, metric_params: {iou_threshold: 0.7}}")
    assert lsops("apply", "--yes").code == 0
    return lsops


def write(lsops: Lsops, entry: str, rest: str = "") -> None:
    project = f"projects: {{Scans: {{workspace: Ward, {entry}}}}}"
    lsops.write(f"version: 1\nworkspaces: {{Ward: {{}}}}\n{project}\n{rest}")


def planned(lsops: Lsops, *flags: str) -> dict[str, str]:
    ran = lsops("plan", "--format", "json", *flags)
    assert ran.code == 0, ran
    return {one["address"]: one["action"] for one in ran.json()["changes"]}


def test_in_a_new_project_it_is_created_with_it_and_in_one_that_is_there_updated(ward):
    assert planned(ward) == {}
    write(ward, "agreement: {metric_name: rank}")
    assert planned(ward) == {ONE: "update"}
    assert planned(ward, "--target", ONE) == {ONE: "update"}
    assert planned(ward, "--skip", "projects/*/agreement") == {}


def test_an_empty_one_in_a_new_project_is_no_change(lsops):
    lsops.setenv(LSOPS_SERVER="sandbox:ward.db")
    write(lsops, "agreement: {}")

    assert ONE not in planned(lsops)


@pytest.mark.parametrize(
    "rest",
    [
        "defaults: {projects: {agreement: {metric_name: rank}}}",
        "defaults: {projects/*/agreement: {metric_name: rank}}",
        "environments: {test: {overlays: [test.yaml]}}",
    ],
)
def test_what_it_does_not_say_comes_from_defaults_and_overlays(ward, rest):
    ward.write("projects: {Scans: {agreement: {metric_name: rank}}}", "test.yaml")
    write(ward, "agreement: {metric_params: {iou_threshold: 0.7}}", rest)
    chosen = ("--environment", "test") if "test" in rest else ()

    told = ward("explain", ONE, *chosen)

    assert planned(ward, *chosen) == {ONE: "update"}
    assert 'metric_name: "rank"' in told.out
    assert ("test.yaml" if chosen else "from defaults of projects") in told.out


def test_a_template_of_projects_holds_it(ward):
    ward.write("""
        version: 1
        workspaces: {Ward: {}}
        templates: {scans: {project: {workspace: Ward, agreement: {metric_name: rank}}}}
        projects: {Scans: {template: scans}}
    """)

    assert planned(ward) == {ONE: "update"}
    assert "from template scans" in ward("explain", ONE).out


def test_drift_and_a_dump_have_it(ward):
    with client_of(ward.folder / "ward.db") as api:
        number = api.get("/api/projects/").json()["results"][0]["id"]
        api.post(f"/api/projects/{number}/metricparam/", json={"metric_name": "rank"})

    drifted = ward("drift", "--format", "json").json()
    assert ward("dump", "-o", "out").code == 0

    assert [one["address"] for one in drifted["changes"]] == [ONE]
    assert "metric_name: rank" in (ward.folder / "out/projects/scans.yaml").read_text()
    assert ward("plan", "out", "--detailed-exitcode").code == 0


def test_it_is_adopted_into_its_project(ward):
    write(ward, "label_config: <View/>")

    assert ward("adopt", ONE).code == 0

    assert "metric_name: iou" in (ward.folder / "lsops.yaml").read_text()


def test_three_projects_that_agree_dump_it_as_defaults(ward):
    every = ", ".join(
        f"{name}: {{workspace: Ward, agreement: {{metric_name: rank}}}}" for name in ("One!", "Two", "Three")
    )
    ward.write(f"version: 1\nworkspaces: {{Ward: {{}}}}\nprojects: {{{every}}}")
    assert ward("apply", "--yes").code == 0

    assert ward("dump", "-o", "out").code == 0

    assert "projects/*/agreement:" in (ward.folder / "out/lsops.yaml").read_text()
    assert ward("plan", "out", "--detailed-exitcode").code == 0


def test_it_follows_its_project_to_another_name(ward):
    (ward.folder / "old").mkdir()
    write(ward, "agreement: {metric_name: iou}")
    (ward.folder / "lsops.yaml").rename(ward.folder / "old/lsops.yaml")
    ward.write("""
        version: 1
        workspaces: {Ward: {}}
        projects: {Films: {workspace: Ward, agreement: {metric_name: rank}, lifecycle: {renamed_from: Scans}}}
    """)

    told = ward("diff", "--base", "old", "--format", "json").json()

    assert {one["address"]: one["action"] for one in told["changes"]} == {
        "/projects/Films": "update",
        "/projects/Films/agreement": "update",
    }


@pytest.mark.parametrize(
    ("entry", "rest", "code"),
    [
        ("agreement: {lifecycle: {absent: true}}", "", "LS505"),
        ("agreement: {lifecycle: {id: 4}}", "", "LS505"),
        ("prune: [agreement]", "", "LS306"),
        ("agreement: {}", "prune: [projects/*/agreement]", "LS306"),
        ("agreement: null", "", "LS305"),
        ("agreement: [iou]", "", "LS103"),
        ("agreement: {agreement_threshold: 75}", "", "LS111"),
    ],
)
def test_it_always_exists_and_is_one_map(lsops, entry, rest, code):
    write(lsops, entry, rest)

    found = lsops("validate", "--format", "json").json()["errors"]

    assert [one["code"] for one in found] == [code]
