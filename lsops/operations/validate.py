"""Validating: loading, and what is lawful and doubtful all the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lsops.engine.offline import doubtful_values
from lsops.errors import Finding
from lsops.manifest import Manifest, Options
from lsops.manifest.load import NO_OPTIONS
from lsops.operations.load import load_manifest


@dataclass(frozen=True, slots=True)
class Validation:
    """A valid manifest, and what is doubtful in it."""

    manifest: Manifest
    warnings: tuple[Finding, ...] = ()


def validate_manifest(path: Path, options: Options = NO_OPTIONS) -> Validation:
    """Everything that can be known of a manifest without a server.

    Raises:
        ManifestError: it is wrong; every finding is in it.
    """
    manifest = load_manifest(path, options)
    return Validation(manifest, (*manifest.warnings, *doubtful_values(manifest.desired)))
