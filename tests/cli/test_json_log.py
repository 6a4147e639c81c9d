"""With `--log-format json` every line of stderr is one JSON object: each verb, each error, each request sent again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.test_interrupt import MANIFEST, TITLES, sandbox
from tests.support.cli import Lsops, Ran

pytestmark = pytest.mark.usefixtures("short_pauses")

FLAG = ("--log-format", "json")
TOKEN = "f" * 40


def events(ran: Ran) -> list[dict[str, Any]]:
    """The lines of stderr; each of them is an object with a time and an event."""
    found = [json.loads(row) for row in ran.err.splitlines()]
    assert all({"time", "event"} <= set(one) for one in found), ran
    return found


def errors(ran: Ran) -> list[str]:
    return [one["code"] for one in events(ran) if one["event"] == "error"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("plan", None),
        ("plan -vv", None),
        ("apply --yes", None),
        ("apply", "LS802"),
        ("apply --yes --allow-data-loss /projects/Nonsense", None),
        ("drift", None),
        ("doctor", None),
        ("validate", None),
        ("plan -t /projects/Nonsense", "LS606"),
        ("plan --out /nonexistent/plan", "LS605"),
        ("show nothing.json", "LS605"),
        ("init sub", None),
        ("dump -o sub", None),
        ("dump", "LS620"),
        ("init live --from-live", None),
        ("init .", "LS605"),
        ("schema nonsense", "LS605"),
        ("schema project", None),
        ("version", None),
        ("completion bash", None),
        ("completion nonsense", "LS605"),
        ("sandbox user nobody --role nonsense --db a.db", "LS605"),
        ("plan --nonsense", "LS605"),
        ("nonsense", "LS605"),
        ("", "LS605"),
    ],
)
@pytest.mark.parametrize("by", ["flag", "variable"])
def test_every_verb_and_every_error(lsops: Lsops, arguments: str, code: str | None, by: str) -> None:
    lsops.write(MANIFEST)
    lsops.setenv(LSOPS_SERVER="sandbox:", **({"LSOPS_LOG_FORMAT": "json"} if by == "variable" else {}))
    first, *rest = arguments.split() or [""]
    given = [first, *rest] if first else []
    ran = lsops(*given, *(FLAG if by == "flag" else ()))
    assert (code in errors(ran)) if code else (ran.code in (0, 2) and not errors(ran)), ran


def test_an_error_has_all_that_the_document_says(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects: {One more: {titel: x}}\n")
    ran = lsops("validate", *FLAG)
    (error,) = (one for one in events(ran) if one["event"] == "error")
    assert (error["code"], error["file"], error["line"], error["address"]) == (
        "LS102", "lsops.yaml", 2, "/projects/One more",
    )  # fmt: skip


def test_a_warning_is_an_event_of_its_own(lsops: Lsops) -> None:
    lsops.write("version: 1\ninclude: [nothing/*.yaml]\nprojects: {}\n")
    assert [one["event"] for one in events(lsops("validate", *FLAG))] == ["warning"]


@pytest.mark.parametrize("fault", ["503", "drop"])
def test_a_read_and_a_write_that_are_sent_again(lsops: Lsops, fault: str) -> None:
    faults = (f"GET /api/projects/:{fault}:times=1", f"DELETE /api/projects/*:{fault}:times=1")
    with sandbox(lsops, *faults) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
        assert "GET /api/projects/" in _retried(lsops("apply", "--yes", *FLAG))[0]
        lsops.write(MANIFEST.replace(f"{TITLES[0]}: {{}}", f"{TITLES[0]}: {{lifecycle: {{absent: true}}}}"))
        ran = lsops("apply", "--yes", "--allow-deletes", "1", *FLAG)
    assert ran.code == 0, ran
    assert [text[:20] for text in _retried(ran)] == ["DELETE /api/projects"]


def _retried(ran: Ran) -> list[str]:
    return [one["reason"] for one in events(ran) if one["event"] == "retrying"]


@pytest.mark.parametrize("sign", ["\x9b", "\u202e", "##vso[task.x]", "##[error]"])
def test_no_foreign_text_stands_there_as_it_is(lsops: Lsops, sign: str) -> None:
    lsops.write(json.dumps({"version": 1, "projects": {f"A {sign} title": {}}}))
    ran = lsops("apply", "--yes", "-s", "sandbox:", *FLAG, "--audit", "audit.log")
    lsops.write(json.dumps({"version": 1, "projects": {f"A {sign}": {"tilte": sign}}}))
    told = lsops("validate", *FLAG)
    assert (ran.code, told.code) == (0, 3)
    assert sign not in ran.err + told.err + (lsops.folder / "audit.log").read_text("utf-8")


def test_an_address_that_is_a_secret_url_is_masked(lsops: Lsops) -> None:
    hook = "https://hooks.slack.com/services/T0/hidden-0123456789"
    lsops.write(json.dumps({"version": 1, "projects": {"Cats": {"webhooks": {hook: {}}}}}))
    ran = lsops("apply", "--yes", "-s", "sandbox:?edition=community", *FLAG, "--audit", "audit.log")
    written = (lsops.folder / "audit.log").read_text("utf-8")
    assert ran.code == 0
    assert '"/projects/Cats/webhooks/https:~1~1hooks.slack.com~1***"' in written
    assert "hidden" not in ran.out + ran.err + written


def test_as_text_nothing_is_json(lsops: Lsops) -> None:
    lsops.setenv(LSOPS_LOG_FORMAT="json")
    assert lsops("nonsense", "--log-format", "text").err.startswith("error[LS605]")
