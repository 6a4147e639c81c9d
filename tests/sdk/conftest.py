"""The official SDK over HTTP, against a sandbox of each edition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio

from tests.support.sandbox import served

TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module", params=["enterprise", "community"])
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def sdk(edition: str) -> Iterator[LabelStudio]:
    """A client of a new sandbox with two projects, of ids 1 and 2."""
    with served(token=TOKEN, edition=edition) as url, httpx.Client(timeout=30) as http:
        client = LabelStudio(base_url=url, api_key=TOKEN, httpx_client=http)
        for title in ("One", "Two"):
            client.projects.create(title=title)
        yield client


def check_type(answer: Any, *, absent: set[str]) -> None:
    """The answer is what its type says, with every key but the `absent` ones and none besides."""
    type(answer).model_validate(answer.model_dump(by_alias=True))
    assert set(type(answer).model_fields) - answer.model_fields_set == absent
    assert not answer.model_extra
