"""Who asks, and where: a member who was removed, and URLs that are not that of the start page, on a real server."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.label_studio import Running

pytestmark = pytest.mark.live

ONE = "version: 1\nprojects: {One: {}}\n"


@pytest.fixture
def removed(label_studio: Running, server: httpx.Client) -> tuple[str, str]:
    """E-mail and token of somebody who signed up by the invitation link, and was removed from the organisation."""
    email = f"{uuid4().hex[:8]}@example.com"
    invitation = server.get("/api/invite").raise_for_status().json()["invite_url"]
    with httpx.Client(base_url=label_studio.url, timeout=60, follow_redirects=True) as browser:
        form = browser.get(invitation).raise_for_status().text
        (secret,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[:1]
        answers = {"csrfmiddlewaretoken": secret, "email": email, "password": "correct horse battery"}
        browser.post(invitation, data=answers, headers={"Referer": label_studio.url}).raise_for_status()
        token = browser.get("/api/current-user/token").raise_for_status().json()["token"]
        number = browser.get("/api/current-user/whoami").raise_for_status().json()["id"]
    server.delete(f"/api/organizations/1/memberships/{number}/").raise_for_status()
    return email, token


def test_a_removed_member_s_token_is_refused_in_every_verb_and_makes_nothing(
    removed: tuple[str, str], live: Lsops, server: httpx.Client
) -> None:
    email, token = removed
    live.setenv(LABEL_STUDIO_API_KEY=token)
    live.write(ONE)
    for verb in (["plan"], ["apply", "--yes"], ["drift"], ["doctor"]):
        ran = live(*verb)
        assert ran.code == 1, ran
        assert f"error[LS703]: the token's owner, {email}, is in no organisation" in ran.err
        assert "were they removed from it? use a token of one of its members" in ran.err
    assert re.search(r"^release +1\.", ran.out, re.MULTILINE)
    for headers in ({}, {"Authorization": f"Token {token}"}):
        assert server.get("/api/projects/", headers=headers).raise_for_status().json()["count"] == 0


@pytest.mark.parametrize("below", ["/api", "/api/", "/projects", "/projects/1", "/projects/1/data"])
def test_a_url_below_the_start_page_is_told_as_one(below: str, live: Lsops, label_studio: Running) -> None:
    live.write(ONE)
    ran = live("plan", "--server", label_studio.url + below)
    assert ran.code == 1
    assert "error[LS707]" in ran.err
    assert "does not answer like a Label Studio server" in ran.err
    assert "the URL is the one of the start page, without /api" in ran.err
