"""The jobs of the GitLab component, as a runner runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPONENT = ROOT / "examples" / "gitops" / "gitlab-component" / "templates" / "lsops.yml"
PROGRAMS = {
    "lsops": f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lsops "$@"\n',
    "python3": f'#!/bin/sh\nexec "{sys.executable}" "$@"\n',
}


def component(**inputs: str) -> dict[str, Any]:
    """The jobs of the component as a project gets them that includes it with these inputs."""
    spec, _, jobs = COMPONENT.read_text("utf-8").partition("\n---\n")
    given = {name: entry.get("default") for name, entry in yaml.safe_load(spec)["spec"]["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    found: dict[str, Any] = yaml.safe_load(
        re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda one: str(given[one[1]]), jobs)
    )
    return found


def script_of(name: str, **inputs: str) -> tuple[str, dict[str, str]]:
    """What the shell of a job gets, and the job's variables."""
    jobs = component(**inputs)
    job = {**jobs[str(jobs[name]["extends"])], **jobs[name]}
    lines = "\n".join([*job["before_script"], *job["script"]])
    return lines, {key: str(value or "") for key, value in job["variables"].items()}


def run_job(name: str, folder: Path, given: Mapping[str, str], **inputs: str) -> tuple[int, str]:
    """The exit code and the log of a job in a checkout, by the shell that a runner has."""
    script, variables = script_of(name, **inputs)
    programs = folder.parent / "bin"
    programs.mkdir(exist_ok=True)
    for program, text in PROGRAMS.items():
        (programs / program).write_text(text, "utf-8")
        (programs / program).chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(folder), "CI": "true", "CI_PROJECT_ID": "7", **variables, **given}
    command = ["sh", "-e", "-c", script]
    done = subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr
