"""Loading: a manifest, checked by all that can be known of it without a server."""

from __future__ import annotations

from pathlib import Path

from lsops.engine.offline import check_offline
from lsops.errors import prefixed
from lsops.manifest import Manifest, Options, load
from lsops.manifest.load import NO_OPTIONS, display_prefix


def load_manifest(path: Path, options: Options = NO_OPTIONS) -> Manifest:
    """The manifest at a path: a folder with `lsops.yaml`, or the file. No server is asked, and no secret is read.

    Raises:
        ManifestError: it is wrong; every finding is in it.
    """
    with prefixed(display_prefix(path if path.is_dir() else path.parent)):
        manifest = load(path, options)
        check_offline(manifest.desired)
    return manifest
