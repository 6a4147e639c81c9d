"""Members, memberships, organisation and token settings, through the command line on the Enterprise sandbox."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import httpx
import pytest

from lsops.sandbox import add_user, create_app, manage_elsewhere, set_role_source
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.sandbox import served

EXAMPLE = Path(__file__).parents[1] / "data" / "clinic"
TEAM = {
    "it": "administrator",
    "mara": "manager",
    "ana": "reviewer",
    "ruth": "reviewer",
    "ben": "annotator",
    "chris": "annotator",
    "dana": "annotator",
    "omar": "annotator",
}


def join(lsops: Lsops, *emails: str, role: str = "annotator", database: str = DATABASE) -> list[str]:
    """People who are in the organisation; their tokens."""
    return [add_user(lsops.folder / database, email, role) for email in emails]


def changed(ran) -> list[str]:
    """The addresses of a plan's changes, from its JSON."""
    return [change["address"] for change in ran.json()["changes"]]


# ---- bootstrapping -------------------------------------------------------------------------------


def test_a_manifest_boots_an_empty_server_and_completes_once_people_have_joined(lsops: Lsops) -> None:
    shutil.copytree(EXAMPLE, lsops.folder / "e")
    lsops.setenv(AZURE_CLIENT_SECRET="s3cr3t", TRIAGE_MODEL_PASSWORD="s3cr3t", REPORTS_AUTHORIZATION="Bearer s3cr3t")
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}?edition=enterprise")
    first = lsops("apply", "e", "--yes", "--invite")
    assert first.code == 0, first
    assert [line for line in first.err.splitlines() if line.startswith("invited ")] == [
        f"invited {name}@clinic.example" for name in TEAM
    ]
    waiting = lsops("plan", "e", "--detailed-exitcode", "--format", "json")
    assert (waiting.code, changed(waiting)) == (0, [])
    assert len(waiting.json()["pending"]) == 21
    assert "invited" not in lsops("apply", "e", "--yes", "--invite").err

    for name in TEAM:
        assert lsops("sandbox", "user", f"{name}@clinic.example", "--db", DATABASE).code == 0
    assert lsops("apply", "e", "--yes").code == 0
    after = lsops("plan", "e", "--detailed-exitcode", "--format", "json")
    assert (after.code, after.json()["pending"]) == (0, [])

    join(lsops, "ruth@clinic.example", role="annotator")
    drifted = lsops("plan", "e", "--detailed-exitcode", "--format", "json")
    assert (drifted.code, changed(drifted)) == (2, ["/members/ruth@clinic.example"])


# ---- requests ------------------------------------------------------------------------------------


def test_five_hundred_people_cost_few_requests_and_bulk_calls(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [f"p{number:03}@clinic.example" for number in range(500)]
    join(lsops, *people)
    projects = {
        f"Project {number:02}": {
            "workspace": "Radiology",
            "members": dict.fromkeys(people[number * 5 : number * 5 + 30], "reviewer"),
        }
        for number in range(40)
    }
    manifest = {"version": 1, "workspaces": {"Radiology": {}}, "members": dict.fromkeys(people, "annotator")}
    lsops.write(json.dumps({**manifest, "projects": projects}))
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}?edition=enterprise")
    calls = counted(lsops, monkeypatch)
    assert lsops("apply", "--yes", "-q").last.startswith("Apply complete: 1241 created")
    writes = {call: count for call, count in calls.items() if call.startswith(("POST", "DELETE"))}
    assert sum(count for call, count in writes.items() if call.endswith("/members/bulk/")) == 40
    assert "POST /api/projects/roles/" not in writes
    calls.clear()
    assert lsops("plan", "--detailed-exitcode").code == 0
    # version, whoami, organisation, five pages of members, workspaces, a page of projects, a page for each project
    assert sum(calls.values()) <= 4 + 5 + 1 + 1 + 40


