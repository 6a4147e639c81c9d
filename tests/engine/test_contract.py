"""The contract of kinds stays small: what only some can do is a capability, and asked for by its type."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from lsops.kinds import Kind, capabilities, registry

KINDS = Path(__file__).parents[2] / "lsops" / "kinds"
MOST = 10
CAPABILITIES = [
    one for _, one in inspect.getmembers(capabilities, inspect.isclass) if one.__module__ == capabilities.__name__
]


def test_a_kind_has_few_methods() -> None:
    own = [name for name, value in vars(Kind).items() if inspect.isfunction(value)]
    assert len(own) <= MOST, own


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.__name__)
def test_a_capability_is_one_that_some_kinds_have_and_some_have_not(capability: type) -> None:
    having = [name for name, kind in registry().items() if isinstance(kind, capability)]
    assert 0 < len(having) < len(registry())


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.__name__)
def test_every_method_of_a_capability_says_what_it_promises(capability: type) -> None:
    methods = inspect.getmembers(capability, inspect.isfunction)
    assert [name for name, method in methods if not method.__doc__] == []


@pytest.mark.parametrize("path", sorted(KINDS.rglob("*.py")), ids=lambda path: str(path.relative_to(KINDS)))
def test_no_argument_is_deleted_only_because_nobody_uses_it(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    deleted = [target for node in nodes if isinstance(node, ast.Delete) for target in node.targets]
    assert [target.id for target in deleted if isinstance(target, ast.Name)] == []
