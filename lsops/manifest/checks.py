"""Checking one entry, or the manifest's own keys, against its schema."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from lsops import schema
from lsops.errors import Finding
from lsops.manifest.findings import quote
from lsops.manifest.formats import form_of, meant, misfit
from lsops.manifest.messages import Subject, schema_findings, value_place
from lsops.manifest.places import PlaceRules, place_rules
from lsops.manifest.positions import Map
from lsops.manifest.prescreen import Predicate, compiled
from lsops.manifest.schema_messages import error_words
from lsops.manifest.specs import NOTHING, Spec, inlined, mentions_secret
from lsops.model.resource import Secret
from lsops.schema import Field, noun_of
from lsops.signs import with_article
from lsops.validation import with_anchors

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator


MOST_ERRORS = 5_000
"""Errors of one entry that are looked at."""


@dataclass(frozen=True)
class Profile:
    """What is known beforehand of the entries of one kind and variant.

    `secrets` are fields that are or hold one, `may_be_secret` those of them that may be a literal, too, `refs` those
    that name another resource, `plain` those with text that nothing else reads, `own` those that are lsops' own, and
    `tasks` those that name a file of tasks, each with the field that holds their label config. `inside` is the field
    into which short forms put others.
    """

    document: Spec
    noun: str
    fields: Mapping[str, Field]
    accepts: Predicate
    accepts_key: Predicate
    secrets: frozenset[str]
    refs: tuple[str, ...]
    plain: frozenset[str]
    forms: Mapping[str, str]
    labels: tuple[str, ...]
    not_both: tuple[tuple[str, str], ...]
    advice: tuple[SchemaAdvice, ...]
    place: PlaceRules | None
    may_be_secret: tuple[str, ...]
    others: tuple[str, ...]
    own: frozenset[str]
    tasks: Mapping[str, str]
    inside: str


@dataclass(frozen=True)
class SchemaAdvice:
    """A warning about a field of which the server takes any value, where all that is `wanted` of an entry holds.

    That is a predicate by field; a field that is not there fits unless it is `required`.
    """

    field: str
    wanted: tuple[tuple[str, Predicate], ...]
    required: frozenset[str]
    warning: str
    hint: str

    @classmethod
    def of(cls, rule: Spec) -> SchemaAdvice:
        """The advice that a schema writes as `{field, when: {required, properties}, warning, hint}`."""
        when = rule["when"]
        wanted = tuple((name, compiled(spec)) for name, spec in when["properties"].items())
        return cls(rule["field"], wanted, frozenset(when["required"]), rule["warning"], rule.get("hint", ""))

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Whether an entry deserves the warning."""
        for name, fits in self.wanted:  # noqa: SIM110  # a loop is a third faster than all()
            if not (fits(values[name]) if name in values else name not in self.required):
                return False
        return True


@cache
def profile(name: str, variant: str, others: tuple[str, ...]) -> Profile:
    """The profile of a variant of the kind of that name; it takes a millisecond to build.

    `others` are keys beside its fields.
    """
    kind = schema.kinds()[name]
    document = kind.documents[variant]
    fields = kind.fields(variant)
    secrets = frozenset(name for name, field in fields.items() if mentions_secret(field.raw))
    return Profile(
        document=document,
        noun=with_article(f"{variant} {noun_of(kind.kind)}".strip()),
        fields=fields,
        accepts=compiled(document),
        accepts_key=compiled(fields[kind.key].raw if kind.key in fields else NOTHING),
        secrets=secrets,
        refs=tuple(name for name, field in fields.items() if field.ref),
        plain=frozenset(name for name in fields.keys() - secrets if _is_plain(fields[name])),
        forms={name: form_of(field.raw) for name, field in fields.items() if form_of(field.raw)},
        labels=tuple(name for name, field in fields.items() if field.compare == "xml"),
        not_both=tuple((first, second) for first, second in document.get("x-lsops", NOTHING).get("not_both", ())),
        advice=tuple(map(SchemaAdvice.of, document.get("x-lsops", NOTHING).get("advice", ()))),
        place=place_rules(document),
        may_be_secret=tuple(name for name, field in fields.items() if field.may_be_secret),
        others=others,
        own=frozenset(name for name, field in fields.items() if field.own),
        tasks={name: field.tasks_for for name, field in fields.items() if field.tasks_for},
        inside=kind.shorthand().get("inside", ""),
    )


def _is_plain(field: Field) -> bool:
    return "string" in field.types and not field.code


