"""A class or a public function has a name of its own: who reads it knows what is meant, wherever it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

LSOPS = Path(__file__).parents[2] / "lsops"
WORLDS = ("sandbox",)
"""What shares nothing with the rest may have its words for itself."""
CONTRACTS = {"command", "complaints"}
"""What every module of a folder defines: a verb's command, what a part of the label config checks complains about."""
DOORS = {"api"}
"""The public API, which gives what others define."""


def defined(path: Path) -> Iterator[str]:
    """The classes and public functions of a module."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
            yield node.name


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(LSOPS.rglob("*.py")):
        name = path.relative_to(LSOPS).with_suffix("").as_posix()
        if name not in DOORS and not name.startswith(WORLDS):
            yield name, path


def test_no_two_modules_define_one_name() -> None:
    first: dict[str, str] = {}
    again = [
        f"{name}: {module} and {first[name]}"
        for module, path in modules()
        for name in defined(path)
        if name not in CONTRACTS and first.setdefault(name, module) != module
    ]
    assert again == []
