"""The table of the words of `x-lsops` is the whole of them: a schema says nothing that it does not explain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsops.schema import documents

PAGE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")
TABLE = PAGE.partition("### Words of x-lsops")[2].partition("\n## ")[0]
CELLS = [line.split("|")[1] for line in TABLE.splitlines() if line.startswith("| `")]
EXPLAINED = {name for cell in CELLS for name in re.findall(r"`([a-z_]+)(?:: [a-z]+)?`", cell)}


def words(spec: Any) -> Iterator[str]:
    """Every word that a schema says of a kind or a field, at any depth."""
    inner = spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ()
    if isinstance(spec, dict):
        yield from spec.get("x-lsops", ())
    for part in inner:
        yield from words(part)


@pytest.mark.parametrize("name", sorted(documents()))
def test_every_word_of_a_schema_is_explained(name: str) -> None:
    assert set(words(documents()[name])) - EXPLAINED == set()


def test_words_are_found_at_any_depth() -> None:
    assert sorted(words({"x-lsops": {"a": 1}, "items": [{"then": {"x-lsops": {"b": {}}}}]})) == ["a", "b"]
