"""The plan as a JSON document, `lsops.plan/1`, and back: what `--out` saves and `--format json` prints.

Absent is an absent key and null is null. Nothing confidential is in it: secrets stand as their references, and
the user-info and the query of a URL as `***`, on both sides of a comparison.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lsops.engine.confidential import masked_fingerprint
from lsops.engine.files import write_whole
from lsops.engine.fingerprint import fingerprint
from lsops.errors import Finding, Source, UsageError
from lsops.masking import mask_urls
from lsops.model.address import parent
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import ACTIONS, ORIGINS, Change, FieldChange, Plan, Stranger
from lsops.model.relabel import Relabel
from lsops.model.resource import UNSET, Secret
from lsops.model.shard import parse_shard
from lsops.signs import json_text
from lsops.version import __version__

FORMAT = "lsops.plan/1"
NO_PAIRS = Pairs()
SEVERITIES = ("error", "warning")


def as_document(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values."""
    return {
        **header(plan.facts),
        "summary": plan.summary,
        "changes": [change_document(change, plan.pairs) for change in plan.changes],
        "pending": list(plan.pending),
        "unmanaged": list(plan.unmanaged),
        **({"unmanaged_live": [_stranger(item) for item in plan.unmanaged_live]} if plan.unmanaged_live else {}),
        "unreadable": len(plan.unreadable),
        **({"unreadable_at": [*plan.unreadable]} if any(plan.unreadable) else {}),
        "warnings": [_warning(item) for item in plan.warnings],
        **({"left_out": list(plan.left_out)} if plan.left_out else {}),
        **({"not_compared": list(plan.not_compared)} if plan.not_compared else {}),
        **({"base": {"name": plan.base, "only_changed": plan.only_changed}} if plan.base else {}),
        **({"failures": [item.as_document() for item in plan.failures]} if plan.failures else {}),
        **({"invitations": list(plan.invitations)} if plan.invitations else {}),
    }


def _warning(item: Finding) -> dict[str, Any]:
    """A finding among the warnings; what a check of the server refuses or a policy denies says so.

    `second` is another place, of which the message speaks.
    """
    place = item.second
    second = {"file": place.file, "line": place.line, "column": place.column} if place else {}
    severity = {"severity": item.severity} if item.is_error else {}
    return {**item.as_document(), **severity, **({"second": second} if second else {})}


def header(facts: Facts, format_name: str = FORMAT) -> dict[str, Any]:
    """What every document says first: its format, the server and the manifest."""
    server = {"url": facts.url, "edition": facts.edition, "release": facts.release}
    folder = {"root": facts.root, **({"prefix": facts.prefix} if facts.prefix else {})}
    part = {"shard": str(facts.shard)} if facts.shard is not None else {}
    return {
        "format": format_name,
        "lsops": __version__,
        "created": facts.created,
        "server": {**server, **({"role": facts.role} if facts.role else {})},
        "manifest": {**folder, **({"environment": facts.environment} if facts.environment else {}), **part},
    }


def change_document(change: Change, pairs: Pairs = NO_PAIRS) -> dict[str, Any]:
    """One change as plain JSON values; `pairs` are those of its plan."""
    document: dict[str, Any] = {
        "address": change.address,
        "kind": change.kind,
        "action": change.action,
        **({"live": dict(change.remote_id)} if change.remote_id else {}),
        "fields": [{**field_document(item), **source_document(item.source)} for item in change.fields],
        "secrets": dict(change.secrets),
        "requires": list(change.requires),
        "effects": list(change.effects),
        "warnings": list(change.warnings),
    }
    if change.destroys is not None:
        document["destroys"] = dict(change.destroys)
    if change.protected:
        document["protected"] = True
    if change.looks_like:
        document["looks_like"] = dict(change.looks_like)
    words = {"part_of": change.part_of, "then": list(change.then), "origin": change.origin}
    document |= {name: told for name, told in words.items() if told}
    if change.happened:
        document["happened"] = list(change.happened)
    if change.counts_as_delete:
        document["counts_as_delete"] = True
    if mark := change.masked_fingerprint or masked_fingerprint(change):
        document["sealed"] = mark
    if mark := change.fingerprint or fingerprint(change, pairs):
        document["fingerprint"] = mark
    if change.relabels:
        document["relabels"] = [_relabel_document(item) for item in change.relabels]
    if change.orphans:
        document["orphans"] = list(change.orphans)
    return {**document, **source_document(change.source)}


