"""Fetch the plan that was reviewed: of the last run for the head of the pull request that was merged as this commit.

A plan file can add nothing that the merged manifest does not have, and `apply --plan` makes of it only what a fresh
plan says, too. So what is looked for here is not who may apply, but that what was looked at is what is made.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

from forge import Forge, ForgeError, tried
from runner import StepFailed, as_step, give, setting

REFUSED = 5
"""The exit code of lsops for what it will not do without being told."""
PLAN = "plan.json"
LARGEST_ARCHIVE = 64 * 1024 * 1024
LARGEST_PLAN = 256 * 1024 * 1024
"""Bytes; that of 5,000 projects has 30 MB."""
AGAIN = "Plan again: re-run the pull request's job that planned, look at the plan, and then re-run this one."
DENIED = "The job needs `permissions: {actions: read, pull-requests: read}`."


def main() -> None:
    """Output: plan, the path of the file."""
    try:
        content = tried(lambda: reviewed(Forge.of_job()))
    except ForgeError as failed:
        denied = f" {DENIED}" if failed.status in (401, 403, 404) else ""
        raise StepFailed(f"The reviewed plan could not be fetched. {failed}{denied}", 1) from failed
    path = Path(os.environ["INPUT_FOLDER"], "reviewed.json")
    path.write_bytes(content)
    give(plan=path)


def reviewed(forge: Forge) -> bytes:
    """The plan file. Raises `StepFailed` with what to do where there is none to go by."""
    pull = merged(forge)
    run = last_run(forge, pull["head"]["sha"], f"pull request #{pull['number']}")
    name = os.environ["INPUT_ARTIFACT"]
    found = [
        one
        for one in forge.every(f"actions/runs/{run['id']}/artifacts", "artifacts", name=name)
        if one["name"] == name and one["created_at"] >= run["run_started_at"]  # of its last attempt
    ]
    if not found:
        raise StepFailed(f"Run {run['html_url']} of #{pull['number']} left no plan ({name}). {AGAIN}", REFUSED)
    newest = max(found, key=lambda one: int(one["id"]))
    if newest["expired"]:
        raise StepFailed(f"The plan of #{pull['number']} has expired. {AGAIN}", REFUSED)
    return plan_in(forge.archive(f"actions/artifacts/{newest['id']}/zip", LARGEST_ARCHIVE))


def merged(forge: Forge) -> dict[str, Any]:
    """The one pull request of this repository that was merged as the commit of this run."""
    commit = os.environ["GITHUB_SHA"]
    pulls: list[dict[str, Any]] = [
        one for one in forge.get(f"commits/{commit}/pulls") if one["merged_at"] and one["merge_commit_sha"] == commit
    ]
    if len(pulls) != 1:
        raise StepFailed(
            f"{'No' if not pulls else 'More than one'} pull request was merged as {commit[:12]}, so no plan of it was "
            "reviewed. Make the change in a pull request, or start a job by hand that applies without a reviewed plan.",
            REFUSED,
        )
    head = pulls[0]["head"]["repo"] or {}
    if head.get("full_name") != forge.repository:
        raise StepFailed(
            f"Pull request #{pulls[0]['number']} came from a fork, of which nothing is planned. Start a job by "
            "hand that plans and applies what was merged.",
            REFUSED,
        )
    return pulls[0]


def last_run(forge: Forge, head: str, whose: str) -> dict[str, Any]:
    """The last run of the planning workflow for this head, in this repository, which must be over."""
    workflow = setting("WORKFLOW") or _own_workflow(forge.repository)
    runs = [
        one
        for one in forge.every("actions/runs", "workflow_runs", head_sha=head, event="pull_request")
        if one["head_sha"] == head
        and one["event"] == "pull_request"
        and (one["head_repository"] or {}).get("full_name") == forge.repository
        and one["path"].partition("@")[0] == workflow
    ]
    if not runs:
        raise StepFailed(f"No run of {workflow} for {head[:12]}, the head of {whose}. {AGAIN}", REFUSED)
    last = max(runs, key=lambda one: int(one["run_number"]))
    if last["status"] != "completed":
        raise StepFailed(f"Run {last['html_url']} of {whose} goes on. Re-run this job when it is over.", REFUSED)
    return last


def plan_in(archive: bytes) -> bytes:
    """The plan file in an artifact; nothing is unpacked to the disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as files, files.open(PLAN) as file:
            content = file.read(LARGEST_PLAN + 1)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError) as unusable:
        raise StepFailed(f"The artifact holds no {PLAN}. {AGAIN}", REFUSED) from unusable
    if len(content) > LARGEST_PLAN:
        raise StepFailed(f"{PLAN} in the artifact has more than {LARGEST_PLAN} bytes. {AGAIN}", REFUSED)
    return content


def _own_workflow(repository: str) -> str:
    """The file of this run's workflow: `OWNER/REPO/.github/workflows/x.yml@refs/heads/main` without what is around."""
    return os.environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].removeprefix(f"{repository}/")


if __name__ == "__main__":
    as_step(main)
