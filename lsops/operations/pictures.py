"""Pictures for a plan: those of `lsops preview --png` whose label configs are the very ones that the plan shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from lsops.errors import UsageError
from lsops.preview.record import PictureFile, digest, picture_bytes, pictures_in
from lsops.render.document import Document
from lsops.render.parts import Entry
from lsops.render.pictures import PicturesOfChange, Shot

MOST = 8 * 1024 * 1024
"""Bytes of pictures in one page; those beyond are linked."""


IN_AN_ADDRESS = ":/?&=%@+,;~"
"""Signs of a URL that end nothing in Markdown."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a folder; `link` leads to it from the page, `url` is where it stands on the web, or empty."""

    folder: Path
    found: Mapping[tuple[str, str], PictureFile]
    link: str
    url: str = ""


def pictures_of(folder: Path, link: str, url: str = "") -> Pictures:
    """The pictures in a folder of `lsops preview`. Raises: UsageError, where it is none, or the URL is none."""
    on_the_web = web_address(url.rstrip("/"), "--preview-url", of="the folder") if url else ""
    return Pictures(folder, pictures_in(folder), quote(link.rstrip("/")), on_the_web)


def web_address(url: str, flag: str, *, of: str) -> str:
    """An address of the web that a flag gives, fit for HTML and Markdown. Raises: UsageError, where it is none."""
    if urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).netloc:
        raise UsageError.of(f"{flag}: {url} is no address", code="LS605", hint=f"https://…, of {of}")
    return quote(url, safe=IN_AN_ADDRESS)


def with_pictures(document: Document, pictures: Pictures) -> Document:
    """The document, whose entries have the pictures that there are of them."""
    return replace(document, entries=tuple(_with_pictures(document.entries, pictures)))


def _with_pictures(entries: tuple[Entry, ...], pictures: Pictures) -> Iterator[Entry]:
    left = MOST
    for entry in entries:
        before, after = _found(entry, pictures)
        if before is None and after is None:
            yield entry
            continue
        shots = []
        for one in (before, after):
            png = picture_bytes(pictures.folder, one.name) if one else b""
            png = png if len(png) <= left else b""
            left -= len(png)
            shots.append(_shot(one, png, pictures))
        number = next(one.pair for one in (after, before) if one)
        yield replace(entry, drawn=PicturesOfChange(f"{pictures.link}/index.html#pair-{number}", number, *shots))


def _found(entry: Entry, pictures: Pictures) -> tuple[PictureFile | None, PictureFile | None]:
    for one in entry.change.fields:
        sides = (one.before, one.after)
        known = [
            pictures.found.get((entry.change.address, digest(text))) if isinstance(text, str) else None
            for text in sides
        ]
        if any(known):
            return known[0], known[1]
    return None, None


def _shot(one: PictureFile | None, png: bytes, pictures: Pictures) -> Shot | None:
    if one is None:
        return None
    return Shot(one.name, png, f"{pictures.url}/{one.name}" if pictures.url else "")
