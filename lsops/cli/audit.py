"""`lsops audit`: what Enterprise keeps of what was done, as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lsops.cli.options import CHDIR, MANIFEST, SERVER, Flags, Lines, common, option, output
from lsops.cli.planning import connected, opened
from lsops.cli.terminal import Terminal
from lsops.manifest.files import locate
from lsops.model.audit import Window
from lsops.model.desired import Desired
from lsops.operations.audit import NOTHING_DECLARED, Audit, AuditRequest
from lsops.operations.audit_file import Known, audit_file
from lsops.signs import plural

if TYPE_CHECKING:
    from lsops.server.session import Session

TELLING = output("errands")[2:]
"""The flags about what is printed, less those of a form: these are always lines of JSON."""


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """A date or a time; without a zone it is UTC."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        message = f"{value!r} is no date or time such as 2026-11-28 or 2026-11-28T09:30:00Z"
        raise click.BadParameter(message, ctx, param) from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


@click.command("audit")
@click.argument("addresses", nargs=-1, type=Lines(), metavar="[ADDRESS...]")
@common(CHDIR, MANIFEST, SERVER, TELLING)
@option("--since", callback=_moment, metavar="T", help="Only from that date or time (UTC) on.")
@option("--until", callback=_moment, metavar="T", help="Only up to that date or time (UTC).")
@option("-o", "--to", type=click.Path(path_type=Path), metavar="FILE", help="Write there, and go on where it ends.")
def command(
    options: Flags, addresses: tuple[str, ...], since: datetime | None, until: datetime | None, to: Path | None
) -> int:
    """Read what Enterprise keeps of what was done, as JSON Lines: annotation history, reviews and the activity log.

    ADDRESS is that of a live project, a glob, or /organization for the activity log of all. Without one everything is
    read. A manifest is used if there is one. With -o a file that is there is continued, without a hole or a double;
    give it the same addresses each time. The token must be an administrator's.

    Exit codes: 0 done, 1 the server or the login, 3 the manifest or the command line is wrong, or the server is
    Community, 4 some of it could not be read, 130 interrupted.
    """
    with _at_hand(options) as (desired, session):
        request = AuditRequest(addresses, Window(since, until), desired)
        audit = Audit(session, request, Known(), Terminal(options.output))
        if to is None:
            for entry in audit.entries():
                options.output.say(entry.line())
        else:
            options.output.note(f"{plural(_to_file(audit, to), 'line')} written to {to}")
    return 4 if audit.failures else 0


@contextmanager
def _at_hand(options: Flags) -> Iterator[tuple[Desired, Session]]:
    """What the manifest declares, if there is one, and a session with the server. Raises: LsopsError."""
    folder, name = locate(options.path)
    if options.path == Path() and not (folder / name).exists():
        with connected(options) as session:
            yield NOTHING_DECLARED, session
    else:
        with opened(options) as (manifest, session):
            yield manifest.desired, session


def _to_file(audit: Audit, path: Path) -> int:
    with audit_file(path) as (known, file):
        audit.known = known
        return sum(file.write(entry.line().encode() + b"\n") > 0 for entry in audit.entries())
