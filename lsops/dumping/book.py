"""The files of a manifest as somebody wrote them: which has which collection, and where label configs lie."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lsops.dumping.files import LABELS, has_own_file
from lsops.dumping.spans import Page, Span
from lsops.schema import children

_FILE = re.compile(r"\$\{file:([^}]+)\}")


@dataclass(frozen=True)
class Book:
    """The files of a manifest, its own one first; overlays are not among them.

    `is_taken` says whether there is a file of a name, `found` what a glob finds once there are files of some names, and
    `include` are the manifest's own globs. With `apart` entries at the top go into files of their own, wherever the
    others stand.
    """

    pages: Mapping[str, Page]
    is_taken: Callable[[str], bool]
    found: Callable[[str, Sequence[str]], Sequence[str]]
    include: Sequence[str] = ()
    apart: bool = False

    @property
    def manifest(self) -> str:
        """The manifest's own file."""
        return next(iter(self.pages))

    def holders(self, collection: str) -> list[tuple[str, Span]]:
        """The files that write a collection, each with its value."""
        pairs = ((name, page.root.get(collection)) for name, page in self.pages.items())
        return [(name, node) for name, node in pairs if node is not None]

    def not_included(self, names: Sequence[str]) -> list[str]:
        """Those of some new files that the manifest would not find, as its `include` is to name them."""
        missing = sorted(set(names).difference(*(self.found(one, names) for one in self.include)))
        globs = sorted({posixpath.join(posixpath.dirname(name), "*.yaml") for name in missing})
        is_all = sorted(one for glob in globs for one in self.found(glob, missing)) == missing
        return globs if is_all and len(globs) < len(missing) else missing

    def labels(self) -> str:
        """The folder in which most label configs lie."""
        found: Counter[str] = Counter()
        for schema in children("").values():
            for name, node in self.holders(schema.name) if has_own_file(schema) else ():
                for _, entry in node.items:
                    texts = (value.text for _, value in entry.items if entry.kind == "map")
                    paths = (_FILE.fullmatch(text) for text in texts)
                    places = (posixpath.normpath(posixpath.join(posixpath.dirname(name), p[1])) for p in paths if p)
                    found.update(posixpath.dirname(place) for place in places if place.endswith(".xml"))
        return found.most_common(1)[0][0] if found else LABELS

    def folder(self, name: str) -> str | None:
        """The folder of files of their own, for a collection whose entries have such; None where they stand together.

        So they do in files that take another entry; but not where as many have one alone.
        """
        holders = self.holders(name)
        alone = [
            file
            for file, node in holders
            if file != self.manifest and len(node.items) == 1 and len(self.pages[file].root.items) == 1
        ]
        fitting = [len(node.items) for _, node in holders if takes_lines(node)]
        if alone and len(alone) >= max(fitting, default=0):
            return posixpath.dirname(alone[-1])
        if self.apart or (holders and not fitting):
            return name
        is_found = not holders and not self.not_included([f"{name}/{name}.yaml"])
        return name if is_found else None


def takes_lines(node: Span) -> bool:
    """Whether entries can stand beneath the others of a map, in lines of their own."""
    return node.kind == "map" and (not node.is_flow or (not node.items and not node.in_flow and node.is_bare))


class FileNames:
    """The names that are taken, for whom asks whether one is."""

    def __init__(self, is_taken: Callable[[str], bool]) -> None:
        self._is_taken = is_taken

    def __contains__(self, name: object) -> bool:
        return self._is_taken(str(name))
