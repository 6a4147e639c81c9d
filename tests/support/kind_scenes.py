"""One small manifest for any kind, out of its cases: an entry with one field that has a value and another one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from lsops.schema import KindSchema
from tests.support.cli import Lsops, Ran
from tests.support.kind_bench import Bench, Sheet, sandbox
from tests.support.kind_cases import Case, Cases, cases_of, files, read

SHORTEST_SECRET = 6
"""Characters of a secret that would be seen by chance if it were shorter."""


@dataclass(frozen=True)
class Scene:
    """An entry of a kind in a manifest, and the command line; `case` is the field that has values."""

    sheet: Sheet
    case: Case
    secrets: list[str] = field(default_factory=list)

    @property
    def schema(self) -> KindSchema:
        return self.sheet.cases.schema

    @property
    def bench(self) -> Bench:
        return self.sheet.bench

    @property
    def lsops(self) -> Lsops:
        return self.bench.lsops

    @property
    def name(self) -> str:
        """The key under which the entry stands."""
        return self.sheet.name(self.case, self.case.said.get("created"))

    @property
    def address(self) -> str:
        return self.sheet.address(self.name)

    def _values(self) -> list[Any]:
        return [step.value for step in self.case.steps if step.word in ("created", "changed")]

    def entry(self, number: int = 0, **rules: Any) -> dict[str, Any]:
        """The entry with the first value of its field, or the next one; with rules, these are its lifecycle."""
        values = self._values()
        value = values[number % len(values)]
        if self.case.field.secret:
            self.bench.lsops.setenv(CASE=str(value))
            self.secrets.append(str(value))
            value = "${env:CASE}"
        return self.sheet.entry(self.case, value, **rules)

    def write(self, entry: Mapping[str, Any] | None, place: str = "lsops.yaml", **top: Any) -> None:
        """A manifest with this entry or none, and with more keys at its top; a version of None makes it a layer."""
        entries = {} if entry is None else {self.name: entry}
        tree = {**self.sheet.tree(entries), **top}
        self.lsops.write(json.dumps({key: value for key, value in tree.items() if value is not None}, indent=1), place)

    def run(self, *arguments: str, code: int = 0) -> Ran:
        """A call that ends with that exit code, meets no bug and shows no secret."""
        ran = self.lsops(*arguments)
        told = ran.out + ran.err
        assert ran.code == code, (arguments, ran)
        assert "Traceback" not in told
        assert "LS901" not in told
        assert not [secret for secret in self.secrets if secret in told]
        return ran

    def codes(self, *arguments: str, code: int) -> list[str]:
        """The codes of the errors of a call that ends with that exit code."""
        return [error["code"] for error in self.run(*arguments, "--format", "json", code=code).json()["errors"]]

    def changes(self, *arguments: str) -> dict[str, Mapping[str, Any]]:
        """What is planned, by address."""
        ran = self.run("plan", "--format", "json", *arguments)
        return {change["address"]: change for change in ran.json()["changes"]}

    def applied(self, entry: Mapping[str, Any] | None, *flags: str, **top: Any) -> None:
        """The manifest with this entry is applied, and nothing is left to do."""
        self.write(entry, **top)
        self.run("apply", "--yes", *flags)
        self.settled()

    def settled(self, *arguments: str) -> None:
        assert self.run("plan", "--detailed-exitcode", *arguments).last.startswith("No changes.")


@contextmanager
def scene(lsops: Lsops, cases: Cases, case: Case | None = None) -> Iterator[Scene]:
    """A sandbox of the edition with what the cases want to be there, and nothing applied yet."""
    with sandbox(lsops, cases) as bench:
        sheet = Sheet(cases, bench)
        sheet.set_secrets()
        secrets = [text for text in cases.said.get("secrets", {}).values() if len(text) >= SHORTEST_SECRET]
        yield Scene(sheet, case or subject(cases), secrets)


def subject(cases: Cases) -> Case:
    """The field of which the cases say most: seen, changed, and not what identifies an entry."""
    return max(cases.cases, key=_worth)


def _worth(case: Case) -> tuple[bool, ...]:
    words = {step.word for step in case.steps}
    is_free = not (case.is_key or case.is_part or case.is_hidden)
    return "created" in words, is_free, "changed" in words


# ---- which kinds ---------------------------------------------------------------------------------


@cache
def every() -> tuple[Cases, ...]:
    """The cases of each kind where it has most: of Enterprise, where it is there, and of one of its variants."""
    found = []
    for path in files().values():
        at = [cases for place in ("enterprise", "community") for cases in cases_of(read(path), place)]
        found.append(next((one for one in at if one.variant in ("", "s3")), at[0]))
    return tuple(found)


def changing(cases: Cases) -> bool:
    """Whether the field has another value, with which the entry stays the same."""
    case = subject(cases)
    return not case.is_key and any(step.word == "changed" for step in case.steps)


def is_deleted(cases: Cases) -> bool:
    """Whether lsops can take one of the kind away."""
    return "delete" in cases.said["requests"]


def each_kind(count: int, begin: int, only: Any = None) -> Any:
    """A test of every kind that is of use to it, of which a daily run takes so many, from that one on: not every test
    takes the same ones.
    """
    kinds = [cases for cases in every() if only is None or only(cases)]
    begin %= len(kinds)
    turned = [*kinds[begin:], *kinds[:begin]]

    def marked(test: Any) -> Any:
        return pytest.mark.thinned(count)(pytest.mark.parametrize("cases", turned, ids=str)(test))

    return marked
