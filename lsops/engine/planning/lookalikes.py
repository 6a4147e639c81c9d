"""Creates beside what is live already: a look-alike that needs a word in the manifest, a key that only looks the same.

Pure. What a kind's look-alike is says `look_alike` of its schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from lsops.difference import same
from lsops.engine.planning.crowd import Crowd
from lsops.engine.planning.likeness import Likeness, comparable_fields
from lsops.engine.planning.renames import RenameAdvice, with_id
from lsops.engine.words import counted
from lsops.errors import Finding, Source
from lsops.kinds import Kind
from lsops.masking import mask_urls
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.near_keys import code_points, difference, folded_key
from lsops.normalize import normal
from lsops.schema import secret_key

LEAST = 3
"""How many own fields of an entry must be compared before anything counts as its look-alike."""

Rows = Mapping[str, Resource]
"""Live resources that the manifest does not name, by their addresses."""


def marked(
    creates: Iterable[Change], rows: Rows, kind: Kind, advice: RenameAdvice, shared: frozenset[Source]
) -> Iterator[Change]:
    """The creates that `apply` refuses, or that come with a warning, for what is live beside them.

    An entry that says that it is new is left alone. Fields at the places in `shared` are not its own.
    """
    if not rows:
        return
    config, keys = kind.schema.look_alike.get("same", ""), _by_folded_key(rows)
    alike = _by_config(rows, kind, config) if config else {}
    for change in creates:
        item = change.after
        if item is None or item.lifecycle.new:
            continue
        change_now = change
        if config and (found := _look_alike(item, kind, alike, shared)) is not None:
            change_now = _as_look_alike(change_now, kind, advice, *found)
        near = keys.get(folded_key(item.key), ()) if secret_key(item) is None else ()
        for place, live in near[:1]:
            warning = _near(item, place, live, kind)
            change_now = replace(change_now, warnings=(*change_now.warnings, warning))
        if change_now is not change:
            yield change_now


# ---- look-alikes ---------------------------------------------------------------------------------


Alike = Mapping[tuple[object, "str | None"], Crowd]
"""Live resources by what must be equal in a look-alike, and by their type."""


def _by_config(rows: Rows, kind: Kind, name: str) -> Alike:
    """Those that hold something, by their normal label config; a count that the server does not say is not nothing."""
    compare = kind.schema.fields()[name].compare
    found: dict[tuple[object, str | None], list[tuple[str, Resource]]] = {}
    texts: dict[str, object] = {}
    for place, live in rows.items():
        text = live.values.get(name)
        if isinstance(text, str) and any(
            live.raw.get(counter) != 0 for counter in kind.schema.look_alike["holds"].values()
        ):
            if text not in texts:
                texts[text] = normal(compare, text)
            found.setdefault((texts[text], live.type), []).append((place, live))
    return {same: Crowd(held) for same, held in found.items()}


def _look_alike(
    item: Resource, kind: Kind, alike: Alike, shared: frozenset[Source]
) -> tuple[str, Resource, Likeness] | None:
    """The one live resource that an entry looks like, with how much; None where there is none, or more than one."""
    name = kind.schema.look_alike["same"]
    field, names = kind.schema.fields()[name], comparable_fields(item, shared)
    if name not in item.values or len(names) < LEAST or same(item.values[name], field.default, field):
        return None
    crowd = alike.get((normal(field.compare, item.values[name]), item.type))
    found = list(islice(crowd.mostly_as(item, names), 2)) if crowd is not None else ()
    return found[0] if len(found) == 1 else None


def _as_look_alike(
    change: Change, kind: Kind, advice: RenameAdvice, place: str, live: Resource, like: Likeness
) -> Change:
    held = " and ".join(
        counted(number if isinstance(number := live.raw.get(name), int) else None, what)
        for what, name in kind.schema.look_alike["holds"].items()
    )
    words = kind.schema.look_alike["same"].replace("_", " ")
    rule = advice.rule(live)
    warning = (
        f"{with_id(place, live)} is live and not in the manifest, has the same {words} and {like.equal} of the "
        f"{like.compared} fields written here, and holds {held}: it was probably renamed by hand; "
        f"if it is this one, write lifecycle: {{{rule}}}; if another one is meant, lifecycle: {{new: true}}"
    )
    seen = {"address": place, "id": live.id, "key": mask_urls(live.key), "rule": rule}
    return replace(change, warnings=(*change.warnings, warning), looks_like=seen)


def refusals(changes: Iterable[Change]) -> Iterator[Finding]:
    """Why `apply` makes none of these changes: a create that looks like what is live needs a word in the manifest."""
    for change in changes:
        if change.looks_like:
            place, number = change.looks_like["address"], change.looks_like["id"]
            message = (
                f"{change.address} looks like the live {place} (id {number}), which was probably renamed by hand: "
                "to make another one beside it the manifest must say so"
            )
            rule = change.looks_like["rule"]
            hint = f"write lifecycle: {{{rule}}} if it is that one, or lifecycle: {{new: true}} if another one is meant"
            yield Finding("LS508", message, change.address, change.source, hint)


# ---- keys that look the same ---------------------------------------------------------------------


def _by_folded_key(rows: Rows) -> Mapping[str, list[tuple[str, Resource]]]:
    found: dict[str, list[tuple[str, Resource]]] = {}
    for place, live in rows.items():
        if live.key:
            found.setdefault(folded_key(live.key), []).append((place, live))
    return found


def _near(item: Resource, place: str, live: Resource, kind: Kind) -> str:
    here, there = code_points(item.key, live.key)
    shown = f": {there} there, {here} here" if here or there else ""
    return (
        f"{with_id(place, live)} is live and not in the manifest, and its {kind.schema.key_words} differs "
        f"from this one in {difference(item.key, live.key)} alone{shown}; "
        f"if it is this one, write lifecycle: {{id: {live.id}}}; if another one is meant, lifecycle: {{new: true}}"
    )
