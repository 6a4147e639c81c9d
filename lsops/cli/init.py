"""`lsops init`: a commented starter manifest."""

from __future__ import annotations

from pathlib import Path

import click

from lsops.cli.options import logged
from lsops.cli.output import Output
from lsops.cli.signals import truthful
from lsops.engine.files import PUBLIC, write_whole
from lsops.errors import UsageError

STARTER = """\
# yaml-language-server: $schema=./lsops.schema.json
# What is written here is managed by lsops; everything else on the server is left alone.
version: 1

# The server can also come from LABEL_STUDIO_URL or --server.
# server:
#   url: https://label.example.com

session_policy:
  max_session_age: 11520              # minutes, 8 days
  max_time_between_activity: 4320     # minutes, 3 days

# Beneath every project.
defaults:
  projects:
    show_skip_button: true

projects:
  # The key is the title, by which the project is found on the server.
  My first project:
    # workspace: Research             # Enterprise: the title of a workspace
    description: Short texts, sorted by sentiment.
    label_config: ${file:labels/sentiment.xml}
    maximum_annotations: 1
    views:                            # tabs of the Data Manager
      Newest first:
        ordering: ["-tasks:created_at"]
    # webhooks:
    #   https://hooks.example.com/labels:
    #     send_for_all_actions: false # only these:
    #     actions: [ANNOTATION_CREATED]
    lifecycle:
      protect: true                   # lsops will never delete it
"""

LABELS = """\
<View>
  <Text name="text" value="$text"/>
  <Choices name="sentiment" toName="text" choice="single">
    <Choice value="Positive"/>
    <Choice value="Neutral"/>
    <Choice value="Negative"/>
  </Choices>
</View>
"""


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path), default=Path())
@logged
def command(output: Output, directory: Path) -> int:
    """Write a commented starter manifest into DIRECTORY, which validates as it is. Nothing is overwritten."""
    from lsops.engine.planfile import dumps
    from lsops.schema_bundle import manifest_schema

    files = {
        directory / "lsops.yaml": STARTER,
        directory / "labels" / "sentiment.xml": LABELS,
        directory / "lsops.schema.json": dumps(manifest_schema()),
        directory / ".gitignore": ".lsops/\n",
    }
    taken = [path for path in files if path.exists() and path.name != ".gitignore"]
    if taken:
        raise UsageError.of(f"{taken[0]} exists already, nothing was written", hint="lsops init another-folder")
    written: list[str] = []
    with truthful(written):
        for path, text in files.items():
            if not path.exists():
                _write(path, text)
                written.append(f"wrote {path}")
    here = "" if directory == Path() else f" {directory}"
    output.say(f"Wrote {directory / 'lsops.yaml'} and {len(files) - 1} files beside it.")
    output.note(f"next: lsops validate{here}, lsops plan{here} --server sandbox:")
    return 0


def _write(path: Path, text: str) -> None:
    """Raises: UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text, mode=PUBLIC)
    except OSError as problem:
        raise UsageError.of(f"{problem.filename or path} cannot be written: {problem.strerror}") from problem