def counted(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Every request of the command line's own sandbox, by method and path; no call reaches everybody."""
    from lsops.cli import context

    calls: Counter[str] = Counter()
    original = context._in_process

    def watched(app: object) -> httpx.BaseTransport:
        transport = original(app)
        handle = transport.handle_request

        def counting(request: httpx.Request) -> httpx.Response:
            assert b'"all":true' not in request.content.replace(b" ", b"")
            calls[f"{request.method} {request.url.path}"] += 1
            return handle(request)

        transport.handle_request = counting
        return transport

    monkeypatch.setattr(context, "_in_process", watched)
    return calls


# ---- nobody is locked out ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("members: {owner@example.com: manager}", 3, "owner"),
        ("members: {owner@example.com: {lifecycle: {absent: true}}}", 3, "owner"),
        ("members: {ana@clinic.example: owner}", 3, "owner"),
        ("members: {sso@clinic.example: reviewer}", 3, "SAML"),
        ("projects: {Scans: {workspace: Radiology, members: {nobody@clinic.example: reviewer}}}", 3, "nobody@"),
        (
            (
                "members: {ana@clinic.example: manager}\n"
                "projects: {Scans: {workspace: Radiology, members: {ana@clinic.example: reviewer}}}"
            ),
            3,
            "manager",
        ),
    ],
)
def test_what_would_lock_somebody_out_is_refused_before_any_write(
    lsops: Lsops, enterprise: httpx.Client, text: str, code: int, words: str
) -> None:
    join(lsops, "ana@clinic.example", "sso@clinic.example")
    set_role_source(lsops.folder / DATABASE, "sso@clinic.example", "saml")
    lsops.write(f"version: 1\nsession_policy: {{max_session_age: 7777}}\n{text}\n")
    refused = lsops("apply", "--yes", "--allow-deletes", "9")
    assert refused.code == code, refused
    assert words in refused.err
    assert enterprise.get("/api/session-policy/").json()["max_session_age"] == 11520


@pytest.mark.parametrize("kind", ["legacy", "personal"])
def test_the_kind_of_token_in_use_is_not_switched_off(lsops: Lsops, kind: str) -> None:
    database = lsops.folder / "served.db"
    with served(database, edition="enterprise", token="f" * 40) as url:
        headers = {"Authorization": f"Token {'f' * 40}"}
        token = "f" * 40
        if kind == "personal":
            token = httpx.post(f"{url}/api/token/", headers=headers).json()["token"]
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=token)
        field = "legacy_api_tokens_enabled" if kind == "legacy" else "api_tokens_enabled"
        lsops.write(f"version: 1\nsession_policy: {{max_session_age: 7777}}\njwt_settings: {{{field}: false}}\n")
        assert lsops("plan").code == 0
        refused = lsops("apply", "--yes")
        assert refused.code == 5, refused
        assert "LS807" in refused.err
        policy = httpx.get(f"{url}/api/session-policy/", headers=headers).json()
        assert policy["max_session_age"] == 11520


