"""`lsops show` prints what `lsops plan` printed, byte by byte, for a plan with everything in it."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.support.cli import Lsops

BEFORE = """
    version: 1
    prune: [projects/*/webhooks]
    members: {ana@example.com: annotator}
    projects:
      Cats:
        workspace: Radiology
        description: a
        expert_instruction: "one\\ntwo\\n"
        webhooks:
          hook:
            url: "https://u:pw@hooks.example.com/ls?sig=1"
            headers: {X-Token: "${env:WORD}", X-Plain: literal, X-Url: "https://a:b@c.d/x?y=1"}
          https://old.example.com/ls: {}
        import_storages:
          in:
            type: s3
            bucket: scans
            aws_access_key_id: ${env:WORD}
            aws_secret_access_key: ${env:WORD}
        views:
          V:
            filters:
              conjunction: and
              items: [{filter: "filter:tasks:id", operator: equal, type: Number, value: 3}]
"""
EDITS = {
    "literal": "other",
    "description: a": "description: b",
    "two": "three",
    "bucket: scans": "bucket: more",
    "value: 3": "value: 4",
    "sig=1": "sig=2",
    "https://old.example.com/ls: {}": "https://new.example.com/ls: {headers: {X-New: '${env:WORD}'}}",
    "ana@example.com": "bob@example.com",
}


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("flags", [[], ["-v"]], ids=["", "-v"])
@pytest.mark.parametrize("resend", [[], ["--resend-secrets", "/**"]], ids=["", "resend"])
def test_a_plan_with_everything_in_it_is_shown_again(
    lsops: Lsops, enterprise: httpx.Client, form: str, flags: list[str], resend: list[str]
) -> None:
    lsops.setenv(WORD="a word", SOURCE_DATE_EPOCH="1795262400")
    lsops.write(BEFORE)
    assert lsops("apply", "--yes").code == 0
    after = BEFORE
    for old, new in EDITS.items():
        after = after.replace(old, new)
    lsops.write(after)

    planned = lsops("plan", *flags, *resend, "--out", "plan.json", "--format", form)
    shown = lsops("show", "plan.json", *flags, "--format", form)

    assert planned.code == 0
    assert planned.out == shown.out


def test_a_plan_file_without_places_is_still_shown_and_applied(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.setenv(WORD="a word")
    lsops.write(BEFORE)
    lsops("plan", "--out", "plan.json")
    path = lsops.folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    for field in [field for change in document["changes"] for field in change["fields"]]:
        del field["source"]
    path.write_text(json.dumps({key: document[key] for key in document if key != "unreadable_at"}), "utf-8")

    assert lsops("show", "plan.json").last == lsops("plan").last
    assert lsops("apply", "--plan", "plan.json").code == 0


def test_a_line_that_moved_does_not_make_a_saved_plan_stale(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.setenv(WORD="a word")
    lsops.write(BEFORE)
    lsops("plan", "--out", "plan.json")
    lsops.write(BEFORE.replace("projects:\n", "projects:   # all of them\n\n", 1))

    assert lsops("apply", "--plan", "plan.json").code == 0


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_plan_with_a_kind_of_a_newer_release_is_shown(lsops: Lsops, community: httpx.Client, form: str) -> None:
    lsops.write("version: 1\nprojects: {Cats: {}}\n")
    lsops("plan", "--out", "plan.json")
    path = lsops.folder / "plan.json"
    path.write_text(path.read_text("utf-8").replace('"kind": "project"', '"kind": "new_kind"'), "utf-8")
    ran = lsops("show", "plan.json", "--format", form)
    assert ran.code == 0
    assert "Cats" in ran.out
