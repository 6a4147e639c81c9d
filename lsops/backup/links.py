"""Links of tasks to uploaded files, and under which names the files are kept and uploaded again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

PLACE: Final = "/data/upload/"
LINK: Final = re.compile(r"""(?<![\w.:/~-])/data/upload/[0-9]{1,19}/[^\s/"'<>?#&;,()\\{}|^`]{1,500}""")
"""A link as the server makes it: the number of a project and a name without a folder, behind no host."""
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_BEFORE: Final = re.compile(r"^(?:[0-9a-f]{8}-)?(?:lsops-[0-9a-f]{32}-)?")
"""What a server, and a restore before, put in front of a name."""
_LONGEST: Final = 80


def may_link(text: str) -> bool:
    """Whether the JSON of a task may hold a link; its slashes may be escaped."""
    return "/" in text and (PLACE in text or r"\/data\/upload\/" in text)


def is_link(text: str) -> bool:
    """Whether a text is a link and nothing else."""
    return LINK.fullmatch(text) is not None and ".." not in text


def links_in(value: Any) -> Iterator[str]:
    """Every link in the texts of a value, however nested."""
    if isinstance(value, str):
        if PLACE in value:
            yield from (link for link in LINK.findall(value) if ".." not in link)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from links_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from links_in(inner)


def with_links(value: Any, new: Mapping[str, str]) -> Any:
    """The value with other links where there are some."""
    if isinstance(value, str):
        return LINK.sub(lambda found: new.get(found[0], found[0]), value) if PLACE in value else value
    if isinstance(value, dict):
        return {key: with_links(inner, new) for key, inner in value.items()}
    return [with_links(inner, new) for inner in value] if isinstance(value, list) else value


def file_key(link: str) -> str:
    """The name of a link's file in a backup: 32 hexadecimal digits, whatever the link says."""
    return sha256(link.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def upload_name(backup: str, link: str) -> str:
    """The name under which a file is uploaded again: one that says whose it is, and what people called it."""
    old = _UNSAFE.sub("_", _BEFORE.sub("", link.rpartition("/")[2])).strip("._") or "file"
    stem, dot, ending = old.rpartition(".")
    kept = f"{stem[: _LONGEST - len(ending) - 1]}{dot}{ending}" if stem and len(ending) < 10 else old[:_LONGEST]
    return f"lsops-{mark_of(backup, link)}-{kept}"


def mark_of(backup: str, link: str) -> str:
    """What tells the file of a link of one backup from all others: 32 hexadecimal digits in its name."""
    return file_key(f"{backup} {link}")


def mark_in(name: str) -> str:
    """The mark in the name of an uploaded file; empty where it has none."""
    found = re.search(r"lsops-([0-9a-f]{32})-", name)
    return found[1] if found else ""