def test_prune_deactivates_with_consent_and_spares_owner_caller_and_foreign_roles(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    join(lsops, "ana@clinic.example", "gone@clinic.example", "sso@clinic.example")
    set_role_source(lsops.folder / DATABASE, "sso@clinic.example", "scim")
    lsops.write("version: 1\nprune: [members]\nmembers: {ana@clinic.example: annotator}\n")
    planned = lsops("plan")
    assert '|   role: "annotator" -> "deactivated"' in planned.out
    assert planned.last == "Plan: 0 to create, 1 to update, 0 to replace, 0 to delete."
    lsops("plan", "--out", "plan.json")
    assert "apply will need --allow-deletes 1" in lsops("show", "plan.json").out
    assert lsops("apply", "--plan", "plan.json").code == 5
    assert lsops("apply", "--plan", "plan.json", "--allow-deletes", "1").code == 0
    assert lsops("plan", "--detailed-exitcode").code == 0


def test_a_member_who_is_deactivated_by_the_manifest_needs_consent_as_by_prune(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    del enterprise
    join(lsops, "gone@clinic.example")
    lsops.write("version: 1\nmembers: {gone@clinic.example: deactivated}\n")
    assert "apply will need --allow-deletes 1" in lsops("plan").out
    refused = lsops("apply", "--yes")
    assert (refused.code, "error[LS803]" in refused.err) == (5, True)
    assert lsops("apply", "--yes", "--allow-deletes", "1").code == 0
    assert lsops("plan", "--detailed-exitcode").code == 0


# ---- tokens that may not see everything ----------------------------------------------------------


@pytest.mark.parametrize("role", ["annotator", "manager"])
def test_forbidden_is_told_and_never_read_as_absent(lsops: Lsops, role: str) -> None:
    database = lsops.folder / "served.db"
    with served(database, edition="enterprise", token="f" * 40) as url:
        [token] = join(lsops, "mara@clinic.example", role=role, database="served.db")
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=token)
        lsops.write(
            "version: 1\nmembers: {ana@clinic.example: reviewer}\njwt_settings: {api_tokens_enabled: true}\n"
            "organization: {title: Ours}\nsession_policy: {max_session_age: 60}\n"
        )
        ran = lsops("apply", "--yes")
        assert ran.code in (1, 4), ran
        assert "403" in ran.err + ran.out
        assert "invited" not in ran.err
        if role == "annotator":
            planned = lsops("plan")
            assert planned.code == 1
            assert "error[LS703]" in planned.out
            assert "Plan incomplete: " in planned.last


@pytest.mark.parametrize(
    ("role", "text"),
    [("manager", "workspaces: {Hidden: {}}"), ("annotator", "projects: {Hidden: {workspace: Hidden}}")],
)
def test_what_a_token_is_not_shown_is_unknown_and_not_new(lsops: Lsops, role: str, text: str) -> None:
    database = lsops.folder / "served.db"
    with served(database, edition="enterprise", token="f" * 40) as url:
        owner = {"Authorization": f"Token {'f' * 40}"}
        number = httpx.post(f"{url}/api/workspaces/", json={"title": "Hidden"}, headers=owner).json()["id"]
        [token] = join(lsops, "mara@clinic.example", role=role, database="served.db")
        if role == "annotator":
            httpx.post(f"{url}/api/projects/", json={"title": "Hidden", "workspace": number}, headers=owner)
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=token)
        lsops.write(f"version: 1\n{text}\n")
        for verb in (["plan"], ["apply", "--yes"]):
            ran = lsops(*verb)
            assert ran.code in (1, 3), ran
            assert "Hidden" in ran.out + ran.err
        assert len(httpx.get(f"{url}/api/projects/", headers=owner).json()["results"]) == (role == "annotator")
        assert len(httpx.get(f"{url}/api/workspaces/", headers=owner).json()) == 2


def test_a_person_who_is_refused_fails_alone(
    lsops: Lsops, enterprise: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lsops.cli import context

    people = ["ana@clinic.example", "ben@clinic.example", "chris@clinic.example"]
    join(lsops, *people)
    calls = "POST /api/projects/*/members/bulk/:400"
    app = create_app(lsops.folder / DATABASE, faults=[f"{calls}:once", f"{calls}:after=2:once"])
    monkeypatch.setattr(context, "_in_process", lambda _: httpx.WSGITransport(app=app))
    members = "".join(f"      {email}: reviewer\n" for email in people)
    lsops.write(f"version: 1\nprojects:\n  Scans:\n    workspace: Radiology\n    members:\n{members}")
    ran = lsops("apply", "--yes")
    assert (ran.code, ran.last) == (4, "Apply incomplete: 3 done, 1 failed, 0 skipped.")
    assert "failed create /projects/Scans/members/ben@clinic.example" in ran.err
    assert lsops("apply", "--yes").code == 0
    assert lsops("plan", "--detailed-exitcode").code == 0


def test_where_an_identity_provider_owns_all_roles_a_difference_is_an_error(lsops: Lsops, enterprise) -> None:
    join(lsops, "ana@clinic.example")
    manage_elsewhere(lsops.folder / DATABASE, roles=True)
    lsops.write("version: 1\nmembers: {ana@clinic.example: reviewer}\n")
    refused = lsops("plan")
    assert refused.code == 3
    assert "LS507" in refused.err
