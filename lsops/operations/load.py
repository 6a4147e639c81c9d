"""Loading: a manifest, checked by all that can be known of it without a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lsops.engine.offline import check_offline
from lsops.errors import prefixed
from lsops.manifest import Manifest, Options, load
from lsops.manifest.files import Folder
from lsops.manifest.load import NO_OPTIONS, display_prefix
from lsops.model.policy import Policy


def load_manifest(path: Path, options: Options = NO_OPTIONS, folder: Folder | None = None) -> Manifest:
    """The manifest at a path: a folder with `lsops.yaml`, or the file. No server is asked, and no secret is read.

    `folder` holds the files where they are not those on disk.

    Raises:
        ManifestError: it is wrong; every finding is in it.
        UsageError: it has policies, and what judges them is not installed.
    """
    with prefixed(display_prefix(path if path.is_dir() else path.parent)):
        manifest = load(path, options, folder=folder)
        check_offline(manifest.desired)
        _check_policies(manifest.policies)
    return manifest


def _check_policies(policies: Sequence[Policy]) -> None:
    """Raises: ManifestError, where an expression is not CEL; UsageError, where there are some and CEL is missing."""
    if policies:
        from lsops.engine.policies import rules_of

        rules_of(policies)
