"""Labels that change their names while annotations use them: which of them, and what becomes of a result. Pure.

The server's own action renames a label where the results keep it under the lower-case name of their control
(Community facts 11). Measured one by one on 1.23.2, it does nothing, and answers 200, for the paths of a `Taxonomy` and
of nested `Choices`, for regions of a video, whose results have the name of the control that marks them, and on SQLite
for a label that JSON does not write as it is: with letters beyond ASCII, a quote or a backslash.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lsops.labelconfig.interface import ConfigEntry, label_values, to_names
from lsops.labelconfig.losses import label_source
from lsops.labelconfig.sides import Side, side

Triple = tuple[str, str, str]
"""A control, the old name of one of its labels, and the new one."""

_VIDEO_SHAPES = frozenset({"VideoRectangle", "VideoVector"})
"""Controls whose results hold the labels of another one."""
_WRITTEN_AS_IT_IS = re.compile(r"[ !#-\[\]-~]*")
"""What JSON writes without an escape."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """A label of a control whose results hold it, under `key` of their values, by the name `old` until now.

    `carriers` are other controls whose results hold it, under `labels`. `merges`: the results may hold `new` already,
    and mean another label by it. `by_hand` says why the server's action does not do it for all, `refusal` why nobody
    can; both are empty where nothing is the matter. `is_plain` says that the action finds the label on any database.
    """

    control: str
    old: str
    new: str
    key: str
    carriers: frozenset[str] = frozenset()
    merges: bool = False
    by_hand: str = ""
    is_plain: bool = True
    refusal: str = ""

    def labels_of(self, region: Mapping[str, Any]) -> Sequence[Any]:
        """The labels of a region, if they are of this control; of a taxonomy they are paths."""
        value, name = region.get("value"), region.get("from_name")
        if not isinstance(value, Mapping):
            return ()
        key = self.key if name == self.control else "labels" if name in self.carriers else ""
        found = value.get(key)
        return found if isinstance(found, list) else ()

    def applied(self, region: Mapping[str, Any]) -> Mapping[str, Any]:
        """The region with the new name, once in a list; the region itself where there is nothing to rename."""
        labels = self.labels_of(region)
        renamed = [self._renamed(label) for label in labels]
        once = [label for number, label in enumerate(renamed) if not self._is_again(label, renamed[:number])]
        if once == labels or not labels:
            return region
        key = self.key if region.get("from_name") == self.control else "labels"
        return {**region, "value": {**region["value"], key: once}}

    def _renamed(self, label: Any) -> Any:
        if isinstance(label, list):
            return [self.new if part == self.old else part for part in label]
        return self.new if label == self.old else label

    def _is_again(self, label: Any, earlier: Sequence[Any]) -> bool:
        return _names(label, self.new) and label in earlier


def holding(renaming: Renaming, result: Sequence[Any], name: str) -> int:
    """How many labels of an annotation's result are of that name, or paths through it."""
    regions = (region for region in result if isinstance(region, Mapping))
    return sum(_names(label, name) for region in regions for label in renaming.labels_of(region))


def relabelled(result: Sequence[Any], renamings: Sequence[Renaming]) -> list[Any]:
    """An annotation's result with every label by its new name; what is not of these controls stays as it is."""
    found = list(result)
    for one in renamings:
        found = [one.applied(region) if isinstance(region, Mapping) else region for region in found]
    return found


def _names(label: Any, name: str) -> bool:
    return name in label if isinstance(label, list) else bool(label == name)


def renamings(before: str, after: str, triples: Sequence[Triple]) -> tuple[Renaming, ...]:
    """Those that a change of a label config makes: the old name is in the config until now, and not after it.

    Raises `LabelConfigError` as `parse` does.
    """
    if not triples:
        return ()
    old, new = side(before), side(after)
    names = dict.fromkeys(control for control, _, _ in triples if control in old.controls)
    found = {name: _Renamed(old, new.controls.get(name), name) for name in names}
    targets = Counter((control, later) for control, _, later in dict.fromkeys(triples))
    return tuple(
        found[control].renaming(earlier, later, is_shared=targets[control, later] > 1)
        for control, earlier, later in triples
        if control in found and found[control].makes(earlier, later)
    )


