"""What `schemas/` says about kinds and fields, as values that the other layers ask.

The files are the single source of truth. A kind is one file (`project.json`); a kind whose fields depend on a
discriminator is a base file with one more file per variant (`import_storage.json`, `import_storage.s3.json`), whose
own properties are laid over those of the base.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from lsops.masking import mask_urls
from lsops.model.address import split
from lsops.model.resource import Resource, Secret
from lsops.signs import is_several

EDITIONS = ("community", "enterprise")


@dataclass(frozen=True, slots=True)
class Field:
    """One field and its roles; the words are those of the `x-lsops` table in the reference.

    `types` are JSON Schema type names, empty for any. `since` maps an edition to its first release with the field.
    `ref` names the kind whose key the value is. `properties` are the leaves of a nested object, `items` what a list
    holds, `values` what a map holds, both only where something in them has a `ref`; `names_others` says whether this
    field or anything inside of it has one. `as_text` is a `ref` that the server keeps as it is written, so that it
    follows no rename. `confidential` is an
    object whose values are literal or secrets each, and are never shown. `may_be_secret` is a text that is literal or
    a secret; the server returns it, so that it is compared where it is known. `code` is text in a language of its own.
    `shown` names the wording in which people read the value. `seldom` is a secret without which most resources of the
    kind do. `credential` names the form that a revealed secret must have, of the field or of the values in it. `is_set`
    is the read-only field that says whether the server holds anything in this one. `goes_with` are fields that an
    update may not change without this one: see `goes_along`. `own` is lsops' own: no state of the server. `order_of`
    is the collection below the resource whose order on the server is that of the manifest with it. `exposing` are the
    keys inside of it, however deep, that say where data goes. `tasks_for` says that it names a file of tasks, and which
    field holds their label config. `on_request` is never returned, and sent on create and when somebody asks.
    `may_be_hidden`: nobody knows whether a server returns it; see `KindSchema.fields_in`.
    """

    name: str
    types: tuple[str, ...] = ()
    description: str = ""
    default: Any = None
    has_default: bool = False
    secret: bool = False
    seldom: bool = False
    confidential: bool = False
    code: bool = False
    may_be_secret: bool = False
    immutable: bool = False
    merge_deep: bool = False
    unordered: bool = False
    compare: str = ""
    shown: str = ""
    create: bool = True
    always_send: bool = False
    clear_replace: bool = False
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    ref: str = ""
    credential: str = ""
    is_set: str = ""
    goes_with: Mapping[str, Any] | tuple[str, ...] = ()
    own: bool = False
    order_of: str = ""
    exposing: tuple[str, ...] = ()
    tasks_for: str = ""
    on_request: bool = False
    may_be_hidden: bool = False
    editions: tuple[str, ...] = EDITIONS
    since: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Field] = field(default_factory=dict)
    items: Field | None = None
    values: Field | None = None
    names_others: bool = False
    as_text: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def unreadable(self) -> bool:
        """Never returned by the server, and no secret either."""
        return self.write_only and not self.secret

    def goes_along(self, names: Container[str], values: Mapping[str, Any]) -> bool:
        """Whether an update that changes the fields `names` must send this one too; `values` are declared.

        `goes_with` names fields, or maps them to the value that makes it so.
        """
        if not isinstance(self.goes_with, Mapping):
            return any(name in names for name in self.goes_with)
        return any(name in names and values.get(name) == value for name, value in self.goes_with.items())


@dataclass(frozen=True, slots=True)
class KindSchema:
    """One kind: where it stands, what identifies it, and its fields per variant.

    `collection` is a path such as `projects/*/import_storages`; `key` is the field that identifies one, and `keys` are
    all of them: where they are several, `key` is empty, and the name of an entry is only its own. `key_where` maps one
    of several to the values of another field with which alone it counts. `phase` orders kinds and their changes,
    parents first, and `phases` those of their changes that are made in another one. `variants` maps the value of the
    discriminator to fields; a kind without one has the single variant `""`. `advises` says that the kind's code may
    find declared values doubtful, so that `validate` asks it. `apart` names a field that tells two of one key
    apart, where both entries write it and it differs. `look_alike` says what is the `same` in a live resource that
    a create may be the new name of, and by which counters what it `holds` is known. `exposes` is `access` for a
    kind that decides who gets in, `data` for one that decides where data goes, and empty for any other. `noun` is
    what messages call one of the kind. `never_empty` is a collection that prune must not empty as a whole.
    `offline` names the fields whose values the kind's code can find wrong without a server. `graph` says how one is
    drawn (`lsops.engine.drawing.style`). `shards`: each shard of a manifest plans its own of the kind, by their
    keys, with all below them. `stays` is why one that is there cannot be deleted, of a singleton that is not always
    there. `unique` are the editions whose server refuses a second one of a key, or of which nobody knows that it does
    not. `fields_of` is the kind whose fields it has, too.
    there. `fields_of` is the kind whose fields it has, too. `closed`: no request of the kind has a place for a field
    that lsops does not know. `given` is why none of the kind is made, renamed or pinned, where the server has them all.
    """

    kind: str
    collection: str
    key: str
    singleton: bool
    phase: int
    editions: tuple[str, ...]
    discriminator: str
    description: str
    variants: Mapping[str, Mapping[str, Field]]
    documents: Mapping[str, Mapping[str, Any]] = field(repr=False)
    advises: bool = False
    apart: str = ""
    look_alike: Mapping[str, Any] = field(default_factory=dict)
    exposes: str = ""
    noun: str = ""
    phases: Mapping[str, int] = field(default_factory=dict)
    never_empty: bool = False
    shards: bool = False
    offline: tuple[str, ...] = ()
    graph: Mapping[str, Any] = field(default_factory=dict)
    fields_of: str = ""
    stays: str = ""
    unique: tuple[str, ...] = ()
    closed: bool = False
    given: str = ""
    keys: tuple[str, ...] = ()
    key_where: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_composite(self) -> bool:
        """Whether several fields together identify one of the kind."""
        return len(self.keys) > 1

    @property
    def key_words(self) -> str:
        """What identifies one of the kind, as messages say it: `title`, or `identity (provider, endpoint)`."""
        return f"identity ({', '.join(self.keys)})" if self.is_composite else self.key

    @property
    def parent_collection(self) -> str:
        """The collection of the kind above: `projects` for `projects/*/webhooks`, else empty."""
        return self.collection.rpartition("/*/")[0]

    @property
    def depth(self) -> int:
        """How many resources stand above one of the kind: 0 at the top of the manifest."""
        return self.collection.count("*")

    @property
    def name(self) -> str:
        """The last part of the collection's path, the key under which the manifest writes it."""
        return self.collection.rpartition("/")[2]

    def fields(self, variant: str | None = None) -> Mapping[str, Field]:
        """The fields of one variant; an unknown variant has none."""
        return self.variants.get(variant or "", MappingProxyType({}))

    def key_of(self, row: Mapping[str, Any]) -> str:
        """The key of a row that has the kind's fields; empty where it has none.

        Of several fields it is a text of those that have a value and count: `AzureOpenAI (deployment_name gpt)`; of a
        URL in it, what may be confidential is masked.
        """
        if not self.is_composite:
            return str(row.get(self.key) or "").strip()
        first, *others = ((name, str(mask_urls(row.get(name) or "")).strip()) for name in self.keys)
        told = [f"{name} {value}" for name, value in others if value and self._counts(name, row)]
        return f"{first[1]} ({', '.join(told)})" if told else first[1]

    def _counts(self, name: str, row: Mapping[str, Any]) -> bool:
        return all(row.get(other) in values for other, values in self.key_where.get(name, {}).items())

    def fields_in(self, row: Mapping[str, Any], variant: str | None = None) -> Mapping[str, Field]:
        """The fields of one variant as they stand in a row of the server: what may be hidden is one that it returns
        where the row has it, and one that it never returns where not. An empty row, such as a manifest's, says nothing.
        """
        names = hidable(self.kind) if row else frozenset[str]()
        returned = frozenset(name for name in names if name in row)
        return _fields_returned(self.kind, variant, returned) if names else self.fields(variant)

    def editions_of(self, variant: str | None = None) -> tuple[str, ...]:
        """The editions that have a variant; those of the kind where the variant says nothing of its own."""
        roles = self.documents.get(variant or "", {}).get("x-lsops", {})
        return tuple(roles.get("editions", self.editions))

    def shorthand(self) -> Mapping[str, Any]:
        """What the schema says of short forms: `{"list": true}` or `{"scalar": "role"}`."""
        base = self.documents.get("") or next(iter(self.documents.values()))
        return cast("Mapping[str, Any]", base.get("x-lsops", {}).get("short", {}))


