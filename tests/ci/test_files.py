"""What GitHub reads of this project: nothing that moves, nothing that is pasted into a script, no more than it needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lsops import __version__

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def steps(path: Path) -> list[dict[str, Any]]:
    read = yaml.safe_load(path.read_text("utf-8"))
    groups = [read["runs"]] if "runs" in read else read["jobs"].values()
    return [step for group in groups for step in group["steps"]]


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit_and_says_its_release(path: Path) -> None:
    used = [row.strip().removeprefix("- ") for row in path.read_text("utf-8").splitlines() if "uses:" in row]
    assert used
    assert [row for row in used if not PINNED.fullmatch(row)] == []


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_no_expression_is_pasted_into_a_script(path: Path) -> None:
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


def test_one_release_of_an_action_is_used_everywhere() -> None:
    found = {
        re.sub(r"\s", "", used) for path in (ACTION, *WORKFLOWS) for used in PINNED.findall(path.read_text("utf-8"))
    }
    assert len({one.partition("@")[0] for one in found}) == len(found)


def test_the_tokens_of_the_action_reach_only_the_steps_that_need_them() -> None:
    named = {
        step.get("id") or step["run"]: " ".join(step.get("env", {}).values()) for step in steps(ACTION) if "run" in step
    }
    with_github = {name for name, env in named.items() if "inputs.github-token" in env}
    with_key = {name for name, env in named.items() if "inputs.api-key" in env}
    scripts = {re.search(r"(\w+)\.py", name)[1] if ".py" in name else name for name in with_github}  # type: ignore[index]
    assert scripts == {"prepare", "reviewed", "comment", "drift_issue"}
    assert with_key == {"prepare", "run"}


def test_what_the_action_installs_is_what_is_tested() -> None:
    pins, more, tested = (
        set(re.findall(r"^([\w.-]+==[^\s;]+)", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE))
        for name in ("action.txt", "action-preview.txt", "dev.txt")
    )
    assert len(pins) > 30
    assert {one.partition("==")[0] for one in more} == {"playwright", "greenlet"}
    assert pins | more <= tested


def test_each_input_is_used_and_each_one_that_is_used_is_described() -> None:
    text = ACTION.read_text("utf-8")
    described = yaml.safe_load(text)["inputs"]
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(described)
    assert all(one["description"] for one in described.values())


def test_the_page_uses_inputs_that_there_are_and_explains_each_of_them() -> None:
    page = (ROOT / "docs" / "github-action.md").read_text("utf-8")
    described = yaml.safe_load(ACTION.read_text("utf-8"))
    workflow = yaml.safe_load(re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1])  # type: ignore[index]
    used = [step for job in workflow["jobs"].values() for step in job["steps"] if step["uses"].startswith("lsops/")]
    assert {name for step in used for name in step["with"]} <= set(described["inputs"])
    explained = {
        name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`([\w-]+)`", row)
    }
    assert explained == {*described["inputs"], *described["outputs"]}


def test_every_place_that_names_the_release_names_this_one() -> None:
    starters = [path for path in (ROOT / "lsops" / "starters").rglob("*") if path.suffix != ".pyc" and path.is_file()]
    named = {
        found[1]
        for path in (*starters, ROOT / "README.md")
        for found in re.finditer(r"\blsops(?:==|-)(\d+\.\d+\.\d+)", path.read_text("utf-8"))
    }
    assert named == {__version__}
