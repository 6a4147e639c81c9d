"""Validating: loading, and what is lawful and doubtful all the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lsops.engine.offline import doubtful_values
from lsops.errors import Finding, ManifestError, prefixed
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
        ManifestError: it is wrong, or a policy denies something of it; every finding is in it.
    """
    manifest = load_manifest(path, options)
    warnings = (*manifest.warnings, *doubtful_values(manifest.desired))
    return Validation(manifest, (*warnings, *_judged(manifest, warnings)))


def _judged(manifest: Manifest, warnings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What policies warn of. Raises: ManifestError, where one denies something or has no answer."""
    if not manifest.policies:
        return ()
    from lsops.engine.policies import judged_resources

    found = judged_resources(manifest.policies, manifest.desired)
    errors = tuple(one for one in found if one.is_error)
    warned = tuple(one for one in found if not one.is_error)
    if errors:
        with prefixed(manifest.display_prefix):
            raise ManifestError((*errors, *warnings, *warned))
    return warned
