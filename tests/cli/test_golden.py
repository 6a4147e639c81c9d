"""What every verb prints, whole: stdout, stderr and exit code, against files in `golden/`.

`LSOPS_UPDATE_GOLDEN=1 pytest tests/cli/test_golden.py` writes the files anew; read their diff.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from lsops import __version__
from tests.support.cli import Lsops, Ran

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("LSOPS_UPDATE_GOLDEN"))

LABELS = '<View><Text name="t" value="$t"/><Choices name="c" toName="t">{}</Choices></View>'
CHOICES = [f'<Choice value="{name}"/>' for name in ("Good", "Bad", "Unsure")]
BEFORE = f"""
    version: 1
    session_policy: {{max_session_age: 60}}
    projects:
      Changed:
        description: "one\\ntwo\\nthree\\n"
        expert_instruction: {"long " * 40}
        label_config: {LABELS.format("".join(CHOICES[:2]))}
        maximum_annotations: 1
      Same: {{description: as it was}}
      Leaving: {{}}
      Left alone: {{}}
"""
AFTER = f"""
    version: 1
    session_policy: {{max_session_age: 120}}
    projects:
      Changed:
        description: "one\\n2\\nthree"
        expert_instruction: {"longer " * 40}
        label_config: {LABELS.format("".join(CHOICES[1:]))}
        maximum_annotations: 3
        overlap_cohort_percentage: 100
        show_instruction: true
        control_weights: {{c: {{overall: 0.5, labels: {{Bad: 0.25}}}}}}
      Same: {{description: as it was}}
      Leaving: {{lifecycle: {{absent: true}}}}
      New:
        description: {"words " * 40}
        label_config: {LABELS.format("".join(CHOICES))}
        task_data_login: ana
        task_data_password: ${{env:TASK_PASSWORD}}
"""
BROKEN = """
    version: 1
    projects:
      One:
        descripton: typo
        color: blue
        maximum_annotations: many
        task_data_password: written out
        label_config: <View><Choices></View>
      Two: null
    colour: red
"""
DOUBTFUL = """
    version: 1
    include: ["more/*.yaml"]
    projects:
      One: {label_config: <View><Text name="t" value="$t"/></View>}
"""
HOSTILE = """
    version: 1
    projects:
      "::error::boo":
        description: "##[group]x\\n::stop-commands::y\\n##vso[task.complete]z\\e[2J\\u202Ereversed\\u200B"
        expert_instruction: "\\x9B31m\\e]0;title\\a\\r\\n::error::instruction"
