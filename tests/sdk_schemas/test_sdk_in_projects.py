"""Webhooks, views and ML backends against the official SDK: its parameters, its types and their enumerations."""

from __future__ import annotations

import inspect
import re
import typing
from typing import Any

import label_studio_sdk.types as sdk
import pytest

from lsops.schema import kinds, of_server
from tests.sdk_schemas.test_sdk_schemas import CLIENT, EXCEPTIONS, METHODS, fields_of, parameters, required

REST = {"webhook": CLIENT.webhooks, "organization_webhook": CLIENT.webhooks, "ml_backend": CLIENT.ml}
ANSWERS = {"webhook": sdk.Webhook, "organization_webhook": sdk.Webhook, "view": sdk.View, "ml_backend": sdk.MlBackend}
CONDITION = sdk.PrepareParamsFiltersRequestItemsItem
CHILD = sdk.PrepareParamsFiltersRequestItemsItemChildFiltersItem
FILTERS = kinds()["view"].fields()["filters"].raw
ITEM = FILTERS["properties"]["items"]["items"]
CHILD_FORMS = {
    "child_filter": ITEM["properties"]["child_filter"],
    "child_filters": ITEM["properties"]["child_filters"]["items"],
}


def excepted(kind: str, which: str) -> set[str]:
    return set(EXCEPTIONS[kind].get(which, ()))


def names_of(model: Any) -> set[str]:
    return set(model.model_fields)


def needed_in(model: Any) -> set[str]:
    return {name for name, field in model.model_fields.items() if field.is_required()}


def words_of(annotation: Any) -> set[str]:
    """The words of every enumeration inside a type."""
    if typing.get_origin(annotation) is typing.Literal:
        return set(typing.get_args(annotation))
    return set().union(*(words_of(inner) for inner in typing.get_args(annotation)))


def word_exceptions(kind: str, field: str, which: str) -> set[str]:
    return set(EXCEPTIONS[kind].get("words", {}).get(field, {}).get(which, ()))


# ---- parameters --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", REST)
def test_every_field_is_a_parameter(kind, method):
    assert fields_of(kind) - parameters(getattr(REST[kind], method)) == excepted(kind, "only_schema")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", REST)
def test_every_parameter_is_a_field(kind, method):
    sent = parameters(getattr(REST[kind], method))
    assert sent - fields_of(kind) == excepted(kind, "only_sdk") & sent


@pytest.mark.parametrize("kind", REST)
def test_what_the_sdk_requires_is_required_or_the_key(kind):
    schema = kinds()[kind]
    ours = {*schema.documents[""].get("required", ()), schema.key, *excepted(kind, "only_sdk")}
    assert required(REST[kind].create) <= ours


@pytest.mark.parametrize("kind", REST)
def test_no_exception_is_out_of_date(kind):
    sent = parameters(REST[kind].create) | parameters(REST[kind].update)
    assert excepted(kind, "only_sdk") <= sent - fields_of(kind)
    assert excepted(kind, "only_schema") <= fields_of(kind) - sent


@pytest.mark.parametrize("method", METHODS)
def test_a_view_is_sent_in_data_beside_its_project_and_nothing_else(method):
    assert parameters(getattr(CLIENT.views, method)) == {"data", *excepted("view", "only_sdk")}


def test_the_fields_of_a_view_are_the_keys_of_the_sdks_data():
    keys, fields = names_of(sdk.ViewDataRequestRequest), fields_of("view") - {"data"}
    assert fields - keys == excepted("view", "only_schema")
    assert keys - fields == set()
    assert sdk.ViewDataRequestRequest.model_config["extra"] == "allow"


# ---- filters -----------------------------------------------------------------------------------


def test_filters_have_the_keys_of_the_sdk():
    assert set(FILTERS["properties"]) == names_of(sdk.PrepareParamsFiltersRequest)
    assert set(FILTERS["required"]) == needed_in(sdk.PrepareParamsFiltersRequest)


def test_a_condition_has_the_keys_of_the_sdk():
    assert set(ITEM["properties"]) - names_of(CONDITION) == excepted("view", "condition")
    assert names_of(CONDITION) - set(ITEM["properties"]) == set()
    assert set(ITEM["required"]) == needed_in(CONDITION)


@pytest.mark.parametrize("form", CHILD_FORMS.values(), ids=CHILD_FORMS.keys())
def test_a_second_condition_has_the_keys_of_the_sdk(form):
    assert set(form["properties"]) == names_of(CHILD)
    assert set(form["required"]) == needed_in(CHILD)


@pytest.mark.parametrize("form", [ITEM, *CHILD_FORMS.values()], ids=["condition", *CHILD_FORMS])
def test_operators_are_those_of_the_sdk(form):
    ours = set(form["properties"]["operator"]["enum"])
    theirs = words_of(sdk.PrepareParamsFiltersRequestItemsItemOperator)
    assert ours - theirs == word_exceptions("view", "operator", "only_schema")
    assert theirs - ours == set()


def test_every_column_that_the_sdk_names_has_the_form_of_one():
    for form in (ITEM, *CHILD_FORMS.values()):
        pattern = re.compile(form["properties"]["filter"]["pattern"])
        assert all(map(pattern.search, words_of(sdk.PrepareParamsFiltersRequestItemsItemFilter)))
    ordering = re.compile(kinds()["view"].fields()["ordering"].raw["items"]["pattern"])
    assert all(map(ordering.search, words_of(sdk.PrepareParamsOrderingRequestItem)))


def test_conjunctions_are_those_of_the_sdk():
    assert set(FILTERS["properties"]["conjunction"]["enum"]) == words_of(sdk.ConjunctionEnum)


# ---- enumerations and answers ------------------------------------------------------------------


def annotation(method: Any, name: str) -> Any:
    return inspect.signature(method).parameters[name].annotation


@pytest.mark.parametrize("method", METHODS)
def test_events_are_those_of_the_sdk(method):
    ours = set(kinds()["webhook"].fields()["actions"].raw["items"]["enum"])
    theirs = words_of(annotation(getattr(CLIENT.webhooks, method), "actions"))
    assert theirs - ours == word_exceptions("webhook", "actions", "only_sdk")
    assert ours - theirs == set()


@pytest.mark.parametrize("method", METHODS)
def test_methods_of_authentication_are_those_of_the_sdk(method):
    ours = set(kinds()["ml_backend"].fields()["auth_method"].raw["enum"])
    assert ours == words_of(annotation(getattr(CLIENT.ml, method), "auth_method"))


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_an_answer_has_is_a_field_so_that_a_manifest_that_sets_it_is_told_why_not(kind):
    assert names_of(ANSWERS[kind]) - set(kinds()[kind].fields()) == excepted(kind, "response")


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_an_answer_has_and_no_request_is_read_only(kind):
    method = CLIENT.views if kind == "view" else REST[kind]
    fields = kinds()[kind].fields()
    kept = names_of(ANSWERS[kind]) - parameters(method.create) - names_of(sdk.ViewDataRequestRequest)
    assert kept & set(of_server(fields)) == set()
