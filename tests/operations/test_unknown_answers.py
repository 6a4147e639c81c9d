"""What nobody outside knows of Enterprise: lsops ends as declared under every answer, or says what the server holds.

Each point is a switch of the sandbox; the other points are tested where their kinds are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user
from tests.support.cli import Lsops
from tests.support.sandbox import client_of, served
from tests.support.wire import writes

DB, TOKEN = "s.db", "0123456789abcdef0123456789abcdef01234567"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
ANA, BOB = "ana@clinic.example", "bob@clinic.example"
Whole = dict[str, Any]


@pytest.fixture
def api(lsops: Lsops, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A sandbox at which the command line is aimed, under the answers that a test has as a parameter of this name."""
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DB}", SECRET="0" * 20)
    with client_of(lsops.folder / DB, edition="enterprise", unknown=getattr(request, "param", {})) as client:
        yield client


def under(point: str, *answers: str) -> pytest.MarkDecorator:
    """A test that runs under each answer to a point."""
    return pytest.mark.parametrize("api", [{point: one} for one in answers], ids=answers, indirect=True)


def ward(**project: Any) -> Whole:
    """A manifest with one project in one workspace."""
    return {"version": 1, "workspaces": {"Ward": {}}, "projects": {"Scans": {"workspace": "Ward", **project}}}


def applies(lsops: Lsops, whole: Whole, *flags: str) -> Any:
    lsops.write(json.dumps(whole, indent=1))
    return lsops("apply", "--yes", *flags)


def plans_nothing(lsops: Lsops, *flags: str) -> bool:
    return lsops("plan", "--detailed-exitcode", *flags).code == 0


# ---- 11.1: whether names are unique --------------------------------------------------------------

NAMED = {
    "workspace-title": "/api/workspaces/",
    "project-title": "/api/projects/",
    "storage-title": "/api/storages/s3/",
    "template-name": "/api/project-templates/",
}
ALL = ward(
    label_config=CONFIG,
    import_storages={"raw": {"type": "s3", "bucket": "scans"}},
) | {"project_templates": {"Triage": {"project": "Scans"}}}


@contextmanager
def somebody_quicker(path: str) -> Iterator[None]:
    """The first POST to a path finds that somebody else has just sent the same."""
    send, made = httpx.WSGITransport.handle_request, []

    def handle(transport: Any, request: httpx.Request) -> httpx.Response:
        if (request.method, request.url.path) == ("POST", path) and not made:
            made.append(send(transport, request).read())
        return send(transport, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.WSGITransport, "handle_request", handle)
        yield


@pytest.mark.parametrize(
    ("api", "path"),
    [({point: answer}, path) for point, path in NAMED.items() for answer in ("unique", "conflict")],
    ids=[f"{point} {answer}" for point in NAMED for answer in ("400", "409")],
    indirect=["api"],
)
def test_a_name_that_somebody_took_first_is_refused_in_the_servers_words_and_found_next_time(
    lsops: Lsops, api: httpx.Client, path: str
) -> None:
    with somebody_quicker(path):
        ran = applies(lsops, ALL)

    assert ran.code == 4, ran
    assert "already exists" in ran.out
    assert applies(lsops, ALL).code == 0
    assert plans_nothing(lsops)


@pytest.mark.parametrize("answer", ["free", "unique"])
def test_a_create_whose_answer_is_lost_is_found_and_nothing_is_sent_twice(lsops: Lsops, answer: str) -> None:
    lost = [f"POST {path}:drop:once" for path in NAMED.values()]
    lsops.setenv(SECRET="0" * 20, LABEL_STUDIO_API_KEY=TOKEN)
    with (
        served(lsops.folder / DB, token=TOKEN, faults=lost, unknown=dict.fromkeys(NAMED, answer)) as url,
        writes() as sent,
    ):
        lsops.setenv(LABEL_STUDIO_URL=url, LSOPS_SERVER=url)
        ran = applies(lsops, ALL)

        assert ran.code == 0, ran
        assert plans_nothing(lsops)
    assert sorted(one.path for one in sent if one.method == "POST") == sorted(NAMED.values())


# ---- 11.4: what the answer to set-default-role shows ---------------------------------------------

SWITCH = "read_only_quick_view_enabled_at"
DEFAULTS = {"default_role": "reviewer", SWITCH: True, "extra_data_on_activity_logs": True}


