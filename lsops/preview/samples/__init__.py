"""Sample tasks, with which the labelling interface of a config can be drawn offline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lsops.labelconfig.tree import parse
from lsops.preview.samples.example import Example, in_comment, of_task, offline
from lsops.preview.samples.regions import sample_regions
from lsops.preview.samples.variables import deciding, filled, repeated, uses

_FETCHED_TEXT = re.compile(
    r"""(<(Text|HyperText|RichText|Paragraphs|Table)\s[^>]*?\bvalueType\s*=\s*)(?:"url"|'url')""", re.IGNORECASE
)


def drawable(config: str) -> str:
    """The config as it is drawn offline with its sample task: texts stand in the task, wherever they come from.

    The editor takes only `http` for a text that is fetched, and no `data:` (measured, 1.23.2).
    """
    return _FETCHED_TEXT.sub(_in_the_task, config)


def _in_the_task(found: re.Match[str]) -> str:
    return f'{found[1]}"text"' if found[2].lower().endswith("text") else f'{found[1]}"json"'


def sample_task(config: str, given: Mapping[str, object] | None = None) -> dict[str, Any]:
    """A task for a label config, as `{"data": {...}, "annotations": [{"id": 1, "result": [...]}]}`.

    Each variable has a value: the one in `given` (a task, or bare data), else that of the example in a comment of the
    config, else a made-up one. The annotation has the example's regions, else one region for each control that makes
    regions. Nothing in it has to be fetched: what would be is made up. The same config gives the same task everywhere.

    Raises:
        LabelConfigError: the config cannot be read.
    """
    root = parse(config)
    own, theirs = in_comment(config), of_task(dict(given or {}))
    tree = repeated(root, {**own.data, **theirs.data})
    decided = deciding(uses(tree))
    example = offline(Example({**own.data, **theirs.data}, _theirs(own, theirs)), decided)
    data = {**filled(decided), **example.data}
    return {"data": data, "annotations": [{"id": 1, "result": example.result or sample_regions(tree, data)}]}


def _theirs(own: Example, theirs: Example) -> list[Any]:
    """The regions that lie on the data: those of the config's example only where no other data are given."""
    return theirs.result if theirs.data or theirs.result else own.result
