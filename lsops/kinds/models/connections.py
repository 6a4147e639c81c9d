"""What providers and versions of prompts both know of connections; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.kinds.reader import Reader, Row
from lsops.kinds.shared_rows import twin
from lsops.schema import kinds
from lsops.server.forms import ID, SWITCH, TEXT, Form, OrNull

NAME = "model_provider"
CONNECTIONS = "/api/model-provider-connections/"
CONNECTION = Form(
    needed={"id": ID, "provider": OrNull(TEXT)},
    known={
        "is_internal": OrNull(SWITCH),
        **dict.fromkeys(("scope", "deployment_name", "endpoint", "google_project_id", "google_location"), OrNull(TEXT)),
    },
)


def connections(reader: Reader) -> list[dict[str, Any]]:
    """The rows of all connections but those of Label Studio's own, read once; what identifies them become names.

    Of several with one identity the first has the plain name, the others have their id in it. Raises: ServerError.
    """
    every = reader.once(CONNECTIONS, CONNECTION)
    rows = [row for row in every if not row.get("is_internal")]
    reader.names[NAME] = by_name(rows)
    return rows


def by_name(rows: list[dict[str, Any]]) -> Mapping[str, int]:
    """Ids of connections by what identifies them."""
    names: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: int(row["id"])):
        name = identity(row)
        names[name if name not in names else twin(name, row["id"])] = row["id"]
    return names


def identity(row: Row) -> str:
    """What identifies a connection, in words."""
    return kinds()[NAME].key_of(row)


def name_in(names: Mapping[str, int], number: int) -> str:
    """The name of that id; `#5` where it has none here."""
    return next((name for name, other in names.items() if other == number), f"#{number}")
