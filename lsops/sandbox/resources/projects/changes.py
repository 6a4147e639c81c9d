"""What a create or an update makes of a project: the checks and side effects of single fields.

Facts: community-api 2.3, 2.4 and 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.fields import Bad, Check, Field, defaults, read
from lsops.sandbox.fieldtypes import check_key, now
from lsops.sandbox.labelcheck import check
from lsops.sandbox.labelconfig import data_types, parse, suits_bulk, weights
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects.columns import check_roles, with_kept_surfaces
from lsops.sandbox.resources.projects.fields import (
    BASE,
    ENTERPRISE,
    check_color,
)
from lsops.sandbox.resources.projects.usage import check_follows
from lsops.sandbox.resources.workspaces import personal
from lsops.sandbox.sanitise import clean
from lsops.sandbox.store import Document
from lsops.sandbox.task_completion import follow_settings

_NO_MODEL = "Model version doesn't exist either as live model or as static predictions."
_MODELS = (("prediction", "model_version"), ("ml_backend", "title"))
_NESTED = (
    "The `.{method}()` method does not support writable nested fields by default.\n"
    "Write an explicit `.{method}()` method for serializer `projects.serializers.ProjectSerializer`, "
    "or set `read_only=True` on nested serializer fields."
)

SETTINGS = frozenset({"assignment_settings", "review_settings"})
NESTED = "nested-settings-patch"
RESETS, MERGES = "resets", "merges"


def created(call: Call, body: Any) -> Document:
    """A new project; the caller's organisation whatever is sent, and their personal workspace if none is."""
    fields = _fields(call)
    given = read(fields, body, partial=False, checks={**_checks(call), "label_config": check})
    _refuse_creator(given, "create")
    if given.get("collection_mode") and not given.get("use_custom_interface"):
        raise Invalid({"collection_mode": ["Requires use_custom_interface."]})
    ours = {
        "organization": call.organization,
        "created_by": call.user["id"],
        "created_at": now(),
    }
    home = {"workspace": personal(call)["id"]} if call.enterprise else {}
    return _settled({}, {**defaults(fields), **home, **_normalised(given, body), **ours})


def from_template(call: Call, body: Any, settings: Document) -> Document:
    """A new project with what a template has on top of the defaults, whatever may be changed in one that exists."""
    made = created(call, body)
    known = {name: value for name, value in settings.items() if name in _fields(call)}
    return _settled({}, {**made, **known})


def updated(call: Call, project: Document, body: Any) -> Document:
    """The project after an update; side effects on its tasks are `follow`'s."""
    checks: dict[str, Check] = {
        **_checks(call),
        "label_config": partial(_check_config, call, project),
        "model_version": partial(_check_model, call, project),
    }
    given = _merged(call, project, read(_fields(call), body, partial=True, checks=checks), body)
    _refuse_creator(given, "update")
    given = with_kept_surfaces(project, given)
    before = {**project, "model_version": ""} if given.get("show_collab_predictions") is False else project
    return _settled(project, {**before, **_normalised(given, body)})


def _merged(call: Call, project: Document, given: Document, body: Any) -> Document:
    """What a PATCH of a part of nested settings does to the rest is not known (enterprise-api 11.2)."""
    if not call.enterprise or call.unknown(NESTED) == RESETS:
        return given
    parts = {
        name: {key: given[name][key] for key in body[name] if key in given[name]} for name in SETTINGS & set(given)
    }
    return {**given, **{name: {**project[name], **part} for name, part in parts.items()}}


def follow(call: Call, before: Document, after: Document) -> None:
    """Let the tasks follow the settings about overlap."""
    follow_settings(call.store, before, after)


def _fields(call: Call) -> Mapping[str, Field]:
    return ENTERPRISE if call.enterprise else BASE


def _checks(call: Call) -> dict[str, Check]:
    return {
        "color": check_color,
        "organization": partial(check_key, exists=partial(call.store.get, "organization")),
        "workspace": partial(check_key, exists=partial(call.store.get, "workspace")),
        "created_by": _check_creator,
        "dm_column_defaults": partial(check_roles, call),
        "source_interface_id": partial(_check_interface, call),
    }


def _check_config(call: Call, project: Document, config: Any) -> str:
    checked = check(config)
    check_follows(call, project, checked, strict=False)
    return checked


def _check_model(call: Call, project: Document, version: str | None) -> str | None:
    """A new version must be that of a prediction, or the title of an ML backend."""
    if version in (project["model_version"], ""):
        return version
    known = any(_names(call, table, key, project["id"], version) for table, key in _MODELS if call.store.has(table))
    if not known:
        raise Bad(_NO_MODEL)
    return version


def _names(call: Call, table: str, key: str, project: int, version: str | None) -> bool:
    return bool(call.store.count(table, f"project = ? AND json_extract(doc, '$.{key}') = ?", (project, version)))


def _check_interface(call: Call, key: int | None) -> int | None:
    return check_key(key, exists=partial(call.store.get, "interface")) if key is not None else None


def _check_creator(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Bad({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {type(value).__name__}."]})
    return value


def _refuse_creator(given: Document, method: str) -> None:
    if "created_by" in given:
        raise Crash(_NESTED.format(method=method))


def _normalised(given: Document, body: Mapping[str, Any]) -> Document:
    """The two fields that the server reads from the raw body, after everything else was right."""
    if "start_training_on_annotation_update" in body:
        given = {
            **given,
            "min_annotations_to_start_training": _as_number(body["start_training_on_annotation_update"]),
        }
    if "expert_instruction" in given:
        raw = body["expert_instruction"]
        if not isinstance(raw, str):
            raise Crash(f"argument cannot be of {type(raw).__name__!r} type, must be of text type")
        given = {**given, "expert_instruction": clean(raw)}
    return given


def _as_number(value: Any) -> int:
    try:
        return int(value)
    except (ValueError, TypeError) as error:
        raise Crash(str(error)) from error


def _settled(before: Document, after: Document) -> Document:
    """The project with what the server derives from its label config and its publication."""
    changed = before.get("label_config") != after["label_config"]
    if changed:
        parsed = parse(after["label_config"])
        after = {
            **after,
            "parsed_label_config": parsed,
            "data_types": data_types(after["label_config"]),
            "config_suitable_for_bulk_annotation": suits_bulk(after["label_config"]),
        }
    if changed or not after["control_weights"]:
        after = {**after, "control_weights": _weights(after)}
    return {**after, "is_draft": after["is_draft"] and not after["is_published"]}


def _weights(project: Document) -> dict[str, Any]:
    current = project["control_weights"]
    if project["parsed_label_config"] and not isinstance(current, dict):
        raise Crash(f"'{type(current).__name__}' object has no attribute 'get'")
    return weights(project["parsed_label_config"], current)
