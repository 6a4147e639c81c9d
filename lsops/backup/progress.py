"""How far a backup has come that is not whole yet: what a run after a kill goes on from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from lsops.backup.index import COUNTED, INDEX, SORTS, BackupIndex, BadBackup, Part, SavedEntry, parse_entry
from lsops.depot import Depot
from lsops.errors import UsageError

NAME: Final = "progress.json"
FORMAT: Final = "lsops.backup-progress/1"
_LARGEST: Final = 16 * 1024 * 1024


@dataclass
class BackupProgress:
    """A backup under way: its id, of which server, and its entries in their order with the parts that are whole."""

    place: Depot
    id: str
    server: str
    entries: list[SavedEntry] = field(default_factory=list)

    def lacks(self, number: int, sort: str) -> bool:
        """Whether the parts of a sort are still to be written; entries are counted from 1."""
        return sort not in self.entries[number - 1].parts

    def keep(self, number: int, entry: SavedEntry, sort: str, parts: tuple[Part, ...]) -> None:
        """Remember that these parts are whole: in a note of the entry's own, as there may be thousands of entries."""
        kept = self.entries[number - 1] = replace(entry, parts={**entry.parts, sort: parts})
        self._write(_name_of(number), {"entry": asdict(kept)})

    def begin(self) -> None:
        """Write what it is to be."""
        self._write(NAME, {"server": self.server, "entries": [asdict(one) for one in self.entries]})

    def _write(self, name: str, told: dict[str, Any]) -> None:
        self.place.write(name, [json.dumps({"format": FORMAT, "id": self.id, **told}).encode()])

    def go_on(self) -> None:
        """Read how far each entry is; notes of another backup say nothing. Raises: BadBackup."""
        for number, entry in enumerate(self.entries, 1):
            name = _name_of(number)
            data = self.place.text(name, _LARGEST)
            if data is None:
                continue
            with _readable(self.place, name):
                told = json.loads(data)
                kept = _entry(told["entry"])
                if told["id"] == self.id and kept.address == entry.address:
                    self.entries[number - 1] = kept

    def finish(self, index: BackupIndex) -> None:
        """Write the index, which says that all is there."""
        self.place.write(INDEX, [index.text().encode("utf-8", "backslashreplace")])

    def forget(self) -> None:
        """Delete the notes of how far it is."""
        for number in range(1, len(self.entries) + 1):
            self.place.remove(_name_of(number))
        self.place.remove(NAME)


def begun_backup(place: Depot, server: str, addresses: list[str], new_id: str) -> BackupProgress:
    """The backup to go on with, or a new one.

    Raises: UsageError, where a whole one is there, or one of something else was begun.
    """
    if place.size(INDEX) is not None:
        hint = "name another place, or delete it"
        raise UsageError.of(f"{place.place} holds a whole backup already", code="LS667", hint=hint)
    empty = dict.fromkeys(COUNTED, 0)
    new = BackupProgress(place, new_id, server, [SavedEntry(address, empty) for address in addresses])
    data = place.text(NAME, _LARGEST)
    if data is None:
        new.begin()
        return new
    found = _read(place, data)
    if found.server != server or [entry.address for entry in found.entries] != addresses:
        told = ", ".join(entry.address for entry in found.entries[:3])
        message = f"{place.place} holds the beginning of another backup, of {told} on {found.server}"
        hint = f"name another place, or delete {NAME} there to begin anew"
        raise UsageError.of(message, code="LS667", hint=hint)
    found.go_on()
    return found


def _read(place: Depot, data: str) -> BackupProgress:
    """Raises: BadBackup."""
    with _readable(place, NAME):
        told: Any = json.loads(data)
        if told["format"] != FORMAT:
            raise BadBackup.of(f"{place.place}: {NAME} is of another version of lsops")
        return BackupProgress(place, str(told["id"]), str(told["server"]), [_entry(one) for one in told["entries"]])


@contextmanager
def _readable(place: Depot, name: str) -> Iterator[None]:
    """Raises: BadBackup, where a note is not what lsops has written."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise BadBackup.of(f"{place.place}: {name} cannot be read", hint="delete it to begin anew") from problem


def _name_of(number: int) -> str:
    """The note of an entry, beside its parts."""
    return f"{number:04d}/{NAME}"


def _entry(told: dict[str, Any]) -> SavedEntry:
    return parse_entry({**told, "parts": _parts(told["parts"])}, whole=False)


def _parts(told: dict[str, Any]) -> dict[str, Any]:
    return {sort: told[sort] for sort in SORTS if sort in told}
