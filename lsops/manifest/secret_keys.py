"""Resources whose key is a secret, such as a webhook by the URL of a chat: which they are, and whether it is set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsops.manifest.files import FileProblem, Folder
from lsops.manifest.secrets import Vault, read_secret
from lsops.model.resource import Resource, Secret
from lsops.schema import secret_key


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """The values of keys that are secrets, as far as they are set, and why the others are not known."""

    vault: Vault = field(default_factory=lambda: Vault({}))
    unknown: Mapping[Secret, str] = field(default_factory=dict)


def resolve_keys(
    resources: Iterable[Resource], *, env: Mapping[str, str], root: Path, secrets_dir: Path | None
) -> KnownKeys:
    """The secret keys of these resources, read now; one that cannot be read is no error."""
    folder, values, unknown = Folder(root), dict[Secret, str](), dict[Secret, str]()
    for key in {key for item in resources if (key := secret_key(item)) is not None}:
        try:
            values[key] = read_secret(key, env=env, folder=folder, secrets_dir=secrets_dir)
        except FileProblem as problem:  # noqa: PERF203  # there are a few, and each fails by itself
            unknown[key] = str(problem)
    return KnownKeys(Vault(values), unknown)
