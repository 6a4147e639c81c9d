"""What is known of the fields of one declared resource: their values, and every place that says something of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lsops.errors import Source
from lsops.model.resource import UNSET

Layer = Literal["entry", "template", "overlay", "defaults", "variable", "file", "row", "schema"]
"""What a value may come from: as the documents name it."""


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """One place that says something of a field, `used` where that is what holds.

    `value` is what is written there, before references are replaced; an overlay's null takes the field out. `by` is
    the collection of defaults, or what gave a variable: `vars`, `environments/NAME/vars`, `LSOPS_VAR_…` or `--var`,
    the last two of which stand in no file. `name` is the variable's. What is confidential is `***`.
    """

    layer: Layer
    value: Any
    used: bool = False
    source: Source | None = None
    by: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """One field by its pointer below the resource; of a map each leaf.

    `value` is `UNSET` where the manifest does not manage the field, since an overlay took it out or nothing names it.
    `origins` has what is used first, each variable and file behind the text that names it, then what that overrode.
    `schema` is the JSON Schema of the field, without the default, which is `server_default`: what the server fills in.
    """

    path: str
    value: Any = UNSET
    schema: Mapping[str, Any] = field(default_factory=dict)
    required: bool = False
    server_default: Any = UNSET
    origins: tuple[FieldOrigin, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The fields of the resource at an address, and which others of its kind the manifest leaves alone (`unwritten`).

    `environment` is the chosen one of the `environments` that the manifest has. `prefix` leads from where the user is
    to the manifest's folder.
    """

    address: str
    kind: str
    fields: tuple[ExplainedField, ...]
    type: str | None = None
    source: Source | None = None
    unwritten: tuple[str, ...] = ()
    environment: str = ""
    environments: tuple[str, ...] = ()
    prefix: str = ""