def directory() -> Path:
    """The folder of the schemas: package data of an installed lsops, the top-level folder of a checkout."""
    installed = Path(__file__).parent / "_schemas"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "schemas"


@cache
def documents() -> Mapping[str, dict[str, Any]]:
    """Every schema file as parsed JSON, by name without the ending, with the fields that it has of another one."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(directory().glob("*.json"))}
    for document in found.values():
        other = document.get("x-lsops", {}).get("fields_of")
        if other:
            document["properties"] = {**found[other]["properties"], **document["properties"]}
    return found


@cache
def kinds() -> Mapping[str, KindSchema]:
    """Every kind by name, in the order of their phases."""
    bases = {name: document for name, document in documents().items() if "kind" in document.get("x-lsops", {})}
    found = [_kind(document) for document in bases.values()]
    return {item.kind: item for item in sorted(found, key=lambda item: (item.phase, item.kind))}


@cache
def hidable(kind: str) -> frozenset[str]:
    """The fields of a kind, in any of its variants, that some servers do not return."""
    schema = kinds().get(kind)
    found = (document["properties"].items() for document in schema.documents.values()) if schema else ()
    return frozenset(name for own in found for name, spec in own if spec.get("x-lsops", {}).get("may_be_hidden"))


@cache
def _fields_returned(kind: str, variant: str | None, returned: frozenset[str]) -> Mapping[str, Field]:
    """The fields of a variant, where of those that may be hidden the server returns some."""
    fields = kinds()[kind].fields(variant)
    names = hidable(kind) & fields.keys()
    return MappingProxyType(
        {**fields, **{name: replace(fields[name], write_only=name not in returned) for name in names}}
    )


@cache
def by_collection() -> Mapping[str, KindSchema]:
    """Every kind by the path of its collection."""
    return {item.collection: item for item in kinds().values()}


@cache
def children(collection: str) -> Mapping[str, KindSchema]:
    """The kinds directly below a collection, by the key under which an entry writes them; `""` is the top."""
    return {item.name: item for item in kinds().values() if item.parent_collection == collection}


def _kind(base: Mapping[str, Any]) -> KindSchema:
    roles = base["x-lsops"]
    own = {
        document["x-lsops"]["variant"]: {**document, "properties": {**base["properties"], **document["properties"]}}
        for document in documents().values()
        if document.get("x-lsops", {}).get("variant_of") == roles["kind"]
    }
    variants = own or {"": dict(base)}
    key = roles.get("key", ())
    keys = (key,) if isinstance(key, str) else tuple(key)
    return KindSchema(
        kind=roles["kind"],
        collection=roles["collection"],
        key=keys[0] if len(keys) == 1 else "",
        keys=keys,
        key_where=roles.get("key_where", {}),
        singleton=roles.get("singleton", False),
        phase=roles["phase"],
        phases=roles.get("phases", {}),
        editions=tuple(roles.get("editions", EDITIONS)),
        discriminator=roles.get("discriminator", ""),
        description=base.get("description", ""),
        variants=_Variants(variants),
        documents=variants,
        advises=roles.get("advises", False),
        apart=roles.get("apart", ""),
        look_alike=roles.get("look_alike", {}),
        exposes=roles.get("exposes", ""),
        noun=roles.get("noun", roles["kind"].replace("_", " ")),
        never_empty=roles.get("never_empty", False),
        shards=roles.get("shards", False),
        offline=tuple(roles.get("offline", ())),
        graph=roles.get("graph", {}),
        fields_of=roles.get("fields_of", ""),
        stays=roles.get("stays", ""),
        unique=tuple(roles.get("unique", ())),
        closed=roles.get("closed", False),
        given=roles.get("given", ""),
    )


class _Variants(Mapping[str, Mapping[str, Field]]):
    """The fields of each variant, made on first use: to make all takes 5 ms, and few manifests use all."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        self._documents = documents
        self._made: dict[str, Mapping[str, Field]] = {}

    def __getitem__(self, variant: str) -> Mapping[str, Field]:
        made = self._made.get(variant)
        if made is None:
            made = self._made[variant] = _fields(self._documents[variant]["properties"])
        return made

    def get(self, variant: str, default: Any = None) -> Any:
        """The fields of a variant: each plan asks for them many times for each resource."""
        made = self._made.get(variant)
        return made if made is not None else super().get(variant, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def _fields(properties: Mapping[str, Any]) -> Mapping[str, Field]:
    return MappingProxyType({name: field_of(name, spec) for name, spec in properties.items()})


def field_of(name: str, spec: Mapping[str, Any]) -> Field:
    """A field by what its schema says."""
    roles = spec.get("x-lsops", {})
    types = spec.get("type", ())
    own = spec.get("properties")
    properties = _fields(own) if isinstance(own, dict) else MappingProxyType({})
    items, values = (_naming(spec.get(word)) for word in ("items", "additionalProperties"))
    return Field(
        name=name,
        types=(types,) if isinstance(types, str) else tuple(types),
        description=spec.get("description", ""),
        default=spec.get("default"),
        has_default="default" in spec,
        secret=roles.get("secret", False),
        seldom=roles.get("seldom", False),
        may_be_secret=roles.get("may_be_secret", False),
        confidential=bool(_roles(spec.get("additionalProperties")).get("confidential")),
        code=roles.get("code", False),
        immutable=roles.get("immutable", False),
        merge_deep=roles.get("merge") == "deep",
        unordered=roles.get("unordered", False),
        compare=roles.get("compare", ""),
        shown=roles.get("shown", ""),
        create=roles.get("create", True),
        always_send=roles.get("always_send", False),
        clear_replace=roles.get("clear") == "replace",
        deprecated=spec.get("deprecated", False),
        read_only=spec.get("readOnly", False),
        write_only=spec.get("writeOnly", False),
        ref=roles.get("ref", ""),
        as_text=roles.get("as_text", False),
        credential=roles.get("credential", "") or _roles(spec.get("additionalProperties")).get("credential", ""),
        is_set=roles.get("is_set", ""),
        goes_with=_names_or_values(roles.get("goes_with", ())),
        own=roles.get("own", False),
        order_of=roles.get("order_of", ""),
        exposing=tuple(roles.get("exposing", ())),
        tasks_for=roles.get("tasks_for", ""),
        on_request=roles.get("on_request", False),
        may_be_hidden=roles.get("may_be_hidden", False),
        editions=tuple(roles.get("editions", EDITIONS)),
        since=roles.get("since", MappingProxyType({})),
        properties=properties,
        items=items,
        values=values,
        names_others=bool("ref" in roles or items or values or any(one.names_others for one in properties.values())),
        raw=spec,
    )


def _naming(spec: Any) -> Field | None:
    """What a list or a map holds, where that names other resources."""
    found = field_of("", spec) if isinstance(spec, dict) else None
    return found if found is not None and found.names_others else None


def _roles(values: Any) -> Mapping[str, Any]:
    """What is said of the values of an object, by their schema."""
    return cast("Mapping[str, Any]", values.get("x-lsops", {})) if isinstance(values, dict) else {}


def _names_or_values(told: Any) -> Mapping[str, Any] | tuple[str, ...]:
    return MappingProxyType(told) if isinstance(told, dict) else tuple(told)


def carried_along(names: Container[str], values: Mapping[str, Any], fields: Mapping[str, Field]) -> set[str]:
    """The declared fields that must be sent along when those named are."""
    return {name for name, field in fields.items() if name in values and field.goes_along(names, values)}


def settable(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """The fields that a manifest may write."""
    return {name: item for name, item in fields.items() if not item.read_only}


def of_server(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """The fields that are sent: those that a manifest may write, without lsops' own."""
    return {name: item for name, item in settable(fields).items() if not item.own}


def never_gone(kind: KindSchema) -> str:
    """Why the one that there is of a kind cannot be deleted, in words."""
    return kind.stays or f"the {kind.noun} always exist{'' if is_several(kind.noun) else 's'}"


def newer(wanted: str, release: str) -> bool:
    """Whether release `wanted` is newer than `release`: `newer("2.31", "2.29.0")`."""
    return _numbers(wanted) > _numbers(release)


def _numbers(release: str) -> list[int]:
    numbers = [int("".join(sign for sign in part if sign.isdigit()) or 0) for part in release.split(".")[:3]]
    return numbers + [0] * (3 - len(numbers))


def secret_key(item: Resource) -> Secret | None:
    """The reference that stands for what identifies a declared resource; None where that is written out."""
    value = item.values.get(kinds()[item.kind].key)
    return value if isinstance(value, Secret) else None


def referred(item: Resource) -> tuple[str, str]:
    """The kind of a declared resource, and by which name fields of others name it, as they write it."""
    return item.kind, split(item.address)[-1].strip() if kinds()[item.kind].is_composite else item.key


def noun_of(kind: str) -> str:
    """What messages call a resource of a kind: `ML backend`; that of a newer plan may be one that no schema has."""
    known = kinds().get(kind)
    return known.noun if known else kind.replace("_", " ")
