"""The releases that the sandbox stands in for.

Community 1.23.2 is the one whose behaviour was measured. Enterprise 2.37 is the first release with
all project fields of the public API description of August 2026 (enterprise-api 4).
"""

from __future__ import annotations

from lsops.sandbox.resource import COMMUNITY, ENTERPRISE

RELEASES = {COMMUNITY: "1.23.2", ENTERPRISE: "2.37.0"}


def numbers(release: str) -> tuple[int, int]:
    """The first two numbers of a release, to compare it with another."""
    major, minor = release.split(".")[:2]
    return int(major), int(minor)
