"""The policies of a manifest: only read here, with their places, and judged by the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from lsops import schema
from lsops.errors import Source
from lsops.manifest.checks import check_document
from lsops.manifest.findings import Findings, quote
from lsops.manifest.include import FileReader
from lsops.manifest.messages import Subject
from lsops.manifest.positions import LINE_BREAK, Map
from lsops.manifest.reference_syntax import has_reference
from lsops.manifest.specs import Spec
from lsops.model.policy import Effect, Policy

EFFECTS: tuple[Effect, ...] = ("deny", "warn")


def additions(tree: Map, overlay: Map, findings: Findings) -> Map:
    """An overlay with those policies only that the manifest does not have: what it would change or drop is an error."""
    if "policies" not in overlay:
        return overlay
    laid, known = overlay.clone(), tree.get("policies", Map())
    added = overlay["policies"]
    if not isinstance(added, Map) or not isinstance(known, Map):
        message = "an overlay adds policies, as a map by their names, and drops none"
        if not isinstance(added, Map):
            findings.error("LS134", message, source=overlay.value_source("policies"))
        laid.drop("policies")
        return laid
    laid["policies"] = new = added.clone()
    for name, value in added.items():
        if name in known:
            message = f"an overlay cannot change or drop the policy {quote(name)}"
            findings.twice("LS134", message, added.key_source(name), known.key_source(name))
            new.drop(name)
        elif value is None:
            findings.error("LS134", f"the policy {quote(name)} is null", source=added.key_source(name))
            new.drop(name)
    return laid


@dataclass
class PolicyReader:
    """Reads maps of policies; `lines` are those of the files that were looked at."""

    reader: FileReader
    lines: dict[str, list[str]] = field(default_factory=dict)

    def of(self, tree: Map) -> Iterator[Policy]:
        """The policies of a file or manifest that are right."""
        if "policies" not in tree:
            return
        entries, findings = tree["policies"], self.reader.findings
        if not isinstance(entries, Map):
            findings.error("LS103", "policies must be a map, by their names", source=tree.value_source("policies"))
            return
        for name, entry in entries.items():
            if isinstance(entry, Map) and _is_right(name, entry, entries.key_source(name), findings):
                yield self._policy(name, entry, entries.key_source(name))
            elif not isinstance(entry, Map):
                message = f"the policy {quote(name)} must be a map"
                findings.error(
                    "LS103", message, source=entries.value_source(name), hint="it needs on, and deny or warn"
                )

    def _policy(self, name: str, entry: Map, source: Source | None) -> Policy:
        effect = next(one for one in EFFECTS if one in entry)
        origin = entry.value_source(effect)
        return Policy(
            name=name,
            on=entry["on"],
            effect=effect,
            expression=entry[effect],
            message=entry.get("message", ""),
            source=source,
            origin=origin,
            rows=self._rows(entry[effect], origin),
        )

    def _rows(self, expression: str, origin: Source | None) -> tuple[Source, ...]:
        """Where the lines of an expression begin; none where they do not stand in the file as they are."""
        if origin is None:
            return ()
        if origin.file not in self.lines:
            self.lines[origin.file] = LINE_BREAK.split(self.reader.texts.get(origin.file, ""))
        return _found_rows(expression.removesuffix("\n").split("\n"), origin, self.lines[origin.file])


def _found_rows(wanted: list[str], origin: Source, lines: list[str]) -> tuple[Source, ...]:
    """Behind the place where the value begins, maybe in quotes; or from the next line on, as a block has it."""
    here = lines[origin.line - 1] if origin.line <= len(lines) else ""
    at = here.find(wanted[0], origin.column - 1) if len(wanted) == 1 else -1
    if at >= 0:
        return (Source(origin.file, origin.line, at + 1),)
    block = lines[origin.line : origin.line + len(wanted)]
    columns = [row.find(text) for row, text in zip(block, wanted, strict=False)]
    if len(columns) < len(wanted) or -1 in columns:
        return ()
    return tuple(Source(origin.file, origin.line + 1 + n, column + 1) for n, column in enumerate(columns))


def _is_right(name: str, entry: Map, source: Source | None, findings: Findings) -> bool:
    """Whether a policy has the shape of one; else there are findings."""
    if all(effect in entry for effect in EFFECTS):
        message = f"the policy {quote(name)} has both deny and warn"
        findings.error("LS110", message, source=entry.key_source("warn"), hint="write two policies")
        return False
    subject = Subject(f"the policy {quote(name)}", _policy_document(), source=source)
    found = check_document(entry, subject, _policy_document)
    for finding in found:
        findings.add(finding)
    return not found and not _has_references(entry, findings)


def _has_references(entry: Map, findings: Findings) -> bool:
    """Whether something in a policy looks as if lsops replaced it, which it does not; then there is a finding."""
    found = [key for key, value in entry.items() if isinstance(value, str) and has_reference(value)]
    for key in found:
        hint = "write the value out; an overlay may add a policy of another name"
        findings.error("LS402", "a reference cannot stand in a policy", source=entry.value_source(key), hint=hint)
    return bool(found)


def _policy_document() -> Spec:
    return cast("Spec", schema.documents()["policies"]["properties"]["policies"]["additionalProperties"])
