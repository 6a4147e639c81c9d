"""`lsops schema`: JSON Schemas, for editors, for programs that read documents, and for reading."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

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
@option(
    "--label-config",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Of the result of an annotation of this label config.",
)
@option("--compact", is_flag=True, help="With --label-config: of an object with a value for each control.")
@logged
def command(output: Output, kind: str | None, document: str, label_config: Path | None, compact: bool) -> int:
    """Print the JSON Schema of a whole manifest, of one KIND such as project, of a document or of annotations.

    For an editor: lsops schema > lsops.schema.json
    """
    if kind is not None and document:
        raise UsageError.of("give a KIND or --document, not both")
    if label_config is not None and (kind is not None or document):
        raise UsageError.of("--label-config goes with neither a KIND nor --document")
    if label_config is not None:
        from lsops.operations.label_schema import schema_of_file

        output.json(schema_of_file(label_config, compact=compact))
        return 0
    if compact:
        raise UsageError.of("--compact goes with --label-config", hint="--label-config FILE --compact")
    return _of_ours(output, kind, document)


def _of_ours(output: Output, kind: str | None, document: str) -> int:
    from lsops.document_schemas import described_documents, document_schema
    from lsops.render.editor_schema import manifest_schema
    from lsops.schema import documents

    if document:
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
