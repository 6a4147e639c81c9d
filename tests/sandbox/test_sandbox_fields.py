from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad, Field, Form, anything, nested, read
from lsops.sandbox.fieldtypes import choice, decimal, flag, moment, number, several, text
from lsops.sandbox.sanitise import clean

TAKEN = [
    (text(), "  x ", "x"),
    (text(trim=False), " x ", " x "),
    (text(), 12.5, "12.5"),
    (text(shortest=3), "", ""),
    (number(), "2", 2),
    (number(), 2.0, 2),
    (number(), -3, -3),
    (flag(), "yes", True),
    (flag(), 0, False),
    (flag(null=True), "null", None),
    (choice("a", blank=True), "", ""),
    (moment, "2025-01-02", "2025-01-02T00:00:00Z"),
    (moment, "2025-01-02T03:04:05+02:00", "2025-01-02T01:04:05Z"),
    (decimal(), "95", "95.00"),
    (decimal(), 0, "0.00"),
    (decimal(), 999.99, "999.99"),
]
REFUSED = [
    (text(), True, "Not a valid string."),
    (text(), ["x"], "Not a valid string."),
    (text(blank=False), "  ", "This field may not be blank."),
    (text(longest=2), "abc", "Ensure this field has no more than 2 characters."),
    (text(), "a\0", "Null characters are not allowed."),
    (number(), True, "A valid integer is required."),
    (number(), 1.5, "A valid integer is required."),
    (number(least=1), 0, "Ensure this value is greater than or equal to 1."),
    (flag(), None, "Must be a valid boolean."),
    (flag(), [], "Must be a valid boolean."),
    (choice("a"), "A", '"A" is not a valid choice.'),
    (decimal(), "NaN", "A valid number is required."),
    (decimal(), True, "A valid number is required."),
    (decimal(), "123456", "Ensure that there are no more than 5 digits in total."),
]


@pytest.mark.parametrize(("convert", "sent", "kept"), TAKEN)
def test_a_value_is_taken_and_normalised(convert, sent, kept):
    assert convert(sent) == kept


@pytest.mark.parametrize(("convert", "sent", "message"), REFUSED)
def test_a_value_is_refused_in_the_servers_words(convert, sent, message):
    with pytest.raises(Bad) as caught:
        convert(sent)
    assert caught.value.error == [message]


def test_all_bad_fields_are_reported_at_once():
    fields = {"a": Field(number()), "b": Field(flag()), "c": Field(text(), required=True)}
    with pytest.raises(Invalid) as caught:
        read(fields, {"a": "x", "b": None}, partial=False)
    assert caught.value.errors.keys() == {"a", "b", "c"}


def test_an_update_needs_no_required_field_and_ignores_unknown_ones():
    assert read({"a": Field(text(), required=True)}, {"x": 1}, partial=True) == {}


def test_a_form_makes_absent_booleans_false_on_create_only():
    fields = {"on": Field(flag(), default=True)}
    assert read(fields, Form({}), partial=False) == {"on": False}
    assert read(fields, Form({}), partial=True) == {}


@pytest.mark.parametrize(
    ("field", "left_out"),
    [
        (Field(flag(), default=True, kept=True), {}),
        (Field(flag(null=True), default=False, null=True), {"on": None}),
        (Field(number(), default=1), {}),
    ],
)
def test_what_a_form_leaves_out_is_by_the_field(field, left_out):
    assert read({"on": field}, Form({}), partial=False) == left_out


def test_a_form_gives_lists_whole_and_json_parsed():
    fields = {"many": Field(several(number())), "one": Field(number()), "json": Field(anything)}
    form = Form({"many": ["1", "2"], "one": ["1", "2"], "json": ['{"a": 1}']})
    assert read(fields, form, partial=True) == {"many": [1, 2], "one": 2, "json": {"a": 1}}


def test_a_nested_object_is_completed_with_defaults():
    assert nested({"a": Field(number(), default=1), "b": Field(number(), default=2)})({"a": 5}) == {"a": 5, "b": 2}


@given(st.text(alphabet=st.sampled_from("<>&\"' =/abips\n"), max_size=40))
def test_cleaning_html_again_changes_nothing(html):
    assert clean(clean(html)) == clean(html)
