"""The API of GitHub, as far as the action uses it: JSON over HTTP with the job's token, whole lists, one archive."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

T = TypeVar("T")
BOT = "github-actions[bot]"
"""Who the token of a job is, which may not ask for its own name."""
TIMEOUT = 30.0
PER_PAGE = 100
MOST_PAGES = 100
LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes; a list of 100 comments has at most 7 MB."""
ATTEMPTS = 3
PAUSE = "2"
"""Seconds before the second attempt; before the third twice as long."""


class ForgeError(Exception):
    """What the API refused or failed at; `status` is 0 where it did not answer as it should."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status

    @property
    def may_pass(self) -> bool:
        """Whether the same may work a moment later."""
        return self.status in (0, 429) or self.status >= 500


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is an answer: to follow it with the token would hand that to whoever stands there."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_NoRedirect)


@dataclass(frozen=True)
class Forge:
    """One repository of a forge, seen with the job's token."""

    api: str
    repository: str
    token: str

    @classmethod
    def of_job(cls) -> Forge:
        """The repository of this run."""
        api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
        return cls(api.rstrip("/"), os.environ["GITHUB_REPOSITORY"], os.environ.get("INPUT_GITHUB_TOKEN", ""))

    def identity(self) -> str:
        """The name that comments of this token stand under.

        A token of an app may not ask (403): it is the job's own, or `INPUT_BOT` names its app.
        """
        try:
            return str(self._json("GET", f"{self.api}/user")["login"])
        except ForgeError as refused:
            if refused.status not in (403, 404):
                raise
            return os.environ.get("INPUT_BOT") or BOT

    def get(self, path: str, **query: object) -> Any:
        return self._json("GET", self._url(path, query))

    def post(self, path: str, **body: object) -> Any:
        return self._json("POST", self._url(path, {}), body)

    def patch(self, path: str, **body: object) -> Any:
        return self._json("PATCH", self._url(path, {}), body)

    def every(self, path: str, items: str = "", **query: object) -> Iterator[dict[str, Any]]:
        """Each entry of a list, page by page; `items` is the key of the list where it stands in an object."""
        for page in range(1, MOST_PAGES + 1):
            found = self.get(path, **query, per_page=PER_PAGE, page=page)
            entries = found[items] if items else found
            yield from entries
            if len(entries) < PER_PAGE:
                return
        raise ForgeError(0, f"{path}: more than {PER_PAGE * MOST_PAGES} entries")

    def archive(self, path: str, most: int) -> bytes:
        """The bytes that an address redirects to, at most so many; what stands there does not get the token."""
        status, headers, body = self._sent(Request(self._url(path, {}), headers=self._headers()), most)  # noqa: S310  # the runner's own URL
        if status not in (301, 302, 303, 307, 308):
            return body
        target = str(headers.get("Location", ""))
        if not target.startswith(("https://", f"{self.api}/")):
            raise ForgeError(status, f"{path}: redirects to something that is not https")
        return self._sent(Request(target, headers={"User-Agent": "lsops"}), most)[2]  # noqa: S310  # checked above

    def _url(self, path: str, query: dict[str, object]) -> str:
        return f"{self.api}/repos/{self.repository}/{path}" + (f"?{urlencode(query)}" if query else "")

    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "User-Agent": "lsops",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    def _json(self, method: str, url: str, body: dict[str, object] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {**self._headers(), **({"Content-Type": "application/json"} if data else {})}
        status, _, answer = self._sent(Request(url, data, headers, method=method), LARGEST_ANSWER)  # noqa: S310  # the runner's own URL
        try:
            return json.loads(answer)
        except ValueError as unreadable:
            raise ForgeError(status, f"{method} {url}: the answer is no JSON") from unreadable

    def _sent(self, request: Request, most: int) -> tuple[int, Message, bytes]:
        """Status, headers and body of an answer below 400; no error says a header."""
        what = f"{request.get_method()} {request.full_url.partition('?')[0]}"
        try:
            with _OPENER.open(request, timeout=TIMEOUT) as answer:
                body = answer.read(most + 1)
                if len(body) > most:
                    raise ForgeError(answer.status, f"{what}: the answer is larger than {most} bytes")
                return answer.status, answer.headers, body
        except HTTPError as failed:
            with failed:
                if failed.code < 400:
                    return failed.code, failed.headers, b""
                raise ForgeError(failed.code, f"{what}: {failed.code} {_message(failed)}") from failed
        except (OSError, HTTPException, ValueError) as failed:
            raise ForgeError(0, f"{what}: {type(failed).__name__}") from failed


def _message(failed: HTTPError) -> str:
    """The forge's own words."""
    try:
        return str(json.loads(failed.read(100_000))["message"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return str(failed.reason)


def tried(work: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """The result of work that looks before it writes, done again where the forge stumbled."""
    try:
        return work()
    except ForgeError as failed:
        if not failed.may_pass or attempts == 1:
            raise
    time.sleep(float(os.environ.get("LSOPS_CI_PAUSE", PAUSE)) * (ATTEMPTS - attempts + 1))
    return tried(work, attempts - 1)
