"""Explaining: where every field of one declared resource comes from, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from lsops.errors import prefixed
from lsops.manifest import Manifest, Options, load
from lsops.manifest.compose import Layer
from lsops.manifest.entries import LIFECYCLE, PRUNE
from lsops.manifest.files import Folder
from lsops.manifest.load import NO_OPTIONS, display_prefix
from lsops.manifest.origins import Origins, Steps, Written
from lsops.manifest.positions import Map
from lsops.manifest.specs import NOTHING, Spec
from lsops.model.address import join, split
from lsops.model.explanation import ExplainedField, Explanation, FieldOrigin
from lsops.model.leaves import leaves
from lsops.model.resource import UNSET, Lifecycle, Resource
from lsops.model.task_file import TaskFile
from lsops.operations.concealing import conceal
from lsops.operations.declared import find_declared, find_field, spec_at
from lsops.schema import children, kinds, settable

ROLES = "x-lsops"
"""The word of a schema under which stands what JSON Schema has no word for."""


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """Which resource of which manifest, and which of its fields; all that the manifest names without one."""

    address: str
    path: Path = Path()
    options: Options = NO_OPTIONS
    field: str = ""


def explain_resource(request: ExplainRequest) -> Explanation:
    """What is known of the fields of one resource. No server is asked, and no secret is read.

    Raises:
        ManifestError: the manifest is wrong, declares nothing at that address, or the kind has no such field.
    """
    path, layers = request.path, list[Layer]()
    with prefixed(display_prefix(path if path.is_dir() else path.parent)):
        manifest = load(path, request.options, layers)
        item = find_declared(manifest.desired, request.address)
        explainer = _Explainer(manifest, item, Origins(layers, request.options, Folder(manifest.root)))
        return explainer.explanation(request.field)


class _Explainer:
    """Explains the fields of one resource."""

    def __init__(self, manifest: Manifest, item: Resource, origins: Origins) -> None:
        self._manifest, self._item, self._origins = manifest, item, origins
        self._kind = kinds()[item.kind]
        self._body = _body(manifest.document, item.address)
        self._values = _values(item, self._body)

    def explanation(self, wanted: str) -> Explanation:
        """All fields that are written, or the wanted one and those in it."""
        paths = list(dict.fromkeys((*self._written(), *self._dropped())))
        named = {path[0] for path in paths}
        unwritten = tuple(name for name in settable(self._kind.fields(self._item.type)) if name not in named)
        if wanted:
            paths = list(find_field(wanted, paths, self._item))
            unwritten = ()
        return Explanation(
            address=self._item.address,
            kind=self._item.kind,
            fields=tuple(map(self._field, paths)),
            type=self._item.type,
            source=self._item.source,
            unwritten=unwritten,
            environment=self._manifest.environment,
            environments=tuple(self._manifest.document.get("environments") or ()),
            prefix=self._manifest.display_prefix,
        )

    def _written(self) -> Iterator[Steps]:
        """The fields that hold a value, the key first."""
        key = self._kind.key
        if key:
            yield (key,)
        yield from (split(pointer) for pointer, _ in leaves(self._values, lists=False))

    def _dropped(self) -> Iterator[Steps]:
        collections = children(self._kind.collection)
        for path in self._origins.dropped(self._item.address):
            if path and path[0] not in collections and self._value(path) is UNSET:
                yield path

    def _field(self, path: Steps) -> ExplainedField:
        spec, value = spec_at(self._item, path), self._value(path)
        return ExplainedField(
            path=join(*path),
            value=value if value is UNSET else conceal(value, spec),
            schema=self._said_of(path),
            required=path[-1] in spec_at(self._item, path[:-1]).get("required", ()),
            server_default=self._default(path),
            origins=tuple(self._of(path, spec, is_there=value is not UNSET)),
        )

    def _value(self, path: Steps) -> Any:
        found: Any = self._values
        for part in path:
            found = found.get(part, UNSET) if isinstance(found, Mapping) else UNSET
        return found

    # ---- origins -----------------------------------------------------------------------------------

    def _of(self, path: Steps, spec: Spec, *, is_there: bool) -> Iterator[FieldOrigin]:
        if path == (self._kind.key,) and self._kind.key not in self._body:
            yield from self._origins.of_key(self._item.address, self._item.source)
            return
        found = self._origins.of(self._item.address, path)
        if not is_there and found:  # the null that took it out is what holds
            found[0] = found[0]._replace(origin=replace(found[0].origin, used=True))
        if not found and (default := self._default(path)) is not UNSET:
            yield FieldOrigin("schema", default, used=True)
        for one in sorted(found, key=lambda one: not one.origin.used):
            above = spec_at(self._item, path[: len(path) - len(one.rest)])
            yield replace(one.origin, value=conceal(one.origin.value, above))
            if one.origin.used:
                yield from self._behind(one, spec)

    def _behind(self, written: Written, spec: Spec) -> Iterator[FieldOrigin]:
        """The variables and files that a text names: nothing of a secret, whose text is all that may be shown."""
        roles = spec.get(ROLES, NOTHING)
        if roles.get("secret"):
            return
        for one in self._origins.behind(written):
            if one.layer == "file" and (roles.get("confidential") or roles.get("may_be_secret")):
                continue
            yield replace(one, value=conceal(one.value, spec))

    # ---- what the schema says ----------------------------------------------------------------------

    def _said_of(self, path: Steps) -> dict[str, Any]:
        """The schema of a field; what has no editions of its own has those of the map that it stands in."""
        steps = [spec_at(self._item, path[:length]) for length in range(1, len(path) + 1)]
        roles: dict[str, Any] = {}
        for step in steps:
            roles |= {word: said for word, said in step.get(ROLES, NOTHING).items() if word in ("editions", "since")}
        roles |= steps[-1].get(ROLES, NOTHING)
        if "since" in roles:
            roles.setdefault("editions", self._kind.editions_of(self._item.type))
        told = {word: said for word, said in steps[-1].items() if word not in ("properties", "default", ROLES)}
        return {**told, **({ROLES: roles} if roles else {})}

    def _default(self, path: Steps) -> Any:
        """What the server fills in, which the schema may say at a map around the field."""
        for length in range(len(path), 0, -1):
            spec = spec_at(self._item, path[:length])
            if "default" in spec:
                found: Any = spec["default"]
                for part in path[length:]:
                    found = found.get(part, UNSET) if isinstance(found, Mapping) else UNSET
                return found
        return UNSET


def _body(document: Map, address: str) -> Map:
    """The composed entry of a resource, before references."""
    for part in split(address):
        document = document[part]
    return document


def _values(item: Resource, body: Map) -> dict[str, Any]:
    """All that the entry says, its fields and what is lsops' own."""
    own = {name: value.name if isinstance(value, TaskFile) else value for name, value in item.own.items()}
    values = {**item.values, **own}
    if LIFECYCLE in body:
        written = body[LIFECYCLE]
        names = (
            list(written)
            if isinstance(written, Map)
            else [one.name for one in fields(Lifecycle) if item.lifecycle.written(one.name)]
        )
        values[LIFECYCLE] = {name: item.lifecycle.written(name) for name in names}
    if PRUNE in body:
        values[PRUNE] = body[PRUNE]
    return values
