"""The order of a project's tabs as a change of its own (Community facts 5, Enterprise facts 7.8); no kind stands here.

`views_order: managed` makes the order of `views` that of the server, with the tabs that it does not name behind them.
Where a new tab goes depends on its filters, so that a plan with one sets the order once all are there. The server takes
the ids of all tabs in one POST, which may be sent again; what it then lists decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from lsops.errors import LsopsError, ServerError
from lsops.identity import live_identity
from lsops.kinds.in_projects import place_of_tab, standing_of_tab
from lsops.model.address import below
from lsops.model.live import Live
from lsops.model.pairs import Group, Pair
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import UNSET, Resource
from lsops.model.view import PlanView
from lsops.server.forms import ID, Form

if TYPE_CHECKING:
    from lsops.server.session import Session

NAME: Final = "views_order"
PATH: Final = f"/{NAME}"
TABS: Final = "/api/dm/views/"
_TAB: Final = Form(needed={"id": ID})


def orders_in(view: PlanView) -> Iterator[Change]:
    """The changes that put tabs in order, each after its project and its tabs."""
    for item in view.declared("/projects"):
        if item.lifecycle.absent or not _is_managed(item) or _is_beside(item, view):
            continue
        group = view.pairs.group(below(item.address, "views"))
        if group is not None and group.error is None and not group.outside:
            change = _change(item, group, view)
            yield from () if change is None else (change,)


def put_in_order(session: Session, project: int, change: Change) -> None:
    """Make the order of a project's tabs that of the change; nothing is sent where it is so already.

    Raises:
        ServerError: the server refused it, or cannot be read.
        LsopsError: the server answered well and lists them otherwise.
    """
    titles = next(field.after for field in change.fields if field.path == PATH)
    wanted = _ids(titles, _listed(session, project))
    if wanted == [row["id"] for row in _listed(session, project)]:
        return
    failure: LsopsError = LsopsError.of("the server did not keep the order of the tabs", code="LS709")
    try:
        session.post(f"{TABS}order/", {"project": project, "ids": wanted})
    except ServerError as error:
        failure = error
    if [row["id"] for row in _listed(session, project)] != wanted:
        raise failure


def as_arranged(project: Resource, around: Live) -> Mapping[str, str]:
    """The field as a dump has it: where somebody has put the tabs in order, so that they do not stand as they came.

    It is left out where tabs that no dump has, such as other people's, stand among them: these would go behind.
    """
    held = around.at(below(project.address, "views"), "view")
    mine, every = held.resources, sorted((*held.resources, *held.beside), key=standing_of_tab)
    as_made = sorted(mine, key=lambda tab: (_was_put_behind(tab), tab.id or 0))
    is_arranged = list(mine) != as_made and [tab.id for tab in every[: len(mine)]] == [tab.id for tab in mine]
    return {NAME: "managed"} if is_arranged else {}


def _was_put_behind(tab: Resource) -> bool:
    """Whether the server put a tab behind the others that were there, as it does with a new one that has filters."""
    return bool((tab.raw.get("data") or {}).get("filters")) and place_of_tab(tab.raw) > 0


def _listed(session: Session, project: int) -> list[dict[str, Any]]:
    """All tabs of a project in their order."""
    rows = session.array(TABS, {"project": project}, form=_TAB)
    return sorted(rows, key=lambda row: (place_of_tab(row), row["id"]))


def _ids(titles: Iterable[str], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The ids of the tabs of these titles in that order, and of all others behind them as they stand."""
    left = {row["id"]: str((row.get("data") or {}).get("title") or "").strip() for row in rows}
    called: dict[str, list[int]] = {}
    for number, title in reversed(left.items()):
        called.setdefault(title, []).append(number)
    found = [called[title].pop() for title in titles if called.get(title)]
    return list(dict.fromkeys((*found, *left)))


# ---- planning ------------------------------------------------------------------------------------


def _is_managed(item: Resource) -> bool:
    """Whether an entry manages the order; where two manifests are compared, lsops' own fields are among the others."""
    return "managed" in (item.own.get(NAME), item.values.get(NAME))


def _is_beside(item: Resource, view: PlanView) -> bool:
    """Whether the project is planned only because of something below it, and is there."""
    return item.address in view.parents and view.live_of(item.address) is not None


def _change(item: Resource, group: Group, view: PlanView) -> Change | None:
    declared = [pair for pair in group.pairs if not pair.desired.lifecycle.absent]
    live, place = _live(group, view), item.place(NAME)
    mine = [pair.live.identity for pair in declared if pair.live is not None]
    named = set(mine)
    others = [tab for tab in live if tab.identity not in named]
    before, after = [tab.key for tab in live], [*map(_title, declared), *(tab.key for tab in others)]
    is_so = [*mine, *(tab.identity for tab in others)] == [tab.identity for tab in live]
    if len(after) < 2 or (is_so and not any(_is_made(pair, view) for pair in declared)):
        return None
    changes = (view.changes.get(pair.address) for pair in declared)
    project = view.live_of(item.address)
    return Change(
        address=below(item.address, NAME),
        kind=item.kind,
        action="update",
        remote_id=live_identity(project, item.address) if project is not None else {},
        fields=(FieldChange(PATH, before if live else UNSET, after, place),),
        requires=(item.address, *(change.address for change in changes if change is not None)),
        source=place,
        after=item,
        part_of=item.address,
    )


def _live(group: Group, view: PlanView) -> list[Resource]:
    """The tabs that stay, in their order; where nobody tells one, as they are listed."""
    found = view.collection(group.address)
    staying = [tab for tab in found.resources if tab.address not in view.deletes] if found is not None else []
    absent = {pair.live.identity for pair in group.pairs if pair.desired.lifecycle.absent and pair.live is not None}
    return sorted((tab for tab in staying if tab.identity not in absent), key=standing_of_tab)


def _is_made(pair: Pair, view: PlanView) -> bool:
    """Whether the plan makes a tab, so that nobody knows where it will stand."""
    change = view.changes.get(pair.address)
    return change is not None and change.action in ("create", "replace")


def _title(pair: Pair) -> str:
    """What a tab is called once the plan is carried out."""
    is_left = pair.live is not None and "title" in pair.desired.lifecycle.ignored_fields
    return pair.live.key if is_left and pair.live is not None else pair.desired.key
