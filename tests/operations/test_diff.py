"""Two manifests compared without a server, by the passes that plan against a live one."""

from __future__ import annotations

from pathlib import Path

import pytest

import lsops
from lsops.manifest import Manifest, Options
from lsops.model.plan import Plan
from tests.support.policies import needs_cel

EXAMPLES = Path(__file__).parents[2] / "examples"
BASE = """\
version: 1
projects:
  Cats:
    maximum_annotations: 1
    webhooks: {"https://hooks.example.com/ls": {headers: {Key: "${env:KEY}"}}}
  Dogs: {description: Good ones}
"""


def load(folder: Path, text: str) -> Manifest:
    folder.mkdir()
    (folder / "lsops.yaml").write_text(text, "utf-8")
    return lsops.load(folder)


def difference(folder: Path, base: str, other: str) -> Plan:
    folder.mkdir(exist_ok=True)
    return lsops.diff(load(folder / "base", base), load(folder / "other", other))


def lines(plan: Plan) -> list[str]:
    return [f"{change.symbol} {change.address} {[item.path for item in change.fields]}" for change in plan.changes]


@pytest.mark.parametrize(("name", "environment"), [("quickstart", ""), ("enterprise", ""), ("enterprise", "prod")])
def test_an_example_compared_with_itself_has_no_difference(name: str, environment: str) -> None:
    manifest = lsops.load(EXAMPLES / name, Options(environment=environment))
    found = lsops.diff(manifest, manifest)
    assert found.summary == {
        "create": 0, "update": 0, "replace": 0, "delete": 0, "unchanged": len(manifest.desired.resources),
    }  # fmt: skip
    assert (found.changes, found.pending, found.unmanaged, found.failures) == ((), (), (), ())


def test_environments_differ_in_what_their_variables_reach() -> None:
    base, other = (lsops.load(EXAMPLES / "enterprise", Options(environment=name)) for name in ("", "prod"))
    found = lsops.diff(base, other)
    assert found.changes
    assert {item.path for change in found.changes for item in change.fields} == {"/container"}


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("maximum_annotations: 1", "maximum_annotations: 3", ["~ /projects/Cats ['/maximum_annotations']"]),
        ("  Dogs: {", "  Hounds: {lifecycle: {renamed_from: Dogs}, ", ["~ /projects/Hounds ['/title']"]),
        ("  Dogs: {description: Good ones}", "  Dogs: {lifecycle: {absent: true}}", ["- /projects/Dogs []"]),
        ("  Dogs: {", "  Birds: {}\n  Dogs: {", ["+ /projects/Birds ['/title']"]),
        ("  Dogs: {", "  Dogs: {lifecycle: {id: 7}, ", []),
    ],
    ids=["a field", "a new name", "an absent one", "another one", "a pinned id"],
)
def test_what_a_manifest_says_otherwise_is_the_difference(tmp_path: Path, old: str, new: str, shown: list[str]) -> None:
    assert old in BASE
    assert lines(difference(tmp_path, BASE, BASE.replace(old, new))) == shown


def test_what_is_no_longer_declared_is_deleted_where_it_is_pruned_and_else_left_alone(tmp_path: Path) -> None:
    less = BASE.replace("  Dogs: {description: Good ones}\n", "")
    plain = difference(tmp_path / "plain", BASE, less)
    pruned = difference(tmp_path / "pruned", BASE, less.replace("version: 1", "version: 1\nprune: [projects]"))
    assert (lines(plain), plain.unmanaged) == ([], ("/projects/Dogs",))
    assert lines(pruned) == ["- /projects/Dogs []"]


def test_no_live_object_is_made_up(tmp_path: Path) -> None:
    (change,) = difference(tmp_path, BASE, BASE.replace("maximum_annotations: 1", "maximum_annotations: 3")).changes
    assert change.remote_id == {}


@needs_cel
def test_the_policies_of_the_second_manifest_judge_what_it_changes(tmp_path: Path) -> None:
    base = "version: 1\nprojects: {Old: {}}\npolicies: {never: {on: plan, deny: 'true'}}\n"
    gone = "version: 1\nprojects: {Old: {lifecycle: {absent: true, id: 7}}}\npolicies:\n"
    gone += "  no-deletes: {on: change, deny: change.action == 'delete'}\n"
    gone += "  no-pins: {on: resource, deny: resource.lifecycle.id == 7}\n"
    made = difference(tmp_path, base, gone)
    assert [(one.code, one.address) for one in made.denials] == [("LS130", "/projects/Old")] * 2
