"""What differs between declared and live fields: pure, and the only judge of equality.

Only declared fields are compared, each through its normaliser. An object with `merge: deep` is compared leaf by leaf,
every other object or list as one value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lsops.model.address import join, nearest_of
from lsops.model.leaves import as_plain, leaves
from lsops.model.plan import FieldChange
from lsops.model.resource import MASK, UNSET, Secret
from lsops.normalize import normal
from lsops.schema import Field

ANY = Field(name="")
PLAIN = (str, int, bool)
"""Types of values that are equal for every normaliser where Python says that they are."""


def differences(
    desired: Mapping[str, Any],
    live: Mapping[str, Any],
    fields: Mapping[str, Field],
    *,
    ignore: Iterable[str] = (),
) -> tuple[FieldChange, ...]:
    """The fields in which `live` is not as declared, in the order of their paths.

    Secrets, and fields that the server never returns, are not compared; nor is what `ignore` names.
    """
    found: list[FieldChange] = []
    for name, after in desired.items():
        before = live.get(name, UNSET)
        if before.__class__ is after.__class__ and after.__class__ in PLAIN and before == after:
            continue
        field = fields.get(name, ANY)
        if isinstance(after, Secret) or (field.secret and after is not None) or field.write_only:
            continue
        found += _differ(name, MASK if field.secret and before else before, after, field)
    if not found:
        return ()
    ignored = frozenset(pointer if pointer.startswith("/") else join(pointer) for pointer in ignore)
    return tuple(sorted((item for item in found if not _ignored(item.path, ignored)), key=lambda item: item.path))


def same(before: Any, after: Any, field: Field = ANY) -> bool:
    """Whether two values of a field are equal for the server.

    Absent, null and empty differ; true is not 1; 1 is 1.0.
    """
    if before is UNSET or after is UNSET:
        return before is after
    if type(before) is type(after) and isinstance(before, (str, int, float, bool)) and before == after:
        return True
    if field.unordered and isinstance(before, list) and isinstance(after, list):
        return _as_set(before, field) == _as_set(after, field)
    return _equal(normal(field.compare, before), normal(field.compare, after))


def inner_differences(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """The inner differences of two nested values, as (pointer, before, after), for showing a long one; in order."""
    from deepdiff import DeepDiff

    tree = DeepDiff(as_plain(before), as_plain(after), view="tree", verbose_level=2)
    found = [(item.path(output_format="list"), item) for group in tree.values() for item in group]
    # deepdiff goes through sets, whose order is another in each process
    for path, item in sorted(found, key=lambda one: [(isinstance(part, str), part) for part in one[0]]):
        yield join(*map(str, path)), _there(item.t1), _there(item.t2)


def _differ(name: str, before: Any, after: Any, field: Field) -> Iterator[FieldChange]:
    path = join(name)
    if field.merge_deep and isinstance(after, Mapping):
        yield from _leaves(path, before, after, field)
    elif field.confidential and isinstance(after, Mapping):
        yield from _masked(path, before, after)
    elif not same(before, after, field):
        yield FieldChange(path, before, after)


def _leaves(path: str, before: Any, after: Mapping[str, Any], field: Field) -> Iterator[FieldChange]:
    held = before if isinstance(before, Mapping) else {}
    for name, value in after.items():
        leaf = field.properties.get(name, ANY)
        if isinstance(value, Mapping) and not (leaf.types and not leaf.properties):
            yield from _leaves(path + join(name), held.get(name, UNSET), value, leaf)
        elif not same(held.get(name, UNSET), value, leaf):
            yield FieldChange(path + join(name), held.get(name, UNSET), value)


def _masked(path: str, before: Any, after: Mapping[str, Any]) -> Iterator[FieldChange]:
    """The values that differ, none of them shown; of one that is a secret only whether it is there."""
    held = before if isinstance(before, Mapping) else {}
    for name in sorted({*held, *after}):
        known = name in held and (isinstance(after.get(name), Secret) or held[name] == after.get(name, UNSET))
        if not known:
            yield FieldChange(path + join(name), _mask(name, held), _mask(name, after))


def _mask(name: str, side: Mapping[str, Any]) -> Any:
    return MASK if name in side else UNSET


def is_all_secret(value: Any) -> bool:
    """Whether a value is a secret, or an object of nothing else."""
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(inner, Secret) for inner in value.values())
    return isinstance(value, Secret)


def secrets_in(values: Mapping[str, Any]) -> Mapping[str, Secret]:
    """Every secret of a resource's fields by its pointer below the resource, those inside objects too."""
    found = {}
    for name, value in values.items():
        if value.__class__ is Secret:
            found[join(name)] = value
        elif value.__class__ not in PLAIN:
            found.update((path, leaf) for path, leaf in leaves(value, join(name)) if isinstance(leaf, Secret))
    return found


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(_equal(before[key], after[key]) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_equal, before, after))
    return bool(before == after)


def _as_set(values: list[Any], field: Field) -> set[str]:
    return {repr(_ordered(normal(field.compare, value))) for value in values}


def _ordered(value: Any) -> Any:
    """A value whose `repr` tells nothing of the order of keys."""
    if isinstance(value, Mapping):
        return sorted((name, _ordered(inner)) for name, inner in value.items())
    return [_ordered(inner) for inner in value] if isinstance(value, list) else value


def _ignored(path: str, ignored: frozenset[str]) -> bool:
    """Whether the path, or what it is inside of, is ignored."""
    return nearest_of(path, ignored) in ignored


def _there(value: Any) -> Any:
    return UNSET if type(value).__name__ == "NotPresent" else value
