"""The first step: refuses what is wrong, blots out the tokens, and says what the steps after it are to do."""

from __future__ import annotations

import os
import platform
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from request import request, version
from runner import as_step, event, give, mask, say, setting

LOCKS = ("requirements/action.txt", "requirements/action-preview.txt", "pyproject.toml")


def main() -> None:
    """Outputs: command, whether it is a fork's, a folder of its own, where lsops is installed, names of artifacts."""
    for secret in (setting("API_KEY"), setting("GITHUB_TOKEN"), os.environ.get("LABEL_STUDIO_API_KEY", "")):
        mask(secret)
    what = event()
    asked = request(what)
    if asked.command != setting("COMMAND"):
        say("notice", f"A fork gets no token: `lsops {asked.command}` runs instead of `{setting('COMMAND')}`.")
    temp = Path(os.environ["RUNNER_TEMP"])
    key = _key()
    give(
        command=asked.command,
        fork=str(what.is_fork).lower(),
        folder=mkdtemp(prefix="lsops-run-", dir=temp),
        key=key,
        installed=temp / key,
        artifact=asked.artifact(asked.command),
        plan_artifact=asked.artifact("plan"),
    )


def _key() -> str:
    """What is the same where the same is installed: system, Python, release, and the locks of this checkout."""
    checkout = Path(__file__).parents[1]
    digest = sha256(version().encode())
    for name in LOCKS:
        digest.update((checkout / name).read_bytes())
    what = "lsops-preview" if setting("PREVIEW") == "true" else "lsops"
    return f"{what}-{platform.system()}-{platform.machine()}-{platform.python_version()}-{digest.hexdigest()[:16]}"


if __name__ == "__main__":
    as_step(main)
