"""`lsops schema`: JSON Schemas, for editors and for reading."""

from __future__ import annotations

import click

from lsops.cli.options import logged
from lsops.cli.output import as_json
from lsops.errors import UsageError


@click.command("schema")
@click.argument("kind", required=False)
@logged
def command(kind: str | None) -> int:
    """Print the JSON Schema of a whole manifest, or of one KIND such as project.

    For an editor: lsops schema > lsops.schema.json
    """
    from lsops.schema import documents
    from lsops.schema_bundle import manifest_schema

    if kind is None:
        as_json(manifest_schema())
        return 0
    if kind not in documents():
        from difflib import get_close_matches

        near = get_close_matches(kind, documents(), 1)
        known = ", ".join(documents())
        raise UsageError.of(
            f"there is no kind {kind!r}", hint=f"did you mean {near[0]}?" if near else f"kinds: {known}"
        )
    as_json(documents()[kind])
    return 0
