"""A whole plan of which one value of one answer is not what it should be: an error that says so, and no nonsense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from lsops.cli.main import run
from lsops.engine.planfile import as_document
from lsops.errors import LsopsError
from lsops.manifest import Options, load
from lsops.model.plan import Plan
from lsops.sandbox import add_user, create_app
from tests.support.forms import plan_as
from tests.support.recorded import GONE, Place, Recorded

MANIFEST = """\
version: 1
prune: [workspaces/*/members, projects/*/members, projects/*/import_storages, projects/*/webhooks]
session_policy: {max_session_age: 720}
jwt_settings: {api_tokens_enabled: true, legacy_api_tokens_enabled: true}
organization: {title: Clinic}
members:
  mara@clinic.example: manager
  ana@clinic.example: reviewer
workspaces:
  Radiology: {color: "#1F77B4", members: [mara@clinic.example, ana@clinic.example]}
projects:
  Triage:
    workspace: Radiology
    label_config: <View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>
    members: {ana@clinic.example: reviewer}
    import_storages:
      scans: {type: s3, bucket: scans, region_name: eu-central-1}
      notes: {type: gcs, bucket: notes}
    export_storages:
      labels: {type: gcs, bucket: labels}
    webhooks:
      https://hooks.example.com/one: {send_for_all_actions: false, actions: [TASKS_CREATED], headers: {X-Team: a}}
    views:
      To do: {filters: {conjunction: and, items: []}, ordering: [tasks:id]}
    ml_backends:
      triage: {url: "http://models.example.com/triage"}
"""
ODD: dict[str, Any] = {
    "null": None,
    "true": True,
    "number": -1,
    "text": "odd",
    "list": [],
    "object": {},
    "missing": GONE,
}
FEW = ("null", "list", "missing")
"""Those of every run, one at each place in turn; `make soak` takes all at all."""
MAY_BE_NULL = frozenset({"title", "data", "project", "email"})
"""What the server allows to be null: such an object is there, and is none that the manifest means."""
UNTITLED = ("data", "title")
"""A tab need not have a title."""
ASKED = (
    "/api/version",
    "/api/current-user/whoami",
    "/api/session-policy/",
    "/api/jwt/settings",
    "/api/organizations/1",
    "/api/organizations/1/memberships",
    "/api/workspaces/",
    "/api/workspaces/{}/memberships/",
    "/api/projects/",
    "/api/projects/1/members/paginated/",
    "/api/storages/",
    "/api/storages/export",
    "/api/webhooks/",
    "/api/dm/views/",
    "/api/ml/",
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    """A clinic of which everything is as declared."""
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "lsops.yaml").write_text(MANIFEST)
    database = folder / "clinic.db"
    create_app(database, edition="enterprise").extensions["sandbox"].store.close()
    for person, role in (("mara", "manager"), ("ana", "reviewer")):
        add_user(database, f"{person}@clinic.example", role)
    assert run(["apply", str(folder), "--yes", "--server", f"sandbox:{database}"]) == 0
    app = create_app(database, edition="enterprise")
    yield Recorded.of(load(folder, Options()), app)
    app.extensions["sandbox"].store.close()


def test_the_answers_are_those_of_a_plan_without_changes(recorded: Recorded) -> None:
    plan = recorded.plan()
    assert (plan.changes, plan.failures, plan.pending) == ((), (), ())
    assert sorted(map(recorded.path, recorded.answers)) == sorted(recorded.named(ASKED))


@pytest.mark.parametrize("some", ["few", pytest.param("all", marks=pytest.mark.soak)])
@pytest.mark.parametrize("path", ASKED)
def test_a_value_of_the_wrong_type_is_no_bug_and_makes_nothing_new(path: str, some: str, recorded: Recorded) -> None:
    wrong = [
        f"{'.'.join(map(str, place))} = {name}: {fault}"
        for number, (key, place) in enumerate(recorded.places(path))
        for name in (ODD if some == "all" else (FEW[number % len(FEW)],))
        if (fault := fault_of(recorded, key, place, ODD[name]))
    ]
    assert wrong == []


def fault_of(recorded: Recorded, key: str, place: Place, value: Any) -> str:
    """What goes wrong in a plan with that value at that place; empty if nothing does."""
    held = recorded.value(key, place)
    if value is GONE and (not place or isinstance(place[-1], int)):
        return ""
    try:
        plan = recorded.plan(recorded.changed(key, place, value))
        assert as_document(plan)["format"]
        assert plan_as("text", plan, verbose=True)
    except LsopsError as error:
        return next((finding.message for finding in error.findings if finding.code == "LS901"), "")
    except Exception as bug:  # noqa: BLE001  # whatever it is, the test tells where
        return f"{type(bug).__name__}: {bug}"
    is_null = value is None and not MAY_BE_NULL.isdisjoint(place[-1:])
    lawful = is_null or type(value) is type(held) or place[-2:] == UNTITLED
    return "" if lawful else str(dict(drastic(plan)) or "")


def drastic(plan: Plan) -> Counter[str]:
    """What a plan makes and takes away, and whom it takes for somebody who has not come yet."""
    changes = [f"{change.action} {change.kind}" for change in plan.changes if change.action != "update"]
    return Counter([*changes, *("pending" for _ in plan.pending)])


@pytest.mark.parametrize(
    ("path", "place", "value", "fault"),
    [
        ("/api/projects/", (), [], "the answer is a list, not an object"),
        ("/api/projects/", ("results", 0, "id"), GONE, "row 1.id is missing"),
        ("/api/projects/", ("results", 0, "id"), -1, "row 1.id is a number below 0"),
        ("/api/projects/", ("results", 0, "title"), 7, "row 1.title is a number, not text"),
        ("/api/projects/", ("results", 0, "workspace"), "4", "row 1.workspace is text"),
        ("/api/storages/", (0, "type"), ["s3"], "row 1.type is a list, not text"),
        ("/api/storages/", (), {}, "the answer is an object, not a list"),
        ("/api/storages/export", (0, "title"), {}, "row 1.title is an object, not text"),
        ("/api/organizations/1/memberships", ("results", 0, "user", "id"), {"id": 1}, "row 1.user.id is an object"),
        ("/api/organizations/1/memberships", ("results", 0, "user"), None, "row 1.user is null"),
        ("/api/organizations/1", ("billing",), [], "billing is a list, not an object"),
        ("/api/workspaces/", (0, "is_personal"), "no", "row 1.is_personal is text, not true or false"),
        ("/api/webhooks/", (0, "project"), GONE, "row 1.project is missing"),
        ("/api/webhooks/", (0, "url"), None, "row 1.url is null, not text"),
        ("/api/dm/views/", (0, "data"), "To do", "row 1.data is text, not an object"),
        ("/api/ml/", (0, "id"), True, "row 1.id is true"),
    ],
)
def test_what_identifies_is_held_to_its_form_and_told_with_endpoint_and_field(
    path: str, place: Place, value: Any, fault: str, recorded: Recorded
) -> None:
    (key,) = (key for key in recorded.answers if recorded.path(key) == path)
    plan = recorded.plan(recorded.changed(key, place, value))
    assert {finding.code for finding in plan.failures} == {"LS707"}
    assert any(f"GET {path}: the server's answer makes no sense: {fault}" in f.message for f in plan.failures)
    assert not drastic(plan)
