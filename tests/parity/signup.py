"""A new member of the real server, who signs up by the invitation link as a person does."""

from __future__ import annotations

import re

import httpx

from tests.support.label_studio import Running

_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def sign_up(running: Running, email: str) -> str:
    """The member's legacy token."""
    owner = {"Authorization": f"Token {running.token}"}
    link = httpx.get(f"{running.url}/api/invite", headers=owner, timeout=60).json()["invite_url"]
    with httpx.Client(base_url=running.url, timeout=60) as browser:
        field = _FIELD.search(browser.get(link).text)
        assert field, "the page for signing up has no form"
        form = {"email": email, "password": "Parity-1234", "allow_newsletters": "false"}
        browser.post(link, data={**form, "csrfmiddlewaretoken": field[1]}, headers={"Referer": running.url + link})
        return str(browser.get("/api/current-user/token").json()["token"])
