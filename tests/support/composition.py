"""The example for Enterprise composed without lsops, by YAML alone: the value and the place of every field."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

EXAMPLE = Path(__file__).parents[1] / "data" / "clinic"
FILES = ("lsops.yaml", "members.yaml", "projects/chest.yaml", "projects/ct.yaml")
SETTINGS = ("session_policy", "organization", "jwt_settings")
COLLECTIONS = ("members", "workspaces", "projects")
INSIDE = {"members", "webhooks", "views", "import_storages", "export_storages", "ml_backends"}
KEYS = {"members": "email", "webhooks": "url"}

Steps = tuple[str, ...]
Held = tuple[Any, tuple[str, int]]
"""A value, and the file and line of its key."""


def steps_of(pointer: str) -> Steps:
    """The parts of a JSON Pointer."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def flat(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every leaf of nested maps; a map without any is one itself, but for the outermost."""
    if isinstance(value, dict) and (value or not path):
        for name, inner in value.items():
            yield from flat(inner, (*path, name))
    else:
        yield path, value


@cache
def key_lines(name: str) -> dict[Steps, tuple[str, int]]:
    """Where each key of a file stands, by YAML's own nodes; an item of a list of texts counts as one."""
    found: dict[Steps, tuple[str, int]] = {}

    def look(node: Any, path: Steps) -> None:
        for key, inner in node.value if isinstance(node, yaml.MappingNode) else ():
            below = (*path, key.value)
            found[below] = (name, key.start_mark.line + 1)
            look(inner, below)
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            if isinstance(item, yaml.ScalarNode):
                listed = (*path, item.value)
                found[listed] = (name, item.start_mark.line + 1)

    look(yaml.compose((EXAMPLE / name).read_text("utf-8")), ())
    return found


class ExampleByYaml:
    """Every resource of the example by the parts of its address, each with the fields that it has."""

    def __init__(self, environment: str) -> None:
        self._trees = {name: yaml.safe_load((EXAMPLE / name).read_text("utf-8")) for name in FILES}
        root = self._trees["lsops.yaml"]
        self._defaults: dict[str, Any] = root["defaults"]
        self._bucket = (root["environments"][environment] if environment else root)["vars"]["bucket"]
        self.resources: dict[Steps, dict[Steps, Held]] = {}
        for file, tree in self._trees.items():
            for name in SETTINGS:
                if name in tree:
                    self._entry(tree[name], (name,), file)
            for name in COLLECTIONS:
                self._collection(tree.get(name, {}), (name,), file)

    def _collection(self, entries: Any, path: Steps, file: str) -> None:
        for key, body in entries.items() if isinstance(entries, dict) else [(key, {}) for key in entries]:
            self._entry({"role": body} if isinstance(body, str) else body, (*path, key), file)

    def _entry(self, body: dict[str, Any], path: Steps, file: str) -> None:
        base: Steps = ("defaults", "/*/".join(path[::2]))
        own = {name: value for name, value in body.items() if name not in INSIDE}
        places = key_lines(file)
        fields: dict[Steps, Held] = {
            steps: (value, key_lines("lsops.yaml")[base + steps])
            for steps, value in flat(self._defaults.get(base[1], {}))
        }
        for steps, value in flat(own):
            fields[steps] = (self._shown(steps, value), places.get(path + steps, places[path]))
        if len(path) > 1:
            fields[(KEYS.get(path[-2], "title"),)] = (path[-1], places[path])
        self.resources[path] = fields
        for name in INSIDE & body.keys():
            self._collection(body[name], (*path, name), file)

    def _shown(self, steps: Steps, value: Any) -> Any:
        """What a field holds; a header that is written out is nobody's to see."""
        if steps[0] == "headers" and not value.startswith("${"):
            return "***"
        if value == "${var:bucket}":
            return self._bucket
        if isinstance(value, str) and value.startswith("${file:../"):
            return (EXAMPLE / value.removeprefix("${file:../")[:-1]).read_text("utf-8")
        return value
