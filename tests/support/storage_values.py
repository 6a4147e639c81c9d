"""Every type of storage on both sides: what it cannot be without, and two values for each field, of its cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsops.schema import Field, kinds, of_server
from tests.support.kind_cases import Cases, cases_of, files, read

SIDES = ("import", "export")
TYPES = ("azure", "azure_spi", "databricks", "gcs", "gcs_sa", "gcswif", "localfiles", "redis", "s3", "s3s")
SHARED = ("azure", "gcs", "localfiles", "redis", "s3")
"""The types that Community has, too."""

APART = frozenset({"type", "title", "account_name"})
"""Fields with tests of their own: a replace, a rename, and what no server gives back."""


def google_key(mark: str) -> str:
    """A service account's key that looks right, with a text to know it by."""
    key = {
        "type": "service_account",
        "client_email": "ls@ml-prod.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
        "private_key": f"-----BEGIN PRIVATE KEY-----\n{mark}\n-----END PRIVATE KEY-----\n",
    }
    return json.dumps(key)


@dataclass(frozen=True)
class Case:
    """One type on one side."""

    side: str
    type: str

    def __str__(self) -> str:
        return f"{self.side}-{self.type}"

    @property
    def kind(self) -> str:
        return f"{self.side}_storage"

    @property
    def noun(self) -> str:
        article = "an" if self.type[0] in "aeiou" or self.type.startswith("s3") else "a"
        return f"{article} {self.type} {self.side} storage"

    @property
    def list_path(self) -> str:
        return f"/api/storages/{self.type}/" if self.side == "import" else f"/api/storages/export/{self.type}"

    @property
    def fields(self) -> Mapping[str, Field]:
        """What the schema says can be set."""
        return of_server(kinds()[self.kind].fields(self.type))

    @property
    def required(self) -> frozenset[str]:
        return frozenset(kinds()[self.kind].documents[self.type]["required"]) - {"type"}

    @property
    def bookkeeping(self) -> frozenset[str]:
        every = kinds()[self.kind].fields(self.type)
        return frozenset(name for name, field in every.items() if field.read_only)

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if field.secret)

    @property
    def values(self) -> dict[str, tuple[Any, Any]]:
        """Two values by field, for all that is neither a secret nor apart: with which its cases create and change it."""
        cases = {case.name: case for case in self._cases.cases if case.name not in APART | self.secrets}
        return {
            name: (one.said["created"], one.said["changed"][0]) for name, one in cases.items() if "changed" in one.said
        }

    @property
    def _cases(self) -> Cases:
        """What `tests/kinds` says of that type."""
        every = cases_of(read(files()[self.kind]), "enterprise")
        return next(cases for cases in every if cases.variant == self.type)

    @property
    def entry(self) -> dict[str, Any]:
        """An entry with its secrets and nothing that it can be without."""
        return {"type": self.type, **self._cases.said["entry"]}

    def environment(self, mark: str) -> dict[str, str]:
        """Variables with the secrets, each with a text to know it by."""
        return {name.upper(): self.revealed(name, mark) for name in self.secrets}

    def revealed(self, name: str, mark: str) -> str:
        """The value of one secret, with the mark in it; its length is a multiple of four, as Azure's keys need it."""
        if name.startswith("google"):
            return google_key(mark)
        text = name.replace("_", "") + mark
        return text + "A" * (-len(text) % 4)


CASES = tuple(Case(side, type_) for side in SIDES for type_ in TYPES)


def kept(field: str, value: Any) -> Any:
    """The value as the server holds it."""
    if field == "path" and isinstance(value, str) and value.startswith("/"):
        return "/" + "/".join(part for part in value.split("/") if part)
    if field == "port" and value is not None:
        return str(value)
    return value.strip() if isinstance(value, str) else value


def manifest(side: str, entries: Mapping[str, Mapping[str, Any]], *, workspace: str = "", more: str = "") -> str:
    """A manifest with one project, `Scans`, that has these storages; each key and each field has a line of its own.

    The first storage's key stands on line `FIRST`.
    """
    project = f"    workspace: {workspace}" if workspace else "    description: scans"
    lines = ["version: 1", "projects:", "  Scans:", project, f"    {side}_storages:"]
    for key, entry in entries.items():
        lines.append(f"      {json.dumps(key)}:")
        lines += [f"        {name}: {json.dumps(value)}" for name, value in entry.items()]
    if not entries:
        lines[-1] += " {}"
    return "\n".join([*lines, *([more] if more else [])]) + "\n"


FIRST = 6


def line_of(entry: Mapping[str, Any], name: str) -> int:
    """The line of a field of the first storage."""
    return FIRST + 1 + list(entry).index(name)
