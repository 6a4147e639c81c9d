"""What storages cost in requests, and where their secrets never are."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import httpx
import pytest

from lsops.sandbox import create_app
from lsops.sandbox.wsgi import carry_out
from tests.support.cli import Lsops
from tests.support.sandbox import served_app
from tests.support.storage_values import CASES, SHARED

pytestmark = pytest.mark.usefixtures("short_pauses")

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TOKEN = "f" * 40
PROJECTS = 200
CANARY = "CANARYx7Q9"
WORKSPACE = 2  # the first one is the owner's own


@dataclass
class Watched:
    """A WSGI application in front of the sandbox that counts what comes and keeps what goes."""

    inner: WSGIApplication
    wait: float = 0.0
    requests: list[str] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    in_flight: int = 0
    most: int = 0
    lock: Lock = field(default_factory=Lock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self.lock:
            self.in_flight += 1
            self.most = max(self.most, self.in_flight)
            self.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        time.sleep(self.wait)
        try:
            reply = carry_out(self.inner, environ)
        finally:
            with self.lock:
                self.in_flight -= 1
        with self.lock:
            self.answers.append(reply.body + repr(reply.headers).encode())
        return reply.send(start_response)


class Served:
    """Sandboxes over HTTP with a watch on each, `lsops` aimed at the last one."""

    def __init__(self, lsops: Lsops) -> None:
        self.lsops = lsops
        self.running = ExitStack()

    def start(self, edition: str, *faults: str, wait: float = 0.0) -> tuple[Watched, httpx.Client]:
        """The watch, and a client of the API that it does not see."""
        app = create_app(self.lsops.folder / "served.db", edition=edition, token=TOKEN, faults=faults)
        unseen = httpx.Client(
            base_url="http://sandbox",
            transport=httpx.WSGITransport(app=app.wsgi_app),
            headers={"Authorization": f"Token {TOKEN}"},
        )
        unseen.post("/api/workspaces/", json={"title": "W"})
        watched = Watched(app.wsgi_app, wait)
        app.wsgi_app = watched
        self.lsops.setenv(LABEL_STUDIO_URL=self.running.enter_context(served_app(app)), LABEL_STUDIO_API_KEY=TOKEN)
        return watched, unseen

    def end(self) -> None:
        self.running.close()


@pytest.fixture
def served(lsops: Lsops) -> Iterator[Served]:
    sandboxes = Served(lsops)
    yield sandboxes
    sandboxes.end()


# ---- requests -------------------------------------------------------------------------------------


def project(api: httpx.Client, title: str) -> int:
    """The id of a new project, on Enterprise in the workspace that the sandbox was started with."""
    return api.post("/api/projects/", json={"title": title, "workspace": WORKSPACE}).json()["id"]


def many(api: httpx.Client, types: tuple[str, str]) -> dict[str, object]:
    """A manifest of as many projects, each with a storage to import and one to export, all of them made already."""
    first, second = types
    entry = {"bucket": "scans", "description": "kept"}
    projects = {}
    for index in range(PROJECTS):
        title = f"Project {index:03}"
        number = project(api, title)
        body = {**entry, "title": "raw", "project": number}
        api.post(f"/api/storages/{first}/", json=body).raise_for_status()
        api.post(f"/api/storages/export/{second}", json=body).raise_for_status()
        projects[title] = {
            "import_storages": {"raw": {"type": first, **entry}},
            "export_storages": {"raw": {"type": second, **entry}},
        }
    return {"version": 1, "projects": projects}


@pytest.mark.parametrize("edition", ["enterprise", "community"])
@pytest.mark.parametrize("prune", [[], ["projects/*/import_storages", "projects/*/export_storages"]])
def test_a_plan_costs_two_requests_per_project(lsops: Lsops, served: Served, edition: str, prune: list[str]) -> None:
    watched, api = served.start(edition, wait=0.002)
    manifest = many(api, ("s3", "gcs"))
    lsops.write(json.dumps({**manifest, **({"prune": prune} if prune else {})}))
    ran = lsops("plan", "--detailed-exitcode")
    assert ran.code == 0, ran
    assert ran.last.startswith(f"No changes. {3 * PROJECTS} resources match ")
    assert len(watched.requests) <= 2 * PROJECTS + 12
    assert {request.split()[0] for request in watched.requests} == {"GET"}
    assert watched.most > 1


def test_several_types_on_one_side_cost_one_request_per_side(lsops: Lsops, served: Served) -> None:
    watched, api = served.start("enterprise")
    project(api, "Scans")
    entry = {"bucket": "scans"}
    for type_ in ("s3", "gcs", "gcswif"):
        api.post(f"/api/storages/{type_}/", json={**entry, "title": type_, "project": 1}).raise_for_status()
    wif = ("google_project_number", "google_wif_pool_id", "google_wif_provider_id", "google_service_account_email")
    api.patch("/api/storages/gcswif/1", json=dict.fromkeys(wif, "1")).raise_for_status()
    entries = {type_: {"type": type_, **entry} for type_ in ("s3", "gcs", "gcswif")}
    entries["gcswif"].update(dict.fromkeys(wif, "1"))
    lsops.write(json.dumps({"version": 1, "projects": {"Scans": {"import_storages": entries}}}))
    ran = lsops("plan", "--detailed-exitcode")
    assert ran.code == 0, ran
    assert [request for request in watched.requests if "/storages" in request] == ["GET /api/storages/"]


def test_an_apply_costs_one_request_per_change(lsops: Lsops, served: Served) -> None:
    watched, api = served.start("community")
    project(api, "Scans")
    entries = {f"raw {index}": {"type": "s3", "bucket": f"scans-{index}"} for index in range(10)}
    for bucket in ("scans", "other"):
        for entry in entries.values():
            entry["bucket"] = bucket
        lsops.write(json.dumps({"version": 1, "projects": {"Scans": {"import_storages": entries}}}))
        del watched.requests[:]
        assert lsops("apply", "--yes").code == 0
        writes = [request for request in watched.requests if not request.startswith("GET")]
        assert len(writes) == len(entries)
    assert watched.most <= 2


# ---- lost answers ---------------------------------------------------------------------------------


def one_storage(lsops: Lsops, side: str, **more: object) -> None:
    entry = {"type": "s3", "bucket": "scans", **more}
    lsops.write(json.dumps({"version": 1, "projects": {"Scans": {f"{side}_storages": {"raw": entry}}}}))


@pytest.mark.parametrize(("side", "path"), [("import", "/api/storages/s3/"), ("export", "/api/storages/export/s3")])
@pytest.mark.parametrize("fault", ["drop", "502:late", "500:late"])
def test_a_create_whose_answer_is_lost_is_found_and_not_repeated(
    lsops: Lsops, served: Served, side: str, path: str, fault: str
) -> None:
    watched, api = served.start("community", f"POST {path}:{fault}:times=1")
    one_storage(lsops, side)
    ran = lsops("apply", "--yes", "--settle-timeout", "3")
    assert ran.code == 0, ran
    assert [request for request in watched.requests if request.startswith("POST /api/storages")] == [f"POST {path}"]
    assert [row["title"] for row in api.get(path, params={"project": 1}).json()] == ["raw"]
    assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("fault", ["502:late", "503", "drop", "drop-before"])
def test_an_update_and_a_delete_are_repeated(lsops: Lsops, served: Served, fault: str) -> None:
    faults = [f"{method} /api/storages/s3/1:{fault}:times=1" for method in ("PATCH", "DELETE")]
    _, api = served.start("community", *faults)
    one_storage(lsops, "import")
    assert lsops("apply", "--yes").code == 0
    one_storage(lsops, "import", description="changed")
    assert lsops("apply", "--yes").code == 0
    one_storage(lsops, "import", lifecycle={"absent": True})
    ran = lsops("apply", "--yes", "--allow-deletes", "1")
    assert ran.code == 0, ran
    assert api.get("/api/storages/s3/", params={"project": 1}).json() == []


def test_a_list_that_fails_is_an_error_and_no_create(lsops: Lsops, served: Served) -> None:
    served.start("community", "GET /api/storages/s3/:500")
    one_storage(lsops, "import")
    lsops.write("version: 1\nprojects: {Scans: {}}\n", "first/lsops.yaml")
    assert lsops("apply", "--yes", "first").code == 0
    ran = lsops("plan")
    assert ran.code == 1, ran
    assert "GET /api/storages/s3/" in ran.out + ran.err
    assert "+ " not in ran.out


# ---- secrets --------------------------------------------------------------------------------------


def everything(edition: str, place: str) -> dict[str, object]:
    """A manifest with a storage of every type on both sides; `place` is the bucket of the first."""
    sides: dict[str, dict[str, object]] = {"import_storages": {}, "export_storages": {}}
    for case in CASES:
        if edition == "enterprise" or case.type in SHARED:
            sides[f"{case.side}_storages"][case.type] = {**case.entry, "description": place}
    project: dict[str, object] = {"label_config": "<View/>", **sides}
    return {"version": 1, "projects": {"Scans": {**project, **({"workspace": "W"} if edition == "enterprise" else {})}}}


@pytest.mark.parametrize("edition", ["enterprise", "community"])
def test_a_secret_is_nowhere(lsops: Lsops, served: Served, edition: str) -> None:
    watched, _ = served.start(edition)
    for case in CASES:
        lsops.setenv(**case.environment(CANARY))
    said: list[str] = []

    def run(*arguments: str, code: int = 0) -> None:
        ran = lsops(*arguments)
        assert ran.code == code, ran
        said.append(ran.out + ran.err)

    lsops.write(json.dumps(everything(edition, "first")))
    for form in ("text", "json"):
        run("validate", "-vv", "--format", form)
        run("plan", "-vv", "--format", form, "--out", f"{form}.json")
        run("show", f"{form}.json", "-vv", "--format", form)
        run("doctor", "-vv", "--format", form)
    run("apply", "-vv", "--plan", "json.json", "--audit", "audit.jsonl", "--format", "json", "--check-storages")
    lsops.write(json.dumps(everything(edition, "second")))
    run("plan", "-vv", "--resend-secrets", "/**")
    asked = ("--yes", "-vv", "--resend-secrets", "/**", "--log-format", "json")
    run("apply", *asked, "--audit", "audit.jsonl")
    lsops.write(json.dumps(everything(edition, "third")).replace('"scans"', '"denied-scans"'))
    run("apply", *asked, "--audit", "audit.jsonl", code=4)
    run("apply", *asked, "--debug", "--format", "json", code=4)

    kept = [lsops.folder / name for name in ("text.json", "json.json", "audit.jsonl")]
    assert all(path.stat().st_size for path in kept)
    assert not [text for text in (*said, *(path.read_text() for path in kept)) if CANARY in text]
    assert len(watched.answers) > 100 or edition == "community"
    assert not [answer for answer in watched.answers if CANARY.encode() in answer]
    assert CANARY.encode() in (lsops.folder / "served.db").read_bytes() + (lsops.folder / "served.db-wal").read_bytes()
