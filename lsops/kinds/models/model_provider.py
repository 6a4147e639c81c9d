"""Connections to providers of language models (Enterprise facts 8.1, from the API description; nothing was measured).

They have no name of their own. The provider and its deployment, endpoint or Google project tell them apart: public
documents say that there is one of OpenAI, VertexAI, Gemini and Anthropic each, and may be several of the others. If
the server takes a second one all the same, their `scope` tells which is which, or an id. If it refuses one that looks
new to lsops, that create fails and nothing is lost.

Secrets are never returned. `is_internal` and `cached_available_models` are the server's and never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lsops.errors import ServerError
from lsops.kinds.capabilities import Amends, MayBeHidden, Recognises
from lsops.kinds.contract import Kind
from lsops.kinds.models.connections import CONNECTION, CONNECTIONS, connections, identity
from lsops.kinds.models.used import USED_BY, versions_by_connection
from lsops.kinds.reader import Names, Query, Reader, Row
from lsops.kinds.shared_rows import MAY_SEE_ALL
from lsops.kinds.titles import twin
from lsops.model.address import below, join
from lsops.model.live import Collection
from lsops.model.plan import Change
from lsops.model.view import Amendment, PlanView


class ModelProvider(Kind, Recognises, Amends, MayBeHidden):
    """`/api/model-provider-connections/`; connections of Label Studio's own are never touched nor listed."""

    name = "model_provider"
    path = CONNECTIONS
    form = CONNECTION
    sighted = MAY_SEE_ALL

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            rows = connections(reader)
            for row in reader.once(CONNECTIONS, CONNECTION):
                if row.get("is_internal"):
                    reader.hidden[below(address, twin(identity(row), row["id"]))] = "it is Label Studio's own"
            if _may_delete(query):
                used = versions_by_connection(reader)
                rows = [{**row, USED_BY: used.get(row["id"], ()) if used is not None else None} for row in rows]
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, tuple(self.from_row(row, reader.names, address) for row in rows))}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        return {name: value for name, value in row.items() if name != USED_BY}

    def may_come_from(self, row: Row, body: Row) -> bool:
        return not row.get("is_internal") and body.get("scope", row.get("scope")) == row.get("scope")

    def amend(self, view: PlanView) -> Amendment:
        """What loses its connection with a delete: the server sets it to null (Enterprise facts 8.1)."""
        found = view.as_it_is(self.schema)
        if not found.deletes:
            return found
        gone, moved = _going(view)
        return replace(found, deletes=tuple((phase, _told(change, gone, moved)) for phase, change in found.deletes))


def _may_delete(query: Query) -> bool:
    return bool(query.pruned) or any(item.lifecycle.absent for item in query.desired)


def _going(view: PlanView) -> tuple[set[int], set[int]]:
    """The prompts that the plan deletes, and the versions that it deletes or gives another connection."""
    prompts = {change.remote_id["id"] for change in view.leaving("prompt")}
    again = (
        one for one in view.of("prompt_version") if any(f.path == "/model_provider_connection" for f in one.fields)
    )
    changes = (change for change in (*view.leaving("prompt_version"), *again) if change.action != "create")
    return prompts, {change.remote_id["id"] for change in changes}


def _told(change: Change, prompts: set[int], versions: set[int]) -> Change:
    """A delete with what it leaves without a connection."""
    uses = change.before.raw.get(USED_BY) if change.before is not None else None
    if uses is None:
        text = "versions of prompts that use it lose their connection; how many is not known"
        return replace(change, effects=(*change.effects, text))
    titles = [use.title for use in uses if use.prompt not in prompts and use.version not in versions]
    if not titles:
        return change
    number = f"{len(titles)} versions of prompts lose" if len(titles) > 1 else "1 version of a prompt loses"
    return replace(change, effects=(*change.effects, f"{number} the connection: {', '.join(titles)}"))


KIND = ModelProvider()
