"""The agreement metric of a project (Enterprise facts 7.5), from the API's descriptions; nothing of it was measured.

There is one per project, always, and the POST is an update. What a POST does to a key that it leaves out is not known,
so that both keys go with each, the undeclared one as the server has it. Whether the server adds defaults to the
parameters that it is given is not known either: where it does, `apply` says what it holds, and the manifest must name
them all. Which metrics there are is not known (facts 11.11): any name is sent.

The threshold and the number of further annotators stand here and, since 2.31, on the project: there they are declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.kinds.capabilities import Describes
from lsops.kinds.in_projects import OneInEach
from lsops.kinds.quality.effects import OTHERWISE
from lsops.kinds.reader import Names, Row, Where
from lsops.model.live import Facts
from lsops.model.plan import Change
from lsops.server.forms import MAP, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session

PARAMS, WRITTEN_AS = "metric_params", "additional_params"


class Agreement(OneInEach, Describes):
    """`GET` and, to update, `POST /api/projects/{id}/metricparam/`, which says 204 where nothing was to be done."""

    name = "agreement"
    form = Form(known={"metric_name": OrNull(TEXT), PARAMS: OrNull(MAP)})

    def item(self, where: Where) -> str:
        return f"/api/projects/{where.parent}/metricparam/"

    def describe(self, change: Change, facts: Facts) -> Change:
        return replace(change, effects=(*change.effects, *OTHERWISE)) if change.action == "update" else change

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """The parameters have another name where they are written; a metric that was never chosen cannot be sent."""
        body = {WRITTEN_AS if name == PARAMS else name: value for name, value in values.items()}
        return {name: value for name, value in body.items() if name != "metric_name" or value is not None}

    def update(self, session: Session, body: Row, where: Where) -> Row:
        answer: Row | None = session.post(self.item(where), body)
        return answer if isinstance(answer, Mapping) else self.get(session, where)


KIND = Agreement()
