"""Hostile manifests, each as a function of its size in bytes: what a pull request could hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Case = Callable[[int], str]

HEAD = "version: 1\n"


def rows(head: str, row: str, tail: str = "") -> Case:
    """A manifest of as many rows as fit, each `%d` in a row being its number."""

    def made(size: int) -> str:
        marks = row.count("%d")
        count = size // (len(row) + 4 * marks)
        return head + "".join(row % ((number,) * marks) for number in range(count)) + tail

    return made


def field(name: str, unit: str, start: str = "", end: str = "") -> Case:
    """A manifest with one long text in a field of a project, or as its key."""

    def made(size: int) -> str:
        text = json.dumps(start + unit * (size // len(unit)) + end, ensure_ascii=False)
        if name == "key":
            return f"{HEAD}projects:\n  ? {text}\n  : {{}}\n"
        return (
            f"{HEAD}projects:\n  Cats:\n    ? {text}\n    : 1\n"
            if not name
            else f"{HEAD}projects: {{Cats: {{{name}: {text}}}}}\n"
        )

    return made


def repeated(before: str, unit: str, after: str = "") -> Case:
    return lambda size: HEAD + before + unit * (size // len(unit)) + after


def halves(first: Case, second: Case) -> Case:
    """Two kinds of rows that are held against each other."""
    return lambda size: first(size // 2) + second(size // 2)


CATS = HEAD + "projects:\n  Cats:\n"
HOOK = CATS + "    webhooks:\n      https://h.example.com:\n"

CASES: Mapping[str, Case] = {
    "a URL of @": field("description", "@", "a://", " x"),
    "a URL of @ as key": field("key", "@", "a://", "x"),
    "a URL of ?": field("description", "?", "a://", " x"),
    "a URL of blanks": field("description", " ", "a://x", "x"),
    "addresses in a key": field("key", "a:~1~1"),
    "a host of dots": lambda size: f"{CATS}    webhooks: {{a: {{url: 'http://{'a.' * (size // 2)} x'}}}}\n",
    "unclosed references": field("description", "${file:"),
    "escaped references": field("description", "$${var:"),
    "references to nowhere": field("description", "${env:A}"),
    "foreign references": field("description", "{{"),
    "unknown keys of an entry with a long name": lambda size: (
        HEAD + f"projects:\n  ? {'c' * (size // 2)}\n  :\n" + "".join(f"    k{n}: 1\n" for n in range(size // 24))
    ),
    "an unknown key as long as the file": field("", "k"),
    "control characters": field("description", "\u202e", "", "\0"),
    "unknown keys of an entry": rows(CATS, "    k%d: 1\n"),
    "unknown keys of the manifest": rows(HEAD, "k%d: 1\n"),
    "unknown keys in a field": rows(CATS + "    review_settings:\n", "      k%d: 1\n"),
    "an unknown key in each entry": rows(HEAD + "projects:\n", "  cat%d: {descriptiom: 1}\n"),
    "unknown roles": rows(HEAD + "members:\n", "  a%d@example.com: annotatr\n"),
    "keys of the wrong form": rows(HEAD + "members:\n", "  a%d: annotator\n"),
    "unknown actions": rows(HOOK + "        actions:\n", "          - A%d\n"),
    "unknown fields to ignore": rows(CATS + "    lifecycle:\n      ignore:\n", "        - f%d\n"),
    "unknown collections to prune": rows(HEAD + "prune:\n", "  - projekts%d\n"),
    "unknown collections with defaults": rows(HEAD + "defaults:\n", "  projekts%d: {}\n"),
    "unknown keys of environments": rows(HEAD + "environments:\n", "  e%d: {servr: 1}\n"),
    "unknown variables among many": halves(
        rows(HEAD + "vars:\n", "  v%d: 1\n"), rows("projects:\n", "  cat%d: {description: '${var:w%d}'}\n")
    ),
    "unknown workspaces among many": halves(
        rows(HEAD + "workspaces:\n", "  w%d: {}\n"), rows("projects:\n", "  cat%d: {workspace: v%d, descr: 1}\n")
    ),
    "empty filters": rows(
        CATS + "    views:\n      All:\n        filters:\n          conjunction: and\n          items:\n",
        "            - {}\n",
    ),
    "entries of the wrong type": rows(HEAD + "projects:\n", "  cat%d: 1\n"),
    "null entries": rows(HEAD + "projects:\n", "  cat%d:\n"),
    "headers that look like references": rows(HOOK + "        headers:\n", "          X-%d: '{{ a }}'\n"),
    "one title for all": rows(HEAD + "projects:\n", "  cat%d: {title: Cats}\n"),
    "one id for all": rows(HEAD + "projects:\n", "  cat%d: {lifecycle: {id: 1}}\n"),
    "one key for all": rows(HEAD + "projects:\n", "  Cats: {}\n"),
    "one key in a short list": rows(HEAD + "workspaces:\n  Lab:\n    members:\n", "      - a@example.com\n"),
    "keys that are numbers": rows(CATS, "    %d: 1\n"),
    "numbers that begin with a zero": rows(HEAD + "vars:\n", "  a%d: 0%d\n"),
    "foreign tags": rows(HEAD + "vars:\n", "  a%d: !foo x\n"),
    "aliases of nothing": rows(HEAD + "vars:\n", "  a%d: *x%d\n"),
    "references in vars": rows(HEAD + "vars:\n", "  a%d: '${var:b}'\n"),
    "merged maps": lambda size: (
        HEAD
        + "x-a: &a {"
        + ", ".join(f"k{n}: 1" for n in range(size // 24))
        + "}\nx-b: {<<: ["
        + "*a, " * (size // 8)
        + "*a]}\n"
    ),
    "a map merged into many": lambda size: (
        HEAD
        + "x-a: &a {"
        + ", ".join(f"k{n}: 1" for n in range(size // 900))
        + "}\nx-b:\n"
        + "  - <<: *a\n" * (size // 13)
    ),
    "aliases of aliases": lambda size: (
        HEAD + "x-0: &a0 [x, x]\n" + "".join(f"x-{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, size // 28))
    ),
    "defaults times entries": halves(
        lambda size: (
            HEAD
            + "defaults:\n  projects:\n    control_weights:\n"
            + "".join(f"      k{n}: {{}}\n" for n in range(size // 14))
        ),
        rows("projects:\n", "  cat%d: {}\n"),
    ),
    "a variable in every entry": lambda size: (
        f"{HEAD}vars: {{a: {'x' * (size // 2)}}}\nprojects:\n"
        + "".join(f"  cat{n}: {{description: 'b ${{var:a}}'}}\n" for n in range(size // 80))
    ),
    "a map of a variable in every entry": lambda size: (
        f"{HEAD}vars: {{a: [{'1, ' * (size // 6)}]}}\nprojects:\n"
        + "".join(f"  cat{n}: {{control_weights: {{b: '${{var:a}}'}}}}\n" for n in range(size // 80))
    ),
    "a long alias in every entry": lambda size: (
        f"{HEAD}x-a: &a {'x' * (size // 2)}\nprojects:\n"
        + "".join(f"  cat{n}: {{color: *a}}\n" for n in range(size // 50))
    ),
    "open lists": repeated("x-a: ", "["),
    "open maps": repeated("x-a: ", "{a: "),
    "lists in lists": repeated("x-a: ", "- "),
    "question marks": repeated("", "? "),
    "tabs": repeated("projects:\n", "\t"),
    "lines": repeated("", "\n", "projects: {"),
    "forbidden characters": repeated("", "# x\n", "a: \x01\n"),
    "a long tag": repeated("x-a: !", "a", " {}\n"),
    "backslashes": repeated('x-a: "', "\\", '"\n'),
    "escaped NULs": repeated('x-a: "', "\\0", '"\n'),
    "missing includes": rows(HEAD + "include:\n", "  - f%d.yaml\n"),
    "globs": rows(HEAD + "include:\n", "  - '*%d*.yaml'\n"),
    "the same glob": rows(HEAD + "include:\n", "  - '*.yaml'\n"),
    "a glob of **": repeated("include: ['", "**/", "x']\n"),
    "a glob of brackets": lambda size: HEAD + "include:\n" + f"  - '{'[' * 4000}'\n" * (size // 4006),
    "a path of folders": repeated("include: ['", "a/", "x']\n"),
    "missing overlays": rows(HEAD + "environments:\n  prod:\n    overlays:\n", "      - f%d.yaml\n"),
    "the same overlay": rows(HEAD + "environments:\n  prod:\n    overlays:\n", "      - lsops.yaml\n"),
}


def files(name: str, size: int) -> dict[str, Any]:
    """The files of a case."""
    return {"lsops.yaml": CASES[name](size)}
