"""The image of examples/gitops: what its Dockerfile promises, and its steps run where no builder is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.programs import complaints, program
from tests.support.workflows import GITOPS

ROOT = GITOPS.parents[1]
FOLDER = GITOPS / "docker"
BASE = re.compile(r"python:3\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?")
SECRET = re.compile(r"TOKEN|KEY|SECRET|PASSWORD")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, without comments, each on one line."""
    text = "".join(row for row in (FOLDER / "Dockerfile").read_text("utf-8").splitlines(True) if row[0] != "#")
    rows = text.replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (row.partition(" ") for row in rows if row.strip())]


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage, behind its FROM."""
    found: list[list[tuple[str, str]]] = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        elif found:
            found[-1].append((word, rest))
    return found


def test_the_base_is_slim_and_pinned_to_a_release() -> None:
    [argument] = [rest for word, rest in instructions() if word == "ARG"]
    assert BASE.fullmatch(argument.removeprefix("PYTHON="))
    assert {rest.split()[0] for word, rest in instructions() if word == "FROM"} == {"${PYTHON}"}


def test_no_token_can_be_in_the_history_of_the_image() -> None:
    kept = [rest for word, rest in instructions() if word in ("ARG", "ENV", "LABEL")]
    assert not [rest for rest in kept if SECRET.search(rest)]
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert next(row for row in ignored if row[0] != "#") == "*"


def test_the_finished_image_runs_as_nobody_in_particular_and_installs_nothing() -> None:
    last = stages()[-1]
    assert [rest for word, rest in last if word == "USER"] == ["10001:10001"]
    assert [rest.split()[0] for word, rest in last if word == "COPY"] == ["--from=build"]
    assert not [rest for word, rest in last if word in ("RUN", "ADD")]
    assert ("ENTRYPOINT", '["lsops"]') in last


def test_the_trial_has_its_token_from_a_file_and_a_read_only_root(tmp_path: Path) -> None:
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
    service = compose["services"]["lsops"]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["environment"]["LABEL_STUDIO_API_KEY_FILE"] == "/run/secrets/api-key"
    shutil.copy(FOLDER / "secrets.sh", tmp_path)
    for said in ("Wrote .env and secrets/api-key.\n", ".env is here already\n"):
        done = subprocess.run([tmp_path / "secrets.sh"], check=True, capture_output=True, text=True, timeout=10)
        assert done.stdout == said
    made = dict(row.split("=") for row in (tmp_path / ".env").read_text().split())
    assert made["TOKEN"] == (tmp_path / compose["secrets"]["api-key"]["file"]).read_text().strip()
    assert set(re.findall(r"\$\{(\w+):", (FOLDER / "compose.yaml").read_text("utf-8"))) == set(made)
    assert {len(value) for value in made.values()} == {40}


@pytest.mark.soak
def test_the_steps_of_the_build_make_an_lsops_with_policies_and_without_pip(tmp_path: Path) -> None:
    source, prefix = tmp_path / "src", tmp_path / "lsops"
    source.mkdir()
    for word, rest in stages()[0]:
        if word == "COPY":
            *names, target = rest.split()
            for name in names:
                put(ROOT / name, source / target, whole=len(names) == 1)
        elif word == "RUN":
            step = rest.replace("/opt/lsops", str(prefix)).replace("python -m venv", f"{sys.executable} -m venv")
            subprocess.run(["sh", "-e", "-c", step], cwd=source, check=True, timeout=400)
    env = {"PATH": f"{prefix}/bin:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    rules = str(ROOT / "examples" / "policies" / "rules.yaml")
    words = ["lsops", "validate", str(ROOT / "examples" / "quickstart"), "--policy", rules]
    done = subprocess.run(words, env=env, cwd=source, check=False, capture_output=True, text=True, timeout=60)
    assert 'denied by the policy "every-project-protected"' in done.stderr
    assert not (prefix / "bin" / "pip").exists()


@pytest.mark.soak
def test_a_builder_makes_the_image_and_it_runs_without_writing() -> None:
    docker = program("docker")
    if complaints(docker, "info"):
        pytest.skip("no builder answers")
    assert not complaints(
        docker, "build", "--quiet", "--file", str(FOLDER / "Dockerfile"), "--tag", "lsops:test", str(ROOT)
    )
    quickstart = f"{ROOT}/examples/quickstart:/manifest:ro"
    apart = ["--read-only", "--cap-drop", "ALL", "--network", "none", "--volume", quickstart]
    assert not complaints(docker, "run", "--rm", *apart, "lsops:test", "validate")


def put(source: Path, target: Path, *, whole: bool) -> None:
    """What COPY does with one name: a folder's content, or a file into a folder."""
    if source.is_dir() and whole:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.mkdir(exist_ok=True)
        shutil.copy(source, target)
