"""What Enterprise keeps of the annotations of a project, in the order of time; this module holds no kind.

`/api/projects/{id}/annotation-history/` pages, in an order that its description does not say;
`/api/annotation-reviews/` gives all reviews of a project at once, and knows no times (the public API description).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from lsops.model.audit import Row, Window
from lsops.server.forms import PAGE, ROW, held, held_rows
from lsops.server.in_time import FirstPage, bounds, in_time, time_in_row
from lsops.server.json_list import objects_in

if TYPE_CHECKING:
    from lsops.server.session import Session

TIME: Final = "created_at"
REVIEWS: Final = "/api/annotation-reviews/"


def history_rows(session: Session, project: int, window: Window) -> Iterator[Row]:
    """What was done to annotations. Raises: ServerError."""
    path = f"/api/projects/{project}/annotation-history/"

    def page(part: Window, size: int, number: int) -> tuple[list[dict[str, Any]], int]:
        query = {"page_size": size, "page": number, **bounds(part, "created_at_from", "created_at_to")}
        answer = held(session.get(path, query), PAGE, f"GET {path}")
        rows = held_rows(answer["results"], ROW, f"GET {path}")
        return rows, answer.get("count") or len(rows)

    def fetch(part: Window, size: int) -> FirstPage:
        rows, total = page(part, size, 1)
        if len(rows) >= total:
            return FirstPage(sorted(rows, key=_time_of), total)
        last = ceil(total / len(rows)) if rows else 1
        end = rows if _time_of(rows[0]) != _time_of(rows[-1]) else page(part, size, last)[0]
        if not end or _time_of(end[-1]) >= _time_of(rows[0]):
            return FirstPage(rows, total)
        still = replace(part, until=_time_of(rows[0]))
        before = page(still, size, last - 1)[0] if last > 2 else rows
        return FirstPage([*page(still, size, last)[0][::-1], *before[::-1]], total)

    return in_time(fetch, window, TIME, f"GET {path}")


def _time_of(row: Row) -> datetime:
    return time_in_row(row.get(TIME), TIME)


def review_rows(session: Session, project: int, window: Window) -> Iterator[Row]:
    """What reviewers said of annotations: all are read, however many lie in the window. Raises: ServerError."""
    query = {"annotation__task__project": project, "ordering": "id"}
    with session.download(REVIEWS, query) as download:
        for row, _ in objects_in(download.parts(), f"GET {REVIEWS}: the answer cannot be read"):
            if window.holds(time_in_row(row.get(TIME), f"GET {REVIEWS}")):
                yield row
