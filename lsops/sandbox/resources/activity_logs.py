"""`/api/activity-logs/`: who sent which request, on Enterprise (the public API description).

Every request that may change something is noted with its answer, whatever it was; reads are not, for nobody asks the
sandbox for them. Only the newest are kept. The answer is a list, as described, of one object with the rows in `data`; a
page behind the last one is 404, as is any of an empty log. Which roles may read it the public material does not say:
owners and administrators here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from lsops.sandbox.envelope import Missing
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Document, Table

KEPT = 200_000
"""Rows, after which the oldest go."""
LONGEST_URL = 256
PAGE = 50
"""Rows of a page where the caller says nothing."""
_TABLE = "activity_log"
_READS = ("GET", "HEAD", "OPTIONS")
_FILTERS = {
    "method": ("request_method", "="),
    "project": ("project_id", "="),
    "user": ("user_id", "="),
    "start_date": ("datetime", ">="),
    "end_date": ("datetime", "<="),
}
_NUMBERS = ("project", "user")


def note_write(call: Call, method: str, status: int, project: int | None) -> None:
    """Note a request that may have changed something, if somebody sent it to an Enterprise server."""
    if not call.enterprise or not call.user or method in _READS:
        return
    parts = urlsplit(call.url)
    row = {
        "datetime": now(),
        "email": call.user["email"],
        "organization_id": call.organization,
        "project_id": project,
        "request_method": method,
        "request_url": f"{parts.path}{'?' if parts.query else ''}{parts.query}"[:LONGEST_URL],
        "response_code": str(status),
        "user_id": call.user["id"],
    }
    made = call.store.insert(_TABLE, row)
    call.store.run(f'DELETE FROM "{_TABLE}" WHERE id <= ?', (made["id"] - KEPT,))  # noqa: S608  # our own name


def _list(call: Call) -> Answer:
    conditions = [_where("organization_id", "=")]
    values: list[Any] = [call.organization]
    for name, (key, sign) in _FILTERS.items():
        wanted = call.query.get(name, "")
        if wanted and (name, wanted) != ("method", "all"):
            conditions.append(_where(key, sign))
            values.append(int(wanted) if name in _NUMBERS and wanted.isdecimal() else wanted)
    if searched := call.query.get("search"):
        conditions.append("instr(json_extract(doc, '$.request_url'), ?) > 0")
        values.append(searched)
    order = "id" if call.query.get("ordering") == "datetime" else "id DESC"
    where = " AND ".join(conditions)
    rows = call.store.find(_TABLE, where, values, order=order, limit=_limit(call))
    if not rows:
        raise Missing("No more logs found")
    counts = {"recordsFiltered": call.store.count(_TABLE, where, values), "recordsTotal": call.store.count(_TABLE)}
    return Answer([{"data": list(map(_show, rows)), **counts}])


def _where(key: str, sign: str) -> str:
    """A condition without a column of its own: each would be an index, and every write pays for it."""
    return f"json_extract(doc, '$.{key}') {sign} ?"


def _limit(call: Call) -> str:
    size = call.query.get("page_size") or call.query.get("length") or ""
    number = call.query.get("page") or "1"
    if size == "-1":
        return ""
    if not number.isdecimal() or number == "0":
        raise Missing("Invalid page.")
    length = int(size) if size.isdecimal() and int(size) else PAGE
    return f"LIMIT {length} OFFSET {(int(number) - 1) * length}"


def _show(row: Document) -> Document:
    unknown = dict.fromkeys(("duration", "extra_data", "ip_address", "user_session", "workspace_owner_id"))
    return {**unknown, "http_referer": "", "user_agent": "", **row}


RESOURCE = Resource(
    "activity_logs",
    tables=(Table(_TABLE),),
    routes=(Route("/api/activity-logs/", {"GET": _list}, enterprise=True),),
)
