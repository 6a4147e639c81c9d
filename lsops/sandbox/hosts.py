"""What the name in a URL tells of the place: the sandbox looks nothing up and calls nobody.

A place whose host, or the first part of whose path, begins with

    unknown-    has a name that does not resolve
    ghost-      resolves to an address that the server must not call

does so; see the resource for further names. The path counts so that a test can meet the same on a real server, where
all stand-ins are on one host.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from lsops.sandbox.envelope import Crash

RESERVED = "URL resolves to a reserved network address (block: 127.0.0.0/8)"


def named(url: str, beginning: str) -> bool:
    """Whether the place is named so."""
    parts = urlsplit(url)
    first = parts.path.strip("/").partition("/")[0]
    return (parts.hostname or "").startswith(beginning) or first.startswith(beginning)


def haunted(url: str) -> bool:
    """Whether the server must not call the place."""
    return named(url, "ghost-")


def resolve(url: str) -> None:
    """Crash as the server does on a host that does not resolve (community-api 1.3)."""
    if named(url, "unknown-"):
        raise Crash(f"Can't resolve hostname {urlsplit(url).hostname}")
