"""`lsops backup` and `lsops restore` of a project of many tasks, against bare scripts that make the same requests.

The sandbox is served by a process of its own. Backups and downloads are made in turns, `--rounds` of them. Peak memory
is that of lsops alone; its goal is 150 MiB.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from timing import LSOPS, PYTHON, Run, options, report, run, tell

GOAL_MIB, GOAL = 150, 1 / 0.7
BATCH = 200
PAGE = 1_000
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>'
RESULT = [{"id": "r", "from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["a"]}}]

RECIPE = {
    "annotation_filter_options": dict.fromkeys(("usual", "ground_truth", "skipped"), True),
    "serialization_options": {
        name: {"only_id": False} for name in ("drafts", "predictions", "annotations__completed_by")
    },
}
"""What lsops asks of an export: everything."""


def main() -> None:
    given = options(__doc__, tasks=100_000, rounds=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder / "old.db") as url:
            run([PYTHON, __file__, "fill", url, str(given.tasks)])
            turns = [backed_up(url, folder) for _ in range(given.rounds)]
        saved, bare = zip(*turns, strict=True)
        told(f"lsops backup of {given.tasks:,} tasks", saved, bare, as_json=given.json)
        with served(folder / "new.db") as url:
            restored = run([LSOPS, "restore", str(folder / "saved"), "--yes"], environ=env(url))
        with served(folder / "bare.db") as url:
            uploaded = run([PYTHON, __file__, "upload", url, str(folder / "bare.json")])
        told(f"lsops restore of {given.tasks:,} tasks", [restored], [uploaded], as_json=given.json)


def backed_up(url: str, folder: Path) -> tuple[Run, Run]:
    """A backup and a download of the same, one after the other."""
    shutil.rmtree(folder / "saved", ignore_errors=True)
    saved = run([LSOPS, "backup", "/projects/Big", "-o", str(folder / "saved")], environ=env(url))
    return saved, run([PYTHON, __file__, "download", url, str(folder / "bare.json")])


def told(name: str, ours: Sequence[Run], bare: Sequence[Run], *, as_json: bool) -> None:
    """The ratio of the times, and the most memory."""
    report(name, ours, bare, GOAL, as_json=as_json)
    most, theirs = (max(one.mebibytes for one in runs) for runs in (ours, bare))
    figures = {"mib": round(most, 1), "goal": GOAL_MIB, "met": most <= GOAL_MIB}
    words = f"{most:.0f} MiB, a bare script {theirs:.0f} MiB (goal {GOAL_MIB} MiB)"
    tell(f"peak memory of {name}", words, figures, as_json=as_json)


def env(url: str) -> dict[str, str]:
    return {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": "0" * 40}


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The sandbox on a new file, in a process of its own."""
    command = [LSOPS, "sandbox", "serve", "--db", str(database), "--edition", "community", "--port", "0"]
    command += ["--token", "0" * 40]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().removeprefix("Listening on ").strip()
        finally:
            process.terminate()


def bare_script(deed: str, url: str, what: str) -> None:
    """The program of a bare script: `fill`, `download` or `upload`."""
    import httpx

    headers = {"Authorization": f"Token {'0' * 40}"}
    fresh = httpx.Limits(
        max_keepalive_connections=0
    )  # as lsops does: small parts on a kept connection wait for each other
    with httpx.Client(base_url=url, headers=headers, timeout=600, limits=fresh) as api:
        if deed == "download":
            download(api, what)
            return
        body = {"title": "Big", "label_config": CONFIG}
        number = api.post("/api/projects/", json=body).raise_for_status().json()["id"]
        tasks = made(int(what)) if deed == "fill" else saved_tasks(what)
        while batch := list(islice(tasks, BATCH)):
            api.post(f"/api/projects/{number}/import", json=batch).raise_for_status()
        if deed == "upload":
            listed(api, number)


def made(count: int) -> Iterator[dict[str, object]]:
    """New tasks, each with an annotation and a prediction."""
    for number in range(count):
        yield {
            "data": {"text": f"Text {number} " + "lorem ipsum " * 20},
            "annotations": [{"result": RESULT, "completed_by": {"email": "owner@example.com"}, "lead_time": 1.0}],
            "predictions": [{"result": RESULT, "score": 0.5, "model_version": "m"}],
        }


def saved_tasks(path: str) -> Iterator[dict[str, object]]:
    """The tasks of a downloaded export, as they are imported; all of it in memory, as a bare script has it."""
    for number, task in enumerate(json.loads(Path(path).read_text("utf-8")), 1):
        yield {
            "data": task["data"],
            "meta": {"lsops": {"backup": f"0123456789abcdef.1/{number}"}},
            "annotations": [
                {
                    **{name: one[name] for name in ("result", "lead_time", "was_cancelled", "ground_truth")},
                    "completed_by": {"email": one["completed_by"]["email"]},
                }
                for one in task["annotations"]
            ],
            "predictions": [
                {name: one[name] for name in ("result", "score", "model_version")} for one in task["predictions"]
            ],
        }


def listed(api: object, project: int) -> None:
    """Id and `meta` of every task, in the pages in which lsops reads them."""
    from httpx import Client

    assert isinstance(api, Client)
    last = 0
    while True:
        item = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": last}
        query = {"filters": {"conjunction": "and", "items": [item]}, "ordering": ["tasks:id"]}
        params = {"project": project, "query": json.dumps(query), "include": "id,meta", "page_size": PAGE}
        rows = api.get("/api/tasks/", params=params).raise_for_status().json()["tasks"]
        if not rows:
            return
        last = rows[-1]["id"]


def download(api: object, path: str) -> None:
    """Make an export, and stream it into a file."""
    from httpx import Client

    assert isinstance(api, Client)
    number = api.get("/api/projects/", params={"include": "id"}).json()["results"][0]["id"]
    body = {"title": "bare", **RECIPE}
    at = f"/api/projects/{number}/exports/{api.post(f'/api/projects/{number}/exports/', json=body).json()['id']}"
    with api.stream("GET", f"{at}/download") as answer, Path(path).open("wb") as file:
        file.writelines(answer.iter_bytes())
    api.delete(at)


if __name__ == "__main__":
    main() if sys.argv[1:2] not in (["fill"], ["download"], ["upload"]) else bare_script(*sys.argv[1:4])
