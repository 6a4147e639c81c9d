"""The activity log of Enterprise: who sent which request (openapi `/api/activity-logs/`); this holds no kind itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from lsops.errors import LsopsError, NotFound
from lsops.kinds.reader import Row
from lsops.model.audit import Window
from lsops.model.deed import Deed
from lsops.server.forms import TEXT, Form, held_rows
from lsops.server.in_time import Page, bounds, in_time

if TYPE_CHECKING:
    from lsops.server.session import Session

PATH: Final = "/api/activity-logs/"
SOURCE: Final = "activity_log"
TIME: Final = "datetime"
METHODS: Final = ("PATCH", "POST", "DELETE", "PUT")
"""Those that change something. The server filters by one at a time."""
MOST: Final = 500
"""Rows of a page that are asked for."""
PAGES: Final = 4
"""Pages of each method that are read, the newest first."""
ROW: Final = Form(needed=dict.fromkeys(("datetime", "email", "request_method", "request_url"), TEXT))


def read_deeds(session: Session, since: str) -> list[Deed]:
    """What was done since a time (ISO 8601, empty for ever), the newest first: 16 requests at most.

    Raises:
        ServerError: the log cannot be read. An empty log is a 404, too, as is one that is not there: both are told.
    """
    answers = session.map(lambda method: list(_rows_of(session, method, since)), METHODS)
    failed = [answer for answer in answers if isinstance(answer, LsopsError)]
    grave = [error for error in failed if not isinstance(error, NotFound)]
    if grave or len(failed) == len(METHODS):
        raise (grave or failed)[0]
    rows = chain.from_iterable(answer for answer in answers if not isinstance(answer, LsopsError))
    return sorted(map(_deed, filter(_was_done, rows)), key=lambda deed: deed.time, reverse=True)


def log_rows(session: Session, of: Mapping[str, int], window: Window) -> Iterator[Row]:
    """All that the log has of a time in the order of time; `of` is the query that says of what.

    Raises:
        NotFound: there is nothing, or no log.
        ServerError: it cannot be read.
    """

    def fetch(part: Window, size: int) -> Page:
        query: dict[str, Any] = {"ordering": "datetime", "page_size": size, **bounds(part, "start_date", "end_date")}
        answer = session.get(PATH, {**query, **of})
        told = answer[0] if isinstance(answer, list) and len(answer) == 1 else answer
        total = told.get("recordsFiltered") if isinstance(told, dict) else None
        return Page(_rows_in(answer), total if isinstance(total, int) else None)

    return in_time(fetch, window, TIME, f"GET {PATH}")


def _rows_of(session: Session, method: str, since: str) -> Iterator[dict[str, Any]]:
    """The newest rows of one method. Behind the last page is a 404; how long pages are, only the first one says.

    The first page is asked for without a number: the description does not say from where they are counted.
    """
    query = {"method": method, "ordering": "-datetime", "page_size": MOST, **({"start_date": since} if since else {})}
    size = 0
    for number in range(1, PAGES + 1):
        try:
            answer = session.get(PATH, {**query, "page": number} if number > 1 else query)
        except NotFound:
            if number == 1:
                raise
            return
        rows = _rows_in(answer)
        yield from rows
        size = size or len(rows)
        if not rows or len(rows) < size:
            return


def _rows_in(answer: Any) -> list[dict[str, Any]]:
    """The rows of a page. It is described as a list of objects with rows in `data`; one such object or bare rows do."""
    parts = answer if isinstance(answer, list) else [answer]
    lists = (part["data"] if isinstance(part, dict) and "data" in part else [part] for part in parts)
    return list(chain.from_iterable(held_rows(rows, ROW, f"GET {PATH}") for rows in lists))


def _was_done(row: Row) -> bool:
    return str(row.get("response_code", "2")).startswith("2")


def _deed(row: Row) -> Deed:
    path = str(row["request_url"]).partition("?")[0].partition("#")[0]
    _, found, rest = path.partition("://")
    return Deed(
        time=row["datetime"],
        email=row["email"],
        method=row["request_method"],
        path=f"/{rest.partition('/')[2]}" if found else path,
        status=str(row.get("response_code", "")),
    )
