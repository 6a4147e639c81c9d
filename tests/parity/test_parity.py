"""The sandbox answers as the real Community server does."""

from __future__ import annotations

import pytest

from tests.parity.script import PARTS
from tests.parity.steps import Both

pytestmark = pytest.mark.live


@pytest.mark.parametrize("part", PARTS)
def test_the_sandbox_answers_as_the_server_does(both: Both, part: str) -> None:
    steps = zip(PARTS[part], both.sandbox[part], both.real[part], strict=True)
    assert {
        f"{step.name}, step {number}": (here, there)
        for number, (step, here, there) in enumerate(steps)
        if here != there
    } == {}
