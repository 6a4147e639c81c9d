"""What is read for a dump, and the keys under which it will stand in the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lsops.dumping.names import Unique, slug
from lsops.dumping.values import LeftOut
from lsops.globs import pattern
from lsops.identity import comparable
from lsops.kinds import Kind
from lsops.kinds.capabilities import MayBeHidden, Omits, StandsInOrder
from lsops.manifest.checks import Profile, key_problem, profile
from lsops.manifest.reference_syntax import has_reference
from lsops.masking import mask_key
from lsops.model.address import below, parent, split
from lsops.model.live import Facts
from lsops.model.resource import Resource
from lsops.schema import KindSchema, children
from lsops.secret_urls import is_secret_url

LONGEST_KEY = 200
"""Characters of a key: YAML takes 1,024 of them in a line, escapes included, and nobody reads as many."""


@dataclass(frozen=True, slots=True)
class KeyName:
    """The key of an entry. `written` has the key field in the entry, too; `pinned` is found by its id alone."""

    name: str
    written: bool = False
    pinned: bool = False


@dataclass
class Surveyor:
    """Chooses by globs of addresses (all, where there are none) and names what is found; it remembers both.

    `rename` is another name for the one entry with a file of its own, and `renamed` its new address and its old one;
    `renames` counts those that would have it. `seen` are the addresses of what was found, chosen or not.
    """

    facts: Facts
    targets: tuple[str, ...] = ()
    rename: str = ""
    renamed: tuple[str, str] = ("", "")
    renames: int = 0
    seen: list[str] = field(default_factory=list)
    names: dict[str, KeyName] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def wants(self, collection: str) -> bool:
        """Whether a target covers a collection, something above it or something in it."""
        address = self._known(collection)
        return not self.targets or any(reaches(glob, address) for glob in self.targets)

    def covers(self, address: str) -> bool:
        """Whether a target covers an address, or it has to be there for something below it that one covers."""
        address = self._known(address)
        if not self.targets or any(pattern(glob)(address) for glob in self.targets):
            return True
        collection = "/".join("*" if number % 2 else part for number, part in enumerate(split(address)[:-1]))
        return bool(children(collection)) and any(reaches(glob, address) for glob in self.targets)

    def is_whole(self, address: str) -> bool:
        """Whether an entry is dumped with its fields, and not for what is below it alone."""
        return not self.targets or any(self.is_met(glob, address) for glob in self.targets)

    def is_met(self, glob: str, address: str) -> bool:
        """Whether a glob covers an address."""
        return pattern(glob)(self._known(address))

    def _known(self, address: str) -> str:
        """An address as it is on the server, where targets look for it."""
        new, old = self.renamed
        return old + address[len(new) :] if new and (address == new or address.startswith(f"{new}/")) else address

    def named(self, kind: Kind, live: Sequence[Resource], collection: str) -> Sequence[Resource]:
        """The resources to dump, with the addresses of their entries, in the order of these, or their own."""
        if isinstance(kind, MayBeHidden) and self.facts.is_enterprise and self.facts.role not in kind.sighted:
            self._leave(collection, f"what the token's owner, as {self.facts.role or 'nobody'}, does not see")
        kept = [one for one in live if not self._is_omitted(kind, one, collection)]
        if kind.schema.singleton:
            return [one for one in kept if self.covers(one.address)]
        found = []
        for one, key in zip(kept, key_names(kind.schema, kept), strict=True):
            address = below(collection, key.name)
            self.seen.append(address)
            if key.name and self.covers(address):
                key, address = self._renamed(kind, key, address)
                self.names[address] = key
                found.append(replace(one, address=address, parent=parent(collection)))
            elif not key.name:
                self._leave(_shown(one, collection), "another one has this key, and the manifest cannot hold both")
        return in_their_order(kind, found)

    def _renamed(self, kind: Kind, key: KeyName, address: str) -> tuple[KeyName, str]:
        """The key and the address that an entry gets where it is to be another one's copy."""
        if not self.rename or not any(item.compare == "xml" for item in kind.schema.fields().values()):
            return key, address
        new = below(parent(address), self.rename)
        self.renames += 1
        self.renamed = (new, address)
        return KeyName(self.rename), new

    def _is_omitted(self, kind: Kind, one: Resource, collection: str) -> bool:
        reason = kind.omitted(one, self.facts) if isinstance(kind, Omits) else ""
        if reason:
            self._leave(_shown(one, collection), reason)
        return bool(reason)

    def _leave(self, address: str, reason: str) -> None:
        if self.covers(address):
            self.left_out.append(LeftOut(address, reason))


def in_their_order(kind: Kind, found: Iterable[Resource]) -> list[Resource]:
    """Live resources of a collection as a manifest has them: as people see them stand, or by their addresses."""
    return sorted(found, key=kind.rank if isinstance(kind, StandsInOrder) else lambda one: one.address)


