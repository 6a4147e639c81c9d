"""No flag but the one that names the project lets its annotations go, on a real Label Studio."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.one_project import CONFIG, annotate, declare, declare_projects, projects, settled

pytestmark = pytest.mark.live

DELETES = ("--allow-deletes", "99")
PLAN = ("--plan", "plan.json")
TARGETS = ("-t", "/projects/Triage", "-t", "/projects/*")
WRONG = ("/projects/Other", "/projects/triage", "/projects/*", "/projects", "/", "/**", "Triage", "/projects/Triage/")
NAMES = tuple(f"--allow-data-loss={address}" for address in WRONG)
FLAGS = [
    ("--yes",),
    ("--yes", *DELETES),
    ("--yes", *DELETES, *NAMES),
    *(("--yes", *DELETES, name) for name in NAMES),
    ("--yes", *DELETES, *TARGETS),
    ("--yes", *DELETES, *NAMES, "-t", "/projects/Triage"),
    PLAN,
    (*PLAN, "--yes", *DELETES, *NAMES),
    (*PLAN, *DELETES, "-t", "/projects/Triage"),
]
"""Everything that somebody may try who does not name the project."""
IMPORTED = pytest.mark.parametrize("imported", [False, True], ids=["annotated", "imported"])


def seen(server: httpx.Client) -> Any:
    """All that the server has: projects, tasks, annotations."""
    found = projects(server)
    params = [{"project": row["id"], "fields": "all"} for row in found]
    return found, [server.get("/api/tasks/", params=one).raise_for_status().json() for one in params]


def refused(lsops: Lsops, server: httpx.Client) -> None:
    """Every combination of flags is, whatever the environment says, and nothing has changed."""
    before = seen(server)
    lsops.setenv(LSOPS_YES="1", LSOPS_ALLOW_DELETES="99", LSOPS_ALLOW_DATA_LOSS="/projects/Triage")
    for flags in FLAGS:
        if PLAN[0] in flags:
            targets = ("-t", "/projects/Triage") if "-t" in flags else ()
            lsops("plan", "--out", PLAN[1], *targets)
        ran = lsops("apply", *flags)
        assert ran.code == 5, (flags, ran)
        assert "--allow-data-loss /projects/Triage" in ran.err, (flags, ran)
    assert seen(server) == before


@IMPORTED
@pytest.mark.parametrize("how", ["absent", "prune"])
def test_a_project_with_annotations_is_deleted_by_its_name_alone(
    live: Lsops, server: httpx.Client, how: str, *, imported: bool
) -> None:
    declare_projects(live, {"Triage": {"label_config": CONFIG}, "Other": {}})
    settled(live)
    annotate(server, imported=imported)
    if how == "absent":
        declare_projects(live, {"Triage": {"lifecycle": {"absent": True}}, "Other": {}})
    else:
        declare_projects(live, {"Other": {}}, prune=["projects"])
    planned = live("plan")
    assert "destroys 1 task, 1 annotation" in planned.out
    assert "apply will need --allow-data-loss /projects/Triage" in planned.out
    refused(live, server)
    assert live("apply", "--yes", "--allow-data-loss", "/projects/Triage").code == 5
    settled(live, "--allow-deletes", "1", "--allow-data-loss", "/projects/Triage")
    assert [row["title"] for row in projects(server)] == ["Other"]


LOSSES = {
    "a label": CONFIG.replace('<Choice value="No"/>', ""),
    "a renamed label": CONFIG.replace('"No"', '"Never"'),
    "every control": '<View><Text name="t" value="$text"/></View>',
    "everything": "<View></View>",
    "a renamed control": CONFIG.replace('name="dx"', 'name="verdict"'),
}


@IMPORTED
@pytest.mark.parametrize("loss", LOSSES)
def test_labels_in_use_go_away_by_the_projects_name_alone(
    live: Lsops, server: httpx.Client, loss: str, *, imported: bool
) -> None:
    declare(live, {})
    settled(live)
    annotate(server, imported=imported)
    declare(live, {"label_config": LOSSES[loss]})
    refused(live, server)
    ran = live("apply", "--yes", "--allow-data-loss", "/projects/Triage")
    is_stopped_by_the_server = loss == "a renamed control" and not imported
    assert ran.code == (4 if is_stopped_by_the_server else 0), ran


def test_a_skipped_annotation_holds_its_label_as_any_other(live: Lsops, server: httpx.Client) -> None:
    declare(live, {})
    settled(live)
    annotate(server, imported=False)
    params = {"project": projects(server)[0]["id"], "fields": "all"}
    annotation = server.get("/api/tasks/", params=params).json()["tasks"][0]["annotations"][0]["id"]
    server.patch(f"/api/annotations/{annotation}/", json={"was_cancelled": True}).raise_for_status()
    assert projects(server)[0]["total_annotations_number"] == 0
    declare(live, {"label_config": LOSSES["a label"]})
    refused(live, server)


def test_a_task_that_came_after_the_plan_is_counted_before_the_delete(live: Lsops, server: httpx.Client) -> None:
    declare_projects(live, {"Triage": {"label_config": CONFIG}, "Other": {}})
    settled(live)
    declare_projects(live, {"Triage": {"lifecycle": {"absent": True}}, "Other": {}})
    assert "--allow-data-loss" not in live("plan", "--out", "plan.json").out
    annotate(server, imported=False)
    assert live("apply", "--plan", "plan.json", "--allow-deletes", "1").code == 5
    assert live("apply", "--yes", "--allow-deletes", "1").code == 5
    assert projects(server)[0]["total_annotations_number"] == 1