def _relabel_document(item: Relabel) -> dict[str, Any]:
    counts = {"labels": item.labels, "annotations": item.annotations}
    return {"control": item.control, "old": item.old, "new": item.new, **counts}


def _relabel(item: Mapping[str, Any]) -> Relabel:
    counts = (item["labels"], item["annotations"])
    labels, annotations = (None if count is None else _number(count) for count in counts)
    return Relabel(_text(item["control"]), _text(item["old"]), _text(item["new"]), labels, annotations)


def source_document(place: Source | None) -> dict[str, Any]:
    """A place as documents give it; nothing where there is none."""
    return {"source": {"file": place.file, "line": place.line}} if place else {}


def dumps(document: Mapping[str, Any]) -> str:
    """A document as text with one newline at its end, fit to be printed: `cat` shows a saved plan, too."""
    return json_text(json.dumps(document, ensure_ascii=False, indent=2, default=_plain)) + "\n"


def plain_document(document: Mapping[str, Any]) -> Any:
    """A document of ordinary containers and values, as whoever reads its text has it."""
    return json.loads(json.dumps(document, ensure_ascii=False, default=_plain))


def save_plan(plan: Plan, path: Path) -> None:
    """Write the plan whole or not at all, readable by its owner alone. Raises: UsageError."""
    if path.exists() and not path.is_file():
        raise UsageError.of(f"--out: {path} is not a file")
    try:
        write_whole(path, dumps(as_document(plan)))
    except OSError as problem:
        raise UsageError.of(f"--out: {path} cannot be written: {problem.strerror}") from problem