@under("defaults-shown", "all", "sent", "none")
def test_defaults_of_the_organisation_are_set_whatever_the_answer_shows_of_them(
    lsops: Lsops, api: httpx.Client
) -> None:
    whole = {"version": 1, "organization": {**DEFAULTS, "custom_scripts_enabled_at": True}}

    ran = applies(lsops, whole)

    assert ran.code == 0, ran
    assert json.loads(lsops("plan", "--format", "json").out)["changes"] == []


def answering(patch: pytest.MonkeyPatch, ending: str, body: Whole) -> None:
    """A server that answers so to requests whose path ends so, and does nothing."""
    send = httpx.WSGITransport.handle_request

    def handle(transport: Any, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=body) if request.url.path.endswith(ending) else send(transport, request)

    patch.setattr(httpx.WSGITransport, "handle_request", handle)


@pytest.mark.parametrize(("shown", "code"), [({SWITCH: None}, 4), ({}, 0)], ids=["shown", "not shown"])
@pytest.mark.usefixtures("api")
def test_a_switch_is_not_kept_only_where_the_answer_shows_that(
    lsops: Lsops, monkeypatch: pytest.MonkeyPatch, shown: Whole, code: int
) -> None:
    answering(monkeypatch, "/set-default-role", {"default_role": "RE", **shown})

    ran = applies(lsops, {"version": 1, "organization": DEFAULTS})

    assert ran.code == code
    assert (f"did not keep {SWITCH}" in ran.out) == bool(shown)


# ---- 11.5: roles in projects ---------------------------------------------------------------------

ROLES = [
    {"project-bulk-roles": bulk, "project-role-removed": removed, "project-role-second": second}
    for bulk, removed, second in (
        ("set", "stays", "refused"),
        ("raise", "stays", "replaces"),
        ("keep", "stays", "refused"),
        ("keep", "goes", "replaces"),
    )
]


@pytest.mark.parametrize("api", ROLES, ids=[" ".join(one.values()) for one in ROLES], indirect=True)
def test_a_role_in_a_project_ends_as_declared_after_each_change(lsops: Lsops, api: httpx.Client) -> None:
    add_user(lsops.folder / DB, ANA, "annotator")

    for one in (
        {ANA: "reviewer"},
        {ANA: "annotator"},
        {},
        {ANA: "inherit"},
        {},
        {ANA: "reviewer"},
        {},
        {ANA: "annotator"},
    ):
        whole = {**ward(members={who: {"role": role} for who, role in one.items()}), "prune": ["projects/*/members"]}
        ran = applies(lsops, whole, "--allow-deletes", "1")

        assert ran.code == 0, (one, ran)
        assert plans_nothing(lsops)


# ---- 11.6: the largest page of people ------------------------------------------------------------

PAGES = [{"members-page": most, "members-page-endless": "refused"} for most in ("known", "100", "25")]


@pytest.mark.parametrize("api", PAGES, ids=[one["members-page"] for one in PAGES], indirect=True)
def test_everybody_is_read_however_short_the_pages_are(lsops: Lsops, api: httpx.Client) -> None:
    people = [f"p{number}@clinic.example" for number in range(26)]
    for email in people:
        add_user(lsops.folder / DB, email, "annotator")
    entries: Whole = {email: {} for email in people}
    whole = ward(members=entries) | {"members": {email: {"role": "annotator"} for email in people}}
    whole["workspaces"] = {"Ward": {"members": entries}}

    ran = applies(lsops, whole)

    assert ran.code == 0, ran
    assert plans_nothing(lsops)


# ---- 11.7: storages of Enterprise's own types ----------------------------------------------------

SECRET = {"client_secret": "${env:SECRET}"}
STORAGES = {
    "role": {"type": "s3s", "bucket": "scans", "role_arn": "arn:aws:iam::1:role/r", "external_id": "x"},
    "wif": {
        "type": "gcswif",
        "bucket": "scans",
        "google_project_number": "1",
        "google_wif_pool_id": "pool",
        "google_wif_provider_id": "provider",
        "google_service_account_email": "a@b.iam.gserviceaccount.com",
    },
    "account": {"type": "gcs_sa", "bucket": "scans", "target_service_account_email": "a@b.iam.gserviceaccount.com"},
    "principal": {
        "type": "azure_spi",
        "container": "scans",
        "account_name": "a",
        "tenant_id": "t",
        "client_id": "c",
        **SECRET,
    },
}
LOGINS = [
    ("shown", "hidden", "part", 2),
    ("shown", "hidden", "whole", 2),
    ("hidden", "shown", "part", 10),
    ("hidden", "hidden", "whole", 11),
]
POINTS = ("storage-ids", "storage-account-name", "storage-patch")


