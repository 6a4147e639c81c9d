"""`lsops doctor`: is the server there, is the token good, and where does every setting come from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lsops.cli.context import chosen, connect, environment, facts_of, load_manifest
from lsops.cli.options import MANIFEST, OUTPUT, PATH, SERVER, Options, common
from lsops.cli.output import as_json, echo_lines
from lsops.render.lines import Line
from lsops.render.safe import line
from lsops.version import __version__

if TYPE_CHECKING:
    from lsops.manifest import Manifest
    from lsops.server import Session

FORMAT = "lsops.doctor/1"


@click.command("doctor")
@common(PATH, MANIFEST, SERVER, OUTPUT)
def command(options: Options) -> int:
    """Check that the server answers and accepts the token, and tell where every setting comes from.

    A manifest is used if there is one. Exit codes: 0 all is well, 1 the server or the login, 3 a setting.
    """
    manifest = load_manifest(options) if _has_manifest(options.path) else None
    with connect(options, manifest) as session:
        answers = {**_settings(options, manifest, session), **_server(options, session)}
    if options.as_json:
        as_json({"format": FORMAT, **answers})
    else:
        width = max(map(len, answers))
        echo_lines(Line(f"{name.ljust(width)}  {line(str(text))}") for name, text in answers.items())
    return 0


def _has_manifest(path: Path) -> bool:
    return path.is_file() or (path / "lsops.yaml").is_file()


def _settings(options: Options, manifest: Manifest | None, session: Session) -> dict[str, Any]:
    choice = chosen(options, manifest)
    return {
        "lsops": __version__,
        "manifest": str(manifest.path) if manifest else "none",
        "server": f"{session.shown} (from {choice.source})",
        "token": _token(options, manifest, session),
        **dict(_overrides(environment())),
    }


def _server(options: Options, session: Session) -> dict[str, Any]:
    facts = facts_of(session, options)
    found = {"edition": facts.edition, "release": facts.release, "user": facts.email}
    return {
        **found,
        **({"role": facts.role} if facts.role else {}),
        "reads at a time": session.concurrency,
        "writes at a time": session.write_concurrency,
    }


def _token(options: Options, manifest: Manifest | None, session: Session) -> str:
    if session.credentials.kind == "none":
        return "none needed"
    from lsops.server import read_token

    source = read_token(chosen(options, manifest), environment(), options.token_file).source
    return f"{session.credentials.kind} (from {source})"


def _overrides(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Settings from `LSOPS_…` variables; those that hold values of the user's are named, not shown."""
    for name in sorted(env):
        if name.startswith("LSOPS_"):
            hidden = name == "LSOPS_TOKEN" or name.startswith("LSOPS_VAR_")
            yield name, "set" if hidden else env[name]
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        if os.environ.get(name):
            yield name, "set"
