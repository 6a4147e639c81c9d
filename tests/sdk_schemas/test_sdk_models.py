"""Connections, prompts and versions: their fields against the parameters of the official SDK, both ways."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.schema import kinds
from tests.sdk_schemas.test_sdk_schemas import CLIENT, EXCEPTIONS, fields_of, parameters, required

METHODS: dict[str, Any] = {
    "model_provider": CLIENT.model_providers,
    "prompt": CLIENT.prompts,
    "prompt_version": CLIENT.prompts.versions,
}
IN_PATH = {"prompt_id", "version_id"}


@pytest.mark.parametrize("method", ["create", "update"])
@pytest.mark.parametrize("kind", METHODS)
def test_models_have_the_fields_of_the_sdk(kind: str, method: str) -> None:
    sent = parameters(getattr(METHODS[kind], method)) - IN_PATH

    assert fields_of(kind) - sent == set()
    assert sent - fields_of(kind) == set(EXCEPTIONS[kind]["only_sdk"])


@pytest.mark.parametrize("kind", METHODS)
def test_what_the_sdk_requires_of_models_is_required(kind: str) -> None:
    needed = required(METHODS[kind].create) - IN_PATH

    assert needed <= {*kinds()[kind].documents[""]["required"], *kinds()[kind].keys}
