"""What is imported with what: planning is pure in fact, and kinds are known without HTTP."""

from __future__ import annotations

import subprocess
import sys

import pytest

PLANNING = "import lsops.engine.planning"
REGISTRY = "from lsops.kinds import registry; registry()"


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [(PLANNING, ("yaml", "httpx", "click")), (REGISTRY, ("httpx", "click"))],
    ids=["planning", "all kinds"],
)
def test_nothing_heavy_is_loaded_by(statement: str, heavy: tuple[str, ...]) -> None:
    look = f"{statement}\nimport sys\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