@pytest.mark.parametrize(
    ("api", "unread", "is_whole"),
    [(dict(zip(POINTS, answers, strict=True)), unread, "whole" in answers) for *answers, unread in LOGINS],
    ids=[" ".join(answers) for *answers, _ in LOGINS],
    indirect=["api"],
)
@pytest.mark.usefixtures("api")
def test_storages_are_made_and_changed_whatever_is_shown_of_who_logs_in(
    lsops: Lsops, unread: int, is_whole: bool
) -> None:
    made = applies(lsops, ward(import_storages=STORAGES))
    again = lsops("plan", "--format", "json").json()
    moved = {name: {**one, "prefix": "in/"} for name, one in STORAGES.items()}
    changed = applies(lsops, ward(import_storages=moved))

    assert made.code == 0, made
    assert (again["changes"], again["unreadable"]) == ([], unread)
    assert changed.code == 0, changed
    assert ("sent again as a whole" in changed.out) == is_whole
    assert plans_nothing(lsops)


# ---- 11.9: a workspace that is not empty ---------------------------------------------------------


@under("workspace-delete", "400", "403", "409")
def test_a_workspace_with_projects_is_not_deleted_and_the_server_says_why(lsops: Lsops, api: httpx.Client) -> None:
    assert applies(lsops, ward()).code == 0

    ran = applies(
        lsops, {"version": 1, "workspaces": {"Ward": {"lifecycle": {"absent": True}}}}, "--allow-deletes", "1"
    )

    assert ran.code == 4, ran
    assert "Workspace is not empty" in ran.out


# ---- 11.10: members inside of projects -----------------------------------------------------------


@under("project-members-shown", "objects", "ids", "absent")
def test_members_inside_of_a_project_are_neither_compared_nor_dumped(lsops: Lsops, api: httpx.Client) -> None:
    add_user(lsops.folder / DB, ANA, "annotator")

    assert applies(lsops, ward(members={ANA: {}})).code == 0
    assert plans_nothing(lsops)
    assert lsops("dump", "-o", "dumped").code == 0
    assert plans_nothing(lsops, "dumped")


# ---- 11.13: people who were invited --------------------------------------------------------------

AGAIN = "the server does not list ana@clinic.example until they accept: another --invite mails them again"
INVITED = [
    {"invited-role": role, "invited-role-patch": patch}
    for role, patch in (("none", "refused"), ("none", "set"), ("invited", "set"), ("absent", "refused"))
]


@pytest.mark.parametrize("api", INVITED, ids=[" ".join(one.values()) for one in INVITED], indirect=True)
def test_who_was_invited_stays_pending_without_a_change(lsops: Lsops, api: httpx.Client) -> None:
    whole = ward(members={ANA: {}}) | {"members": {ANA: {"role": "annotator"}}}

    with writes() as sent:
        first = applies(lsops, whole, "--invite")
        second = applies(lsops, whole, "--invite")

    mails = [one.path for one in sent if "invite" in one.path]
    assert (first.code, second.code) == (0, 0), (first, second)
    assert not [one for one in sent if one.method == "PATCH"]
    assert len(mails) == 1 or AGAIN in first.err


# ---- 11.15: the delete of a storage --------------------------------------------------------------


@under("storage-delete", "tasks stay", "tasks go")
def test_the_delete_of_a_storage_says_that_nobody_knows_what_becomes_of_its_tasks(
    lsops: Lsops, api: httpx.Client
) -> None:
    raw = {"type": "s3", "bucket": "holds-3-scans", "sync": "after_apply"}
    assert applies(lsops, ward(label_config=CONFIG, import_storages={"raw": raw})).code == 0

    ran = applies(lsops, ward(import_storages={"raw": {"type": "s3", "bucket": "x", "lifecycle": {"absent": True}}}))

    assert ran.code == 5
    assert "whether the tasks that it imported stay is not known" in ran.out
