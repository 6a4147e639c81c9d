"""Project templates, and projects that are made from them, on the Enterprise sandbox."""

from __future__ import annotations

import itertools

import pytest

from tests.support import sandbox
from tests.support.cli import Lsops
from tests.support.sandbox import client_of
from tests.support.wire import writes

POINTS = {
    "template-settings-post": ("sent", "snapshot"),
    "template-settings-patch": ("replaces", "merges"),
}
MANIFEST = """
    version: 1
    workspaces: {Radiology: {}}
    project_templates:
      Reading room:
        project: Model of all
        description: for every ward
        project_settings: {maximum_annotations: 3}
        review_settings: {require_comment_on_reject: true}
    projects:
      Ward one: {workspace: Radiology, from_template: Reading room, show_instruction: true}
      Ward two:
        workspace: Radiology
        from_template: Reading room
        maximum_annotations: 2
        task_data_login: lsops
        task_data_password: "${env:DATA_PASSWORD}"
      Model of all: {workspace: Radiology, label_config: <View/>, color: "#112233", show_skip_button: false}
"""


@pytest.fixture(autouse=True)
def _secret(lsops: Lsops) -> None:
    lsops.setenv(DATA_PASSWORD="secret")
    lsops.write(MANIFEST)


def project(client, title):
    (found,) = client.get("/api/projects/", params={"title": title}).json()["results"]
    return client.get(f"/api/projects/{found['id']}/").json()


@pytest.mark.parametrize("answers", list(itertools.product(*POINTS.values())), ids="-".join)
def test_a_template_and_the_projects_made_from_it_are_as_declared_whatever_the_server_does(lsops, answers):
    lsops.setenv(LSOPS_SERVER="sandbox:sandbox.db")
    with client_of(lsops.folder / "sandbox.db", unknown=dict(zip(POINTS, answers, strict=True))) as client:
        applied, again = lsops("apply", "--yes"), lsops("plan", "--detailed-exitcode")
        one, two = project(client, "Ward one"), project(client, "Ward two")

    assert (applied.code, again.code) == (0, 0), (applied, again)
    assert [one[name] for name in ("maximum_annotations", "show_skip_button", "show_instruction")] == [3, False, True]
    assert (two["maximum_annotations"], two["color"], two["task_data_login"]) == (2, "#112233", "lsops")
    assert one["review_settings"]["require_comment_on_reject"] is True


def test_a_create_from_a_template_names_and_places_the_project_and_a_patch_sets_the_rest(lsops, enterprise):
    with writes() as sent:
        lsops("apply", "--yes", "-t", "/projects/Ward two")
    number = project(enterprise, "Ward two")["id"]
    place = project(enterprise, "Ward two")["workspace"]
    first, second = (
        one for one in sent if one.path in ("/api/project-templates/1/create-project", f"/api/projects/{number}/")
    )
    assert first.body == {"title": "Ward two", "workspace_id": place}
    assert set(second.body) == {"maximum_annotations", "task_data_login", "task_data_password"}


def test_a_plan_shows_from_which_template_a_project_is_made_and_makes_it_after_that(lsops, enterprise):
    changes = lsops("plan", "--format", "json").json()["changes"]
    order = [change["address"] for change in changes if change["address"].count("/") == 2]
    ward = next(change for change in changes if change["address"] == "/projects/Ward one")
    assert ("/from_template", "Reading room") in [(field["path"], field["after"]) for field in ward["fields"]]
    assert ward["requires"] == ["/project_templates/Reading room"]
    assert order.index("/project_templates/Reading room") < order.index("/projects/Ward one")


def test_a_template_waits_for_all_that_is_changed_in_its_project(lsops, enterprise):
    enterprise.post("/api/projects/", json={"title": "Model of all", "workspace": 2})
    lsops.write('[{"text": "a"}]', "tasks.json")
    lsops.write(MANIFEST.replace("show_instruction: true", "seed_tasks: tasks.json"))
    changes = [change["address"] for change in lsops("plan", "--format", "json").json()["changes"]]
    wanted = ["/projects/Model of all", "/project_templates/Reading room", "/projects/Ward one"]
    found = [address for address in changes if address in (*wanted, "/projects/Ward one/seed_tasks")]
    assert found == [*wanted, "/projects/Ward one/seed_tasks"]


@pytest.mark.parametrize("fault", ["drop", "502:late"])
@pytest.mark.usefixtures("short_pauses")
def test_a_create_from_a_template_whose_answer_is_lost_is_found_and_completed(lsops, fault):
    token, file = "f" * 40, lsops.folder / "served.db"
    faults = [f"POST /api/project-templates/*/create-project:{fault}:times=1"]
    with sandbox.served(file, edition="enterprise", token=token, faults=faults) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=token)
        ran, again = lsops("apply", "--yes", "--settle-timeout", "3"), lsops("plan", "--detailed-exitcode")
        with client_of(file, edition="enterprise") as client:
            titles = sorted(row["title"] for row in client.get("/api/projects/").json()["results"])
    assert (ran.code, again.code) == (0, 0), (ran, again)
    assert titles == ["Model of all", "Ward one", "Ward two"]


def test_of_a_project_that_is_there_a_template_decides_nothing_and_need_not_exist(lsops, enterprise):
    enterprise.post("/api/projects/", json={"title": "Ward", "workspace": 2})
    entry = "version: 1\nprojects: {Ward: {workspace: Radiology, from_template: Gone, color: '#112233'}}\n"
    lsops.write(entry)
    with writes() as sent:
        ran = lsops("apply", "--yes")
    assert ran.code == 0, ran
    assert "from_template makes no difference: the project is there already" in ran.out
    assert [one.body for one in sent] == [{"color": "#112233"}]


