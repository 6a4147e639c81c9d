"""The public Python API: `lsops.load`, `lsops.plan`, `lsops.apply`, and `lsops.connect` for a session.

with lsops.connect("https://label.example.com", token) as session:
    manifest = lsops.load("label-studio/")
    plan = lsops.plan(manifest, session, secrets=os.environ)
    report = lsops.apply(plan, session, secrets=os.environ)

`lsops.diff` compares two manifests without a server, and `lsops.dump` writes one of what is live.

These are the operations that the command line runs: what one of them refuses, the other refuses, too. A request says
what its flags say. Who wants to hear what it prints while it works gives `lsops.operations` an `Interaction`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lsops.dumping.values import Dump
from lsops.engine.needs import Consent
from lsops.errors import UsageError
from lsops.manifest import Manifest, Options
from lsops.manifest.load import NO_OPTIONS
from lsops.model.plan import Plan
from lsops.model.report import Report
from lsops.model.shard import Shard
from lsops.operations.apply import ApplyRequest, apply_plan
from lsops.operations.diff import diff_manifests
from lsops.operations.dump import ALL, DumpRequest, already_at, dump_server, refuse_folder, write_dump
from lsops.operations.load import load_manifest
from lsops.operations.plan import EVERYTHING, PlanRequest, plan_manifest
from lsops.server.choice import check_given
from lsops.server.session import Session

__all__ = [
    "ApplyRequest",
    "Consent",
    "Dump",
    "DumpRequest",
    "Options",
    "PlanRequest",
    "Shard",
    "apply",
    "connect",
    "diff",
    "dump",
    "load",
    "plan",
]


def connect(url: str, token: str) -> Session:
    """A session with a server; use it in a `with` block or close it. Nothing is sent before it is used.

    Raises:
        UsageError: it is not the plain URL of a server, or not a token that lasts.
    """
    if url.startswith("sandbox:"):
        hint = "run lsops sandbox serve, and give the URL and the token that it prints"
        raise UsageError.of("sandbox: is a server of the command line alone", hint=hint)
    address, secret = check_given(url, token)
    return Session(address, token=secret)


def load(path: str | Path, options: Options | None = None) -> Manifest:
    """The manifest at a path, a folder or its file, checked offline.

    Raises:
        ManifestError: it is wrong; every finding is in it.
    """
    return load_manifest(Path(path), options or NO_OPTIONS)


def plan(
    manifest: Manifest,
    session: Session,
    *,
    secrets: Mapping[str, str] | None = None,
    request: PlanRequest | None = None,
) -> Plan:
    """What would change on the server. Failed reads are in `Plan.failures`.

    `secrets` is where the `${env:NAME}` of a webhook's URL is looked up; what is not there is in `Plan.not_compared`.
    Without a `request` the whole manifest is planned.

    Raises:
        ServerError: the server cannot be reached, or does not accept the token.
        ManifestError: the manifest cannot be carried out on this server.
    """
    request = request or EVERYTHING
    if secrets is not None:
        request = replace(request, env=secrets)
    return plan_manifest(manifest, session, request).plan


def diff(base: Manifest, manifest: Manifest) -> Plan:
    """What `manifest` would change on a server that is as `base` declares; no server is asked.

    Raises:
        ManifestError: the second manifest cannot follow the first.
    """
    return diff_manifests(base, manifest)


def apply(
    plan: Plan,
    session: Session,
    *,
    secrets: Mapping[str, str] | None = None,
    root: str | Path | None = None,
    request: ApplyRequest | None = None,
) -> Report:
    """Make the changes of a plan that came from `plan`. Without a `request` all deletes are agreed to.

    So is what the plan says that a change loses; a change that lost nothing then and would now is not made.

    `secrets` is where `${env:NAME}` is looked up, `root` the folder of `${file:PATH}` if it is not the manifest's.

    Raises:
        ManifestError: a secret has no value or the wrong form; nothing was written.
        LsopsError: the plan has failed reads; nothing was written.
        Refused: something is not allowed; nothing was written.
        ServerError: what had to be asked before was not answered, and nothing was written; or somebody could not be
            mailed as the request asked for, and the changes were made all the same.
    """
    request = request or ApplyRequest()
    if secrets is not None:
        request = replace(request, env=secrets)
    if root is not None:
        request = replace(request, folder=Path(root))
    applied = apply_plan(plan, session, request)
    if applied.uninvited is not None:
        raise applied.uninvited
    return applied.report


def dump(session: Session, path: str | Path, *, force: bool = False, request: DumpRequest | None = None) -> Dump:
    """A manifest of what is live, written to a folder: all of its files, or none. Failed reads are in `Dump.failures`.

    Without a `request` it is all of the organisation; with `force` files that are there are replaced.

    Raises:
        UsageError: a target covers nothing, or something is in the way of a file.
        ServerError: the server cannot be reached, or does not accept the token.
    """
    folder = Path(path)
    refuse_folder(folder, force=force)
    wanted = replace(request or ALL, beside=already_at(folder))
    made = dump_server(session, wanted)
    write_dump(made, folder, force=force)
    return made
