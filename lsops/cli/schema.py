"""`lsops schema`: JSON Schemas, for editors and for reading."""

from __future__ import annotations

import click

from lsops.cli.options import completed_by, logged
from lsops.cli.output import Output
from lsops.errors import UsageError


@click.command("schema")
@click.argument("kind", required=False, shell_complete=completed_by("document_names"))
@logged
def command(output: Output, kind: str | None) -> int:
    """Print the JSON Schema of a whole manifest, or of one KIND such as project.

    For an editor: lsops schema > lsops.schema.json
    """
    from lsops.schema import documents
    from lsops.schema_bundle import manifest_schema

    if kind is None:
        output.json(manifest_schema())
        return 0
    if kind not in documents():
        from lsops.spelling import nearest

        near = nearest(kind, documents())
        hint = f"did you mean {near}?" if near else f"kinds: {', '.join(documents())}"
        raise UsageError.of(f"there is no kind {kind!r}", hint=hint)
    output.json(documents()[kind])
    return 0
