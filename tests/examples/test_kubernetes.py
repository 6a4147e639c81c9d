"""The pods of examples/gitops/kubernetes: what they may, which shard is whose, and files as Kubernetes mounts them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.cli import Lsops
from tests.support.sandbox import served
from tests.support.workflows import GITOPS

BASE = GITOPS / "kubernetes"
KEY = "key-of-the-test"
PODS = {"drift.yaml": ("jobTemplate", "spec", "template", "spec"), "apply.yaml": ("template", "spec")}
ARGO = {
    "spec": """activeDeadlineSeconds arguments automountServiceAccountToken entrypoint executor parallelism podGC
        securityContext serviceAccountName synchronization templates ttlStrategy volumes""",
    "template": "container inputs name retryStrategy steps suspend",
    "step": "arguments name template when withSequence",
    "retryStrategy": "backoff expression limit retryPolicy",
}
"""Keys that Argo's reference of fields has, as far as they are used here; it comes with no schema."""


def loaded(file: str) -> Any:
    """A file of the folder."""
    return yaml.safe_load((BASE / file).read_text("utf-8"))


def pod(file: str) -> Any:
    """The pod that a file of the base describes."""
    found = loaded(f"base/{file}")["spec"]
    for key in PODS[file]:
        found = found[key]
    return found


@pytest.mark.parametrize("file", PODS)
def test_a_pod_is_nobody_writes_nowhere_and_asks_kubernetes_nothing(file: str) -> None:
    spec = pod(file)
    [container] = spec["containers"]
    rights = container["securityContext"]
    assert (spec["securityContext"]["runAsNonRoot"], spec["securityContext"]["runAsUser"]) == (True, 10001)
    assert (rights["readOnlyRootFilesystem"], rights["allowPrivilegeEscalation"]) == (True, False)
    assert (rights["capabilities"], spec["automountServiceAccountToken"]) == ({"drop": ["ALL"]}, False)
    assert not [one for one in container.get("env", ()) if "secretKeyRef" in str(one)]


@pytest.mark.parametrize("file", ["base/apply.yaml", "overlays/git-sync/apply.yaml"])
def test_each_index_of_the_job_is_one_shard(file: str, tmp_path: Path) -> None:
    (tmp_path / "lsops").write_text('#!/bin/sh\necho "$@"\n', "utf-8")
    (tmp_path / "lsops").chmod(0o755)
    [container] = loaded(file)["spec"]["template"]["spec"]["containers"]
    command = [*container["command"], "--allow-deletes", "2"]
    said = []
    for index in range(loaded("base/apply.yaml")["spec"]["completions"]):
        env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "JOB_COMPLETION_INDEX": str(index)}
        said.append(subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=10).stdout)
    assert [line.split()[2:] for line in said] == [
        ["--yes", "--shard", f"{number}/16", "--allow-deletes", "2"] for number in range(1, 17)
    ]


@pytest.fixture
def server(lsops: Lsops) -> Iterator[str]:
    """A sandbox that wants a token, which lies in a Secret as Kubernetes mounts it: links through a hidden folder."""
    mounted = lsops.folder / "secrets"
    lsops.write(KEY, "secrets/..2026_11_28/api-key")
    lsops.write("https://hooks.example.com/all\n", "secrets/..2026_11_28/hook")
    (mounted / "..data").symlink_to("..2026_11_28")
    for name in ("api-key", "hook"):
        (mounted / name).symlink_to(f"..data/{name}")
    with served(edition="community", token=KEY) as url:
        lsops.setenv(LABEL_STUDIO_API_KEY_FILE=str(mounted / "api-key"), LSOPS_SECRETS_DIR=str(mounted))
        lsops.setenv(LABEL_STUDIO_URL=url, LSOPS_SECRET_ENV="NONE")  # what the pods have
        yield url


@pytest.mark.usefixtures("server")
def test_token_secrets_and_manifest_come_through_the_links_that_secrets_and_git_sync_make(lsops: Lsops) -> None:
    hook = f"projects: {{Cats: {{webhooks: {{hook: {{url: '${{file:{lsops.folder}/secrets/hook}}'}}}}}}}}"
    lsops.write(f"version: 1\n{hook}\n", "git/.worktrees/1a2b/lsops.yaml")
    (lsops.folder / "git" / "current").symlink_to(".worktrees/1a2b")
    args = [str(one).replace("/manifest", "git/current") for one in pod("drift.yaml")["containers"][0]["args"]]
    assert lsops(*args).code == 2
    assert lsops("apply", "git/current", "--yes").code == 0
    assert lsops(*args).code == 0


@pytest.mark.usefixtures("server")
def test_doctor_tells_by_its_exit_code_whether_the_token_of_the_file_is_good(lsops: Lsops) -> None:
    assert lsops("doctor").code == 0
    lsops.write("revoked", "secrets/..2026_11_28/api-key")
    revoked = lsops("doctor")
    assert revoked.code == 1
    assert "LABEL_STUDIO_API_KEY_FILE" in revoked.out + revoked.err


def test_the_workflow_of_argo_uses_documented_keys() -> None:
    spec = loaded("argo/workflow.yaml")["spec"]
    steps = [step for template in spec["templates"] for group in template.get("steps", ()) for step in group]
    retries = [template["retryStrategy"] for template in spec["templates"] if "retryStrategy" in template]
    used = {"spec": [spec], "template": spec["templates"], "step": steps, "retryStrategy": retries}
    for what, entries in used.items():
        assert entries
        assert {key for entry in entries for key in entry} <= set(ARGO[what].split()), what
    assert {step["template"] for step in steps} <= {template["name"] for template in spec["templates"]}


def test_argo_applies_shard_1_before_the_others() -> None:
    [main] = [one for one in loaded("argo/workflow.yaml")["spec"]["templates"] if one["name"] == "main"]
    names = [[step["name"] for step in group] for group in main["steps"]]
    assert names == [["plan"], ["approve"], ["first"], ["others"]]
