"""Which server and which token, through the command line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.cli import Lsops, Ran
from tests.support.sandbox import served

TOKEN = "f" * 40
PLAIN = "version: 1\nprojects: {One: {}}\n"
NAMED = PLAIN + "server: {url: %s}\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A served sandbox that every test of this file only reads."""
    with served(token=TOKEN, edition="community") as place:
        yield place


def server_of(ran: Ran) -> str:
    """The server that a plan in JSON was made for."""
    assert ran.code == 0, ran
    return str(ran.json()["server"]["url"])


def code_of(ran: Ran) -> str:
    """The code of the one error of a run that ended with 3, in both forms."""
    assert ran.code == 3, ran
    (error,) = ran.json()["errors"]
    assert f"error[{error['code']}]: {error['message']}" in ran.err
    return str(error["code"])


def plan(lsops: Lsops, *arguments: str) -> Ran:
    """`lsops plan --format json`."""
    return lsops("plan", "--format", "json", *arguments)


def test_the_flag_wins_over_the_variable_and_the_manifest(lsops: Lsops, url: str) -> None:
    lsops.write(NAMED % "https://manifest.example.com")
    lsops.setenv(LABEL_STUDIO_URL="https://variable.example.com", LABEL_STUDIO_API_KEY=TOKEN)
    assert server_of(plan(lsops, "--server", url)) == url
    assert server_of(plan(lsops, "-s", url + "/")) == url


def test_the_flag_s_own_variable_counts_as_the_flag(lsops: Lsops, url: str) -> None:
    lsops.write(NAMED % "https://manifest.example.com")
    lsops.setenv(LSOPS_SERVER=url, LABEL_STUDIO_API_KEY=TOKEN)
    assert server_of(plan(lsops)) == url


def test_the_variable_is_enough(lsops: Lsops, url: str) -> None:
    lsops.write(PLAIN)
    lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
    assert server_of(plan(lsops)) == url


def test_a_manifest_s_loopback_url_is_enough(lsops: Lsops, url: str) -> None:
    lsops.write(NAMED % url)
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
    assert server_of(plan(lsops)) == url


def test_an_environment_names_another_server(lsops: Lsops, url: str) -> None:
    lsops.write(NAMED % "https://label.example.com" + f"environments: {{here: {{server: {{url: '{url}'}}}}}}\n")
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN, LSOPS_ENVIRONMENT="here")
    assert server_of(plan(lsops)) == url
    assert server_of(plan(lsops, "-e", "here")) == url


def test_two_servers_are_an_error_at_the_manifest_s_line(lsops: Lsops) -> None:
    lsops.write(NAMED % "https://manifest.example.com")
    lsops.setenv(LABEL_STUDIO_URL="https://variable.example.com", LABEL_STUDIO_API_KEY=TOKEN)
    ran = plan(lsops)
    assert code_of(ran) == "LS603"
    assert ran.json()["errors"][0]["line"] == 3


def test_a_manifest_s_url_alone_does_not_get_the_token(lsops: Lsops) -> None:
    lsops.write(NAMED % "https://label.example.com")
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
    ran = plan(lsops)
    assert code_of(ran) == "LS604"
    assert "LSOPS_TRUSTED_ORIGINS=https://label.example.com" in ran.err
    assert TOKEN not in ran.err + ran.out


@pytest.mark.parametrize(
    "address", ["http://label.example.com@evil.example", "https://label.example.com\\\\@evil.example"]
)
def test_a_url_that_pretends_is_refused_even_where_its_face_is_trusted(lsops: Lsops, address: str) -> None:
    lsops.write(NAMED % f'"{address}"')
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN, LSOPS_TRUSTED_ORIGINS="http://label.example.com https://label.example.com")
    assert plan(lsops).code == 3


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({}, "LS601"),
        ({"LABEL_STUDIO_URL": "https://label.example.com"}, "LS602"),
        ({"LABEL_STUDIO_URL": "label.example.com", "LABEL_STUDIO_API_KEY": TOKEN}, "LS605"),
        ({"LABEL_STUDIO_URL": "https://x.example", "LABEL_STUDIO_API_KEY": "two words"}, "LS602"),
        ({"LABEL_STUDIO_URL": "https://x.example", "LABEL_STUDIO_API_KEY_FILE": "nowhere"}, "LS602"),
        ({"LABEL_STUDIO_URL": "https://x.example", "LSOPS_CA_BUNDLE": "nowhere", "LABEL_STUDIO_API_KEY": "x"}, "LS605"),
    ],
)
def test_what_is_missing_or_wrong_is_named(lsops: Lsops, env: dict[str, str], code: str) -> None:
    lsops.write(PLAIN)
    lsops.setenv(**env)
    assert code_of(plan(lsops)) == code


def test_a_token_comes_from_a_file(lsops: Lsops, url: str) -> None:
    lsops.write(PLAIN)
    lsops.write(TOKEN + "\n", "token")
    assert server_of(plan(lsops, "-s", url, "--token-file", "token")) == url
    lsops.setenv(LABEL_STUDIO_API_KEY_FILE="token")
    assert server_of(plan(lsops, "-s", url)) == url


def test_doctor_tells_where_server_and_token_come_from_and_shows_no_value(lsops: Lsops, url: str) -> None:
    lsops.write(NAMED % url)
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN, LSOPS_TOKEN="canary-1", LSOPS_VAR_x="canary-2")
    ran = lsops("doctor", "--format", "json")
    assert ran.code == 0
    document = ran.json()
    assert document["server"] == f"{url} (from lsops.yaml:3:15)"
    assert document["token"] == "legacy (from LABEL_STUDIO_API_KEY)"
    assert (document["edition"], document["user"]) == ("community", "owner@example.com")
    assert "canary" not in ran.out + lsops("doctor").out


def test_doctor_needs_no_manifest(lsops: Lsops, url: str) -> None:
    lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
    assert "manifest          none\n" in lsops("doctor").out
