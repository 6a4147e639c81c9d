"""Loading: a manifest, checked by all that can be known of it without a server."""

from __future__ import annotations

from pathlib import Path

from lsops.errors import prefixed
from lsops.manifest import Manifest, Options, load
from lsops.manifest.load import NO_OPTIONS, display_prefix
from lsops.model import Desired
from lsops.schema import kinds


def load_manifest(path: Path, options: Options = NO_OPTIONS) -> Manifest:
    """The manifest at a path: a folder with `lsops.yaml`, or the file. No server is asked, and no secret is read.

    Raises:
        ManifestError: it is wrong; every finding is in it.
    """
    with prefixed(display_prefix(path if path.is_dir() else path.parent)):
        manifest = load(path, options)
        if _may_contradict(manifest.desired):
            from lsops.engine.offline import check_offline

            check_offline(manifest.desired)
    return manifest


def _may_contradict(desired: Desired) -> bool:
    """Whether the kinds must be asked if entries contradict each other; else their modules are not imported."""
    fields = {name: schema.contradicts for name, schema in kinds().items() if schema.contradicts}
    return any(not fields[item.kind].isdisjoint(item.values) for item in desired.resources if item.kind in fields)
