"""Every case of tests/data/bad_manifests: each finding with its code, its place and part of its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest.support import assert_expected, cases_in

CASES = cases_in(Path(__file__).parents[2] / "data" / "bad_manifests")

RAISED = """
    LS101 LS102 LS103 LS104 LS105 LS106 LS107 LS109 LS110 LS111 LS115 LS120 LS121 LS134
    LS201 LS202 LS203 LS204 LS205 LS206 LS207 LS208 LS209 LS210 LS211 LS214 LS215 LS216 LS217 LS218 LS219 LS220
    LS301 LS302 LS303 LS304 LS305 LS306 LS307
    LS401 LS402 LS403 LS404 LS405 LS407
    LS501 LS505 LS509 LS511
""".split()


@pytest.mark.usefixtures("more_kinds")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_bad_manifest_gives_exactly_the_findings_that_are_expected(case, tmp_path):
    assert_expected(case, tmp_path)


def test_the_cases_cover_every_code_that_loading_raises():
    covered = {wanted.split()[1].rstrip(":") for case in CASES.values() for wanted in case["expect"]}

    assert covered == set(RAISED)


def test_there_are_many_cases():
    assert len(CASES) >= 80
