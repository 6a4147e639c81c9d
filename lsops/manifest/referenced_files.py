"""Files that values of a manifest name, each read once, and label configs that are composed of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsops.errors import Source
from lsops.manifest.files import FileProblem, Folder
from lsops.manifest.findings import Findings, quote
from lsops.manifest.positions import source_of
from lsops.manifest.reference_syntax import REFERENCE
from lsops.manifest.specs import NOTHING, Spec
from lsops.manifest.value_place import Unresolvable, ValuePlace

if TYPE_CHECKING:
    import re

    from lsops.manifest.xinclude import WithParts

XINCLUDE = "http://www.w3.org/2001/XInclude"


class ReferencedFiles:
    """The files below one root; what is wrong with one goes to `findings`."""

    def __init__(self, folder: Folder, findings: Findings) -> None:
        self._folder = folder
        self._findings = findings
        self._texts: dict[str, str] = {}
        self._composed: dict[str, WithParts] = {}

    def text(self, path: str, where: ValuePlace) -> str:
        """The text of a referenced file; `Unresolvable`, with a finding, where it cannot be used."""
        try:
            return self._once(self._folder.name(where.mark.name, path))
        except FileProblem as problem:
            raise self._unusable(path, problem, where) from problem

    def large(self, path: str, where: ValuePlace, limit: int) -> tuple[str, str]:
        """The name below the root and the text of a file that is not kept; `Unresolvable`, with a finding, for none."""
        try:
            name = self._folder.name(where.mark.name, path)
            return name, _without_nul(self._folder.read(name, limit))
        except FileProblem as problem:
            raise self._unusable(path, problem, where) from problem

    def named(self, text: Any, base: str) -> str:
        """The name of the file where a value is exactly one `${file:PATH}` that can be used, else `""`."""
        whole = REFERENCE.fullmatch(text) if isinstance(text, str) else None
        return self._folder.name(base, whole[3]) if whole and whole[2] in ("file", "template") else ""

    def with_parts(self, text: str, whole: re.Match[str], where: ValuePlace) -> str:
        """A label config of a file with the parts that it includes."""
        if XINCLUDE not in text or not is_xml(where.spec):
            return text
        from lsops.manifest.xinclude import compose_parts

        base = self._folder.name(where.mark.name, whole[3])
        try:
            composed = compose_parts(text, base, self._part)
        except PartProblem as problem:
            place = problem.source or source_of(where.mark)
            self._findings.error("LS220", str(problem), source=place, address=where.address)
            raise Unresolvable from problem
        self._composed[composed.text] = composed
        return composed.text

    def _part(self, name: str, href: str) -> tuple[str, str]:
        try:
            part = self._folder.name(name, href)
            return part, self._once(part)
        except FileProblem as problem:
            raise PartProblem(str(problem)) from problem

    def part_place(self, text: str, line: int, column: int) -> Source | None:
        """Where a place of a composed label config stands; None for a config that includes nothing."""
        composed = self._composed.get(text)
        return composed.place(line, column) if composed is not None else None

    def _once(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = _without_nul(self._folder.read(name))
        return self._texts[name]

    def _unusable(self, path: str, problem: FileProblem, where: ValuePlace) -> Unresolvable:
        message = f"the file {quote(path)}: {problem}"
        self._findings.error("LS405", message, source=source_of(where.mark), address=where.address)
        return Unresolvable()


class PartProblem(Exception):
    """An `xi:include` that cannot be followed; `source` is where it stands."""

    def __init__(self, message: str, source: Source | None = None) -> None:
        super().__init__(message)
        self.source = source


def is_xml(spec: Spec) -> bool:
    """Whether a field is a label config."""
    return bool(spec.get("x-lsops", NOTHING).get("compare") == "xml")


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise FileProblem("unreadable", "it holds a NUL character")
    return text
