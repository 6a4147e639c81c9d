"""`lsops backup` and `lsops restore`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from threading import Event as Stop
from typing import Any

import httpx
import pytest

from lsops.backup.index import parse_index
from lsops.backup.links import links_in, upload_name, with_links
from lsops.cli.terminal import Terminal
from lsops.errors import Malformed, Unreachable
from lsops.kinds.projects.task_data import TaskData
from lsops.server.json_list import objects_in
from tests.support.backed_up import ADDRESS, TITLE, exported, make, project_of, uploads
from tests.support.cli import Lsops, Ran
from tests.support.sandbox import client_of

NEW = "new.db"


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.waiting.CALM", 0.0)


@pytest.fixture
def old(lsops: Lsops) -> Iterator[httpx.Client]:
    """A Community sandbox, where the projects are."""
    with client_of(lsops.folder / "old.db", edition="community") as api:
        yield api


@pytest.fixture
def new(lsops: Lsops) -> Iterator[httpx.Client]:
    """Another one, where nothing is."""
    with client_of(lsops.folder / NEW, edition="community") as api:
        yield api


def backup(lsops: Lsops, *arguments: str) -> Ran:
    return lsops("backup", ADDRESS, "-o", "saved", "--server", "sandbox:old.db", *arguments)


def restore(lsops: Lsops, *arguments: str) -> Ran:
    return lsops("restore", "saved", "--yes", "--server", f"sandbox:{NEW}", *arguments)


# ---- there and back ------------------------------------------------------------------------------


def test_a_restored_project_has_all_that_people_did(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    project = make(old)
    before = exported(old, project)
    saved = backup(lsops)
    assert saved.out.splitlines() == [
        f"| done {ADDRESS}: 12 tasks, 12 annotations, 4 drafts, 12 predictions, 2 files",
        "Backup complete: 1 done.",
    ], saved
    ran = restore(lsops, "--format", "json")
    assert ran.code == 0, ran
    assert exported(new, project_of(new)) == before
    assert (ran.json()["outcomes"][0]["count"], ran.json()["outcomes"][0]["existed"]) == (12, 0)


def test_a_backup_leaves_nothing_on_the_server_and_is_for_its_owner_alone(lsops: Lsops, old: httpx.Client) -> None:
    project = make(old)
    assert backup(lsops).code == 0
    assert old.get(f"/api/projects/{project}/exports/").json() == []
    modes = {path.stat().st_mode & 0o777 for path in (lsops.folder / "saved").rglob("*") if path.is_file()}
    folders = {path.stat().st_mode & 0o777 for path in (lsops.folder / "saved").rglob("*") if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})
    assert not (lsops.folder / "saved/progress.json").exists()


def test_restored_again_nothing_is_doubled(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    before = exported(old, make(old))
    backup(lsops)
    restore(lsops)
    again = restore(lsops, "--format", "json")
    assert again.code == 0, again
    assert again.json()["outcomes"][0]["existed"] == 12
    assert exported(new, project_of(new)) == before
    assert len(uploads(new, project_of(new))) == 2


def test_tasks_that_were_deleted_since_come_back_alone(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    make(old)
    backup(lsops)
    restore(lsops)
    rows = new.get("/api/tasks/", params={"project": project_of(new)}).json()["tasks"]
    new.delete(f"/api/tasks/{rows[4]['id']}/").raise_for_status()
    ran = restore(lsops, "--format", "json")
    assert (ran.json()["outcomes"][0]["count"], ran.json()["outcomes"][0]["existed"]) == (1, 11)
    assert len(exported(new, project_of(new))) == 12


def test_a_copy_beside_the_original_needs_another_name(lsops: Lsops, old: httpx.Client) -> None:
    project = make(old)
    backup(lsops)
    there = ("restore", "saved", "--yes", "--server", "sandbox:old.db")
    refused = lsops(*there)
    assert refused.code == 5
    assert "error[LS669]: /projects/Cats & dogs is there and holds tasks that are not of this backup" in refused.err
    assert lsops(*there, "--as", "Copy").code == 0
    assert exported(old, project_of(old, "Copy")) == exported(old, project)


def test_what_it_was_connected_to_is_made_only_where_that_is_asked_for(
    lsops: Lsops, old: httpx.Client, new: httpx.Client
) -> None:
    hook = {"project": make(old), "url": "https://hooks.example.com/ls"}
    old.post("/api/webhooks/", json=hook).raise_for_status()
    backup(lsops)
    plain = restore(lsops)
    assert f"{ADDRESS}: 1 not made, webhooks (--with webhooks)" in plain.out
    assert new.get("/api/webhooks/").json() == []
    asked = restore(lsops, "--with", "webhooks")
    assert asked.code == 0, asked
    assert [row["url"] for row in new.get("/api/webhooks/").json()] == ["https://hooks.example.com/ls"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("storages", "--with storages: it is one of "), ("members", "--with members: the backup has none")],
)
def test_something_to_make_that_is_not_there_is_said(lsops: Lsops, old: httpx.Client, name: str, message: str) -> None:
    make(old, tasks=4, files=0)
    backup(lsops)
    ran = restore(lsops, "--with", name)
    assert (ran.code, message in ran.err) == (3, True), ran


def test_the_parts_of_many_tasks_are_bounded(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lsops.backup.parts.SIZE", 4_000)
    monkeypatch.setattr("lsops.operations.restoring.MOST", 5)
    before = exported(old, make(old))
    backup(lsops)
    sizes = [path.stat().st_size for path in (lsops.folder / "saved/0001").glob("tasks-*.jsonl")]
    assert len(sizes) > 3
    assert max(sizes) <= 4_000
    assert restore(lsops).code == 0
    assert exported(new, project_of(new)) == before


def test_files_that_no_task_names_are_saved_too(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    make(old, tasks=2, files=3)  # of three pictures a task names one
    assert "3 files" in backup(lsops).out
    for _ in range(2):
        assert restore(lsops).code == 0
    assert {new.get(f"/data/{row['file']}").content[-1] for row in uploads(new, project_of(new))} == {0, 1, 2}
    assert len(uploads(new, project_of(new))) == 3


def test_a_project_of_files_alone_comes_back_once(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    project = old.post("/api/projects/", json={"title": TITLE}).raise_for_status().json()["id"]
    at = f"/api/projects/{project}/import"
    file = {"file": ("a.png", b"1", "image/png")}
    old.post(at, params={"commit_to_project": "false"}, files=file).raise_for_status()
    backup(lsops)
    for _ in range(2):
        assert restore(lsops).code == 0
    assert len(uploads(new, project_of(new))) == 1


def test_a_list_of_files_that_cannot_be_read_is_told_and_the_rest_is_kept(
    lsops: Lsops, old: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(old, tasks=4)
    with monkeypatch.context() as patch:
        patch.setattr(TaskData, "uploads", fails)
        ran = backup(lsops)
    told = f"| failed {ADDRESS}: uploaded files that no task names are not in the backup: it is away"
    assert (ran.code, told in ran.out) == (4, True), ran
    assert (lsops.folder / "saved/index.json").exists()


def test_object_storage_holds_a_backup_as_a_folder_does(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    before = exported(old, make(old))
    place = f"memory://{lsops.folder.name}"
    assert lsops("backup", ADDRESS, "-o", place, "--server", "sandbox:old.db").code == 0
    assert lsops("restore", place, "--yes", "--server", f"sandbox:{NEW}").code == 0
    assert exported(new, project_of(new)) == before


def test_a_link_with_another_host_stays_as_it_is() -> None:
    data = {"a": "https://pics.example.com/data/upload/1/x.png", "b": ['<img src="/data/upload/1/x.png">', 7]}
    assert list(links_in(data)) == ["/data/upload/1/x.png"]
    assert with_links(data, {"/data/upload/1/x.png": "/data/upload/2/y.png"}) == {
        "a": data["a"],
        "b": ['<img src="/data/upload/2/y.png">', 7],
    }


@pytest.mark.parametrize("link", ["/data/upload/1/../../api/x", "/data/upload/1/..", "/data/upload/x/y.png", "/data/"])
def test_what_leads_elsewhere_is_no_link(link: str) -> None:
    assert [one for one in links_in(link) if ".." in one or "api" in one] == []


def test_the_name_of_an_upload_is_made_of_harmless_signs() -> None:
    name = upload_name("0" * 16, '/data/upload/1/12345678-a b;"$(x)ü/../é.png')
    assert re.fullmatch(r"lsops-[0-9a-f]{32}-[A-Za-z0-9._-]+", name)
    assert upload_name("1" * 16, f"/data/upload/2/abcdef12-{name}").count("lsops-") == 1


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_a_list_arrives_in_parts_of_any_size(size: int) -> None:
    tasks = [{"data": {"text": 'ü"]},{[' * number}} for number in range(30)]
    data = json.dumps(tasks, ensure_ascii=False, indent=1).encode()
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    assert [task for task, _ in objects_in(parts, "")] == tasks


@pytest.mark.parametrize(
    "text", ["", "{}", "[", "[1]", '[{"a": 1}', '[{"a": 1} {"b": 2}]', '[{"a": ', "[" * 50_000, "\xff"]
)
def test_what_is_no_list_of_objects_is_told(text: str) -> None:
    with pytest.raises(Malformed, match="the list of tasks cannot be read"):
        list(objects_in([text.encode("latin-1")], "the list of tasks cannot be read"))


def in_a_workspace(api: httpx.Client, **wanted: Any) -> int:
    """A new project of Enterprise."""
    home = api.post("/api/workspaces/", json={"title": "Pets"}).raise_for_status().json()["id"]
    project = make(api, **wanted)
    api.patch(f"/api/projects/{project}/", json={"workspace": home}).raise_for_status()
    return project


def test_members_come_back_where_that_is_asked_for_as_who_they_are_now(lsops: Lsops) -> None:
    with client_of(lsops.folder / "old.db", edition="enterprise") as api:
        for email in (ANN, BEN):
            assert lsops("sandbox", "user", email, "--role", "annotator", "--db", "old.db").code == 0
        project = in_a_workspace(api, tasks=2, files=0)
        ann = next(row["id"] for row in api.get("/api/users/").json() if row["email"] == ANN)
        api.post(f"/api/projects/{project}/members/", json={"user": ann}).raise_for_status()
    backup(lsops)
    lsops.write(f"{ANN}: {BEN}\n", "people.yaml")
    there = ("restore", "saved", "--yes", "--server", "sandbox:old.db", "--as", "Copy", "--map", "people.yaml")
    ran = lsops(*there, "--with", "members")
    assert ran.code == 0, ran
    assert f"| done /projects/Copy/members/{BEN}: create" in ran.out
    assert ANN not in ran.out


def test_comments_come_back_on_enterprise(lsops: Lsops) -> None:
    with client_of(lsops.folder / "old.db", edition="enterprise") as api:
        project = in_a_workspace(api)
        task = api.get("/api/tasks/", params={"project": project}).json()["tasks"][0]["id"]
        annotation = api.get(f"/api/tasks/{task}/").json()["annotations"][0]["id"]
        comment = {"annotation": annotation, "text": "Is it?", "is_resolved": True}
        api.post("/api/comments/", json=comment).raise_for_status()
        assert "1 comment" in backup(lsops).out
    (saved,) = map(json.loads, (lsops.folder / "saved/0001/comments-0001.jsonl").read_text("utf-8").splitlines())
    assert (saved["created_by"]["email"], saved["is_resolved"]) == ("owner@example.com", True)
    there = ("restore", "saved", "--yes", "--server", "sandbox:old.db", "--as", "Copy")
    assert [lsops(*there).code, lsops(*there).code] == [0, 0]
    with client_of(lsops.folder / "old.db", edition="enterprise") as api:
        found = api.get("/api/comments/", params={"projects": project_of(api, "Copy")}).json()
        assert [(one["text"], one["is_resolved"]) for one in found] == [("Is it?", True)]
        assert exported(api, project_of(api, "Copy")) == exported(api, project)


# ---- people --------------------------------------------------------------------------------------


ANN, BEN = "ann@old.example.com", "ben@example.com"


def join(lsops: Lsops, database: str, *emails: str) -> None:
    """Let people into a sandbox."""
    for email in emails:
        assert lsops("sandbox", "user", email, "--db", database).code == 0


def authors(api: httpx.Client) -> list[str]:
    return [one[0] for task in exported(api, project_of(api)) for one in task["annotations"]]


def test_people_are_known_by_their_email_and_the_work_of_others_is_the_callers(
    lsops: Lsops, old: httpx.Client, new: httpx.Client
) -> None:
    join(lsops, "old.db", ANN, BEN)
    make(old, tasks=4, files=0, people=(ANN, BEN))
    backup(lsops)
    join(lsops, NEW, BEN)
    ran = restore(lsops)
    told = f"not on this server, so that their annotations become those of owner@example.com: {ANN} (--map FILE)"
    assert told in ran.err, ran
    assert told in ran.out
    assert authors(new) == ["owner@example.com", BEN] * 2


def test_a_map_says_who_is_who(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    join(lsops, "old.db", ANN)
    make(old, tasks=2, files=0, people=(ANN,))
    backup(lsops)
    join(lsops, NEW, BEN)
    lsops.write(f"{ANN.upper()}: {BEN}\n", "people.yaml")
    ran = restore(lsops, "--map", "people.yaml")
    assert (ran.code, "not on this server" in ran.err) == (0, False), ran
    assert authors(new) == [BEN] * 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a@example.com", "people.yaml is not a map of e-mails"),
        ("a@example.com: 7", '"a@example.com" must lead from an e-mail to an e-mail'),
        ("a: {", "people.yaml is not YAML"),
        (f"{ANN}: nobody@example.com", "--map: nobody@example.com is not on this server"),
        (None, "people.yaml: there is no such file"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_before_anything_is_written(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, text: str | None, message: str
) -> None:
    make(old, tasks=2, files=0)
    backup(lsops)
    if text is not None:
        lsops.write(text, "people.yaml")
    ran = restore(lsops, "--map", "people.yaml")
    assert (ran.code, f"error[LS670]: {message}" in ran.err.replace('people.yaml: "', '"')) == (3, True), ran
    assert new.get("/api/projects/").json()["count"] == 0


# ---- what is refused -----------------------------------------------------------------------------


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the index of a backup."""
    path = folder / "saved/index.json"
    index = json.loads(path.read_text("utf-8"))
    change(index)
    path.write_text(json.dumps(index), "utf-8")


