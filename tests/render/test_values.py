"""Values read like values: sentences, lists, leaves, days and hours; anything unexpected is JSON, and nothing crashes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.model.plan import Action, Change, FieldChange, Plan
from lsops.model.resource import UNSET
from lsops.render.fields import Shown, shown_fields
from lsops.schema import documents, kinds
from lsops.wording import WORDINGS, worded
from tests.render.test_renderers import FACTS
from tests.support.forms import plan_as


def condition(column: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    """One condition of a tab."""
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": "Unknown", "value": value, **more}


def filters(*items: Any, conjunction: str = "and") -> dict[str, Any]:
    """The filters of a tab."""
    return {"conjunction": conjunction, "items": [*items]}


TWO = condition("total_annotations", "greater_or_equal", 2)
CT = condition("data.source", "equal", "ct")
SENTENCES = {
    'total_annotations ≥ 2 and data.source = "ct"': filters(TWO, CT),
    'total_annotations ≥ 2 or data.source = "ct"': filters(TWO, CT, conjunction="or"),
    "all tasks": filters(),
    "id between 1 and 5": filters(condition("id", "in", {"min": 1, "max": 5})),
    "id not between 1 and 5": filters(condition("id", "not_in", {"min": 1, "max": 5})),
    "id in [1, 2]": filters(condition("id", "in_list", [1, 2])),
    "annotators is empty": filters(condition("annotators", "empty", True)),
    "annotators is not empty": filters(condition("annotators", "empty", False)),
    'data.text does not contain "a\\nb"': filters(condition("data.text", "not_contains", "a\nb")),
    '(total_annotations ≥ 2 and data.source = "ct")': filters({**TWO, "child_filter": CT}),
    '"data.x = 1 or y" ≠ true': filters(condition("data.x = 1 or y", "not_equal", True)),
}


@pytest.mark.parametrize(("sentence", "value"), SENTENCES.items())
def test_filters_are_a_sentence(sentence: str, value: Any) -> None:
    phrases = worded("filters", value)
    assert phrases is not None
    assert " ".join(phrases) == sentence


RULES = {
    "no rules": [],
    '"a \\"b\\"" ≤ 0.5: 100%; others: 2.5%': [
        {"dimension": 'a "b"', "operator": "lte", "agreement_threshold": 0.5, "sample_rate": "1.0000"},
        {"operator": None, "sample_rate": 0.025},
    ],
    "overall = 1: 0%": [{"operator": "eq", "agreement_threshold": "1", "sample_rate": 0}],
}


@pytest.mark.parametrize(("said", "value"), RULES.items())
def test_rules_about_shares_are_a_phrase_each(said: str, value: Any) -> None:
    assert " ".join(worded("rules", value) or ()) == said


ODD_RULES = [
    *([{"sample_rate": value}] for value in (None, True, "many", "NaN", [1])),
    *([{"sample_rate": 1, **more}] for more in ({"a": 1, "b": 2}, {"a": 1}, {"operator": "near"}, {"operator": "lt"})),
    *(5, "x", [5], [{}], {"a": 1}),
]


@pytest.mark.parametrize("value", ODD_RULES, ids=repr)
def test_what_is_no_list_of_rules_has_no_phrases(value: Any) -> None:
    assert worded("rules", value) is None


ODD = [
    None, 5, "and", [], {}, {"conjunction": "and"}, {"items": []}, filters(None), filters(5), filters({}),
    filters(TWO, conjunction="xor"), {**filters(TWO), "more": 1}, filters({**TWO, "operator": "near"}),
    filters({**TWO, "more": 1}), filters({**TWO, "filter": 3}), filters(condition("id", "in", 5)),
    filters(condition("id", "in", {"min": 1})), filters({**TWO, "child_filters": [3]}), {"conjunction": "and", "items": {}},
    filters({**TWO, "operator": ["equal"]}), filters({**TWO, "operator": {}}),
]  # fmt: skip


@pytest.mark.parametrize("value", ODD)
def test_what_has_another_form_is_no_sentence(value: Any) -> None:
    assert worded("filters", value) is None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (11520, "11520 (8 days)"),
        (60, "60 (1 hour)"),
        (1501, "1501 (1 day 1 hour 1 minute)"),
        (59, "59"),
        (0, "0"),
    ],
)
def test_minutes_have_their_days_and_hours(number: int, said: str) -> None:
    assert worded("minutes", number) == (said,)


@pytest.mark.parametrize("value", [True, None, -60, 60.5, "60", [60], {}])
def test_what_is_no_number_of_minutes_has_no_days(value: Any) -> None:
    assert worded("minutes", value) is None


def test_each_wording_that_a_schema_names_is_there_and_none_is_in_vain() -> None:
    named = {field.shown for kind in kinds().values() for one in kind.variants.values() for field in one.values()}
    assert named - {""} == set(WORDINGS)
    assert "shown" in str(documents())


def shown(kind: str, path: str, before: Any, after: Any, action: Action = "update") -> list[Shown]:
    """How one field of a change is shown."""
    return [*shown_fields(Change("/x/y", kind, action, fields=(FieldChange(path, before, after),)))]


def said(*of: Any, **settings: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Names and values of what is shown."""
    return [(one.name, one.said) for one in shown(*of, **settings)]


