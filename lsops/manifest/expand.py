"""Writing out what a manifest says once for many: `for_each`, and the templates beneath entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

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


class _Entry(NamedTuple):
    """One entry of the collection at an address, with its place and what may be named in it."""

    kind: KindSchema
    key: str
    body: Any
    place: Place
    scope: Scope
    collection: str

    @property
    def address(self) -> str:
        """Its own."""
        return below(self.collection, self.key)


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
            for one in self._written(_Entry(kind, key, body, place, scope, address)):
                if one.key in result:
                    self._refuse_twice(one.key, place, result.places[one.key])
                else:
                    result.put(one.key, one.body, place)
                    if isinstance(one.body, Map):
                        self._children(one.body, kind.collection, one.scope, one.address)
        return result

    def _is_concerned(self, body: Any) -> bool:
        """Whether an entry, or one below it, has something to write out."""
        if not isinstance(body, Map):
            return False
        if any(word in body for word in WORDS):
            return True
        return any(isinstance(one, Map) and any(map(self._is_concerned, one.values())) for one in body.values())

    def _written(self, entry: _Entry) -> Iterator[_Entry]:
        """The entries that one entry stands for."""
        if not isinstance(entry.body, Map):
            yield entry
            return
        for one in self._each(entry) if ROWS in entry.body else (entry,):
            body = self._with_template(one)
            if body is not None:
                yield one._replace(body=body)

    def _each(self, entry: _Entry) -> Iterator[_Entry]:
        """One entry for each row, which what it gives is put into."""
        at, body, mark = entry.address, entry.body, entry.body.places[ROWS][1]
        rest = entry._replace(body=body.only(name for name in body if name != ROWS))
        given = self._binder.bound(body[ROWS], entry.scope, mark, at).value
        rows = list(numbered(self._rows.of(given, mark, at), mark))
        if rows and not self._knows_its_names(rest, rows[0]):
            return
        seen: dict[str, Numbered] = {}
        for row in rows:
            scope = {**entry.scope, **{("each", name): value for name, value in row.row.items()}}
            key = str(self._binder.bound(entry.key, scope, entry.place[0], at).value)
            if key in seen:
                self._refuse_row(entry, key, row, seen[key])
                continue
            seen[key] = row
            bound = self._binder.bound(rest.body, scope, entry.place[1], at).value
            one = entry._replace(key=key, body=bound, scope=scope)
            self._findings.through(one.address, source_of(one.place[0]))
            yield one

    def _with_template(self, entry: _Entry) -> Map | None:
        """An entry with its template beneath; a copy that is nobody else's."""
        body, address = entry.body, entry.address
        if TEMPLATE in body:
            self._findings.through(address, source_of(entry.place[0]))
            return self.templates.beneath(body, entry.kind, entry.scope, address)
        if WITH in body:
            source = body.key_source(WITH)
            self._findings.error("LS216", "with has no template to hand its values to", source=source, address=address)
            return None
        return cast("Map", body.clone())

    def _knows_its_names(self, entry: _Entry, row: Numbered) -> bool:
        """Whether each `${each:}` of an entry is a name of its rows, or of those around it."""
        known = [name for scheme, name in entry.scope if scheme == "each"] + list(row.row)
        in_key = mentioned(entry.key, "each", entry.place[0])
        right = True
        for name, mark in (*in_key, *mentioned(entry.body, "each", entry.place[1], below=frozenset({ROWS}))):
            if name not in known:
                hint = Near(name, known, f"the rows have {', '.join(known)}")
                message = unknown_name("each", name)
                self._findings.error("LS219", message, source=source_of(mark), address=entry.address, hint=hint)
                right = False
        return right

    def _refuse_row(self, entry: _Entry, key: str, row: Numbered, first: Numbered) -> None:
        message = f"two rows give the key {quote(key)}"
        hint = f"name in {quote(entry.key)} what tells the rows apart"
        places = source_of(row.mark), source_of(first.mark)
        self._findings.twice("LS218", message, *places, address=entry.address, hint=hint)

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
