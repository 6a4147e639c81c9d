"""A folder of an object store, through fsspec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from lsops.depot.contract import PART, Depot, Stored
from lsops.depot.local import copied
from lsops.depot.trouble import DepotError, checked
from lsops.errors import LsopsError, UsageError

HINT = "pip install 'lsops[remote]'"
FORMS = {"abfs": "abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/FOLDER, or set AZURE_STORAGE_ACCOUNT_NAME"}
"""What a URL needs beside a bucket."""


class RemoteDepot(Depot):
    """A URL that fsspec knows. Credentials come from where the store's own client looks for them.

    A content is written inside a transaction of fsspec: it appears whole at its end, and not at all after an error.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        try:
            from fsspec.core import url_to_fs
        except ImportError as problem:
            raise _not_installed(url) from problem
        try:
            self._system, root = url_to_fs(self._url, use_listings_cache=False, skip_instance_cache=True)
        except ImportError as problem:
            raise _not_installed(url) from problem
        except ValueError as problem:
            message, hint = f"{url} is no place that can be written to: {problem}", FORMS.get(urlsplit(url).scheme, "")
            raise UsageError.of(message, code="LS655", hint=hint) from problem
        except Exception as problem:  # what the clients of some stores raise that connect at once
            raise DepotError.of(f"{url} cannot be reached: {str(problem) or type(problem).__name__}") from problem
        self._root = str(root).rstrip("/")

    @property
    def place(self) -> str:
        return self._url

    def write(self, name: str, parts: Iterable[bytes]) -> Stored:
        path = self._path(name)
        what = f"{self._url}/{name} cannot be written"
        with _as_trouble(what), self._system.transaction, self._system.open(path, "wb") as file:
            return copied(parts, file.write)

    def read(self, name: str) -> Iterator[bytes]:
        with _as_trouble(f"{self._url}/{name} cannot be read"), self._system.open(self._path(name), "rb") as file:
            while part := file.read(PART):
                yield part

    def size(self, name: str) -> int | None:
        with _as_trouble(f"{self._url}/{name} cannot be read"):
            try:
                return int(self._system.info(self._path(name))["size"])
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        with _as_trouble(f"{self._url}/{name} cannot be removed"):
            try:
                self._system.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def names(self) -> Iterator[str]:
        with _as_trouble(f"{self._url} cannot be read"):
            try:
                found = self._system.find(self._root)
            except FileNotFoundError:
                found = []
        yield from sorted(str(path)[len(self._root) :].lstrip("/") for path in found)

    def _path(self, name: str) -> str:
        return "/".join((self._root, *checked(name)))


def _not_installed(url: str) -> LsopsError:
    return UsageError.of(f"{url} needs a program that is not installed", code="LS607", hint=HINT)


@contextmanager
def _as_trouble(what: str) -> Iterator[None]:
    """Whatever a store's client raises as an error of ours: each has errors of its own, that have no base in common."""
    try:
        yield
    except LsopsError:
        raise
    except Exception as problem:
        raise DepotError.of(f"{what}: {str(problem) or type(problem).__name__}") from problem
