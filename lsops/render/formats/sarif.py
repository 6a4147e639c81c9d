"""SARIF 2.1.0, for code scanning: what is wrong or doubtful, and what would change, at its line of the manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lsops.engine.words import called
from lsops.errors import Finding, Source
from lsops.render.document import Document
from lsops.render.formats import Format
from lsops.render.lines import Line
from lsops.render.parts import Entry
from lsops.render.places import MANIFEST, relative_path, stable_marks
from lsops.render.safe import line
from lsops.render.sarif_rules import rule
from lsops.signs import ascii_json

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "%SRCROOT%"
"""What paths are relative to: where lsops ran, or the manifest's folder where that was named from the root."""
FIELDS = 10
"""Fields of a change that its message names."""
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True, slots=True)
class SarifResult:
    """One result before it has a form; `said` is foreign text that is fit for a line."""

    rule: str
    level: str
    said: str
    address: str
    source: Source | None


def sarif_log(document: Document) -> Iterator[Line]:
    """A log of one run."""
    from lsops.engine.planfile import dumps

    found = (*_results(document), *_changes(document))
    rules = {name: number for number, name in enumerate(dict.fromkeys(one.rule for one in found))}
    text = dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(document, found, rules)]})
    yield from map(Line, text.split("\n")[:-1])


def _run(document: Document, found: tuple[SarifResult, ...], rules: dict[str, int]) -> dict[str, Any]:
    from lsops.version import __version__

    prefix = document.look.prefix
    root = {HOME: {"uri": f"file://{quote(prefix)}"}} if prefix.startswith("/") else {}
    marks = stable_marks((one.rule, one.address, one.said if one.rule.startswith("LS") else "") for one in found)
    return {
        "tool": {"driver": {"name": "lsops", "version": __version__, "rules": list(map(rule, rules))}},
        "invocations": [{"executionSuccessful": not document.verdict.is_bad}],
        **({"originalUriBaseIds": root} if root else {}),
        "columnKind": "unicodeCodePoints",
        "results": [_row(one, rules, mark, prefix) for one, mark in zip(found, marks, strict=True)],
        "properties": {"verdict": document.verdict.words},
    }


def _row(one: SarifResult, rules: dict[str, int], mark: str, prefix: str) -> dict[str, Any]:
    """A result; what has no place stands where the manifest begins, for GitHub takes none without."""
    source = one.source or MANIFEST
    region = {"startLine": source.line, "startColumn": source.column}
    file = {"uri": quote(relative_path(source, prefix), errors="backslashreplace"), "uriBaseId": HOME}
    named = [{"fullyQualifiedName": line(one.address), "kind": "resource"}] if one.address else []
    return {
        "ruleId": one.rule,
        "ruleIndex": rules[one.rule],
        "level": one.level,
        "message": {"text": _plain(one.said)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": file, "region": region},
                **({"logicalLocations": named} if named else {}),
            }
        ],
        "partialFingerprints": {"lsops/v1": mark, "primaryLocationLineHash": f"{mark[:16]}:1"},
    }


def _plain(text: str) -> str:
    """A text in which a viewer finds neither a link nor a placeholder."""
    bare = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return _PLACEHOLDER.sub(r"{{\1}}", bare)


# ---- what is told ------------------------------------------------------------------------------


def _results(document: Document) -> Iterator[SarifResult]:
    for one in (*document.findings, *document.failures):
        yield SarifResult(
            one.code, "error" if one.is_error else "warning", _words(one, document), one.address, one.source
        )


def _words(finding: Finding, document: Document) -> str:
    hint = f" ({line(finding.hint)})" if finding.hint else ""
    return f"{line(finding.words(document.look.prefix))}{hint}"


def _changes(document: Document) -> Iterator[SarifResult]:
    """Deletes, also those within a replace, are warnings; drift is one, too."""
    for entry in document.entries:
        change = entry.change
        level = "warning" if change.needs_consent or document.subject == "drift" else "note"
        yield SarifResult(entry.sort, level, _change_words(entry), change.address, change.source)


def _change_words(entry: Entry) -> str:
    told = [f"{field.name}: {' -> '.join(field.said)}" if field.said else field.name for field in entry.fields()]
    told += [f"{secret.name}: sent" for secret in entry.secrets()]
    more = [f"and {len(told) - FIELDS} more fields"] if len(told) > FIELDS else []
    remarks = [f"{item.label} {item.text}" for item in entry.remarks()]
    said = "; ".join((*told[:FIELDS], *more, *remarks))
    name = f"{entry.sort} {line(called(entry.change))} {entry.origin}".rstrip()
    return f"{name}: {said}" if said else name


FORMAT = Format(
    dict.fromkeys(("plan", "drift", "report", "errors", "valid"), sarif_log),
    in_ascii=ascii_json,
    is_for_programs=True,
)
