"""Where the first text of an HTML page stands, as a region on it says it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_MOVED = frozenset("html head body table script style template noscript iframe svg".split())
"""Elements that a browser moves, completes or the editor takes out: what comes behind them is not sought."""


@dataclass(frozen=True, slots=True)
class FirstText:
    """A text node: its XPath, how far into it and into the whole page's text its first word is, and the text."""

    path: str
    skipped: int
    before: int
    text: str


class _Seeker(HTMLParser):
    """Reads until there is a text that is not blank."""

    def __init__(self) -> None:
        super().__init__()
        self.found: FirstText | None = None
        self._steps: list[str] = []
        self._counts: list[Counter[str]] = [Counter()]
        self._before = 0
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._over = self._over or tag in _MOVED
        self._counts[-1][tag] += 1
        if tag not in _VOID:
            self._steps.append(f"{tag}[{self._counts[-1][tag]}]")
            self._counts.append(Counter())

    def handle_endtag(self, tag: str) -> None:
        if self._steps and self._steps[-1].startswith(f"{tag}["):
            self._steps.pop()
            self._counts.pop()
        else:
            self._over = True

    def handle_data(self, data: str) -> None:
        if self._over or self.found is not None:
            return
        self._counts[-1]["text()"] += 1
        skipped = len(data) - len(data.lstrip())
        if data.strip():
            path = "/".join(["", *self._steps, f"text()[{self._counts[-1]['text()']}]"])
            self.found = FirstText(path, skipped, self._before + skipped, data.strip())
        self._before += len(data)


def first_text(page: str) -> FirstText | None:
    """The first text of a page; None where there is none, or a browser would not find it there."""
    seeker = _Seeker()
    seeker.feed(page[:20_000])
    seeker.close()
    return seeker.found
