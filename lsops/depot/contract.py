"""What every place can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PART = 1024 * 1024
"""Bytes that are read at a time."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: its bytes, and their digests in hexadecimal."""

    size: int
    md5: str
    sha256: str


class Depot(ABC):
    """Named contents below one place; a name has parts between slashes, none of them empty, `.` or `..`.

    Each method raises DepotError where the place does not do it, or a name leads out of it.
    """

    @property
    @abstractmethod
    def place(self) -> str:
        """How people call it; it may hold foreign text."""

    @abstractmethod
    def write(self, name: str, parts: Iterable[bytes]) -> Stored:
        """Write a content whole: until its end the old one of that name stays, and after an error as well."""

    @abstractmethod
    def read(self, name: str) -> Iterator[bytes]:
        """A content in parts of at most `PART` bytes."""

    @abstractmethod
    def size(self, name: str) -> int | None:
        """The bytes of a content; None where there is none of that name."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Take a content away, if it is there."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """The names of all contents, sorted."""

    def text(self, name: str, limit: int) -> str | None:
        """A small content as UTF-8; None where there is none. Raises: DepotError, too, where it is larger."""
        from lsops.depot.trouble import DepotError

        if self.size(name) is None:
            return None
        content = bytearray()
        for part in self.read(name):
            content += part
            if len(content) > limit:
                raise DepotError.of(f"{name} in {self.place} has more than {limit:,} bytes")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise DepotError.of(f"{name} in {self.place} is no UTF-8") from problem
