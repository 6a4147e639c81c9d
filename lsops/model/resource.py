"""One resource, desired or live, and what a single field of it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal

from lsops.errors import Source
from lsops.model.address import join, split


class Unset(Enum):
    """The type of `UNSET`: a field that is not there, which is neither null nor empty."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset.UNSET

MASK: Final = "***"


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference to a secret, `${env:NAME}` or `${file:PATH}`, never its value.

    The value is read by `apply` alone and lives in `lsops.manifest.secrets.Vault`.
    """

    source: Literal["env", "file"]
    name: str

    @property
    def reference(self) -> str:
        """The reference as the manifest writes it; it is not confidential."""
        return f"${{{self.source}:{self.name}}}"

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What `lifecycle:` says of one resource; `ignore` holds pointers below the resource.

    `new` says that a live resource that looks like this one is another. `renamed_labels` are labels that get another
    name in annotations, too: a control, the old name and the new one of each; `renaming_source` is where they stand.
    """

    id: int | None = None
    renamed_from: str | None = None
    protect: bool = False
    absent: bool = False
    new: bool = False
    ignore: tuple[str, ...] = ()
    renamed_labels: tuple[tuple[str, str, str], ...] = ()
    renaming_source: Source | None = field(default=None, compare=False)

    def written(self, name: str) -> Any:
        """A rule as a manifest writes it; what is none is empty."""
        if name == "renaming_source":
            return None
        if name != "renamed_labels":
            return getattr(self, name)
        controls: dict[str, dict[str, str]] = {control: {} for control, _, _ in self.renamed_labels}
        for control, old, new in self.renamed_labels:
            controls[control][old] = new
        return controls

    @property
    def ignored_fields(self) -> frozenset[str]:
        """The fields that `ignore` names as a whole."""
        if not self.ignore:
            return frozenset()
        paths = (split(name if name.startswith("/") else join(name)) for name in self.ignore)
        return frozenset(path[0] for path in paths if len(path) == 1)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource, desired or live: both sides have this one shape.

    `values` holds the fields under the server's own names, in the manifest's vocabulary (a workspace by title,
    a person by e-mail), the one that identifies it among them. A desired resource has only the declared fields, and its
    source; a live one has its `id`. `locked` is the id that a declared one had when that was last written down. `own`
    holds the declared fields that are lsops' own: they are no state of the server, never sent and never compared.
    """

    kind: str
    address: str
    key: str
    values: Mapping[str, Any]
    parent: str = ""
    id: int | None = None
    type: str | None = None
    lifecycle: Lifecycle = Lifecycle()
    source: Source | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    locked: int | None = field(default=None, compare=False)
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def collection(self) -> str:
        """The address of the collection in which a declared resource stands; its own for a singleton."""
        return self.address.rpartition("/")[0] if self.key else self.address

    @property
    def identity(self) -> tuple[str | None, int | None]:
        """What tells live objects of one kind apart: ids of storages are counted per type (Community facts 3).

        What has no id, such as a settings object, is told apart by its address.
        """
        return (self.type, self.id) if self.id is not None else (self.address, None)

    def place(self, name: str) -> Source | None:
        """Where the manifest writes a field; the resource's own place where that is not known."""
        values = self.own if name in self.own else self.values
        where = getattr(values, "key_source", None)
        found = where(name) if where and name in values else None
        return found or self.source
