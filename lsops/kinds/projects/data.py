"""What a project holds beside its settings: its tasks, imported, exported and saved, and what was done with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from lsops.kinds.capabilities import Audited, Fills, HoldsTasks, MakesSnapshots, SharesBlueprints
from lsops.kinds.contract import Kind
from lsops.kinds.projects import seeding, views_order
from lsops.kinds.reader import Where
from lsops.kinds.titles import title_of, twin
from lsops.model.address import below, join
from lsops.model.live import Facts
from lsops.model.plan import Change
from lsops.model.resource import UNSET
from lsops.model.task_file import Supply

if TYPE_CHECKING:
    from lsops.kinds.projects.blueprints import Blueprints
    from lsops.kinds.projects.task_data import TaskData
    from lsops.kinds.shelf import Shelf
    from lsops.model.audit import Trail
    from lsops.server.session import Session


class ProjectData(Kind, MakesSnapshots, SharesBlueprints, HoldsTasks, Fills, Audited):
    """The data of a project, each part in a module of its own, which is imported by the verb that needs it."""

    def shelf(self, session: Session, where: Where) -> Shelf:
        from lsops.kinds.shelf import Shelf

        return Shelf(session, where)

    def blueprints(self, session: Session, where: Where) -> Blueprints:
        from lsops.kinds.projects.blueprints import Blueprints

        return Blueprints(session, where)

    def task_data(self, session: Session, number: int) -> TaskData:
        from lsops.kinds.projects.task_data import TaskData

        return TaskData(session, number)

    def fills(self, change: Change) -> bool:
        return any(item.path in (seeding.PATH, views_order.PATH) for item in change.fields) and bool(change.part_of)

    def fill(self, session: Session, change: Change, where: Where, supply: Supply) -> None:
        if any(item.path == views_order.PATH for item in change.fields):
            views_order.put_in_order(session, where.id or 0, change)
            return
        from lsops.kinds.projects.importing import Import

        file = seeding.file_of(change.after) if change.after is not None else None
        if file is not None and where.id is not None:
            fresh = any(item.path == seeding.PATH and item.before is UNSET for item in change.fields)
            Import(session, where.id, file, fresh=fresh).run(supply)

    def audited(self, session: Session, facts: Facts) -> Iterable[tuple[str, int]]:
        rows = self.rows(session, Where())
        numbers = Counter(map(title_of, rows))
        for row in rows:
            title = title_of(row)
            yield (
                below(join(self.schema.collection), title if numbers[title] == 1 else twin(title, row["id"])),
                row["id"],
            )

    def trails(self, session: Session, address: str, number: int) -> Iterable[Trail]:
        from lsops.kinds.projects import audit
        from lsops.model.audit import Trail

        yield Trail("annotation_history", address, number, audit.TIME, partial(audit.history_rows, session, number))
        yield Trail("annotation_review", address, number, audit.TIME, partial(audit.review_rows, session, number))

    def log_query(self, number: int) -> Mapping[str, int]:
        return {"project": number}