FROM_A = "projects: {Ward: {workspace: Radiology, from_template: A}}"
WRONG = {
    "unknown": (FROM_A, "LS504", 'there is no project template "A"'),
    "circle": (f"project_templates: {{A: {{project: Ward}}}}\n{FROM_A}", "LS560", "is taken from it in the end"),
    "no project": ("project_templates: {A: {description: x}}", "LS101", 'needs "project"'),
    "no such project": ("project_templates: {A: {project: Sauce}}", "LS504", 'there is no project "Sauce"'),
    "two titles": ("project_templates: {A: {project: Twin}}", "LS502", 'several projects are called "Twin"'),
    "absent": (f"project_templates: {{A: {{lifecycle: {{absent: true}}}}}}\n{FROM_A}", "LS504", "is to be deleted"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_no_template_can_be_taken_from_or_made_of_is_refused_before_anything_is_sent(lsops, enterprise, wrong):
    for _ in range(2):
        enterprise.post("/api/projects/", json={"title": "Twin", "workspace": 2})
    text, code, words = WRONG[wrong]
    lsops.write(f"version: 1\n{text}\n")
    ran = lsops("plan", "--format", "json")
    assert [one["code"] for one in ran.json()["errors"]] == [code]
    assert words in ran.json()["errors"][0]["message"]


COLLECTING = """
    version: 1
    workspaces: {Radiology: {}}
    project_templates: {Kit: {project: Model}}
    projects:
      Model: {workspace: Radiology, use_custom_interface: true, collection_mode: open}
      Ward: {workspace: Radiology, from_template: Kit, use_custom_interface: true}
"""


def test_the_mode_of_a_project_goes_with_a_create_of_its_own_and_with_nothing_else(lsops, enterprise):
    lsops.write(COLLECTING)
    with writes() as sent:
        assert lsops("apply", "--yes").code == 0
    place = project(enterprise, "Ward")["workspace"]
    bodies = {one.path: one.body for one in sent if "collection_mode" in one.body}
    made = next(one.body for one in sent if one.path == "/api/project-templates/1/create-project")
    assert list(bodies) == ["/api/projects/"]
    assert bodies["/api/projects/"]["collection_mode"] == "open"
    assert made == {"title": "Ward", "workspace_id": place}


def test_a_mode_that_no_create_from_a_template_takes_is_refused_before_anything_is_sent(lsops, enterprise):
    lsops.write(COLLECTING.replace("Kit, use", "Kit, collection_mode: open, use"))
    with writes() as sent:
        ran = lsops("apply", "--yes")
    assert (ran.code, sent) == (3, [])
    assert "error[LS145]: collection_mode can be set only when a project is made, and a create from a" in ran.err
    assert enterprise.get("/api/projects/").json()["count"] == 0


@pytest.mark.parametrize(("mode", "code"), [("open", 0), ("assigned", 3), ("null", 3)])
def test_once_the_project_is_there_the_mode_that_its_template_gave_it_may_be_declared(lsops, enterprise, mode, code):
    del enterprise
    lsops.write(COLLECTING)
    assert lsops("apply", "--yes").code == 0
    lsops.write(COLLECTING.replace("Kit, use", f"Kit, collection_mode: {mode}, use"))
    assert lsops("plan", "--detailed-exitcode").code == code


def test_community_has_no_templates_and_makes_no_project_from_one(lsops, community):
    lsops.write("version: 1\nproject_templates: {A: {project: Other}}\nprojects: {Ward: {from_template: A}}\n")
    del community
    errors = lsops("plan", "--format", "json").json()["errors"]
    assert {one["code"] for one in errors} == {"LS108"}
    assert {one["address"] for one in errors} == {"/project_templates/A", "/projects/Ward"}


@pytest.mark.parametrize(("answer", "code"), [("ignored", 0), ("taken", 2)])
def test_a_project_that_is_sent_again_shows_in_the_next_plan_what_it_took_along(lsops, answer, code):
    lsops.setenv(LSOPS_SERVER="sandbox:sandbox.db")
    with client_of(lsops.folder / "sandbox.db", unknown={"template-project-patch": answer}):
        lsops("apply", "--yes")
        sent = lsops("apply", "--yes", "--resend-secrets", "/project_templates/*")
        again = lsops("plan", "--detailed-exitcode")
        lsops("apply", "--yes")
        settled = lsops("plan", "--detailed-exitcode")
    assert "not known: plan again after it" in sent.out
    assert (sent.code, again.code, settled.code) == (0, code, 0)


@pytest.mark.parametrize("claim", ["renamed_from: Reading room", "id: 1"])
def test_a_new_template_may_have_the_name_that_another_one_gives_up(lsops: Lsops, claim: str) -> None:
    lsops.setenv(LSOPS_SERVER="sandbox:sandbox.db?edition=enterprise")
    assert lsops("apply", "--yes").code == 0
    both = (
        f"{{Reading room: {{project: Model of all, lifecycle: {{new: true}}}}, Old room: {{lifecycle: {{{claim}}}}}}}"
    )
    lsops.write(f"version: 1\nproject_templates: {both}\n")
    assert lsops("apply", "--yes").code == 0
    assert lsops("plan").last.startswith("No changes. 2 resources match")
