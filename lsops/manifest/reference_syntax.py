"""How references are written: `${var:NAME}`, `${env:NAME}`, `${file:PATH}`, `${template:PATH}` and a few more.

Any other `${` is literal, and `$${var:` writes a literal `${var:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lsops.manifest.positions import Map, Seq

SCHEMES = "var|env|file|template|param|each"
REFERENCE = re.compile(rf"\$(\$\{{(?:{SCHEMES}):)|\$\{{({SCHEMES}):([^}}]*)\}}")
"""An escaped beginning, or a reference: its scheme and its argument. For more than one of them: `references_in`."""
ESCAPED = re.compile(rf"\$(\$\{{(?:{SCHEMES}):)()")
"""An escaped beginning alone, with an empty scheme."""
REFERS = re.compile(ESCAPED.pattern.removeprefix(r"\$").removesuffix("()"))
"""How a reference begins."""
FOREIGN = re.compile(r"\$\{\w|\{\{|\$\([A-Za-z_]")
"""How a reference of a shell, of Terraform, of a template or of a pipeline begins."""


def references_in(text: str) -> Iterator[re.Match[str]]:
    """Every escaped beginning and every reference of a text.

    Behind the last `}` no reference ends: none is sought there, or each `${var:` would look through all that follows.
    """
    end = text.rfind("}") + 1
    yield from REFERENCE.finditer(text, 0, end)
    yield from ESCAPED.finditer(text, end)


def has_reference(text: str) -> bool:
    """Whether a text holds a reference that is not escaped."""
    return "${" in text and any(found[2] for found in references_in(text))


def has_foreign_reference(text: str) -> bool:
    """Whether a text, its own references and escapes aside, has `${NAME}`, `{{ x }}` or `$(X)` of another tool."""
    if FOREIGN.search(text) is None:
        return False
    end, rest = 0, []
    for found in references_in(text):
        rest.append(text[end : found.start()])
        end = found.end()
    return FOREIGN.search(" ".join([*rest, text[end:]])) is not None


def unescaped(value: Any) -> Any:
    """A value of the manifest with each `$${var:` as `${var:`; the value itself where there is none."""
    if isinstance(value, str):
        return ESCAPED.sub(r"\1", value) if "$${" in value else value
    result = value
    for place, inner in value.items() if isinstance(value, Map) else enumerate(value) if isinstance(value, Seq) else ():
        new = unescaped(inner)
        if new is not inner:
            result = value.clone() if result is value else result
            result[place] = new
    return result


def without_references(text: str) -> str:
    """A text as a value of the manifest that gives it again: what reads as a reference has one more `$`."""
    return REFERS.sub(r"$\1", text) if "${" in text else text
