"""`lsops init`: a commented starter manifest, and the files of a pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from lsops.cli.options import logged, option
from lsops.cli.output import Output
from lsops.cli.signals import truthful
from lsops.engine.files import PUBLIC, write_whole
from lsops.errors import UsageError
from lsops.starters import CI, CRON, OPTIONAL, is_plain, pipeline_files

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


HINT = "lsops init another-folder"
LEFT_ALONE = frozenset((".gitignore", *OPTIONAL))
"""What may be there already, and then is left as it is."""


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path), default=Path())
@option("--ci", type=click.Choice(tuple(CI)), help="Files that plan in pull requests and apply after a merge.")
@option("--cron", type=click.Choice(tuple(CRON)), help="Files that look for drift every night.")
@option("-e", "--environment", default="", metavar="NAME", help="Environment that --ci and --cron name.")
@logged
def command(output: Output, directory: Path, ci: str | None, cron: str | None, environment: str) -> int:
    """Write a commented starter manifest into DIRECTORY, which validates as it is. Nothing is overwritten.

    With --ci or --cron the files of a pipeline, too, or those alone where there is a manifest.
    """
    pipeline = _pipeline(ci or "", cron or "", environment)
    starter = {} if pipeline and (directory / "lsops.yaml").exists() else _starter()
    files = {directory / name: text for name, text in {**starter, **pipeline}.items()}
    taken = [path for path in files if path.exists() and path.name not in LEFT_ALONE]
    if taken:
        raise UsageError.of(f"{taken[0]} exists already, nothing was written", hint=HINT if starter else "")
    written: list[str] = []
    with truthful(written):
        for path, text in files.items():
            if not path.exists():
                _write(path, text)
                written.append(f"wrote {path}")
    if starter:
        here = "" if directory == Path() else f" {directory}"
        output.say(f"Wrote {directory / 'lsops.yaml'} and {len(starter) - 1} files beside it.")
        output.note(f"next: lsops validate{here}, lsops plan{here} --server sandbox:")
    _tell_pipeline({directory / name: text for name, text in pipeline.items()}, output)
    return 0


def _starter() -> Mapping[str, str]:
    """The texts of a manifest and what belongs to it, by their places in its folder."""
    from lsops.engine.planfile import dumps
    from lsops.schema_bundle import manifest_schema

    return {
        "lsops.yaml": STARTER,
        "labels/sentiment.xml": LABELS,
        "lsops.schema.json": dumps(manifest_schema()),
        ".gitignore": ".lsops/\n",
    }


def _pipeline(ci: str, cron: str, environment: str) -> Mapping[str, str]:
    """The texts of a pipeline's files. Raises: UsageError."""
    if not is_plain(environment):
        message = f'-e: "{environment}" cannot stand in a pipeline\'s file as it is'
        raise UsageError.of(message, hint="leave -e out, and write it where it is needed")
    return pipeline_files(ci, cron, environment)


def _tell_pipeline(files: Mapping[Path, str], output: Output) -> None:
    """What was written, and what is left to do."""
    for path, text in files.items():
        if path.name not in OPTIONAL:
            output.say(f"Wrote {path}.")
        elif path.read_text("utf-8", "replace") != text:
            output.note(f"{path} was there and is left as it is; it needs this line: {text.rstrip()}")
    if files:
        output.note("the first lines of these files say what is yours to fill in")


def _write(path: Path, text: str) -> None:
    """Raises: UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text, mode=PUBLIC)
    except OSError as problem:
        raise UsageError.of(f"{problem.filename or path} cannot be written: {problem.strerror}") from problem
