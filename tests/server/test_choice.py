"""Which server, which token, and whom the token is not given to."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from lsops.errors import Source, UsageError
from lsops.server.choice import Choice, Token, choose, is_loopback, origin, read_token

HERE = Source("lsops.yaml", 3, 8)
ONE, TWO = "https://one.example.com", "https://two.example.com"
TOKEN = "f" * 40


def refused(code: str, *arguments: object) -> UsageError:
    """The error of `choose` with these arguments."""
    with pytest.raises(UsageError) as caught:
        choose(*arguments)  # type: ignore[arg-type]  # a test passes what it likes
    assert caught.value.findings[0].code == code
    assert caught.value.exit_code == 3
    return caught.value


@pytest.mark.parametrize(
    ("flag", "variable", "manifest", "url", "by"),
    [
        (ONE, TWO, "https://three.example.com", ONE, "flag"),
        ("", TWO, "", TWO, "environment"),
        ("", TWO, "HTTPS://TWO.example.com.:443/", TWO, "environment"),
        ("", "", TWO, TWO, "manifest"),
        ("", "  ", TWO + "/", TWO, "manifest"),
        ("", f"\ufeff{TWO}\r\n", TWO, TWO, "environment"),
        ("", TWO + "/ls", TWO + ":443/ls/", TWO + "/ls", "environment"),
        ("", TWO + "/a%20b", TWO + "/a b", TWO + "/a%20b", "environment"),
        ("sandbox:", TWO, ONE, "sandbox:", "flag"),
        ("", "", "sandbox:", "sandbox:", "manifest"),
    ],
)
def test_the_flag_wins_then_the_variable_then_the_manifest(
    flag: str, variable: str, manifest: str, url: str, by: str
) -> None:
    chosen = choose(flag, {"LABEL_STUDIO_URL": variable}, manifest, HERE)
    assert (chosen.url, chosen.by) == (url, by)


@pytest.mark.parametrize(
    ("variable", "manifest"),
    [
        (ONE, TWO),
        (ONE, "http://one.example.com"),
        (ONE, "https://one.example.com:8443"),
        (ONE, "sandbox:"),
        (ONE, "https://one.example.co"),
        (ONE, ONE + "/label-studio"),
        (ONE + "/ls-prod", ONE),
        (ONE + "/label-studio", ONE + "/ls-prod"),
        (ONE + "/ls", ONE + "/LS"),
        (ONE + "/ls", ONE + "/ls/api"),
        ("http://127.0.0.1", "http://127.0.0.1."),
        ("http://localhost", "http://localhost."),
    ],
)
def test_two_servers_are_an_error_at_the_manifest_s_line(variable: str, manifest: str) -> None:
    error = refused("LS603", "", {"LABEL_STUDIO_URL": variable}, manifest, HERE)
    assert error.findings[0].source == HERE


def test_no_server_at_all_is_an_error_that_says_what_to_do() -> None:
    assert "LABEL_STUDIO_URL" in refused("LS601", "", {}, "").findings[0].hint


@pytest.mark.parametrize(
    "url",
    [
        "label.example.com",
        "ftp://label.example.com",
        "http://",
        "https:///path",
        "http://[::1",
        "http://label.example.com:99999",
        "http://label.example.com:port",
        "http://label .example.com",
        "http://label\t.example.com",
        "https://label.example.com\\evil",
        "https://evil.example\\.label.example.com",
        "http://label.example.com\r\nX: y",
        "https://ⓔvil.example",
        "http://0177.0.0.1",
        "http://127.0.0.01",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("by", ["flag", "variable", "manifest"])
def test_what_is_not_the_url_of_a_server_is_refused(url: str, by: str) -> None:
    refused(
        "LS605",
        url if by == "flag" else "",
        {"LABEL_STUDIO_URL": url if by == "variable" else ""},
        url if by == "manifest" else "",
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://label.example.com@evil.example",
        "https://label.example.com\\@evil.example",
        "https://ana:hidden@label.example.com",
        "https://:hidden@label.example.com",
        "https://label.example.com?key=hidden",
        "https://label.example.com#@evil.example",
    ],
)
def test_a_url_with_more_than_a_place_is_refused_and_not_shown(url: str) -> None:
    error = refused("LS605", url, {}, "")
    assert "plain URL" in str(error)
    assert "hidden" not in repr(error.findings)


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("http://localhost:8080", ""),
        ("http://127.0.0.1", ""),
        ("http://127.8.9.1:1", ""),
        ("http://[::1]:8080", ""),
        ("http://LOCALHOST", ""),
        ("http://[0:0:0:0:0:0:0:1]", ""),
        ("http://[::ffff:127.0.0.1]", ""),
        (ONE, ONE),
        (ONE, f"{TWO}, {ONE}/"),
        (ONE, f"{TWO}\n{ONE}:443"),
        ("https://ONE.example.com.", ONE),
        ("https://one.example.com:8443", "https://one.example.com:8443"),
        (ONE + "/label-studio", ONE),
    ],
)
def test_a_manifest_s_url_gets_the_token_where_it_is_loopback_or_trusted(url: str, trusted: str) -> None:
    chosen = choose("", {}, url, HERE)
    env = {"LABEL_STUDIO_API_KEY": TOKEN, "LSOPS_TRUSTED_ORIGINS": trusted}
    assert read_token(chosen, env).value == TOKEN


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        (ONE, ""),
        (ONE, TWO),
        (ONE, "one.example.com"),
        (ONE, "http://one.example.com"),
        (ONE, "https://one.example.com:8443"),
        ("https://one.example.com:8443", ONE),
        ("http://one.example.com", ONE),
        ("https://one.example.com.evil.example", ONE),
        ("https://evil-one.example.com", ONE),
        ("https://sub.one.example.com", ONE),
        ("http://localhost.evil.example", ""),
        ("http://127.0.0.1.evil.example", ""),
        ("http://2130706433", ""),
        ("http://0.0.0.0", ""),
        ("http://localhost.", ""),
        ("http://localhost.", "http://localhost"),
        ("http://127.0.0.1.", ""),
        ("http://127.0.0.1.", "http://127.0.0.1"),
        ("http://127.1", ""),
        ("http://0x7f.0.0.1", ""),
        ("http://app.localhost", ""),
        (ONE, "https://one.example.com:port"),
        (ONE, "http://[ *"),
        (ONE, "*"),
    ],
)
def test_a_manifest_s_url_that_nobody_trusts_does_not_get_the_token(url: str, trusted: str) -> None:
    chosen = choose("", {}, url, HERE)
    with pytest.raises(UsageError) as caught:
        read_token(chosen, {"LABEL_STUDIO_API_KEY": TOKEN, "LSOPS_TRUSTED_ORIGINS": trusted}, place=HERE)
    found = caught.value.findings[0]
    assert (found.code, found.source) == ("LS604", HERE)
    shown = "{}://{}".format(*origin(url))
    assert f"export LSOPS_TRUSTED_ORIGINS={shown}" in found.hint


@pytest.mark.parametrize(
    "url",
    ["https://one.example.com:80", "http://one.example.com:443", "http://[fe80::1]:81", "http://[::ffff:10.0.0.1]"],
)
def test_the_line_to_set_makes_the_server_trusted(url: str) -> None:
    chosen = choose("", {}, url, HERE)
    with pytest.raises(UsageError) as caught:
        read_token(chosen, {"LABEL_STUDIO_API_KEY": TOKEN})
    line = caught.value.findings[0].hint.partition("export LSOPS_TRUSTED_ORIGINS=")[2].split()[0]
    assert read_token(chosen, {"LABEL_STUDIO_API_KEY": TOKEN, "LSOPS_TRUSTED_ORIGINS": line}).value == TOKEN


@pytest.mark.parametrize("by", ["flag", "environment"])
def test_a_server_that_the_operator_names_needs_no_trust(by: str) -> None:
    assert read_token(Choice(ONE, by, by), {"LABEL_STUDIO_API_KEY": TOKEN}).value == TOKEN  # type: ignore[arg-type]  # a Literal


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1", True),
        ("http://localhost", True),
        ("http://[::1]", True),
        ("http://127.0.0.1.x", False),
        ("http://127.0.0.1.", False),
        ("http://localhost.", False),
    ],
)
def test_loopback_is_this_machine_alone(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


NAMED = Choice(ONE, "--server", "flag")


def test_the_flag_s_file_wins_then_the_variable_then_its_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("first\n")
    second.write_text("second\n")
    env = {"LABEL_STUDIO_API_KEY": "variable", "LABEL_STUDIO_API_KEY_FILE": str(second)}
    assert read_token(NAMED, env, str(first)).value == "first"
    assert read_token(NAMED, env).value == "variable"
    assert read_token(NAMED, {**env, "LABEL_STUDIO_API_KEY": " "}).value == "second"


def test_no_token_is_an_error_that_says_what_to_set() -> None:
    with pytest.raises(UsageError, match=f"no token for {ONE}") as caught:
        read_token(NAMED, {})
    assert caught.value.findings[0].code == "LS602"
    assert "LABEL_STUDIO_API_KEY" in caught.value.findings[0].hint


@pytest.mark.parametrize(
    "content",
    [b"word", b"word\n", b"word\r\n", b"\n  word \t\n\n", b"\xef\xbb\xbfword\r\n", b"\n\xef\xbb\xbf word"],
)
def test_what_an_editor_puts_around_a_token_is_dropped(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    assert read_token(NAMED, {}, str(tmp_path / "token")).value == "word"
    assert read_token(NAMED, {"LABEL_STUDIO_API_KEY": content.decode()}).value == "word"


def token_saying(claims: str) -> str:
    """A JWT with these claims."""
    packed = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in ('{"alg":"HS256"}', claims)]
    return ".".join([*packed, "signature"])


def test_a_token_as_the_account_page_lists_it_afterwards_is_told_apart_and_not_shown() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0"
    with pytest.raises(UsageError, match="holds only the beginning of a personal access token") as caught:
        read_token(NAMED, {"LABEL_STUDIO_API_KEY": token})
    assert token not in str(caught.value)


def test_a_short_lived_token_is_told_apart_and_not_shown(tmp_path: Path) -> None:
    token = token_saying('{"token_type": "access", "exp": 1}')
    (tmp_path / "token").write_text(token)
    for env, file in (({"LABEL_STUDIO_API_KEY": token}, ""), ({}, str(tmp_path / "token"))):
        with pytest.raises(UsageError, match="holds a short-lived access token") as caught:
            read_token(NAMED, env, file)
        assert caught.value.findings[0].code == "LS602"
        assert "personal access token" in caught.value.findings[0].hint
        assert token not in repr(caught.value.findings)


@pytest.mark.parametrize(
    "claims", ['{"token_type": "refresh"}', "{}", "[]", "no JSON", '"access"', '{"token_type": ["access"]}']
)
def test_any_other_token_is_the_server_s_to_judge(claims: str) -> None:
    token = token_saying(claims)
    assert read_token(NAMED, {"LABEL_STUDIO_API_KEY": token}).value == token


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b"hidden word", "one token"),
        (b"hidden\nword", "one token"),
        (b"hidden\x00", "one token"),
        ("hidd\u00ebn".encode(), "one token"),
        (b"\xff\xfehidden", "not text"),
    ],
)
def test_a_token_file_that_holds_no_token_is_refused_and_not_shown(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(UsageError, match=words) as caught:
        read_token(NAMED, {}, str(tmp_path / "token"))
    assert caught.value.findings[0].code == "LS602"
    assert "hidd" not in repr(caught.value.findings)


def test_a_token_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere cannot be read: No such file"):
        read_token(NAMED, {"LABEL_STUDIO_API_KEY_FILE": str(tmp_path / "nowhere")})
    with pytest.raises(UsageError, match="cannot be read"):
        read_token(NAMED, {}, str(tmp_path))


def test_a_variable_with_two_words_is_refused_and_not_shown() -> None:
    with pytest.raises(UsageError, match="one token") as caught:
        read_token(NAMED, {"LABEL_STUDIO_API_KEY": "hidden word"})
    assert "hidden" not in repr(caught.value.findings)


def test_a_token_shows_as_stars() -> None:
    token = Token(TOKEN, "--token-file")
    assert TOKEN not in f"{token} {token!r} {[token]}"
