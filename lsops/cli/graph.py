"""`lsops graph`: the organisation, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lsops.cli.context import environment, manifest_of, manifest_options
from lsops.cli.options import BASE, MANIFEST, PATH, SCOPE, SERVER, Flags, common, option, output
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.errors import UsageError

if TYPE_CHECKING:
    from lsops.model.graph import Graph
    from lsops.operations.graph import Drawn

FORMS = ("mermaid", "dot", "svg")
TELLING = output("plan")[1:]
"""The flags about what is printed, less `--format`: a graph has forms of its own."""


@click.command("graph")
@common(PATH, BASE, MANIFEST, SERVER, SCOPE, TELLING)
@option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="mermaid",
    show_envvar=True,
    help="Form of the graph on stdout; svg needs graphviz.",
)
@option("--live", is_flag=True, help="Draw what is on the server, also what no manifest names.")
def command(options: Flags, form: str, live: bool) -> int:
    """Draw the organisation: who has access, where data comes from and where it goes.

    Without --live no server is asked. With --base it is what the manifest changes of that one, in colour. Exit codes:
    0 done, 1 a read or graphviz failed, 3 the manifest or the command line is wrong, or graphviz is not installed.
    """
    if live and options.base:
        raise UsageError.of("--live and --base exclude each other", hint="lsops plan compares with the server")
    drawn = _of_server(options) if live else _of_manifest(options)
    options.output.say(_text(drawn.graph, form, options))
    options.output.findings(drawn.failures)
    return 1 if drawn.failures else 0


def _of_server(options: Flags) -> Drawn:
    from lsops.operations.graph import graph_of_server

    with opened(options) as (manifest, session):
        return graph_of_server(manifest, session, plan_request(options), Terminal(options.output))


def _of_manifest(options: Flags) -> Drawn:
    from lsops.operations.graph import graph_of_difference, graph_of_manifest

    if not options.base:
        return graph_of_manifest(manifest_of(options), plan_request(options))
    from lsops.operations.base import with_base

    manifest, before = with_base(options.base, options.path, manifest_options(options))
    options.output.findings(before.notes)
    return graph_of_difference(before.manifest, manifest, plan_request(options))


def _text(graph: Graph, form: str, options: Flags) -> str:
    if form == "svg":
        from lsops.render.graph.svg import svg

        return svg(graph, environment()).rstrip("\n")
    if form == "dot":
        from lsops.render.graph.dot import dot

        return "\n".join(dot(graph))
    from lsops.render.graph.mermaid import mermaid, too_much

    text = "\n".join(mermaid(graph))
    if reason := too_much(graph, text):
        options.output.note(f"warning: the graph has {reason}: draw less with -t, or use --format svg")
    return text
