"""Secrets: which references a secret field takes, and reading them all at once before the first write."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from lsops.errors import Source
from lsops.manifest.files import FileProblem, Folder, decoded, read_bytes
from lsops.manifest.findings import Findings
from lsops.manifest.positions import Map, Seq
from lsops.manifest.scalars import ScalarError
from lsops.manifest.sources import ANY_FREE, Sources
from lsops.model.desired import Desired
from lsops.model.resource import MASK, Resource, Secret
from lsops.schema import kinds, secret_key

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ONE_REFERENCE = re.compile(r"\$\{(var|env|file):([^}]*)\}")
FORMS = "write ${env:NAME} or ${file:PATH}"


@dataclass(frozen=True)
class SecretRules:
    """What a secret field takes; `secrets_dir` is where its file may have an absolute path."""

    secrets_dir: Path | None = None
    sources: Sources = ANY_FREE

    def secret(self, value: Any, base: str, folder: Folder) -> Secret:
        """The secret that a field's value refers to; a file's name is relative to the root, or absolute.

        `base` is the file that holds the value.

        Raises `ScalarError`, whose message goes on from the field's name and never holds the value, and
        `FileProblem`.
        """
        found = ONE_REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise ScalarError("LS403", "is a secret and cannot be written out", FORMS)
        scheme, argument = found.groups()
        if scheme == "var":
            raise ScalarError("LS402", "is a secret and cannot come from a variable", FORMS)
        if scheme == "env":
            return Secret("env", self._environment_name(argument))
        return Secret("file", self._file_name(argument, base, folder))

    def _file_name(self, path: str, base: str, folder: Folder) -> str:
        if not Path(path).is_absolute():
            return folder.name(base, path)
        if self.secrets_dir is not None:
            refuse_outside(path, self.secrets_dir)
        return path

    def _environment_name(self, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ScalarError("LS402", "names no environment variable", FORMS)
        if reason := self.sources.why_not(name):
            raise ScalarError("LS404", f"cannot come from {name}, {reason}", "use a variable with another name")
        return name


def refuse_outside(path: str, secrets_dir: Path | None) -> None:
    """`FileProblem` where an absolute path is not below the folder of secrets. Links in it may lead anywhere."""
    if secrets_dir is None:
        raise FileProblem("path", "the path is absolute; name its folder with --secrets-dir")
    named = Path(path)
    if ".." in named.parts or not named.is_relative_to(os.path.normpath(secrets_dir.absolute())):
        raise FileProblem("path", "the path is absolute and not below --secrets-dir")


class Vault:
    """The values of secrets, by reference. It shows none of them, and cannot be pickled."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[Secret, str]) -> None:
        self._values = dict(values)

    def reveal(self, secret: Secret) -> str:
        """The value; `KeyError` for a secret that the resolved manifest does not use."""
        return self._values[secret]

    def find(self, secret: Secret) -> str | None:
        """The value; None for a secret that is not in it."""
        return self._values.get(secret)

    def confidential(self) -> frozenset[str]:
        """Every value, for whoever must keep them out of messages."""
        return frozenset(self._values.values())

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault cannot be copied or pickled")


@dataclass(frozen=True)
class _Use:
    """One use of a secret in the manifest."""

    secret: Secret
    field: str
    address: str
    source: Source | None


def resolve_secrets(desired: Desired, *, env: Mapping[str, str], root: Path, secrets_dir: Path | None) -> Vault:
    """Every secret of the desired resources, read now; not those below what is to be deleted, and of that its key only.

    Raises `ManifestError` with a finding per use of each secret that is unset, empty or unreadable.
    """
    findings, folder = Findings(), Folder(root)
    values: dict[Secret, str] = {}
    problems: dict[Secret, str] = {}
    for use in _uses(desired):
        if use.secret not in values and use.secret not in problems:
            try:
                values[use.secret] = read_secret(use.secret, env=env, folder=folder, secrets_dir=secrets_dir)
            except FileProblem as problem:
                problems[use.secret] = str(problem)
        if use.secret in problems:
            message = f"{use.field}: {use.secret.reference} has no value: {problems[use.secret]}"
            findings.error("LS406", message, source=use.source, address=use.address)
    findings.raise_errors()
    return Vault(values)


def _uses(desired: Desired) -> Iterator[_Use]:
    gone: set[str] = set()
    for resource in desired.resources:
        if resource.lifecycle.absent or resource.parent in gone:
            gone.add(resource.address)
            yield from _key_of_the_absent(resource) if resource.parent not in gone else ()
        else:
            for name, value in resource.values.items():
                source = resource.values.value_source(name) if isinstance(resource.values, Map) else resource.source
                for field, secret, place in _secrets(name, value, source):
                    yield _Use(secret, field, resource.address, place)


def _key_of_the_absent(item: Resource) -> Iterator[_Use]:
    """What finds a resource that is to be deleted, if no id does."""
    key = secret_key(item)
    if key is not None and item.lifecycle.id is None:
        name = kinds()[item.kind].key
        yield _Use(key, name, item.address, item.place(name))


def _secrets(name: str, value: Any, source: Source | None) -> Iterator[tuple[str, Secret, Source | None]]:
    if isinstance(value, Secret):
        yield name, value, source
    elif isinstance(value, Map):
        for key, inner in value.items():
            yield from _secrets(f"{name}.{key}", inner, value.value_source(key))
    elif isinstance(value, Seq):
        for index, inner in enumerate(value):
            yield from _secrets(f"{name}.{index}", inner, value.value_source(index))


def read_secret(secret: Secret, *, env: Mapping[str, str], folder: Folder, secrets_dir: Path | None) -> str:
    """The value of a secret; `FileProblem` where there is none."""
    value = env.get(secret.name, "") if secret.source == "env" else _read_file(secret.name, folder, secrets_dir)
    if not value:
        state = "is set and empty" if secret.name in env else "is not set"
        raise FileProblem("missing", f"{secret.name} {state}" if secret.source == "env" else "the file is empty")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise FileProblem("encoding", "it is not text in UTF-8")
    return value


def _read_file(name: str, folder: Folder, secrets_dir: Path | None) -> str:
    if not Path(name).is_absolute():
        return _chomped(folder.read(name))
    refuse_outside(name, secrets_dir)
    return _chomped(decoded(read_bytes(name)))


def _chomped(text: str) -> str:
    """The text less one newline at its end, which editors and `echo` write."""
    return text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
