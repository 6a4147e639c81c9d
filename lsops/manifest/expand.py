"""Writing out what a manifest says once for many: `for_each`, and the templates beneath entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsops.manifest.findings import Findings, quote
from lsops.manifest.given import ROWS, Binder, Scope, mentioned, unknown_name
from lsops.manifest.positions import Map, Place, source_of
from lsops.manifest.references import References
from lsops.manifest.rows import Numbered, Rows, numbered
from lsops.manifest.templates import NO_SCOPE, TEMPLATE, WITH, Laid, Templates
from lsops.model.address import below, join
from lsops.schema import KindSchema, children
from lsops.spelling import Near

WORDS = (TEMPLATE, WITH, ROWS)
"""The keys of an entry that are gone once it is written out."""


Beneath = dict[str, list[Laid]]
"""What templates lay beneath entries, by their addresses, the uppermost first."""


def expand(tree: Map, references: References, findings: Findings, beneath: Beneath) -> Map:
    """The tree with every entry written out, and without `templates`; `beneath` is filled with what these laid.

    What an entry takes from a row or a template keeps its place there. An entry that cannot be written out is left
    out, with findings.
    """
    expansion = _Expansion(tree, references, findings)
    expansion.templates.laid = beneath
    return expansion.tree(tree)


class _Expansion:
    def __init__(self, tree: Map, references: References, findings: Findings) -> None:
        self._findings = findings
        self._binder = Binder(findings)
        self._rows = Rows(references, findings)
        written = tree.get("templates")
        self.templates = Templates(written, self._binder, references, findings)
        if written is not None and not isinstance(written, Map):
            source = tree.key_source("templates")
            findings.error("LS215", "templates must be a map of names", source=source)

    def tree(self, tree: Map) -> Map:
        result = tree.only(key for key in tree if key != "templates")
        self._children(result, "", NO_SCOPE, "")
        return result

    def _children(self, owner: Map, above: str, scope: Scope, address: str) -> None:
        """Write out the collections of an entry, or of the top, which is a copy already."""
        for name, kind in children(above).items():
            entries = owner.get(name)
            if isinstance(entries, Map) and not kind.singleton:
                where = below(address, name) if address else join(name)
                owner[name] = self._collection(kind, entries, scope, where)

    def _collection(self, kind: KindSchema, entries: Map, scope: Scope, address: str) -> Map:
        if not any(map(self._is_concerned, entries.values())):
            return entries
        result = Map()
        for key, body in entries.items():
            place = entries.places[key]
            for name, written, at, inner in self._written(kind, key, body, place, scope, address):
                if name in result:
                    self._refuse_twice(name, at, result.places[name])
                else:
                    result.put(name, written, at)
                    if isinstance(written, Map):
                        self._children(written, kind.collection, inner, below(address, name))
        return result

    def _is_concerned(self, body: Any) -> bool:
        """Whether an entry, or one below it, has something to write out."""
        if not isinstance(body, Map):
            return False
        if any(word in body for word in WORDS):
            return True
        return any(isinstance(one, Map) and any(map(self._is_concerned, one.values())) for one in body.values())

    def _written(
        self, kind: KindSchema, key: str, body: Any, place: Place, scope: Scope, address: str
    ) -> Iterator[tuple[str, Any, Place, Scope]]:
        """The entries that one entry stands for, each with its key, its place, and what may be named in it."""
        if not isinstance(body, Map):
            yield key, body, place, scope
            return
        if ROWS not in body:
            written = self._entry(kind, body, scope, below(address, key), place)
            if written is not None:
                yield key, written, place, scope
            return
        yield from self._each(kind, key, body, place, scope, address)

    def _each(
        self, kind: KindSchema, key: str, body: Map, place: Place, scope: Scope, address: str
    ) -> Iterator[tuple[str, Any, Place, Scope]]:
        mark = body.places[ROWS][1]
        at = below(address, key)
        rest = body.only(name for name in body if name != ROWS)
        rows = list(numbered(self._rows.of(self._binder.bound(body[ROWS], scope, mark, at).value, mark, at), mark))
        if rows and not self._knows_its_names(key, rest, rows[0], scope, place, at):
            return
        seen: dict[str, Numbered] = {}
        for row in rows:
            inner = {**scope, **{("each", name): value for name, value in row.row.items()}}
            name = str(self._binder.bound(key, inner, place[0], at).value)
            if name in seen:
                self._refuse_row(key, name, row, seen[name], at)
                continue
            seen[name] = row
            bound = self._binder.bound(rest, inner, place[1], at).value
            self._findings.through(below(address, name), source_of(place[0]))
            written = self._entry(kind, bound, inner, below(address, name), place)
            if written is not None:
                yield name, written, place, inner

    def _entry(self, kind: KindSchema, body: Map, scope: Scope, address: str, place: Place) -> Map | None:
        """An entry with its template beneath; a copy that is nobody else's."""
        if TEMPLATE in body:
            self._findings.through(address, source_of(place[0]))
            return self.templates.beneath(body, kind, scope, address)
        if WITH in body:
            source = body.key_source(WITH)
            self._findings.error("LS216", "with has no template to hand its values to", source=source, address=address)
            return None
        return body.clone()

    def _knows_its_names(self, key: str, body: Map, row: Numbered, scope: Scope, place: Place, address: str) -> bool:
        """Whether each `${each:}` of an entry is a name of its rows, or of those around it."""
        known = [name for scheme, name in (*scope, *(("each", name) for name in row.row)) if scheme == "each"]
        right = True
        found = (*mentioned(key, "each", place[0]), *mentioned(body, "each", place[1], below=frozenset({ROWS})))
        for name, mark in found:
            if name not in known:
                hint = Near(name, known, f"the rows have {', '.join(known)}")
                message = unknown_name("each", name)
                self._findings.error("LS219", message, source=source_of(mark), address=address, hint=hint)
                right = False
        return right

    def _refuse_row(self, key: str, name: str, row: Numbered, first: Numbered, address: str) -> None:
        message = f"two rows give the key {quote(name)}"
        second, source = source_of(row.mark), source_of(first.mark)
        hint = f"name in {quote(key)} what tells the rows apart"
        self._findings.error("LS218", f"{message}; first at {source}", source=second, address=address, hint=hint)

    def _refuse_twice(self, name: str, place: Place, first: Place) -> None:
        message = f"the key {quote(name)} is given twice, by for_each and by itself"
        self._findings.twice("LS218", message, source_of(place[0]), source_of(first[0]))


def reuse_in_overlay(tree: Map) -> Iterator[tuple[Map, str]]:
    """The maps of an overlay that hold a word of reuse, which has had its effect before an overlay is laid."""
    yield from _reuse_below(tree, "")


def _reuse_below(owner: Map, above: str) -> Iterator[tuple[Map, str]]:
    for name, kind in children(above).items():
        entries = owner.get(name)
        for body in entries.values() if isinstance(entries, Map) and not kind.singleton else ():
            if isinstance(body, Map):
                yield from ((body, word) for word in WORDS if word in body)
                yield from _reuse_below(body, kind.collection)
