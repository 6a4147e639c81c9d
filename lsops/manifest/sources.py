"""Which environment variables may be the source of a secret: a pull request must not send the CI's own anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

RESERVED = tuple(
    """LABEL_STUDIO_* LSOPS_* GITHUB_* GH_* ACTIONS_* RUNNER_* CI CI_* GITLAB_* SYSTEM_* BUILD_* BUILDKITE_* BITBUCKET_*
    CIRCLE_* JENKINS_* DRONE_* VAULT_* NPM_* PYPI_* TWINE_* SSH_* KUBE* DOCKER_* REGISTRY_* TF_* PATH HOME""".split()
)
"""What belongs to lsops, to a CI or to its tools; names are compared without case."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The names that are a source: those that a glob of `allowed` matches; of None, all that are not reserved."""

    allowed: tuple[str, ...] | None = None

    def why_not(self, name: str) -> str:
        """Why a variable is no source, as the rest of a sentence; empty where it is one."""
        if self.allowed is None:
            return "which is reserved" if _matches(name, RESERVED) else ""
        return "" if _matches(name, self.allowed) else "which --secret-env does not name"


@lru_cache(maxsize=4096)
def _matches(name: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name.upper(), glob.upper()) for glob in globs)


ANY_FREE = Sources()
"""The rule where the operator says nothing."""
