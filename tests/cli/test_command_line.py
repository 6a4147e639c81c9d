"""The command line itself: what it suggests, what its help tells, and what a shell completes."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lsops import __version__
from lsops.cli.failure import UNKNOWN
from lsops.cli.main import VERBS
from lsops.cli.main import lsops as group
from lsops.schema import documents
from tests.support.cli import Lsops

ROOT = Path(__file__).parents[2]
MANIFEST = """
    version: 1
    environments: {prod: {}, preview: {}, staging: {overlays: [nowhere.yaml]}}
    vars: {who: me}
    projects:
      Chest X-ray triage:
        description: ${var:who}
        views: {"5 * new, 'mine'": {}}
      "hidden \\u202E name": {}
"""


# ---- suggestions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["plann"], "did you mean plan? lsops --help tells more"),
        (["aply", "--yes"], "did you mean apply? lsops --help tells more"),
        (["sandbox", "srve"], "did you mean serve? lsops sandbox --help tells more"),
        (["plan", "--envirnoment", "x"], "did you mean --environment? lsops plan --help tells more"),
        (["apply", "--allow-delete", "1"], "did you mean --allow-deletes? lsops apply --help tells more"),
        (["--versoin"], "did you mean --version? lsops --help tells more"),
        (["zzz"], "lsops --help"),
        (["plan", "--zzz"], "lsops plan --help"),
        (["plan", "-Z"], "lsops plan --help"),
        (["plan", "p" * 100_000, "x"], "lsops plan --help"),
    ],
)
def test_a_command_or_a_flag_that_there_is_not_is_suggested(lsops: Lsops, arguments: list[str], meant: str) -> None:
    ran = lsops(*arguments)
    assert ran.code == 3
    assert ran.err.splitlines()[-1] == f"  {meant}"
    assert "Did you mean" not in ran.err


@pytest.mark.parametrize(
    "message",
    ["No such option: --nope", "No such option: --nope Did you mean --note?", "No such option '--nope'. Did you mean?"],
)
def test_each_release_of_click_is_understood(message: str) -> None:
    found = UNKNOWN.match(message)
    assert found is not None
    assert found[1] == "--nope"


# ---- help and version ----------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--version"], ["-V"], ["version"]])
def test_the_version_can_be_asked_for_in_three_ways(lsops: Lsops, arguments: list[str]) -> None:
    ran = lsops(*arguments)
    assert (ran.code, ran.out, ran.err) == (0, f"lsops {__version__}\n", "")


def test_help_names_the_variables_of_the_server_and_the_token() -> None:
    text = " ".join(CliRunner().invoke(group, ["--help"]).output.split())
    assert "LABEL_STUDIO_URL Server, unless --server names one" in text
    assert "LABEL_STUDIO_API_KEY Token; LABEL_STUDIO_API_KEY_FILE or --token-file name a file with it." in text


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_explains_its_arguments(verb: str) -> None:
    text = " ".join(CliRunner().invoke(group, [verb, "--help"]).output.split())
    has_path = "[PATH]" in text or "--chdir PATH" in text
    assert has_path == ("PATH is the manifest: a folder with lsops.yaml, or the file." in text)
    assert ("--server" in text) == ("else LABEL_STUDIO_URL, else the manifest's." in text)


# ---- completion ----------------------------------------------------------------------------------


def completed(lsops: Lsops, words: str) -> list[str]:
    """What bash completes the last word of a command line to, each as it would stand in it."""
    script = subprocess.run(  # its own process: the script asks for bash's version
        [sys.executable, "-m", "lsops", "completion", "bash"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout
    lsops.write(f'#!/bin/sh\nexec "{sys.executable}" -m lsops "$@"\n', "bin/lsops").chmod(0o755)
    parts = [*shlex.split(words), *([""] if words.endswith(" ") else [])]
    line = " ".join(map(shlex.quote, parts))
    ask = f'COMP_WORDS=({line}); COMP_CWORD={len(parts) - 1}; _lsops_completion bin/lsops; printf "%s\\n" "${{COMPREPLY[@]}}"'
    ran = subprocess.run(
        ["bash", "-c", f"{script}\n{ask}"],
        cwd=lsops.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stderr == ""
    return [row for row in ran.stdout.splitlines() if row]


def test_a_shell_completes_environments_addresses_collections_and_kinds(lsops: Lsops) -> None:
    lsops.write(MANIFEST)
    assert completed(lsops, "lsops plan -e p") == ["prod", "preview"]
    assert completed(lsops, "lsops plan . -e prod -t /projects/Chest") == [
        r"/projects/Chest\ X-ray\ triage",
        r"/projects/Chest\ X-ray\ triage/views/5\ \\\*\ new\,\ \'mine\'",
    ]
    assert completed(lsops, "lsops plan --skip w") == ["workspaces", "webhooks"]
    assert completed(lsops, "lsops schema ") == list(documents())


def test_what_is_completed_is_what_a_target_takes(lsops: Lsops) -> None:
    lsops.write(MANIFEST)
    view = completed(lsops, "lsops plan -t /projects/Chest")[1]
    ran = lsops("plan", "-s", "sandbox:", "-t", *shlex.split(view))
    assert ran.code == 0
    assert "+ /projects/Chest X-ray triage/views/5 * new, 'mine'" in ran.out


@pytest.mark.parametrize("manifest", ["", "version: 1\nprojects: [", "version: 1\nprojects: {A: {nope: 1}}\n", None])
def test_a_manifest_that_cannot_be_read_completes_to_nothing(lsops: Lsops, manifest: str | None) -> None:
    if manifest is not None:
        lsops.write(manifest)
    assert completed(lsops, "lsops plan -t /") == []
    assert completed(lsops, "lsops plan -e p") == []
