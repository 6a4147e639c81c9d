"""`lsops snapshot`: export snapshots are made, downloaded, listed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click

from lsops.cli.options import CHDIR, MANIFEST, SERVER, Flags, Lines, common, consent, option, output
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.model.errand import Errands
from lsops.operations.snapshots import single
from lsops.operations.snapshots.run import SnapshotRequest, run_snapshots
from lsops.operations.snapshots.waiting import WAIT
from lsops.render.errands import of_errands

ENDS = (
    "Exit codes: 0 done, 1 a read failed, 3 the manifest or the command line is wrong, 4 one failed, 130 interrupted."
)
_WAIT = option(
    "--wait-timeout",
    type=click.FloatRange(0, min_open=True),
    default=WAIT,
    metavar="S",
    help="Seconds to wait for a snapshot, and for each conversion.",
)
_ADDRESS = click.argument("address", type=Lines())
_NUMBER = click.argument("number", type=click.IntRange(1), metavar="ID")
_FLAGS = common(CHDIR, MANIFEST, SERVER, output("errands"))


@click.group("snapshot")
def command() -> None:
    """Make, download, list and delete export snapshots."""


@command.command("run", epilog=ENDS)
@click.argument("addresses", nargs=-1, type=Lines(), metavar="[ADDRESS...]")
@_FLAGS
@option("-o", "--to", default="", metavar="PLACE", help="Put the files there: a folder or a URL such as s3://b/c.")
@option("--keep", type=click.IntRange(0), metavar="N", help="Delete all but the newest N of a recipe from the server.")
@_WAIT
def run_(options: Flags, addresses: tuple[str, ...], *, to: str, keep: int | None, wait_timeout: float) -> int:
    """Make the snapshots that the manifest describes, and download them.

    ADDRESS is that of a recipe, of something above it, or a glob: '/projects/Cats/snapshots/nightly', '/projects/*'.
    Without one all recipes are carried out. One that is as the last one was is not downloaded again, and one that fails
    stops no other.
    """
    with opened(options) as (manifest, session):
        request = SnapshotRequest(addresses, to, keep, wait_timeout, plan_request(options))
        done = run_snapshots(manifest, session, request, Terminal(options.output))
        return _told(options, done, manifest.display_prefix)


@command.command("list", epilog=ENDS)
@_ADDRESS
@_FLAGS
def list_(options: Flags, address: str) -> int:
    """List the newest hundred snapshots that the server has of the project at ADDRESS."""
    return _of_one(options, address, single.list_snapshots)


@command.command("formats", epilog=ENDS)
@_ADDRESS
@_FLAGS
def formats(options: Flags, address: str) -> int:
    """List the formats, and which of them suit the label config of the project at ADDRESS (Community)."""
    return _of_one(options, address, single.list_formats)


@command.command("convert", epilog=ENDS)
@_ADDRESS
@_NUMBER
@click.argument("forms", nargs=-1, required=True, metavar="FORMAT...")
@_FLAGS
@_WAIT
def convert(options: Flags, address: str, number: int, forms: tuple[str, ...], *, wait_timeout: float) -> int:
    """Have the server convert snapshot ID of the project at ADDRESS."""
    work = partial(single.convert_snapshot, number=number, forms=forms)
    return _of_one(options, address, work, wait_timeout)


@command.command("download", epilog=ENDS)
@_ADDRESS
@_NUMBER
@click.argument("forms", nargs=-1, metavar="[FORMAT...]")
@_FLAGS
@option("-o", "--to", default=".", metavar="PLACE", help="Put the files there: a folder or a URL such as s3://b/c.")
@_WAIT
def download_(
    options: Flags, address: str, number: int, forms: tuple[str, ...], *, to: str, wait_timeout: float
) -> int:
    """Download snapshot ID of the project at ADDRESS, as JSON where no FORMAT is named."""
    work = partial(single.download_snapshot, number=number, how=(forms or ("JSON",), to))
    return _of_one(options, address, work, wait_timeout)


@command.command("delete", epilog=ENDS.replace("4 one failed,", "4 one failed, 5 not confirmed,"))
@_ADDRESS
@click.argument("numbers", type=click.IntRange(1), nargs=-1, required=True, metavar="ID...")
@_FLAGS
@consent("--yes", is_flag=True, help="Do not ask.")
def delete(options: Flags, address: str, numbers: tuple[int, ...], *, yes: bool) -> int:
    """Delete snapshots of the project at ADDRESS from the server, whoever made them."""
    return _of_one(options, address, partial(single.delete_snapshots, numbers=numbers), ask=not yes)


def _of_one(
    options: Flags, address: str, work: Callable[..., Errands], seconds: float = WAIT, *, ask: bool = False
) -> int:
    """Do something with the snapshots of the project at an address; the exit code."""
    with opened(options) as (manifest, session):
        request = single.ShelfRequest(address, seconds, plan_request(options), ask)
        done = work(manifest, session, request, interaction=Terminal(options.output))
        return _told(options, done, manifest.display_prefix)


def _told(options: Flags, done: Errands, prefix: str) -> int:
    options.output.tell(of_errands(done, options.output.look(prefix)))
    return 130 if done.interrupted else 0 if done.complete else 4
