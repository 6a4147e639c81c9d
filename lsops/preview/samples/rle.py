"""The run-length form of a brush region, as `label_studio_converter.brush` reads and writes it.

A string of bits: 32 for the number of values, 5 for the width of a value less one, four times 4 for the widths in which
a run's length may be written, less one; then runs: 1 bit (one value many times), 2 bits (which width), the length less
one, the value. Values are the four channels of each pixel.
"""

from __future__ import annotations

from collections.abc import Iterator

_WIDTHS = (3, 4, 8, 16)
_LONGEST = 1 << _WIDTHS[-1]


def block(size: tuple[int, int], box: tuple[int, int, int, int]) -> list[int]:
    """The bytes of a mask of `size` pixels in which the box (x, y, width, height) is painted."""
    width, height = size
    x, y, wide, high = box
    runs = [(0, y * width + x)]
    for _ in range(high - 1):
        runs += [(255, wide), (0, width - wide)]
    runs += [(255, wide), (0, width * (height - y - high) + width - x - wide)]
    bits = format(width * height * 4, "032b") + format(7, "05b") + "".join(format(one - 1, "04b") for one in _WIDTHS)
    bits += "".join(_written(value, length) for value, pixels in runs for length in _pieces(pixels * 4))
    bits += "0" * (-len(bits) % 8)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


def _pieces(length: int) -> Iterator[int]:
    for start in range(0, length, _LONGEST):
        yield min(_LONGEST, length - start)


def _written(value: int, length: int) -> str:
    which = next(at for at, width in enumerate(_WIDTHS) if length <= 1 << width)
    return "1" + format(which, "02b") + format(length - 1, f"0{_WIDTHS[which]}b") + format(value, "08b")
