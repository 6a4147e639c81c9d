"""Reading projects: which rows, with what detail, and which of them are nobody's business (Community facts 2.1)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from lsops.errors import LsopsError, ServerError
from lsops.kinds.capabilities import (
    FoundByKey,
    MayBeHidden,
)
from lsops.kinds.contract import Kind
from lsops.kinds.projects import (
    column_defaults,
    interfaces,
    label_census,
    labels_in_use,
    model_versions,
    relabelling,
    seeding,
)
from lsops.kinds.projects.from_template import template_of
from lsops.kinds.projects.labels_in_use import SUMMARY
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import MAY_SEE_ALL, shared, template_rows
from lsops.kinds.titles import name_in, title_of, twin
from lsops.model.address import below, join
from lsops.model.live import Collection
from lsops.model.resource import Resource
from lsops.server.forms import COUNT, ID, TEXT, Form, OrNull
from lsops.server.paging import PAGE_SIZE

if TYPE_CHECKING:
    from lsops.server.session import Session

T = TypeVar("T")

COUNTERS = ("task_number", "total_annotations_number", "skipped_annotations_number", "num_tasks_with_annotations")
NOT_LISTED = frozenset({"task_data_login", "task_data_password"})
"""Enterprise leaves these out of its list, though not out of a single project (Enterprise facts 7.1)."""


class ProjectReading(Kind, FoundByKey, MayBeHidden):
    """`/api/projects/`; found by title among those that are in no personal workspace."""

    name = "project"
    path = "/api/projects/"
    form = Form(
        needed={"id": ID, "title": OrNull(TEXT)},
        known={"workspace": OrNull(ID), **dict.fromkeys(COUNTERS, OrNull(COUNT))},
    )

    sighted = MAY_SEE_ALL | {"manager"}
    """Managers may make projects, and are warned; others see only what they label or review."""

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            places = {row["id"] for row in shared(reader)} if reader.facts.is_enterprise else None
            if reader.facts.is_enterprise:
                interfaces.note_names(reader, query)
            rows = self._listed(reader, query)
            for row in rows:
                if _is_hidden(row, places):
                    reader.hidden[below(address, twin(title_of(row), row["id"]))] = "it is in a personal workspace"
            rows = [row for row in rows if not _is_hidden(row, places)]
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        self._name_templates(reader, query, rows)
        detailed = self._with_summaries(reader, query, self._with_details(reader, query, rows))
        self._look_for_seeds(reader, query, detailed)
        return {address: Collection(self.name, tuple(self.from_row(row, reader.names, address) for row in detailed))}

    def _name_templates(self, reader: Reader, query: Query, rows: list[dict[str, Any]]) -> None:
        """The names of the templates from which projects are to be made, if any are; what cannot be read has none."""
        ids, keys = {row["id"] for row in rows}, {self.schema.key_of(row) for row in rows}
        made = (item for item in query.desired if template_of(item) and not item.lifecycle.absent)
        if reader.facts.is_enterprise and not all(_is_found(item, ids, keys) for item in made):
            with suppress(ServerError):
                template_rows(reader)

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
        every = self._page_of(reader, plain)
        reader.keep(self.path, every)
        return every

    def _page_of(self, reader: Reader, params: Mapping[str, str]) -> list[dict[str, Any]]:
        return reader.session.pages(self.path, params, form=self.form)

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """Workspace and interface by title: ids mean nothing in a manifest."""
        row = {key: value for key, value in row.items() if key not in (SUMMARY, label_census.CENSUS, seeding.SEEDED)}
        row = column_defaults.roles_as_words(interfaces.by_title(row, names))
        if not isinstance(row.get("workspace"), int):
            return {key: value for key, value in row.items() if key != "workspace" or value is not None}
        number = row["workspace"]
        return {**row, "workspace": name_in(names.get("workspace", {}), number)}

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


def _filters(desired: Iterable[Resource]) -> list[dict[str, str]]:
    """What to ask the list for, so that every project that one of these may be is in an answer."""
    pins = {item.lifecycle.id for item in desired if item.lifecycle.id is not None}
    free = [item for item in desired if item.lifecycle.id is None]
    titles = {name.strip() for item in free for name in (item.key, item.lifecycle.renamed_from) if name}
    by_id = [{"ids": ",".join(map(str, sorted(pins)))}] if pins else []
    return by_id + [{"title": title} for title in sorted(titles)]


def _are_found(desired: Iterable[Resource], rows: Mapping[int, Row], key_of: Callable[[Row], str]) -> bool:
    """Whether each of these is among the rows, at least as one of the two entries at its address."""
    keys = {key_of(row) for row in rows.values()}
    found = {item.address for item in desired if _is_found(item, rows, keys)}
    return all(item.address in found for item in desired)


def _is_found(item: Resource, ids: Container[int], keys: set[str]) -> bool:
    return item.lifecycle.id in ids if item.lifecycle.id is not None else bool(keys & _names_of(item))


def _names_of(item: Resource) -> set[str]:
    return {name.strip() for name in (item.key, item.lifecycle.renamed_from) if name}


def _is_hidden(row: Row, places: set[int] | None) -> bool:
    """Whether a project lies in a personal workspace, which is never touched.

    A workspace that the list lacks is another person's: those were invisible even to administrators before 2026-01
    (Enterprise facts 1.19). On Community there is none.
    """
    return isinstance(row.get("workspace"), int) and places is not None and row["workspace"] not in places
