"""`lsops sandbox`: the built-in Label Studio stand-in over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from lsops.cli.context import open_sandbox
from lsops.cli.options import Lines, logged, option
from lsops.cli.output import Output
from lsops.cli.sandbox_file import FOLDER, NAME, named_file, own_file
from lsops.errors import UsageError

OWN = Path(FOLDER, NAME)
DATABASE = option(
    "--db",
    "database",
    type=click.Path(path_type=Path, dir_okay=False),
    default=OWN,
    metavar="PATH",
    help="Its file (.lsops/sandbox.db).",
)
RATE = click.FloatRange(0, min_open=True)


@click.group("sandbox")
def command() -> None:
    """Run the built-in Label Studio stand-in, for trying and for tests."""


@command.command("serve")
@DATABASE
@option("--port", type=click.IntRange(0, 65535), default=8080, help="Port on 127.0.0.1; 0 takes a free one.")
@option("--edition", type=click.Choice(("community", "enterprise")), help="Which one to stand in for (enterprise).")
@option("--token", default="", metavar="TOKEN", help="The owner's token; made up and printed if left out.")
@option("--latency-ms", type=click.IntRange(0), default=0, metavar="N", help="Milliseconds to wait before an answer.")
@option("--fault", multiple=True, type=Lines(), metavar="SPEC", help="Misbehave: 'POST /api/projects/:500:times=1'.")
@option("--rate", type=RATE, metavar="N", help="Answer 429 above N requests a second per token.")
@option("--retry-after", type=click.FloatRange(0), metavar="S", help="Send Retry-After with a 429 of --rate.")
@option("--unknown", multiple=True, type=Lines(), metavar="POINT=ANSWER", help="Answer what nobody outside knows so.")
@logged
def serve(  # noqa: PLR0913  # a parameter per flag
    output: Output,
    *,
    database: Path,
    port: int,
    edition: str | None,
    token: str,
    latency_ms: int,
    fault: tuple[str, ...],
    rate: float | None,
    retry_after: float | None,
    unknown: tuple[str, ...],
) -> int:
    """Serve the stand-in on 127.0.0.1 until SIGTERM or Ctrl-C."""
    _checked(database)
    chosen = edition or _edition(database)
    app = open_sandbox(database, chosen)
    from lsops.sandbox import create_app, owner_token
    from lsops.sandbox import serve as run

    word = token or owner_token(database)
    app = create_app(
        database,
        edition=chosen,
        token=word,
        latency_ms=latency_ms,
        faults=fault,
        rate=rate,
        retry_after=retry_after,
        unknown=dict(map(_answer, unknown)),
    )

    def ready(url: str) -> None:
        output.say(f"Listening on {url}")
        output.say(f"Token: {word}")

    run(app, port=port, ready=ready)
    app.extensions["sandbox"].store.close()
    return 0


@command.command("user")
@click.argument("email")
@option("--role", default="annotator", help="Their role in the organisation, as a word.")
@DATABASE
@logged
def user(output: Output, email: str, role: str, database: Path) -> int:
    """Add an active member to a sandbox and print a token for them."""
    _checked(database)
    open_sandbox(database, _edition(database)).extensions["sandbox"].store.close()
    from lsops.sandbox import add_user

    output.say(f"Token: {add_user(database, email, role)}")
    return 0


def _answer(words: str) -> tuple[str, str]:
    """A point and its answer. Raises: UsageError."""
    point, sign, answer = words.partition("=")
    if not sign:
        raise UsageError.of(f'--unknown "{words}" has no answer', code="LS605", hint="--unknown POINT=ANSWER")
    return point, answer


def _checked(database: Path) -> None:
    own_file(Path()) if database == OWN else named_file(database)


def _edition(database: Path) -> str:
    if not database.exists():
        return "enterprise"
    from lsops.sandbox import edition_of

    return edition_of(database)
