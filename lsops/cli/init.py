"""`lsops init`: a commented starter manifest, or one of what is live already; and the files of a pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lsops.cli.editor_files import VS_CODE, for_editors, schema_line
from lsops.cli.options import SERVER, Flags, common, option, output
from lsops.cli.output import Output
from lsops.cli.pipelines import pipeline_below, write_pipeline
from lsops.cli.signals import truthful
from lsops.engine.files import PUBLIC, write_whole
from lsops.errors import UsageError
from lsops.starters import CI, CRON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lsops.dumping.values import Dump

STARTER = """\
# What is written here is managed by lsops; everything else on the server is left alone. So far, nothing is written.
version: 1

# The server; LABEL_STUDIO_URL or --server can name it, too. The token is in LABEL_STUDIO_API_KEY, never in a file here.
# server:
#   url: https://label.example.com

# More files of the manifest. To see what the example would do, take the # away and run the plan on the built-in
# stand-in, which needs no server: lsops plan --server sandbox:
# include: [projects/*.yaml]

# How long people stay logged in, for the whole organisation.
# session_policy:
#   max_session_age: 11520              # minutes, 8 days
#   max_time_between_activity: 4320     # minutes, 3 days

# Beneath every project, unless it says otherwise.
# defaults:
#   projects:
#     show_skip_button: false

# Nothing is ever deleted, but where a collection is named here: what is live in it and not declared goes.
# prune: [projects/*/webhooks]
"""
ENVIRONMENT = """
# What -e names, each with what is its own: a server, variables.
environments:
  {name}: {{}}
"""
EXAMPLE = """\
projects:
  # The key is the title, by which the project is found on the server.
  My first project:
    # workspace: Research             # Enterprise: the title of a workspace
    description: Short texts, sorted by sentiment.
    label_config: ${file:../labels/sentiment.xml}
    maximum_annotations: 1
    views:                            # tabs of the Data Manager
      Newest first:
        ordering: ["-tasks:created_at"]
    # webhooks:
    #   https://hooks.example.com/labels:
    #     send_for_all_actions: false # only these:
    #     actions: [ANNOTATION_CREATED]
    #     headers:                    # secrets are references to variables or files, never written out
    #       Authorization: ${env:HOOK_AUTHORIZATION}
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
IGNORED = ".lsops/\n"
"""The folder of the sandbox."""


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path), default=Path())
@common(SERVER, output("dump"))
@option("--from-live", is_flag=True, help="Write what is live, as lsops dump does.")
@option("--ci", type=click.Choice(tuple(CI)), help="Files that plan in pull requests and apply after a merge.")
@option("--cron", type=click.Choice(tuple(CRON)), help="Files that look for drift every night.")
@option(
    "-e", "--environment", default="", metavar="NAME", help="Environment of the manifest, which --ci and --cron name."
)
def command(options: Flags, directory: Path, from_live: bool, ci: str | None, cron: str | None) -> int:
    """Write a commented starter manifest into DIRECTORY, which validates and manages nothing yet.

    With --from-live it is a manifest of all that the server holds, whose plan is empty. With --ci or --cron come the
    files of a pipeline, which are all where there is a manifest already. Nothing is overwritten.
    """
    pipeline = pipeline_below(directory, ci or "", cron or "", options.environment)
    if from_live:
        code = _from_live(options, directory)
    else:
        code = 0 if pipeline and (directory / "lsops.yaml").exists() else _starter(options, directory)
    write_pipeline(pipeline, options.output, _write)
    return code


def _starter(options: Flags, directory: Path) -> int:
    output = options.output
    files = {
        directory / name: text
        for name, text in {
            "lsops.yaml": schema_line("lsops.yaml") + STARTER + _defined(options.environment),
            "projects/example.yaml": schema_line("projects/example.yaml") + EXAMPLE,
            "labels/sentiment.xml": LABELS,
            **for_editors(),
            ".gitignore": IGNORED,
        }.items()
    }
    kept = (".gitignore", *VS_CODE)
    taken = [path for path in files if path.exists() and path.relative_to(directory).as_posix() not in kept]
    if taken:
        raise UsageError.of(f"{taken[0]} exists already, nothing was written", hint="lsops init another-folder")
    files = {path: text for path, text in files.items() if not path.exists()}
    written: list[str] = []
    with truthful(written):
        for path, text in files.items():
            _write(path, text)
            written.append(f"wrote {path}")
    here = "" if directory == Path() else f" {directory}"
    _tell_starter(output, directory, files)
    output.note(f"next: lsops validate{here}, lsops plan{here} --server sandbox:, or lsops init --from-live")
    return 0


def _tell_starter(output: Output, directory: Path, files: Mapping[Path, str]) -> None:
    if output.is_text:
        output.say(f"Wrote {directory / 'lsops.yaml'} and {len(files) - 1} files beside it.")
        return
    from lsops.dumping.values import Dump
    from lsops.render.dumped import of_dump

    names = {path.relative_to(directory).as_posix(): text for path, text in files.items()}
    output.tell(of_dump(Dump(names), directory, output.look("")))


def _from_live(options: Flags, directory: Path) -> int:
    """What `lsops dump` writes, with what an editor and git need beside it."""
    from lsops.cli.planning import connected
    from lsops.cli.terminal import Terminal
    from lsops.operations.dump import DumpRequest, already_at, dump_server, refuse_folder, write_dump
    from lsops.render.dumped import of_dump

    refuse_folder(directory)
    with connected(options) as session:
        request = DumpRequest(beside=already_at(directory))
        made = _with_extras(dump_server(session, request, Terminal(options.output)), directory, options.environment)
    write_dump(made, directory)
    options.output.tell(of_dump(made, directory, options.output.look("")))
    options.output.note("next: lsops plan" + ("" if directory == Path() else f" {directory}"))
    return 1 if made.failures else 0


def _defined(environment: str) -> str:
    """The environment that the commands of a pipeline name, for without it none of them would run."""
    return ENVIRONMENT.format(name=environment) if environment else ""


def _with_extras(made: Dump, directory: Path, environment: str) -> Dump:
    files = {name: schema_line(name) + text if name.endswith(".yaml") else text for name, text in made.files.items()}
    if "lsops.yaml" in files:
        files["lsops.yaml"] += _defined(environment)
    extras = {**for_editors(), ".gitignore": IGNORED}
    kept = {name: text for name, text in extras.items() if not (directory / name).exists()}
    return replace(made, files={**files, **kept})


def _write(path: Path, text: str) -> None:
    """Raises: UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text, mode=PUBLIC)
    except OSError as problem:
        raise UsageError.of(f"{problem.filename or path} cannot be written: {problem.strerror}") from problem
