"""Values of headers: whatever lsops prints or writes, they are not in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.listener import AUDIT, DEBUG, Listener
from tests.support.one_project import line_of
from tests.support.site import Site
from tests.support.webhook_scenes import a_bug, echoed, made_otherwise

pytestmark = pytest.mark.parametrize("site", ["community"], indirect=True)

LITERAL = 'canary-literal "q" it\'s ü\\n'
SECRET = "canary-secret 'q' \"q\""
HOOK = "https://hooks.example.com/ls"


def hook(**fields: Any) -> dict[str, Any]:
    """An entry with a header of each sort."""
    return {"headers": {"X-Team": LITERAL, "Authorization": "${env:HOOK_TOKEN}"}, **fields}


@pytest.fixture
def listener(site: Site) -> Listener:
    site.lsops.setenv(HOOK_TOKEN=SECRET)
    return Listener(site)


def created(listener: Listener) -> None:
    listener.looks()
    listener.applied()


def changed_by_hand(listener: Listener) -> None:
    listener.applied()
    by_hand = {"X-Team": "canary-by-hand", "X-Other": "canary-stranger"}
    listener.site.by_hand("webhooks", HOOK, headers=by_hand)
    listener.looks()
    listener.applied()


def sent_again(listener: Listener) -> None:
    listener.applied()
    listener("apply", "--yes", "--resend-secrets", "/**", "-v", *AUDIT)


def stale(listener: Listener) -> None:
    listener.applied()
    listener.site.by_hand("webhooks", HOOK, headers={"X-Team": "canary-first"})
    listener("plan", "--out", "plan.json")
    listener.site.by_hand("webhooks", HOOK, headers={"X-Team": "canary-second", "X-More": "canary-third"})
    listener.refused("apply", "--plan", "plan.json", code=5)


def pruned(listener: Listener) -> None:
    listener.applied()
    listener.site.declare({"webhooks": {}}, prune=["projects/*/webhooks"])
    listener.looks()
    listener("apply", "--yes", code=5)
    listener.applied("--allow-deletes", "1")


def taken_for_a_rename(listener: Listener) -> None:
    listener.applied()
    listener.site.declare({"webhooks": {"https://hooks.example.com/new": hook(is_active=False)}})
    listener.looks()


def complaint(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The headers in several spellings."""
    words = f"{body['headers']} failed JSON schema check"
    return words, {"headers": [words], "body": body, "items": list(body["headers"].items())}


def not_kept(listener: Listener) -> None:
    """The server answers well and has other headers."""
    listener.site.watch.faults = ("PATCH /api/webhooks/1/:400",)
    made_otherwise(listener, {"headers": {"X-Team": "canary-other", "X-Odd": "canary-odd"}})


def refused_offline(listener: Listener) -> None:
    listener.looks()
    for headers in ({"X A": LITERAL}, {"X-Number": 5, "X-Team": LITERAL}, {f"X{n}": LITERAL for n in range(11)}):
        listener.site.declare({"webhooks": {HOOK: {"headers": headers}}})
        for verb in ("validate", "plan", "apply"):
            listener.refused(verb, code=3)


ECHOES = [pytest.param(echoed(status, complaint), id=f"echoed-{status}") for status in (400, 401, 403, 409, 500)]
SCENES = [created, changed_by_hand, sent_again, stale, pruned, taken_for_a_rename, not_kept, a_bug, refused_offline]


@pytest.mark.parametrize("scene", [*SCENES, *ECHOES])
def test_no_value_of_a_header_is_ever_shown(listener: Listener, scene: Callable[[Listener], None]) -> None:
    listener.site.declare({"webhooks": {HOOK: hook()}})
    scene(listener)
    assert listener.leaks() == set()


def test_a_value_of_a_few_letters_is_masked_in_a_plan_too(site: Site) -> None:
    site.declare({"webhooks": {HOOK: {"headers": {"X-Team": "qz7"}}}})
    for form in ("text", "json", "markdown"):
        assert "qz7" not in site.lsops("plan", "-vv", "--format", form).out


# ---- what no header can carry ---------------------------------------------------------------------

NO_HEADERS = {
    "canary-x\n": "Authorization has a line break in it, which no header can carry; is it at the end of the variable?",
    "canary\r\nX-Other: canary": "Authorization has a line break in it",
    "canary\N{EURO SIGN}": "Authorization has a character that no header can carry",
}


@pytest.mark.parametrize(("secret", "words"), NO_HEADERS.items())
def test_a_secret_that_no_header_can_carry_is_refused_before_the_first_write(
    listener: Listener, secret: str, words: str
) -> None:
    site = listener.site
    site.lsops.setenv(HOOK_TOKEN=secret)
    site.declare({"description": "new", "webhooks": {HOOK: hook()}})
    before = site.state()
    ran = listener("apply", "--yes", *DEBUG, code=3)
    assert f"error[LS106]: headers/{words}" in ran.err
    assert f"{line_of(site.lsops, 'headers')}:" in ran.err
    listener("apply", "--yes", "--format", "json", *DEBUG, code=3)
    assert (site.state(), site.watch.writes()) == (before, [])
    assert listener.leaks() == set()


def test_a_secret_that_is_not_sent_is_refused_all_the_same(listener: Listener) -> None:
    site = listener.site
    site.declare({"webhooks": {HOOK: hook()}})
    site.settled()
    site.lsops.setenv(HOOK_TOKEN="canary\n")
    site.unchanged()
    site.declare({"webhooks": {HOOK: hook(is_active=False)}})
    listener("apply", "--yes", code=3)


@pytest.mark.parametrize("secret", ["Bearer abc", "a\tb", "\N{LATIN SMALL LETTER U WITH DIAERESIS}"])
def test_other_secrets_are_sent_as_they_are(site: Site, secret: str) -> None:
    site.lsops.setenv(HOOK_TOKEN=secret)
    site.declare({"webhooks": {HOOK: hook()}})
    site.settled()
    assert site.row("webhooks", HOOK)["headers"]["Authorization"] == secret


def test_a_file_with_one_newline_at_its_end_is_no_line_break(site: Site) -> None:
    site.lsops.write("Bearer abc\n", "token")
    site.declare({"webhooks": {HOOK: {"headers": {"Authorization": "${file:token}"}}}})
    site.settled()
    assert site.row("webhooks", HOOK)["headers"] == {"Authorization": "Bearer abc"}


def test_a_header_that_looks_like_a_reference_is_said_at_its_line_and_not_shown(listener: Listener) -> None:
    site = listener.site
    site.declare({"webhooks": {HOOK: {"headers": {"Authorization": "Bearer ${canary}"}}}})
    ran = listener("plan")
    assert f"{line_of(site.lsops, 'headers')}:" in ran.out
    assert "warning[LS112]: headers: the value of Authorization looks like a reference" in ran.out
    listener.looks()
    listener.applied()
    assert listener.leaks() == set()
