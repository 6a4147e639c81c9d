"""Writes `lsops/ignorable.py` from the Unicode Character Database: `python -m docs.make.signs FOLDER`.

FOLDER holds `DerivedCoreProperties.txt` and `UnicodeData.txt` of one version (unicode.org/Public/VERSION/ucd; Debian
has them in the package `unicode-data`). Python's own `unicodedata` has the categories and lacks the property.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).parents[2] / "lsops" / "ignorable.py"
PROPERTY = re.compile(r"^([0-9A-F]+)(?:\.\.([0-9A-F]+))? *; Default_Ignorable_Code_Point", re.MULTILINE)
BLANK = re.compile(r"^([0-9A-F]+);(?:[A-Z ]* BLANK|[A-Z ]* NULL NOTEHEAD|[A-Z ]* SCRIPT FILLER);", re.MULTILINE)
"""Characters with a glyph that is empty: no property tells them, their names do."""
TEXT = '''\
"""Characters that are not seen though their category promises a sign; see `lsops.signs`.

Generated from Unicode {version} by `python -m docs.make.signs FOLDER`; do not edit.
"""

from __future__ import annotations

UNICODE = "{version}"

IGNORABLE: tuple[tuple[int, int], ...] = (
{ignorable}
)
"""First and last of each range with the property Default_Ignorable_Code_Point."""

BLANK: tuple[tuple[int, int], ...] = (
{blank}
)
"""First and last of each range whose names say that the glyph is empty, such as U+2800 BRAILLE PATTERN BLANK."""
'''


def generated(folder: Path) -> str:
    """The module's text."""
    properties = (folder / "DerivedCoreProperties.txt").read_text("utf-8")
    names = (folder / "UnicodeData.txt").read_text("utf-8")
    version = re.search(r"DerivedCoreProperties-([0-9.]+)\.txt", properties)
    if version is None:
        raise ValueError("the file does not say its version")
    ignorable = ((int(first, 16), int(last or first, 16)) for first, last in PROPERTY.findall(properties))
    blank = ((int(sign, 16),) * 2 for sign in BLANK.findall(names))
    return TEXT.format(version=version[1], ignorable=_rows(ignorable), blank=_rows(blank))


def _rows(ranges: Iterable[tuple[int, ...]]) -> str:
    return "\n".join(f"    (0x{first:04X}, 0x{last:04X})," for first, last in _joined(sorted(ranges)))


def _joined(ranges: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """The ranges with neighbours made one: the file splits them by category."""
    start, end = -2, -2
    for first, last in ranges:
        if first != end + 1:
            if start >= 0:
                yield start, end
            start = first
        end = last
    if start >= 0:
        yield start, end


if __name__ == "__main__":
    TARGET.write_text(generated(Path(sys.argv[1])), "utf-8")
