"""Projects (Community facts 2, Enterprise facts 7.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from lsops.errors import Finding, Forbidden, LsopsError, NotFound, Rejected, ServerError, placed
from lsops.kinds.capabilities import (
    Amends,
    Audited,
    Condenses,
    Describes,
    Fills,
    FoundByKey,
    HoldsTasks,
    MakesSnapshots,
    MayBeHidden,
    Migrates,
    Preflight,
    Recognises,
    Recounts,
    Supply,
    ValidatesAgainst,
    ValidatesOffline,
)
from lsops.kinds.contract import Kind
from lsops.kinds.projects import (
    audit,
    label_census,
    label_moves,
    labels_in_use,
    model_versions,
    relabelling,
    seeding,
    weights,
)
from lsops.kinds.projects.effects import effects
from lsops.kinds.projects.labels_in_use import SUMMARY, annotation_count, count
from lsops.kinds.projects.task_data import TaskData
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import MAY_SEE_ALL, is_ambiguous, shared, title_of, twin
from lsops.model.address import below, join
from lsops.model.audit import Trail
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import UNSET, Resource
from lsops.model.view import Amendment, PlanView
from lsops.server.forms import COUNT, ID, TEXT, Form, OrNull
from lsops.server.paging import PAGE_SIZE
from lsops.spelling import Near
from lsops.tally import Misspelt

if TYPE_CHECKING:
    from lsops.kinds.shelf import Shelf
    from lsops.server.session import Session

T = TypeVar("T")

COUNTERS = ("task_number", "total_annotations_number", "skipped_annotations_number", "num_tasks_with_annotations")
NOT_LISTED = frozenset({"task_data_login", "task_data_password"})
"""Enterprise leaves these out of its list, though not out of a single project (Enterprise facts 7.1)."""


class Project(
    Kind,
    FoundByKey,
    Recognises,
    Recounts,
    Migrates,
    Preflight,
    ValidatesOffline,
    ValidatesAgainst,
    MayBeHidden,
    Describes,
    Amends,
    Condenses,
    HoldsTasks,
    MakesSnapshots,
    Fills,
    Audited,
):
    """`/api/projects/`; found by title among those that are in no personal workspace."""

    name = "project"
    path = "/api/projects/"
    form = Form(
        needed={"id": ID, "title": OrNull(TEXT)},
        known={"workspace": OrNull(ID), **dict.fromkeys(COUNTERS, OrNull(COUNT))},
    )

    sighted = MAY_SEE_ALL | {"manager"}
    """Managers may make projects, and are warned; others see only what they label or review."""

    def task_data(self, session: Session, number: int) -> TaskData:
        return TaskData(session, number)

    def shelf(self, session: Session, where: Where) -> Shelf:
        from lsops.kinds.shelf import Shelf

        return Shelf(session, where)

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            places = {row["id"] for row in shared(reader)} if reader.facts.is_enterprise else None
            rows = self._listed(reader, query)
            for row in rows:
                if _is_hidden(row, places):
                    reader.hidden[below(address, twin(title_of(row), row["id"]))] = "it is in a personal workspace"
            rows = [row for row in rows if not _is_hidden(row, places)]
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        detailed = self._with_summaries(reader, query, self._with_details(reader, query, rows))
        self._look_for_seeds(reader, query, detailed)
        return {address: Collection(self.name, tuple(self.from_row(row, reader.names, address) for row in detailed))}

    def _listed(self, reader: Reader, query: Query) -> list[dict[str, Any]]:
        """All rows; or those of the declared ones alone, where nothing else matters and that takes fewer requests.

        Both filters are the same on both editions: `title` is a part of it without case, `ids` are exact (Community
        facts 2.1, Enterprise facts 2.1). Where one is not found all are read: it may have a look-alike.
        """
        plain = {"ordering": "id", "include": self._include(query)}
        filters = _filters(query.desired)
        if "" not in query.whole and len(filters) <= max(1, query.among // PAGE_SIZE) and query.among:
            found = reader.session.map(lambda one: self._page_of(reader, {**plain, **one}), filters)
            rows = {row["id"]: row for part in found if not isinstance(part, LsopsError) for row in part}
            if _are_found(query.desired, rows, self.schema.key_of):
                return sorted(rows.values(), key=lambda row: int(row["id"]))
        return self._page_of(reader, plain)

    def _page_of(self, reader: Reader, params: Mapping[str, str]) -> list[dict[str, Any]]:
        return reader.session.pages(self.path, params, form=self.form)

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """A workspace by title: ids mean nothing in a manifest."""
        row = {key: value for key, value in row.items() if key not in (SUMMARY, label_census.CENSUS, seeding.SEEDED)}
        if not isinstance(row.get("workspace"), int):
            return {key: value for key, value in row.items() if key != "workspace" or value is not None}
        number = row["workspace"]
        titles = (title for title, other in names.get("workspace", {}).items() if other == number)
        return {**row, "workspace": next(titles, f"#{number}")}

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        return session.pages(self.path, {"ordering": "id", "include": "id,title,workspace"}, form=self.form)

    def rows_of_key(self, session: Session, where: Where, key: str) -> list[dict[str, Any]]:
        """`title` filters by a part of it without case, on both editions (Community facts 2.1)."""
        return session.pages(self.path, {"ordering": "id", "include": "id,title,workspace", "title": key.strip()})

    def _include(self, query: Query) -> str:
        """Community reads a fraction as long when told which fields (facts 1.8); Enterprise ignores field names."""
        wanted = {"id", self.schema.key, "workspace", *COUNTERS, *query.needed()}
        wanted |= {"label_config"} if "control_weights" in wanted else set()
        wanted |= {model_versions.NAME} if model_versions.SHOWN in wanted else set()
        return ",".join(sorted(wanted))

    def _with_details(self, reader: Reader, query: Query, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        needing = {r.key for r in query.desired if NOT_LISTED & set(r.values)} | {
            r.lifecycle.renamed_from for r in query.desired if NOT_LISTED & set(r.values) and r.lifecycle.renamed_from
        }
        pinned = {r.lifecycle.id for r in query.desired if NOT_LISTED & set(r.values)}
        poor = [
            row
            for row in rows
            if not set(row) >= NOT_LISTED
            and (query.wanted & NOT_LISTED or self.schema.key_of(row) in needing or row.get("id") in pinned)
        ]
        full = reader.session.map(lambda row: self.get(reader.session, Where(id=row["id"])), poor)
        for row, found in zip(poor, full, strict=True):
            if isinstance(found, LsopsError):
                raise found
            row.update({name: found.get(name) for name in NOT_LISTED})
        return rows

    def _with_summaries(self, reader: Reader, query: Query, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With what the server counts of labels and data fields, where what is wanted depends on it."""
        known = self._with_wanted(query, rows, lambda item: item.values.get("label_config"))
        asked = [row for row, config in known if labels_in_use.needs_summary(row, config)]
        paths = [self.item(Where(id=row["id"])) for row in asked]
        found = reader.session.map(lambda path: labels_in_use.summary_or_nothing(reader.session, path), paths)
        for row, summary in zip(asked, found, strict=True):
            row[SUMMARY] = {} if isinstance(summary, LsopsError) else summary
        return self._with_census(reader, query, rows)

    def _with_census(self, reader: Reader, query: Query, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With what annotations have of labels that are to be renamed, where any are."""
        items = [item for item in query.desired if item.lifecycle.renamed_labels]
        for row in rows if items else ():
            known = (row["id"], self.schema.key_of(row))
            item = next((item for item in items if {*_names_of(item), item.lifecycle.id} & {*known}), None)
            found = relabelling.renamings_of(item, row.get(labels_in_use.FIELD)) if item is not None else ()
            if found and row.get("task_number") != 0:
                row[label_census.CENSUS] = label_census.census_or_nothing(reader.session, row["id"], found)
        return rows

    def _with_wanted(
        self, query: Query, rows: list[dict[str, Any]], wish: Callable[[Resource], T]
    ) -> list[tuple[dict[str, Any], T | None]]:
        """Each row with what the declared project wants that it may be."""
        wanted: dict[str | int, T] = {}
        for item in query.desired:
            names = (item.key, item.lifecycle.renamed_from, item.lifecycle.id)
            wanted |= {name: wish(item) for name in names if name is not None}
        return [(row, wanted.get(row["id"], wanted.get(self.schema.key_of(row)))) for row in rows]

    def _look_for_seeds(self, reader: Reader, query: Query, rows: list[dict[str, Any]]) -> None:
        """Note in rows of projects with some tasks whether they are of the file that is named for them."""
        known = self._with_wanted(query, rows, seeding.file_of)
        partly = [(row, file) for row, file in known if file is not None and seeding.is_partly_filled(row, file)]
        found = reader.session.map(lambda one: seeding.is_seeded(reader.session, one[0]["id"], one[1]), partly)
        for (row, _), seeded in zip(partly, found, strict=True):
            if isinstance(seeded, LsopsError):
                raise seeded
            row[seeding.SEEDED] = seeded

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        if any(model_versions.NAME in item.values for item in pairs.desired.of(self.name)):
            yield from model_versions.renamed_away(pairs.desired)
        if any(_weighs_what_is_live(item) for item in pairs.desired.of(self.name)):
            yield from weights.unknown_live(pairs.of(self.name))
        if any(item.lifecycle.renamed_labels for item in pairs.desired.of(self.name)):
            yield from relabelling.refusals_against(pairs, self.name, is_enterprise=facts.is_enterprise)
        if facts.is_enterprise:
            yield from self._without_place(pairs)

    def _without_place(self, pairs: Pairs) -> Iterator[Finding]:
        """What is wrong with the workspaces of projects; nothing is said where projects could not be read."""
        entries = {entry.key: entry for entry in reversed(pairs.desired.of("workspace"))}
        doubted = {finding.address for group in pairs.groups.values() for finding in group.findings}
        for item, live, _ in pairs.of(self.name):
            title = item.values.get("workspace", UNSET)
            if item.lifecycle.absent:
                continue
            if isinstance(title, str):
                yield from _workspace(item, title.strip(), entries, pairs.live)
            elif title is UNSET and live is None and item.address not in doubted:
                yield _without_workspace(item)

    def describe(self, change: Change, facts: Facts) -> Change:
        warnings = list(change.warnings)
        if change.action == "create" and facts.is_enterprise and facts.role not in MAY_SEE_ALL:
            warnings.append("the token's owner may not see every project, so one of this title may exist already")
        if change.action == "create":
            return replace(change, warnings=tuple(warnings))
        row = change.before.raw if change.before else {}
        warnings += labels_in_use.lacking_data(change, row)
        warnings += labels_in_use.likely_renamed(change, row)
        found, told = relabelling.renamings_in(change), label_census.relabels(change, row)
        moved = label_census.losses(found, row.get(label_census.CENSUS))
        return replace(
            change,
            effects=(*change.effects, *effects(change), *label_census.remarks(found, told)),
            warnings=tuple(warnings),
            destroys=_held(row) if change.action == "delete" else change.destroys,
            relabels=told,
            orphans=(*labels_in_use.orphaned(change, row), *moved),
        )

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Without weights and a model version that the server works out itself (Community facts 2.4 and 2.6)."""
        held = {**live.values, weights.FIELD: weights.chosen(live.values)}
        backends = around.at(below(live.address, "ml_backends"), "ml_backend").resources
        titles = [one.key for one in backends]
        is_derived = titles == [held.get(model_versions.NAME)] and held.get(model_versions.SHOWN, True)
        if is_derived or held.get(model_versions.NAME) not in titles:
            held.pop(model_versions.NAME, None)
        return held

    def validate_offline(self, desired: Desired) -> Iterable[Finding]:
        projects = desired.of(self.name)
        return (*weights.unknown(projects), *relabelling.refusals_offline(projects))

    def amend(self, view: PlanView) -> Amendment:
        """A `model_version` that an ML backend of the plan has to do with is set on its own, after it; so are tasks."""
        found = view.as_it_is(self.schema)
        if any(model_versions.NAME in item.values for item in view.pairs.desired.of(self.name)):
            found = model_versions.amended(view, self.schema, found.deletes)
        seeds = ((self.schema.phases[seeding.NAME], change) for change in seeding.of_their_own(view))
        return replace(found, changes=(*found.changes, *seeds))

    def preflight(self, session: Session, change: Change) -> Iterable[Finding]:
        """A label config as a new one, or against the annotations of an existing project.

        The second answer is stricter than PATCH: it also refuses to remove labels in use (Community facts 2.5), also
        those that are renamed in annotations before the PATCH; then only the config itself is asked about.
        """
        field = next((item for item in change.fields if item.path == "/label_config"), None)
        if field is None or change.action == "delete":
            return ()
        moving = bool(relabelling.renamings_in(change))
        busy = not moving and change.before is not None and count(change.before.raw, "task_number") != 0
        path = f"{self.item(Where(change.remote_id.get('id')))}validate/" if busy else f"{self.path}validate/"
        try:
            session.post(path, {"label_config": field.after})
        except (Rejected, Forbidden) as error:
            return placed(error, change.address, field.source or change.source)
        return ()

    def fills(self, change: Change) -> bool:
        return any(item.path == seeding.PATH for item in change.fields)

    def fill(self, session: Session, change: Change, where: Where, supply: Supply) -> None:
        from lsops.kinds.projects.importing import Import

        file = seeding.file_of(change.after) if change.after is not None else None
        if file is not None and where.id is not None:
            Import(session, where.id, file).run(supply)

    # ---- auditing ----------------------------------------------------------------------------

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
        yield Trail("annotation_history", address, number, audit.TIME, partial(audit.history_rows, session, number))
        yield Trail("annotation_review", address, number, audit.TIME, partial(audit.review_rows, session, number))

    def log_query(self, number: int) -> Mapping[str, int]:
        return {"project": number}

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
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

    def recounted(self, session: Session, change: Change) -> Change:
        """With drafts, too: no row counts them, and their labels are lost as well."""
        where = Where(change.remote_id.get("id"))
        if change.action == "delete":
            return replace(change, destroys=_held(self.get(session, where)))
        found = relabelling.renamings_in(change)
        if not found and not labels_in_use.may_orphan(change):
            return change
        orphans = list(self._orphans_now(session, change, where)) if labels_in_use.may_orphan(change) else []
        if found:
            orphans += label_census.losses(found, label_census.census(session, where.id or 0, found))
        return replace(change, orphans=tuple(orphans))

    def _orphans_now(self, session: Session, change: Change, where: Where) -> Iterator[str]:
        summary = labels_in_use.read_summary(session, self.item(where))
        yield from labels_in_use.orphaned(change, {**self.get(session, where), SUMMARY: summary})

    def migrate(self, session: Session, change: Change, is_stopped: Callable[[], bool]) -> None:
        """Rename labels in annotations; what follows may take the old names away."""
        if found := relabelling.renamings_in(change):
            label_moves.move_labels(session, change.remote_id["id"], found, is_stopped)


def _filters(desired: Iterable[Resource]) -> list[dict[str, str]]:
    """What to ask the list for, so that every project that one of these may be is in an answer."""
    pins = {item.lifecycle.id for item in desired if item.lifecycle.id is not None}
    free = [item for item in desired if item.lifecycle.id is None]
    titles = {name.strip() for item in free for name in (item.key, item.lifecycle.renamed_from) if name}
    by_id = [{"ids": ",".join(map(str, sorted(pins)))}] if pins else []
    return by_id + [{"title": title} for title in sorted(titles)]


def _are_found(desired: Iterable[Resource], rows: Mapping[int, Row], key_of: Callable[[Row], str]) -> bool:
    """Whether each of these is among the rows, at least as one of the two entries at its address."""
    there = {key_of(row) for row in rows.values()}
    found = {
        item.address
        for item in desired
        if (item.lifecycle.id in rows if item.lifecycle.id is not None else there & _names_of(item))
    }
    return all(item.address in found for item in desired)


def _names_of(item: Resource) -> set[str]:
    return {name.strip() for name in (item.key, item.lifecycle.renamed_from) if name}


def _weighs_what_is_live(item: Resource) -> bool:
    """Whether a project declares weights, and leaves the label config to the server, if only by `ignore`."""
    return weights.FIELD in item.values and ("label_config" not in item.values or bool(item.lifecycle.ignore))


def _is_hidden(row: Row, places: set[int] | None) -> bool:
    """Whether a project lies in a personal workspace, which is never touched.

    A workspace that the list lacks is another person's: those were invisible even to administrators before 2026-01
    (Enterprise facts 1.19). On Community there is none.
    """
    return isinstance(row.get("workspace"), int) and places is not None and row["workspace"] not in places


def _workspace(item: Resource, title: str, entries: Mapping[str, Resource], live: Live) -> Iterator[Finding]:
    """What is wrong with the workspace that a project names: it goes away, there is none, or there are several."""
    names = live.names.get("workspace", {})
    entry = entries.get(title)
    place = item.place("workspace")
    if entry is not None and entry.lifecycle.absent:
        yield Finding("LS504", f'the workspace "{title}" is to be deleted', item.address, place)
    elif entry is None and title not in names:
        near = Near(title, names, "make it first, or use a token whose owner sees it")
        yield Misspelt("LS504", f'there is no workspace "{title}"', item.address, place, near=near)
    elif is_ambiguous(title, names) and (entry is None or entry.lifecycle.id is None):
        ids = ", ".join(str(number) for name, number in names.items() if name in (title, twin(title, number)))
        hint = "declare it under workspaces and pin one with lifecycle.id"
        yield Finding("LS502", f'several workspaces are called "{title}": ids {ids}', item.address, place, hint)


def _without_workspace(item: Resource) -> Finding:
    """Without one the server would put it into the personal workspace of the token's owner (Enterprise facts 1.19)."""
    message = "on Enterprise a new project needs a workspace"
    hint = "write workspace: TITLE; without it the project would land in the token owner's personal workspace"
    return Finding("LS101", message, item.address, item.source, hint)


def _held(row: Row) -> dict[str, int | None]:
    """What a project holds; None where the server does not say."""
    return {"tasks": count(row, "task_number"), "annotations": annotation_count(row)}


KIND = Project()
