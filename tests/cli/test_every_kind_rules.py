"""Each meta-argument with each kind: what holds for one of them holds for all. The manifests are of `tests/kinds`."""

from __future__ import annotations

import json
from typing import Any

from lsops.kinds import registry
from tests.support.cli import Lsops
from tests.support.kind_bench import PARENT
from tests.support.kind_cases import Case, Cases
from tests.support.kind_scenes import Scene, changing, each_kind, is_deleted, scene, subject
from tests.support.wire import writes

EXTRA = {"extra": {"brand_new_switch": True}}


def several(cases: Cases) -> bool:
    return not cases.schema.singleton


def renamed(cases: Cases) -> bool:
    """Whether one can be called otherwise, as people cannot."""
    return several(cases) and registry()[cases.schema.kind].is_renamable


def called(cases: Cases) -> Case | None:
    """The field that identifies one, where it has another value."""
    found = (case for case in cases.cases if case.is_key)
    return next((case for case in found if any(step.word == "changed" for step in case.steps)), None)


def pruned(cases: Cases) -> bool:
    """Whether prune takes one of the kind away, and may empty its collection."""
    return several(cases) and is_deleted(cases) and not cases.schema.never_empty


def denying(cases: Cases, on: str) -> dict[str, Any]:
    """A policy that denies the kind."""
    return {"no": {"on": on, "deny": f'{on}.kind == "{cases.schema.kind}"', "message": "Ask."}}


