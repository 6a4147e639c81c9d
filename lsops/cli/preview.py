"""`lsops preview`: the labelling interface before and after, drawn by Label Studio's own editor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lsops.cli.context import environment, manifest_of, manifest_options
from lsops.cli.options import BASE, MANIFEST, PATH, SCOPE, SERVER, Flags, common, option, output
from lsops.cli.pictures import page_from
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.errors import UsageError

if TYPE_CHECKING:
    from lsops.operations.preview import Differing, Preview
    from lsops.preview.editor.sources import EditorChoice

TELLING = output("plan")[2:]
"""The flags about what is printed, less those of a form: a preview is pages."""


@click.command("preview")
@common(PATH, BASE, MANIFEST, SERVER, SCOPE, TELLING)
@option("-o", "--to", type=click.Path(path_type=Path), metavar="DIR", required=True, help="Folder to write to.")
@option("--live", is_flag=True, help="Compare with the server, as plan does.")
@option("--single", is_flag=True, help="All in one file, index.html.")
@option("--png", is_flag=True, help="Pictures, too; needs Chromium and the extra preview.")
@option("--panels", is_flag=True, help="With the editor's panels around it.")
@option("--editor", default="wheel", metavar="wheel|server|DIR", help="Where the editor comes from.")
@option("--editor-version", default="", metavar="X", help="Release of the editor; else the server's.")
@option("--sample", type=click.Path(path_type=Path), metavar="FILE", help="JSON of the task to show.")
@option("--plan-page", default="", metavar="FILE|URL", help="The plan's page, to lead back to.")
def command(options: Flags, to: Path, live: bool, editor: str, editor_version: str, plan_page: str, **how: Any) -> int:
    """Draw the labelling interface of each project whose label config differs, before and after, as a page.

    It is compared with a git revision or a folder (--base), or with the server (--live); without either, every label
    config of the manifest is drawn. The tasks in it are made up, and the page loads nothing from anywhere. Exit codes:
    0 done, 1 a read failed, 3 the manifest or the command line is wrong, or what --png needs is not installed.
    """
    from lsops.operations.preview import PreviewRequest, make_preview, write_preview
    from lsops.preview.editor.sources import EditorChoice

    if live and options.base:
        raise UsageError.of("--live and --base exclude each other", hint="each of them is what to compare with")
    choice = EditorChoice(editor, editor_version, _cache(), None, environment())
    request = PreviewRequest(plan=page_from(to, plan_page), env=environment(), **how)
    with _found(options, choice, live=live) as (found, choice):
        made = make_preview(found, choice, request, Terminal(options.output))
    write_preview(made, found, to)
    options.output.findings((*found.failures, *made.notes))
    options.output.say(_verdict(found, made, to))
    return 1 if found.failures else 0


@contextmanager
def _found(options: Flags, choice: EditorChoice, *, live: bool) -> Iterator[tuple[Differing, EditorChoice]]:
    """What is to be shown, and with which editor; the server can be asked inside the block."""
    from lsops.operations.preview import pairs_of_base, pairs_of_manifest, pairs_of_server

    if live:
        with opened(options) as (manifest, session):
            found = pairs_of_server(manifest, session, plan_request(options), Terminal(options.output))
            yield found, replace(choice, fetch=session.file)
        return
    if not options.base:
        yield pairs_of_manifest(manifest_of(options), plan_request(options)), choice
        return
    from lsops.operations.base import with_base

    manifest, base = with_base(options.base, options.path, manifest_options(options))
    options.output.findings(base.notes)
    yield pairs_of_base(base.manifest, manifest, plan_request(options), base.name), choice


def _cache() -> Path:
    """The folder of fetched editors: `$XDG_CACHE_HOME/lsops/editors`, by default below `~/.cache`."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(given) if given and Path(given).is_absolute() else Path.home() / ".cache"
    return root / "lsops" / "editors"


def _verdict(found: Differing, made: Preview, to: Path) -> str:
    number = len(found.pairs)
    differ = " differs" if number == 1 else " differ"
    what = f"{number or 'No'} label config{'' if number == 1 else 's'}{differ if found.compared else ''}"
    if not number and not found.compared:
        what = "No label config is declared"
    pictures = f", with {made.pictures} picture{'' if made.pictures == 1 else 's'}" if made.pictures else ""
    drawn = f", drawn by the editor of {made.editor}" if made.editor else ""
    return f"{what}{drawn}{pictures}: {to / 'index.html'}"
