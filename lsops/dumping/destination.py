"""Where in a manifest what is adopted comes to stand: behind the entries of its collection, or in a file of its own."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lsops.dumping.book import Book, FileNames, takes_lines
from lsops.dumping.essence import ordered
from lsops.dumping.files import LABELS, entry_map, has_own_file, lines_of_entry, stays_inline
from lsops.dumping.insertion import Edit, Insert, Misfit, at_the_end, behind_the_first, edited, into
from lsops.dumping.inserts import collection_insert, entry_insert, word_insert
from lsops.dumping.names import Unique, slug
from lsops.dumping.spans import Page, Span
from lsops.dumping.values import DumpedEntry, FileText
from lsops.dumping.yaml_text import field_lines, flow_text
from lsops.schema import KindSchema, children, kinds

WRITTEN_OUT = ("for_each", "template", "with")
"""Keys of an entry that is made of something else, which is nobody's to edit by hand but whoever wrote it."""

ELSEWHERE = "its entry comes from a row, a template or an overlay: write it there by hand"


@dataclass
class Placing:
    """Puts entries into the files of a book. Afterwards `texts` are the files that change or are new.

    `misfits` say by address why something has no place.
    """

    book: Book
    roots: frozenset[str]
    edits: dict[str, list[Edit]] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    misfits: dict[str, str] = field(default_factory=dict)
    top: Mapping[str, Sequence[DumpedEntry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._configs: dict[str, str] = {}
        self._files = {file.lower() for file in self.made}
        self._names: dict[tuple[str, str], Unique] = {}

    @property
    def texts(self) -> dict[str, str]:
        """The files that change, and those that are new."""
        changed = {name: edited(self.book.pages[name].text, edits) for name, edits in self.edits.items()}
        return {**changed, **self.made}

    def place(self, top: Mapping[str, Sequence[DumpedEntry]]) -> None:
        """Put in what is adopted of these entries and what lies below them."""
        self.top = top
        for name, entries in top.items():
            schema = children("")[name]
            new = self._new(entries)
            if new:
                try:
                    self._at_top(name, new, schema)
                except Misfit as problem:
                    self.misfits.update({one.address: str(problem) for one in new})
            for entry in entries:
                if entry.address not in self.roots and any(one.address in self.roots for one in entry.each()):
                    self._in_entry(entry, name)
        try:
            self._include()
        except Misfit as problem:
            self.misfits.update(dict.fromkeys(self.roots, f"include: {problem}"))

    def _new(self, entries: Iterable[DumpedEntry]) -> list[DumpedEntry]:
        """What is adopted of some entries, and can be more than a comment."""
        return [one for one in entries if one.address in self.roots and not one.required]

    # ---- at the top --------------------------------------------------------------------------

    def _at_top(self, name: str, new: Sequence[DumpedEntry], schema: KindSchema) -> None:
        folder = None if schema.singleton else self.book.folder(name)
        if folder is not None:
            for entry in new:
                self._in_own_file(entry, name, folder)
            return
        holders = [] if schema.singleton else [one for one in self.book.holders(name) if takes_lines(one[1])]
        if holders:
            file, node = max(holders, key=lambda one: len(one[1].items))
            self._into(file, node, self.book.pages[file].root.key(name), self._pieces(new, file))
            return
        for entry in new:
            self._file_config(entry, self.book.manifest)
        own = self.book.manifest
        self._edit(own, at_the_end(self._page(own), [collection_insert(name, new, schema)]))

    def _in_own_file(self, entry: DumpedEntry, name: str, folder: str) -> None:
        file = self._new_file(folder, slug(entry.name, name), ".yaml")
        self._file_config(entry, file)
        self.made[file] = "\n".join((f"{name}:", *lines_of_entry(entry, 2))) + "\n"

    def _new_file(self, folder: str, name: str, ending: str) -> str:
        """A file in a folder that nobody has, nor any other that is new here."""
        taken = FileNames(lambda one: self._is_taken(f"{folder}/{one}{ending}"))
        names = self._names.setdefault((folder, ending), Unique(taken))
        file = posixpath.normpath(f"{folder}/{names.of(name)}{ending}")
        self._files.add(file.lower())
        return file

    def _is_taken(self, file: str) -> bool:
        file = posixpath.normpath(file)
        return file.lower() in self._files or self.book.is_taken(file)

    def _include(self) -> None:
        """Name the new files that the manifest would not find."""
        files = [name for name in self.made if name.endswith(".yaml")]
        missing = self.book.not_included(files) if files else []
        if not missing:
            return
        page = self._page(self.book.manifest)
        node = page.root.get("include")
        pieces = list(map(word_insert, missing))
        if node is not None:
            self._into(self.book.manifest, node, page.root.key("include"), pieces)
            return
        whole = Insert(lambda indent: field_lines("include", missing, indent), lambda: f"include: {flow_text(missing)}")
        self._edit(self.book.manifest, behind_the_first(page, whole))

    def _file_config(self, entry: DumpedEntry, file: str) -> None:
        """Put the label config of an entry into a file beside the others."""
        schema = kinds()[entry.live.kind]
        for item in ordered(schema, entry.live.type or "") if has_own_file(schema) else ():
            text = entry.values.get(item.name)
            if item.compare == "xml" and isinstance(text, str) and not stays_inline(text):
                place = self._configs.get(text) or self._new_config(entry, text)
                path = posixpath.relpath(place, posixpath.dirname(file) or ".")
                entry.values[item.name] = FileText(text, path)

    @cached_property
    def _labels(self) -> str:
        return self.book.labels()

    def _new_config(self, entry: DumpedEntry, text: str) -> str:
        place = self._configs[text] = self._new_file(self._labels, slug(entry.name, LABELS), ".xml")
        self.made[place] = text + "\n"
        return place

    # ---- in an entry -------------------------------------------------------------------------

    def _in_entry(self, entry: DumpedEntry, collection: str) -> None:
        """Put what is adopted below an entry into the text that declares it."""
        for file, node in self.book.holders(collection):
            found = node.get(entry.name)
            if found is not None:
                self._below(entry, found, file, node.key(entry.name))
                return
        self._refuse(entry, ELSEWHERE)

    def _below(self, entry: DumpedEntry, node: Span, file: str, key: Span | None) -> None:
        word = next((word for word in WRITTEN_OUT if node.get(word) is not None), None)
        if word is not None:
            self._refuse(entry, f"its entry in {file} has {word}, and is not edited: write it by hand")
            return
        own = children(kinds()[entry.live.kind].collection)
        added: list[Insert] = []
        for name, entries in entry.children.items():
            new = self._new(entries)
            inner = node.get(name)
            if new and inner is None:
                added.append(collection_insert(name, new, own[name]))
            elif new and inner is not None:
                self._try(new, file, inner, node.key(name))
            for one in entries:
                self._deeper(one, inner, file)
        if added:
            self._try([one for below in entry.children.values() for one in below], file, node, key, added)

    def _deeper(self, entry: DumpedEntry, inner: Span | None, file: str) -> None:
        """Put what is adopted below a child that is declared itself into the child's text."""
        if entry.address in self.roots or not any(each.address in self.roots for each in entry.each()):
            return
        found = inner.get(entry.name) if inner is not None else None
        if found is None or inner is None:
            self._refuse(entry, ELSEWHERE)
        else:
            self._below(entry, found, file, inner.key(entry.name))

    def _try(
        self,
        new: Sequence[DumpedEntry],
        file: str,
        node: Span,
        key: Span | None,
        pieces: Sequence[Insert] = (),
    ) -> None:
        try:
            self._into(file, node, key, pieces or self._pieces(new, file, node))
        except Misfit as problem:
            self.misfits.update({one.address: f"{file}: {problem}" for one in new if one.address in self.roots})

    def _refuse(self, entry: DumpedEntry, why: str) -> None:
        self.misfits.update({one.address: why for one in entry.each() if one.address in self.roots})

    # ---- pieces ------------------------------------------------------------------------------

    def _pieces(self, new: Sequence[DumpedEntry], file: str, node: Span | None = None) -> list[Insert]:
        if node is not None and node.kind == "list":
            if not node.is_list_of_words() or any(entry_map(one) for one in new):
                raise Misfit("the collection is a list, and the entry is more than a name: make it a map")
            return [word_insert(one.name) for one in new]
        for entry in new:
            self._file_config(entry, file)
        return [entry_insert(one) for one in new]

    def _into(self, file: str, node: Span, key: Span | None, pieces: Sequence[Insert]) -> None:
        self._edit(file, into(self._page(file), node, key, pieces))

    def _page(self, file: str) -> Page:
        return self.book.pages[file]

    def _edit(self, file: str, edits: Iterable[Edit]) -> None:
        self.edits.setdefault(file, []).extend(edits)


def written(entries: Iterable[DumpedEntry]) -> Iterator[DumpedEntry]:
    """The entries, with those below, that are more than comments."""
    for entry in entries:
        if not entry.required:
            yield entry
            for inner in entry.children.values():
                yield from written(inner)