def reaches(glob: str, address: str) -> bool:
    """Whether a glob may cover an address, or something below it. What `**` stands for may be anything."""
    parts, wanted = glob.split("/"), address.split("/")
    if pattern(glob)(address):
        return True
    fixed = next((number for number, part in enumerate(parts) if "**" in part), len(parts))
    start = parts[: min(fixed, len(wanted))]
    is_long_enough = fixed < len(parts) or len(start) == len(wanted)
    return is_long_enough and pattern("/".join(start))(address)


def _shown(one: Resource, collection: str) -> str:
    """The address of what has no entry."""
    return one.address if not one.key else below(collection, mask_key(one.key))


# ---- keys ----------------------------------------------------------------------------------------


def key_names(schema: KindSchema, live: Sequence[Resource]) -> list[KeyName]:
    """The key of each entry of a collection; an empty one where none can be found that the schema takes."""
    groups: dict[object, list[Resource]] = {}
    for one in live:
        groups.setdefault(comparable(schema, one.key), []).append(one)
    twins = {key: _Twins(len(group) > 1, _are_apart(schema, group)) for key, group in groups.items()}
    names = Unique(joint=" ")
    result = []
    for one in live:
        alike = twins[comparable(schema, one.key)]
        key = (
            _local_name(schema, one, alike)
            if schema.is_composite
            else _key_name(schema, one, alike, profile_of(schema, one.type or ""))
        )
        if key.written or schema.is_composite:
            key = replace(key, name=names.of(key.name))
        elif key.name in names:
            key = replace(key, name="")
        else:
            names.add(key.name)
        result.append(key)
    return result


@dataclass(frozen=True, slots=True)
class _Twins:
    """Whether there are several of one key, and whether another field tells them apart."""

    are_there: bool
    are_apart: bool


def _key_name(schema: KindSchema, one: Resource, twins: _Twins, item: Profile) -> KeyName:
    fits = one.key and not key_problem(one.key, schema.key, item) and _is_text(one.key)
    if not fits or (twins.are_there and not twins.are_apart):
        return KeyName(next(filter(None, _pinned(schema, one, item)), ""), pinned=True)
    if schema.key in item.may_be_secret and is_secret(one.key):
        return KeyName(_host(one.key), written=True)
    if twins.are_there:
        return KeyName(_cut(f"{one.key} ({one.values.get(schema.apart)})", LONGEST_KEY), written=True)
    if has_reference(one.key) or len(one.key) > LONGEST_KEY:
        return KeyName(slug(one.key, schema.name), written=True)
    return KeyName(one.key)


def _local_name(schema: KindSchema, one: Resource, twins: _Twins) -> KeyName:
    """A name for an entry that several fields identify: what they hold, of a URL the host."""
    texts = [str(one.values.get(name) or "").strip() for name in schema.keys]
    said = " ".join(_host(text) if "://" in text else text for text in texts if text)
    title = " ".join(_without_references(said).split())
    is_plain = bool(title) and _is_text(title) and title.isprintable()
    name = _cut(title if is_plain else f"{schema.noun} {one.id}", LONGEST_KEY)
    return KeyName(name, pinned=twins.are_there and not twins.are_apart)


def is_secret(url: str) -> bool:
    """Whether a URL must not stand in a repository: by its path, or by the user or the query in it."""
    return is_secret_url(url) or mask_key(url) != url


def _host(url: str) -> str:
    return _without_references(url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]) or "url"


def _are_apart(schema: KindSchema, twins: Sequence[Resource]) -> bool:
    """Whether the kind has a field that tells equal keys apart, and it does."""
    values = [one.values.get(schema.apart) for one in twins] if schema.apart else [None]
    return all(isinstance(value, str) for value in values) and len(set(values)) == len(twins)


def _pinned(schema: KindSchema, one: Resource, item: Profile) -> Iterator[str]:
    """Names for what is found by its id, of which the first that the key field takes is good."""
    spec = item.fields[schema.key].raw
    longest = min(spec.get("maxLength", LONGEST_KEY), LONGEST_KEY)
    called = _without_references(one.key) if _is_text(one.key) else ""
    called = "".join(sign if sign.isprintable() else " " for sign in called).strip()
    title = called or f"untitled {one.type or ''} {schema.noun}".replace("  ", " ")
    for ending in (f" (id {one.id})", f"#{one.id}"):
        name = _cut(title, longest - len(ending)) + ending
        if not key_problem(name, schema.key, item):
            yield name


def _without_references(text: str) -> str:
    return text.replace("${", "$ {")


def _cut(text: str, longest: int) -> str:
    return text[:longest].rstrip()


def _is_text(text: str) -> bool:
    """Whether a file can hold it: half characters are in no encoding, and a NUL is in no manifest."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text)


def profile_of(schema: KindSchema, variant: str) -> Profile:
    """What is known of the entries of a kind's variant; of an unknown one, what all have in common."""
    known = variant if variant in schema.variants else next(iter(schema.variants))
    return profile(schema.kind, known, ())
