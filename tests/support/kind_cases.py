"""The cases of `tests/kinds`: what a file says of a kind, as the steps that each field goes through.

`tests/kinds/README.md` says what the words of a file mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NoReturn

import yaml
from jsonschema import Draft202012Validator

from lsops.schema import Field, KindSchema, kinds, of_server

FOLDER = Path(__file__).parents[1] / "kinds"
WORDS = ("created", "same", "changed", "emptied")
"""What happens to a field, in this order; each but the first may happen several times."""

EMPTY: tuple[Any, ...] = (None, "", [], {})


class BadCases(ValueError):
    """A file of cases that cannot be run as it is written."""


@dataclass(frozen=True)
class Step:
    """One value of a field: what it does, how it is declared, what is sent and what the server then shows."""

    word: str
    value: Any
    sent: Any
    shown: Any
    flow: str

    @property
    def action(self) -> str:
        """What the plan calls it; nothing for another spelling of what is there."""
        action = self.flow.partition(",")[0]
        return "" if self.word == "same" else "update" if action == "resend" else action


@dataclass(frozen=True)
class Refused:
    """A value that is refused, with the code of the error and words of its message.

    `by_server` is what only shows once it was sent; anything else is refused before the first write.
    """

    value: Any
    says: str
    code: str = ""
    by_server: bool = False


@dataclass(frozen=True)
class Case:
    """One field of one variant, with an entry of its own; `is_part` is one of several that identify it together."""

    name: str
    field: Field
    is_key: bool
    is_part: bool
    said: Mapping[str, Any]
    rules: Mapping[str, Any]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What the field goes through; none where it cannot be created. Raises: BadCases."""
        values = [("created", self.said["created"])] if "created" in self.said else []
        values += [(word, value) for word in WORDS[1:] for value in self.said.get(word, ())]
        last, held = None, []
        for word, value in values:
            last = last if word == "same" else value
            held.append(last)
        sent = self._beside("sent", held)
        shown = self._beside("shown", sent)
        return tuple(
            Step(word, value, sent[number], shown[number], self._flow(word))
            for number, (word, value) in enumerate(values)
        )

    @property
    def refused(self) -> tuple[Refused, ...]:
        return tuple(Refused(**one) for one in self.said.get("refused", ()))

    @property
    def given(self) -> Mapping[str, Any]:
        """What the field cannot be without."""
        return dict(self.said.get("with", {}))

    @property
    def without(self) -> frozenset[str]:
        """What of the file's entry does not go with the field."""
        return frozenset(self.said.get("without", ()))

    @property
    def also(self) -> frozenset[str]:
        """Fields whose change the plan shows beside that of the field."""
        return frozenset(self.said.get("also", self.rules.get("also", ())))

    @property
    def is_hidden(self) -> bool:
        """Whether no server gives it back, so that another value is seen by nobody and sent when asked."""
        return self.field.secret or self.field.write_only

    def requests(self, step: Step) -> list[tuple[str, Any]]:
        """The requests of a step with their bodies, as the file writes them."""
        flow = self.rules["requests"][step.flow] if step.action else []
        return [(call, body) for one in flow for call, body in one.items()]

    def _flow(self, word: str) -> str:
        if word == "same":
            return ""
        usual = (
            "create"
            if word == "created"
            else "resend"
            if self.is_hidden and "resend" in self.rules["requests"]
            else "update"
        )
        flow = self.said.get("by", {}).get(word) or self.rules.get("by", {}).get(word) or usual
        return flow if flow in self.rules["requests"] else _bad(f"{self.name}: requests has no {flow!r}")

    def _beside(self, word: str, values: list[Any]) -> list[Any]:
        """The values of the steps as they are sent or shown, where they differ from how they are declared."""
        found = self.said.get(word, values)
        if len(found) != len(values):
            _bad(f"{self.name}: {word} has {len(found)} values, and the field goes through {len(values)}")
        return list(found)


