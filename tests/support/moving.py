"""Two manifests that differ in one way each, by the number of what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.support.broad import CONFIG, Tree, each, named, one

Changed = Callable[[int], tuple[Tree, Tree]]


def config(labels: Iterable[str], name: str = "Choices") -> str:
    """A label config with a line for each label."""
    inside = "\n".join(f'<Choice value="{label}"/>' for label in labels)
    return f'<View>\n<Text name="t" value="$text"/>\n<Choices name="{name}" toName="t">\n{inside}\n</Choices>\n</View>'


def numbered(count: int, name: str, other: str = "", *, every: int = 1) -> list[str]:
    """Names with a number each; every so many of them is another one."""
    return [f"{other if other and number % every == 0 else name}{number}" for number in range(count)]


def both(make: Callable[[Any], Tree], before: Any, after: Any) -> tuple[Tree, Tree]:
    return make(before), make(after)


def controls(count: int, name: str, label: str = "a") -> str:
    inside = "".join(
        f'<Choices name="{name}{i}" toName="t"><Choice value="{label}"/></Choices>\n' for i in range(count)
    )
    return f'<View>\n<Text name="t" value="$text"/>\n{inside}</View>'


def brought(count: int) -> Tree:
    """A project with ML backends, and the webhooks that these bring along."""
    hooks = named(count, "http://models{}.example.com/webhook", {})
    backends = named(count, "model{}", lambda number: {"url": f"http://models{number}.example.com"})
    return {**one(ml_backends=backends, webhooks=hooks), "prune": ["projects/*/ml_backends", "projects/*/webhooks"]}


def renamed(count: int, step: int) -> tuple[Tree, Tree]:
    """Each project takes the name of its neighbour."""
    before = {f"Project {i:05}": {"label_config": CONFIG} for i in range(1, count + 1)}
    after = {
        f"Project {i + step:05}": {"label_config": CONFIG, "lifecycle": {"renamed_from": f"Project {i:05}"}}
        for i in range(1, count + 1)
    }
    return {"projects": before}, {"projects": after}


def weights(count: int, value: float) -> Tree:
    held = {"Choices": {"type": "Choices", "overall": 1.0, "labels": named(count, "label{}", value)}}
    return {"projects": {"Alone": {"label_config": config(numbered(count, "label")), "control_weights": held}}}


def groups(count: int, name: str) -> Tree:
    wards = named(count, "Ward {}", {})
    return {
        "workspaces": wards,
        "saml": {"workspaces_groups": [{"group": f"{name}{i}", "workspace": f"Ward {i}"} for i in range(count)]},
    }


def _labels(labels: Iterable[str]) -> Tree:
    return one(label_config=config(labels))


def _controls(text: str) -> Tree:
    return one(label_config=text)


def _told(lines: Iterable[str]) -> Tree:
    return one(expert_instruction="\n".join(lines))


def _tab(**fields: Any) -> Tree:
    return one(views={"Tab": fields})


CHANGES: dict[str, Changed] = {
    "every second label": lambda n: both(_labels, numbered(n, "old"), numbered(n, "old", "new", every=2)),
    "labels that go": lambda n: both(_labels, ["last", *numbered(n, "label")], ["last"]),
    "labels that come": lambda n: both(_labels, ["last"], ["last", *numbered(n, "label")]),
    "labels with a letter more": lambda n: both(_labels, numbered(n, "label"), numbered(n, "labels")),
    "labels the other way round": lambda n: both(_labels, numbered(n, "label"), numbered(n, "label")[::-1]),
    "names of controls": lambda n: both(_controls, controls(n, "old"), controls(n, "new")),
    "labels of controls": lambda n: both(_controls, controls(n, "c"), controls(n, "c", "b")),
    "every second line": lambda n: both(_told, numbered(n, "line"), numbered(n, "line", "other", every=2)),
    "lines of which each is there many times": lambda n: both(_told, ["a", "b"] * n, ["a", "c"] * n),
    "lines that are shuffled": lambda n: both(_told, numbered(n, "line"), [f"line{i * 7 % n}" for i in range(n)]),
    "one long line": lambda n: both(_told, ["word " * n], ["wird " * n]),
    "a list": lambda n: both(lambda x: _tab(ordering=x), numbered(n, "tasks:data.a"), numbered(n, "tasks:data.b")),
    "a map": lambda n: both(lambda x: _tab(columnsWidth=named(n, "tasks:data.c{}", x)), 80, 90),
    "a deep map": lambda n: both(lambda x: _tab(data={"a": named(n, "k{}", [x])}), 1, 2),
    "unknown fields": lambda n: both(lambda x: one(extra=named(n, "field{}", x)), 1, 2),
    "weights": lambda n: both(lambda x: weights(n, x), 0.5, 0.25),
    "groups": lambda n: both(lambda x: groups(n, x), "old", "new"),
    "backends and what they bring": lambda n: both(brought, n, 1),
    "names that move up": lambda n: renamed(n, 1),
    "names that move down": lambda n: renamed(n, -1),
    "names of nothing": lambda n: (
        each(n),
        each(n, lambda i: {"title": f"New {i:05}", "lifecycle": {"renamed_from": f"Projcet {i:05}"}}),
    ),
    "all label configs": lambda n: both(
        lambda x: each(n, lambda _: {"label_config": config(x)}), ["a", "b"], ["a", "c"]
    ),
}
"""What a manifest says and what it said before; at either side there is as much as the number says."""