def load_plan(path: Path) -> Plan:
    """A saved plan as a value that renders like the first one; it lacks what only `apply` needs.

    Raises:
        UsageError: the file cannot be read or is no plan.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise UsageError.of(f"{path} cannot be read: {problem.strerror}") from problem
    except (ValueError, RecursionError) as problem:
        raise UsageError.of(f"{path} is not a plan: it is not JSON") from problem
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UsageError.of(
            f"{path} is not a plan of the format {FORMAT}", hint="plans come from lsops plan --out FILE"
        )
    try:
        return from_document(document)
    except (AttributeError, KeyError, TypeError, ValueError, UsageError) as problem:
        raise UsageError.of(f"{path} is a damaged plan") from problem


def from_document(document: Mapping[str, Any]) -> Plan:
    """The plan that a document describes.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, UsageError: the document is damaged.
    """
    server, manifest = document["server"], document["manifest"]
    return Plan(
        facts=Facts(
            url=_text(server["url"]),
            edition=_text(server["edition"]),
            release=_text(server["release"]),
            role=_text(server.get("role", "")),
            created=_text(document["created"]),
            environment=_text(manifest.get("environment", "")),
            root=_text(manifest["root"]),
            prefix=_text(manifest.get("prefix", "")),
            shard=parse_shard(_text(manifest["shard"])) if "shard" in manifest else None,
        ),
        changes=tuple(_change(item) for item in document["changes"]),
        unchanged=_number(document["summary"]["unchanged"]),
        pending=_texts(document["pending"]),
        unmanaged=_texts(document["unmanaged"]),
        unmanaged_live=tuple(_as_stranger(item) for item in document.get("unmanaged_live", [])),
        unreadable=_texts(document.get("unreadable_at", [])) or ("",) * _number(document["unreadable"]),
        warnings=tuple(_finding(item, "warning") for item in document["warnings"]),
        failures=tuple(_finding(item, "error") for item in document.get("failures", ())),
        left_out=_texts(document.get("left_out", [])),
        invitations=dict.fromkeys(_texts(document.get("invitations", [])), ("", "")),
        not_compared=_texts(document.get("not_compared", [])),
        base=_text(document.get("base", {}).get("name", "")),
        only_changed=document.get("base", {}).get("only_changed", False) is True,
    )


def field_document(item: FieldChange) -> dict[str, Any]:
    """A field of a change: what differs, each side that there is, masked."""
    sides = {"before": item.before, "after": item.after}
    return {"path": item.path, **{key: mask_urls(value) for key, value in sides.items() if value is not UNSET}}


def _change(item: Mapping[str, Any]) -> Change:
    return Change(
        address=_text(item["address"]),
        kind=_text(item["kind"]),
        action=ACTIONS[ACTIONS.index(item["action"])],
        remote_id=dict(item.get("live", {})),
        fields=tuple(_field_change(one) for one in item["fields"]),
        secrets={_text(path): _text(reference) for path, reference in item["secrets"].items()},
        requires=_texts(item["requires"]),
        effects=_texts(item["effects"]),
        warnings=_texts(item["warnings"]),
        destroys=_counts(item["destroys"]) if "destroys" in item else None,
        source=_place(item.get("source")),
        protected=item.get("protected", False) is True,
        orphans=_texts(item.get("orphans", [])),
        masked_fingerprint=_text(item.get("sealed", "")),
        fingerprint=_text(item.get("fingerprint", "")),
        counts_as_delete=item.get("counts_as_delete", False) is True,
        looks_like=dict(item.get("looks_like", {})),
        part_of=_text(item.get("part_of", _guessed_whole(item))),
        then=_texts(item.get("then", [])),
        happened=_texts(item.get("happened", [])),
        relabels=tuple(_relabel(one) for one in item.get("relabels", [])),
        origin=ORIGINS[ORIGINS.index(item.get("origin", ""))],
    )


def _guessed_whole(item: Mapping[str, Any]) -> str:
    """Of what a change of an older lsops was a part: it required that resource first, and stood directly below it."""
    above = parent(_text(item["address"]))
    return above if item["action"] == "update" and item["requires"][:1] == [above] else ""


def _stranger(item: Stranger) -> dict[str, Any]:
    pairs = {"address": item.address, "kind": item.kind, "id": item.id, "type": item.type, "key": item.key}
    return {name: value for name, value in pairs.items() if value is not None}


def _as_stranger(item: Mapping[str, Any]) -> Stranger:
    number, type_ = item.get("id"), item.get("type")
    return Stranger(
        _text(item["address"]),
        _text(item["kind"]),
        _text(item["key"]),
        None if number is None else _number(number),
        None if type_ is None else _text(type_),
    )


def _field_change(one: Mapping[str, Any]) -> FieldChange:
    path = _text(one["path"])
    if not path.startswith("/"):
        raise ValueError(path)
    return FieldChange(path, one.get("before", UNSET), one.get("after", UNSET), _place(one.get("source")))


def _finding(item: Mapping[str, Any], severity: str) -> Finding:
    address, hint = _text(item.get("address", "")), _text(item.get("hint", ""))
    place = _place(item if "file" in item else None)
    said = SEVERITIES[SEVERITIES.index(item.get("severity", severity))]
    second = _place(item.get("second"))
    return Finding(_text(item["code"]), _text(item["message"]), address, place, hint, said, second)


def _place(item: Mapping[str, Any] | None) -> Source | None:
    return Source(_text(item["file"]), _number(item["line"]), _number(item.get("column", 1))) if item else None


def _counts(item: Mapping[str, Any]) -> dict[str, int | None]:
    return {_text(name): None if count is None else _number(count) for name, count in item.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(map(_text, values))


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
        raise ValueError(value)
    return value


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
