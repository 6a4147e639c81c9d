"""What identifies a resource where several fields do together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lsops.identity import referring
from lsops.model.resource import Resource
from lsops.schema import KindSchema, kinds, referred

PARTS = ("provider", "deployment_name", "endpoint")
ONLY_AZURE = {"deployment_name": {"provider": ["AzureOpenAI"]}}


@pytest.fixture
def schema() -> KindSchema:
    return replace(kinds()["workspace"], key="", keys=PARTS, key_where=ONLY_AZURE)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"provider": "OpenAI"}, "OpenAI"),
        ({"provider": " OpenAI ", "endpoint": None, "deployment_name": ""}, "OpenAI"),
        ({"provider": "OpenAI", "deployment_name": "left over"}, "OpenAI"),
        ({"provider": "AzureOpenAI", "deployment_name": "gpt"}, "AzureOpenAI (deployment_name gpt)"),
        ({"provider": "Custom", "endpoint": "https://llm"}, "Custom (endpoint https://llm)"),
        ({"provider": "Custom", "endpoint": "https://me:pw@llm/?key=1"}, "Custom (endpoint https://***@llm/?***)"),
        (
            {"provider": "AzureOpenAI", "deployment_name": "a", "endpoint": "b"},
            "AzureOpenAI (deployment_name a, endpoint b)",
        ),
        ({}, ""),
    ],
)
def test_the_key_is_a_text_of_the_fields_that_have_a_value_and_count(
    schema: KindSchema, row: dict[str, Any], key: str
) -> None:
    assert schema.key_of(row) == key


def test_a_value_in_one_field_is_not_taken_for_the_same_value_in_another(schema: KindSchema) -> None:
    by_name = schema.key_of({"provider": "AzureOpenAI", "deployment_name": "x"})

    assert by_name != schema.key_of({"provider": "AzureOpenAI", "endpoint": "x"})


def test_messages_name_all_fields_of_a_key(schema: KindSchema) -> None:
    assert schema.key_words == "identity (provider, deployment_name, endpoint)"
    assert kinds()["workspace"].key_words == "title"


def test_other_entries_name_one_of_several_fields_by_its_own_name(schema: KindSchema) -> None:
    item = Resource("workspace", "/workspaces/our ~1 model", "OpenAI", {"provider": "OpenAI"})

    assert referring(schema)(item) == "our / model"
    assert referring(kinds()["workspace"])(item) == "OpenAI" == referred(item)[1]
