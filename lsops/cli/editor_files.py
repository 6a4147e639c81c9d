"""What `lsops init` writes for editors: the schema, the line that names it, and what VS Code reads of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SCHEMA_FILE: Final = "lsops.schema.json"
VS_CODE: Final[Mapping[str, str]] = {
    ".vscode/extensions.json": """\
{
  "recommendations": ["redhat.vscode-yaml"]
}
""",
    ".vscode/settings.json": """\
{
  "yaml.schemas": {
    "./lsops.schema.json": ["lsops.yaml", "members.yaml", "projects/*.yaml"]
  }
}
""",
}
"""The extension that reads the schema, and the files that have it without a line of their own."""


def for_editors() -> dict[str, str]:
    """The texts of the files, by where they stand below a manifest."""
    from lsops.engine.planfile import dumps
    from lsops.render.editor_schema import manifest_schema

    return {SCHEMA_FILE: dumps(manifest_schema()), **VS_CODE}


def schema_line(name: str) -> str:
    """The first line of a file of a manifest, by where it stands: editors take the schema from there."""
    return f"# yaml-language-server: $schema={'../' * name.count('/') or './'}{SCHEMA_FILE}\n"