def test_a_short_sentence_stands_in_the_line_and_of_a_long_one_the_conditions_that_differ() -> None:
    assert said("view", "/filters", filters(TWO), filters(CT)) == [
        ("filters", ("total_annotations ≥ 2", 'data.source = "ct"'))
    ]
    more = [condition(f"data.{name}", "equal", name) for name in ("first", "second", "third")]
    (field,) = shown("view", "/filters", filters(TWO, *more), filters(TWO, *more[:2]))
    assert field.said == ()
    assert field.rows[-1] == '-and data.third = "third"'


def test_two_filters_of_one_sentence_are_told_apart() -> None:
    other = filters({**TWO, "type": "Number"})
    assert said("view", "/filters", filters(TWO), other) == [("filters/items", said_as_json(filters(TWO), other))]


def said_as_json(before: Any, after: Any) -> tuple[str, ...]:
    """The items of two filters as JSON."""
    from lsops.render.safe import pair

    return pair(before["items"], after["items"])


def test_maps_are_told_leaf_by_leaf() -> None:
    weights = {"c": {"overall": 0.5, "labels": {"Bad": 0.25}}}
    assert said("project", "/control_weights", UNSET, weights, "create") == [
        ("control_weights/c/overall", ("0.5",)),
        ("control_weights/c/labels/Bad", ("0.25",)),
    ]
    assert said("project", "/control_weights", weights, {"c": {"overall": 1, "labels": {"Bad": 0.25}}}) == [
        ("control_weights/c/overall", ("0.5", "1"))
    ]


def test_of_many_leaves_the_first_are_told_and_all_when_verbose() -> None:
    change = Change("/x/y", "project", "create", fields=(FieldChange("/w", after={f"a{n}": n for n in range(90)}),))
    some = [*shown_fields(change)]
    assert (len(some), some[-1].said) == (20, ("and 71 more, -v shows them",))
    assert len([*shown_fields(change, verbose=True)]) == 90


def test_a_list_of_words_needs_no_quotes_and_of_a_long_one_the_entries_that_differ_are_told() -> None:
    assert said("view", "/hiddenColumns/explore", ["a", "b"], ["true"]) == [
        ("hiddenColumns/explore", ("[a, b]", '["true"]'))
    ]
    many = [f"column_{number}" for number in range(20)]
    (field,) = shown("view", "/hiddenColumns/explore", many, [*many[1:], "new one"])
    assert (field.said, field.rows[2:]) == (("20 entries", "20 entries"), ('-"column_0"', '+"new one"'))


def test_of_a_long_line_the_part_that_changed_is_told() -> None:
    before, after = (f"{'before ' * 40}{word}{' after' * 40}" for word in ("old", "new"))
    ((_, (first, second)),) = said("project", "/description", before, after)
    assert first.startswith("…")
    assert first.endswith("…")
    assert (" old " in first, " new " in second) == (True, True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["items", "conjunction", "filter", "operator", "value", "a"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON | st.just(UNSET), JSON, st.sampled_from(["/filters", "/hiddenColumns", "/ordering", "/max_session_age"]))
def test_any_live_value_is_shown(before: Any, after: Any, path: str) -> None:
    kind = "session_policy" if path == "/max_session_age" else "view"
    for action in ("create", "update"):
        change = Change("/x/y", kind, action, fields=(FieldChange(path, before, after),))
        for form in ("text", "markdown"):
            assert plan_as(form, Plan(FACTS, (change,)))
