"""The public Python API: `lsops.load`, `lsops.plan`, `lsops.apply`, and `lsops.connect` for a session.

with lsops.connect("https://label.example.com", token) as session:
    manifest = lsops.load("label-studio/")
    plan = lsops.plan(manifest, session)
    report = lsops.apply(plan, session, secrets=os.environ)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lsops.engine import apply as engine
from lsops.engine.confidential import literals, telltales_of
from lsops.engine.consent import agreeing
from lsops.engine.draft import Request
from lsops.engine.keys import Keys
from lsops.engine.lookalikes import refusals
from lsops.engine.needs import data_loss
from lsops.engine.plan import plan as pure_plan
from lsops.engine.read import read
from lsops.errors import LsopsError, Refused
from lsops.manifest import Manifest, Options, resolve_keys, resolve_secrets
from lsops.manifest import load as load_manifest
from lsops.model import Desired, Plan, Report
from lsops.server import Session, read_facts


def connect(url: str, token: str) -> Session:
    """A session with a server; use it in a `with` block or close it. Nothing is sent before it is used."""
    return Session(url, token=token)


def load(path: str | Path, options: Options | None = None) -> Manifest:
    """The manifest at a path, a folder or its file, checked offline.

    Raises:
        ManifestError: it is wrong; every finding is in it.
    """
    return load_manifest(Path(path), options or Options())


def plan(manifest: Manifest, session: Session, *, secrets: Mapping[str, str] | None = None) -> Plan:
    """What would change on the server. Failed reads are in `Plan.failures`.

    `secrets` is where the `${env:NAME}` of a webhook's URL is looked up; what is not there is in `Plan.not_compared`.

    Raises:
        ServerError: the server cannot be reached, or does not accept the token.
        ManifestError: the manifest cannot be carried out on this server.
    """
    desired, facts = manifest.desired, read_facts(session)
    keys = resolve_keys(desired.resources, env=secrets or {}, root=manifest.root, secrets_dir=None)
    session.redact(telltales_of(keys.vault))
    request = Request(keys=Keys(keys.vault, keys.unknown))
    return pure_plan(desired, read(desired, session, facts), facts, request)


def apply(plan: Plan, session: Session, *, secrets: Mapping[str, str] | None = None, root: str | Path = ".") -> Report:
    """Make the changes of a plan that came from `plan`; deletes are made too, consent is the caller's.

    What the plan says that a change loses is agreed to; a change that lost nothing then and would now is not made.

    `secrets` is where `${env:NAME}` is looked up, `root` the folder of `${file:PATH}`.

    Raises:
        ManifestError: a secret has no value; nothing was written.
        LsopsError: the plan has failed reads; nothing was written.
        Refused: a create looks like a live project that may have been renamed; nothing was written.
    """
    if plan.failures:
        raise LsopsError(plan.failures)
    if found := tuple(refusals(plan.changes)):
        raise Refused(found)
    desired = Desired(tuple(change.desired for change in plan.changes if change.desired is not None))
    vault = resolve_secrets(desired, env=secrets or {}, root=Path(root), secrets_dir=None)
    session.redact(vault.confidential() | literals(desired) | telltales_of(vault))
    losing = (change.address for change in plan.changes if data_loss(change))
    return engine.apply(agreeing(plan, losing), session, vault)