def with_part(folder: Path, sort: str, rows: list[Mapping[str, Any]]) -> None:
    """Put other lines into the one part of a sort, with a checksum that is right."""
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    (folder / f"saved/0001/{sort}-0001.jsonl").write_bytes(data)
    part = {"bytes": len(data), "sha256": sha256(data).hexdigest(), "rows": len(rows)}
    rewrite(folder, lambda index: index["entries"][0]["parts"].update({sort: [part]}))


INDEXES: Mapping[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another format": (lambda index: index.update(format="lsops.backup-index/9"), "or of another version"),
    "an id that is a path": (lambda index: index.update(id="../../../../etc"), "id is missing or is not what"),
    "an address that is none": (lambda index: index["entries"][0].update(address="../x"), "address is missing"),
    "parts of another sort": (lambda index: index["entries"][0]["parts"].update({"../x": []}), "entries is missing"),
    "a part of a terabyte": (
        lambda index: index["entries"][0]["parts"]["tasks"][0].update(bytes=10**12),
        "a part of 1,000,000,000,000 bytes",
    ),
    "more lines than bytes": (
        lambda index: index["entries"][0]["parts"]["tasks"][0].update(rows=10**9),
        "1,000,000,000 lines is none",
    ),
    "a number that is none": (lambda index: index["entries"][0]["counts"].update(tasks=True), "tasks is missing"),
    "a negative number": (lambda index: index["entries"][0]["counts"].update(files=-1), "files is missing"),
    "more tasks than lines": (lambda index: index["entries"][0]["counts"].update(tasks=13), "do not hold as many"),
    "a checksum that is wrong": (
        lambda index: index["entries"][0]["parts"]["tasks"][0].update(sha256="0" * 64),
        "has not the checksum",
    ),
    "a size that is wrong": (
        lambda index: index["entries"][0]["parts"]["tasks"][0].update(bytes=100),
        "bytes and not 100",
    ),
    "no manifest": (lambda index: index["entries"][0]["parts"].update(manifest=[]), "the manifest in the backup"),
}


