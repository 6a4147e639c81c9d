"""Templates: what lies beneath the entries that name them, with their parameters put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import Any, NamedTuple

from lsops.errors import Source
from lsops.manifest.findings import Findings, listed, quote
from lsops.manifest.given import Binder, Scope, Spot, Value, mentioned, unknown_name
from lsops.manifest.patch import lay_beneath
from lsops.manifest.positions import Map, Mark, source_of
from lsops.manifest.references import References
from lsops.manifest.specs import NOTHING, ONLY_ENTRIES
from lsops.manifest.value_place import Unresolvable, ValuePlace
from lsops.schema import KindSchema, by_collection, noun_of
from lsops.signs import with_article
from lsops.spelling import Near

TEMPLATE, WITH, PARAMS = "template", "with", "params"
OWN = (PARAMS, TEMPLATE, WITH)
"""What a template has beside the entry that it holds."""
NO_SCOPE: Scope = {}
_NOWHERE = Spot("", 0, 0)
"""The place of a map that is asked for the places within."""


@dataclass(frozen=True)
class Template:
    """One entry of `templates`: of which kind, what it lays beneath, and the one that it builds on."""

    name: str
    kind: str
    body: Map
    params: Map = field(default_factory=Map)
    base: Any = None
    passed: Map = field(default_factory=Map)
    base_mark: Mark | None = None

    @cached_property
    def takes(self) -> str:
        """Its parameters in words, as a hint of each unknown one says them."""
        return f"it takes {listed(self.params)}" if self.params else "it takes none"


class Laid(NamedTuple):
    """What a template lays beneath one entry, its parameters put in."""

    name: str
    body: Map


@dataclass(frozen=True)
class _Use:
    """Where a template is named, by which entry, and through which other templates."""

    kind: KindSchema
    mark: Mark
    address: str
    through: tuple[str, ...] = ()

    def further(self, name: str, mark: Mark) -> _Use:
        """Where the template of that name names the one that it builds on."""
        return replace(self, mark=mark, through=(*self.through, name))


class Templates:
    """The templates of one manifest; what is wrong with one is told once, whoever uses it.

    `laid` is what lies beneath each entry, by its address, the uppermost first.
    """

    def __init__(self, written: Any, binder: Binder, references: References, findings: Findings) -> None:
        self._binder = binder
        self._references = references
        self._findings = findings
        self._written = written if isinstance(written, Map) else Map()
        self._read: dict[str, Template | None] = {}
        self._defaults: dict[str, dict[str, Value]] = {}
        self.laid: dict[str, list[Laid]] = {}
        for name in self._written:
            self._find(name)

    def beneath(self, entry: Map, kind: KindSchema, scope: Scope, address: str) -> Map | None:
        """The entry with its template beneath and without the words for it; None, with findings, where that fails."""
        name, mark = entry[TEMPLATE], entry.places[TEMPLATE][1]
        own = entry.only(key for key in entry if key not in (TEMPLATE, WITH))
        passed = self._passed(entry, scope, address)
        if passed is None:
            return None
        bodies = self._bodies(name, passed, _Use(kind, mark, address))
        if bodies is None:
            return None
        self.laid[address] = bodies
        return reduce(lambda above, one: lay_beneath(above, one.body), bodies, own)

    def _passed(self, owner: Map, scope: Scope, address: str) -> dict[str, Value] | None:
        """What `with` hands on, its references replaced."""
        given = owner.get(WITH)
        if given is None:
            return {}
        mark = owner.places[WITH][1]
        if not isinstance(given, Map):
            self._error("LS216", "with must be a map of parameters", mark, address)
            return None
        return self._resolved(self._binder.bound(given, scope, mark, address).value, address)

    def _resolved(self, values: Map, address: str) -> dict[str, Value] | None:
        found: dict[str, Value] = {}
        for name, value in values.items():
            mark = values.places[name][1]
            try:
                where = ValuePlace(NOTHING, mark, address, name)
                found[name] = Value(self._references.resolve(value, where), mark)
            except Unresolvable:
                return None
        return found

    def _bodies(self, name: Any, passed: Mapping[str, Value], use: _Use) -> list[Laid] | None:
        """What a template lays beneath, then that of the one that it builds on; None, with findings."""
        template = self._fitting(name, use)
        scope = self._scope(template, passed, use) if template is not None else None
        if template is None or scope is None:
            return None
        body = self._binder.bound(template.body, scope, use.mark, use.address).value
        mine = Laid(template.name, body)
        if template.base_mark is None:
            return [mine]
        passed_on = self._binder.bound(template.passed, scope, use.mark, use.address).value
        handed = self._resolved(passed_on, use.address)
        if handed is None:
            return None
        base = self._bodies(template.base, handed, use.further(template.name, template.base_mark))
        return None if base is None else [mine, *base]

    def _fitting(self, name: Any, use: _Use) -> Template | None:
        """The template of a name; None, with a finding, where it cannot be used here."""
        template = self._named(name, use.mark, use.address)
        if template is None:
            return None
        if template.name in use.through:
            circle = " -> ".join((*use.through, template.name))
            self._error("LS215", f"templates build on each other in a circle: {circle}", use.mark, use.address)
            return None
        if template.kind != use.kind.kind:
            held, wanted = with_article(noun_of(template.kind)), with_article(use.kind.noun)
            message = f"the template {quote(template.name)} is of {held}, not of {wanted}"
            self._error("LS215", message, use.mark, use.address)
            return None
        return template

    def _scope(self, template: Template, passed: Mapping[str, Value], use: _Use) -> Scope | None:
        """What each parameter stands for; None, with findings, where one is not known or missing."""
        wrong = False
        for name, value in passed.items():
            if name not in template.params:
                hint = Near(name, template.params, template.takes)
                self._error(
                    "LS216",
                    f"the template {quote(template.name)} has no parameter {quote(name)}",
                    value.mark,
                    use.address,
                    hint,
                )
                wrong = True
        missing = [name for name, value in template.params.items() if value is None and name not in passed]
        if missing:
            message = f"the template {quote(template.name)} needs {listed(map(quote, missing))}"
            self._error("LS216", message, use.mark, use.address, f"write with: {{{missing[0]}: …}}")
        if wrong or missing:
            return None
        known = self._defaults.get(template.name)
        if known is None:
            known = self._defaults[template.name] = self._resolved(template.params, "") or {}
        return {("param", name): value for name, value in {**known, **passed}.items()}

    # ---- as they are written

    def _named(self, name: Any, mark: Mark, address: str) -> Template | None:
        if not isinstance(name, str):
            self._error("LS215", "template must be the name of one of templates", mark, address)
            return None
        if name not in self._written:
            hint = Near(name, self._written, self._known)
            self._error("LS215", f"there is no template {quote(name)}", mark, address, hint)
            return None
        return self._find(name)

    @cached_property
    def _known(self) -> str:
        return f"there are {listed(self._written)}" if self._written else "templates: holds them"

    def _find(self, name: str) -> Template | None:
        if name not in self._read:
            self._read[name] = self._made(name, self._written[name], self._written.places[name][0])
        return self._read[name]

    def _made(self, name: str, written: Any, mark: Mark) -> Template | None:
        if not isinstance(written, Map):
            self._error("LS215", f"the template {quote(name)} must be a map", mark)
            return None
        kind = self._kind_of(name, written, mark)
        if kind is None:
            return None
        for key in (PARAMS, WITH, kind):
            if written.get(key) is not None and not isinstance(written[key], Map):
                message = f"{quote(key)} of the template {quote(name)} must be a map"
                self._error("LS215", message, written.places[key][1])
                return None
        template = self._template(name, kind, written)
        return template if self._knows_its_names(template) else None

    def _kind_of(self, name: str, written: Map, mark: Mark) -> str | None:
        """The kind of entry that a template holds; None, with a finding, where it is not one."""
        known = [kind.kind for kind in by_collection().values() if not kind.singleton]
        alone = [kind.kind for kind in by_collection().values() if kind.singleton]
        for key in written:
            if key not in known and key not in OWN:
                usual = f"a template holds {listed(OWN)}, and the kind of its entry"
                hint = Near(key, (*known, *OWN), ONLY_ENTRIES if key in alone else usual)
                self._error("LS102", f"unknown field {quote(key)} for a template", written.places[key][0], "", hint)
                return None
        kinds = [key for key in written if key in known]
        if len(kinds) == 1:
            return kinds[0]
        found = f"not {listed(kinds)}" if kinds else f"such as {known[0]}"
        self._error("LS215", f"the template {quote(name)} must hold one kind of entry, {found}", mark)
        return None

    def _template(self, name: str, kind: str, written: Map) -> Template:
        base = written.get(TEMPLATE)
        mark = written.places[TEMPLATE][1] if TEMPLATE in written else None
        body, params, passed = (written.get(key) or Map() for key in (kind, PARAMS, WITH))
        return Template(name, kind, body, params, base, passed, mark)

    def _knows_its_names(self, template: Template) -> bool:
        """Whether each `${param:}` of a template is one of its own."""
        right = True
        found = [one for body in (template.body, template.passed) for one in mentioned(body, "param", _NOWHERE)]
        for name, mark in found:
            if name not in template.params:
                hint = Near(name, template.params, template.takes)
                self._error("LS216", unknown_name("param", name), mark, "", hint)
                right = False
        return right

    def _error(self, code: str, message: str, mark: Mark, address: str = "", hint: str | Near = "") -> None:
        self._findings.error(code, message, source=source_of(mark), address=address, hint=hint)


def lent_by(written: Any) -> frozenset[Source]:
    """The places at which templates write fields of entries: these are not the entries' own."""
    found: set[Source] = set()
    for template in written.values() if isinstance(written, Map) else ():
        for body in template.values() if isinstance(template, Map) else ():
            places = [body.key_source(name) for name in body] if isinstance(body, Map) else []
            found.update(place for place in places if place is not None)
    return frozenset(found)
