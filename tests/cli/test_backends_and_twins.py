"""ML backends: whom their password follows, and the webhook that a new one would bring a second time."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.child_values import PASSWORD
from tests.support.site import BASE, Site

TRIAGE = "/projects/Triage/ml_backends/triage"
LOGIN = {"auth_method": "BASIC_AUTH", "basic_auth_user": "ana", "basic_auth_pass": PASSWORD}
MODEL = {"url": f"{BASE}/model", **LOGIN}


@pytest.fixture(autouse=True)
def _backend(site: Site) -> None:
    """A backend with a login."""
    site.declare({"ml_backends": {"triage": MODEL}})
    site.settled()
    del site.watch.requests[:]


def patches(site: Site) -> list[Any]:
    """The bodies of the PATCHes of backends."""
    return [one.body for one in site.watch.requests if one.method == "PATCH" and one.path.startswith("/api/ml/")]


# ---- the password ----------------------------------------------------------------------------------

CHANGES: dict[str, tuple[dict[str, Any], bool]] = {
    "user": ({"basic_auth_user": "ben"}, True),
    "url": ({"url": f"{BASE}/moved"}, True),
    "method": ({"auth_method": "NONE"}, True),
    "user and text": ({"basic_auth_user": "ben", "description": "new"}, True),
    "text": ({"description": "new"}, False),
}


@pytest.mark.parametrize(("change", "is_sent"), CHANGES.values(), ids=CHANGES)
def test_the_password_goes_along_to_another_user_or_place_and_the_plan_says_so(
    site: Site, change: dict[str, Any], *, is_sent: bool
) -> None:
    site.declare({"ml_backends": {"triage": {**MODEL, **change}}})
    (found,) = site.changes()
    assert found["secrets"] == ({"/basic_auth_pass": PASSWORD} if is_sent else {})
    site.settled()
    (body,) = patches(site)
    assert (body["basic_auth_pass"] == "open sesame") == is_sent


def test_an_ignored_password_does_not_go_along(site: Site) -> None:
    rules = {"lifecycle": {"ignore": ["basic_auth_pass"]}}
    site.declare({"ml_backends": {"triage": {**MODEL, "basic_auth_user": "ben", **rules}}})
    (found,) = site.changes()
    assert found["secrets"] == {}
    site.settled()
    assert [body["basic_auth_pass"] for body in patches(site)] == [""]


def refusing(times: int, words: str) -> Any:
    """The server refuses so many PATCHes."""
    left = [times]

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method != "PATCH" or not left[0]:
            return None
        left[0] -= 1
        return httpx.Response(400, json={"detail": words, "status_code": 400})

    return answer


WORDS = "Basic authentication parameters were either not provided or are incorrect"
REFUSED: dict[str, tuple[int, str, list[str], int]] = {
    "once": (1, WORDS, ["", "open sesame"], 0),
    "again": (2, WORDS, ["", "open sesame"], 4),
    "for another reason": (1, "health check failed", [""], 4),
}


@pytest.mark.parametrize(("times", "words", "sent", "code"), REFUSED.values(), ids=REFUSED)
def test_a_server_that_asks_for_the_password_gets_it_once(
    site: Site, times: int, words: str, sent: list[str], code: int
) -> None:
    site.declare({"ml_backends": {"triage": {**MODEL, "description": "new"}}})
    assert site.lsops("plan", "--out", "plan.json").code == 0
    site.watch.instead = refusing(times, words)
    ran = site.lsops("apply", "--plan", "plan.json")
    assert ran.code == code, ran
    assert [body["basic_auth_pass"] for body in patches(site)] == sent
    assert "open sesame" not in ran.out + ran.err
    assert ("sent again, because the server asked for it" in ran.out + ran.err) == (code == 0)


def test_an_ignored_password_is_not_sent_when_the_server_asks(site: Site) -> None:
    rules = {"lifecycle": {"ignore": ["basic_auth_pass"]}}
    site.declare({"ml_backends": {"triage": {**MODEL, "description": "new", **rules}}})
    site.watch.instead = refusing(9, WORDS)
    assert site.apply().code == 4
    assert len(patches(site)) == 1


# ---- twins -----------------------------------------------------------------------------------------

NEW = f"{BASE}/second"


@pytest.mark.parametrize("url", [NEW, NEW + "/"])
@pytest.mark.parametrize("way", ["new", "renamed", "pinned"])
def test_a_webhook_that_is_there_before_its_backend_has_no_twin(site: Site, url: str, way: str) -> None:
    hooks: dict[str, Any] = {} if way == "new" else {f"{BASE}/hook": {}}
    site.declare({"ml_backends": {"triage": MODEL}, "webhooks": hooks})
    site.settled()
    number = site.row("webhooks", f"{BASE}/hook")["id"] if hooks else 0
    rules = {"new": {}, "renamed": {"renamed_from": f"{BASE}/hook"}, "pinned": {"id": number}}[way]
    entry = {"is_active": False, **({"lifecycle": rules} if rules else {})}
    site.declare({"ml_backends": {"triage": MODEL, "second": {"url": url}}, "webhooks": {f"{NEW}/webhook": entry}})
    site.settled()
    found = [row for row in site.rows("webhooks") if row["url"] == f"{NEW}/webhook"]
    assert [row["is_active"] for row in found] == [False]
    assert not hooks or found[0]["id"] == number
