"""Versions of a prompt, and the predictions that a run of one makes: here each task gets an empty one, at no cost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Check, Field, defaults, read
from lsops.sandbox.fieldtypes import check_key, choice, now, number, text
from lsops.sandbox.resource import Answer, Call, Route
from lsops.sandbox.resources.model_providers import PROVIDERS
from lsops.sandbox.resources.predictions import add_prediction
from lsops.sandbox.store import Document

Finder = Callable[[Call, int], Document]

_FIELDS = {
    "title": Field(text(longest=500, blank=False), required=True),
    "prompt": Field(text(blank=False), required=True),
    "provider": Field(choice(*PROVIDERS), default="OpenAI"),
    "provider_model_id": Field(text(longest=255, blank=False), required=True),
    "model_provider_connection": Field(int, null=True),
    "max_few_shot_examples": Field(number(least=0, most=2147483647), null=True),
}
_MADE_BY = "json_extract(doc, '$.prompt_version') = ?"


def routes(find: Finder) -> tuple[Route, ...]:
    """Those of versions; `find` gives the prompt of an id, or answers 404."""
    below = "/api/prompts/<int:prompt_id>/versions"
    one = f"{below}/<int:version_id>"

    def within(handler: Callable[..., Answer]) -> Callable[..., Answer]:
        def handle(call: Call, prompt_id: int, **more: Any) -> Answer:
            return handler(call, find(call, prompt_id), **more)

        return handle

    return (
        Route(below, {"GET": within(_listing), "POST": within(_create)}, enterprise=True),
        Route.of_one(one, within(_detail), within(_change), within(_delete), enterprise=True),
        Route(f"{one}/prediction-count", {"GET": within(_count)}, enterprise=True),
        Route(f"{one}/inference-runs", {"POST": within(_run)}, enterprise=True),
    )


def forget(call: Call, version_id: int) -> None:
    """Delete the predictions that a version made."""
    for prediction in call.store.find("prediction", _MADE_BY, (version_id,)):
        call.store.delete("prediction", prediction["id"])


def _checks(call: Call) -> dict[str, Check]:
    return {"model_provider_connection": partial(check_key, exists=partial(_is_connection, call))}


def _is_connection(call: Call, key: int) -> bool:
    return call.store.get("model_provider", key) is not None


def _listing(call: Call, prompt: Document) -> Answer:
    """Release 2.0.7 demands the id in the query, too; newer ones do not mind it."""
    if call.query.get("prompt_id", str(prompt["id"])) != str(prompt["id"]):
        raise Invalid({"prompt_id": ["It is another one than that of the path."]})
    return Answer([_show(row) for row in call.store.find("prompt_version", "parent_model = ?", (prompt["id"],))])


def _create(call: Call, prompt: Document) -> Answer:
    given = read(_FIELDS, call.body, partial=False, checks=_checks(call))
    ours = {
        "parent_model": prompt["id"],
        "organization": call.organization,
        "created_by": call.user["id"],
        "created_at": now(),
        "updated_at": now(),
    }
    return Answer(_show(call.store.insert("prompt_version", {**defaults(_FIELDS), **given, **ours})), 201)


def _detail(call: Call, prompt: Document, version_id: int) -> Answer:
    return Answer(_show(_found(call, prompt, version_id)))


def _change(call: Call, prompt: Document, version_id: int, *, partly: bool) -> Answer:
    given = read(_FIELDS, call.body, partial=partly, checks=_checks(call))
    changed = {**_found(call, prompt, version_id), **given, "updated_at": now()}
    call.store.replace("prompt_version", changed)
    return Answer(_show(changed))


def _delete(call: Call, prompt: Document, version_id: int) -> Answer:
    version = _found(call, prompt, version_id)
    forget(call, version["id"])
    call.store.delete("prompt_version", version["id"])
    return Answer(status=204)


def _count(call: Call, prompt: Document, version_id: int) -> Answer:
    made = call.store.count("prediction", _MADE_BY, (_found(call, prompt, version_id)["id"],))
    return Answer({"existing_predictions": made, "tasks_to_run": 0, "total_tasks": made})


def _run(call: Call, prompt: Document, version_id: int) -> Answer:
    version = _found(call, prompt, version_id)
    project = call.found("project", int(call.body["project"]), "Project")
    for task in call.store.find("task", "project = ?", (project["id"],)):
        made = {"result": [], "model_version": version["title"], "prompt_version": version["id"]}
        add_prediction(call, task, made)
    return Answer({"model_version": version["id"], "project": project["id"], "status": "Completed"}, 201)


def _found(call: Call, prompt: Document, version_id: int) -> Document:
    row = call.found("prompt_version", version_id, "ThirdPartyModelVersion")
    if row["parent_model"] != prompt["id"]:
        raise Missing.of("ThirdPartyModelVersion")
    return row


def _show(row: Document) -> dict[str, Any]:
    shown = {**row, "created_by": {"id": row["created_by"]}}
    return {**shown, "model_display_name": row["provider_model_id"], "score": None}