def without_field(stage: Scene, number: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entry in two parts: what it is without its field, and the field."""
    entry = stage.entry(number)
    return {key: value for key, value in entry.items() if key != stage.case.name}, {
        stage.case.name: entry[stage.case.name]
    }


def emptied(stage: Scene) -> dict[str, Any]:
    """A manifest in which the collection is empty and pruned, by the entry that it stands in where there is one."""
    tree, (top, *inner) = stage.sheet.tree({}), stage.schema.collection.split("/*/")
    place = tree[top][PARENT] if inner else tree
    place["prune"] = [inner[-1] if inner else top]
    return tree


# ---- lifecycle -----------------------------------------------------------------------------------


@each_kind(7, 0, changing)
def test_what_is_ignored_is_no_change_and_its_neighbours_are(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.write(stage.entry(1, ignore=[stage.case.name]))
        stage.settled()
        stage.write(stage.entry(1))
        assert list(stage.changes()) == [stage.address]


@each_kind(7, 1, is_deleted)
def test_absent_deletes_after_consent_and_protect_contradicts_it(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.write(stage.entry(absent=True, protect=True))
        assert "LS505" in stage.codes("validate", code=3)
        stage.write(stage.entry(absent=True))
        assert stage.changes()[stage.address]["action"] == "delete"
        assert stage.codes("apply", "--yes", code=5) == ["LS803"]

        stage.run("apply", "--yes", "--allow-deletes", "1")

        stage.settled()


@each_kind(6, 2, lambda cases: cases.schema.singleton or cases.schema.given)
def test_what_the_server_has_in_any_case_is_not_made_pinned_or_renamed(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.write(stage.entry(id=1, renamed_from="x", new=True))
        found = stage.run("validate", "--format", "json", code=3).json()["errors"]
        assert {(one["code"], one["address"]) for one in found} == {("LS505", stage.address)}
        assert {one["message"].rpartition(": ")[2] for one in found} >= {
            f"{name} does not apply to it" for name in ("id", "renamed_from", "new")
        }
        stage.write(stage.entry(protect=True))
        stage.run("plan")


@each_kind(5, 3, lambda cases: cases.schema.singleton)
def test_what_there_is_one_of_is_never_taken_away(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.write(stage.entry(absent=True))
        assert stage.codes("validate", code=3) == ["LS505"]
        stage.write(None, prune=[cases.schema.collection])
        assert "LS306" in stage.codes("validate", code=3)


@each_kind(7, 3, renamed)
def test_an_entry_is_the_one_that_it_pins_and_no_other(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.run("pin")
        ids = json.loads((lsops.folder / "lsops.lock").read_text("utf-8"))["ids"]["sandbox:sandbox.db"][""]
        (lsops.folder / "lsops.lock").unlink()
        stage.write(stage.entry(id=ids[stage.address]))
        stage.settled()
        stage.write(stage.entry(id=987654))
        assert stage.codes("plan", code=3) == ["LS503"]


@each_kind(7, 10, lambda cases: renamed(cases) and called(cases) is not None)
def test_another_key_is_the_same_resource_where_the_old_one_is_told_or_locked(lsops: Lsops, cases: Cases) -> None:
    case = called(cases)
    with scene(lsops, cases, case) as stage:
        old, new = (stage.bench.filled(step.value) for step in stage.case.steps if step.word in ("created", "changed"))
        stage.applied(stage.entry())
        stage.run("pin")
        lock = (lsops.folder / "lsops.lock").read_text("utf-8")
        (lsops.folder / "lsops.lock").unlink()
        lsops.write(json.dumps(stage.sheet.tree({new: stage.entry(renamed_from=old)})))
        (change,) = stage.changes().values()
        assert (change["action"], change["address"]) == ("update", stage.sheet.address(new))
        stage.run("apply", "--yes")
        stage.settled()

        lsops.write(lock, "lsops.lock")
        stage.write(stage.entry())
        (change,) = stage.changes().values()
        assert (change["action"], change["address"]) == ("update", stage.address)
        stage.run("apply", "--yes")
        stage.settled()


@each_kind(7, 4, pruned)
def test_prune_deletes_what_no_entry_names_unless_it_is_protected(lsops: Lsops, cases: Cases) -> None:
    collection = cases.schema.collection
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.write(None, prune=[collection], defaults={collection: {"lifecycle": {"protect": True}}})
        assert "protected: apply will refuse this" in stage.run("plan").out
        assert stage.codes("apply", "--yes", "--allow-deletes", "9", code=5)[0] == "LS806"
        lsops.write(json.dumps(emptied(stage)))
        assert "should not be on the server" in stage.run("drift", code=2).out
        assert stage.codes("apply", "--yes", code=5) == ["LS803"]

        stage.run("apply", "--yes", "--allow-deletes", "9")

        stage.settled()


# ---- composition ---------------------------------------------------------------------------------


@each_kind(7, 5, changing)
def test_a_layer_wins_over_the_entry_and_null_drops_it(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.write(stage.entry(1), "layer.yaml", version=None)
        stage.write(stage.entry(), environments={"prod": {"overlays": ["layer.yaml"]}})
        assert list(stage.changes("-e", "prod")) == [stage.address]
        assert "over " in stage.run("explain", stage.address, "-e", "prod", "--field", stage.case.name).out
        stage.settled()

        tree = json.loads((lsops.folder / "layer.yaml").read_text("utf-8"))
        inner, *way = [tree, *(part.replace("~1", "/") for part in stage.address[1:].split("/"))]
        for part in way[:-1]:
            inner = inner[part]
        inner[way[-1]] = None
        lsops.write(json.dumps(tree), "layer.yaml")
        assert stage.address not in stage.changes("-e", "prod")


@each_kind(7, 6, lambda cases: not subject(cases).is_key)
def test_what_defaults_and_templates_give_is_the_same_as_what_is_written(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        rest, own = without_field(stage)
        if "/*/" in cases.schema.collection or several(cases):
            stage.write(rest, defaults={cases.schema.collection: own})
            stage.settled()
            assert "defaults of" in stage.run("explain", stage.address, "--field", stage.case.name).out
        if several(cases):
            stage.write({**rest, "template": "t"}, templates={"t": {cases.schema.kind: own}})
            stage.settled()
            assert "template t" in stage.run("explain", stage.address, "--field", stage.case.name).out
        else:
            stage.write({**stage.entry(), "template": "t"})
            assert stage.codes("validate", code=3) == ["LS102"]


@each_kind(7, 7, several)
def test_rows_give_the_entries_that_would_be_written(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        row = {"for_each": [{"name": stage.name}]}
        lsops.write(json.dumps(stage.sheet.tree({"${each:name}": {**stage.entry(), **row}})))
        stage.settled()
        stage.run("explain", stage.address)


@each_kind(7, 8)
def test_a_field_of_a_newer_server_is_sent_or_refused_and_never_lost(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.write({**stage.entry(), **EXTRA})
        if cases.schema.closed:
            assert stage.codes("validate", code=3) == ["LS115"]
            return
        assert "brand_new_switch is unknown to lsops" in stage.run("plan").out
        with writes() as sent:
            stage.run("apply", "--yes", code=4)
        assert any("brand_new_switch" in str(one) for one in sent)
        stage.write({**stage.entry(), "extra": {stage.case.name: 1, "id": 2, "api_key": 3}})
        assert stage.codes("validate", code=3) == ["LS115"] * 3
        stage.applied(stage.entry())


# ---- policies ------------------------------------------------------------------------------------


@each_kind(7, 9)
def test_a_policy_denies_the_resource_and_its_change(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.write(stage.entry(), policies=denying(cases, "resource"))
        found = stage.run("validate", "--format", "json", code=3).json()["errors"]
        assert [(one["code"], one["address"]) for one in found] == [("LS130", stage.address)]

        stage.write(stage.entry(), policies=denying(cases, "change"))
        assert "denied by a policy" in stage.run("plan", "--detailed-exitcode", code=5).out
        with writes() as sent:
            assert stage.codes("apply", "--yes", code=5) == ["LS130"]
        assert sent == []
