"""The values that travel between the layers: frozen, without I/O.

Addresses are JSON Pointers (RFC 6901) into the manifest, as plain strings: `/projects/Chest X-ray`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from lsops.errors import Finding, Source

if TYPE_CHECKING:
    from lsops.model_plan import (
        ACTIONS,
        SYMBOLS,
        Action,
        Change,
        Collection,
        Context,
        Facts,
        FieldChange,
        Live,
        Outcome,
        Plan,
        Report,
        Stranger,
        Throttled,
    )

__all__ = [
    "ACTIONS",
    "MASK",
    "SYMBOLS",
    "UNSET",
    "Action",
    "Change",
    "Collection",
    "Context",
    "Desired",
    "Facts",
    "FieldChange",
    "Lifecycle",
    "Live",
    "Outcome",
    "Plan",
    "Report",
    "Resource",
    "Secret",
    "Stranger",
    "Throttled",
    "Unset",
    "below",
    "is_within",
    "join",
    "parent",
    "split",
]


class Unset(Enum):
    """The type of `UNSET`: a field that is not there, which is neither null nor empty."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset.UNSET

MASK: Final = "***"


# ---- addresses ---------------------------------------------------------------------------------


def join(*parts: str) -> str:
    """The address of the given parts: `join("projects", "a/b") == "/projects/a~1b"`."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def split(address: str) -> tuple[str, ...]:
    """The parts of an address, unescaped; the root `""` has none."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in address.split("/")[1:])


def below(address: str, *parts: str) -> str:
    """The address of something under `address`."""
    return address + join(*parts)


def parent(address: str) -> str:
    """The address one step up."""
    return address.rpartition("/")[0]


def is_within(address: str, ancestor: str) -> bool:
    """Whether `address` is `ancestor` or lies under it."""
    return address == ancestor or address.startswith(ancestor + "/")


# ---- manifest side -----------------------------------------------------------------------------


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

    `new` says that a live resource that looks like this one is another.
    """

    id: int | None = None
    renamed_from: str | None = None
    protect: bool = False
    absent: bool = False
    new: bool = False
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource, desired or live: both sides have this one shape.

    `values` holds the fields under the server's own names, in the manifest's vocabulary (a workspace by title,
    a person by e-mail). A desired resource has only the declared fields, and its source; a live one has its `id`.
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

    @property
    def identity(self) -> tuple[str | None, int | None]:
        """What tells live objects of one kind apart: ids of storages are counted per type (Community facts 3)."""
        return self.type, self.id

    def place(self, name: str) -> Source | None:
        """Where the manifest writes a field; the resource's own place where that is not known."""
        where = getattr(self.values, "key_source", None)
        found = where(name) if where and name in self.values else None
        return found or self.source


@dataclass(frozen=True, slots=True)
class Desired:
    """What a manifest declares: resources in manifest order, and what goes beyond single resources.

    `written` holds the address of every collection that the manifest writes, empty ones too.
    `prune` holds collection patterns as written, such as `projects/*/webhooks`, and `protected` those whose defaults
    protect every entry, also one that prune would delete. `others` are declared and outside of the targets. `lent`
    holds the places at which `defaults` write fields of entries.
    """

    resources: tuple[Resource, ...]
    written: Mapping[str, Source] = field(default_factory=dict)
    prune: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    protected: tuple[str, ...] = ()
    others: tuple[Resource, ...] = ()
    lent: frozenset[Source] = frozenset()

    def of(self, kind: str) -> tuple[Resource, ...]:
        """The resources of one kind, in manifest order."""
        return tuple(resource for resource in self.resources if resource.kind == kind)

    def declared(self, kind: str) -> tuple[Resource, ...]:
        """The resources of one kind, those outside of the targets too: what they declare still holds."""
        return self.of(kind) + tuple(resource for resource in self.others if resource.kind == kind)


# ---- server side, plan, apply: in model_plan, made on first use --------------------------------


def __getattr__(name: str) -> Any:
    if name in __all__:
        from lsops import model_plan

        found = globals()[name] = getattr(model_plan, name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
