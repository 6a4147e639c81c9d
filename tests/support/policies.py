"""Policies for tests, and judging with them."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any

import pytest

from lsops.errors import Source
from lsops.model.policy import Effect, On, Policy

needs_cel = pytest.mark.skipif(find_spec("cel") is None, reason="the extra policy needs Python 3.11")


def rule(expression: str, *, on: On = "resource", effect: Effect = "deny", name: str = "p", **more: Any) -> Policy:
    """A policy whose expression begins at ci.yaml:1:20."""
    places = {"source": Source("ci.yaml", 1, 3), "origin": Source("ci.yaml", 1, 20)}
    rows = tuple(Source("ci.yaml", number, 20) for number in range(1, expression.count("\n") + 2))
    return Policy(name, on, effect, expression, **{**places, "rows": rows, **more})


def without_cel(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed."""
    monkeypatch.delitem(sys.modules, "cel.cel", raising=False)
    monkeypatch.setitem(sys.modules, "cel", None)
