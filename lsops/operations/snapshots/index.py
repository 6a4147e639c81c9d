"""The index beside the files of a recipe: what they are, and which snapshots of the server are its own."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from lsops.depot import Depot, Stored
from lsops.errors import UsageError
from lsops.model.snapshot import Recipe, Snapshot

FORMAT: Final = "lsops.snapshot-index/1"
LARGEST = 1024 * 1024
"""Bytes of an index."""
KEY_BYTES = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """One file beside the index, with its bytes and their digests."""

    name: str
    size: int
    md5: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Index:
    """`key` marks the titles of this recipe's snapshots on the server, and `known` are the ids of those that are whole.

    `md5` is that of the last snapshot and `basis` the digest of what its conversions depend on; both are empty while
    files are replaced.
    """

    address: str
    server: str
    key: str
    snapshot: int = 0
    created: str = ""
    tasks: int = 0
    md5: str = ""
    basis: str = ""
    known: tuple[int, ...] = ()
    files: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What stands in the title of each snapshot of this recipe, and of no other."""
        return f"[lsops {self.key}."

    def title(self, recipe: Recipe) -> str:
        """A title that no snapshot has yet."""
        return f"{recipe.title} {self.mark}{secrets.token_hex(4)}]"

    def owns(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot was made for this index."""
        return self.mark in snapshot.title

    def holds(self, depot: Depot, recipe: Recipe, snapshot: Snapshot, basis: str) -> bool:
        """Whether the files are those of this snapshot, in every format."""
        if not self.md5 or (self.md5, self.basis) != (snapshot.md5, basis):
            return False
        files = [self.files.get(name) for name in recipe.formats]
        return all(one is not None and depot.size(one.name) == one.size for one in files)


def index_name(recipe: Recipe) -> str:
    """The name of a recipe's index."""
    return f"{recipe.name}.index.json"


def recipe_file(recipe: Recipe, form: str, ending: str) -> str:
    """The name of a recipe's file in a format: `nightly-CSV.csv`."""
    return f"{recipe.name}-{form}.{ending}"


def kept(name: str, stored: Stored) -> Kept:
    """A file that was written."""
    return Kept(name, stored.size, stored.md5, stored.sha256)


def opened_index(depot: Depot, recipe: Recipe, server: str) -> Index:
    """The index of a place; a new one is written at once, so that a snapshot is known again after a kill.

    Raises: UsageError, where the index is that of another recipe or server, or is none; DepotError.
    """
    text = depot.text(index_name(recipe), LARGEST)
    if text is None:
        fresh = Index(recipe.address, server, secrets.token_hex(KEY_BYTES))
        save(depot, recipe, fresh)
        return fresh
    index = _read(text, recipe)
    if index is None:
        raise _other(depot, recipe, "is no index of lsops", "remove it, or choose another place")
    if (index.address, index.server) != (recipe.address, server):
        raise _other(depot, recipe, f"is that of {index.address} on {index.server}", "choose another place")
    return index


def save(depot: Depot, recipe: Recipe, index: Index) -> None:
    """Raises: DepotError."""
    document = {"format": FORMAT, **asdict(replace(index, files={}))}
    document["files"] = {name: asdict(one) for name, one in index.files.items()}
    depot.write(index_name(recipe), [(json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()])


def _other(depot: Depot, recipe: Recipe, what: str, hint: str) -> UsageError:
    message = f"{index_name(recipe)} in {depot.place} {what}"
    return UsageError.of(message, code="LS659", address=recipe.address, hint=hint)


def _read(text: str, recipe: Recipe) -> Index | None:
    """None where it is not what lsops writes: whoever may write there may have written anything."""
    try:
        raw: Any = json.loads(text)
        if raw.pop("format") != FORMAT:
            return None
        files = {form: Kept(**one) for form, one in raw.pop("files").items()}
        index = Index(**{**raw, "known": tuple(raw["known"]), "files": files})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return index if _is_sound(index, recipe) else None


def _is_sound(index: Index, recipe: Recipe) -> bool:
    name = re.compile(re.escape(recipe.name) + r"-[A-Z0-9_]{1,40}\.[a-z0-9]{1,8}")
    texts = (index.address, index.server, index.key, index.created, index.md5, index.basis)
    return (
        all(isinstance(text, str) for text in texts)
        and re.fullmatch(f"[0-9a-f]{{{2 * KEY_BYTES}}}", index.key) is not None
        and all(isinstance(number, int) for number in (*index.known, index.snapshot, index.tasks))
        and all(name.fullmatch(str(one.name)) for one in index.files.values())
    )
