"""The workflows of examples/gitops/github: who gets what, and how the action is used."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.support.workflows import GITOPS, jobs

ACTION = GITOPS.parents[1] / "action.yml"
REVIEW, NIGHT = (f"github/.github/workflows/label-studio{name}.yaml" for name in ("", "-drift"))
ALL = {**jobs(REVIEW), **jobs(NIGHT)}
CONSENT = ("--yes", "--allow-deletes", "--allow-data-loss", "--invite")
KEY, AZURE = "LABEL_STUDIO_API_KEY", "AZURE_CLIENT_SECRET"


def run_of(name: str) -> dict[str, Any]:
    """The step of a job that uses the action."""
    [found] = [step for step in ALL[name]["steps"] if step["uses"].startswith("OWNER/lsops@")]
    return found  # type: ignore[no-any-return]  # YAML


@pytest.mark.parametrize(
    ("job", "secrets", "permissions"),
    [
        ("validate", set(), {"contents": "read"}),
        ("plan", {KEY}, {"contents": "read", "pull-requests": "write"}),
        ("apply", {KEY, AZURE}, {"contents": "read", "actions": "read", "pull-requests": "read"}),
        ("drift", {KEY}, {"contents": "read", "issues": "write"}),
    ],
)
def test_a_job_has_the_secrets_and_permissions_that_it_needs(
    job: str, secrets: set[str], permissions: dict[str, str]
) -> None:
    assert set(re.findall(r"secrets\.(\w+)", str(ALL[job]))) == secrets
    assert ALL[job]["permissions"] == permissions
    assert [name for name in run_of(job).get("env", {}) if name in (KEY, AZURE)] == sorted(
        secrets, key=(KEY, AZURE).index
    )


def test_a_pull_request_is_planned_or_only_validated_and_never_applied() -> None:
    same = "github.event.pull_request.head.repo.id == github.event.pull_request.base.repo.id"
    assert ALL["plan"]["if"] == f"github.event_name == 'pull_request' && {same}"
    assert ALL["validate"]["if"] == ALL["plan"]["if"].replace("==", "!=").replace("!= 'pull", "== 'pull")
    assert ALL["apply"]["if"].startswith("github.event_name != 'pull_request' && github.ref == 'refs/heads/main'")


def test_one_apply_at_a_time_makes_what_was_reviewed_and_consent_is_a_person_s_input() -> None:
    assert ALL["apply"]["concurrency"] == {"group": "label-studio-apply", "cancel-in-progress": False}
    used = run_of("apply")["with"]
    assert used["args"] == "${{ inputs.consent }}"
    assert used["reviewed-plan"] == "${{ github.event_name == 'push' || inputs.reviewed }}"
    assert not [flag for name in ALL if name != "apply" for flag in CONSENT if flag in str(run_of(name))]


def test_only_the_plan_draws_what_a_reviewer_looks_at() -> None:
    assert [name for name in ALL if run_of(name)["with"].get("preview")] == ["plan"]


def test_drift_keeps_one_issue() -> None:
    assert run_of("drift")["with"]["issue"] is True


@pytest.mark.skipif(not ACTION.exists(), reason="action.yml is not here")
@pytest.mark.parametrize("job", ALL)
def test_the_action_has_every_input_that_is_given(job: str) -> None:
    assert set(run_of(job)["with"]) <= set(yaml.safe_load(ACTION.read_text("utf-8"))["inputs"])


def test_every_repository_has_the_same_manifest() -> None:
    texts = {path.read_text("utf-8") for path in GITOPS.glob("*/lsops.yaml")}
    assert len(texts) == 1
    assert len(list(GITOPS.glob("*/lsops.yaml"))) == 4
