"""What works for every kind names none: a kind's name stands in `lsops/kinds/`, `schemas/` and the sandbox only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from lsops.schema import kinds

LSOPS = Path(__file__).parents[2] / "lsops"
FOLDERS = ("manifest", "engine", "operations", "cli", "render")
MODULES = ("normalize.py", "wording.py", "schema.py", "schema_bundle.py")
FILES = sorted(chain((LSOPS / name for name in MODULES), *((LSOPS / name).rglob("*.py") for name in FOLDERS)))
NAMES = frozenset(
    name for one in kinds().values() for name in (one.kind, one.collection, *one.collection.split("/")) if name != "*"
)
EXCUSED = {
    ".organization": "Facts.organization: the id of the one in which the caller is active",
    "view": "a PlanView: the plan that is being made",
    "view=": "the same as a parameter; and deepdiff's own word for the form of its answer",
}


def named(source: str) -> Iterator[str]:
    """Strings and identifiers that are the name of a kind or of a collection; docstrings and comments aside."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        for word, shown in _words(node) if id(node) not in prose else ():
            if word.strip("/") in NAMES and shown not in EXCUSED:
                yield shown


def _words(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, repr(node.value)
    elif isinstance(node, ast.Name):
        yield node.id, node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr, f".{node.attr}"
    elif isinstance(node, (ast.arg, ast.keyword)):
        yield node.arg or "", f"{node.arg}="
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name, node.name
    elif isinstance(node, ast.alias):
        yield node.asname or node.name, node.asname or node.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LSOPS)))
def test_no_kind_and_no_collection_is_named(path: Path) -> None:
    assert list(named(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 'members'", ["'members'"]),
        ("x = live.at('/members')", ["'/members'"]),
        ("x = f'{a}/members'", ["'/members'"]),
        ("def f(project): ...", ["project="]),
        ("f(project=1)", ["project="]),
        ("webhook = 1", ["webhook"]),
        ("x = a.webhooks", [".webhooks"]),
        ("import lsops.x as views", ["views"]),
        ('def f():\n    """project"""\n    return 1  # project', []),
        ("x = 'a project of many'", []),
    ],
)
def test_a_name_is_found_wherever_code_can_hold_one(source: str, found: list[str]) -> None:
    assert list(named(source)) == found
