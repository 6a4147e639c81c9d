"""`check` over the cases of `cases.yaml`, and its messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lsops.labelconfig import check

CASES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_check_finds_exactly_the_issues_of_the_case(case: dict[str, Any]) -> None:
    found = [f"{issue.code} {issue.line}:{issue.column}" for issue in check(case["config"])]
    assert found == case["issues"]


def test_only_the_server_s_refusals_are_errors() -> None:
    issues = [issue for case in CASES.values() for issue in check(case["config"])]
    assert {issue.code for issue in issues if issue.severity == "error"} == {"LS120", "LS121"}
    assert {issue.code for issue in issues if issue.severity == "warning"} == {
        "LS122",
        "LS123",
        "LS124",
        "LS125",
        "LS126",
    }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a toName with a typo", 'toName="txt" of <TextArea name="note"> names no tag; did you mean "text"?'),
        ("one name for two tags", 'two tags are named "text"; the first is <Text> at line 2, column 3'),
        ("a misspelt tag", '<Heeder> is no tag of Label Studio; did you mean "Header"?'),
        ("a text without a value", '<Text name="text"> has no value'),
        ("a doctype", "a DOCTYPE is not accepted"),
        (
            "elements closed in the wrong order",
            "not well-formed XML: mismatched tag; <Choices> of line 2 is not closed",
        ),
        ("a video too fast", '<Video name="v">: defaultPlaybackSpeed="15" is not between 0.05 and 10'),
    ],
)
def test_a_message_says_what_is_wrong_in_plain_words(name: str, message: str) -> None:
    assert message in [issue.message for issue in check(CASES[name]["config"])]


def test_positions_count_lines_that_the_server_strips() -> None:
    (issue,) = check('\n\n   <View>\n<TextArea name="a" toName="b"/></View>')
    assert (issue.line, issue.column) == (4, 1)


def test_a_column_counts_characters() -> None:
    (issue,) = check('<View a="日本"><TextArea name="a" toName="b"/></View>')
    assert issue.column == 14


def test_views_nested_deeper_than_the_server_survives_are_refused() -> None:
    depth = 130
    assert "LS121" in [issue.code for issue in check("<View>" * depth + "</View>" * depth)]


def test_an_xml_id_must_be_a_name_of_its_own() -> None:
    codes = [
        issue.code for issue in check('<View><Header xml:id="a"/><Header xml:id="a"/><Header xml:id="1 2"/></View>')
    ]
    assert codes.count("LS121") == 2
