"""Every case of tests/data/bad_manifests: each finding with its code, its place and part of its words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.unit.manifest.support import findings_of, line

DATA = Path(__file__).parents[2] / "data" / "bad_manifests"
CASES = {
    f"{path.stem}: {name}": case
    for path in sorted(DATA.glob("*.yaml"))
    for name, case in yaml.safe_load(path.read_text("utf-8")).items()
}
TOLD = ("environment", "overlays", "variables", "env", "secrets_dir")

RAISED = """
    LS101 LS102 LS103 LS104 LS105 LS106 LS107 LS109 LS110 LS111 LS120
    LS201 LS202 LS203 LS204 LS205 LS206 LS207 LS208 LS209 LS210 LS211
    LS301 LS302 LS303 LS304 LS305 LS306
    LS401 LS402 LS403 LS404 LS405 LS407
    LS501 LS505
""".split()


def with_long_words(case):
    """Files of a case with each placeholder replaced by that many letters."""
    files = dict(case["files"])
    for word, count in case.get("replace", {}).items():
        files = {name: text.replace(word, "x" * count) for name, text in files.items()}
    return files


@pytest.mark.usefixtures("more_kinds")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_bad_manifest_gives_exactly_the_findings_that_are_expected(case, tmp_path):
    told = {name: case[name] for name in TOLD if name in case}

    found = [line(finding) for finding in findings_of(tmp_path, with_long_words(case), **told)]

    missing = [wanted for wanted in case["expect"] if not any(fits(wanted, text) for text in found)]
    assert not missing, "\n".join(["missing:", *missing, "found:", *found])
    assert len(found) == len(case["expect"]), "\n".join(["found:", *found])


def fits(wanted, text):
    """Whether a finding has the expected place and code, and every expected part of its words."""
    head, _, words = wanted.partition(": ")
    place, _, rest = text.partition(": ")
    return head == place and all(part.strip() in rest for part in words.split(" | "))


def test_the_cases_cover_every_code_that_loading_raises():
    covered = {wanted.split()[1].rstrip(":") for case in CASES.values() for wanted in case["expect"]}

    assert covered == set(RAISED)


def test_there_are_many_cases():
    assert len(CASES) >= 80
