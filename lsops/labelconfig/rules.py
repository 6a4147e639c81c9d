"""What the server's JSON schema for label configs demands of each tag (community-api.md 2.5).

The schema sees the config through a conversion that turns `"1"` and `"true"` into a number and a boolean, and
it looks only at certain tags, and only where a chain of `View` leads to them from a root `View`; everything
else passes. Each rule below was confirmed by sending configs to a 1.23.2 server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsops.labelconfig.tree import Node

Complaint = tuple[Node, str]
"""The element that the server objects to, and why."""

_REPEATED = 60


def complaints(root: Node) -> Iterator[Complaint]:
    """All that the schema refuses, in document order. A root other than `View` is never looked at."""
    if root.tag == "View":
        yield from _view(root, _AT_ROOT, wraps=True)


def as_tag(node: Node) -> str:
    """The tag as messages write it, with its name if it has one."""
    name = node.attributes.get("name")
    tag = brief(node.tag.rpartition("}")[2])
    return f'<{tag} name="{brief(name)}">' if name else f"<{tag}>"


def brief(text: str) -> str:
    """As much of a foreign text as a message repeats: it may be a megabyte, and be repeated a hundred times."""
    return text if len(text) <= _REPEATED else f"{text[:_REPEATED]}…"


def _view(view: Node, rules: dict[str, Callable[[Node], Iterator[Complaint]]], *, wraps: bool) -> Iterator[Complaint]:
    """`wraps`: the server repairs a `Choices` of one `Choice` here, see `_lone_choices`."""
    for child in view.children:
        if child.tag == "View":
            yield from _view(child, _BELOW, wraps=wraps)
        elif child.tag in rules:
            yield from rules[child.tag](child)
    yield from _lone_choices(view, wraps=wraps)


def _lone_choices(view: Node, *, wraps: bool) -> Iterator[Complaint]:
    """A single `Choice` converts to an object where the schema wants a list.

    The server makes a list of it first, but not inside a `Choices` or `Labels`, and of several sibling `Choices`
    only if every one has a `Choice`.
    """
    counts = [
        (child, sum(choice.tag == "Choice" for choice in child.children))
        for child in view.children
        if child.tag == "Choices"
    ]
    if wraps and (len(counts) == 1 or all(count for _, count in counts)):
        return
    for node, count in counts:
        if count == 1:
            yield (
                node,
                f"{as_tag(node)} has a single Choice; the server takes that only where no Choices beside it is without",
            )


def _choices(node: Node) -> Iterator[Complaint]:
    yield from _labelled(node, "Choice")


def _labels(node: Node) -> Iterator[Complaint]:
    yield from _labelled(node, "Label")


def _labelled(node: Node, item: str) -> Iterator[Complaint]:
    yield from _control(node)
    views = [child for child in node.children if child.tag == "View"]
    items = [child for child in node.children if child.tag == item]
    if not views and not items and "value" not in node.attributes:
        yield node, f"{as_tag(node)} has neither a {item} nor a value"
    for child in items:
        yield from _valued(child)
    for view in views:
        yield from _view(view, _BELOW, wraps=False)


def _control(node: Node) -> Iterator[Complaint]:
    for key in ("name", "toName"):
        value = node.attributes.get(key)
        if value is None:
            yield node, f"{as_tag(node)} has no {key}"
        elif not is_text(value):
            yield (
                node,
                f'{key}="{brief(value)}" of <{node.tag}> is read as a number or boolean; the server wants text',
            )
    yield from _plain_text(node)


def _valued(node: Node) -> Iterator[Complaint]:
    if "value" not in node.attributes:
        yield node, f"{as_tag(node)} has no value"
    yield from _plain_text(node)


def _object(node: Node) -> Iterator[Complaint]:
    attributes = node.attributes
    if "name" not in attributes:
        yield node, f"<{node.tag}> has no name"
    if "value" not in attributes and "valueList" not in attributes:
        yield node, f"{as_tag(node)} has no value"
    if "value" in attributes and "valueList" in attributes:
        yield node, f"{as_tag(node)} has a value and a valueList; the server takes only one of them"
    yield from _plain_text(node)


def _plain_text(node: Node) -> Iterator[Complaint]:
    text = node.text.strip()
    if text and not is_text(node.text):
        yield (
            node,
            f'the text "{brief(text)}" in {as_tag(node)} is read as a number or boolean; the server wants text',
        )


def is_text(value: str) -> bool:
    """False for what the server's XML-to-JSON conversion turns into a boolean or a finite number."""
    if value.isidentifier():  # no number is one ("inf" and "nan" stay text); almost every name is
        return value.lower() not in ("true", "false")
    return not (_converts(value, int) or (_converts(value, float) and float("-inf") < float(value) < float("inf")))


def _converts(value: str, kind: type[int | float]) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True


_AT_ROOT: dict[str, Callable[[Node], Iterator[Complaint]]] = {
    "Choices": _choices,
    "Labels": _labels,
    "Image": _object,
    "Text": _object,
    "HyperText": _object,
    "TextArea": _control,
    "Number": _control,
}

_BELOW = {**_AT_ROOT, "Label": _valued, "Choice": _valued}
