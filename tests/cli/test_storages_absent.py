"""Not collected: what of storages does not work yet. Run with `pytest tests/cli/_pending_storages.py`."""

from __future__ import annotations

import httpx
import pytest

from tests.cli.test_storages import apply, nothing_to_do, rows, write
from tests.support.cli import Lsops
from tests.support.storage_values import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_absent_storage_needs_no_more_than_its_type(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    """Today LS101 asks for every required field of what is to be deleted."""
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    write(lsops, case, {"raw": {"type": case.type, "lifecycle": {"absent": True}}})
    apply(lsops, "--allow-deletes", "1")
    assert rows(enterprise, case) == {}
    nothing_to_do(lsops)
