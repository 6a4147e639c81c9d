"""A saved plan beside a fresh one: what was reviewed and still holds, and why something does not. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping

from lsops.engine.fingerprint import fingerprint, has_news
from lsops.engine.planfile import change_document, dumps, field_document
from lsops.engine.words import called
from lsops.errors import Finding, Refused
from lsops.model.address import parent
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change, Plan
from lsops.schema import secret_key

COMPARED = ("address", "action", "live", "fields", "secrets", "sealed", "then")
"""The keys in which a saved change must equal the fresh one; of `destroys`, whether it is empty."""


def agreed(saved: Plan, fresh: Plan) -> tuple[Plan, tuple[str, ...]]:
    """The fresh plan cut down to the saved changes, and the addresses of fresh changes that the file lacks.

    Raises:
        Refused: the server, environment or shard is another, or a saved change is not in the fresh plan as it was.
    """
    if saved.facts.shard != fresh.facts.shard:
        raise _other_shard(saved.facts, fresh.facts)
    if (saved.facts.url, saved.facts.environment) != (fresh.facts.url, fresh.facts.environment):
        raise Refused.of(
            f"the plan was made for {_target(saved.facts)}, this is {_target(fresh.facts)}",
            hint="plan again, or name the same server and environment",
        )
    now = {change.address: change for change in fresh.changes}
    stale = [c for c in saved.changes if c.address not in now or not _fits(c, now[c.address], fresh.pairs)]
    if stale:
        raise Refused([_stale(change, now.get(change.address)) for change in stale])
    wanted = {change.address for change in (*saved.changes, *_by_reference(saved, fresh))}
    if early := [finding for address in sorted(wanted) for finding in _too_early(now[address], wanted, now)]:
        raise Refused(early)
    return fresh.only(wanted), tuple(change.address for change in fresh.changes if change.address not in wanted)


def _by_reference(saved: Plan, fresh: Plan) -> Iterator[Change]:
    """The creates and updates that could not be planned then: what identifies them is a secret, and was reviewed as
    the reference that it is.
    """
    for change in fresh.changes:
        desired = change.after if change.action in ("create", "update") else None
        if change.address in saved.not_compared and desired is not None and secret_key(desired) is not None:
            yield change


def _too_early(change: Change, wanted: Collection[str], now: Mapping[str, Change]) -> Iterator[Finding]:
    """Why a change cannot be made alone: another one gives its key up first, and the saved plan does not have it."""
    for address in change.requires:
        holder = now.get(address)
        is_beside = holder is not None and parent(holder.part_of or address) == parent(change.address)
        if holder is not None and holder.action == "update" and is_beside and address not in wanted:
            message = f"the saved plan no longer fits: {change.address} takes a key that {address} has now"
            yield Finding(Refused.code, message, change.address, change.source, "plan again and review it")


def _stale(change: Change, fresh: Change | None) -> Finding:
    return Finding(
        Refused.code,
        f"the saved plan no longer fits: {change.address} {_why_stale(change, fresh)}",
        change.address,
        change.source,
        "plan again and review it",
    )


def _why_stale(change: Change, fresh: Change | None) -> str:
    if fresh is None:
        return "is not in the fresh plan: already done, or the manifest no longer has it"
    if not change.fingerprint and has_news(fresh):
        return "would now send something that the plan does not show"
    if fresh.action != change.action:
        return f"would now be another action, {fresh.action}"
    old, new = ({item.path: field_document(item) for item in one.fields} for one in (change, fresh))
    differing = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    if change.then != fresh.then:
        return f"would now be followed by {' and '.join(fresh.then) or 'nothing'}"
    if change.remote_id != fresh.remote_id:
        return f"would now be about another live object: {called(fresh)}, not {called(change)}"
    unnamed = "labels in annotations" if change.relabels != fresh.relabels else "something that is not shown"
    names = ", ".join(path.removeprefix("/") for path in differing) or unnamed
    return f"would now be changed differently{': ' + names if names else ''}"


def _fits(saved: Change, fresh: Change, pairs: Pairs) -> bool:
    """Whether a fresh change is the one that was saved, in what is shown and in what else is sent.

    A file of an older lsops has no fingerprint: it is taken where nothing is sent unseen but what the server has.
    """
    if saved.relabels != fresh.relabels:
        return False
    marks_fit = saved.fingerprint == fingerprint(fresh, pairs) if saved.fingerprint else not has_news(fresh)
    return marks_fit and _compared(fresh) == _compared(saved)


def _compared(change: Change) -> str:
    plain = {**change_document(change), "fields": [field_document(item) for item in change.fields]}
    document = json.loads(dumps(plain))
    pairs = {key: document.get(key) for key in COMPARED}
    full = any(number is None or number > 0 for number in (document.get("destroys") or {}).values())
    return json.dumps({**pairs, "full": full}, sort_keys=True)


def _other_shard(saved: Facts, fresh: Facts) -> Refused:
    made, this = (f"shard {one.shard}" if one.shard else "the whole manifest" for one in (saved, fresh))
    hint = f"give --shard {saved.shard}" if saved.shard else "leave --shard out, or plan again with it"
    return Refused.of(f"the plan was made for {made}, this is {this}", hint=hint)


def _target(facts: Facts) -> str:
    return facts.url + (f" (environment {facts.environment})" if facts.environment else "")
