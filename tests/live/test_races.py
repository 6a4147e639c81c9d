"""What others do while an apply runs, on a real Label Studio: late annotations stay, and twins are failures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from lsops.cli.terminal import Terminal
from lsops.engine.events import Event
from tests.support.cli import Lsops, Ran
from tests.support.label_studio import Running
from tests.support.one_project import CONFIG, annotate, declare_projects, projects, settled
from tests.support.race import addresses, assert_told, declare, race

pytestmark = pytest.mark.live

DELETED = ({"Triage": {"lifecycle": {"absent": True}}}, "deletes 1 task, 1 annotation")
NARROWED = ({"Triage": {"label_config": CONFIG.replace('<Choice value="No"/>', "")}}, 'label "No" of "dx" goes away')


def applied_while(lsops: Lsops, act: Callable[[], Any], *flags: str) -> Ran:
    """An apply during which something happens, as soon as its first change is done."""
    acted: list[Event] = []

    def listen(_: Terminal, event: Event) -> None:
        if event.event == "done" and not acted:
            acted.append(event)
            act()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Terminal, "listen", listen)
        ran = lsops("apply", "--yes", "--allow-deletes", "1", *flags)
    assert acted, ran
    return ran


@pytest.mark.parametrize("imported", [False, True], ids=["annotated", "imported"])
@pytest.mark.parametrize(("change", "said"), [DELETED, NARROWED], ids=["deleted", "narrowed"])
def test_annotations_that_come_while_the_apply_runs_stay(
    live: Lsops, server: httpx.Client, change: dict[str, object], said: str, *, imported: bool
) -> None:
    declare_projects(live, {"Triage": {"label_config": CONFIG}})
    settled(live)
    declare_projects(live, {"First": {}, **change})
    ran = applied_while(live, lambda: annotate(server, imported=imported))
    assert (ran.code, ran.last) == (4, "Apply incomplete: 1 done, 1 failed, 0 skipped.")
    assert "error[LS808]: not made, because what it would lose came after it was agreed to: " + said in ran.out
    assert projects(server)[0]["total_annotations_number"] == 1
    assert "No" in projects(server)[0]["label_config"]


def test_what_was_named_goes_though_more_came(live: Lsops, server: httpx.Client) -> None:
    declare_projects(live, {"Triage": {"label_config": CONFIG}})
    settled(live)
    declare_projects(live, {"First": {}, **DELETED[0]})
    ran = applied_while(live, lambda: annotate(server, imported=True), "--allow-data-loss", "/projects/Triage")
    assert (ran.code, [row["title"] for row in projects(server)]) == (0, ["First"])


def test_what_somebody_made_meanwhile_is_not_made_again(live: Lsops, server: httpx.Client) -> None:
    declare_projects(live, {"First": {}})
    settled(live)
    declare_projects(live, {"First": {"description": "changed"}, "Triage": {}})
    ran = applied_while(live, lambda: server.post("/api/projects/", json={"title": "Triage"}).raise_for_status())
    _, row = projects(server)
    assert (ran.code, f'"Triage" now exists, id {row["id"]}; run again' in ran.out) == (4, True), ran


def test_of_two_runs_at_once_none_doubles_anything_without_a_word(
    live: Lsops, server: httpx.Client, label_studio: Running
) -> None:
    declare(live.folder)
    reports = race(live.folder, label_studio.url, label_studio.token)
    assert_told(reports, addresses(server))
