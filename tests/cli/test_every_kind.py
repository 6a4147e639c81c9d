"""Each verb with each kind: what holds for one of them holds for all. The manifests are made of `tests/kinds`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lsops.manifest import load
from tests.support.cli import Lsops
from tests.support.kind_cases import Case, Cases
from tests.support.kind_scenes import changing, each_kind, every, scene

FORMS = ("text", "markdown", "github", "json", "html")


def declared(folder: Path) -> set[str]:
    """The kinds of all that a manifest declares."""
    return {item.kind for item in load(folder).desired.resources}


@each_kind(7, 0)
def test_a_saved_plan_is_shown_as_it_was_and_carried_out_once(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.write(stage.entry())
        planned = {form: stage.run("plan", "--out", "plan.json", "--format", form).out for form in FORMS}
        assert all(stage.address in text for text in planned.values())
        assert sum(json.loads(stage.run("plan", "--format", "gitlab").out).values()) == len(stage.changes())
        for form in ("text", "markdown", "json"):
            shown = stage.run("show", "plan.json", "--format", form).out
            assert form == "json" or shown == planned[form]

        stage.run("apply", "--plan", "plan.json")
        stage.settled()

        assert stage.codes("apply", "--plan", "plan.json", code=5) == ["LS805"] * len(
            json.loads(planned["json"])["changes"]
        )
        assert stage.run("apply", "--yes").last.startswith("No changes.")


@each_kind(7, 1)
def test_a_target_takes_one_and_skip_leaves_its_collection(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.write(stage.entry())
        assert stage.address in stage.changes("-t", stage.address)
        assert stage.address in stage.changes("-t", "/**")
        assert stage.address not in stage.changes("--skip", cases.schema.collection)
        assert stage.codes("plan", "-t", f"{stage.address}x", code=3) == ["LS606"]


@each_kind(7, 2)
def test_what_is_declared_is_explained_and_drawn(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.write(stage.entry())
        fields = stage.run("explain", stage.address, "--format", "json").json()["fields"]
        told = {one["path"]: one["origins"][0] for one in fields}
        assert told[f"/{stage.case.name}"]["file"] == "lsops.yaml"
        assert stage.case.name in stage.run("explain", stage.address, "--field", stage.case.name).out
        drawn = {form: stage.run("graph", "--format", form).out for form in ("mermaid", "dot")}

        stage.run("apply", "--yes")
        assert stage.run("graph", "--live", "-t", stage.address).out
        assert all(len(text.splitlines()) > 2 for text in drawn.values())


@each_kind(7, 3, changing)
def test_what_differs_is_told_of_another_manifest_and_of_the_server(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.write(stage.entry(), "base/lsops.yaml")
        stage.write(stage.entry(1))

        for arguments in (("diff", "--base", "./base"), ("plan", "--base", "./base", "--only-changed")):
            changes = stage.run(*arguments, "--format", "json").json()["changes"]
            assert [change["address"] for change in changes] == [stage.address]
            assert any(item["path"].startswith(f"/{stage.case.name}") for item in changes[0]["fields"])
        assert "(this branch)" in stage.run("plan", "--base", "./base").out
        assert "changed" in stage.run("graph", "--base", "./base").out
        assert stage.address in stage.run("drift", code=2).out

        stage.applied(stage.entry(1))
        assert stage.run("drift").last.startswith("No drift")


@each_kind(7, 4)
def test_a_dump_and_what_is_adopted_plan_empty(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.run("dump", "-o", "dumped")
        stage.settled("dumped")
        assert cases.schema.kind in declared(lsops.folder / "dumped")

        lsops.write("version: 1\n")
        stage.run("adopt", "/**")
        stage.settled()
        assert cases.schema.kind in declared(lsops.folder)


@each_kind(7, 5)
def test_a_lock_that_holds_the_ids_changes_no_plan(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        stage.applied(stage.entry())
        stage.run("pin")
        stage.settled()
        ids = json.loads((lsops.folder / "lsops.lock").read_text("utf-8"))["ids"]
        assert ids == {} or all(entries[""] for entries in ids.values())


@each_kind(7, 6)
def test_a_misspelt_word_gets_the_right_one(lsops: Lsops, cases: Cases) -> None:
    with scene(lsops, cases) as stage:
        name = stage.case.name
        for entry, meant in (
            ({**stage.entry(), f"{name}x": 1}, name),
            (stage.entry(protct=True), "protect"),
            (stage.entry(ignore=[f"{name}x"]), name),
        ):
            stage.write(entry)
            said = stage.run("validate", "--format", "json", code=3).json()["errors"]
            assert [(one["code"], one["hint"]) for one in said] == [("LS102", f'did you mean "{meant}"?')]
            assert said[0]["line"] > 1
            assert said[0]["address"] == stage.address


SECRETS = [(cases, case) for cases in every() for case in cases.cases if case.field.secret and case.steps]


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("cases", "case"), SECRETS, ids=lambda one: one.name if isinstance(one, Case) else str(one))
def test_what_a_secret_holds_is_shown_by_no_verb(lsops: Lsops, cases: Cases, case: Case) -> None:
    with scene(lsops, cases, case) as stage:
        stage.write(stage.entry())
        value = stage.secrets[-1]
        assert value == str(case.steps[0].value)
        for form in FORMS:
            stage.run("plan", "-v", "--format", form, "--out", "plan.json")
        stage.run("apply", "--yes", "-vv", "--audit", "audit.jsonl")
        stage.run("apply", "--yes", "--resend-secrets", "/**", "--format", "json")
        for arguments in (
            ["explain", stage.address],
            ["graph", "--live"],
            ["drift"],
            ["dump", "-o", "dumped"],
            ["pin"],
        ):
            stage.run(*arguments)
        texts = [
            path.read_text("utf-8")
            for path in lsops.folder.rglob("*")
            if path.suffix in (".json", ".jsonl", ".yaml", ".lock")
        ]
        assert len(texts) > 3
        assert not [text for text in texts if value in text]
