"""Checking label configs, with the places of issues mapped from the XML to the file that it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lsops.errors import Source
from lsops.manifest.positions import LINE_BREAK, Mark, source_of

if TYPE_CHECKING:
    from lsops.labelconfig import Issue

BLOCK = re.compile(r"(?:[&!]\S*\s+)*\|")


class LabelChecks:
    """Checks each text once: generated manifests repeat the same config."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, list[str]] = {}
        self._known: dict[str, list[Issue]] = {}
        self._split: tuple[str, list[str]] = ("", [""])

    def issues(self, text: str) -> list[Issue]:
        """What is wrong with a label config; places are those within the text."""
        found = self._known.get(text)
        if found is None:
            from lsops.labelconfig import check

            found = self._known[text] = list(check(text))
        return found

    def place(self, issue: Issue, text: str, mark: Mark) -> Source:
        """The place of an issue in a config that stands in YAML: exact in a `|` block, else where the value begins."""
        lines = self._file_lines(mark.name)
        if not (mark.line < len(lines) and BLOCK.match(lines[mark.line], mark.column)):
            return source_of(mark)
        number = mark.line + issue.line
        if self._split[0] is not text:  # an entry has many issues of one text
            self._split = (text, text.split("\n"))
        wanted = self._split[1][issue.line - 1]
        if number >= len(lines) or not lines[number].endswith(wanted):
            return source_of(mark)
        return Source(mark.name, number + 1, len(lines[number]) - len(wanted) + issue.column)

    def _file_lines(self, name: str) -> list[str]:
        if name not in self._lines:
            self._lines[name] = LINE_BREAK.split(self._texts.get(name, ""))
        return self._lines[name]
