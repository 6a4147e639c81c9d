"""Files for a pipeline, as `lsops init --ci` and `--cron` write them; their first lines say what is the reader's own.

The files beside this module are those of `examples/gitops` where it has one, to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lsops.version import __version__

Uses = Mapping[str, Mapping[str, str]]
CI: Final[Uses] = {
    "github": {".github/workflows/label-studio.yaml": "github/label-studio.yaml"},
    "gitlab": {".gitlab-ci.yml": "gitlab/pipeline.yml", ".gitlab/label-studio.yml": "gitlab/label-studio.yml"},
}
"""By platform, where each file is written and which one it is: plan in a pull request, apply after its merge."""
CRON: Final[Uses] = {
    "github": {".github/workflows/label-studio-drift.yaml": "github/label-studio-drift.yaml"},
    "gitlab": {
        ".gitlab-ci.yml": "gitlab/pipeline.yml",
        ".gitlab/label-studio-drift.yml": "gitlab/label-studio-drift.yml",
    },
    "kubernetes": {
        "kubernetes/label-studio-drift.yaml": "kubernetes/label-studio-drift.yaml",
        "kubernetes/Dockerfile": "kubernetes/Dockerfile",
    },
}
"""The same of drift, every night."""
OPTIONAL: Final = frozenset((".gitlab-ci.yml",))
"""What may be there already: it is left as it is, and needs a line more."""
WRITTEN: Final = "prod"
"""The environment that the files name."""

_NO_TEXT = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
"""Words that YAML reads as something else, of 1.1 too, as some platforms do."""
_RELEASE = re.compile(r"\blsops==[0-9][0-9A-Za-z.]*")
_NAMED = re.compile(rf"( -e |, -e, |environment: |the environment \()({WRITTEN})\b")
_UNNAMED = re.compile(
    rf" -e {WRITTEN}\b|, -e, {WRITTEN}\b|^ *environment: {WRITTEN}\n|the environment \({WRITTEN}\)(?:,| and) ",
    re.MULTILINE,
)


def pipeline_files(ci: str = "", cron: str = "", environment: str = "") -> Mapping[str, str]:
    """The texts of the files for these platforms, by where they are written below a repository.

    They install the release that writes them. `environment` must be plain; without one no command names any.
    """
    found = {**CI.get(ci, {}), **CRON.get(cron, {})}
    texts = {place: _in_environment(starter_text(name), environment) for place, name in found.items()}
    return {place: _RELEASE.sub(f"lsops=={__version__}", text) for place, text in texts.items()}


def is_plain(environment: str) -> bool:
    """Whether the name of an environment can stand in a shell's command and in YAML as it is."""
    return environment.lower() not in _NO_TEXT and re.fullmatch(r"([A-Za-z][A-Za-z0-9_-]*)?", environment) is not None


def starter_text(name: str) -> str:
    """One of the files beside this module."""
    return (Path(__file__).parent / name).read_text("utf-8")


def _in_environment(text: str, environment: str) -> str:
    return _NAMED.sub(lambda found: found[1] + environment, text) if environment else _UNNAMED.sub("", text)
