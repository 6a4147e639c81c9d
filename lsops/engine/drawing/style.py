"""How one of a kind is drawn: what the schemas say (`graph` and `place` of `x-lsops`), as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from lsops.masking import mask_urls
from lsops.model.graph import Shape
from lsops.model.resource import Resource, Secret
from lsops.schema import KindSchema, kinds, referred

Role = Literal["title", "cluster", "box", "shared", "list", "count"]


@dataclass(frozen=True, slots=True)
class Style:
    """What a kind's schema says of drawing one; `arrow` is `in`, `out`, `both` or empty.

    `shows` are fields, `by` is the one by whose values a list is sorted. `says_noun` is for a kind that has no shape of
    its own, so that nothing else tells what its boxes are.
    """

    role: Role
    shape: Shape = "box"
    arrow: str = ""
    shows: tuple[str, ...] = ()
    by: str = ""
    says_noun: bool = False


@cache
def style_of(kind: str) -> Style:
    """The style of a kind: where its schema has no word, a box at the top of the manifest, and else counted."""
    schema = kinds()[kind]
    words = schema.graph
    return Style(
        cast("Role", words.get("as", "count" if schema.depth else "box")),
        cast("Shape", words.get("shape", "note")),
        words.get("arrow", ""),
        tuple(words.get("shows", ())),
        words.get("by", ""),
        says_noun="shape" not in words,
    )


def parts_of(item: Resource) -> Iterator[str]:
    """The values that a resource shows: those of its schema's `shows`, and of what tells two places of its type apart.

    Of a URL that is its host, for all else in it may be a secret; a secret reference stands as it is written.
    """
    schema = kinds()[item.kind]
    fields = schema.fields(item.type)
    place = _place(schema, item.type)
    for name in (*style_of(item.kind).shows, *place):
        value, known = item.values.get(name), fields.get(name)
        is_hidden = known is not None and (known.secret or known.confidential) and not isinstance(value, Secret)
        if not is_hidden and (text := _shown(value, is_place=name in place)):
            yield text


def key_of(item: Resource) -> str:
    """What identifies a resource, as it may be shown; a secret as its reference, nothing for a singleton.

    Where several fields do, it is the name of its entry.
    """
    value = item.values.get(kinds()[item.kind].key)
    return value.reference if isinstance(value, Secret) else str(mask_urls(referred(item)[1])).strip()


def _place(schema: KindSchema, variant: str | None) -> tuple[str, ...]:
    roles: Mapping[str, Any] = schema.documents.get(variant or "", {}).get("x-lsops", {})
    return tuple(roles.get("place", {}).get("is", ()))


def _shown(value: Any, *, is_place: bool) -> str:
    if isinstance(value, Secret):
        return value.reference
    if value in (None, "") or isinstance(value, (list, tuple, Mapping)):
        return ""
    return host_of(str(value)) if "://" in str(value) or is_place else str(value).strip()


def host_of(text: str) -> str:
    """Host and port of a URL, with or without its scheme; what is before and behind them may be a secret."""
    _, found, rest = text.strip().partition("://")
    place = rest if found else text.strip()
    for sign in "/?#\\":
        place = place.partition(sign)[0]
    return place.rpartition("@")[2]
