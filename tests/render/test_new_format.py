"""A form of the output is one module: a copy of lsops learns one from this file alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

CHECKOUT = Path(__file__).parents[2]

LINES = '''
    """Addresses, a line each."""

    from lsops.render.formats import Format
    from lsops.render.lines import Line
    from lsops.render.safe import line


    def changes(document):
        for entry in document.entries:
            place = entry.change.source
            yield Line(f"{entry.sort} {line(entry.change.address)} {place.file}:{place.line}")
        yield Line(f"{document.counts}")


    def report(document):
        for ending in document.endings:
            yield Line(f"{ending.outcome.outcome} {line(ending.outcome.address)}")


    def errors(document):
        for one in document.findings:
            place = f"{document.look.prefix}{one.source}" if one.source else "-"
            yield Line(f"{one.severity} {one.code} {line(place)} {line(one.address) or '-'}")


    FORMAT = Format({"plan": changes, "drift": changes, "report": report, "errors": errors})
'''
MANIFEST = "version: 1\nprojects:\n  One: {}\n  Two: {description: second}\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of lsops that has one more form, beside a manifest."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(CHECKOUT / "lsops", folder / "lsops", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "schemas", folder / "schemas")
    (folder / "lsops" / "render" / "formats" / "lines.py").write_text(dedent(LINES))
    (folder / "lsops.yaml").write_text(MANIFEST)
    return folder


def ran(copy: Path, command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(copy)}
    words = [sys.executable, "-m", "lsops", *command.split()]
    return subprocess.run(words, cwd=copy, env=env, text=True, capture_output=True, check=False)


def rows(copy: Path, command: str) -> list[str]:
    """What a command prints in the new form."""
    return ran(copy, f"{command} --format lines").stdout.splitlines()


@pytest.mark.parametrize(
    ("verb", "is_offered"),
    [("plan", True), ("show", True), ("drift", True), ("apply", True), ("validate", False), ("doctor", False)],
)
def test_a_verb_offers_a_form_that_serves_its_subject(copy: Path, verb: str, is_offered: bool) -> None:
    told = ran(copy, f"{verb} --format nonsense").stderr

    assert ("'lines'" in told, "|lines" in ran(copy, f"{verb} --help").stdout) == (is_offered, is_offered)


def test_it_tells_a_plan_and_what_is_wrong(copy: Path) -> None:
    planned = rows(copy, "plan -s sandbox:plan.db")
    (copy / "wrong").mkdir()
    (copy / "wrong" / "lsops.yaml").write_text("version: 1\nprojects: {One: {titel: x}}\n")

    assert planned[:2] == ["create /projects/One lsops.yaml:3", "create /projects/Two lsops.yaml:4"]
    assert "'create': 2" in planned[2]
    assert rows(copy, "plan wrong") == ["error LS102 wrong/lsops.yaml:2:18 /projects/One"]
    assert rows(copy, "plan --nonsense") == ["error LS605 - -"]


def test_it_tells_a_report_and_drift(copy: Path) -> None:
    applied = ran(copy, "apply --yes -s sandbox:drift.db --format lines")

    assert sorted(applied.stdout.splitlines()) == ["done /projects/One", "done /projects/Two"]
    assert "Plan: 2 to create" in applied.stderr
    assert rows(copy, "drift -s sandbox:drift.db") == ["{'changed': 0, 'missing': 0, 'unwanted': 0}"]
    assert rows(copy, "drift -s sandbox:fresh.db")[0] == "missing /projects/One lsops.yaml:3"
