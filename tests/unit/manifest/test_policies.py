"""Policies as they are read: whose they are, and where each sign of an expression stands."""

from __future__ import annotations

import pytest

from lsops.manifest.files import Folder
from lsops.manifest.findings import Findings
from lsops.manifest.include import FileReader
from lsops.manifest.policy_files import read_policy_file
from tests.unit.manifest.support import load_files

ONE = "{on: plan, deny: 'true'}"
WRITTEN = {
    "plain": ("plan.a == 1", 1, 6, "5:16"),
    "in quotes": ("'plan.a == 1'", 1, 6, "5:17"),
    "a block": ("|\n      plan.a == 1\n      && plan.b", 2, 4, "7:10"),
    "a block with a blank line": ("|-\n      plan.a\n\n      == 1", 3, 4, "8:10"),
    "folded": (">\n      plan.a == 1\n      && plan.b", 1, 6, "5:11"),
    "with an escape": (r'"plan.a == \"x\""', 1, 6, "5:11"),
    "over two lines": ("plan.a\n      == 1", 1, 6, "5:11"),
    "another line": ("plan.a == 1", 7, 6, "5:11"),
}


@pytest.mark.parametrize(("text", "line", "column", "place"), WRITTEN.values(), ids=WRITTEN)
def test_a_place_in_an_expression_is_one_in_the_file_or_the_beginning(text, line, column, place, tmp_path):
    text = f"version: 1\npolicies:\n  a:\n    on: plan\n    deny: {text}\n"
    (policy,) = load_files(tmp_path, {"lsops.yaml": text}).policies
    assert str(policy.place(line, column)) == f"lsops.yaml:{place}"


def test_an_expression_by_an_alias_begins_at_the_alias(tmp_path):
    text = "version: 1\nx-never: &never 'false'\npolicies: {a: {on: plan, warn: *never}}\n"
    (policy,) = load_files(tmp_path, {"lsops.yaml": text}).policies
    assert (policy.expression, str(policy.place(1, 2))) == ("false", "lsops.yaml:3:32")


def test_policies_are_those_of_the_manifest_of_overlays_and_of_files(tmp_path):
    files = {
        "lsops.yaml": f"version: 1\npolicies: {{a: {ONE}}}\n",
        "over.yaml": f"policies: {{b: {ONE}}}\n",
        "ci.yaml": f"policies: {{c: {ONE}}}\n",
    }
    manifest = load_files(tmp_path, files, overlays=["over.yaml"], policies=["ci.yaml"])
    places = [(one.name, str(one.source)) for one in manifest.policies]
    assert places == [("a", "lsops.yaml:2:12"), ("b", "over.yaml:1:12"), ("c", "ci.yaml:1:12")]


def test_the_tests_of_a_wrong_policy_are_not_looked_at(tmp_path):
    path = tmp_path / "ci.yaml"
    path.write_text("policies: {a: {on: all, deny: x}}\ntests: [{policy: a, plan: {}, expect: deny}]\n", "utf-8")
    findings = Findings()
    read = read_policy_file(str(path), FileReader(Folder(tmp_path), findings))
    assert ([one.code for one in findings.errors], read.tests) == (["LS104"], ())


@pytest.mark.parametrize(
    "text", ["policies: [{a: 1}]\ntests: []\n", "policies: 7\ntests: [{policy: a, plan: {}, expect: deny}]\n"]
)
def test_policies_of_any_shape_are_findings(text, tmp_path):
    path = tmp_path / "ci.yaml"
    path.write_text(text, "utf-8")
    findings = Findings()
    read_policy_file(str(path), FileReader(Folder(tmp_path), findings))
    assert "LS103" in [one.code for one in findings.errors]
