"""`/api/prompts/` of Enterprise (enterprise-api 8.2): prompts, which label tasks with language models.

Projects are written as ids, shown as objects by a GET and as ids in the answer to a write. Two points are switches: the
list was an array once and is paginated now, and nobody outside knows what becomes of predictions when a prompt goes.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from lsops.sandbox.envelope import Missing
from lsops.sandbox.fields import Bad, Check, Field, defaults, read
from lsops.sandbox.fieldtypes import check_key, choice, now, several, text
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects.scope import chosen
from lsops.sandbox.resources.prompts import versions
from lsops.sandbox.store import Column, Document, Table

LIST = "prompts-list"
PAGINATED, ARRAY = "paginated", "array"
DELETE = "prompt-delete-predictions"
DELETED, KEPT = "deleted", "kept"


def _words(value: Any) -> list[str]:
    """A list of texts that has one at least."""
    found: list[str] = several(text(blank=False), empty=False)(value)
    return found


def _any(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Bad(f'Expected a list of items but got type "{type(value).__name__}".')
    return value


_FIELDS = {
    "title": Field(text(longest=500, blank=False), required=True),
    "description": Field(text(), null=True),
    "input_fields": Field(_words, default=[]),
    "output_classes": Field(_words, default=[]),
    "skill_name": Field(choice("TextClassification", "NamedEntityRecognition"), default="TextClassification"),
    "associated_projects": Field(_any, default=[]),
}
_PAGES = Paging(size=30, most=100)


def _checks(call: Call) -> dict[str, Check]:
    exists = partial(chosen, call)
    return {"associated_projects": lambda ids: [check_key(one, exists=exists) for one in ids]}


def _listing(call: Call) -> Answer:
    where, arguments = "organization = ?", (call.organization,)
    if call.unknown(LIST) == ARRAY:
        return Answer([_shown(call, row) for row in call.store.find("prompt", where, arguments)])

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find("prompt", where, arguments)
        return [_shown(call, row) for row in found[offset : offset + limit]]

    return Answer(page(call, _PAGES, count=call.store.count("prompt", where, arguments), rows=rows))


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False, checks=_checks(call))
    ours = {"organization": call.organization, "created_by": call.user["id"], "created_at": now(), "updated_at": now()}
    return Answer(_written(call.store.insert("prompt", {**defaults(_FIELDS), **given, **ours})), 201)


def _detail(call: Call, prompt_id: int) -> Answer:
    return Answer(_shown(call, found(call, prompt_id)))


def _change(call: Call, prompt_id: int, *, partly: bool) -> Answer:
    given = read(_FIELDS, call.body, partial=partly, checks=_checks(call))
    changed = {**found(call, prompt_id), **given, "updated_at": now()}
    call.store.replace("prompt", changed)
    return Answer(_written(changed))


def _delete(call: Call, prompt_id: int) -> Answer:
    row = found(call, prompt_id)
    if call.unknown(DELETE) == DELETED:
        for version in call.store.find("prompt_version", "parent_model = ?", (row["id"],)):
            versions.forget(call, version["id"])
    call.store.delete("prompt", row["id"])
    return Answer(status=204)


def found(call: Call, prompt_id: int) -> Document:
    """The prompt, or 404."""
    row = call.found("prompt", prompt_id, "ModelInterface")
    if row["organization"] != call.organization:
        raise Missing.of("ModelInterface")
    return row


def _written(row: Document) -> dict[str, Any]:
    return {**row, "created_by": {"id": row["created_by"]}}


def _shown(call: Call, row: Document) -> dict[str, Any]:
    projects = [call.store.get("project", number) for number in row["associated_projects"]]
    return {
        **_written(row),
        "associated_projects": [{"id": one["id"], "title": one["title"]} for one in projects if one],
        "best_score": None,
        "runs_count": 0,
        "versions_count": call.store.count("prompt_version", "parent_model = ?", (row["id"],)),
    }


RESOURCE = Resource(
    "prompts",
    unknowns={LIST: (PAGINATED, ARRAY), DELETE: (DELETED, KEPT)},
    tables=(
        Table("prompt", (Column("organization", references="organization"),)),
        Table("prompt_version", (Column("parent_model", references="prompt"), Column("model_provider_connection"))),
    ),
    routes=(
        Route("/api/prompts/", {"GET": _listing, "POST": _create}, enterprise=True),
        Route.of_one("/api/prompts/<int:prompt_id>/", _detail, _change, _delete, enterprise=True),
        *versions.routes(found),
    ),
)
