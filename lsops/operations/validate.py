"""Validating: loading, and what is lawful and doubtful all the same."""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    tasks: int | None = None
    """How many tasks were held against a label config; None where none were given."""


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


def with_tasks(found: Validation, tasks: Path, folder: Path, targets: Iterable[str] = ()) -> Validation:
    """The same, with a file of tasks held against the label config of what the targets cover; `folder` is the manifest.

    Raises:
        ManifestError: the file cannot be read, or a task does not fit; every finding is in it, by task.
        UsageError: the targets cover no label config, or several.
    """
    from lsops.engine.planning.scope import matches, select
    from lsops.manifest.findings import Findings
    from lsops.manifest.task_check import CONFIG_FIELD, check_tasks, configured
    from lsops.manifest.task_files import tasks_in

    globs, desired = tuple(targets), found.manifest.desired
    covered = select(desired, globs).desired.resources
    chosen = configured(tuple(one for one in covered if not globs or any(matches(glob, one.address) for glob in globs)))
    beside = folder if folder.is_dir() else folder.parent
    shown = Path(os.path.relpath(tasks, beside)).as_posix()
    findings = Findings()
    with prefixed(found.manifest.display_prefix):
        number = check_tasks(tasks_in(tasks, shown), chosen.values[CONFIG_FIELD], chosen.address, findings)
        findings.raise_errors()
    return replace(found, warnings=(*found.warnings, *findings.warnings), tasks=number)
