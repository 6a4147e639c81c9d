"""What the command line says about loading a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How to load a manifest.

    `overlays` are paths relative to the working directory, wherever they lie; `variables` are `--var` values and
    `env` is the process environment, of which `LSOPS_VAR_name` sets variables. `secrets_dir` is the folder below
    which the file of a secret may have an absolute path, and `secret_env` are globs of the variables that may hold
    secrets; None for all that are not reserved. `policies` are paths of policy files, wherever they lie.
    """

    environment: str = ""
    overlays: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets_dir: Path | None = None
    secret_env: tuple[str, ...] | None = None
    policies: tuple[str, ...] = ()
