"""`/api/version` and `/health`: which server this is. No token is needed (community-api 1.5)."""

from __future__ import annotations

from lsops.sandbox.release import RELEASES
from lsops.sandbox.resource import Answer, Call, Resource, Route

_PART = {"message": "", "commit": "sandbox", "date": "", "branch": ""}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _show(call: Call) -> Answer:
    """The edition decides which kinds exist, the release which fields."""
    release = RELEASES[call.edition]
    short = ".".join(release.split(".")[:2])
    package = {
        "version": release,
        "short_version": short,
        "latest_version_from_pypi": None,
        "latest_version_upload_time": None,
        "current_version_is_outdated": False,
    }
    return Answer(
        {
            "release": release,
            "label-studio-os-package": package,
            "label-studio-os-backend": {**_PART, "version": release},
            "label-studio-frontend": _PART,
            "dm2": _PART,
            "label-studio-converter": {"version": release},
            "edition": call.edition.capitalize(),
            "lsf": _PART,
            "backend": {"commit": "sandbox"},
        }
    )


def _health(_call: Call) -> Answer:
    return Answer('{"status": "UP"}', media="text/html; charset=utf-8")


RESOURCE = Resource(
    "version",
    routes=(
        *(Route(path, dict.fromkeys(_METHODS, _show), blind=True) for path in ("/api/version", "/api/version/")),
        *(Route(path, {"GET": _health}, blind=True) for path in ("/health", "/health/", "/api/health", "/api/health/")),
    ),
)
