"""The file that says who of an old server is who on a new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lsops.errors import UsageError
from lsops.manifest.files import FileProblem, decoded, read_bytes


def read_people_map(path: Path) -> Mapping[str, str]:
    """New e-mails by old ones, from a YAML file of `old: new` lines. Raises: UsageError."""
    import yaml

    try:
        told = yaml.safe_load(decoded(read_bytes(str(path))))
    except FileProblem as problem:
        raise _unusable(f"{path}: {problem}") from problem
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise _unusable(f"{path} is not YAML") from problem
    if not isinstance(told, dict):
        raise _unusable(f"{path} is not a map of e-mails")
    for old, new in told.items():
        if not _is_email(old) or not _is_email(new):
            raise _unusable(f'{path}: "{old}" must lead from an e-mail to an e-mail')
    return {str(old): str(new) for old, new in told.items()}


def _is_email(value: object) -> bool:
    return isinstance(value, str) and "@" in value.strip("@ ")


def _unusable(message: str) -> UsageError:
    return UsageError.of(message, code="LS670", hint="write a line for each person: old@example.com: new@example.com")
