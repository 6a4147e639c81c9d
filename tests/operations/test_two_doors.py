"""The command line and the Python API run the same operations: neither accepts what the other refuses."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

import lsops as package
from lsops.api import Options
from lsops.engine.planfile import as_document
from lsops.errors import LsopsError, UsageError
from tests.operations.situations import ACCEPTED, REFUSED, TOKEN, Situation, written
from tests.support.cli import Lsops
from tests.support.sandbox import served

CODE = re.compile(r"\berror\[(LS\d{3})\]")
Door = Callable[[Lsops, Situation, str], frozenset[str]]
STATE = ("/api/projects/", "/api/webhooks/", "/api/storages/", "/api/session-policy/", "/api/jwt/settings/")


@contextmanager
def site(lsops: Lsops, situation: Situation) -> Iterator[tuple[str, httpx.Client]]:
    """A server that came to the situation, its URL and its API; the manifest is the one that is to be applied."""
    database = lsops.folder / "served.db"
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN, **situation.env)
    with served(database, edition=situation.edition, token=TOKEN) as url, client(url) as api:
        if situation.edition == "enterprise":
            api.post("/api/workspaces/", json={"title": "W"}).raise_for_status()
        if situation.before:
            lsops.write(written(situation.before))
            assert lsops("apply", "--yes", "-s", url).code == 0
        situation.meanwhile(api)
        lsops.write(written(situation.after))
        if not situation.faults:
            yield url, api
    if situation.faults:
        with (
            served(database, edition=situation.edition, token=TOKEN, faults=situation.faults) as url,
            client(url) as api,
        ):
            yield url, api


def client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Token {TOKEN}"})


def state(api: httpx.Client) -> list[Any]:
    """What a write would change; a list that is made to fail says so."""
    answers = [api.get(path) for path in STATE]
    return [(answer.status_code, answer.json() if answer.is_success else "") for answer in answers]


def by_command_line(lsops: Lsops, situation: Situation, url: str) -> frozenset[str]:
    ran = lsops(situation.verb, *situation.flags, *situation.scope, "-s", url)
    found = frozenset(CODE.findall(ran.out + ran.err))
    assert bool(ran.code) == bool(found), ran
    return found


def by_script(lsops: Lsops, situation: Situation, url: str) -> frozenset[str]:
    try:
        manifest = package.load(lsops.folder, Options(env=situation.env))
        with package.connect(url, TOKEN) as session:
            plan = package.plan(manifest, session, secrets=situation.env, request=situation.plan)
            if situation.verb == "plan":
                return frozenset(item.code for item in plan.warnings if item.is_error)
            report = package.apply(plan, session, secrets=situation.env, request=situation.apply)
    except LsopsError as error:
        return frozenset(item.code for item in error.findings)
    return frozenset(outcome.finding.code for outcome in report.outcomes if outcome.finding)


@pytest.mark.parametrize("name", REFUSED)
def test_both_doors_refuse_it_and_nothing_is_written(lsops: Lsops, name: str) -> None:
    situation = REFUSED[name]
    with site(lsops, situation) as (url, api):
        before = state(api)
        assert by_command_line(lsops, situation, url) == situation.codes
        assert by_script(lsops, situation, url) == situation.codes
        assert state(api) == before


@pytest.mark.parametrize("door", [by_command_line, by_script])
@pytest.mark.parametrize("name", ACCEPTED)
def test_both_doors_do_it(lsops: Lsops, name: str, door: Door) -> None:
    situation = ACCEPTED[name]
    with site(lsops, situation) as (url, _):
        assert door(lsops, situation, url) == situation.codes
        left = lsops("plan", "--detailed-exitcode", *situation.scope, "-s", url)
        assert left.code == (2 if situation.codes else 0)


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_plan_is_the_same_document_through_both_doors(lsops: Lsops, name: str) -> None:
    situation = ACCEPTED[name]
    with site(lsops, situation) as (url, _):
        shown = lsops("plan", "--format", "json", *situation.scope, "-s", url).json()
        with package.connect(url, TOKEN) as session:
            manifest = package.load(".", Options(env=situation.env))
            plan = package.plan(manifest, session, secrets=situation.env, request=situation.plan)
    assert as_document(plan) == {**shown, "created": ""}


SHORT_LIVED = "eyJhbGciOiJIUzI1NiJ9." + b64encode(b'{"token_type":"access"}').decode().rstrip("=") + ".c2ln"
"""What a personal access token is exchanged for."""
NO_SERVERS = [
    ("label.example.com", TOKEN, "LS605"),
    ("https://ana:canary@label.example.com", TOKEN, "LS605"),
    ("https://label.example.com/?next=1", TOKEN, "LS605"),
    ("https://label.example.com", "two words", "LS602"),
    ("https://label.example.com", "", "LS602"),
    ("https://label.example.com", SHORT_LIVED, "LS602"),
]


@pytest.mark.parametrize(("url", "token", "code"), NO_SERVERS)
def test_both_doors_refuse_what_is_no_server_or_no_token(lsops: Lsops, url: str, token: str, code: str) -> None:
    lsops.write(written({"projects": {}}))
    lsops.setenv(LABEL_STUDIO_API_KEY=token)
    ran = lsops("plan", "-s", url)
    assert (ran.code, CODE.findall(ran.err)) == (3, [code])
    with pytest.raises(UsageError) as refused:
        package.connect(url, token)
    assert [item.code for item in refused.value.findings] == [code]


def test_a_script_starts_no_sandbox() -> None:
    with pytest.raises(UsageError, match="of the command line alone"):
        package.connect("sandbox:", "")