"""
NO_TASKS = "    prune: [projects]\n"


def set_up(lsops: Lsops, live: str) -> None:
    """A sandbox that holds what the manifest declares, at a time that does not pass."""
    lsops.setenv(SOURCE_DATE_EPOCH="1795262400", TASK_PASSWORD="a canary that nothing prints")
    if live:
        lsops.write(live)
        assert lsops("apply", "--yes").code == 0


FULL = {
    "lsops.errors/1": "validate-broken",
    "lsops.plan/1": "plan-prune",
    "lsops.report/1": "apply-failed",
    "lsops.drift/1": "drift-unread",
}
"""Of each JSON document the scenario that fills it; what there is to say in the others, their text shows."""


def matches(name: str, ran: Ran) -> None:
    """Compare a run with its golden file, or write that file; other JSON ends as its text does."""
    scenario, _, form = name.rpartition(".")
    assert "canary" not in ran.out + ran.err
    if form == "json" and scenario not in FULL.values():
        assert ran.json()["format"] in FULL
        assert exit_code((GOLDEN / f"{scenario}.text").read_text("utf-8")) == str(ran.code)
        return
    text = f"{ran.out}----- stderr\n{ran.err}----- exit {ran.code}\n"
    text = text.replace(f'"lsops": "{__version__}"', '"lsops": "VERSION"')
    text = re.sub(r'(?<="time": ")[^"]*', "TIME", re.sub(r'(?<="seconds": )[0-9.]+', "SECONDS", text))
    path = GOLDEN / name
    if UPDATE:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def exit_code(golden: str) -> str:
    """The exit code that a golden file ends with."""
    return golden.rpartition("----- exit ")[2].strip()


CASES: dict[str, tuple[str, str, list[str]]] = {
    "validate": ("", AFTER, ["validate"]),
    "validate-warning": ("", DOUBTFUL, ["validate"]),
    "validate-broken": ("", BROKEN, ["validate"]),
    "plan-fresh": ("", BEFORE, ["plan"]),
    "plan-changed": (BEFORE, AFTER, ["plan"]),
    "plan-changed-verbose": (BEFORE, AFTER, ["plan", "-v"]),
    "plan-nothing": (BEFORE, BEFORE, ["plan"]),
    "plan-prune": (BEFORE, AFTER + NO_TASKS, ["plan"]),
    "plan-target": (BEFORE, AFTER, ["plan", "-t", "/projects/Same"]),
    "plan-hostile": ("", HOSTILE, ["plan", "-v"]),
    "apply": (BEFORE, AFTER, ["apply", "--yes", "--allow-deletes", "1"]),
    "apply-nothing": (BEFORE, BEFORE, ["apply", "--yes"]),
    "apply-refused": (BEFORE, AFTER, ["apply", "--yes"]),
    "apply-no-terminal": (BEFORE, AFTER, ["apply", "--allow-deletes", "1"]),
    "usage": ("", BEFORE, ["plan", "--colour"]),
}


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", CASES)
def test_a_run_prints_what_its_golden_file_says(lsops: Lsops, community: httpx.Client, name: str, form: str) -> None:
    live, manifest, arguments = CASES[name]
    set_up(lsops, live)
    lsops.write(manifest)
    matches(f"{name}.{form}", lsops(*arguments, "--format", form))


def fail(community: httpx.Client, monkeypatch: pytest.MonkeyPatch, refuse: Callable[[httpx.Request], bool]) -> None:
    """Let the sandbox answer 400 to the requests that `refuse` picks."""
    handle = httpx.WSGITransport.handle_request

    def answer(transport: httpx.WSGITransport, request: httpx.Request) -> httpx.Response:
        if refuse(request):
            return httpx.Response(400, json={"detail": "not this one"})
        return handle(transport, request)

    monkeypatch.setattr(httpx.WSGITransport, "handle_request", answer)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_tells_done_from_failed(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    set_up(lsops, BEFORE)
    lsops.write(AFTER)
    fail(community, monkeypatch, lambda request: request.method in ("PATCH", "DELETE"))
    matches(f"apply-failed.{form}", lsops("apply", "--yes", "--allow-deletes", "1", "--format", form))


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_plan_with_a_failed_read_is_shown(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    set_up(lsops, BEFORE)
    lsops.write(AFTER)
    fail(community, monkeypatch, lambda request: "session-policy" in request.url.path)
    matches(f"plan-unread.{form}", lsops("plan", "--format", form))
    matches(f"apply-unread.{form}", lsops("apply", "--yes", "--format", form))


def test_the_log_as_json_has_a_line_per_event(lsops: Lsops, community: httpx.Client) -> None:
    set_up(lsops, BEFORE)
    lsops.write(AFTER)
    ran = lsops("apply", "--yes", "--allow-deletes", "1", "--log-format", "json")
    matches("apply-log-json.text", ran)
    assert {json.loads(row)["event"] for row in ran.err.splitlines()} == {"started", "done"}


@pytest.mark.thinned(24)
@pytest.mark.parametrize(
    "name", [name for name, (_, _, arguments) in CASES.items() if arguments[0] in ("plan", "apply")]
)
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
@pytest.mark.parametrize("folder", [".", "below/it"])
def test_a_saved_plan_is_shown_as_it_was(
    lsops: Lsops, community: httpx.Client, name: str, form: str, folder: str
) -> None:
    live, manifest, (_, *arguments) = CASES[name]
    set_up(lsops, live)
    lsops.write(manifest, f"{folder}/lsops.yaml")
    flags = [flag for flag in ("-v",) if flag in arguments]
    scope = [word for word in arguments if word in ("-t", "/projects/Same")]
    planned = lsops("plan", folder, *flags, *scope, "--out", "plan.json", "--format", form)
    shown = lsops("show", "plan.json", *flags, "--format", form)
    assert (planned.code, shown.code) == (0, 0)
    assert shown.out == planned.out


@pytest.mark.parametrize(("end", "code"), [("", 0), ("\\e[2J", 3)], ids=["accepted", "refused"])
@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("verb", [["plan", "-v"], ["apply", "--yes"], ["apply", "--yes", "--log-format", "json"]])
def test_no_line_begins_with_foreign_text_and_no_control_character_is_printed(
    lsops: Lsops, community: httpx.Client, verb: list[str], form: str, end: str, code: int
) -> None:
    lsops.write(HOSTILE)
    lsops(*verb)
    unseen = "\\u3164\\u115f\\uffa0\\u2800\\u034f\\ufe0f\\u17b4\\u2065\\ufff0##teamcity[x]"
    lsops.write(HOSTILE.replace("boo", f"boo{unseen}{end}").replace("##[group]x", "##[group]y"))
    audit = ["--audit", "audit.jsonl"] if verb[0] == "apply" else []
    ran = lsops(*verb, *audit, "--format", form)
    assert ran.code == code
    text = ran.out + ran.err + "".join(path.read_text("utf-8") for path in lsops.folder.glob("*.jsonl"))
    assert not [sign for sign in text if not sign.isprintable() and sign != "\n"]
    assert not set(text) & set("\u3164\u115f\uffa0\u2800\u034f\ufe0f\u17b4\u2065\ufff0")
    assert not re.search(r"##\w*\[", text)
    assert not [
        row
        for row in text.splitlines()
        if row.lstrip().startswith(("::", "##", "[")) and row.strip() not in ("[", "[]")
    ]


def test_json_means_the_same_on_a_terminal_that_knows_only_ascii(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lsops.write('version: 1\nprojects: {"Röntgen 🩻": {description: "\\u202Ex\\x9B ##[y"}}\n')
    whole = lsops("plan", "--format", "json").json()["changes"]
    import io
    import sys

    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    assert lsops("plan", "--format", "json").code == 0
    text = stream.buffer.getvalue().decode("ascii")  # type: ignore[attr-defined]  # a BytesIO
    assert json.loads(text)["changes"] == whole
