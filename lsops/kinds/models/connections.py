"""What providers and versions of prompts both know of connections; this module holds no kind itself."""

from __future__ import annotations

from typing import Any

from lsops.kinds.reader import Reader, Row
from lsops.kinds.titles import ids_by_name
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
    reader.names[NAME] = ids_by_name(rows, identity)
    return rows


def identity(row: Row) -> str:
    """What identifies a connection, in words."""
    return kinds()[NAME].key_of(row)
