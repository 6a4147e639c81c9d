"""Addresses: JSON Pointers (RFC 6901) into the manifest, as plain strings: `/projects/Chest X-ray`."""

from __future__ import annotations

from collections.abc import Container


def join(*parts: str) -> str:
    """The address of the given parts: `join("projects", "a/b") == "/projects/a~1b"`."""
    if len(parts) == 1:  # which most have, and a generator costs more than all the rest
        return "/" + parts[0].replace("~", "~0").replace("/", "~1")
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def split(address: str) -> tuple[str, ...]:
    """The parts of an address, unescaped; the root `""` has none."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in address.split("/")[1:])


def below(address: str, *parts: str) -> str:
    """The address of something under `address`."""
    return address + join(*parts)


def parent(address: str) -> str:
    """The address one step up."""
    return address.rpartition("/")[0]


def nearest_of(address: str, known: Container[str]) -> str:
    """Which of the known ones is the address or the next above it; empty where none is."""
    while address and address not in known:
        address = parent(address)
    return address
