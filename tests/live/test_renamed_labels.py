"""Labels get another name on a real server, control by control, and annotations differ in the label only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from lsops.server.session import Session
from tests.support.cli import Lsops
from tests.support.label_results import DATA, KINDS, Labelled
from tests.support.one_project import declare, projects, settled

pytestmark = pytest.mark.live

NUMBERED = tuple(kind.numbered(number) for number, kind in enumerate(KINDS))
NAMED = ("--allow-data-loss", "/projects/Triage")


def together(*labels: str) -> str:
    """One label config of every kind."""
    return "".join(one.config(*labels) for one in NUMBERED).join(("<View>", "</View>"))


def annotated(live: Lsops, server: httpx.Client, config: str, results: Sequence[Any]) -> None:
    """`Triage` with a task for each result, which is that of its annotation."""
    declare(live, {"label_config": config})
    settled(live)
    path = f"/api/projects/{projects(server)[0]['id']}/import?return_task_ids=true"
    tasks = server.post(path, json=[{"data": DATA}] * len(results)).raise_for_status().json()["task_ids"]
    for task, result in zip(tasks, results, strict=True):
        server.post(f"/api/tasks/{task}/annotations/", json={"result": result}).raise_for_status()


def annotations(server: httpx.Client) -> list[dict[str, Any]]:
    """All annotations of the oldest project, less what every look changes and who saved them when."""
    params = {"project": projects(server)[0]["id"], "fields": "all", "page_size": 200}
    tasks = server.get("/api/tasks/", params=params).raise_for_status().json()["tasks"]
    noise = ("updated_at", "created_ago", "updated_by")
    found = (one for task in tasks for one in task["annotations"])
    rows = ({name: value for name, value in one.items() if name not in noise} for one in found)
    return sorted(rows, key=lambda row: int(row["id"]))


def rename(live: Lsops, config: str, *controls: str | Mapping[str, str]) -> None:
    """A manifest with another config, in which `Old` of these controls is `New`, or as the last one says."""
    *names, last = controls if isinstance(controls[-1], Mapping) else (*controls, {"Old": "New"})
    declare(live, {"label_config": config, "lifecycle": {"renamed_labels": dict.fromkeys(names, last)}})


class Killed(BaseException):
    """Nothing runs after it, as after `kill -9`."""


def dies_at(live: Lsops, patches: int) -> None:
    """`lsops apply` ends before it sends the PATCH after so many."""
    send, sent = Session.patch, [0]

    def patch(session: Session, path: str, body: Any, **more: Any) -> Any:
        sent[0] += 1
        if sent[0] > patches:
            raise Killed
        return send(session, path, body, **more)

    with live.monkeypatch.context() as patched:
        patched.setattr(Session, "patch", patch)
        with pytest.raises(Killed):
            live("apply", "--yes")


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_annotations_differ_in_the_label_only(live: Lsops, server: httpx.Client, kind: Labelled) -> None:
    """Killed between the steps, or between two annotations, and run again."""
    annotated(live, server, kind.config("Old"), [[kind.region("Old")]] * 50)
    before = annotations(server)
    rename(live, kind.config("New"), "c")
    assert "50 annotations move along" in live("plan").out
    dies_at(live, 20 if kind.by_hand else 0)
    assert "New" not in projects(server)[0]["label_config"]
    settled(live)
    assert annotations(server) == [{**row, "result": [kind.region("New")]} for row in before]


def test_every_control_has_its_labels_renamed_in_one_apply(live: Lsops, server: httpx.Client) -> None:
    """The same with all of them in one label config, an annotation of each."""
    annotated(live, server, together("Old"), [[one.region("Old")] for one in NUMBERED])
    before = annotations(server)
    rename(live, together("New"), *(f"c{number}" for number in range(len(NUMBERED))))
    assert live("plan").out.count("in 1 annotation move") == len(NUMBERED)
    dies_at(live, 1)
    settled(live)
    after = [{**row, "result": [one.region("New")]} for row, one in zip(before, NUMBERED, strict=True)]
    assert annotations(server) == after


def test_a_merge_needs_consent_and_any_text_may_be_a_name(live: Lsops, server: httpx.Client) -> None:
    kind, old = KINDS[1], "it's Größe 日本 100%"
    annotated(live, server, kind.config(old), [[kind.region(old, "Other")], [kind.region(old)]])
    rename(live, kind.config(), "c", {old: "Other"})
    ran = live("apply", "--yes")
    assert (ran.code, 'merges into "Other", which 1 annotation uses already' in ran.err) == (5, True)
    assert [row["result"] for row in annotations(server)] == [[kind.region(old, "Other")], [kind.region(old)]]
    settled(live, *NAMED)
    assert [row["result"] for row in annotations(server)] == [[kind.region("Other")]] * 2


@pytest.mark.parametrize("kind", [KINDS[0], pytest.param(KINDS[-1], marks=pytest.mark.soak)])
def test_a_draft_of_an_annotation_goes_and_one_of_none_stays(live: Lsops, server: httpx.Client, kind: Labelled) -> None:
    annotated(live, server, kind.config("Old"), [[kind.region("Old")]])
    (row,) = annotations(server)
    for place in (f"/annotations/{row['id']}/drafts", "/drafts"):
        path = f"/api/tasks/{row['task']}{place}"
        server.post(path, json={"result": [kind.region("Old")]}).raise_for_status()
    rename(live, kind.config("New"), "c")
    ran = live("apply", "--yes")
    assert (ran.code, "1 draft goes away" in ran.err) == (5, True)
    settled(live, *NAMED)
    left = server.get(f"/api/tasks/{row['task']}/drafts").raise_for_status().json()
    assert [(one["annotation"], one["result"]) for one in left] == [(None, [kind.region("Old")])]
