"""Webhooks at the top of the manifest, which are those of the organisation."""

from __future__ import annotations

import pytest

from tests.support.sandbox import client_of
from tests.support.wire import writes

HOOK = "https://hooks.example.com/all"
MANIFEST = f"""
    version: 1
    webhooks:
      {HOOK}: {{send_for_all_actions: false, actions: [PROJECT_CREATED, PROJECT_DELETED]}}
"""


def hooks(api):
    return {row["url"]: row["project"] for row in api.get("/api/webhooks/").json()}


def test_a_webhook_of_the_organisation_is_made_and_found_again_and_no_project_has_it(lsops, enterprise):
    number = enterprise.post("/api/projects/", json={"title": "Ward", "workspace": 2}).json()["id"]
    enterprise.post("/api/webhooks/", json={"url": HOOK, "project": number})
    lsops.write(MANIFEST)
    with writes() as sent:
        applied, again = lsops("apply", "--yes"), lsops("plan", "--detailed-exitcode")
    assert (applied.code, again.code, len(sent)) == (0, 0, 1), (applied, again)
    assert "project" not in sent[0].body
    assert [row["project"] for row in enterprise.get("/api/webhooks/").json()] == [number, None]


def test_prune_takes_those_of_the_organisation_alone(lsops, enterprise):
    number = enterprise.post("/api/projects/", json={"title": "Ward", "workspace": 2}).json()["id"]
    enterprise.post("/api/webhooks/", json={"url": "https://hooks.example.com/ward", "project": number})
    enterprise.post("/api/webhooks/", json={"url": "https://hooks.example.com/old"})
    lsops.write(MANIFEST + "    prune: [webhooks]\n")
    ran = lsops("apply", "--yes", "--allow-deletes", "1")
    assert ran.code == 0, ran
    assert hooks(enterprise) == {"https://hooks.example.com/ward": number, HOOK: None}


def test_a_url_that_is_a_secret_is_sent_and_never_shown(lsops, enterprise):
    lsops.write("version: 1\nwebhooks: {chat: {url: '${env:CHAT_URL}'}}\n")
    lsops.setenv(CHAT_URL="https://hooks.slack.com/services/T1/B2/hidden")
    applied, again = lsops("apply", "--yes"), lsops("plan", "--detailed-exitcode")
    assert (applied.code, again.code) == (0, 0), (applied, again)
    assert hooks(enterprise) == {"https://hooks.slack.com/services/T1/B2/hidden": None}
    assert "hidden" not in applied.out + applied.err + again.out + again.err + lsops("graph", "--live").out


def test_a_dump_has_them_and_its_plan_is_empty(lsops, enterprise):
    enterprise.post("/api/webhooks/", json={"url": HOOK, "actions": ["PROJECT_CREATED"], "send_for_all_actions": False})
    assert lsops("dump", "-o", "dumped").code == 0
    assert "webhooks:" in (lsops.folder / "dumped" / "lsops.yaml").read_text("utf-8")
    assert lsops("plan", "dumped", "--detailed-exitcode").code == 0


def test_where_the_contract_allows_none_the_plan_is_an_error_and_what_is_there_stays_manageable(lsops):
    lsops.setenv(LSOPS_SERVER="sandbox:sandbox.db")
    lsops.write(MANIFEST)
    with client_of(lsops.folder / "sandbox.db") as api:
        api.post("/api/webhooks/", json={"url": "https://hooks.example.com/old"})
    with client_of(lsops.folder / "sandbox.db", unknown={"organization-webhooks": "refused"}):
        refused = lsops("plan")
        lsops.write("version: 1\nwebhooks: {https://hooks.example.com/old: {is_active: false}}\n")
        changed = lsops("apply", "--yes")
    assert (refused.code, changed.code) == (3, 0)
    assert "error[LS561]: this organisation may have no webhooks of its own" in refused.err


def test_where_nobody_knows_whether_it_is_allowed_the_plan_says_so_and_the_server_decides(lsops):
    lsops.setenv(LSOPS_SERVER="sandbox:sandbox.db")
    lsops.write(MANIFEST)
    with client_of(lsops.folder / "sandbox.db", unknown={"organization-webhooks": "unsaid"}):
        planned, applied = lsops("plan"), lsops("apply", "--yes")
    assert planned.code == 0
    assert "is not known: the server shows no allow_organization_webhooks" in planned.out
    assert applied.code == 4
    assert "Project not found." in applied.out + applied.err


@pytest.mark.parametrize("action", ["PROJECT_CREATED", "PROJECT_DELETED"])
def test_what_happens_to_projects_is_no_event_of_a_project(lsops, action):
    lsops.write(f"version: 1\nprojects: {{Ward: {{webhooks: {{{HOOK}: {{actions: [{action}]}}}}}}}}\n")
    ran = lsops("validate")
    assert (ran.code, "LS104" in ran.err) == (3, True)


def test_community_refuses_them(lsops, community):
    del community
    lsops.write(MANIFEST)
    ran = lsops("plan")
    assert ran.code == 3
    assert "error[LS108]: a webhook of the organisation does not exist on Label Studio Community" in ran.err


@pytest.mark.parametrize(
    ("skipped", "left"),
    [("webhooks", []), ("projects/*/webhooks", [f"/webhooks/{HOOK.replace('/', '~1')}"])],
)
def test_skip_leaves_out_the_webhooks_of_projects_and_with_the_plain_name_all(lsops, enterprise, skipped, left):
    enterprise.post("/api/projects/", json={"title": "Ward", "workspace": 2})
    lsops.write(MANIFEST + f"    projects: {{Ward: {{webhooks: {{{HOOK}: {{}}}}}}}}\n")
    ran = lsops("plan", "--skip", skipped, "--format", "json")
    assert [change["address"] for change in ran.json()["changes"]] == left


@pytest.mark.parametrize("form", ["text", "markdown", "github", "html", "sarif"])
def test_a_key_that_is_a_secret_url_is_shown_by_its_host_in_each_form(lsops, enterprise, form):
    lsops.write("version: 1\nwebhooks: {'https://hooks.slack.com/services/T1/B2/canary': {}}\n")
    ran = lsops("plan", "--format", form)
    assert "hooks.slack.com" in ran.out
    assert "canary" not in ran.out + ran.err
