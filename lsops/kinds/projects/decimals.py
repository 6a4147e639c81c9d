"""Decimals as the API wants them (Enterprise facts 2): as text; this module holds no kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.schema import Field


def decimals_as_text(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """The values with each number of a decimal field as text, in nested objects, too."""
    return {name: _told(value, fields[name]) if name in fields else value for name, value in values.items()}


def _told(value: Any, field: Field) -> Any:
    if isinstance(value, Mapping) and field.properties:
        return decimals_as_text(value, field.properties)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number and field.compare == "decimal" else value
