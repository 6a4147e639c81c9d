"""What several kinds read of the organisation: its own row, workspaces, project templates; no kind stands here."""

from __future__ import annotations

from typing import Any

from lsops.kinds.reader import Reader, Row
from lsops.kinds.titles import ids_by_name, title_of, twin
from lsops.model.address import join
from lsops.server.forms import ID, ROW, SWITCH, TEXT, Form, OrNull

BILLED = ("manual_role_management", "manual_workspace_management")

HOME = Form(ROW.needed, {"billing": OrNull(Form(known=dict.fromkeys(BILLED, OrNull(SWITCH))))})
"""An organisation; what its bill allows decides whose the roles are."""

OWN_SOURCES = frozenset({"manual", "api"})
"""Sources of a role that leave it to people; the others are identity providers and the contract."""

WORKSPACES = "/api/workspaces/"
WORKSPACE = Form(needed={"id": ID, "title": OrNull(TEXT)}, known={"is_personal": OrNull(SWITCH)})
PROJECTS = "/api/projects/"
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
    reader.names["workspace"] = ids_by_name(rows)
    return rows


def name_projects(reader: Reader) -> None:
    """The ids of all projects by title become names, once per plan: what a plan has listed is not asked for again.

    A project in a personal workspace has a name that no title is. Raises: ServerError.
    """
    places = {row["id"] for row in shared(reader)}
    params = {"ordering": "id", "include": "id,title,workspace"}
    rows = reader.pages_once(PROJECTS, params=params)
    public = [row for row in rows if row.get("workspace") is None or row["workspace"] in places]
    known = {row["id"] for row in public}
    hidden = {f"{title_of(row)} (personal, id {row['id']})": row["id"] for row in rows if row["id"] not in known}
    reader.names["project"] = {**hidden, **ids_by_name(public)}


def is_foreign(source: object) -> bool:
    """Whether that source of a role is an identity provider or the contract."""
    return isinstance(source, str) and source not in OWN_SOURCES


def template_rows(reader: Reader) -> list[dict[str, Any]]:
    """The rows of all templates; their names become names. Raises: ServerError.

    Whether names are unique is not known: of several the first has the plain name, the others have their id in it.
    """
    rows = reader.once(TEMPLATES, TEMPLATE)
    reader.names[PROJECT_TEMPLATE] = ids_by_name(rows, name_of_template)
    return rows


def name_of_template(row: Row) -> str:
    """The name, without blanks at its ends."""
    return str(row.get("name") or "").strip()
