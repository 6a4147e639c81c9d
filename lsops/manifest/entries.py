"""From one entry of a collection to a resource: references, schema, label configs, lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lsops.errors import Source
from lsops.manifest.checks import Profile, check_entry, key_problem, lifecycle_document, profile
from lsops.manifest.duplicates import Duplicates
from lsops.manifest.extra import EXTRA, closed_to_extra, extra_fields
from lsops.manifest.findings import Findings, listed, quote
from lsops.manifest.label_config_checks import LabelChecks
from lsops.manifest.lifecycle import contradictions, read_lifecycle, unknown_ignored
from lsops.manifest.messages import Subject
from lsops.manifest.pasted import meant_key
from lsops.manifest.places import Places
from lsops.manifest.positions import Map, Place, source_of
from lsops.manifest.reference_syntax import has_foreign_reference
from lsops.manifest.references import References
from lsops.manifest.specs import NOTHING, Spec
from lsops.manifest.value_place import Unresolvable, ValuePlace
from lsops.model.resource import Lifecycle, Resource
from lsops.schema import KindSchema, children, noun_of
from lsops.secret_urls import is_secret_url
from lsops.signs import with_article
from lsops.spelling import Near
from lsops.validation import validator

LIFECYCLE = "lifecycle"
PRUNE = "prune"
NO_LIFECYCLE = Lifecycle()
NO_FIELDS = Map()
MOST_WRONG = 1_000
"""Wrong entries that are explained; of more a person learns nothing new."""


@dataclass
class WrittenEntry:
    """One entry while it is read.

    `body` is what is written, `own` its part without child collections, lifecycle and prune. `refused` are fields
    with a reference that gives nothing: they are left out, and not missed.
    """

    kind: KindSchema
    key: str
    body: Map
    address: str
    place: Place
    parent: str = ""
    own: Map = field(init=False)
    refused: set[str] = field(default_factory=set)

    @property
    def is_absent(self) -> bool:
        """Whether the entry only says that the resource is to be gone, for which it needs no field."""
        rules = self.body.get(LIFECYCLE)
        return isinstance(rules, dict) and rules.get("absent") is True

    @property
    def source(self) -> Source:
        """Where the entry's key is written."""
        return source_of(self.place[0])


