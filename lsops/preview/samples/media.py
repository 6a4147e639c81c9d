"""Made-up media as `data:` addresses: small, the same on every machine, and nobody's property.

Audio and video are percent-encoded: the editor puts `?lsref=1` behind such an address, which breaks base64.

`sample.mp4` is two seconds of a square that moves, VP9, with a tone, Opus, so that one address serves a Video and an
Audio. It was made with ffmpeg 7:

    ffmpeg -f lavfi -i color=c=#d6e2f0:s=320x180:r=8:d=2 -f lavfi -i color=c=#607daa:s=60x60:r=8:d=2
      -f lavfi -i sine=frequency=220:sample_rate=16000:duration=2
      -filter_complex "[0][1]overlay=x=20+100*t:y=60:shortest=1" -c:v libvpx-vp9 -b:v 0 -crf 50
      -c:a libopus -b:a 8k -ac 1 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact
      -movflags +faststart sample.mp4
"""

from __future__ import annotations

import math
import struct
import zlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from urllib.parse import quote_from_bytes

WIDTH = 640
HEIGHT = 400
"""Pixels of a picture."""
SECONDS = 2.0
FRAMES = 16
"""Of the video."""

_RATE = 4000
_GROUNDS = ("#d6e2f0", "#e2f0d6", "#f0e2d6", "#e8d6f0")


def address(kind: str, raw: bytes) -> str:
    """The `data:` address of bytes of a media type, in base64."""
    return f"data:{kind};base64,{b64encode(raw).decode()}"


def _escaped(kind: str, raw: bytes) -> str:
    return f"data:{kind},{quote_from_bytes(raw)}"


@cache
def picture(number: int = 0) -> str:
    """A house of three shapes with its number, on one of four grounds."""
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="100%" height="100%" fill="{_GROUNDS[number % len(_GROUNDS)]}"/>'
        f'<rect y="340" width="100%" height="60" fill="#96a08c"/>'
        f'<rect x="60" y="80" width="200" height="220" fill="#607daa"/>'
        f'<circle cx="440" cy="200" r="110" fill="#be785a"/>'
        f'<text x="20" y="385" font-family="sans-serif" font-size="28" fill="#333">Sample {number + 1}</text></svg>'
    )
    return address("image/svg+xml", drawn.encode())


@cache
def sound() -> str:
    """Two seconds of a tone that swells twice: WAV, mono, 8 bit."""
    count = int(SECONDS * _RATE)
    wave = bytes(
        128 + round(100 * math.sin(at / _RATE * 2 * math.pi * 220) * abs(math.sin(at / _RATE * math.pi)))
        for at in range(count)
    )
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE, 1, 8)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", count) + wave
    return _escaped("audio/wav", struct.pack("<4sI", b"RIFF", len(body)) + body)


@cache
def film() -> str:
    """The address of `sample.mp4`."""
    return _escaped("video/mp4", files("lsops.preview.samples").joinpath("sample.mp4").read_bytes())


@cache
def document() -> str:
    """A page of paper, as a picture: browsers' viewers of PDFs differ, and tell nobody when they are done."""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1100" height="600">'
        '<rect width="100%" height="100%" fill="#525659"/>'
        '<rect x="252" y="16" width="595" height="842" fill="#fff"/>'
        '<text x="312" y="158" font-family="sans-serif" font-size="28" fill="#333">Sample document</text></svg>'
    )
    return address("image/svg+xml", drawn.encode())


@cache
def mask() -> str:
    """A PNG of the picture's size whose upper left block is opaque: what a bitmask region holds."""
    painted, clear, whole = b"\xff" * 4, bytes(4), 160
    row, blank = b"\0" + painted * whole + clear * (WIDTH - whole), b"\0" + clear * WIDTH
    pixels = zlib.compress(row * 120 + blank * (HEIGHT - 120), 9)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return address("image/png", b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
