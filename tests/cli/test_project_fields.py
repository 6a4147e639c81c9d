"""Fields of projects of newer servers: saved interfaces by title, columns by role, and what is set only at first."""

from __future__ import annotations

import pytest

from tests.support.cli import Lsops
from tests.support.sandbox import client_of

SERVER = "sandbox:sandbox.db?edition=enterprise"
HEAD = "version: 1\nworkspaces: {Ward: {}}\nprojects:\n  Scans: {workspace: Ward"


@pytest.fixture
def on_enterprise(lsops: Lsops) -> Lsops:
    lsops.setenv(LSOPS_SERVER=SERVER)
    return lsops


def write(lsops: Lsops, fields: str) -> None:
    lsops.write(f"{HEAD}, {fields}}}\n")


def apply(lsops: Lsops, fields: str):
    write(lsops, fields)
    return lsops("apply", "--yes")


def row(lsops: Lsops) -> dict:
    with client_of(lsops.folder / "sandbox.db", edition="enterprise") as api:
        return api.get("/api/projects/1/").json()


def interfaces(lsops: Lsops, *titles: str) -> None:
    with client_of(lsops.folder / "sandbox.db", edition="enterprise") as api:
        for title in titles:
            api.post("/api/interfaces/", json={"title": title, "code": "<A/>", "compiled": "a"}).raise_for_status()


def test_an_interface_is_found_by_title_on_any_page_and_sent_by_id(on_enterprise):
    interfaces(on_enterprise, *(f"Old {number}" for number in range(104)), "Triage")
    assert apply(on_enterprise, "source_interface: Triage").code == 0
    assert row(on_enterprise)["source_interface_id"] == 105
    assert on_enterprise("plan", "--detailed-exitcode").code == 0


def test_an_unknown_interface_is_refused_with_the_nearest(on_enterprise):
    interfaces(on_enterprise, "Triage")
    ran = apply(on_enterprise, "source_interface: Triaje")
    assert ran.code == 3
    assert 'LS504]: there is no interface "Triaje"' in ran.err
    assert 'did you mean "Triage"?' in ran.err


def test_an_interface_of_the_vendor_has_no_title_to_a_manifest(on_enterprise):
    interfaces(on_enterprise, "Triage")
    assert 'there is no interface "Starter"' in apply(on_enterprise, "source_interface: Starter").err


def test_of_two_interfaces_of_one_title_neither_is_taken(on_enterprise):
    interfaces(on_enterprise, "Triage", "Triage")
    assert 'several interfaces are called "Triage": ids 1, 2' in apply(on_enterprise, "source_interface: Triage").err


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("collection_mode: open", 'a project needs "use_custom_interface" with collection_mode, and it must be true'),
        (
            "collection_mode: open, use_custom_interface: false",
            "use_custom_interface must be true with collection_mode",
        ),
        (
            "source_interface: A, source_interface_id: 3",
            'a project cannot have "source_interface_id" with source_interface beside it',
        ),
    ],
)
def test_what_does_not_go_together_is_refused_without_a_server(lsops, fields, message):
    write(lsops, fields)
    ran = lsops("validate")
    assert (ran.code, message in ran.err) == (3, True), ran


def test_a_mode_of_collection_is_not_changed_afterwards_and_nothing_is_replaced(on_enterprise):
    assert apply(on_enterprise, "use_custom_interface: true, collection_mode: open").code == 0
    ran = apply(on_enterprise, "use_custom_interface: true, collection_mode: assigned")
    assert ran.code == 3
    assert 'LS145]: collection_mode can be set only when a project is made; "Scans" was made with open' in ran.err
    assert row(on_enterprise)["collection_mode"] == "open"


def test_roles_of_columns_are_words_here_and_codes_there(on_enterprise):
    apply(on_enterprise, "dm_column_defaults: {explore: {visible: {annotator: [tasks:id], reviewer: [tasks:id]}}}")
    changed = apply(
        on_enterprise, "dm_column_defaults: {labeling: {order: [tasks:id]}, explore: {visible: {annotator: []}}}"
    )
    assert changed.code == 0, changed
    held = row(on_enterprise)["dm_column_defaults"]
    assert held == {"explore": {"visible": {"AN": [], "RE": ["tasks:id"]}}, "labeling": {"order": ["tasks:id"]}}


def test_a_server_that_wants_words_for_roles_says_so_and_keeps_what_it_has(on_enterprise):
    from lsops.sandbox import create_app

    create_app(on_enterprise.folder / "sandbox.db", edition="enterprise", unknown={"column-roles": "words"})
    ran = apply(on_enterprise, "dm_column_defaults: {explore: {visible: {annotator: [tasks:id]}}}")
    assert ran.code != 0
    assert '"AN" is not a valid choice' in ran.err + ran.out


def test_the_old_mode_of_rejects_is_met_with_what_took_its_place(on_enterprise):
    fields = "review_settings: {requeue_rejected_tasks_mode: flexible}"
    apply(on_enterprise, fields)
    ran = on_enterprise("plan")
    assert "review_settings.requeue_rejected_tasks_mode is deprecated on this server" in ran.out + ran.err
    assert "write allowed_reject_actions: [remove, requeue]" in ran.out + ran.err
