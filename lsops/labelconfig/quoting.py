"""Values of a label config as one line of a summary has them: foreign text, to be escaped by who shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os.path import commonprefix

from lsops.labelconfig.sides import VARIABLE

SHOWN = 60
"""Characters of a value that are shown."""
_BEFORE = 20
"""Characters that are shown of what two long values begin with alike."""
_ODD_BLANK = re.compile(r"[^\S ]")


def show(value: str) -> str:
    """One value in quotes, on one line, cut where it is long."""
    return _quote(" ".join(value.split()))


def quoted(before: str, after: str) -> tuple[str, str]:
    """Two values that differ, shown so that they do; a variable such as `$image` without quotes."""
    pair = (before, after)
    first, second = (v if VARIABLE.fullmatch(v) else text for v, text in zip(pair, apart(pair), strict=True))
    return first, second


def quoted_alone(value: str) -> str:
    """One value; a variable such as `$image` without quotes."""
    return value if VARIABLE.fullmatch(value) else show(value)


def apart(values: Sequence[str]) -> list[str]:
    """What is shown of each value: what differs is shown differently.

    Long ones lose the beginning that they share; where only blanks differ, these are spelled out.
    """
    return _separated(values, [show(value) for value in values])


def _separated(values: Sequence[str], shown: list[str]) -> list[str]:
    for text in set(shown) if len(set(shown)) < len(set(values)) else ():
        places = [place for place, other in enumerate(shown) if other == text]
        group = [values[place] for place in places]
        cut = _cut_alike(group) if len(set(group)) > 1 else []
        if len(set(cut)) > 1:
            for place, better in zip(places, _separated(group, cut), strict=True):
                shown[place] = better
    return shown


def _cut_alike(values: Sequence[str]) -> list[str]:
    lines = [" ".join(value.split()) for value in values]
    if len(set(lines)) < len(set(values)):
        lines = [_ODD_BLANK.sub(_spelled, value) for value in values]
    start = len(commonprefix(lines)) - _BEFORE  # noqa: RUF071  # these are no paths
    if start > 0 and max(map(len, lines)) > SHOWN:
        return [_quote(f"…{line[start:]}") for line in lines]
    return [_quote(line) for line in lines]


def _spelled(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]


def _quote(line: str) -> str:
    return f'"{line if len(line) <= SHOWN else line[:SHOWN] + "…"}"'
