"""Projects (Community facts 2, Enterprise facts 7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, Forbidden, LsopsError, NotFound, Rejected, ServerError, placed
from lsops.kinds.base import Kind, Names, Query, Reader, Row, Where
from lsops.kinds.workspace import MAY_SEE_ALL, hidden, is_ambiguous, shared, twin
from lsops.model import UNSET, Change, Collection, Desired, Facts, Live, Resource, below, join

if TYPE_CHECKING:
    from lsops.server.session import Session

COUNTERS = ("task_number", "total_annotations_number", "num_tasks_with_annotations")
NOT_LISTED = frozenset({"task_data_login", "task_data_password"})
"""Enterprise leaves these out of its list, though not out of a single project (Enterprise facts 7.1)."""

MODEL_VERSION_RANK = 79
"""After the ML backends, whose titles it names (Enterprise facts 9.1)."""


class Project(Kind):
    """`/api/projects/`; found by title among those that are in no personal workspace."""

    name = "project"
    path = "/api/projects/"

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            places = {row["id"] for row in shared(reader)} if reader.facts.is_enterprise else None
            rows = reader.session.pages(self.path, {"ordering": "id", "include": self._include(query)})
            rows = [row for row in rows if not _is_hidden(row, places)]
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        detailed = self._with_details(reader, query, rows)
        return {address: Collection(self.name, tuple(self.live(row, reader.names, address) for row in detailed))}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """A workspace by title: ids mean nothing in a manifest."""
        if not isinstance(row.get("workspace"), int):
            return {key: value for key, value in row.items() if key != "workspace" or value is not None}
        number = row["workspace"]
        titles = (title for title, other in names.get("workspace", {}).items() if other == number)
        return {**row, "workspace": next(titles, f"#{number}")}

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        del where
        return session.pages(self.path, {"ordering": "id", "include": "id,title,workspace"})

    def _include(self, query: Query) -> str:
        """Community reads a fraction as long when told which fields (facts 1.8); Enterprise ignores field names."""
        wanted = {"id", self.schema.key, "workspace", *COUNTERS, *query.fields()}
        wanted |= {"label_config"} if "control_weights" in wanted else set()
        return ",".join(sorted(wanted))

    def _with_details(self, reader: Reader, query: Query, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        needing = {r.key for r in query.desired if NOT_LISTED & set(r.values)} | {
            r.lifecycle.renamed_from for r in query.desired if NOT_LISTED & set(r.values) and r.lifecycle.renamed_from
        }
        pinned = {r.lifecycle.id for r in query.desired if NOT_LISTED & set(r.values)}
        poor = [
            row
            for row in rows
            if not set(row) >= NOT_LISTED and (self.key_of(row) in needing or row.get("id") in pinned)
        ]
        full = reader.session.map(lambda row: self.get(reader.session, Where(id=row["id"])), poor)
        for row, found in zip(poor, full, strict=True):
            if isinstance(found, LsopsError):
                raise found
            row.update({name: found.get(name) for name in NOT_LISTED})
        return rows

    # ---- planning ----------------------------------------------------------------------------

    def narrow(self, desired: Resource, candidates: Sequence[Resource]) -> Sequence[Resource]:
        """Of several with one title, the one in the declared workspace."""
        wanted = desired.values.get("workspace", UNSET)
        return [item for item in candidates if item.values.get("workspace", UNSET) == wanted]

    def check(self, desired: Desired, live: Live, facts: Facts) -> Iterable[Finding]:
        collection = live.at(join(self.schema.collection), self.name)
        if not facts.is_enterprise or collection.error is not None:
            return
        titles = {item.key for item in collection.resources}
        for item in desired.of(self.name):
            title = item.values.get("workspace", UNSET)
            if item.lifecycle.absent:
                continue
            if isinstance(title, str):
                yield from _workspace(item, title.strip(), desired, live)
            elif title is UNSET and _is_new(item, titles):
                yield _without_workspace(item)

    def review(self, change: Change, facts: Facts) -> Change:
        warnings = list(change.warnings)
        if change.action == "create" and facts.is_enterprise and facts.role not in MAY_SEE_ALL:
            warnings.append("the token's owner may not see every project, so one of this title may exist already")
        destroys = _destroys(change.current) if change.action == "delete" and change.current else change.destroys
        return replace(change, warnings=tuple(warnings), destroys=destroys, orphans=tuple(_orphans(change)))

    def out_of_sight(self, item: Resource, facts: Facts) -> Finding | None:
        """Managers may make projects, and are warned; others see only what they label or review."""
        return hidden(item, facts, MAY_SEE_ALL | {"manager"})

    def follow_ups(self, change: Change) -> Iterator[tuple[int, Change]]:
        """A new project's `model_version` is set on its own, after the ML backends that it may name."""
        later = tuple(field for field in change.fields if field.path == "/model_version")
        if change.action != "create" or not later or later[0].after == "":
            yield from super().follow_ups(
                replace(change, fields=_without(change, later)) if change.action == "create" else change
            )
            return
        yield self.schema.rank, replace(change, fields=_without(change, later))
        yield (
            MODEL_VERSION_RANK,
            Change(
                address=below(change.address, "model_version"),
                kind=self.name,
                action="update",
                fields=later,
                requires=(change.address,),
                source=later[0].source or change.source,
                desired=change.desired,
            ),
        )

    def keeps_together(self, names: Iterable[str], desired: Resource) -> frozenset[str]:
        """Hiding predictions clears `model_version` unless it is in the same PATCH (Community facts 2.3)."""
        hides = "show_collab_predictions" in names and desired.values.get("show_collab_predictions") is False
        return frozenset({"model_version"}) if hides and "model_version" in desired.values else frozenset()

    def ask(self, session: Session, change: Change) -> Iterable[Finding]:
        """A label config as a new one, or against the annotations of an existing project.

        The second answer is stricter than PATCH: it also refuses to remove labels in use (Community facts 2.5).
        """
        field = next((item for item in change.fields if item.path == "/label_config"), None)
        if field is None or change.action == "delete":
            return ()
        busy = change.current is not None and _count(change.current.raw, "task_number") != 0
        path = f"{self.item(Where(change.live.get('id')))}validate/" if busy else f"{self.path}validate/"
        try:
            session.post(path, {"label_config": field.after})
        except (Rejected, Forbidden) as error:
            return placed(error, change.address, field.source or change.source)
        return ()

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        del where
        body = dict(values)
        title = body.get("workspace")
        if isinstance(title, str):
            number = names.get("workspace", {}).get(title.strip())
            if number is None:
                raise NotFound.of(f'there is no workspace "{title}" now')
            body["workspace"] = number
        return body

    def may_come_from(self, row: Row, body: Row) -> bool:
        """One in another workspace is somebody else's; the personal ones are never touched."""
        return "workspace" not in body or row.get("workspace") == body["workspace"]

    def destroys(self, session: Session, where: Where) -> Mapping[str, int | None]:
        row = self.get(session, where)
        return {"tasks": _count(row, "task_number"), "annotations": _count(row, "total_annotations_number")}


