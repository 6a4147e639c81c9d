"""`lsops schema`: JSON Schemas, for editors, for programs that read documents, and for reading."""

from __future__ import annotations

from collections.abc import Collection

import click

from lsops.cli.options import completed_by, logged, option
from lsops.cli.output import Output
from lsops.errors import UsageError


@click.command("schema")
@click.argument("kind", required=False, shell_complete=completed_by("document_names"))
@option(
    "--document",
    default="",
    metavar="NAME",
    help="Of a document that --format json prints, such as plan.",
    shell_complete=completed_by("printed_documents"),
)
@logged
def command(output: Output, kind: str | None, document: str) -> int:
    """Print the JSON Schema of a whole manifest, of one KIND such as project, or of a document.

    For an editor: lsops schema > lsops.schema.json
    """
    from lsops.document_schemas import described_documents, document_schema
    from lsops.render.editor_schema import manifest_schema
    from lsops.schema import documents

    if document:
        if kind is not None:
            raise UsageError.of("give a KIND or --document, not both")
        _known(document, described_documents(), "document")
        output.json(document_schema(document))
        return 0
    if kind is None:
        output.json(manifest_schema())
        return 0
    _known(kind, documents(), "kind")
    output.json(documents()[kind])
    return 0


def _known(name: str, names: Collection[str], what: str) -> None:
    """Raises: UsageError, with the name that is nearest."""
    if name in names:
        return
    from lsops.spelling import nearest

    near = nearest(name, names)
    hint = f"did you mean {near}?" if near else f"{what}s: {', '.join(names)}"
    raise UsageError.of(f"there is no {what} {name!r}", hint=hint)
