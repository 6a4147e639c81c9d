"""What a script with the official SDK does to see all that a plan looks at: one call after the other.

`python benchmarks/sdk_script.py URL TOKEN [COLLECTION…]` reads the named collections of every project, or all that
the server has, and prints how many rows each gave.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

SIDES = ("import_storage", "export_storage")
TYPES = ("azure", "gcs", "local", "redis", "s3")
"""The types that both editions have; Enterprise has five more on each side, which would favour lsops."""

OTHERS = ("webhooks", "views", "ml")


def main(url: str, token: str, *wanted: str) -> None:
    client = LabelStudio(base_url=url, api_key=token)
    projects: list[int] = [project.id for project in client.projects.list()]
    readers = {name: reader for name, reader in _readers(client).items() if not wanted or name in wanted}
    readers = {name: reader for name, reader in readers.items() if _exists(reader, projects[0])}
    rows = Counter[str](projects=len(projects))
    for number in projects:
        client.projects.get(id=number)
        for name, reader in readers.items():
            rows[name] += len(reader(project=number))
    print(*(f"{name}={rows[name]}" for name in ("projects", *readers)))


def _readers(client: LabelStudio) -> Mapping[str, Callable[..., list[Any]]]:
    """The list method of every collection, by name."""
    found = {f"{side}.{type_}": getattr(getattr(client, side), type_).list for side in SIDES for type_ in TYPES}
    return found | {name: getattr(client, name).list for name in OTHERS}


def _exists(reader: Callable[..., list[Any]], project: int) -> bool:
    try:
        reader(project=project)
    except ApiError as error:
        if error.status_code == 404:
            return False
        raise
    return True


if __name__ == "__main__":
    main(*sys.argv[1:])