@dataclass(frozen=True)
class Cases:
    """A file as it holds at one place, of one variant; `place` is an edition, or `live`."""

    schema: KindSchema
    variant: str
    place: str
    said: Mapping[str, Any]

    def __str__(self) -> str:
        return "-".join(part for part in (self.schema.kind, self.variant, self.place) if part)

    @property
    def edition(self) -> str:
        return "enterprise" if self.place == "enterprise" else "community"

    @property
    def fields(self) -> Mapping[str, Field]:
        """What the schema says can be set, the discriminator aside: each of its values has cases of its own."""
        every = of_server(self.schema.fields(self.variant))
        return {name: field for name, field in every.items() if name != self.schema.discriminator}

    def is_secret(self, name: str) -> bool:
        """Whether a field is one that the server never gives back because it is a secret."""
        return name in self.fields and self.fields[name].secret

    @property
    def declared(self) -> Mapping[str, Mapping[str, Any]]:
        """What the file says by field, of those that this variant has."""
        return {name: said for name, said in self.said["fields"].items() if name in self.fields}

    @property
    def not_covered(self) -> Mapping[str, str]:
        return dict(self.said.get("not_covered", {}))

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """A case per field that exists here. Raises: BadCases."""
        return tuple(
            Case(
                name=name,
                field=self.fields[name],
                is_key=name == self.schema.key,
                is_part=self.schema.is_composite and name in self.schema.keys,
                said=said,
                rules=self.said,
            )
            for name, said in self.declared.items()
            if self.edition in self.fields[name].editions and name not in self.not_covered
        )

    @property
    def strangers(self) -> tuple[Case, ...]:
        """The cases of fields that only the other edition has, and that can be created there."""
        others = {name: said for name, said in self.declared.items() if self.edition not in self.fields[name].editions}
        return tuple(
            Case(name, self.fields[name], False, False, said, self.said)
            for name, said in others.items()
            if "created" in said
        )

    @property
    def is_together(self) -> bool:
        """Whether all cases stand in one manifest, each with an entry of its own."""
        return not (self.schema.singleton or self.said.get("one_at_a_time", False))

    def missing(self) -> list[str]:
        """What the file owes, in words: a field without cases, a word without a value or a reason."""
        lacking = self.fields.keys() - self.declared.keys() - self.not_covered.keys()
        found = [f"{name} has no case" for name in lacking]
        for name, said in self.declared.items():
            owed = _owed(self.fields[name], kinds()[self.schema.kind].documents[self.variant], name)
            given = said.keys() | said.get("cannot", {}).keys()
            found += [f"{name} is never {word}" for word in owed if word not in given]
        return sorted(found)


def _owed(field: Field, document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What has to be shown of a field: it is emptied where its schema lets it be, and refused where that forbids.

    A secret is not emptied: it is left out, and nobody can see what became of it.
    """
    spec = Draft202012Validator(document["properties"][name])
    required = name in document.get("required", ())
    empties = (
        any(spec.is_valid(value) for value in EMPTY if not (field.merge_deep and value == {}))
        and not required
        and not field.secret
    )
    return ("created", "changed", *(["emptied"] if empties else []), *(["refused"] if field.types else []))


def _bad(message: str) -> NoReturn:
    raise BadCases(message)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / "cases.schema.json").read_text("utf-8")))


@cache
def read(path: Path) -> Mapping[str, Any]:
    """A file of cases. Raises: BadCases where it has a word that means nothing, or lacks one."""
    document: Mapping[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    problems = [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(document)]
    if not problems and document["kind"] != path.stem:
        problems = [f"it is about {document['kind']}"]
    return document if not problems else _bad(f"{path.name}: " + "; ".join(problems))


def cases_of(document: Mapping[str, Any], place: str) -> list[Cases]:
    """The cases of a file that hold at a place, one per variant that exists there."""
    schema = kinds()[document["kind"]]
    edition = "enterprise" if place == "enterprise" else "community"
    found = []
    for variant in schema.variants:
        own = document.get("variants", {}).get(variant, {})
        said = {**laid_over(document, own), "fields": {**document["fields"], **own.get("fields", {})}}
        for layer in [edition, *([place] if place != edition else [])]:
            said = laid_over(said, said.get("at", {}).get(layer, {}))
        if edition in schema.editions_of(variant) and "left_out" not in said:
            found.append(Cases(schema, variant, place, said))
    return found


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """What a more special part of a file says on top of the general: of a field's words each that it has."""
    deep = {"fields", "at", "entry", "not_covered", "requests", "secrets"}
    merged: dict[str, Any] = {}
    for name in above:
        if name in deep and name in below:
            merged[name] = _field_by_field(below[name], above[name], nested=name in {"fields", "at"})
    return {**below, **above, **merged}


def _field_by_field(below: Mapping[str, Any], above: Mapping[str, Any], *, nested: bool) -> dict[str, Any]:
    both = below.keys() & above.keys() if nested else set()
    return {**below, **above, **{name: {**below[name], **above[name]} for name in both}}


def files() -> dict[str, Path]:
    """The files by the name of the kind."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def kinds_without_cases(names: Iterable[str]) -> list[str]:
    """Of those kinds the ones that have no file."""
    return sorted(set(names) - files().keys())
