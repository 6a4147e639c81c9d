"""From files on disk to a checked `Desired`, with file, line and column for everything."""

from __future__ import annotations

from lsops.manifest.load import Manifest, load
from lsops.manifest.options import Options
from lsops.manifest.positions import Map, Seq
from lsops.manifest.secrets import Vault, resolve_secrets

__all__ = ["Manifest", "Map", "Options", "Seq", "Vault", "load", "resolve_secrets"]
