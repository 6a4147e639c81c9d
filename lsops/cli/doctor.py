"""`lsops doctor`: is the server there, is the token good, and where does every setting come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lsops.cli.context import chosen, connect, environment, load_manifest
from lsops.cli.options import MANIFEST, OUTPUT, PATH, SERVER, Options, common
from lsops.cli.output import as_json, echo_lines
from lsops.errors import LsopsError
from lsops.masking import mask_urls
from lsops.render.findings import as_document, as_lines
from lsops.render.lines import Line
from lsops.render.safe import line
from lsops.version import __version__

if TYPE_CHECKING:
    from lsops.manifest import Manifest
    from lsops.server import Choice

FORMAT = "lsops.doctor/1"

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


@click.command("doctor")
@common(PATH, MANIFEST, SERVER, OUTPUT)
def command(options: Options) -> int:
    """Check that the server answers and accepts the token, and tell where every setting comes from.

    A manifest is used if there is one. What was found before a failure is printed too. Exit codes: 0 all is well,
    1 the server or the login, 3 a setting.
    """
    found: dict[str, Any] = {}
    try:
        for name, value in _look(options):
            found[name] = value  # noqa: PERF403  # what was found before an error stays
    except LsopsError as error:
        _show(found, options, error)
        if not options.as_json:
            raise
        echo_lines(as_lines(error.findings, getattr(error, "prefix", "")), error=True)
        return error.exit_code
    _show(found, options)
    return 0


def _show(found: Mapping[str, Any], options: Options, error: LsopsError | None = None) -> None:
    """The table; as JSON it is the one document, and so has the errors."""
    if options.as_json:
        failed = {"errors": as_document(error.findings)["errors"]} if error else {}
        as_json({"format": FORMAT, **found, **failed})
    else:
        width = max(map(len, found))
        echo_lines(Line(f"{name.ljust(width)}  {line(str(text))}") for name, text in found.items())


def _look(options: Options) -> Iterator[tuple[str, Any]]:
    """What is found, one thing after the other. Raises: LsopsError, at the first that is not as it should be."""
    yield "lsops", __version__
    yield from _overrides(environment())
    manifest = load_manifest(options) if _has_manifest(options.path) else None
    yield "manifest", str(manifest.path) if manifest else "none"
    choice = chosen(options, manifest)
    yield "server", f"{_shown(choice)} (from {choice.source})"
    yield "token", _token(choice, options, manifest)
    yield from _server(options, manifest)


def _has_manifest(path: Path) -> bool:
    return path.is_file() or (path / "lsops.yaml").is_file()


def _shown(choice: Choice) -> str:
    return choice.url.partition("?")[0] if choice.is_sandbox else choice.url


def _token(choice: Choice, options: Options, manifest: Manifest | None) -> str:
    if choice.is_sandbox:
        return "none needed"
    from lsops.server import read_token
    from lsops.server.tokens import is_personal

    token = read_token(choice, environment(), options.token_file, manifest.server_source if manifest else None)
    return f"{'personal' if is_personal(token.value) else 'legacy'} (from {token.source})"


def _server(options: Options, manifest: Manifest | None) -> Iterator[tuple[str, Any]]:
    from lsops.server.facts import read_caller, read_version

    with connect(options, manifest) as session:
        edition, release = read_version(session)
        yield from (("edition", edition), ("release", release))
        facts = read_caller(session, edition, release)
        yield "user", facts.email
        if facts.role:
            yield "role", facts.role
        yield from (("reads at a time", session.concurrency), ("writes at a time", session.write_concurrency))


def _overrides(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Settings from `LSOPS_…` variables; those that hold values of the user's are named, not shown."""
    for name in sorted(env):
        if name.startswith("LSOPS_"):
            hidden = name == "LSOPS_TOKEN" or name.startswith("LSOPS_VAR_")
            yield name, "set" if hidden else mask_urls(env[name])
    for name in sorted(env):
        if env[name] and (name.upper() in PROXIES or name in CERTIFICATES):
            yield name, "set"
