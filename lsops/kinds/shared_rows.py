"""What several kinds read of the organisation: its own row, workspaces, project templates; no kind stands here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lsops.errors import Finding, Source
from lsops.kinds.reader import Reader, Row
from lsops.model.address import join
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.resource import Resource
from lsops.schema import noun_of
from lsops.server.forms import ID, ROW, SWITCH, TEXT, Form, OrNull
from lsops.spelling import Near
from lsops.tally import Misspelt

BILLED = ("manual_role_management", "manual_workspace_management")

HOME = Form(ROW.needed, {"billing": OrNull(Form(known=dict.fromkeys(BILLED, OrNull(SWITCH))))})
"""An organisation; what its bill allows decides whose the roles are."""

OWN_SOURCES = frozenset({"manual", "api"})
"""Sources of a role that leave it to people; the others are identity providers and the contract."""

WORKSPACES = "/api/workspaces/"
WORKSPACE = Form(needed={"id": ID, "title": OrNull(TEXT)}, known={"is_personal": OrNull(SWITCH)})
TEMPLATES = "/api/project-templates/"
TEMPLATE = Form(needed={"id": ID, "name": TEXT})
PROJECT_TEMPLATE = "project_template"
MAY_SEE_ALL = frozenset({"owner", "administrator"})
"""The roles of callers to whom every workspace and every project is shown (Enterprise facts 1.20)."""


def shared(reader: Reader) -> list[dict[str, Any]]:
    """The rows of all workspaces that are not personal; their titles become names. Raises: ServerError.

    Titles need not be unique (Enterprise facts 6.3): of several the first has the plain name, the others have their
    id in it, so that nothing moves from one to another by its name.
    """
    every = reader.once(WORKSPACES, WORKSPACE)
    for row in every:
        if row.get("is_personal"):
            reader.hidden[join("workspaces", twin(title_of(row), row["id"]))] = "it is a personal workspace"
    rows = [row for row in every if not row.get("is_personal")]
    names: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        title = title_of(row)
        names[title if title not in names else twin(title, row["id"])] = row["id"]
    reader.names["workspace"] = names
    return rows


def is_foreign(source: object) -> bool:
    """Whether that source of a role is an identity provider or the contract."""
    return isinstance(source, str) and source not in OWN_SOURCES


def twin(title: str, number: int) -> str:
    """The name of one of several workspaces with the same title."""
    return f"{title} (id {number})"


def is_ambiguous(title: str, names: Mapping[str, int]) -> bool:
    """Whether several workspaces have the title."""
    return any(name == twin(title, number) for name, number in names.items())


def title_of(row: Row) -> str:
    """The title, without blanks at its ends."""
    return str(row.get("title") or "").strip()


def template_rows(reader: Reader) -> list[dict[str, Any]]:
    """The rows of all templates; their names become names. Raises: ServerError.

    Whether names are unique is not known: of several the first has the plain name, the others have their id in it.
    """
    rows = reader.once(TEMPLATES, TEMPLATE)
    names: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: int(row["id"])):
        name = name_of_template(row)
        names[name if name not in names else twin(name, row["id"])] = row["id"]
    reader.names[PROJECT_TEMPLATE] = names
    return rows


def name_of_template(row: Row) -> str:
    """The name, without blanks at its ends."""
    return str(row.get("name") or "").strip()


@dataclass(frozen=True, slots=True)
class Titles:
    """What can be named of a kind: `entries` of the manifest by their keys, and ids of what is live by title."""

    kind: str
    entries: Mapping[str, Resource] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, desired: Desired, live: Live) -> Titles:
        """Those of a manifest and a server."""
        entries = {entry.key: entry for entry in reversed(desired.of(kind))}
        return cls(kind, entries, live.names.get(kind, {}))

    def faults(self, title: str, item: Resource, place: Source | None) -> Iterator[Finding]:
        """What is wrong with a title that an item names: it goes away, there is none, or there are several."""
        entry, noun = self.entries.get(title), noun_of(self.kind)
        if entry is not None and entry.lifecycle.absent:
            yield Finding("LS504", f'the {noun} "{title}" is to be deleted', item.address, place)
        elif entry is None and title not in self.names:
            near = Near(title, self.names, "make it first, or use a token whose owner sees it")
            yield Misspelt("LS504", f'there is no {noun} "{title}"', item.address, place, near=near)
        elif is_ambiguous(title, self.names) and (entry is None or entry.lifecycle.id is None):
            ids = ", ".join(str(one) for name, one in self.names.items() if name in (title, twin(title, one)))
            hint = f"declare it under {noun}s and pin one with lifecycle.id"
            yield Finding("LS502", f'several {noun}s are called "{title}": ids {ids}', item.address, place, hint)
