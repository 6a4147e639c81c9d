"""What a manifest may ask of a server that is refused, once for the command line and once for a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import httpx

from lsops.api import ApplyRequest, Consent, PlanRequest

TOKEN = "f" * 40
LABELS = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
OWN = {"label_config": LABELS, "description": "x-rays", "maximum_annotations": 2}
GONE = {"projects": {"Old": {"lifecycle": {"absent": True}}}}
EVERYTHING, AS_PLANNED = PlanRequest(), ApplyRequest()
HOOK = "https://chat.example.com/in/canary-2f9a8c7d6e5b"


@dataclass(frozen=True)
class Situation:
    """A manifest before and a manifest after, what happens between them, and what both doors say of the latter.

    `flags` and `scope`, which a plan takes, too, say on the command line what `plan` and `apply` say in a script.
    `verb` is how far one gets.
    """

    after: Mapping[str, Any]
    codes: frozenset[str]
    before: Mapping[str, Any] = field(default_factory=dict)
    meanwhile: Callable[[httpx.Client], None] = lambda api: None
    edition: str = "community"
    faults: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ("--yes",)
    scope: tuple[str, ...] = ()
    plan: PlanRequest = EVERYTHING
    apply: ApplyRequest = AS_PLANNED
    verb: str = "apply"


def of(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def tasks(api: httpx.Client, title: str = "Old") -> None:
    """Somebody gives a project two tasks."""
    number = project(api, title)["id"]
    body = [{"data": {"t": "one"}}, {"data": {"t": "two"}}]
    api.post(f"/api/projects/{number}/import", json=body).raise_for_status()


def renamed(api: httpx.Client) -> None:
    """Somebody gives a project tasks and another title."""
    tasks(api, "Old")
    api.patch(f"/api/projects/{project(api, 'Old')['id']}/", json={"title": "Newer"}).raise_for_status()


def project(api: httpx.Client, title: str) -> dict[str, Any]:
    rows = api.get("/api/projects/").raise_for_status().json()["results"]
    return next(row for row in rows if row["title"] == title)


def hook(**fields: Any) -> dict[str, Any]:
    return {"projects": {"Old": {"webhooks": {"alerts": {"url": "${env:HOOK}", **fields}}}}}


def storage(**fields: Any) -> dict[str, Any]:
    one = {"type": "s3", "bucket": "b", **fields}
    return {"projects": {"Old": {"label_config": LABELS, "import_storages": {"in": one}}}}


def login(password: str, **fields: Any) -> dict[str, Any]:
    return {"projects": {"Old": {"task_data_login": "ana", "task_data_password": password, **fields}}}


NO_JSON = {"type": "gcs", "google_application_credentials": "${env:GOOGLE}"}


def ruled(expression: str, on: str = "change", effect: str = "deny") -> dict[str, Any]:
    return {"projects": {"Old": OWN}, "policies": {"rule": {"on": on, effect: expression}}}


POLICIES_REFUSE: dict[str, Situation] = {
    "a change that a policy denies": Situation(ruled("change.action == 'create'"), of("LS130")),
    "a plan that a policy denies": Situation(ruled("plan.summary.create > 0", "plan"), of("LS130")),
    "a resource that a policy denies": Situation(ruled("resource.kind == 'project'", "resource"), of("LS130")),
    "a resource that a policy denies and that is there already": Situation(
        ruled("resource.kind == 'project'", "resource"), of("LS130"), before={"projects": {"Old": OWN}}
    ),
    "a change that a policy denies whatever is allowed": Situation(
        {**GONE, "policies": {"rule": {"on": "change", "deny": "change.action == 'delete'"}}},
        of("LS130"),
        before={"projects": {"Old": {}}},
        flags=("--yes", "--allow-deletes", "9", "--allow-data-loss", "/projects/Old"),
    ),
    "a policy with a typo": Situation(ruled("chnage.action == 'delete'"), of("LS132")),
    "a policy that asks for what is not there": Situation(
        ruled("change.destroys.tasks > 0", effect="warn"), of("LS133")
    ),
    "a policy that answers with a number": Situation(ruled("plan.summary.delete", "plan"), of("LS133")),
    "a policy that has no answer while it is planned": Situation(
        ruled("change.destroys.tasks > 0"), of("LS133"), flags=(), verb="plan"
    ),
}
POLICIES_ACCEPT: dict[str, Situation] = {
    "a policy that has nothing against it": Situation(ruled("change.action == 'delete'"), of()),
    "a policy that warns": Situation(ruled("true", "resource", "warn"), of()),
}
HAS_CEL = find_spec("cel") is not None
BLOCK = {"members": {"ana@example.com": "manager"}}

REFUSED: dict[str, Situation] = {
    # ---- before a server is asked
    "a project role for a manager": Situation(
        {**BLOCK, "projects": {"Old": {"workspace": "W", "members": {"ana@example.com": "reviewer"}}}},
        of("LS110"),
        edition="enterprise",
    ),
    "weights of a label that is not there": Situation(
        {"projects": {"Old": {"label_config": LABELS, "control_weights": {"c": {"labels": {"Z": 1}}}}}}, of("LS127")
    ),
    "a secret that is written out": Situation(login("open sesame"), of("LS403")),
    # ---- while it is planned
    "a target that covers nothing": Situation(
        {"projects": {"Old": {}}},
        of("LS606"),
        scope=("-t", "/projects/Nothing"),
        plan=PlanRequest(targets=("/projects/Nothing",)),
    ),
    "a collection that does not exist": Situation(
        {"projects": {"Old": {}}}, of("LS606"), scope=("--skip", "nothing"), plan=PlanRequest(skip=("nothing",))
    ),
    "a field of the other edition": Situation({"projects": {"Old": {"workspace": "W"}}}, of("LS108")),
    "a label config that the server refuses": Situation(
        {"projects": {"Old": {"label_config": LABELS}}},
        of("LS705"),
        faults=("POST /api/projects/validate/:400",),
        flags=("--check",),
        plan=PlanRequest(check=True),
        verb="plan",
    ),
    # ---- before the first write
    "a collection that cannot be read": Situation(
        {"projects": {"Old": {}}, "session_policy": {"max_session_age": 60}},
        of("LS701", "LS703"),
        faults=("GET /api/projects/:403",),
    ),
    "what is protected": Situation(
        {
            "projects": {"Old": {"webhooks": {}}},
            "prune": ["projects/*/webhooks"],
            "defaults": {"projects/*/webhooks": {"lifecycle": {"protect": True}}},
        },
        of("LS806"),
        before={"projects": {"Old": {"webhooks": {"https://hooks.example.com/ls": {}}}}},
        flags=("--yes", "--allow-deletes", "9"),
    ),
    "a create that looks like what is live": Situation(
        {"projects": {"Old": OWN}}, of("LS508"), before={"projects": {"Old": OWN}}, meanwhile=renamed
    ),
    "the kind of token in use": Situation(
        {"jwt_settings": {"legacy_api_tokens_enabled": False}}, of("LS807"), edition="enterprise"
    ),
    "a delete that nobody allowed": Situation(
        GONE, of("LS803"), before={"projects": {"Old": {}}}, apply=ApplyRequest(Consent())
    ),
    "a loss that nobody allowed": Situation(
        GONE,
        of("LS804"),
        before={"projects": {"Old": {}}},
        meanwhile=tasks,
        flags=("--yes", "--allow-deletes", "1"),
        apply=ApplyRequest(Consent(1)),
    ),
    "nobody to ask": Situation({"projects": {"Old": {}}}, of("LS802"), flags=(), apply=ApplyRequest(ask=True)),
    # ---- secrets
    "a secret that is not set": Situation(login("${env:PASSWORD}"), of("LS406")),
    "a secret of what does not change": Situation(
        {"projects": {**login("${env:PASSWORD}")["projects"], "New": {}}},
        of("LS406"),
        before=login("${env:PASSWORD_BEFORE}"),
        env={"PASSWORD_BEFORE": "open sesame"},
    ),
    "a secret that identifies a webhook": Situation(hook(), of("LS406")),
    "a secret that identifies the only thing": Situation(hook(), of("LS406"), before={"projects": {"Old": {}}}),
    "a secret that is no URL": Situation(hook(), of("LS106"), env={"HOOK": "canary"}),
    "a credential that is no JSON": Situation({**storage(**NO_JSON)}, of("LS106"), env={"GOOGLE": "canary"}),
    "a storage that cannot be reached": Situation(
        storage(),
        of("LS705"),
        before={"projects": {"Old": {}}},
        faults=("POST /api/storages/s3/validate:400",),
        flags=("--yes", "--check-storages"),
        apply=ApplyRequest(check_storages=True),
    ),
    **(POLICIES_REFUSE if HAS_CEL else {}),
}

ACCEPTED: dict[str, Situation] = {
    "a create": Situation({"projects": {"Old": OWN}}, of()),
    "nothing to do": Situation({"projects": {"Old": OWN}}, of(), before={"projects": {"Old": OWN}}),
    "a webhook by a secret": Situation(hook(), of(), env={"HOOK": HOOK}),
    "a delete of tasks": Situation(
        GONE,
        of(),
        before={"projects": {"Old": {}}},
        meanwhile=tasks,
        flags=("--yes", "--allow-deletes", "1", "--allow-data-loss", "/projects/Old"),
    ),
    "a target": Situation(
        {"projects": {"Old": {}, "New": {}}},
        of(),
        scope=("-t", "/projects/New"),
        plan=PlanRequest(targets=("/projects/New",)),
    ),
    "a write that the server refuses": Situation(
        {"projects": {"Old": {}}}, of("LS705"), faults=("POST /api/projects/:400",)
    ),
    **(POLICIES_ACCEPT if HAS_CEL else {}),
}


def written(manifest: Mapping[str, Any]) -> str:
    return json.dumps({"version": 1, **manifest})
