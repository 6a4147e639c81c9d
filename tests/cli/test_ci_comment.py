"""The step of docs/ci.md that posts the plan: a comment whatever happens, and the exit code of lsops."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shlex import quote

import httpx
import pytest
import yaml

from tests.support.cli import Lsops

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
LABELS = '<View><Text name="t" value="$t"/><Choices name="c" toName="t">{}</Choices></View>'
MANIFEST = """
    version: 1
    environments: {{prod: {{}}}}
    projects:
      Cats: {{label_config: '{}'}}
"""
GOOD = MANIFEST.format(LABELS.format('<Choice value="A"/><Choice value="B"/>'))
FEWER = MANIFEST.format(LABELS.format('<Choice value="B"/>'))
WRONG = GOOD.replace("label_config", "labelconfig")
FAILED = "**Failed: 1 error.**\n\n### Errors (1)\n\n- **error**"
PROGRAMS = {
    "lsops": f'#!/bin/sh\nexec "{sys.executable}" -m lsops "$@"\n',
    "gh": '#!/bin/sh\nwhile [ "$1" != --body-file ]; do shift; done\ncp "$2" posted.md\n',
    "curl": '#!/bin/sh\nwhile [ "$1" != --data-urlencode ]; do shift; done\ncp "${2#body@}" posted.md\n',
}


def github() -> str:
    """What GitHub runs: the plan as `bash -e`, and the comment after it, whether it failed or not."""
    jobs = yaml.safe_load(re.search(r"```yaml\n(# .github/.*?)```", PAGE, re.DOTALL)[1])["jobs"]  # type: ignore[index]
    steps = {step.get("name"): step for step in jobs["lsops"]["steps"]}
    assert steps["Comment"]["if"].startswith("!cancelled() && ")
    plan, comment = (str(steps[name]["run"]) for name in ("Plan", "Comment"))
    comment = comment.replace("${{ github.event.number }}", "7")
    return f"code=0\nbash -e -c {quote(plan)} || code=$?\n{comment}\nexit $code"


def gitlab() -> str:
    """What GitLab runs: the lines of the script in one shell that ends at the first error."""
    job = yaml.safe_load(re.search(r"```yaml\n(# .gitlab.*?)```", PAGE, re.DOTALL)[1])["plan"]  # type: ignore[index]
    return "\n".join(job["script"])


def ran(lsops: Lsops, script: str, **variables: str) -> tuple[int, str]:
    """The exit code of a step and what it posted, in the folder of the manifest."""
    for name, text in PROGRAMS.items():
        lsops.write(text, f"bin/{name}").chmod(0o755)
    path = f"{lsops.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, **variables}
    done = subprocess.run(["bash", "-e", "-c", script], cwd=lsops.folder, env=env, check=False, timeout=60)
    return done.returncode, (lsops.folder / "posted.md").read_text("utf-8")


@pytest.mark.thinned(4)
@pytest.mark.parametrize("script", [github(), gitlab()], ids=["GitHub", "GitLab"])
@pytest.mark.parametrize(
    ("manifest", "variables", "expected"),
    [
        (GOOD, {}, (0, "**Plan: 1 to create, 0 to update, 0 to replace, 0 to delete.** Server: `sandbox:sandbox.db`")),
        (WRONG, {}, (3, f"{FAILED} `LS102` `lsops.yaml:4:10`")),
        (GOOD, {"LSOPS_SERVER": ""}, (3, f"{FAILED} `LS601`")),
        (GOOD, {"LSOPS_SERVER": "http://127.0.0.1:1", "LABEL_STUDIO_API_KEY": "a"}, (1, f"{FAILED} `LS701`")),
    ],
    ids=["a plan", "a wrong manifest", "no server", "a server that does not answer"],
)
def test_the_step_posts_a_comment_and_keeps_the_exit_code(
    lsops: Lsops,
    community: httpx.Client,
    script: str,
    manifest: str,
    variables: dict[str, str],
    expected: tuple[int, str],
) -> None:
    lsops.write(manifest)
    code, posted = ran(lsops, script, **variables)
    assert code == expected[0]
    heading = f"## lsops plan{' for `prod`' if code == 0 else ''}"
    assert posted.startswith(f"<!-- lsops:plan prod -->\n{heading}\n\n{expected[1]}")


def test_a_refusal_of_the_server_stands_first_and_is_counted_in_the_headline(
    lsops: Lsops, community: httpx.Client
) -> None:
    lsops.write(GOOD)
    assert lsops("apply", "--yes").code == 0
    label(community, 1)
    lsops.write(FEWER)
    code, posted = ran(lsops, github())
    assert code == 3
    assert "\n**Refused: 1 error. Plan: 0 to create, 1 to update, 0 to replace, 0 to delete.**" in posted
    assert posted.index("### Errors (1)\n\n- **error** `LS") < posted.index("`lsops apply` will need")
    assert "These labels still exist in annotations" in posted
    assert "### Warnings" not in posted


def label(server: httpx.Client, project: int) -> None:
    """A task whose annotation has the choice A."""
    server.post(f"/api/projects/{project}/import", json=[{"t": "x"}]).raise_for_status()
    task = server.get("/api/tasks/", params={"project": project}).json()["tasks"][0]["id"]
    result = [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}]
    server.post(f"/api/tasks/{task}/annotations/", json={"result": result}).raise_for_status()
