"""Fields as the real server's serializers read them: each alone, and all wrong ones at once.

The messages are those of Django REST framework, which the server is built on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.envelope import Invalid

Convert = Callable[[Any], Any]
Check = Callable[[Any], Any]


class Form(dict[str, Any]):
    """A body that came as an HTML form: of each name the last value. `lists` has all of them.

    There a boolean that a whole body does not send is false, or null where that is allowed; a list is what was sent
    under one name; and JSON comes as text.
    """

    def __init__(self, lists: Mapping[str, list[str]]) -> None:
        super().__init__({name: values[-1] for name, values in lists.items()})
        self.lists = lists


class Bad(Exception):
    """A value that a field does not take; `error` is the message, or a nested one."""

    def __init__(self, error: Any) -> None:
        super().__init__(str(error))
        self.error = error if isinstance(error, (list, dict)) else [error]


@dataclass(frozen=True, slots=True)
class Field:
    """One settable field.

    `create`: a POST takes it. `update`: a PATCH takes it. `listed`: rows of a list show it.
    A field that a call does not take is ignored without a word. `kept`: a form that leaves the field out means its
    default, also where that is true. `json`: there it is text that holds JSON, as for `anything`.
    """

    convert: Convert
    default: Any = None
    null: bool = False
    required: bool = False
    create: bool = True
    update: bool = True
    listed: bool = True
    kept: bool = False
    json: bool = False

    def of_form(self, form: Form, name: str) -> Any:
        """The value that a form has under the name."""
        if isinstance(self.convert, Several):
            return form.lists[name]
        if not self.json and self.convert is not anything:
            return form[name]
        try:
            return json.loads(form[name])
        except ValueError:
            raise Bad("Value must be valid JSON.") from None

    def read(self, value: Any) -> Any:
        if value is None:
            if self.null:
                return None
            raise Bad("This field may not be null.")
        return self.convert(value)


def defaults(fields: Mapping[str, Field]) -> dict[str, Any]:
    """What each field has in an object of which a body says nothing."""
    return {name: field.default for name, field in fields.items()}


def anything(value: Any) -> Any:
    """Any JSON, kept as it came."""
    return value


@dataclass(frozen=True, slots=True)
class Several:
    """A list; what is wrong with single items stands under their positions."""

    convert: Convert
    empty: bool = True

    def __call__(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Bad(f'Expected a list of items but got type "{type(value).__name__}".')
        if not value and not self.empty:
            raise Bad("This list may not be empty.")
        tried = [attempt(Field(self.convert).read, item) for item in value]
        wrong = {str(position): error for position, (_, error) in enumerate(tried) if error}
        if wrong:
            raise Bad(wrong)
        return [kept for kept, _ in tried]


def attempt(convert: Convert, value: Any) -> tuple[Any, Any]:
    """What a conversion makes of a value, and what is wrong with it: one of them is None."""
    try:
        return convert(value), None
    except Bad as bad:
        return None, bad.error


def nested(fields: Mapping[str, Field]) -> Convert:
    """An object of fields; those that are not sent fall back to their defaults.

    Whether Enterprise keeps them instead is unknown (enterprise-api 11, point 2), and a switch of the projects;
    resetting is the reading that a client survives only by sending them all.
    """

    def convert(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Bad({"non_field_errors": [_not_an_object(value)]})
        given, wrong = _collect(fields, value, {})
        if wrong:
            raise Bad(wrong)
        return {**defaults(fields), **given}

    return convert


def nested_as_sent(fields: Mapping[str, Field]) -> Convert:
    """An object of fields, with those that are sent."""

    def convert(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Bad({"non_field_errors": [_not_an_object(value)]})
        given, wrong = _collect(fields, value, {})
        if wrong:
            raise Bad(wrong)
        return given

    return convert


def read(
    fields: Mapping[str, Field],
    body: Any,
    *,
    partial: bool,
    checks: Mapping[str, Check] | None = None,
) -> dict[str, Any]:
    """The stored form of what `body` sets, or `Invalid` with every bad field at once.

    `partial` is an update; `checks` look at single values after their type is right, and may raise
    `Bad`, or anything that ends the request at once.
    """
    if not isinstance(body, Mapping):
        raise Invalid(["No data provided" if body is None else _not_an_object(body)])
    taken = {name: field for name, field in fields.items() if (field.update if partial else field.create)}
    given, wrong = _collect(taken, body, checks or {})
    if isinstance(body, Form) and not partial:
        given = {**_left_out(taken), **given}
    if not partial:
        missing = (name for name, field in taken.items() if field.required and name not in body)
        wrong.update({name: ["This field is required."] for name in missing})
    if wrong:
        raise Invalid(wrong)
    return given


def _collect(
    fields: Mapping[str, Field], body: Mapping[str, Any], checks: Mapping[str, Check]
) -> tuple[dict[str, Any], dict[str, Any]]:
    given, wrong = {}, {}
    for name, field in fields.items():
        if name not in body:
            continue
        try:
            value = field.read(field.of_form(body, name) if isinstance(body, Form) else body[name])
            given[name] = checks[name](value) if name in checks else value
        except Bad as bad:
            wrong[name] = bad.error
    return given, wrong


def _left_out(fields: Mapping[str, Field]) -> dict[str, Any]:
    """What a form means for the booleans that it leaves out."""
    flags = {name: field for name, field in fields.items() if isinstance(field.default, bool) and not field.kept}
    return {name: None if field.null else False for name, field in flags.items()}


def _not_an_object(value: Any) -> str:
    return f"Invalid data. Expected a dictionary, but got {type(value).__name__}."
