"""From flags and environment to a manifest and a session: what every verb with a server begins with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from lsops.cli.options import Flags
from lsops.cli.sandbox_file import made_folder, named_file, own_file
from lsops.errors import Finding, UsageError

if TYPE_CHECKING:
    from lsops.manifest import Manifest, Options
    from lsops.operations.servers import ServerRequest
    from lsops.server.session import Session
    from lsops.server.settings import Settings


MOST_NAMES = 10
"""Environments that are named."""
LONGEST_NAME = 60


def environment() -> Mapping[str, str]:
    """The process environment: read here, passed on as a value."""
    return dict(os.environ)


def warn_of_any_secret(options: Flags) -> None:
    """Say in a CI that nobody has named the variables that may hold secrets: a merged manifest could send any."""
    if os.environ.get("CI") and not options.secret_env:
        options.output.note(
            "warning: any variable of this job that is not reserved may be sent as a secret; "
            "name those that may in LSOPS_SECRET_ENV, such as LSOPS_SECRET_ENV=AZURE_*,HOOK_*"
        )


def manifest_of(options: Flags) -> Manifest:
    """The checked manifest. Raises: ManifestError, with the way to its files for the printing."""
    from lsops.operations.load import load_manifest

    return load_manifest(options.path, manifest_options(options))


def manifest_options(options: Flags) -> Options:
    """What the flags and the environment say of loading a manifest."""
    from lsops.manifest import Options

    return Options(
        environment=options.environment,
        overlays=options.overlay,
        variables=dict(item.split("=", 1) for item in options.var),
        env=environment(),
        secrets_dir=options.secrets_dir,
        secret_env=options.secret_env or None,
        policies=options.policy,
    )


def name_environments(options: Flags, manifest: Manifest) -> None:
    """Say which environments there are where none was chosen: the base alone is seldom what runs somewhere."""
    from lsops.render.markup import cut

    names = list(manifest.document.get("environments") or ())
    if names and not options.environment:
        rest = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
        shown = ", ".join(cut(name, LONGEST_NAME) for name in names[:MOST_NAMES])
        options.output.note(f"no environment is chosen; the manifest has {shown}{rest} (-e NAME)")


def server_request(options: Flags) -> ServerRequest:
    """What the flags and the environment say of the server and the token."""
    from lsops.operations.servers import ServerRequest

    return ServerRequest(options.server, options.token_file, environment())


def open_session(options: Flags, manifest: Manifest | None) -> Session:
    """A session with the chosen server. Raises: UsageError."""
    from lsops.operations.servers import check_stand_in, resolve_server, resolve_token

    request = server_request(options)
    choice = resolve_server(request, manifest)
    if choice.is_sandbox:
        check_stand_in(choice, request, manifest)
        return _sandbox(choice.url, choice.by, options, manifest)
    from lsops.server.session import Session

    token = resolve_token(choice, request, manifest)
    session = Session(choice.url, token=token.value, settings=settings(options))
    if session.warns_of_plain_http:
        options.output.note(f"warning: {choice.url} is plain http: the token travels unencrypted")
    return session


def settings(options: Flags) -> Settings:
    """How the session behaves, from the flags."""
    from lsops.server.settings import Settings

    return Settings(
        timeout=options.timeout,
        rate=options.rate or 0.0,
        throttle_budget=options.throttle_budget,
        concurrency=options.concurrency or 0,
        write_concurrency=options.write_concurrency,
        ca_bundle=options.ca_bundle,
        environ=environment(),
        settle_timeout=options.settle_timeout,
        on_exchange=options.output.exchange if options.output.verbose > 1 else lambda exchange: None,
    )


def now() -> str:
    """The time in UTC, or that of `SOURCE_DATE_EPOCH`."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.now(timezone.utc)
    with suppress(ValueError, OverflowError, OSError):
        moment = datetime.fromtimestamp(int(epoch), timezone.utc) if epoch else moment
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# ---- sandbox -------------------------------------------------------------------------------------


def _sandbox(url: str, by: str, options: Flags, manifest: Manifest | None) -> Session:
    """The stand-in in this process: `sandbox:`, `sandbox:PATH`, either with `?edition=community`."""
    from lsops.server.session import Session

    spec, _, query = url.removeprefix("sandbox:").partition("?")
    root = manifest.root if manifest else Path()
    if by == "manifest" and spec:
        raise UsageError.of(
            "a manifest cannot name the sandbox's file",
            code="LS604",
            hint="write sandbox: alone, or name the file with --server sandbox:PATH",
        )
    database = named_file(Path(spec)) if spec else own_file(root)
    edition = parse_qs(query).get("edition", [""])[0]
    if edition not in ("", "community", "enterprise"):
        raise UsageError.of(f"the sandbox has no edition {edition!r}", hint="community or enterprise")
    app = open_sandbox(database, edition or _fitting(database, manifest))
    return Session("http://sandbox", settings=settings(options), transport=_in_process(app), shown="sandbox:" + spec)


def _in_process(app: Any) -> Any:
    """A transport into an application of this process, whose file is closed with it."""
    import httpx

    class InProcess(httpx.WSGITransport):
        def close(self) -> None:
            app.extensions["sandbox"].store.close()

    return InProcess(app=app)


def open_sandbox(database: Path, edition: str | None) -> Any:
    """The sandbox's application on a database, None for the edition that its file has.

    Raises: UsageError where its packages are not installed.
    """
    try:
        from lsops.sandbox import create_app
    except ModuleNotFoundError as problem:
        raise UsageError(
            [Finding("LS607", "the sandbox is not installed", hint="pip install 'lsops[sandbox]'")]
        ) from problem
    made_folder(database)
    return create_app(database, edition=edition)


def _fitting(database: Path, manifest: Manifest | None) -> str | None:
    """None for an existing sandbox, which has its edition; of a fresh one, the least that the manifest needs."""
    if database.exists():
        return None
    from lsops.operations.editions import edition_for

    return "enterprise" if manifest is None else edition_for(manifest)
