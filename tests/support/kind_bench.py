"""A server for the cases of a kind, and one manifest of them at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from lsops.model.address import below, join
from lsops.sandbox import add_user
from tests.support.cli import Lsops
from tests.support.kind_cases import Case, Cases
from tests.support.sandbox import client_of

PARENT = "Cases"
"""The entry below which those of a kind stand that has a parent."""

WORKSPACES = ("Ward", "Clinic")
SANDBOX = "sandbox.db"
ANYWHERE = {"models": "http://models.example.com", "hooks": "http://hooks.example.com"}
"""Below these everything answers: in a sandbox every host does."""


@dataclass(frozen=True)
class Bench:
    """A server, what a file of cases names as `{PLACEHOLDER}`, and the command line aimed at it.

    A `slow` one is not asked for a plan before each apply: what an apply does says enough of it there.
    """

    lsops: Lsops
    api: httpx.Client
    known: Mapping[str, Any] = field(default_factory=dict)
    slow: bool = False

    def filled(self, value: Any, **more: Any) -> Any:
        """A value of a file with its placeholders filled in; one that stands alone keeps the type of its value."""
        names = {**self.known, **more}
        if isinstance(value, str):
            alone = value[1:-1] if value[:1] == "{" and value[-1:] == "}" else ""
            return names[alone] if alone in names else _filled(value, names)
        if isinstance(value, Mapping):
            return {_filled(name, names): self.filled(inner, **more) for name, inner in value.items()}
        return [self.filled(inner, **more) for inner in value] if isinstance(value, list) else value

    def changes(self) -> dict[str, Mapping[str, Any]]:
        """What a plan would change, by address."""
        ran = self.lsops("plan", "--format", "json")
        assert ran.code == 0, ran
        return {change["address"]: change for change in ran.json()["changes"]}

    def apply(self, *flags: str) -> dict[str, Mapping[str, Any]]:
        """What an apply did, by address; it may have failed in part."""
        ran = self.lsops("apply", "--yes", "--format", "json", *flags)
        assert ran.code in (0, 4), ran
        return {one["address"]: one for one in ran.json()["outcomes"]}


def _filled(text: str, names: Mapping[str, Any]) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


@contextmanager
def sandbox(lsops: Lsops, cases: Cases) -> Iterator[Bench]:
    """A fresh sandbox with the people and the projects that the cases name; on Enterprise it has two workspaces."""
    lsops.setenv(LSOPS_SERVER=f"sandbox:{SANDBOX}")
    known = dict(ANYWHERE)
    with client_of(lsops.folder / SANDBOX, edition=cases.edition) as api:
        for title in WORKSPACES if cases.edition == "enterprise" else ():
            known[title] = _made(api, "/api/workspaces/", {"title": title})
        for title in cases.said.get("projects", ()):
            known[title] = _made(api, "/api/projects/", {"title": title, "workspace": known[WORKSPACES[0]]})
        for email, role in cases.said.get("people", {}).items():
            add_user(lsops.folder / SANDBOX, email, role)
        bench = Bench(lsops, api, known)
        for path, body in (call for one in cases.said.get("before", ()) for call in one.items()):
            api.post(path, json=bench.filled(body)).raise_for_status()
        yield Bench(lsops, api, known | make_before(api, cases))


def make_before(api: httpx.Client, cases: Cases) -> dict[str, Any]:
    """Make what the cases want to be there, with one POST each; ids by the placeholders that stand for them."""
    ids = {}
    for name, made in cases.said.get("made", {}).items():
        ((call, body),) = made.items()
        ids[name] = api.post(call.removeprefix("POST "), json=body).raise_for_status().json()["id"]
    return ids


def _made(api: httpx.Client, path: str, body: Mapping[str, Any]) -> Any:
    return api.post(path, json=body).raise_for_status().json()["id"]


@dataclass(frozen=True)
class Sheet:
    """What is written of some cases: their entries, by the names that they are found by."""

    cases: Cases
    bench: Bench

    @property
    def place(self) -> str:
        """The address of the collection, or of the singleton."""
        return "".join(join(PARENT if part == "*" else part) for part in self.cases.schema.collection.split("/"))

    def address(self, name: str) -> str:
        """The address of the entry of that name."""
        return self.place if self.cases.schema.singleton else below(self.place, name)

    def name(self, case: Case, value: Any) -> str:
        """The key of the entry of a case: the value itself where the field is the key."""
        if case.is_key:
            return str(self.bench.filled(value)).strip()
        return str(self.bench.filled(self.cases.said.get("name", "{field}"), field=case.name))

    def entry(self, case: Case, value: Any, **rules: Any) -> dict[str, Any]:
        """The entry of a case with a value for its field and all that it cannot be without."""
        schema = self.cases.schema
        typed = {schema.discriminator: self.cases.variant} if self.cases.variant else {}
        own = {} if case.is_key else {case.name: value}
        usual = {name: one for name, one in self.cases.said.get("entry", {}).items() if name not in case.without}
        values = {**typed, **usual, **case.given, **own}
        return {**self.bench.filled(values), **({"lifecycle": rules} if rules else {})}

    def tree(self, entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """A manifest with these entries; of a singleton there is one."""
        schema = self.cases.schema
        tree: Any = next(iter(entries.values()), {}) if schema.singleton else dict(entries)
        top, *more = schema.collection.split("/*/")
        if more:
            own = {more[0]: tree} if entries or not schema.singleton else {}
            tree = {PARENT: {**self.bench.filled(self.cases.said.get("around", {})), **own}}
        return {"version": 1, top: tree}

    def set_secrets(self, **more: str) -> None:
        """Every secret in the environment."""
        self.bench.lsops.setenv(**self.bench.filled(self.cases.said.get("secrets", {})), **more)

    def write(self, entries: Mapping[str, Mapping[str, Any]], secrets: Mapping[str, str] | None = None) -> None:
        """The manifest with these entries, and every secret in the environment."""
        self.bench.lsops.write(json.dumps(self.tree(entries), indent=1))
        self.set_secrets(**(secrets or {}))
