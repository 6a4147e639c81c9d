"""Characters that are not seen though their category promises a sign; see `lsops.signs`.

Generated from Unicode 15.0.0 by `python -m docs.make.signs FOLDER`; do not edit.
"""

from __future__ import annotations

UNICODE = "15.0.0"

IGNORABLE: tuple[tuple[int, int], ...] = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""First and last of each range with the property Default_Ignorable_Code_Point."""

BLANK: tuple[tuple[int, int], ...] = (
    (0x2800, 0x2800),
    (0x13441, 0x13442),
    (0x16FE4, 0x16FE4),
    (0x1D159, 0x1D159),
)
"""First and last of each range whose names say that the glyph is empty, such as U+2800 BRAILLE PATTERN BLANK."""