class _Renamed:
    """A control of which labels are renamed: what is asked for each of them, and is the same for all."""

    def __init__(self, old: Side, new: ConfigEntry | None, name: str) -> None:
        self._name, self._entry = name, old.controls[name]
        self._held = frozenset(label_values(self._entry))
        is_same = new is not None and self._entry.node.tag == new.node.tag
        self._left = frozenset(label_values(new)) if new is not None and is_same else frozenset()
        self._carriers, rivals = _carriers(old, name)
        self._rivals = {rival: frozenset(label_values(old.controls[rival])) for rival in rivals}
        self._by_hand, self._refusal = _by_hand(self._entry, self._carriers), _unrenamable(self._entry)

    def makes(self, earlier: str, later: str) -> bool:
        """Whether the change takes the one away and has the other."""
        return earlier in self._held and earlier not in self._left and later in self._left

    def renaming(self, earlier: str, later: str, *, is_shared: bool) -> Renaming:
        """The renaming of a label; with `is_shared` others get the same new name."""
        return Renaming(
            self._name,
            earlier,
            later,
            self._entry.node.tag.lower(),
            self._carriers,
            merges=is_shared or later in self._held,
            by_hand=self._by_hand,
            is_plain=bool(_WRITTEN_AS_IT_IS.fullmatch(earlier)),
            refusal=self._doubt(earlier) or self._refusal,
        )

    def _doubt(self, label: str) -> str:
        """Why it cannot be told whose the label of a region is; empty where it can."""
        rival = next((name for name, labels in self._rivals.items() if label in labels), None)
        if rival is None or not self._carriers:
            return ""
        return f'regions of {min(self._carriers)} do not tell whether such a label is of it or of "{rival}"'


def unrenamable_controls(text: str) -> Mapping[str, str]:
    """Why the labels of some controls cannot be renamed in annotations. Raises `LabelConfigError` as `parse` does."""
    return {name: reason for name, entry in side(text).controls.items() if (reason := _unrenamable(entry))}


def _unrenamable(entry: ConfigEntry) -> str:
    """Why the labels of a control cannot be renamed in annotations at all; empty where they can."""
    node = entry.node
    if "{{" in node.attributes["name"]:
        return "it stands in a Repeater, so that its results have another name in each repetition"
    if node.tag == "Pairwise":
        return "a Pairwise keeps which side was chosen, in no list of labels"
    if source := label_source(node):
        return f"its labels come from {source}, too, where they keep their names"
    return ""


def _by_hand(entry: ConfigEntry, carriers: frozenset[str]) -> str:
    if entry.node.tag == "Taxonomy":
        return "a Taxonomy keeps paths"
    if entry.node.tag == "Choices" and any(child.tag == "Choice" for one in entry.labels for child in one.children):
        return "nested choices are kept as paths"
    if carriers:
        return f"regions of {', '.join(sorted(carriers))} hold it"
    return ""


def _carriers(old: Side, control: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The controls of a video whose regions hold labels of a `Labels`, and those whose labels they may be as well."""
    entry = old.controls[control]
    if entry.node.tag != "Labels":
        return frozenset(), ()
    targets = set(to_names(entry.node))
    shapes = frozenset(
        name
        for name, other in old.controls.items()
        if other.node.tag in _VIDEO_SHAPES and targets & set(to_names(other.node))
    )
    return shapes, tuple(_rivals(old, control, targets))


def _rivals(old: Side, control: str, targets: set[str]) -> Iterator[str]:
    for name, other in old.controls.items():
        if name != control and other.node.tag == "Labels" and targets & set(to_names(other.node)):
            yield name


def likely_renamings(before: str, after: str) -> tuple[Triple, ...]:
    """Where one label of a control goes and one comes that is like it in all but its name.

    Raises `LabelConfigError` as `parse` does.
    """
    old, new = side(before), side(after)
    return tuple(
        (name, *found)
        for name, entry in old.controls.items()
        if name in new.controls and (found := _alike(entry, new.controls[name])) and not _unrenamable(entry)
    )


def _alike(old: ConfigEntry, new: ConfigEntry) -> tuple[str, str] | None:
    before, after = dict.fromkeys(label_values(old)), dict.fromkeys(label_values(new))
    gone, came = list(before.keys() - after.keys()), list(after.keys() - before.keys())
    if len(gone) != 1 or len(came) != 1 or old.node.tag != new.node.tag:
        return None
    return (gone[0], came[0]) if _looks(old, gone[0]) == _looks(new, came[0]) else None


def _looks(entry: ConfigEntry, label: str) -> list[dict[str, str]]:
    """The attributes of a label beside what it is called."""
    names = ("value", "alias")
    return [
        {name: value for name, value in node.attributes.items() if name not in names}
        for node in entry.labels
        if label in (node.attributes.get("alias"), node.attributes.get("value"))
    ]
