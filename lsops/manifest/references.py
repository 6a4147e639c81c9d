"""`${var:NAME}`, `${env:NAME}`, `${file:PATH}` and `${template:PATH}` in values.

What a reference gives is not scanned again; the values under `vars` may have none. Any other `${` is literal, and
`$${var:` writes a literal `${var:`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lsops.manifest.files import MAX_BYTES, FileProblem, Folder
from lsops.manifest.findings import Findings, quote
from lsops.manifest.given import Given, Scope, Spot, WithFile, as_text, shape_of, unknown_name
from lsops.manifest.positions import Map, Mark, Seq, source_of, weight
from lsops.manifest.reference_syntax import REFERENCE, has_reference, references_in, unescaped
from lsops.manifest.referenced_files import ReferencedFiles, is_xml
from lsops.manifest.scalars import ScalarError
from lsops.manifest.secrets import SecretRules
from lsops.manifest.specs import NOTHING, Spec, item_spec, one_of_types, property_spec, types_of
from lsops.manifest.value_place import Unresolvable, ValuePlace
from lsops.manifest.variables import Variable, converted
from lsops.model.resource import Secret
from lsops.spelling import Near

MOST_VALUES = 1_000_000
"""Values that variables which are maps or lists may give together."""
MOST_FILLED = 256 * MAX_BYTES
"""Characters that all files of `${template:}` may give together."""
MOST_GIVEN = 16 * MAX_BYTES
"""Characters that all references inside longer texts of a manifest may give together."""

CONVERTED = frozenset(("integer", "number", "boolean"))
"""The types that the text of a variable becomes where the schema wants one."""

NO_SCOPE: Scope = {}
SECRETS: Spec = {"additionalProperties": {"x-lsops": {"secret": True}}}
"""The schema of a map each of whose values is a secret."""


class References:
    """Resolves references in values of one manifest.

    `complete` is False where a file could not be read: then an unknown variable is no error, its file may be that one.
    """

    def __init__(
        self, folder: Folder, known: Mapping[str, Variable], findings: Findings, *, rules: SecretRules, complete: bool
    ) -> None:
        self._folder = folder
        self.files = ReferencedFiles(folder, findings)
        self._known = known
        self._findings = findings
        self._rules = rules
        self._complete = complete
        self._secrets: dict[tuple[str, str], Secret] = {}
        self._unchanged: set[tuple[int, int]] = set()
        self._given = self._given_values = self._filled_size = 0
        self._weights: dict[str, int] = {}
        self._variables: dict[str, Variable] = {}

    def resolve(self, value: Any, where: ValuePlace) -> Any:
        """The value with its references replaced; the value itself where it has none.

        A secret becomes a `Secret`, never its value. Raises `Unresolvable` where a reference gives nothing.
        """
        roles = where.spec.get("x-lsops", NOTHING)
        if roles.get("secret") or (_takes_secret(roles) and self._names_secret(value, where)):
            return self._secret(value, where)
        if value.__class__ is Given:
            return self._converted("", str(value), where)
        if isinstance(value, str):
            return self._text(value, where) if "${" in value else value
        return self._inside(value, where) if isinstance(value, (Map, Seq)) else value

    def _inside(self, owner: Map | Seq, where: ValuePlace) -> Any:
        """A map or list with references replaced; one without any is looked at once, however many entries share it."""
        identity = (id(owner), id(where.spec))
        if identity in self._unchanged:
            return owner
        result = self._map(owner, where) if isinstance(owner, Map) else self._list(owner, where)
        if result is owner:
            self._unchanged.add(identity)
        return result

    def _map(self, owner: Map, where: ValuePlace) -> Map:
        result, refused = owner, False
        for key, value in owner.items():
            marks = owner.places[key]
            self.refuse_in_key(key, marks[0], where.address)
            try:
                new = self.resolve(value, where.below(property_spec(where.spec, key), marks[1], key))
            except Unresolvable:
                refused = True
                continue
            if new is not value:
                result = owner.clone() if result is owner else result
                result[key] = new
        if refused:
            raise Unresolvable
        return result

    def _list(self, owner: Seq, where: ValuePlace) -> Seq:
        spec, result, changed, refused = item_spec(where.spec), Seq(), False, False
        for value, mark in zip(owner, owner.marks, strict=True):
            try:
                new = self.resolve(value, where.below(spec, mark, where.name))
            except Unresolvable:
                refused = True
                continue
            changed = changed or new is not value
            result.put(new, mark)
        if refused:
            raise Unresolvable
        return result if changed else owner

    def refuse_in_key(self, key: str, mark: Mark, address: str) -> bool:
        """Whether a key holds a reference, which is an error."""
        found = has_reference(key)
        if found:
            hint = "give the entry a name of its own, and write the reference in the field that identifies it"
            message = "a key cannot hold a reference"
            self._findings.error("LS402", message, source=source_of(mark), address=address, hint=hint)
        return found

    def _names_secret(self, value: Any, where: ValuePlace) -> bool:
        """Whether a value that may be literal is one secret reference; one inside other text is an error."""
        found = (
            references_in(value) if isinstance(value, str) and "${" in value and value.__class__ is not Given else ()
        )
        if not any(one[2] in ("env", "file") for one in found):
            return False
        if REFERENCE.fullmatch(value) is None:
            message = f"{where.name} must be plain text, or exactly one ${{env:NAME}} or ${{file:PATH}}"
            self._error("LS403", message, where, hint="put the whole value into the variable or the file")
            raise Unresolvable
        return True

    def _secret(self, value: Any, where: ValuePlace) -> Any:
        if isinstance(value, Map) and "object" in types_of(where.spec):
            return self._map(value, where.below(SECRETS, where.mark, where.name))
        if value is None:
            return None
        if value.__class__ is Given:
            message = f"{where.name} is a secret and cannot be given by a row or a parameter"
            self._error(
                "LS403", message, where, hint="write ${env:NAME}; a part of NAME may be ${each:…} or ${param:…}"
            )
            raise Unresolvable
        try:
            base = where.mark.name
            known = self._secrets.get((base, value)) if isinstance(value, str) else None
            if known is None:
                known = self._secrets[base, value] = self._rules.secret(value, base, self._folder)
            return known
        except FileProblem as problem:
            self._error("LS405", f"the secret's file: {problem}", where)
        except ScalarError as problem:
            self._error(problem.code, f"{where.name} {problem.message}", where, hint=problem.hint)
        raise Unresolvable

    # ---- ordinary fields

    def _text(self, text: str, where: ValuePlace) -> Any:
        whole = REFERENCE.fullmatch(text)
        if whole and whole[2] == "var":
            return self._variable(whole[3], where)
        scope = text.scope if isinstance(text, WithFile) else NO_SCOPE
        if whole and whole[2]:
            return self.files.with_parts(self._piece(whole, where, scope), whole, where)
        return self._joined(text, where, lambda found: self._piece(found, where, scope))

    def _joined(self, text: str, where: ValuePlace, give: Callable[[re.Match[str]], str]) -> str:
        """Text with what its references give in their places; bounded, since a variable may stand in it often."""
        pieces: list[str] = []
        end, size = 0, len(text)
        for found in references_in(text):
            piece = found[1] or give(found)
            size += len(piece)
            self._given += len(piece)
            if size > MAX_BYTES:
                self._error("LS105", f"{where.name} grows beyond {MAX_BYTES:,} characters by its references", where)
                raise Unresolvable
            if self._given > MOST_GIVEN:
                message = f"references inside texts give more than {MOST_GIVEN:,} characters in this manifest"
                self._error("LS105", message, where, hint="a value that is one ${var:} or ${file:} alone costs nothing")
                raise Unresolvable
            pieces += (text[end : found.start()], piece)
            end = found.end()
        return "".join(pieces) + text[end:]

    def _piece(self, found: re.Match[str], where: ValuePlace, scope: Scope = NO_SCOPE) -> str:
        """The text that one reference gives inside other text."""
        scheme, argument = found[2], found[3]
        if scheme == "file":
            return self.files.text(argument, where)
        if scheme == "template":
            return self._filled(argument, where, scope)
        if scheme in ("param", "each"):
            hint = "${each:} stands in an entry with for_each, ${param:} in a template"
            self._error("LS219", unknown_name(scheme, argument), where, hint=hint)
            raise Unresolvable
        if scheme == "env":
            message = f"{where.name} is no secret: ${{env:…}} is allowed in secret fields only"
            hint = "what is no secret can be ${var:NAME}, with LSOPS_VAR_NAME set: it is shown in every plan"
            self._error("LS402", message, where, hint=hint)
            raise Unresolvable
        return self._inside_text(argument, self._find(argument, where).value, where)

    def _filled(self, path: str, where: ValuePlace, scope: Scope) -> str:
        """The text of a file with its variables, parameters and rows' values, fit for XML where the field is that."""
        text = self.files.text(path, where)
        in_xml = is_xml(where.spec)
        name = self._folder.name(where.mark.name, path)

        def give(found: re.Match[str]) -> str:
            at = where._replace(mark=place_in(name, text, found.start()))
            piece = self._named_in_file(found, at, scope)
            return _in_xml(piece) if in_xml else piece

        filled = self._joined(text, where, give)
        self._filled_size += len(filled)
        if self._filled_size > MOST_FILLED:
            self._error(
                "LS105", f"files of ${{template:}} give more than {MOST_FILLED:,} characters in this manifest", where
            )
            raise Unresolvable
        return filled

    def _named_in_file(self, found: re.Match[str], where: ValuePlace, scope: Scope) -> str:
        scheme, name = found[2], found[3]
        if scheme == "var":
            return self._inside_text(name, self._find(name, where).value, where)
        if scheme not in ("param", "each"):
            self._error("LS402", f"a file of ${{template:}} cannot hold ${{{scheme}:}}", where)
            raise Unresolvable
        if (scheme, name) not in scope:
            hint = Near(name, [known for kind, known in scope if kind == scheme])
            self._error("LS219", unknown_name(scheme, name), where, hint=hint)
            raise Unresolvable
        value = scope[scheme, name].value
        text = as_text(value)
        if text is None:
            self._error("LS407", f"{found[0]} is {shape_of(value)} and cannot stand inside text", where)
            raise Unresolvable
        return text

    def _inside_text(self, name: str, value: Any, where: ValuePlace) -> str:
        if isinstance(value, str):
            return value
        if value is None or isinstance(value, (Map, Seq)):
            shown = "null" if value is None else "a list" if isinstance(value, Seq) else "a map"
            message = f"the variable {quote(name)} is {shown} and cannot stand inside text"
            self._error("LS407", message, where)
            raise Unresolvable
        return json.dumps(value)

    def _find(self, name: str, where: ValuePlace) -> Variable:
        variable = self._known.get(name)
        if variable is None:
            if self._complete:
                hint = Near(name, self._known, "define it under vars, with LSOPS_VAR_… or with --var")
                self._error("LS401", f"unknown variable {quote(name)}", where, hint=hint)
            raise Unresolvable
        if variable.is_text:
            return variable
        if name not in self._variables:
            self._variables[name] = Variable(unescaped(variable.value))
        return self._variables[name]

    def _variable(self, name: str, where: ValuePlace) -> Any:
        variable = self._find(name, where)
        text = variable.value
        if isinstance(text, (Map, Seq)):
            self._weigh(name, text, where)
        if not isinstance(text, str) or not (variable.is_text or CONVERTED & types_of(where.spec)):
            return text
        return self._converted(name, text, where)

    def _weigh(self, name: str, value: Map | Seq, where: ValuePlace) -> None:
        """Count the values of a map or list, which are looked at wherever it is used."""
        if name not in self._weights:
            self._weights[name] = weight(value)
        self._given_values += self._weights[name]
        if self._given_values > MOST_VALUES:
            self._error("LS105", f"variables give more than {MOST_VALUES:,} values in this manifest", where)
            raise Unresolvable

    def _converted(self, name: str, text: str, where: ValuePlace) -> Any:
        """A text as the number or boolean that the schema wants; the text where the schema takes text."""
        types = types_of(where.spec)
        if not types or "string" in types:
            return text
        try:
            return converted(text, types)
        except (ScalarError, ValueError) as problem:
            what = f"the variable {quote(name)}" if name else quote(text)
            message = f"{what} does not convert: {where.name} must be {one_of_types(types)}"
            self._error("LS407", message, where)
            raise Unresolvable from problem

    def _error(self, code: str, message: str, where: ValuePlace, *, hint: str | Near = "") -> None:
        self._findings.error(code, message, source=source_of(where.mark), address=where.address, hint=hint)


def place_in(name: str, text: str, index: int) -> Spot:
    """Where a character of a file stands."""
    start = text.rfind("\n", 0, index) + 1
    return Spot(name, text.count("\n", 0, index), index - start)


def _in_xml(text: str) -> str:
    """Text as it stands in XML, between tags or quotes; `xml.sax.saxutils` would load half of a web client."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _takes_secret(roles: Spec) -> bool:
    return bool(roles.get("confidential") or roles.get("may_be_secret"))
