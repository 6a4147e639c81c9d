"""Small pure functions: the normal form of filters, and what of a URL is confidential."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.difference import same
from lsops.engine.confidential import literals
from lsops.manifest.specs import mentions_secret
from lsops.masking import credentials_of, mask_addresses, mask_urls
from lsops.model.resource import Secret
from lsops.normalize import filters
from lsops.schema import Field, kinds
from tests.engine.scenes import backend, declared, project, view, webhook

ONE = {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": 1}
TWO = {**ONE, "value": 2}
FILTERS = kinds()["view"].fields()["filters"]


def all_of(*items, conjunction="and"):
    return {"conjunction": conjunction, "items": list(items)}


SAME = {
    "a second condition that is null": (all_of({**ONE, "child_filter": None}), all_of(ONE)),
    "an empty one": (all_of({**ONE, "child_filter": {}}), all_of(ONE)),
    "no further conditions": (all_of({**ONE, "child_filters": []}), all_of({**ONE, "child_filters": None})),
    "a whole number": (all_of({**ONE, "value": 1.0}), all_of(ONE)),
    "no conditions": (all_of(), all_of()),
    "the order of keys": (all_of(dict(reversed(ONE.items()))), all_of(ONE)),
}
OTHER = {
    "another value": (all_of(ONE), all_of(TWO)),
    "a value of another type": (all_of(ONE), all_of({**ONE, "value": "1"})),
    "true is not 1": (all_of(ONE), all_of({**ONE, "value": True})),
    "nothing is not empty": (all_of({**ONE, "value": ""}), all_of({**ONE, "value": {}})),
    "another order of conditions": (all_of(ONE, TWO), all_of(TWO, ONE)),
    "one condition more": (all_of(ONE), all_of(ONE, ONE)),
    "another conjunction": (all_of(), all_of(conjunction="or")),
    "a second condition": (all_of({**ONE, "child_filter": TWO}), all_of(ONE)),
    "no filters at all": (all_of(), {}),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_filters_that_show_the_same_tasks_are_equal(one, other):
    assert same(one, other, FILTERS)
    assert same(other, one, FILTERS)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER.keys())
def test_filters_that_differ_are_not(one, other):
    assert not same(one, other, FILTERS)
    assert not same(other, one, FILTERS)


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"items": None}, {"items": {}}, {"items": [None, 3, []]}])
def test_what_are_no_filters_is_left_as_it_is(value):
    assert filters(value) == value


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "child_filter", "child_filters", "value"]), inner)))  # fmt: skip
def test_the_normal_form_of_filters_is_its_own_and_changes_nothing_in_place(value):
    before = deepcopy(value)
    once = filters(value)
    assert filters(once) == once
    assert value == before


# ---- URLs --------------------------------------------------------------------------------------

URLS = {
    "https://h.example.com/x": (),
    "https://ana:pw@h.example.com/x": ("ana:pw", "pw"),
    "https://ana@h.example.com": ("ana",),
    "https://h.example.com/?token=t#part": ("token=t",),
    "  HTTPS://ana:p@ss@h.example.com/x?a=1&b=2 ": ("ana:p@ss", "a=1&b=2", "p@ss"),
    "ftp://ana:pw@h": ("ana:pw", "pw"),
    "https://h.example.com/#a?b=c": (),
    "see https://ana:pw@h.example.com": (),
    "//ana:pw@h.example.com": (),
    "": (),
}


@pytest.mark.parametrize(("url", "parts"), URLS.items())
def test_user_info_and_query_of_a_url_are_its_credentials(url, parts):
    assert credentials_of(url) == parts


@pytest.mark.parametrize("url", URLS)
def test_no_credential_of_a_url_is_left_in_its_mask(url):
    masked = mask_urls(url)
    assert not any(part in masked for part in credentials_of(url))
    assert mask_urls(masked) == masked
    assert (masked != url) == bool(credentials_of(url))


@given(st.from_regex(r"https?://([a-z:%]{1,6}@)?[a-z.]{1,8}(/[a-z]*)?(\?[a-z=&]{1,6})?", fullmatch=True))
def test_a_url_is_masked_exactly_where_it_has_credentials(url):
    assert (mask_urls(url) != url) == bool(credentials_of(url))


PLACE = "/projects/T/webhooks/http:~1~1h.org~1x"
IN_ADDRESSES = {
    f'did you mean "{PLACE}"?': f'did you mean "{PLACE}"?',
    f'did you mean "{PLACE}?t=1"?': f'did you mean "{PLACE}?***"?',
    f"{PLACE}?t=1&u=2 failed": f"{PLACE}?*** failed",
    f'{PLACE}?t="quoted"': f'{PLACE}?***"',
    f'{PLACE}"quoted"?t=1': f'{PLACE}"quoted"?***',
    f"({PLACE}?t=1), {PLACE}?t=2#part": f"({PLACE}?***), {PLACE}?***#part",
    "/p/http:~1~1ana:pw@h.org~1x?": "/p/http:~1~1***@h.org~1x?",
    f"is it {PLACE}?": f"is it {PLACE}?",
    "/projects/Why?": "/projects/Why?",
}


@pytest.mark.parametrize(("text", "shown"), IN_ADDRESSES.items())
def test_the_query_of_a_url_in_an_address_is_masked_and_the_signs_of_a_hint_around_it_stay(text, shown):
    assert mask_addresses(text) == shown
    assert mask_addresses(shown) == shown


# ---- what a manifest writes out and nobody should read ------------------------------------------


def test_the_values_of_headers_are_confidential_and_their_names_and_secrets_are_not():
    hook = webhook(headers={"X-Key": "literal", "Other": Secret("env", "TOKEN"), "Third": "value"})
    assert literals(declared(project(), hook)) == {"literal", "value"}


@pytest.mark.parametrize(
    ("resource", "parts"),
    [
        (webhook("https://ana:pw@h.example.com/?t=1"), {"ana:pw", "pw", "t=1"}),
        (webhook("local", url="https://ana:pw@h.example.com"), {"ana:pw", "pw"}),
        (backend(url="http://ana:pw@ml:9090"), {"ana:pw", "pw"}),
        (project(description="https://h.example.com/?t=1"), {"t=1"}),
        (view(type="list"), set()),
        (webhook(headers={}), set()),
    ],
)
def test_so_are_the_credentials_of_every_url(resource, parts):
    assert literals(declared(resource)) == parts


@pytest.mark.parametrize(
    ("spec", "is_one"),
    [
        ({"x-lsops": {"secret": True}}, True),
        ({"additionalProperties": {"x-lsops": {"confidential": True}}}, True),
        ({"additionalProperties": {"type": "string"}, "x-lsops": {"merge": "deep"}}, False),
    ],
)
def test_a_field_that_may_hold_a_secret_is_known_by_its_schema(spec, is_one):
    assert mentions_secret(spec) is is_one


def test_a_field_is_neither_confidential_nor_replaced_when_emptied_unless_its_schema_says_so():
    assert (Field("x").confidential, Field("x").clear_replace) == (False, False)