def _is_hidden(row: Row, places: set[int] | None) -> bool:
    """Whether a project lies in a personal workspace, which is never touched.

    A workspace that the list lacks is another person's: those were invisible even to administrators before 2026-01
    (Enterprise facts 1.19). On Community there is none.
    """
    return isinstance(row.get("workspace"), int) and places is not None and row["workspace"] not in places


def _workspace(item: Resource, title: str, desired: Desired, live: Live) -> Iterator[Finding]:
    """What is wrong with the workspace that a project names: it goes away, there is none, or there are several."""
    names = live.names.get("workspace", {})
    entry = next((one for one in desired.declared("workspace") if one.key == title), None)
    place = item.place("workspace")
    if entry is not None and entry.lifecycle.absent:
        yield Finding("LS504", f'the workspace "{title}" is to be deleted', item.address, place)
    elif entry is None and title not in names:
        near = get_close_matches(title, sorted(names), 1)
        hint = f'did you mean "{near[0]}"?' if near else "make it first, or use a token whose owner sees it"
        yield Finding("LS504", f'there is no workspace "{title}"', item.address, place, hint)
    elif is_ambiguous(title, names) and (entry is None or entry.lifecycle.id is None):
        ids = ", ".join(str(number) for name, number in names.items() if name in (title, twin(title, number)))
        hint = "declare it under workspaces and pin one with lifecycle.id"
        yield Finding("LS502", f'several workspaces are called "{title}": ids {ids}', item.address, place, hint)


def _is_new(item: Resource, titles: set[str]) -> bool:
    rules = item.lifecycle
    return not (rules.absent or rules.id is not None or {item.key, rules.renamed_from} & titles)


def _without_workspace(item: Resource) -> Finding:
    """Without one the server would put it into the personal workspace of the token's owner (Enterprise facts 1.19)."""
    message = "on Enterprise a new project needs a workspace"
    hint = "write workspace: TITLE; without it the project would land in the token owner's personal workspace"
    return Finding("LS101", message, item.address, item.source, hint)


def _orphans(change: Change) -> Iterator[str]:
    """What the server lets through though annotations use it (Community facts 2.5)."""
    field = next((item for item in change.fields if item.path == "/label_config"), None)
    count = _count(change.current.raw, "total_annotations_number") if change.current else 0
    if (
        change.action != "update"
        or field is None
        or count == 0
        or not isinstance(field.before, str)
        or not isinstance(field.after, str)
    ):
        return
    from lsops.labelconfig import orphans

    for orphan in orphans(field.before, field.after):
        what = f'label "{orphan.label}" of "{orphan.control}"' if orphan.label is not None else f'"{orphan.control}"'
        number = "an unknown number of" if count is None else str(count)
        yield f"{what} goes away ({orphan.reason}) while the project has {number} annotations"


def _destroys(current: Resource) -> dict[str, int | None]:
    return {
        "tasks": _count(current.raw, "task_number"),
        "annotations": _count(current.raw, "total_annotations_number"),
    }


def _count(row: Row, name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) else None


def _without(change: Change, fields: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(item for item in change.fields if item not in fields)


KIND = Project()
