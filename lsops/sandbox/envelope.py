"""What the server says when it refuses: one exception per status, one body for all.

Facts: the common envelope and the exceptions to it are community-api 1.3. Many client mistakes
are 500 there, with the text of the Python error as `detail`; `Crash` stands for those.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

Errors = dict[str, Any]

NOT_FOUND_PAGE = (
    '<!doctype html>\n<html lang="en"><head><title>Not Found</title></head><body><h1>404</h1></body></html>\n'
)


CRASH_PAGE = (
    '<!doctype html>\n<html lang="en"><head><title>Server Error</title></head><body><h1>500</h1></body></html>\n'
)


class Refusal(Exception):
    """An answer other than success; raising it undoes what the request did."""

    status = 500
    media = "application/json"

    def __init__(self, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self, release: str) -> Any:
        """The envelope; `release` is the server's version."""
        return {
            "id": str(uuid.uuid4()),
            "status_code": self.status,
            "version": release,
            "detail": self.detail,
            "exc_info": None,
        }


class Malformed(Refusal):
    """400 without a field: the body does not parse."""

    status = 400


class Invalid(Refusal):
    """400 with what is wrong per field."""

    status = 400

    def __init__(self, errors: Errors | list[str]) -> None:
        super().__init__("Validation error")
        self.errors: Errors = errors if isinstance(errors, dict) else {"non_field_errors": errors}

    def body(self, release: str) -> Any:
        return {**super().body(release), "validation_errors": self.errors}


class Bare(Refusal):
    """A status with a body of its own instead of the envelope."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__("")
        self.status = status
        self.content = content

    def body(self, release: str) -> Any:  # noqa: ARG002
        return self.content


class Unauthenticated(Refusal):
    """401; the header names the scheme."""

    status = 401

    def __init__(self, detail: str = "Authentication credentials were not provided.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Token"})


class Forbidden(Refusal):
    """403: the caller may not, or nobody may."""

    status = 403

    def __init__(self, detail: str = "You do not have permission to perform this action.") -> None:
        super().__init__(detail)


class Missing(Refusal):
    """404 as JSON: the route exists, the object does not."""

    status = 404

    @classmethod
    def of(cls, model: str) -> Missing:
        return cls(f"No {model} matches the given query.")


class WrongMethod(Refusal):
    """405: the route exists, not for this method."""

    status = 405

    @classmethod
    def of(cls, method: str) -> WrongMethod:
        return cls(f'Method "{method}" not allowed.')


class NotAcceptable(Refusal):
    """406: the client takes no JSON."""

    status = 406

    def __init__(self) -> None:
        super().__init__("Could not satisfy the request Accept header.")


class Conflict(Refusal):
    """409: only one may exist."""

    status = 409


class WrongMedia(Refusal):
    """415: a body that is neither JSON nor a form."""

    status = 415

    @classmethod
    def of(cls, media: str) -> WrongMedia:
        return cls(f'Unsupported media type "{media}" in request.')


class TooMany(Refusal):
    """429: the caller asks too often; nothing was carried out."""

    status = 429

    def __init__(self) -> None:
        super().__init__("Request was throttled. Expected available in 1 second.")


class Crash(Refusal):
    """500: the real server fails on this input with an unhandled error, whose text is `detail`."""

    status = 500

    @classmethod
    def of_nothing(cls, attribute: str) -> Crash:
        """The server takes an attribute of something that is not there."""
        return cls(f"'NoneType' object has no attribute '{attribute}'")


class CrashPage(Refusal):
    """500 as a page: the server fails before it knows that an API was called."""

    status = 500
    media = "text/html; charset=utf-8"

    def body(self, release: str) -> Any:  # noqa: ARG002
        return CRASH_PAGE
