"""Forms of text: which texts are regular expressions, and what it costs to find out."""

from __future__ import annotations

import pytest

from lsops.manifest.formats import LONGEST_REGEX, is_regex, meant
from tests.support.clock import processor_seconds

RIGHT = [
    "",
    ".*",
    r".*\.(jpg|png)$",
    "(?i).*jpg",
    "(?i:a)",
    "[ä-ö]",
    "[y-ä]",
    "(?P<ä>a)",
    r"\u00e4",
    "(?<=a)b",
    "a{,3}",
]
WRONG = [
    "*.jpg",
    "*",
    "+",
    "?",
    "[",
    "(",
    ")",
    "a**",
    "(?P<a",
    "(?<=a+)b",
    "[z-a]",
    "\\",
    "*.jpgä",
    "(" * 3000,
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_regular_expression_compiles(text: str) -> None:
    assert is_regex(text)


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:10])
def test_another_text_does_not(text: str) -> None:
    assert not is_regex(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("*.jpg", r'did you mean ".*\.jpg"?'),
        ("scans/*/image-?.dcm", r'did you mean "scans/.*/image-.\.dcm"?'),
        ("[", ""),
        ("(jpg", ""),
        ("+", ""),
    ],
)
def test_a_glob_is_known_by_its_form(text: str, wanted: str) -> None:
    assert meant("regex", text) == wanted


COSTLY = ["[\\u1000-\\uffff]", "[a\u1000-\uffff]", "(?i:[!-~])", "[a-z!]", "(a)", "(?:a{0,9}){0,9}"]


@pytest.mark.parametrize("unit", COSTLY)
def test_whatever_a_pattern_holds_it_is_tried_in_little_time(unit: str) -> None:
    """A hundred patterns of a thousand characters: a tenth of a mebibyte."""
    patterns = [f"{number}" + unit * (1000 // len(unit)) for number in range(100)]
    assert processor_seconds(lambda: all(map(is_regex, patterns))) < 1.0


def test_what_is_too_long_to_be_tried_passes() -> None:
    assert is_regex("*" * (LONGEST_REGEX + 1))
