"""The plan as a JSON document, `lsops.plan/1`, and back: what `--out` saves and `--format json` prints.

Absent is an absent key and null is null. Nothing confidential is in it: secrets stand as their references.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lsops.errors import Finding, Refused, Source, UsageError
from lsops.model import UNSET, Change, Facts, FieldChange, Plan, Secret
from lsops.version import __version__

FORMAT = "lsops.plan/1"
COMPARED = ("address", "action", "live", "fields", "secrets")
"""The keys in which a saved change must equal the fresh one; of `destroys`, whether it is empty."""


def as_document(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values."""
    return {
        **header(plan.facts),
        "summary": plan.summary,
        "changes": [change_document(change) for change in plan.changes],
        "pending": list(plan.pending),
        "unmanaged": list(plan.unmanaged),
        "unreadable": len(plan.unreadable),
        "warnings": [item.as_document() for item in plan.warnings],
        **({"failures": [item.as_document() for item in plan.failures]} if plan.failures else {}),
    }


def header(facts: Facts, format_name: str = FORMAT) -> dict[str, Any]:
    """What every document says first: its format, the server and the manifest."""
    server = {"url": facts.url, "edition": facts.edition, "release": facts.release}
    return {
        "format": format_name,
        "lsops": __version__,
        "created": facts.created,
        "server": {**server, **({"role": facts.role} if facts.role else {})},
        "manifest": {"root": facts.root, **({"environment": facts.environment} if facts.environment else {})},
    }


def change_document(change: Change) -> dict[str, Any]:
    """One change as plain JSON values."""
    document: dict[str, Any] = {
        "address": change.address,
        "kind": change.kind,
        "action": change.action,
        **({"live": dict(change.live)} if change.live else {}),
        "fields": [_field(item) for item in change.fields],
        "secrets": dict(change.secrets),
        "requires": list(change.requires),
        "effects": list(change.effects),
        "warnings": list(change.warnings),
    }
    if change.destroys is not None:
        document["destroys"] = dict(change.destroys)
    if change.protected:
        document["protected"] = True
    if change.source is not None:
        document["source"] = {"file": change.source.file, "line": change.source.line}
    return document


def dumps(document: Mapping[str, Any]) -> str:
    """A document as text with one newline at its end."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=_plain) + "\n"


def save(plan: Plan, path: Path) -> None:
    """Write the plan whole or not at all, readable by its owner alone. Raises: UsageError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(dumps(as_document(plan)))
        temporary.replace(path)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        raise UsageError.of(f"--out: {path} cannot be written: {problem.strerror}") from problem


def load(path: Path) -> Plan:
    """A saved plan as a value that renders like the first one; it lacks what only `apply` needs.

    Raises:
        UsageError: the file cannot be read or is no plan.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise UsageError.of(f"{path} cannot be read: {problem.strerror}") from problem
    except (UnicodeDecodeError, ValueError) as problem:
        raise UsageError.of(f"{path} is not a plan: it is not JSON") from problem
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UsageError.of(
            f"{path} is not a plan of the format {FORMAT}", hint="plans come from lsops plan --out FILE"
        )
    try:
        return from_document(document)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise UsageError.of(f"{path} is a damaged plan") from problem


def from_document(document: Mapping[str, Any]) -> Plan:
    """The plan that a document describes. Raises: KeyError, TypeError or AttributeError on a damaged one."""
    server, manifest = document["server"], document["manifest"]
    return Plan(
        facts=Facts(
            url=server["url"],
            edition=server["edition"],
            release=server["release"],
            role=server.get("role", ""),
            created=document["created"],
            environment=manifest.get("environment", ""),
            root=manifest["root"],
        ),
        changes=tuple(_change(item) for item in document["changes"]),
        unchanged=document["summary"]["unchanged"],
        pending=tuple(document["pending"]),
        unmanaged=tuple(document["unmanaged"]),
        unreadable=("",) * document["unreadable"],
        warnings=tuple(_finding(item, "warning") for item in document["warnings"]),
        failures=tuple(_finding(item, "error") for item in document.get("failures", ())),
    )


def agreed(saved: Plan, fresh: Plan) -> tuple[Plan, tuple[str, ...]]:
    """The fresh plan cut down to the saved changes, and the addresses of fresh changes that the file lacks.

    Raises:
        Refused: the server or the environment is another, or a saved change is not in the fresh plan as it was.
    """
    if (saved.facts.url, saved.facts.environment) != (fresh.facts.url, fresh.facts.environment):
        raise Refused.of(
            f"the plan was made for {_target(saved.facts)}, this is {_target(fresh.facts)}",
            hint="plan again, or name the same server and environment",
        )
    now = {change.address: _compared(change) for change in fresh.changes}
    stale = [change for change in saved.changes if now.get(change.address) != _compared(change)]
    if stale:
        raise Refused([_stale(change, now.get(change.address) is not None) for change in stale])
    wanted = {change.address for change in saved.changes}
    return fresh.only(wanted), tuple(change.address for change in fresh.changes if change.address not in wanted)


def _stale(change: Change, planned: bool) -> Finding:
    reason = "would be changed otherwise now" if planned else "needs no change now, or another"
    return Finding(
        Refused.code,
        f"the saved plan no longer fits: {change.address} {reason}",
        change.address,
        change.source,
        "plan again and review it",
    )


def _compared(change: Change) -> str:
    document = json.loads(dumps(change_document(change)))
    pairs = {key: document.get(key) for key in COMPARED}
    full = any(number is None or number > 0 for number in (document.get("destroys") or {}).values())
    return json.dumps({**pairs, "full": full}, sort_keys=True)


def _target(facts: Facts) -> str:
    return facts.url + (f" (environment {facts.environment})" if facts.environment else "")


def _field(item: FieldChange) -> dict[str, Any]:
    sides = {"before": item.before, "after": item.after}
    return {"path": item.path, **{key: value for key, value in sides.items() if value is not UNSET}}


def _change(item: Mapping[str, Any]) -> Change:
    place = item.get("source")
    return Change(
        address=item["address"],
        kind=item["kind"],
        action=item["action"],
        live=item.get("live", {}),
        fields=tuple(
            FieldChange(one["path"], one.get("before", UNSET), one.get("after", UNSET)) for one in item["fields"]
        ),
        secrets=dict(item["secrets"]),
        requires=tuple(item["requires"]),
        effects=tuple(item["effects"]),
        warnings=tuple(item["warnings"]),
        destroys=item.get("destroys"),
        source=Source(place["file"], place["line"]) if place else None,
        protected=item.get("protected", False),
    )


def _finding(item: Mapping[str, Any], severity: str) -> Finding:
    place = Source(item["file"], item["line"], item.get("column", 1)) if "file" in item else None
    return Finding(item["code"], item["message"], item.get("address", ""), place, item.get("hint", ""), severity)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Secret):
        return value.reference
    raise TypeError(f"{type(value).__name__} does not belong into a document")


def outcomes(items: Iterable[Any]) -> list[dict[str, Any]]:
    """The outcomes of a report as `lsops.report/1` gives them."""
    keys = ("address", "action", "outcome", "id", "reason")
    return [
        {
            **{key: value for key in keys if (value := getattr(item, key)) not in (None, "")},
            "warnings": [*item.warnings],
        }
        for item in items
    ]