@pytest.mark.parametrize("case", INDEXES)
def test_an_index_that_lies_is_refused_before_anything_is_written(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, case: str
) -> None:
    make(old, files=0)
    backup(lsops)
    change, message = INDEXES[case]
    rewrite(lsops.folder, change)
    ran = restore(lsops)
    assert (ran.code, message in ran.err) == (3, True), ran
    assert new.get("/api/projects/").json()["count"] == 0


FILES: Mapping[str, Callable[[Path], Any]] = {
    "a part is gone": lambda folder: (folder / "0001/tasks-0001.jsonl").unlink(),
    "a part is a folder": lambda folder: [
        (folder / "0001/tasks-0001.jsonl").unlink(),
        (folder / "0001/tasks-0001.jsonl").mkdir(),
    ],
    "a part is a link": lambda folder: [
        (folder / "0001/tasks-0001.jsonl").rename(folder / "away"),
        (folder / "0001/tasks-0001.jsonl").symlink_to(folder / "away"),
    ],
    "an uploaded file is another one": lambda folder: next((folder / "0001/files").iterdir()).write_bytes(b"123456789"),
    "an uploaded file is gone": lambda folder: next((folder / "0001/files").iterdir()).unlink(),
    "the index is cut": lambda folder: (folder / "index.json").write_bytes(b'{"format": '),
    "the index nests": lambda folder: (folder / "index.json").write_bytes(b"[" * 100_000),
    "the index is gone": lambda folder: (folder / "index.json").unlink(),
}


