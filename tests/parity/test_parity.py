"""The sandbox answers as the real Community server does."""

from __future__ import annotations

import pytest

from tests.parity.script import STEPS
from tests.parity.steps import Both

pytestmark = pytest.mark.live


@pytest.mark.parametrize("index", range(len(STEPS)), ids=[step.name for step in STEPS])
def test_the_sandbox_answers_as_the_server_does(both: Both, index: int) -> None:
    assert both.sandbox[index] == both.real[index]
