"""What webhooks of projects and of the organisation share (Community facts 4, Enterprise facts 7.9); no kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from lsops.errors import Finding
from lsops.kinds.capabilities import Describes, Recognises, Warns
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Reader, Row
from lsops.model.live import Collection, Facts
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.secret_urls import is_secret_url, telltales
from lsops.server.forms import ID, MAP, TEXT, Form, OrNull

LIKE_A_REFERENCE = re.compile(r"\$\{|\{\{|\$\(|(^|\s)\$[A-Za-z_]|^(env|file|var):", re.IGNORECASE)
"""What other tools would replace, or a reference with something missing."""
MOST_FAILURES = 50
"""Calls that fail in a row, after which the server switches a webhook off (Enterprise facts 12)."""


class CallsUrl(Kind, Recognises, Warns, Describes):
    """`/api/webhooks/`; found by URL. A PATCH without `actions` would empty them: the schema has them always sent."""

    path = "/api/webhooks/"
    form = Form(needed={"id": ID, "url": TEXT, "project": OrNull(ID)}, known={"headers": OrNull(MAP)})

    def describe(self, change: Change, facts: Facts) -> Change:
        """With who switched it off; a warning where the declared actions decide nothing, or nothing calls the URL."""
        change = replace(change, happened=tuple(_switched_off(change)))
        if change.after is None or change.action == "delete":
            return change
        values = change.held_after()
        chooses, actions = values.get("send_for_all_actions", True) is False, values.get("actions")
        if actions and not chooses and "actions" in change.after.values:
            warning = "actions decides nothing while send_for_all_actions is true: every event calls this URL"
        elif chooses and not actions:
            warning = "nothing calls this URL: send_for_all_actions is false and there are no actions"
        else:
            return change
        return replace(change, warnings=(*change.warnings, warning))

    def warn(self, item: Resource) -> Iterable[Finding]:
        """Headers that look like a reference and are sent as they are: nobody would see it in a plan."""
        headers = item.values.get("headers") or {}
        for name, value in headers.items():
            if isinstance(value, str) and LIKE_A_REFERENCE.search(value):
                message = f"headers: the value of {name} looks like a reference and is sent as it is written"
                hint = f"write {name}: ${{env:NAME}}"
                yield Finding("LS112", message, item.address, item.place("headers"), hint, "warning")

    def may_come_from(self, row: Row, body: Row) -> bool:
        return row.get("project") == body.get("project")


def kept_out_of_messages(found: Mapping[str, Collection], reader: Reader) -> Mapping[str, Collection]:
    """What was read, with URLs that are secrets kept out of messages, whoever made them."""
    urls = [one.key for collection in found.values() for one in collection.resources if is_secret_url(one.key)]
    if urls:
        reader.session.redact(chain.from_iterable(map(telltales, urls)))
    return found


def _switched_off(change: Change) -> Iterator[str]:
    """Who did it, as far as the server's count of failed calls tells (Enterprise facts 12)."""
    failures = change.before.raw.get("consecutive_failures") if change.before is not None else None
    is_off = any(one.path == "/is_active" and one.before is False for one in change.fields)
    if not is_off or not isinstance(failures, int):
        return
    if failures >= MOST_FAILURES:
        yield f"the server switched it off after {failures} failed calls in a row: see that the URL answers first"
    else:
        told = f"the server does so after {MOST_FAILURES} failed calls in a row, and counts {failures}"
        yield f"somebody switched it off: {told}"