class EntryReader:
    """Reads entries one after the other; what is wrong goes to `findings`."""

    def __init__(self, references: References, findings: Findings, texts: Mapping[str, str]) -> None:
        self._references = references
        self._findings = findings
        self._labels = LabelChecks(texts)
        self._duplicates = Duplicates(findings)
        self._places = Places(findings)
        self._profiles: dict[tuple[str, str], Profile] = {}
        self._apart: dict[str, frozenset[str]] = {}
        self._wrong = 0
        self._unexplained: list[Source] = []

    def resource(self, entry: WrittenEntry) -> Resource | None:
        """The resource of an entry; None, with a finding, where its type is not known."""
        apart = self._keys_apart(entry.kind)
        mixed = not apart.isdisjoint(entry.body)
        entry.own = entry.body.only(name for name in entry.body if name not in apart) if mixed else entry.body
        variant = self._variant(entry)
        if variant is None:
            return None
        item = self._profile(entry.kind, variant)
        values = self._values(entry, item)
        self._check(entry, values, item, variant)
        key = self._key(entry, values, item)
        if mixed and EXTRA in entry.body:
            values = self._with_extra(entry, values, item)
        if entry.kind.key and entry.kind.key not in values:
            values = values.joined(entry.kind.key, key)
        block = self._lifecycle_block(entry) if mixed else None
        own = values.only(name for name in values if name in item.own) if item.own else NO_FIELDS
        if own:
            values = values.only(name for name in values if name not in item.own)
            own = self._with_tasks(entry, own, values, item)
        result = Resource(
            kind=entry.kind.kind,
            address=entry.address,
            key=key,
            values=values,
            parent=entry.parent,
            type=variant or None,
            lifecycle=self._lifecycle(entry, block, item, key=key) if block is not None else NO_LIFECYCLE,
            source=entry.source,
            own=own,
        )
        if item.place is not None:
            self._places.add(result, item.place)
        self._duplicates.add(result, entry.kind, block)
        return result

    def finish(self) -> None:
        """Note what is wrong among the entries, after the last one."""
        if self._unexplained:
            message = f"{len(self._unexplained):,} more entries may be wrong: too many are to look at each"
            self._findings.error("LS212", message, source=self._unexplained[0], hint="mend those above first")
        self._duplicates.finish()
        self._places.finish()

    def _keys_apart(self, kind: KindSchema) -> frozenset[str]:
        """The keys of an entry that are no fields: child collections, lifecycle, prune."""
        known = self._apart.get(kind.kind)
        if known is None:
            collections = children(kind.collection)
            known = frozenset((*collections, LIFECYCLE, EXTRA, PRUNE) if collections else (LIFECYCLE, EXTRA))
            self._apart[kind.kind] = known
        return known

    def _profile(self, kind: KindSchema, variant: str) -> Profile:
        known = self._profiles.get((kind.kind, variant))
        if known is None:
            known = profile(kind.kind, variant, tuple(sorted(self._keys_apart(kind))))
            self._profiles[kind.kind, variant] = known
        return known

    # ---- fields

    def _variant(self, entry: WrittenEntry) -> str | None:
        """The value of the discriminator, `""` for a kind without one; None where it is not known."""
        name, known = entry.kind.discriminator, entry.kind.variants
        if not name:
            return ""
        value = entry.own.get(name)
        if isinstance(value, str) and value in known:
            return value
        noun = with_article(noun_of(entry.kind.kind))
        if name not in entry.own:
            message = f"{noun} needs {quote(name)}, one of {listed(known)}"
            self._findings.error("LS101", message, source=entry.source, address=entry.address)
            return None
        if isinstance(value, str):
            value = self._resolved(entry, name, NOTHING)
        if isinstance(value, str) and value in known:
            return value
        if name not in entry.refused:
            hint = Near(value, known) if isinstance(value, str) else ""
            message = f"{name} of {noun} must be one of {listed(known)}; not {quote(value)}"
            place = entry.own.value_source(name)
            self._findings.error("LS104", message, source=place, address=entry.address, hint=hint)
        return None

    def _values(self, entry: WrittenEntry, item: Profile) -> Map:
        """The fields with references replaced and names of resources trimmed; the entry's own map where all is so."""
        own = result = entry.own
        for name, value in own.items():
            if value.__class__ is str and "${" not in value and name not in item.secrets:
                continue
            if name not in item.fields or (not isinstance(value, (dict, list, str)) and name not in item.secrets):
                continue
            new = self._resolved(entry, name, item.fields[name].raw)
            if new is not value:
                result = own.clone() if result is own else result
                result[name] = new
        for name in item.refs:
            value = result.get(name)
            if isinstance(value, str) and value != value.strip():
                result = own.clone() if result is own else result
                result[name] = value.strip()
        for name in entry.refused:
            result.drop(name)
        return result

    def _resolved(self, entry: WrittenEntry, name: str, spec: Spec) -> object:
        """A key of the body with its references replaced; where one gives nothing the key is noted as refused."""
        where = ValuePlace(spec, entry.body.places[name][1], entry.address, name)
        try:
            return self._references.resolve(entry.body[name], where)
        except Unresolvable:
            entry.refused.add(name)
            return None

    def _check(self, entry: WrittenEntry, values: Map, item: Profile, variant: str) -> None:
        def subject() -> Subject:
            return Subject(item.noun, item.document, entry.address, entry.source, item.others)

        if self._wrong >= MOST_WRONG and not item.accepts(values):
            self._unexplained.append(entry.source)
            return
        found = list(check_entry(values, item, subject, lambda: validator(entry.kind.kind, variant)))
        self._wrong += bool(found)
        for finding in found:
            if finding.code != "LS101" or not (entry.refused or entry.is_absent):
                self._findings.add(finding)
        self._check_inside(entry, values, item)
        self._warn_of_foreign(entry, item)
        self._warn_of_written_secrets(entry, values, item)
        for name in item.labels:
            if name in values:
                self._check_label_config(entry, name, values[name])

    def _check_inside(self, entry: WrittenEntry, values: Map, item: Profile) -> None:
        """Fields inside another one are lifted out of it before references are replaced: later nobody checks them."""
        inside = item.inside
        held = values.get(inside) if inside else None
        for name in held if isinstance(held, dict) else ():
            if name in item.fields and name != inside:
                message = f"{quote(name)} cannot stand in {inside} by a reference"
                place = values.value_source(inside)
                hint = f"write {name}: beside {inside}"
                self._findings.error("LS102", message, source=place, address=entry.address, hint=hint)

    def _warn_of_foreign(self, entry: WrittenEntry, item: Profile) -> None:
        """References of other tools, which nobody will replace; a map key counts as the field that it stands for."""
        written = [
            (name, value)
            for name, value in entry.own.items()
            if value.__class__ is str and ("$" in value or "{{" in value)  # the cheap first look for a reference
        ]
        key = entry.kind.key
        if ("$" in entry.key or "{{" in entry.key) and key not in entry.own:
            written.append((key, entry.key))
        for name, value in written:
            if name in item.plain and has_foreign_reference(value):
                message = f"{name} {quote(value)} looks like a reference of another tool, and is sent as it is written"
                place = entry.own.value_source(name) or entry.source
                hint = "write ${var:NAME}, and define it or set LSOPS_VAR_NAME"
                hint = (
                    hint
                    if name in entry.own
                    else f"give the entry a name of its own, and write {key}: ${{var:NAME}} in it"
                )
                self._findings.warn("LS112", message, source=place, address=entry.address, hint=hint)

    def _warn_of_written_secrets(self, entry: WrittenEntry, values: Map, item: Profile) -> None:
        """A URL that is a secret itself and stands in git: whoever reads it there may post."""
        for name in item.may_be_secret:
            as_key = name == entry.kind.key and name not in entry.own
            text = entry.key if as_key else values.get(name)
            if isinstance(text, str) and is_secret_url(text):
                place = entry.source if as_key else values.value_source(name)
                message = f"{name} {quote(text)} is a secret by its path, and is written out"
                hint = f"write {name}: ${{env:NAME}}" + (" in an entry with a name of its own" if as_key else "")
                self._findings.warn("LS113", message, source=place, address=entry.address, hint=hint)

    def _check_label_config(self, entry: WrittenEntry, name: str, text: object) -> None:
        if not isinstance(text, str) or not text:
            return
        for issue in self._labels.issues(text):
            mark = entry.own.places[name][1]
            file = self._references.files.named(entry.own[name], mark.name)
            place = self._references.files.part_place(text, issue.line, issue.column)
            place = place or (Source(file, issue.line, issue.column) if file else self._labels.place(issue, text, mark))
            add = self._findings.error if issue.severity == "error" else self._findings.warn
            add(issue.code, issue.message, source=place, address=entry.address, hint=issue.hint)

    def _with_extra(self, entry: WrittenEntry, values: Map, item: Profile) -> Map:
        """The fields with those that this lsops does not know, which are neither checked nor explained."""
        block = self._resolved(entry, EXTRA, NOTHING)
        if EXTRA in entry.refused:
            return values
        if entry.kind.closed:
            self._findings.add(closed_to_extra(entry.kind.noun, entry.body, entry.address))
            return values
        known = {*item.fields, *self._keys_apart(entry.kind), *item.document["properties"]}
        fields, findings = extra_fields(block, known, entry.body, entry.address)
        for finding in findings:
            self._findings.add(finding)
        result = values.clone()
        for name, value in fields.items():
            result.put(name, value, fields.places.get(name))
        return result

    def _with_tasks(self, entry: WrittenEntry, own: Map, values: Map, item: Profile) -> Map:
        """Lsops' own fields, where a name of a file of tasks is what that file holds; none where it cannot be used."""
        named = [name for name in item.tasks if isinstance(own.get(name), str)]
        result = own.only(name for name in own if name not in named) if named else own
        for name in named:
            from lsops.manifest.seed_files import SeedFiles

            where = ValuePlace(item.fields[name].raw, entry.own.places[name][1], entry.address, name)
            read = SeedFiles(self._references, self._findings).read(own[name], where, values.get(item.tasks[name]))
            if read is not None:
                result.put(name, read, own.places.get(name))
        return result

    # ---- key and lifecycle

    def _key(self, entry: WrittenEntry, values: Map, item: Profile) -> str:
        """What identifies the resource: the key field where it is written, else the map key; `""` for a singleton.

        Where several fields do, it is what they say; the map key is only a name, and stands in where they say nothing.
        """
        name = entry.kind.key
        if entry.kind.is_composite:
            return entry.kind.key_of(values) or entry.key.strip()
        if not name:
            return ""
        if isinstance(values.get(name), str):
            return str(values[name]).strip()
        key = entry.key.strip()
        if name not in entry.own and self._wrong >= MOST_WRONG and not item.accepts_key(key):
            self._unexplained.append(entry.source)
        elif name not in entry.own:
            problem = key_problem(key, name, item)
            meant = meant_key(key) if "~" in key or key.startswith("/") else ""
            hint = f"an address is not a key: write {quote(meant)}" if meant else ""
            if problem:
                self._wrong += 1
                self._findings.error("LS109", problem, source=entry.source, address=entry.address, hint=hint)
            elif meant:
                message = f"the key {quote(key)} is written as in an address"
                self._findings.warn("LS511", message, source=entry.source, address=entry.address, hint=hint)
        return key

    def _lifecycle_block(self, entry: WrittenEntry) -> Map | None:
        if LIFECYCLE not in entry.body:
            return None
        block = self._resolved(entry, LIFECYCLE, lifecycle_document())
        if isinstance(block, Map):
            return block
        if LIFECYCLE not in entry.refused:
            source = entry.body.value_source(LIFECYCLE)
            self._findings.error("LS103", "lifecycle must be a map", source=source, address=entry.address)
        return None

    def _lifecycle(self, entry: WrittenEntry, block: Map, item: Profile, *, key: str) -> Lifecycle:
        told, findings = read_lifecycle(block, entry.address)
        findings += contradictions(block, told, entry.kind, key=key, address=entry.address)
        if not findings:
            findings += unknown_ignored(block, item, entry.address)
        for finding in findings:
            self._findings.add(finding)
        return told
