"""The rows of a `for_each`: the product of lists, a list of maps, or a file of either form, or of CSV."""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from lsops.manifest.findings import Findings, quote
from lsops.manifest.given import Spot, Value
from lsops.manifest.positions import Map, Mark, Seq, source_of
from lsops.manifest.reader import read_any
from lsops.manifest.reference_syntax import REFERENCE
from lsops.manifest.references import References
from lsops.manifest.specs import NOTHING
from lsops.manifest.value_place import Unresolvable, ValuePlace

Row = dict[str, Value]
MOST_ROWS = 100_000
"""Entries that one `for_each` may make."""
FORMS = "a map of lists, a list of maps, or ${file:PATH} of a .csv, .yaml or .json"


class Rows:
    """Reads the rows of one manifest; a file that several entries name is read once."""

    def __init__(self, references: References, findings: Findings) -> None:
        self._references = references
        self._findings = findings
        self._files: dict[str, list[Row]] = {}

    def of(self, value: Any, mark: Mark, address: str) -> list[Row]:
        """The rows; none, with findings, where they are not what they may be."""
        where = ValuePlace(NOTHING, mark, address, "for_each")
        if isinstance(value, str):
            return self._file(value, where)
        if isinstance(value, Map):
            return self._product(value, where)
        if isinstance(value, Seq):
            return self._listed(value, where)
        self._refuse(f"for_each must be {FORMS}", mark, address)
        return []

    # ---- written in the manifest

    def _product(self, lists: Map, where: ValuePlace) -> list[Row]:
        resolved = self._resolved(lists, where)
        if not resolved:
            return []
        columns: list[list[Value]] = []
        for name, items in resolved.items():
            if not isinstance(items, Seq):
                mark = resolved.places[name][1]
                self._refuse(f"{quote(name)} of for_each must be a list of what it stands for", mark, where.address)
                return []
            columns.append([Value(*one) for one in zip(items, items.marks, strict=True)])
        if math.prod(map(len, columns)) > MOST_ROWS:
            self._refuse(f"for_each gives more than {MOST_ROWS:,} entries", where.mark, where.address)
            return []
        return [dict(zip(resolved, row, strict=True)) for row in itertools.product(*columns)]

    def _listed(self, items: Seq, where: ValuePlace) -> list[Row]:
        rows: list[Row] = []
        for item, mark in zip(items, items.marks, strict=True):
            if not isinstance(item, Map):
                self._refuse("a row of for_each must be a map of names and values", mark, where.address)
                continue
            resolved = self._resolved(item, where)
            if resolved is not None:
                rows.append({name: Value(one, resolved.places[name][1]) for name, one in resolved.items()})
        return self._even(rows, items.marks, where)

    def _even(self, rows: list[Row], marks: list[Mark], where: ValuePlace) -> list[Row]:
        """The rows, where each has the names of the first."""
        for row, mark in zip(rows, marks, strict=False):
            if missing := [name for name in rows[0] if name not in row]:
                self._refuse(
                    f"this row of for_each lacks {quote(missing[0])}, which the first one has", mark, where.address
                )
                return []
            if extra := [name for name in row if name not in rows[0]]:
                message = f"{quote(extra[0])} is not in the first row of for_each"
                self._refuse(message, row[extra[0]].mark, where.address)
                return []
        return rows

    def _resolved(self, value: Map, where: ValuePlace) -> Map | None:
        try:
            found = self._references.resolve(value, where)
        except Unresolvable:
            return None
        return found if isinstance(found, Map) else None

    # ---- in a file

    def _file(self, text: str, where: ValuePlace) -> list[Row]:
        whole = REFERENCE.fullmatch(text)
        if whole is None or whole[2] != "file":
            self._refuse(f"for_each must be {FORMS}", where.mark, where.address)
            return []
        form = whole[3].rpartition(".")[2].lower()
        if form not in ("csv", "yaml", "yml", "json"):
            self._refuse(f"{quote(whole[3])} is no .csv, .yaml or .json file", where.mark, where.address)
            return []
        name = self._references.files.named(text, where.mark.name)
        if name not in self._files:
            try:
                read = self._csv if form == "csv" else self._document
                self._files[name] = read(self._references.files.text(whole[3], where), name, where)
            except Unresolvable:
                return []
        return self._files[name]

    def _csv(self, text: str, name: str, where: ValuePlace) -> list[Row]:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            return list(self._cells(reader, name))
        except (csv.Error, _Uneven) as problem:
            line = problem.line if isinstance(problem, _Uneven) else reader.line_num - 1
            self._refuse(f"not the CSV that is read here: {problem}", Spot(name, max(line, 0), 0), where.address)
            return []

    def _cells(self, reader: Any, name: str) -> Iterator[Row]:
        header = [str(one).strip() for one in next(reader, ())]
        if "" in header or len(set(header)) < len(header):
            raise _Uneven("the first line must name each column, and differently", 0)
        line = reader.line_num
        for number, cells in enumerate(reader):
            if number >= MOST_ROWS:
                raise _Uneven(f"it has more than {MOST_ROWS:,} rows", line)
            if cells and len(cells) != len(header):
                raise _Uneven(f"this row has {len(cells)} cells, and the first line names {len(header)}", line)
            if cells:
                yield {one: Value(cell, Spot(name, line, 0)) for one, cell in zip(header, cells, strict=True)}
            line = reader.line_num

    def _document(self, text: str, name: str, where: ValuePlace) -> list[Row]:
        found = read_any(text, name, self._findings)
        if found is None:
            return []
        value, mark = found
        if not isinstance(value, (Map, Seq)):
            self._refuse("a file of for_each must hold a map of lists or a list of maps", mark, where.address)
            return []
        return self.of(value, mark, where.address)

    def _refuse(self, message: str, mark: Mark, address: str) -> None:
        self._findings.error("LS217", message, source=source_of(mark), address=address)


class _Uneven(Exception):
    """A CSV file that is not a table; `line` counts from 0."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Numbered(NamedTuple):
    """A row, and where it begins."""

    row: Row
    mark: Mark


def numbered(rows: list[Row], mark: Mark) -> Iterator[Numbered]:
    """Each row with the place of its first value; `mark` for one without any."""
    for row in rows:
        yield Numbered(row, next(iter(row.values())).mark if row else mark)