@pytest.mark.parametrize("case", FILES)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, case: str
) -> None:
    make(old)
    backup(lsops)
    FILES[case](lsops.folder / "saved")
    ran = restore(lsops)
    assert ran.code in (1, 3), ran
    assert "error[LS6" in ran.err
    assert "Traceback" not in ran.err
    assert new.get("/api/projects/").json()["count"] == 0


PROJECT = {TITLE: {"label_config": "<View/>"}}
MANIFESTS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "a file of this machine": (
        {"projects": {TITLE: {"label_config": "${file:../../secret.xml}"}}},
        "leaves the manifest",
    ),
    "an absolute file": ({"projects": {TITLE: {"label_config": "${file:/etc/passwd}"}}}, "absolute"),
    "a file that is not in it": ({"projects": {TITLE: {"label_config": "${file:gone.xml}"}}}, "no such file"),
    "a variable": (
        {"projects": {TITLE: {"label_config": "<View/>", "webhooks": {"x": {"url": "${env:HOME_OF_MINE}"}}}}},
        "--secret-env",
    ),
    "nothing of what it says": ({"projects": {"Other": {"label_config": "<View/>"}}}, "does not declare it"),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_the_manifest_of_a_backup_reads_nothing_of_this_machine(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, case: str
) -> None:
    make(old, tasks=4, files=0)
    backup(lsops)
    lsops.write("<View/>", "secret.xml")
    lsops.setenv(HOME_OF_MINE="https://mine.example.com/")
    document, message = MANIFESTS[case]
    with_part(lsops.folder, "manifest", [{"name": "lsops.yaml", "text": json.dumps({"version": 1, **document})}])
    ran = restore(lsops)
    assert (ran.code, message in ran.err) == (3, True), ran
    assert new.get("/api/projects/").json()["count"] == 0


