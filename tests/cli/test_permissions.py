"""Permissions through the command line on the Enterprise sandbox, under every answer to what nobody outside knows."""

from __future__ import annotations

from itertools import product

import httpx
import pytest

from lsops.sandbox import add_user
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.sandbox import client_of, served
from tests.support.wire import writes

PATH = "/api/organizations/1/permissions"
PERMISSIONS = """
version: 1
permissions:
  storages.change: [owner, administrator]
  projects.delete: [owner, administrator, manager, reviewer]
  views.reset: [OW, AD, MA]
"""


def overrides(api: httpx.Client) -> dict[str, list[str]]:
    rows = api.get(PATH).raise_for_status().json()
    return {row["permission"]: row["roles"] for row in rows if set(row["roles"]) != set(row["default"])}


def test_only_what_is_not_as_by_default_is_an_override(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.write(PERMISSIONS)
    assert lsops("apply", "--yes").code == 0
    assert overrides(enterprise) == {"storages.change": ["OW", "AD"], "projects.delete": ["OW", "AD", "MA", "RE"]}
    assert lsops("plan", "--detailed-exitcode").code == 0

    lsops.write(PERMISSIONS.replace("[owner, administrator]", "[manager, administrator, owner]"))
    with writes() as sent:
        assert lsops("apply", "--yes").code == 0

    assert [str(one.method) for one in sent] == ["DELETE"]
    assert overrides(enterprise).keys() == {"projects.delete"}


def test_the_plan_says_who_may_do_what_and_who_no_longer(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.write(PERMISSIONS)

    told = lsops("plan").out

    assert "effect: reviewers may from now on: Delete projects" in told
    assert "effect: managers may no longer: Change storages" in told
    assert "lsops may be refused with a token of managers (lsops writes storages by it)" in told


def test_an_override_that_no_entry_names_is_told_and_pruned_to_the_default(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    enterprise.post(PATH, json={"permission": "tasks.delete", "roles": ["OW", "RE"]}).raise_for_status()
    lsops.write("version: 1\npermissions: {views.reset: [owner, administrator, manager]}\n")
    assert lsops("plan", "--format", "json").json()["unmanaged"] == ["/permissions/tasks.delete"]

    lsops.write("version: 1\npermissions: {views.reset: [owner, administrator, manager]}\nprune: [permissions]\n")
    told = lsops("apply", "--yes", "--allow-deletes", "1")

    assert "effect: the default holds again: owner, administrator, manager" in told.out
    assert "effect: administrators and managers may from now on: Delete tasks" in told.out
    assert overrides(enterprise) == {}


ANSWERS = [
    dict(zip(("permission-list", "permission-put", "permission-keys"), answers, strict=True))
    for answers in product(("overrides", "all"), ("updates", "creates"), ("dotted",))
]
ANSWERS.append({**ANSWERS[0], "permission-keys": "numbered"})


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda answers: ",".join(answers.values()))
def test_every_answer_to_what_is_not_known_is_lived_with(lsops: Lsops, answers: dict[str, str]) -> None:
    keys = ("storages.change", "projects.delete") if answers["permission-keys"] == "dotted" else ("p08", "p06")
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
    with client_of(lsops.folder / DATABASE, edition="enterprise", unknown=answers) as api:
        lsops.write(f"version: 1\npermissions: {{{keys[0]}: [owner], {keys[1]}: [owner, manager]}}\n")
        assert lsops("apply", "--yes").code == 0
        assert overrides(api) == {keys[0]: ["OW"], keys[1]: ["OW", "MA"]}
        assert lsops("plan", "--detailed-exitcode").code == 0

        lsops.write(f"version: 1\npermissions: {{{keys[1]}: [owner, administrator, manager]}}\nprune: [permissions]\n")
        assert lsops("apply", "--yes", "--allow-deletes", "1").code == 0
        assert overrides(api) == {}
        assert lsops("plan", "--detailed-exitcode").code == 0

        lsops.write(f"version: 1\npermissions: {{{keys[0]}: [administrator]}}\n")
        assert lsops("apply", "--yes").code == 5


REFUSED = {
    "storage.change: [owner]": ('LS520]: the server has no permission "storage.change"', "storages.change"),
    "tasks.delete: [deactivated]": ('LS521]: "tasks.delete" cannot be given to deactivated people', "reviewer"),
}


@pytest.mark.parametrize(("entry", "said"), REFUSED.items(), ids=REFUSED)
def test_a_key_or_a_role_that_the_server_does_not_have_is_refused(
    lsops: Lsops, enterprise: httpx.Client, entry: str, said: tuple[str, str]
) -> None:
    lsops.write(f"version: 1\npermissions: {{{entry}}}\n")

    ran = lsops("apply", "--yes")

    assert (ran.code, [text for text in said if text not in ran.err]) == (3, [])


def test_a_misspelt_key_that_is_to_be_absent_is_a_warning(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.write("version: 1\npermissions: {storage.change: {lifecycle: {absent: true}}}\n")

    ran = lsops("plan", "--detailed-exitcode")

    assert ran.code == 0
    assert 'warning[LS520]: the server has no permission "storage.change"' in ran.out
    assert 'did you mean "storages.change"?' in ran.out


def test_a_server_without_permissions_is_told_and_asked_for_nothing_more(lsops: Lsops) -> None:
    lsops.write("version: 1\npermissions: {storages.change: [owner]}\n")
    with served(edition="enterprise", token="f" * 40, faults=(f"* {PATH}*:html=404",)) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY="f" * 40)
        ran = lsops("plan")

    assert ran.code == 3
    assert "error[LS108]: the server has no permissions that can be changed: they came with release 2.30" in ran.err


@pytest.mark.parametrize(("readers", "code"), [("owner", 1), ("administrators", 0)])
def test_who_may_not_read_permissions_hears_whose_they_are(lsops: Lsops, readers: str, code: int) -> None:
    database = lsops.folder / "served.db"
    lsops.write("version: 1\npermissions: {storages.change: [owner, administrator]}\n")
    with served(database, edition="enterprise", token="f" * 40, unknown={"permission-readers": readers}) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=add_user(database, "it@example.com", "administrator"))
        ran = lsops("plan")

    assert ran.code == code
    assert ("permissions are the owner's" in ran.out) == (readers == "owner")
    assert ("only the owner changes permissions" in ran.out) == (readers == "administrators")


@pytest.mark.parametrize("path", ["/api/storages/s3", "/api/webhooks/"])
def test_a_restriction_binds_the_api_of_the_sandbox(lsops: Lsops, enterprise: httpx.Client, path: str) -> None:
    project = enterprise.post("/api/projects/", json={"title": "One", "workspace": 2}).json()["id"]
    token = add_user(lsops.folder / DATABASE, "mara@example.com", "manager")
    enterprise.post("/api/workspaces/2/memberships/bulk/", json={"all": False, "included": [2]}).raise_for_status()
    body = {"project": project, "bucket": "b", "title": "t", "url": "https://hooks.example.com"}
    headers = {"Authorization": f"Token {token}"}
    assert enterprise.post(path, json=body, headers=headers).status_code == 201

    for key in ("storages.change", "webhooks.change"):
        enterprise.post(PATH, json={"permission": key, "roles": ["OW", "AD"]}).raise_for_status()

    assert enterprise.post(path, json=body, headers=headers).status_code == 403


def test_a_dump_has_the_overrides_and_plans_empty(lsops: Lsops, enterprise: httpx.Client) -> None:
    enterprise.post(PATH, json={"permission": "tasks.delete", "roles": ["OW", "RE"]}).raise_for_status()

    assert lsops("dump", "-o", "dumped").code == 0

    text = (lsops.folder / "dumped" / "lsops.yaml").read_text("utf-8")
    assert "permissions:\n  tasks.delete: [owner, reviewer]\n" in text
    assert lsops("plan", "dumped", "--detailed-exitcode").code == 0


def test_what_is_in_extra_goes_with_the_roles_that_are_there(lsops: Lsops, enterprise: httpx.Client) -> None:
    enterprise.post(PATH, json={"permission": "tasks.delete", "roles": ["OW", "RE"]}).raise_for_status()
    rules = "{roles: [owner], extra: {new_switch: true}, lifecycle: {ignore: [roles]}}"
    lsops.write(f"version: 1\npermissions: {{tasks.delete: {rules}}}\n")
    with writes() as sent:
        ran = lsops("apply", "--yes")
    assert "the server did not keep new_switch" in ran.out
    assert "effect:" not in ran.out
    assert [one.body for one in sent] == [{"permission": "tasks.delete", "roles": ["OW", "RE"], "new_switch": True}]
