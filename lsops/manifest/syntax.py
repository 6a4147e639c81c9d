"""What the YAML parser complains of, in plain words and at its place."""

from __future__ import annotations

from yaml.error import MarkedYAMLError
from yaml.reader import Reader

from lsops.errors import Source
from lsops.manifest.positions import LINE_BREAK, source_of

UNPRINTABLE = Reader.NON_PRINTABLE
"""What YAML does not allow; to compile it once more takes as long as a small manifest."""

PLAIN_WORDS = {
    "did not find expected node content": "a value is missing here",
    "found character that cannot start any token": "a value cannot begin with this character; put it in quotes",
    "mapping values are not allowed in this context": "a colon stands where no key may; put the text in quotes",
    "did not find expected key": "a key is expected here; the indentation may be wrong",
    "did not find expected '-' indicator": "a list item is expected here; the indentation may be wrong",
    "found unexpected end of stream": "the file ends inside quotes",
    "could not find expected ':'": "a colon is missing behind this key",
    "found undefined tag handle": "the tag begins with a handle that the file does not define",
    "did not find expected ',' or ']'": "the list that begins with [ is not closed",
    "did not find expected ',' or '}'": "the map that begins with { is not closed",
    "did not find expected <document start>": "the file goes on after its end; the indentation may be wrong",
}


def syntax_error(error: Exception, text: str, place: Source) -> str:
    """What the parser complains of, in plain words."""
    if not isinstance(error, MarkedYAMLError):
        return "the file holds a character that YAML does not allow"
    if _stands_at(text, place).startswith("\t"):
        return "a tab cannot stand here; indent with blanks"
    problem = error.problem or "not YAML"
    message = PLAIN_WORDS.get(problem, problem)
    if error.context and error.context_mark and error.context_mark.line != getattr(error.problem_mark, "line", -1):
        message += f" (begun on line {error.context_mark.line + 1})"
    return message


def _stands_at(text: str, place: Source) -> str:
    """The rest of the line from a place on."""
    lines = LINE_BREAK.split(text)
    return lines[place.line - 1][place.column - 1 :] if place.line <= len(lines) else ""


def place_of(error: Exception, text: str, name: str) -> Source:
    """Where the parser stopped; for a forbidden character it gives no line, so the text is searched."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return source_of(mark)
    found = UNPRINTABLE.search(text)
    lines = LINE_BREAK.split(text[: found.start()] if found else "")
    return Source(name, len(lines), len(lines[-1]) + 1)
