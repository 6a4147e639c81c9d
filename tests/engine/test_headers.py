"""Headers of webhooks: each value literal or a secret, and none of them ever in a plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from lsops.difference import differences, secrets_in
from lsops.engine.bodies import in_patch, not_kept
from lsops.engine.planfile import as_document, dumps, from_document
from lsops.engine.reviewed import agreed
from lsops.kinds import registry
from lsops.model.plan import Change, Plan
from lsops.model.resource import MASK, UNSET, Lifecycle, Secret
from tests.engine.scenes import CATS, declared, fields_of, live_project, live_webhook, made, project, server, webhook

FIELDS = registry()["webhook"].schema.fields()
ADDRESS = f"{CATS}/webhooks/https:~1~1hooks.example.com~1ls"
SECRET = Secret("env", "TOKEN")
OLD, NEW = "hunter2", "hunter3"


def plan_of(headers: Mapping[str, Any], held: Any, *ignore: str, **request: Any) -> Plan:
    wanted = declared(project(), webhook(headers=headers, rules=Lifecycle(ignore=ignore)))
    return made(wanted, server(live_project(), live_webhook(headers=held)), **request)


def change_of(headers: Mapping[str, Any], held: Any, *ignore: str, **request: Any) -> Change | None:
    changes = plan_of(headers, held, *ignore, **request).changes
    return changes[0] if changes else None


CHANGED: dict[str, tuple[dict[str, Any], Any, list[tuple[str, Any, Any]], dict[str, str]]] = {
    "added": ({"A": NEW}, {}, [("/headers/A", UNSET, MASK)], {}),
    "removed": ({}, {"A": OLD}, [("/headers/A", MASK, UNSET)], {}),
    "changed": ({"A": NEW}, {"A": OLD}, [("/headers/A", MASK, MASK)], {}),
    "only in case": ({"A": "X"}, {"A": "x"}, [("/headers/A", MASK, MASK)], {}),
    "renamed": ({"B": OLD}, {"A": OLD}, [("/headers/A", MASK, UNSET), ("/headers/B", UNSET, MASK)], {}),
    "an empty one added": ({"A": ""}, {}, [("/headers/A", UNSET, MASK)], {}),
    "a name with a slash": ({}, {"a/b": OLD}, [("/headers/a~1b", MASK, UNSET)], {}),
    "a server that holds none": ({"A": NEW}, None, [("/headers/A", UNSET, MASK)], {}),
    "a secret that is missing": ({"A": SECRET}, {}, [("/headers/A", UNSET, MASK)], {"/headers/A": "${env:TOKEN}"}),
    "a literal beside a secret": (
        {"A": SECRET, "B": NEW}, {"A": OLD, "B": OLD}, [("/headers/B", MASK, MASK)], {"/headers/A": "${env:TOKEN}"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "held", "fields", "secrets"), CHANGED.values(), ids=CHANGED.keys())
def test_each_header_that_differs_is_named_and_none_is_shown(
    headers: dict[str, Any], held: Any, fields: list[Any], secrets: dict[str, str]
) -> None:
    change = change_of(headers, held)
    assert change is not None
    assert (change.action, fields_of(change), dict(change.secrets)) == ("update", fields, secrets)
    assert all(value in (MASK, UNSET) for _, *sides in fields_of(change) for value in sides)


@pytest.mark.parametrize(
    ("headers", "held"),
    [({"A": OLD, "B": ""}, {"B": "", "A": OLD}), ({"A": SECRET}, {"A": OLD}), ({"A": SECRET}, {"A": ""}), ({}, {})],
    ids=["in another order", "a secret that is there", "a secret whose value is empty", "none"],
)
def test_equal_headers_are_no_change_and_a_secret_is_not_compared(
    headers: dict[str, Any], held: dict[str, Any]
) -> None:
    assert change_of(headers, held) is None


def test_a_secret_that_was_not_compared_is_counted_by_its_own_address() -> None:
    assert plan_of({"A": SECRET, "B": OLD}, {"A": OLD, "B": OLD}).unreadable == (f"{ADDRESS}/headers/A",)
    assert plan_of({"A": SECRET, "B": NEW}, {"A": OLD, "B": OLD}).unreadable == ()


def test_a_secret_is_sent_again_when_that_is_asked_for() -> None:
    change = change_of({"A": SECRET, "B": OLD}, {"A": OLD, "B": OLD}, resend=("/**",))
    assert change is not None
    assert (change.symbol, change.fields, dict(change.secrets)) == ("!", (), {"/headers/A": "${env:TOKEN}"})
    assert change_of({"B": OLD}, {"B": OLD}, resend=("/**",)) is None


CREATED: list[tuple[dict[str, Any], Any, dict[str, str]]] = [
    ({}, {}, {}),
    ({"A": OLD}, {"A": MASK}, {}),
    ({"A": SECRET, "B": OLD}, {"B": MASK}, {"/headers/A": "${env:TOKEN}"}),
    ({"A": SECRET}, UNSET, {"/headers/A": "${env:TOKEN}"}),
]


@pytest.mark.parametrize(("headers", "shown", "secrets"), CREATED)
def test_a_new_webhook_names_its_headers(headers: dict[str, Any], shown: Any, secrets: dict[str, str]) -> None:
    found = made(declared(project(), webhook(headers=headers)), server())
    change = found.changes[-1]
    assert {item.path: item.after for item in change.fields}.get("/headers", UNSET) == shown
    assert dict(change.secrets) == secrets


@pytest.mark.parametrize("held", [[], [live_project(), live_webhook(headers={"A": OLD, "B": OLD, "C": OLD})]])
def test_no_plan_file_holds_a_header(held: list[Any]) -> None:
    wanted = webhook(headers={"A": NEW, "B": SECRET, "D": NEW})
    found = made(declared(project(), wanted), server(*held))
    text = dumps(as_document(found))
    assert OLD not in text
    assert NEW not in text
    assert agreed(from_document(json.loads(text)), found)[0].changes == found.changes


def test_nor_does_the_representation_of_a_change() -> None:
    change = change_of({"A": NEW}, {"A": OLD})
    assert OLD not in repr(change)
    assert NEW not in repr(change)


def test_what_the_server_did_not_keep_is_said_without_its_value() -> None:
    [lost] = differences({"headers": {"A": NEW}}, {"headers": {"A": OLD}}, FIELDS)
    assert not_kept(lost) == "the server did not keep headers/A: sent '***', it holds '***'"


def test_secrets_are_found_wherever_they_stand() -> None:
    values = {"a": SECRET, "b": {"c/d": SECRET, "e": {"f": SECRET}}, "g": "x"}
    assert list(secrets_in(values)) == ["/a", "/b/c~1d", "/b/e/f"]


# ---- what is sent, and what is ignored ---------------------------------------------------------


def sent(change: Change | None) -> dict[str, Any]:
    assert change is not None
    return in_patch(change, FIELDS)


def test_headers_are_sent_whole() -> None:
    assert sent(change_of({"A": SECRET, "B": NEW, "C": OLD}, {"A": OLD, "B": OLD, "C": OLD}))["headers"] == {
        "A": SECRET,
        "B": NEW,
        "C": OLD,
    }


@pytest.mark.parametrize("ignore", ["/headers/A", "headers", "/headers"])
@pytest.mark.parametrize("held", [{"A": OLD}, {}])
def test_an_ignored_header_is_not_compared(ignore: str, held: dict[str, str]) -> None:
    assert change_of({"A": NEW}, held, ignore) is None


@pytest.mark.parametrize(
    ("held", "headers"),
    [({"A": OLD, "B": OLD}, {"A": OLD, "B": NEW}), ({"B": OLD}, {"B": NEW})],
    ids=["that the server has", "that it lacks"],
)
def test_beside_another_change_an_ignored_header_goes_as_the_server_has_it(
    held: dict[str, str], headers: dict[str, str]
) -> None:
    change = change_of({"A": NEW, "B": NEW}, held, "/headers/A")
    assert change is not None
    assert fields_of(change) == [("/headers/B", MASK, MASK)]
    assert sent(change) == {"headers": headers}


@pytest.mark.parametrize("request_", [{}, {"resend": ("/**",)}], ids=["with a change", "sent again"])
def test_the_secret_of_an_ignored_header_is_not_said_to_be_sent(request_: dict[str, Any]) -> None:
    headers = {"A": SECRET, "B": OLD if request_ else NEW}
    change = change_of(headers, {"A": OLD, "B": OLD}, "/headers/A", **request_)
    assert change is None or "/headers/A" not in change.secrets


def test_a_url_with_credentials_is_masked_in_the_plan_file() -> None:
    old, new = "https://ana:hunter2@h.example.com/?t=1", "https://ana:hunter3@h.example.com/?t=2"
    local = webhook("local", rules=Lifecycle(renamed_from=old), url=new)
    wanted = replace(local, key=new)
    found = made(declared(project(), wanted), server(live_project(), live_webhook(1, old)))
    [change] = as_document(found)["changes"]
    masked = "https://***@h.example.com/?***"
    assert change["fields"] == [{"path": "/url", "before": masked, "after": masked}]
