"""Renaming labels in the annotations of a project; this module holds no kind.

What the server's own action does not rename is renamed in the annotations, one by one; both have been measured on
Community 1.23.2 (`lsops.labelconfig.relabelling` says what the action leaves). Both save the annotation, with which the
server deletes drafts that belong to it; a PATCH also marks it as updated by the caller. Drafts that belong to no
annotation and predictions keep the old name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lsops.errors import LsopsError, NotFound, ResultUnknown, ServerError
from lsops.kinds.projects.annotations import ANNOTATION, Annotated, annotated_tasks, annotations_of
from lsops.kinds.projects.label_census import census, census_or_nothing, sought_text
from lsops.kinds.projects.relabelling import label_name

if TYPE_CHECKING:
    from lsops.labelconfig import Renaming
    from lsops.server.session import Session

ACTION = "rename_labels"
ROUNDS = 3
"""How often annotations are read for some that were made meanwhile."""
GIVEN_UP = frozenset({502, 503, 504})
"""What something in between answers that no longer waits for the server."""
PAUSE = 5.0
"""Seconds between two looks at what the server is doing."""
MISSES = 6
"""Looks in a row without an answer."""
_AGAIN = "run again: it goes on where it stopped"


class Unmoved(LsopsError):
    """Annotations still have an old label, so that the change was not made."""

    code = "LS518"


def move_labels(session: Session, number: int, found: Sequence[Renaming], is_stopped: Callable[[], bool]) -> None:
    """Rename the labels in all annotations of a project; again, until none is left that was made meanwhile.

    Raises:
        ServerError: the server refused something.
        Unmoved: some are left.
    """
    for one in found:
        if one.key != "taxonomy":
            _by_action(session, number, one, is_stopped)
    for _ in range(ROUNDS):
        if not _one_by_one(session, number, found, is_stopped):
            return
    raise _left(found, census(session, number, found))


def _by_action(session: Session, number: int, one: Renaming, is_stopped: Callable[[], bool]) -> None:
    """Let the server do it. It goes on after nobody waits for its answer any more, and then it is watched."""
    body = {
        "project": number,
        "selectedItems": {"all": True, "excluded": []},
        "control_tag": one.control,
        "old_label_name": one.old,
        "new_label_name": one.new,
    }
    try:
        session.post(f"/api/dm/actions/?id={ACTION}&project={number}", body)
    except ServerError as error:
        if not isinstance(error, ResultUnknown) and error.status not in GIVEN_UP:
            raise
        _watch(session, number, one, is_stopped)


def _watch(session: Session, number: int, one: Renaming, is_stopped: Callable[[], bool]) -> None:
    """Return once no label is left, none went between two looks, or the server is too busy to say so."""
    before, misses = None, 0
    while misses < MISSES and not is_stopped():
        counts = census_or_nothing(session, number, [one])
        now = counts[0].labels if counts else None
        if now == 0 or (now is not None and now == before):
            return
        before, misses = (before, misses + 1) if now is None else (now, 0)
        time.sleep(PAUSE)


def _one_by_one(session: Session, number: int, found: Sequence[Renaming], is_stopped: Callable[[], bool]) -> bool:
    """Rename what is left; whether anything was. Raises: ServerError, Unmoved."""
    from lsops.labelconfig import relabelled

    was_left = False
    for task in annotated_tasks(session, number, sought_text(found)):
        for row in annotations_of(task):
            if relabelled(row["result"], found) == row["result"]:
                continue
            if session.edition == "enterprise":
                raise _left(found, census(session, number, found))
            if is_stopped():
                raise Unmoved.of("interrupted while labels were renamed: the label config was not sent", hint=_AGAIN)
            was_left = True
            _save(session, row["id"], found)
    return was_left


def _save(session: Session, annotation: int, found: Sequence[Renaming]) -> None:
    """Read once more what somebody may have changed since, and save it renamed. One that is gone is nobody's."""
    from lsops.labelconfig import relabelled

    path = f"/api/annotations/{annotation}/"
    try:
        now = session.get(path, form=ANNOTATION)
    except NotFound:
        return
    result = now["result"] or []
    if (renamed := relabelled(result, found)) != result:
        session.patch(path, {"result": renamed})


def _left(found: Sequence[Renaming], counts: Sequence[Annotated]) -> Unmoved:
    still = [(one, some.annotations) for one, some in zip(found, counts, strict=True) if some.annotations]
    told = [f"{_having(number)} the label {label_name(one.old, one.control)}" for one, number in still]
    return Unmoved.of(f"{' and '.join(told) or 'annotations change'}: the label config was not sent", hint=_AGAIN)


def _having(number: int) -> str:
    return "1 annotation still has" if number == 1 else f"{number} annotations still have"
