"""SAML and SCIM through the command line: right, or said, whatever the server does that nobody outside knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user, push_group
from lsops.sandbox.release import RELEASES
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.sandbox import client_of, served
from tests.support.wire import writes

TITLES = ("Radiology", "Pathology")
GROUPS: dict[str, Any] = {
    "roles_groups": [["Manager", "leads"], ["Annotator", "staff"]],
    "workspaces_groups": [["Radiology", "rays"]],
    "projects_groups": [],
    "user_type_groups": [["flex", "staff"]],
}


@contextmanager
def server(lsops: Lsops, **unknown: str) -> Iterator[httpx.Client]:
    """A sandbox with two workspaces and groups of SCIM, which answers open points that way."""
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
    answers = {name.replace("_", "-"): answer for name, answer in unknown.items()}
    with client_of(lsops.folder / DATABASE, edition="enterprise", unknown=answers) as client:
        for title in TITLES:
            client.post("/api/workspaces/", json={"title": title}).raise_for_status()
        client.post("/api/scim/settings", json=GROUPS).raise_for_status()
        yield client


def held(client: httpx.Client, name: str = "scim") -> Mapping[str, Any]:
    answer: Mapping[str, Any] = client.get(f"/api/{name}/settings").raise_for_status().json()
    return answer


def wrote(lsops: Lsops, text: str) -> None:
    lsops.write(f"version: 1\n{text}\n")


# ---- what nobody outside knows -------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["kept", "emptied"])
def test_lists_that_no_manifest_has_stay_whatever_omitted_ones_mean(lsops: Lsops, answer: str) -> None:
    with server(lsops, scim_omitted_lists=answer) as client:
        wrote(lsops, "scim: {workspaces_groups: [{workspace: Pathology, group: cells}]}")

        assert lsops("apply", "--yes").code == 0

        assert (
            held(client).items()
            >= {**GROUPS, "projects_groups": None, "workspaces_groups": [["Pathology", "cells"]]}.items()
        )


@pytest.mark.parametrize(("answer", "code", "words"), [("replaced", 0, "1 updated"), ("merged", 4, "did not keep")])
def test_a_group_that_goes_is_gone_or_the_change_says_that_it_is_not(
    lsops: Lsops, answer: str, code: int, words: str
) -> None:
    with server(lsops, scim_lists=answer) as client:
        wrote(lsops, "scim: {roles_groups: [{role: manager, group: leads}]}")

        applied = lsops("apply", "--yes")

        assert (applied.code, words in applied.out + applied.err) == (code, True), applied
        assert (lsops("plan", "--detailed-exitcode").code == 0) == (
            held(client)["roles_groups"] == [["Manager", "leads"]]
        )


@pytest.mark.parametrize(("answer", "code"), [("all", 0), ("of-the-guides", 4)])
def test_an_internal_role_that_the_server_holds_is_sent_back_or_its_refusal_is_told(
    lsops: Lsops, answer: str, code: int
) -> None:
    with server(lsops, scim_role_names="all") as client:
        client.post("/api/scim/settings", json={"roles_groups": [["Deactivated", "gone"]]}).raise_for_status()
    with client_of(lsops.folder / DATABASE, unknown={"scim-role-names": answer}) as client:
        wrote(lsops, "scim: {workspaces_groups: []}")

        applied = lsops("apply", "--yes")

        assert (applied.code, "roles_groups" in applied.out + applied.err) == (code, code != 0), applied
        assert held(client)["roles_groups"] == [["Deactivated", "gone"]]


@pytest.mark.parametrize("answer", ["null", "list"])
def test_no_group_is_no_group_however_the_server_shows_it(lsops: Lsops, answer: str) -> None:
    with server(lsops, empty_group_lists=answer):
        wrote(lsops, "scim: {projects_groups: []}\nsaml: {roles_groups: [], workspaces_groups: []}")

        assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(("answer", "code", "words"), [("null", 0, "1 updated"), ("billing", 4, "did not keep")])
def test_leaving_roles_to_the_contract_is_kept_or_the_change_says_what_is_shown(
    lsops: Lsops, answer: str, code: int, words: str
) -> None:
    with server(lsops, saml_role_management_null=answer) as client:
        client.post("/api/saml/settings", json={"manual_role_management": False}).raise_for_status()
        wrote(lsops, "saml: {manual_role_management: null, mapping_email: mail}")

        applied = lsops("apply", "--yes")

        assert (applied.code, words in applied.out + applied.err) == (code, True), applied


@pytest.mark.parametrize("answer", ["valid-false", "400"])
@pytest.mark.parametrize("text", ["metadata_url: https://idp.invalid/m", "domain: 'clinic.example,gmail.com'"])
def test_what_the_server_tries_and_cannot_use_is_told_at_its_line_before_any_write(
    lsops: Lsops, answer: str, text: str
) -> None:
    with server(lsops, saml_failed_try=answer) as client:
        wrote(lsops, f"session_policy: {{max_session_age: 7777}}\nsaml:\n  {text}")

        with writes() as sent:
            planned, checked, applied = lsops("plan"), lsops("plan", "--check-remote"), lsops("apply", "--yes")

        assert (planned.code, checked.code, applied.code) == (0, 3, 3), (checked, applied)
        assert "lsops.yaml:4:" in checked.out
        assert "LS705" in applied.err
        assert {one.path.partition("/validate-")[1] for one in sent} == {"/validate-"}
        assert client.get("/api/session-policy/").json()["max_session_age"] == 11520


def test_a_field_that_an_older_server_lacks_is_refused(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RELEASES, "enterprise", "2.29.0")
    with client_of(lsops.folder / DATABASE, edition="enterprise"):
        lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
        wrote(lsops, "saml: {domain: clinic.example}\nscim: {user_type_groups: []}")

        refused = lsops("plan")

    assert refused.code == 3, refused
    assert [word in refused.err for word in ("LS108", '"domain" needs release 2.34', "2.37")] == [True] * 3


# ---- workspaces that groups bring ----------------------------------------------------------------

PRUNED = "prune: [workspaces]\nworkspaces: {Pathology: {}}"


def test_prune_leaves_a_workspace_alone_that_a_live_group_names_and_says_why(lsops: Lsops) -> None:
    with server(lsops) as client:
        client.post("/api/workspaces/", json={"title": "Old"}).raise_for_status()
        wrote(lsops, PRUNED)

        planned = lsops("plan", "--format", "json").json()

    assert [(one["action"], one["address"]) for one in planned["changes"]] == [("delete", "/workspaces/Old")]
    assert planned["unmanaged"] == ["/workspaces/Radiology"]
    (kept,) = planned["warnings"]
    assert (kept["code"], kept["address"]) == ("LS530", "/workspaces/Radiology")
    assert "/scim names it in workspaces_groups" in kept["message"]


def test_a_workspace_whose_group_goes_in_the_same_plan_is_deleted_after_that(lsops: Lsops) -> None:
    with server(lsops) as client:
        wrote(lsops, f"{PRUNED}\nscim: {{workspaces_groups: []}}")

        with writes() as sent:
            applied = lsops("apply", "--yes", "--allow-deletes", "1")

        assert applied.code == 0, applied
        assert [(one.method, one.path.split("/")[2]) for one in sent] == [("POST", "scim"), ("DELETE", "workspaces")]
        assert [one["title"] for one in client.get("/api/workspaces/?is_personal=false").json()] == ["Pathology"]


@pytest.mark.parametrize(("answer", "codes"), [("owner", ["LS530"]), ("administrators", [])])
def test_prune_deletes_no_workspace_of_which_nobody_says_whether_a_group_names_it(
    lsops: Lsops, answer: str, codes: list[str]
) -> None:
    with server(lsops, identity_settings_for=answer) as client:
        client.post("/api/workspaces/", json={"title": "Old"}).raise_for_status()
    token = add_user(lsops.folder / DATABASE, "it@clinic.example", "administrator")
    with served(lsops.folder / DATABASE, token="f" * 40) as url:
        lsops.setenv(LSOPS_SERVER=url, LABEL_STUDIO_API_KEY=token)
        wrote(lsops, "prune: [workspaces]\nworkspaces: {Pathology: {}, Radiology: {}}")

        planned = lsops("plan", "--format", "json").json()

    assert [one["code"] for one in planned["warnings"]] == codes
    assert len(planned["changes"]) == (0 if codes else 1)


def test_a_renamed_workspace_has_its_group_by_the_new_name_in_the_same_plan(lsops: Lsops) -> None:
    with server(lsops) as client:
        wrote(
            lsops,
            "workspaces: {Rays: {lifecycle: {renamed_from: Radiology}}}\n"
            "scim: {workspaces_groups: [{workspace: Rays, group: rays}]}",
        )

        assert lsops("apply", "--yes").code == 0

        assert held(client)["workspaces_groups"] == [["Rays", "rays"]]
        assert lsops("plan", "--detailed-exitcode").code == 0


def test_a_renamed_project_is_still_the_one_of_the_group(lsops: Lsops) -> None:
    with server(lsops) as client:
        row = client.post("/api/projects/", json={"title": "Chest", "workspace": 2}).raise_for_status().json()
        groups = [{"project_id": row["id"], "group": "rays", "role": "Reviewer"}]
        client.post("/api/scim/settings", json={"projects_groups": groups}).raise_for_status()
        wrote(
            lsops,
            "projects: {Thorax: {workspace: Radiology, lifecycle: {renamed_from: Chest}}}\n"
            "scim: {projects_groups: [{project: Thorax, group: rays, role: reviewer}]}",
        )

        planned = lsops("plan", "--format", "json").json()

    assert [change["address"] for change in planned["changes"]] == ["/projects/Thorax"]


def test_what_the_groups_name_is_made_before_them(lsops: Lsops) -> None:
    with server(lsops) as client:
        wrote(
            lsops,
            "scim:\n"
            "  workspaces_groups: [{workspace: New, group: rays}]\n"
            "  projects_groups: [{project: Chest, group: rays, role: inherit}]\n"
            "workspaces: {New: {}}\nprojects: {Chest: {workspace: New}}",
        )

        with writes() as sent:
            applied = lsops("apply", "--yes")

        assert applied.code == 0, applied
        assert [one.path.split("/")[2] for one in sent] == ["workspaces", "projects", "scim"]
        assert held(client)["projects_groups"][0]["role"] == "Inherit"


# ---- dump and adopt ------------------------------------------------------------------------------


def test_a_dump_has_the_groups_and_no_token_and_plans_nothing(lsops: Lsops) -> None:
    with server(lsops) as client:
        push_group(lsops.folder / DATABASE, "staff", "ann@clinic.example")
        client.post("/api/saml/settings", json={"domain": "clinic.example"}).raise_for_status()
        token = held(client, "saml")["token"]

        assert lsops("dump", "-o", "all").code == 0

        text = "".join(path.read_text("utf-8") for path in (lsops.folder / "all").rglob("*.yaml"))
        assert "role: annotator" in text
        assert "domain: clinic.example" in text
        assert token not in text
        assert lsops("plan", "all", "--detailed-exitcode").code == 0


def test_what_nobody_set_up_is_in_no_dump(lsops: Lsops) -> None:
    with client_of(lsops.folder / DATABASE, edition="enterprise"):
        lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")

        dumped = lsops("dump")

    assert dumped.code == 0
    assert not {"saml:", "scim:"} & set(dumped.out.splitlines())


def test_messages_speak_of_settings_as_of_several(lsops: Lsops) -> None:
    lsops.write("version: 1\nsaml: {domain: a.example}\n")
    on_community = lsops("plan", "--server", "sandbox:?edition=community")
    lsops.write("version: 1\nsaml: {lifecycle: {absent: true}, x: 1}\n")

    ran = lsops("validate")

    assert "SAML settings do not exist on Label Studio Community" in on_community.err
    assert 'unknown field "x" for SAML settings' in ran.err
    assert "the SAML settings always exist:" in ran.err


def test_a_renamed_workspace_in_a_list_that_is_left_alone_is_warned_of(lsops: Lsops) -> None:
    lsops.write(
        "version: 1\nworkspaces: {Old: {}}\nsaml: {domain: a.example, workspaces_groups: [{workspace: Old, group: g}]}\n"
    )
    assert lsops("apply", "--yes", "--server", "sandbox:").code == 0
    lsops.write("version: 1\nworkspaces: {New: {lifecycle: {renamed_from: Old}}}\nsaml: {domain: a.example}\n")

    ran = lsops("plan", "--server", "sandbox:")

    assert ran.code == 0, ran.err
    assert 'workspaces_groups still has the workspace "Old", which is renamed by the same plan' in ran.out + ran.err
