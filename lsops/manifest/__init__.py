"""From files on disk to a checked `Desired`, with file, line and column for everything."""

from __future__ import annotations

from lsops.manifest.load import Manifest, load
from lsops.manifest.options import Options
from lsops.manifest.positions import Map, Seq
from lsops.manifest.secret_keys import KnownKeys, resolve_keys
from lsops.manifest.secrets import Vault, resolve_secrets
from lsops.schema import secret_key

__all__ = [
    "KnownKeys",
    "Manifest",
    "Map",
    "Options",
    "Seq",
    "Vault",
    "load",
    "resolve_keys",
    "resolve_secrets",
    "secret_key",
]
