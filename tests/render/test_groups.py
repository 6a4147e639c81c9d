"""In which order people read: by what holds what, and a part of a resource with it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lsops.engine.drift import Drift
from lsops.engine.planfile import as_document, dumps, from_document
from lsops.errors import Source
from lsops.model.plan import Change, FieldChange, Origin, Plan
from lsops.render.document import Document
from lsops.render.parts import EntryGroup
from lsops.render.review import of_drift, of_plan
from tests.render.test_renderers import FACTS
from tests.support.forms import drift_as, plan_as

CATS, DOGS, TEAM = "/projects/Cats", "/projects/Dogs", "/workspaces/Team"


def made(address: str, kind: str, line: int = 0, file: str = "lsops.yaml") -> Change:
    """A create, at a line of a file if it has one."""
    return Change(address, kind, "create", source=Source(file, line) if line else None)


MODEL_VERSION = Change(
    f"{DOGS}/model_version",
    "project",
    "update",
    fields=(FieldChange("/model_version", after="bert"),),
    warnings=("of the part",),
    part_of=DOGS,
)
CHANGES = (
    made("/members/a@example.com", "member", 3),
    made(TEAM, "workspace", 5),
    made(f"{TEAM}/members/a@example.com", "workspace_member", 6),
    made(DOGS, "project", 30),
    made("/projects/Gone", "project"),
    made(f"{CATS}/webhooks/x", "webhook", 22),
    made(f"{DOGS}/views/all", "view", 31),
    made(f"{CATS}/views/all", "view", 21),
    MODEL_VERSION,
    made("/session_policy", "session_policy", 40),
)


def document_of(*changes: Change) -> Document:
    """The document of a plan with these changes."""
    return of_plan(Plan(FACTS, changes))


def told(group: EntryGroup) -> list[str]:
    """The addresses of a group, its head's first."""
    return [one.change.address for one in ((group.head,) if group.head else ()) + group.entries]


def test_the_organisation_comes_first_then_what_holds_others_in_manifest_order() -> None:
    assert [(group.address, told(group)) for group in document_of(*CHANGES).groups()] == [
        ("", ["/members/a@example.com", "/session_policy"]),
        (TEAM, [TEAM, f"{TEAM}/members/a@example.com"]),
        (CATS, [f"{CATS}/webhooks/x", f"{CATS}/views/all"]),
        (DOGS, [DOGS, f"{DOGS}/views/all"]),
        ("/projects/Gone", ["/projects/Gone"]),
    ]


def test_a_saved_plan_has_the_same_groups() -> None:
    again = from_document(json.loads(dumps(as_document(Plan(FACTS, CHANGES)))))
    assert [*of_plan(again).groups()] == [*document_of(*CHANGES).groups()]


def test_a_group_is_named_after_what_holds_it() -> None:
    (group,) = document_of(made("/projects/a~1b", "project")).groups()
    assert (group.kind, group.title, group.entries) == ("project", "a/b", ())
    (group,) = document_of(made("/projects/A/views/x", "view")).groups()
    assert (group.kind, group.title, group.head) == ("project", "A", None)


def test_a_part_is_a_field_of_its_whole() -> None:
    (group,) = document_of(made(DOGS, "project"), MODEL_VERSION).groups()
    assert group.head is not None
    assert group.head.change.action == "create"
    assert [field.path for field in group.head.change.fields] == ["/model_version"]
    assert group.head.change.warnings == ("of the part",)


def test_a_part_alone_stands_for_its_whole() -> None:
    (group,) = of_drift(Drift(Plan(FACTS, (MODEL_VERSION,)))).groups()
    assert group.head is not None
    assert group.entries == ()
    assert (group.head.change.address, group.head.change.action, group.head.sort) == (DOGS, "update", "changed")


@pytest.mark.parametrize("changes", [CHANGES, CHANGES[::-1], (MODEL_VERSION,), ()])
def test_there_are_as_many_entries_as_the_verdict_counts(changes: tuple[Change, ...]) -> None:
    document = document_of(*changes)
    assert len(document.entries) == sum(count for name, count in document.counts.items() if name != "unchanged")
    assert sum(len(told(group)) for group in document.groups()) == len(document.entries)


@pytest.mark.parametrize("address", ["", "/", "x", "/projects", "/projects/", "/nothing/a/b", "/organization", "//a"])
def test_any_address_has_a_group(address: str) -> None:
    assert len([*document_of(made(address, "project")).groups()]) == 1


def test_what_is_below_stands_indented_beneath_it() -> None:
    text = plan_as("text", Plan(FACTS, CHANGES))
    assert text.splitlines()[:9] == [
        "+ /members/a@example.com   lsops.yaml:3",
        "+ /session_policy   lsops.yaml:40",
        "+ /workspaces/Team   lsops.yaml:5",
        "|   + /workspaces/Team/members/a@example.com   lsops.yaml:6",
        "| /projects/Cats",
        "|   + /projects/Cats/webhooks/x   lsops.yaml:22",
        "|   + /projects/Cats/views/all   lsops.yaml:21",
        "+ /projects/Dogs   lsops.yaml:30",
        '|   model_version: "bert"',
    ]


def test_the_order_of_the_calls_stands_at_the_end_when_verbose() -> None:
    text = plan_as("text", Plan(FACTS, CHANGES), verbose=True)
    _, _, order = text.partition("Order of the calls:\n")
    assert order.splitlines()[:2] == ["|    1. + /members/a@example.com", "|    2. + /workspaces/Team"]
    assert "|    9. ~ /projects/Dogs/model_version\n" in order
    assert "Order of the calls:" not in plan_as("text", Plan(FACTS, CHANGES))
    assert "Order of the calls:" not in drift_as("text", Drift(Plan(FACTS, CHANGES)), verbose=True)


@pytest.mark.parametrize(
    ("origin", "said"), [("drift", "drift"), ("branch", "this branch"), ("both", "this branch and drift")]
)
def test_a_change_says_where_it_comes_from(origin: Origin, said: str) -> None:
    plan = Plan(FACTS, (replace(made(DOGS, "project", 30), origin=origin),))
    assert plan_as("text", plan).startswith(f"+ /projects/Dogs ({said})   lsops.yaml:30\n")
    assert f"`/projects/Dogs` ({said})" in plan_as("markdown", plan)