def check_entry(
    values: Map, item: Profile, subject: Callable[[], Subject], validator: Callable[[], Validator]
) -> Iterator[Finding]:
    """What is wrong with an entry's fields; `subject` and `validator` are asked for only where there may be a fault."""
    hidden = {name for name in item.secrets if name in values and _holds_secret(values[name])}
    shown = {**values, **{name: _with_references(values[name]) for name in hidden}} if hidden else values
    if not item.accepts(shown):
        errors = (error for error in validator().iter_errors(shown) if not _is_hidden(error, hidden, item))
        yield from _explained(errors, values, subject())
    for name, form in item.forms.items():
        if name in values:
            yield from _misfits(values, name, form, subject)
    for first, second in item.not_both:
        if values.get(first) is True and values.get(second) is True:
            message = f"{first} and {second} cannot both be true"
            yield Finding("LS110", message, subject().address, value_place(values, [second]))
    for one in item.advice:
        if one.applies(shown):
            message = f"{one.field} {quote(values[one.field])} {one.warning}"
            place = value_place(values, [one.field])
            yield Finding("LS112", message, subject().address, place, one.hint, "warning")


def _explained(errors: Iterable[ValidationError], values: Map, subject: Subject) -> Iterator[Finding]:
    """What errors amount to: as many as a person mends before looking again."""
    found = list(islice(errors, MOST_ERRORS + 1))
    for error in relevant(found[:MOST_ERRORS]):
        yield from schema_findings(error, values, subject)
    if len(found) > MOST_ERRORS:
        message = f"{subject.noun} has more than {MOST_ERRORS:,} mistakes; the rest was not looked for"
        yield Finding("LS212", message, subject.address, subject.source)


def relevant(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """The errors in the order of their paths; of a value that has the wrong type nothing else is said."""
    found = sorted(errors, key=lambda error: [str(part) for part in error.absolute_path])
    mistyped = {tuple(error.absolute_path) for error in found if error.validator == "type"}
    return [error for error in found if error.validator == "type" or tuple(error.absolute_path) not in mistyped]


def _is_hidden(error: ValidationError, hidden: Container[str], item: Profile) -> bool:
    """Whether an error is about what is or holds a secret."""
    return bool(error.absolute_path) and error.absolute_path[0] in hidden and not _is_open(error, item)


def _is_open(error: ValidationError, item: Profile) -> bool:
    """Whether an error is about an object that may hold secrets beside other values, such as the name of a header."""
    return item.fields[str(error.absolute_path[0])].confidential


def _misfits(values: Map, name: str, form: str, subject: Callable[[], Subject]) -> Iterator[Finding]:
    value = values[name]
    wanted = misfit(form, value) if isinstance(value, str) else ""
    if wanted:
        place = value_place(values, [name])
        yield Finding("LS106", f"{name} must be {wanted}", subject().address, place, meant(form, value))


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_secret, value.values()))
    return isinstance(value, Secret) or (isinstance(value, list) and any(map(_holds_secret, value)))


def _with_references(value: Any) -> Any:
    """The value with the text of its reference for every secret, as schemas describe them."""
    if isinstance(value, Secret):
        return value.reference
    if isinstance(value, dict):
        return {key: _with_references(inner) for key, inner in value.items()}
    return [_with_references(inner) for inner in value] if isinstance(value, list) else value


def key_problem(key: str, name: str, item: Profile) -> str:
    """What is wrong with a map key that stands for the key field, in words; `""` where nothing is."""
    called = f"the {name} of {item.noun}"
    if not item.accepts_key(key):
        spec = item.fields[name].raw
        for error in _validator(spec).iter_errors(key):
            return error_words(error, called, spec).message
    form = item.forms.get(name, "")
    wanted = misfit(form, key) if form else ""
    return f"{called} must be {wanted}" if wanted else ""


def _validator(spec: Spec) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(with_anchors(spec))


# ---- the manifest's own keys --------------------------------------------------------------------


@cache
def manifest_document() -> Spec:
    """The schema of the manifest's own keys, without `$ref` and without what is checked elsewhere."""
    document = schema.documents()["manifest"]
    result: dict[str, Any] = inlined(document, document)
    result["properties"]["policies"] = schema.documents()["policies"]["properties"]["policies"]
    del result["properties"]["version"], result["required"], result["patternProperties"]
    return result


@cache
def lifecycle_document() -> Spec:
    """The schema of `lifecycle`."""
    document = schema.documents()["manifest"]
    result: Spec = inlined(document["$defs"]["lifecycle"], document)
    return result


@cache
def _prescreen(which: Callable[[], Spec]) -> Predicate:
    return compiled(which())


def check_document(values: Map, subject: Subject, which: Callable[[], Spec]) -> list[Finding]:
    """What is wrong with a map by one of the two documents above."""
    if _prescreen(which)(values):
        return []
    return list(_explained(_validator(which()).iter_errors(values), values, subject))
