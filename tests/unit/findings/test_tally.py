"""How many findings are told, and for how many of them a suggestion is sought."""

from __future__ import annotations

import pytest

from lsops.errors import Finding, Source
from lsops.spelling import MOST, Effort, Near, Suggestions, nearest
from lsops.tally import IN_ALL, IN_ENTRY, Misspelt, told


def findings(number: int, address: str = "/projects/Cats", **told_of):
    return [Finding("LS102", f"unknown field {n}", address, Source("a.yaml", n + 1), **told_of) for n in range(number)]


def test_a_hundred_of_one_code_in_one_entry_are_told_and_the_rest_is_counted():
    *shown, rest = told(findings(IN_ENTRY + 23))

    assert shown == findings(IN_ENTRY)
    assert (rest.code, rest.message) == ("LS102", "23 more of LS102 here are not shown")
    assert (rest.address, rest.source) == ("/projects/Cats", Source("a.yaml", IN_ENTRY + 1))


def test_as_many_as_are_told_have_no_rest():
    assert told(findings(IN_ENTRY)) == tuple(findings(IN_ENTRY))


def test_each_code_and_each_entry_is_counted_apart():
    dogs, others = findings(70, "/projects/Dogs"), [Finding("LS101", str(n), "/projects/Cats") for n in range(70)]

    assert len(told([*findings(70), *dogs, *others])) == 210


def test_errors_and_warnings_of_one_code_are_counted_apart_and_keep_their_severity():
    errors, warnings = findings(IN_ENTRY + 1), findings(IN_ENTRY + 1, severity="warning")

    *_, first, second = told([*errors, *warnings])

    assert (first.severity, second.severity) == ("error", "warning")


def test_a_thousand_of_one_code_are_told_in_all():
    many = [finding for n in range(IN_ALL + 7) for finding in findings(1, f"/projects/{n}")]

    *shown, rest = told(many)

    assert len(shown) == IN_ALL
    assert (rest.message, rest.address) == ("7 more of LS102 in other places are not shown", "")


def test_a_suggestion_is_sought_only_for_what_is_told():
    class Names(list):
        asked = 0

        def __iter__(self):
            self.asked += 1
            return super().__iter__()

    names = Names(["description"])
    typos = [Misspelt("LS102", str(n), near=Near("descriptiom", names)) for n in range(IN_ENTRY + 50)]

    shown = told(typos)

    assert {finding.hint for finding in shown[:-1]} == {'did you mean "description"?'}
    assert names.asked == IN_ENTRY


@pytest.mark.parametrize(
    ("word", "names", "found"),
    [
        ("presing_ttl", ["presign_ttl", "prefix"], "presign_ttl"),
        ("PRESIGN_TTL", ["presign_ttl"], "presign_ttl"),
        ("x", ["presign_ttl"], ""),
        ("title", [], ""),
        ("a" * 1_000_000, ["a" * 1_000_000, "b"], ""),
        ("wanted9", [f"wanted{n}" for n in range(MOST + 5)], ""),
        ("wamted", [*(f"x{n}" for n in range(MOST + 5)), "wanted"], "wanted"),
    ],
)
def test_the_nearest_name_is_sought_within_bounds(word, names, found):
    assert nearest(word, names) == found


def test_suggestions_end_where_the_effort_is_spent():
    effort = Effort(characters=150)

    found = [nearest("titel", ["title", "description"], effort) for _ in range(5)]

    assert found == ["title", "title", "title", "", ""]


def test_a_word_gets_one_answer_however_often_it_stands_there():
    names = Suggestions(["title", "description"])

    found = [names.near("titel") for _ in range(50_000)]

    assert set(found) == {"title"}
    assert names.near("x" * 1_000_000) == ""


def test_the_other_hint_stands_where_no_name_is_near():
    assert Near("zebra", ["title"], "it is title").hint(Effort()) == "it is title"


def test_names_as_long_as_a_file_are_cut():
    (shown,) = told([Finding("LS102", "m" * 9_000, "/projects/" + "a" * 9_000, None, "h" * 9_000)])

    assert (len(shown.message), len(shown.address), len(shown.hint)) == (3_001, 3_001, 3_001)
    assert shown.address.endswith("a…")
