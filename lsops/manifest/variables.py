"""The variables of `${var:NAME}`: where they come from, and text that becomes a number or boolean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsops.manifest.positions import Map
from lsops.manifest.scalars import CONSTANTS, FLOAT, INTEGER, floating, integer

LSOPS_VAR = "LSOPS_VAR_"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's value; `is_text` where the environment or `--var` gave it, which know text only."""

    value: Any
    is_text: bool = False


def variables(*blocks: Any, env: Mapping[str, str], given: Mapping[str, str]) -> dict[str, Variable]:
    """Every variable, later sources over earlier: the blocks in their order, the environment, `--var`."""
    found = {name: Variable(value) for block in blocks if isinstance(block, Map) for name, value in block.items()}
    length = len(LSOPS_VAR)
    found |= {name[length:]: Variable(value, True) for name, value in env.items() if name.startswith(LSOPS_VAR)}
    return found | {name: Variable(value, True) for name, value in given.items()}


def converted(text: str, types: frozenset[str]) -> Any:
    """The number or boolean that a text stands for, by the types a schema allows; `ValueError` where it is none."""
    if "boolean" in types and isinstance(CONSTANTS.get(text), bool):
        return CONSTANTS[text]
    if {"integer", "number"} & types and INTEGER.fullmatch(text):
        return integer(text)
    if "number" in types and FLOAT.fullmatch(text):
        return floating(text)
    raise ValueError(text)
