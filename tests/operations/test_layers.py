"""What an operation must not do, seen in a fresh process and in its source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import lsops.operations
from lsops.schema import kinds

FOLDER = Path(lsops.operations.__file__).parent
MODULES = sorted(FOLDER.glob("*.py"))
PRINTING = frozenset({"print", "input", "stdout", "stderr", "stdin", "environ", "getenv", "exit"})
NAMES = frozenset(kinds()) | {kind.name for kind in kinds().values()}
"""Those of all kinds and collections."""


def words(path: Path) -> Iterator[str]:
    """Every name, attribute and string of a module, but for what it imports and its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value.strip("/")


def test_operations_load_nothing_of_the_command_line() -> None:
    modules = ", ".join(f"lsops.operations.{path.stem}" for path in MODULES if path.stem != "__init__")
    seen = "sorted({'lsops.cli', 'lsops.sandbox'} & set(sys.modules))"  # httpx brings click with it
    found = subprocess.run(
        [sys.executable, "-c", f"import sys, {modules}; print({seen})"], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["load", "validate"])
def test_what_needs_no_server_loads_no_client(module: str) -> None:
    code = f"import sys, lsops.operations.{module}; print({{'httpx', 'lsops.kinds'}} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_an_operation_neither_prints_nor_reads_the_environment(path: Path) -> None:
    assert not PRINTING & set(words(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_an_operation_names_no_kind(path: Path) -> None:
    assert not NAMES & set(words(path))
