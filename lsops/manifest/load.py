"""`load`: from a folder on disk to what it declares."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from lsops.collector import collector_off
from lsops.errors import Finding, ManifestError, Source
from lsops.manifest.checks import lifecycle_document
from lsops.manifest.compose import Composed, Layer, compose
from lsops.manifest.files import Folder
from lsops.manifest.findings import Findings
from lsops.manifest.lifecycle import read_lifecycle
from lsops.manifest.options import Options
from lsops.manifest.policy_files import read_policies
from lsops.manifest.positions import Map
from lsops.manifest.references import References
from lsops.manifest.resources import Resources
from lsops.manifest.settings import check_settings
from lsops.manifest.templates import lent_by
from lsops.manifest.value_place import Unresolvable, ValuePlace
from lsops.model.desired import Desired
from lsops.model.policy import Policy


@dataclass(frozen=True)
class Manifest:
    """A manifest that is right, as far as can be told without a server.

    `root` is its folder and `path` its file. Files in sources are named relative to `root`; `display` gives the name
    as the user knows it. `document` is the composed tree, with positions, before references;
    `overlays` names the files laid over it, in order. `policies` are those of the manifest, then those of files.
    """

    root: Path
    path: Path
    server_url: str
    server_source: Source | None
    environment: str
    desired: Desired
    warnings: tuple[Finding, ...] = ()
    document: Map = field(default_factory=Map, repr=False)
    overlays: tuple[str, ...] = ()
    policies: tuple[Policy, ...] = ()
    display_prefix: str = ""

    def display(self, file: str) -> str:
        """The name of a source's file as the user knows it."""
        return posixpath.normpath(self.display_prefix + file)


NO_OPTIONS = Options()


def load(
    path: Path, options: Options = NO_OPTIONS, layers: list[Layer] | None = None, folder: Folder | None = None
) -> Manifest:
    """Read, compose and check the manifest at `path`: a folder with `lsops.yaml`, or the file.

    Nothing but files is read, and no secret. `layers` is filled with what was composed, where it is given, and `folder`
    holds the files where they are not those on disk. Raises `ManifestError` with the findings of all files.
    """
    findings = Findings()
    with collector_off():
        composed = compose(path, options, findings, layers, folder)
        if composed is None:
            raise ManifestError((*findings.errors, *findings.warnings))
        manifest = _manifest(composed, options, findings)
    findings.raise_errors()
    return manifest


def _manifest(composed: Composed, options: Options, findings: Findings) -> Manifest:
    tree = composed.tree
    references = composed.references
    settings = check_settings(composed, references, findings)
    policies = read_policies(tree, options.policies, composed.reader)
    resources = Resources(references, findings, composed.reader.texts)
    resources.build(tree)
    return Manifest(
        root=composed.root,
        path=composed.root / composed.name,
        server_url=settings.url,
        server_source=settings.url_source,
        environment=options.environment,
        desired=replace(
            resources.desired(settings.prune),
            protected=tuple(_protected(tree, references, findings)),
            lent=frozenset(_lent(tree)) | lent_by(composed.templates),
        ),
        warnings=findings.warnings,
        document=tree,
        overlays=composed.overlays,
        policies=policies,
        display_prefix=display_prefix(composed.root),
    )


def _protected(tree: Map, references: References, findings: Findings) -> Iterator[str]:
    """The collections whose defaults say `lifecycle: {protect: true}`, with or without an entry that has it."""
    defaults = tree.get("defaults")
    for path, block in defaults.items() if isinstance(defaults, Map) else ():
        if not isinstance(block, Map) or "lifecycle" not in block:
            continue
        where = ValuePlace(lifecycle_document(), block.places["lifecycle"][1], "", "lifecycle")
        with suppress(Unresolvable):
            rules = references.resolve(block["lifecycle"], where)
            if isinstance(rules, Map):
                told, problems = read_lifecycle(rules, "")
                for problem in problems:
                    findings.add(problem)
                if told.protect:
                    yield path


def _lent(tree: Map) -> Iterator[Source]:
    """The places at which defaults write fields of entries."""
    defaults = tree.get("defaults")
    for block in defaults.values() if isinstance(defaults, Map) else ():
        places = [block.key_source(name) for name in block] if isinstance(block, Map) else []
        yield from (place for place in places if place is not None)


def display_prefix(root: Path) -> str:
    """What stands before a file's name so that it is as the user knows it: `""` or `examples/quickstart/`."""
    text = root.as_posix()
    return "" if text == "." else text.rstrip("/") + "/"