def test_of_a_manifest_nothing_counts_but_the_entry_itself(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    make(old, tasks=4, files=0)
    backup(lsops)
    victim = make(new, title="Victim", tasks=1, files=0)
    document = {
        "version": 1,
        "server": {"url": "https://elsewhere.example.com"},
        "prune": ["projects"],
        "projects": {
            TITLE: {"label_config": "<View/>", "lifecycle": {"id": victim}},
            "Victim": {"lifecycle": {"absent": True}},
        },
    }
    with_part(lsops.folder, "manifest", [{"name": "lsops.yaml", "text": json.dumps(document)}])
    ran = restore(lsops)
    titles = {row["title"] for row in new.get("/api/projects/").json()["results"]}
    assert (ran.code, titles) == (0, {TITLE, "Victim"}), ran


def test_a_task_that_the_server_refuses_stops_no_other(lsops: Lsops, old: httpx.Client, new: httpx.Client) -> None:
    make(old, files=0)
    backup(lsops)
    path = lsops.folder / "saved/0001/tasks-0001.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[4]["data"] = {"else": 1}
    with_part(lsops.folder, "tasks", rows)
    ran = restore(lsops)
    assert ran.code == 4, ran
    assert f"| failed {ADDRESS}: task 5 of the backup: POST /api/projects/" in ran.out
    assert len(exported_texts(new)) == 11


def exported_texts(api: httpx.Client) -> list[Any]:
    rows = api.get("/api/tasks/", params={"project": project_of(api), "page_size": 100}).json()["tasks"]
    return [row["id"] for row in rows]


def test_without_a_terminal_nothing_is_restored_unless_yes_is_given(
    lsops: Lsops, old: httpx.Client, new: httpx.Client
) -> None:
    make(old, tasks=2, files=0)
    backup(lsops)
    ran = lsops("restore", "saved", "--server", f"sandbox:{NEW}")
    assert (ran.code, "error[LS802]: not restored: there is no terminal to ask on" in ran.err) == (5, True), ran
    assert new.get("/api/projects/").json()["count"] == 0


def test_an_interrupted_backup_and_restore_go_on_where_they_were(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exported(old, make(old))
    stopped = Stop()
    stopped.set()
    with monkeypatch.context() as patch:
        patch.setattr(Terminal, "writing", lambda *_: nullcontext(stopped))
        assert (backup(lsops).code, (lsops.folder / "saved/index.json").exists()) == (130, False)
    assert backup(lsops).code == 0
    with monkeypatch.context() as patch:
        patch.setattr(Terminal, "writing", lambda *_: nullcontext(stopped))
        assert restore(lsops).code == 130
    assert restore(lsops).code == 0
    assert exported(new, project_of(new)) == before


def test_a_server_that_fails_after_the_first_write_is_told_in_the_report(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(old, tasks=2, files=0)
    backup(lsops)
    with monkeypatch.context() as patch:
        patch.setattr(TaskData, "add_tasks", fails)
        ran = restore(lsops)
    assert (ran.code, f"| failed {ADDRESS}: it is away; run it again to go on" in ran.out) == (4, True), ran
    assert restore(lsops).code == 0


def fails(*_: object) -> None:
    raise Unreachable.of("it is away")


@pytest.mark.parametrize("name", ["x" * 51, "a\nb", "ab"])
def test_a_name_that_no_project_can_have_is_refused(
    lsops: Lsops, old: httpx.Client, new: httpx.Client, name: str
) -> None:
    make(old, tasks=2, files=0)
    backup(lsops)
    ran = restore(lsops, "--as", name)
    assert (ran.code, "--as: " in ran.err) == (3, True), ran
    assert new.get("/api/projects/").json()["count"] == 0


def test_a_place_with_a_backup_is_never_written_over(lsops: Lsops, old: httpx.Client) -> None:
    make(old, tasks=2, files=0)
    backup(lsops)
    before = (lsops.folder / "saved/index.json").read_bytes()
    ran = backup(lsops)
    assert (ran.code, "error[LS667]: saved holds a whole backup already" in ran.err) == (3, True), ran
    assert (lsops.folder / "saved/index.json").read_bytes() == before


def test_a_mistyped_address_is_met_with_the_nearest_one(lsops: Lsops, old: httpx.Client) -> None:
    make(old, tasks=2, files=0)
    ran = lsops("backup", "/projects/Cats and dogs", "-o", "saved", "--server", "sandbox:old.db")
    assert ran.code == 3
    assert 'did you mean "/projects/Cats & dogs"?' in ran.err
    assert not (lsops.folder / "saved").exists()


def test_an_index_is_what_its_own_reader_takes(lsops: Lsops, old: httpx.Client) -> None:
    make(old, tasks=2, files=0)
    backup(lsops)
    data = (lsops.folder / "saved/index.json").read_bytes()
    assert parse_index(data).text().encode() == data
