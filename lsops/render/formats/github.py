"""What GitHub Actions shows: annotations on the lines of the manifest, the summary of the job, and outputs of the step.

A runner takes a command from a line that begins with `::`, and from `##[` wherever it stands. So every foreign text is
one line whose `##[` is broken, stands behind a beginning of our own, and has its signs encoded in a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from secrets import token_hex

from lsops.engine.words import called
from lsops.errors import Finding, Source
from lsops.render.document import Document
from lsops.render.formats import Format, format_named
from lsops.render.lines import Line
from lsops.render.parts import Entry
from lsops.render.safe import line

GRAVE = ("warning", "delete")
"""Styles of the remarks on a change of which its line is told."""
_IN_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_TEXT, ":": "%3A", ",": "%2C"}


def annotation_lines(document: Document) -> Iterator[Line]:
    """What is wrong, what apply will need, what is doubtful, and the verdict; each where the manifest says it.

    GitHub shows ten errors and ten warnings of a step: what is graver comes first.
    """
    prefix = document.look.prefix
    yield from (_finding(one, prefix) for one in (*document.errors, *document.failures))
    if needs := "\n".join(_needs(document)):
        yield _command("warning", f"lsops {document.heading}", None, needs)
    yield from _doubts(document.entries)
    yield from (_finding(one, prefix) for one in document.warnings)
    yield _command("notice", f"lsops {document.heading}", None, document.verdict.words)


def annotations_and_text(document: Document) -> Iterator[Line]:
    """The annotations, and all of it as text in a group that is folded in the log."""
    text = format_named("text")
    assert text is not None  # noqa: S101  # it is there
    yield from annotation_lines(document)
    yield Line(f"::group::lsops {document.heading}")
    yield from text.forms[document.subject](document)
    yield Line("::endgroup::")


def runner_files(document: Document) -> dict[str, str]:
    """The summary of the job in Markdown; of a plan, drift or a report, the outputs of the step."""
    outputs = "".join(_output(name, value) for name, value in _outputs(document).items())
    return {"GITHUB_STEP_SUMMARY": _summary(document), **({"GITHUB_OUTPUT": outputs} if outputs else {})}


# ---- annotations -------------------------------------------------------------------------------


def _finding(finding: Finding, prefix: str) -> Line:
    parts = (line(finding.words(prefix)), line(finding.address), line(finding.hint))
    kind = "error" if finding.is_error else "warning"
    return _command(kind, f"lsops {finding.code}", finding.source, "\n".join(filter(None, parts)), prefix)


def _needs(document: Document) -> Iterator[str]:
    if document.refused:
        yield f"apply will refuse this plan: {document.refused}"
    yield from (f"apply will need {line(flag)}" for flag in document.flags)


def _doubts(entries: Iterable[Entry]) -> Iterator[Line]:
    """Of each change what speaks against it, the deletes first."""
    for entry in sorted(entries, key=lambda one: not one.change.needs_consent):
        said = [f"{item.label} {item.text}" for item in entry.remarks() if item.style in GRAVE]
        if said:
            name = f"{entry.sort} {line(called(entry.change))} {entry.origin}".rstrip()
            yield _command("warning", "lsops", entry.change.source, "\n".join((name, *said)), entry.look.prefix)


def _command(kind: str, title: str, source: Source | None, text: str, prefix: str = "") -> Line:
    place = {"file": line(prefix + source.file), "line": source.line, "col": source.column} if source else {}
    properties = ",".join(f"{name}={_encoded(str(value), _IN_PROPERTY)}" for name, value in _titled(place, title))
    return Line(f"::{kind} {properties}::{_encoded(text, _IN_TEXT)}", kind if kind != "notice" else "title")


def _titled(place: Mapping[str, object], title: str) -> Iterator[tuple[str, object]]:
    yield from place.items()
    yield "title", line(title)


def _encoded(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in text)


# ---- files of the runner -----------------------------------------------------------------------


def _summary(document: Document) -> str:
    from lsops.render.formats.markdown import FORMAT as MARKDOWN
    from lsops.render.formats.markdown import markdown_errors

    form = MARKDOWN.forms.get(document.subject, markdown_errors)
    return "\n".join(row.text for row in form(document)) + "\n\n"


def _outputs(document: Document) -> dict[str, str]:
    if document.subject in ("errors", "valid"):
        return {}
    changes, deletes = _numbers(document)
    return {"changes": str(changes), "deletes": str(deletes), "needs": " ".join(map(line, document.flags))}


def _numbers(document: Document) -> tuple[int, int]:
    """How many changes there are, and how many of them delete something."""
    if document.subject == "report":
        done = [one.outcome for one in document.endings if one.outcome.outcome == "done"]
        return len(done), sum(one.action in ("delete", "replace") for one in done)
    counted = {name: number for name, number in document.counts.items() if name != "unchanged"}
    deletes = [one for one in document.entries if one.change.needs_consent]
    return sum(counted.values()), len(deletes)


def _output(name: str, value: str) -> str:
    """A value behind a mark that it cannot hold: who names a project does not know it."""
    mark = f"end_{token_hex(16)}"
    return f"{name}<<{mark}\n{value}\n{mark}\n"


FORMAT = Format(
    {
        "plan": annotations_and_text,
        "drift": annotations_and_text,
        "report": annotations_and_text,
        "errors": annotation_lines,
        "valid": annotation_lines,
    },
    is_for_programs=True,
    files=runner_files,
)
