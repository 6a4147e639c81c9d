"""`lsops doctor` on what is not well: it says what it found, and then what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.certificates import self_signed, server_side
from tests.support.cli import Lsops, Ran
from tests.support.raw_server import as_json, label_studio_but, raw_server
from tests.support.sandbox import served

TOKEN, WRONG = "f" * 40, "e" * 40
KNOWN = ["lsops", "manifest", "server", "token"]


def in_both_forms(lsops: Lsops, *arguments: str) -> tuple[Ran, list[str], list[str]]:
    """The run as text, the names in its table, and the codes of its errors; the document says the same."""
    text, document = lsops("doctor", *arguments), lsops("doctor", *arguments, "--format", "json")
    names = [row.partition("  ")[0] for row in text.out.splitlines()]
    codes = [error["code"] for error in document.json().get("errors", [])]
    assert (document.code, document.json()["format"]) == (text.code, "lsops.doctor/1")
    assert [name for name in document.json() if name not in ("format", "errors")] == names
    assert all(f"error[{code}]" in text.err for code in codes)
    return text, names, codes


def test_a_wrong_token_is_told_after_edition_release_and_where_it_came_from(lsops: Lsops) -> None:
    with served(token=TOKEN, edition="community") as url:
        lsops.setenv(LABEL_STUDIO_API_KEY=WRONG)
        ran, names, codes = in_both_forms(lsops, "-s", url)
    assert (ran.code, codes) == (1, ["LS702"])
    assert names == [*KNOWN, "edition", "release"]
    assert "legacy (from LABEL_STUDIO_API_KEY)" in ran.out
    assert WRONG not in ran.out + ran.err


def test_a_removed_member_is_told_as_one(lsops: Lsops) -> None:
    who = {"id": 7, "email": "ana@example.com", "active_organization": None}
    with raw_server(label_studio_but({"/api/current-user/whoami": lambda: as_json(who)})) as url:
        lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
        ran, names, codes = in_both_forms(lsops, "-s", url)
    assert (ran.code, codes) == (1, ["LS703"])
    assert "ana@example.com, is in no organisation" in ran.err
    assert names == [*KNOWN, "edition", "release"]


def test_a_server_that_is_not_trusted_or_not_there_is_told_after_the_settings(lsops: Lsops, tmp_path: Path) -> None:
    with raw_server(label_studio_but({}), tls=server_side(self_signed(tmp_path))) as url:
        lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN, LSOPS_TIMEOUT="5")
        ran, names, codes = in_both_forms(lsops, "-s", url)
    assert (ran.code, codes) == (1, ["LS701"])
    assert names == ["lsops", "LSOPS_TIMEOUT", "manifest", "server", "token"]
    assert "--ca-bundle FILE or SSL_CERT_FILE" in ran.err


@pytest.mark.parametrize(
    ("env", "arguments", "names", "code"),
    [
        ({}, [], KNOWN[:2], "LS601"),
        ({}, ["-s", "https://label.example.com"], KNOWN[:3], "LS602"),
        ({"LABEL_STUDIO_URL": "nonsense"}, [], KNOWN[:2], "LS605"),
        ({"LABEL_STUDIO_API_KEY": TOKEN}, ["-s", "https://x.example", "--ca-bundle", "nowhere"], KNOWN, "LS605"),
        ({"LABEL_STUDIO_API_KEY": "two words"}, ["-s", "https://x.example"], KNOWN[:3], "LS602"),
    ],
)
def test_a_wrong_setting_is_exit_3_and_told_after_what_is_right(
    lsops: Lsops, env: dict[str, str], arguments: list[str], names: list[str], code: str
) -> None:
    lsops.setenv(**env)
    ran, found, codes = in_both_forms(lsops, *arguments)
    assert (ran.code, found, codes) == (3, names, [code])


@pytest.mark.parametrize("name", ["LSOPS_SERVER", "LSOPS_CA_BUNDLE"])
def test_a_setting_that_is_a_url_is_told_without_its_credentials(lsops: Lsops, name: str) -> None:
    lsops.setenv(**{name: "https://ana:hidden@label.example.com/?key=hidden"})
    ran, _, _ = in_both_forms(lsops)
    document = lsops("doctor", "--format", "json")
    assert document.json()[name] == "https://***@label.example.com/?***"
    assert "hidden" not in ran.out + ran.err + document.out + document.err


def test_a_wrong_manifest_is_told_with_its_place(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojets: {}\n", "prod/lsops.yaml")
    ran, names, codes = in_both_forms(lsops, "prod")
    assert (ran.code, names, codes) == (3, ["lsops"], ["LS102"])
    assert ran.err.startswith("prod/lsops.yaml:2:1: error[LS102]")
