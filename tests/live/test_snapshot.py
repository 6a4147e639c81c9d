"""`lsops snapshot` against a real Label Studio: checksums, archives, and a run that is repeated."""

from __future__ import annotations

import hashlib
import json
import zipfile

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.one_project import declare, projects

pytestmark = pytest.mark.live

BOXES = """<View><Image name="i" value="$image"/>
<RectangleLabels name="box" toName="i"><Label value="Cat"/><Label value="Dog"/></RectangleLabels></View>"""
RECIPE = {"formats": ["JSON", "CSV", "COCO", "YOLO"], "download_to": "exports"}


def task(number: int) -> dict[str, object]:
    """A task with one box."""
    box = {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["Cat"]}
    named = {"from_name": "box", "to_name": "i", "type": "rectanglelabels", "original_width": 100}
    return {
        "data": {"image": f"https://images.example.com/{number}.png"},
        "annotations": [{"result": [{**named, "original_height": 100, "value": box}]}],
    }


@pytest.mark.parametrize("tasks", [200, pytest.param(5_000, marks=pytest.mark.soak)])
def test_each_format_is_downloaded_and_nothing_is_where_nothing_changed(
    live: Lsops, server: httpx.Client, tasks: int
) -> None:
    declare(live, {"label_config": BOXES, "snapshots": {"nightly": RECIPE}})
    assert live("apply", "--yes").code == 0
    number = projects(server)[0]["id"]
    body = [task(one) for one in range(tasks)]
    server.post(f"/api/projects/{number}/import", json=body, timeout=300).raise_for_status()

    ran = live("snapshot", "run", "--format", "json", "--timeout", "120")
    assert ran.code == 0, ran
    folder = live.folder / "exports"
    content = (folder / "nightly-JSON.json").read_bytes()
    (made,) = server.get(f"/api/projects/{number}/exports/").json()
    assert (hashlib.md5(content).hexdigest(), len(json.loads(content))) == (made["md5"], tasks)
    assert (folder / "nightly-CSV.csv").read_text("utf-8").count("\n") == tasks + 1
    for name, member in (("COCO", "result.json"), ("YOLO", "classes.txt")):
        with zipfile.ZipFile(folder / f"nightly-{name}.zip") as archive:
            assert archive.testzip() is None
            assert member in archive.namelist()
    again = live("snapshot", "run", "--keep", "1")
    assert "unchanged since snapshot" in again.out, again
    assert len(server.get(f"/api/projects/{number}/exports/").json()) == 1
