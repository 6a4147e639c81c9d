"""When two keys look alike, and in what they differ."""

from __future__ import annotations

import pytest

from lsops.manifest.pasted import meant_key
from lsops.model.claims import circles
from lsops.near_keys import code_points, difference, folded_key

ALIKE = {
    "Unicode form": ("Caf\u00e9", "Cafe\u0301"),
    "letter case": ("QA team", "qa Team"),
    "blanks": ("Batch\u00a01", "Batch 1"),
    "blanks and letter case": ("X ray", "x-ray".replace("-", "")),
    "blanks and Unicode form": ("Caf\u00e9  1", "Cafe\u0301 1"),
    "Unicode form and letter case": ("\uff23afe", "cafe"),
    "blanks, Unicode form and letter case": ("Caf\u00e9 au lait", "cafe\u0301\u200bAUlait"),
}


@pytest.mark.parametrize(("words", "pair"), ALIKE.items(), ids=ALIKE.keys())
def test_keys_of_one_look_are_told_apart_in_words(words: str, pair: tuple[str, str]) -> None:
    assert folded_key(pair[0]) == folded_key(pair[1])
    assert difference(*pair) == words


@pytest.mark.parametrize("pair", [("Batch 1 1", "Batch 11"), ("Team A", "Team B"), ("a-b", "ab")])
def test_other_keys_look_otherwise(pair: tuple[str, str]) -> None:
    assert folded_key(pair[0]) != folded_key(pair[1])


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("Caf\u00e9 1", "Cafe\u0301 1", ('"\u00e9" (U+00E9)', '"e\u0301" (U+0065 U+0301)')),
        ("ab", "a b", ("nothing", '" " (U+0020)')),
        ("abcdefgh", "ABCDEFGH", ('"abcdef" (U+0061 U+0062 U+0063 U+0064 U+0065 U+0066 …)',) * 1),
        ("https://a:b@h.org/A", "https://a:b@h.org/a", ("", "")),
    ],
    ids=["a sign", "a blank", "many signs", "a URL with credentials"],
)
def test_what_differs_is_shown_by_its_code_points(one: str, other: str, shown: tuple[str, ...]) -> None:
    assert code_points(one, other)[: len(shown)] == shown


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("Dogs~1old", "Dogs/old"),
        ("a~0b", "a~b"),
        ("/projects/Dogs~1old", "Dogs/old"),
        ("/projects/Dogs", "Dogs"),
        ("/elsewhere/Dogs", ""),
        ("a~b", ""),
        ("Dogs/old", ""),
    ],
)
def test_a_key_from_an_address_is_known(key: str, meant: str) -> None:
    assert meant_key(key) == meant


def test_only_those_in_a_circle_are_found_and_each_is_looked_at_once() -> None:
    steps = {"a": "b", "b": "c", "c": "b", "d": "a", "e": "e", "f": "g"}
    assert circles(steps) == {"b", "c", "e"}
    line = {number: number + 1 for number in range(200_000)}
    assert circles(line) == set()
