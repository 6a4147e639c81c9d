"""Where the sandbox keeps its file, and who may choose it instead of a server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.cli import Lsops, Ran

PLAIN = "version: 1\nprojects: {Cats: {}}\n"
CHOSEN = PLAIN + "server: {url: 'sandbox:'}\n"
TOKEN = "f" * 40


def refused(ran: Ran, code: str, words: str) -> bool:
    return ran.code == 3 and ran.err.count(f"error[{code}]: ") == 1 and words in ran.err


@pytest.fixture
def outside(lsops: Lsops, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing may be written."""
    lsops.write(PLAIN)
    return tmp_path_factory.mktemp("outside")


@pytest.mark.parametrize("name", [".lsops", ".lsops/sandbox.db", ".lsops/sandbox.db-wal", ".lsops/sandbox.db-journal"])
@pytest.mark.parametrize("arguments", [("plan", "-s", "sandbox:"), ("sandbox", "user", "a@example.com")], ids=" ".join)
def test_the_sandbox_writes_through_no_link(lsops: Lsops, outside: Path, name: str, arguments: tuple[str, ...]) -> None:
    (lsops.folder / name).parent.mkdir(exist_ok=True)
    (lsops.folder / name).symlink_to(outside / "target" if "/" in name else outside)

    assert refused(lsops(*arguments), "LS302", f"{name} is a link")
    assert list(outside.iterdir()) == []


def test_a_file_that_the_command_line_names_is_no_link_and_may_lie_anywhere(lsops: Lsops, outside: Path) -> None:
    (lsops.folder / "link.db").symlink_to(outside / "x.db")
    (lsops.folder / "folder").symlink_to(outside)

    assert refused(lsops("plan", "-s", "sandbox:link.db"), "LS302", "link.db is a link")
    assert lsops("plan", "-s", "sandbox:folder/y.db").code == 0
    assert lsops("plan", "-s", f"sandbox:{outside}/z.db").code == 0


def test_what_is_no_file_is_an_error_and_never_a_wait(lsops: Lsops) -> None:
    lsops.write(PLAIN)
    os.mkfifo(lsops.folder / "pipe")
    lsops.write("", ".lsops")

    assert refused(lsops("plan", "-s", "sandbox:pipe"), "LS201", "pipe is no regular file")
    assert refused(lsops("plan", "-s", "sandbox:"), "LS201", ".lsops is no folder")
    for folder in (".", "./", "..", "/"):
        assert refused(lsops("plan", "-s", f"sandbox:{folder}"), "LS201", "is no regular file")
    assert refused(lsops("plan", "-s", "sandbox:.lsops/a/b.db"), "LS201", "cannot be made")


@pytest.mark.parametrize("verb", ["plan", "apply", "drift", "doctor"])
def test_a_manifest_cannot_choose_the_sandbox_while_a_token_is_set(lsops: Lsops, verb: str) -> None:
    lsops.write(CHOSEN)
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)

    ran = lsops(verb)

    assert refused(ran, "LS604", "a manifest cannot choose sandbox: while a token is set (LABEL_STUDIO_API_KEY)")
    assert ran.err.startswith("lsops.yaml:3:")
    assert not (lsops.folder / ".lsops").exists()


def test_a_token_file_counts_as_a_token(lsops: Lsops) -> None:
    lsops.write(CHOSEN)
    lsops.write(TOKEN, "token")

    assert refused(lsops("plan", "--token-file", "token"), "LS604", "(--token-file)")
    lsops.setenv(LABEL_STUDIO_API_KEY_FILE="token")
    assert refused(lsops("plan"), "LS604", "(LABEL_STUDIO_API_KEY_FILE)")


def test_the_operator_may_choose_it_with_a_token_and_the_manifest_without(lsops: Lsops) -> None:
    lsops.write(CHOSEN)

    assert lsops("plan").code == 0
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
    assert lsops("plan", "-s", "sandbox:").code == 0
    lsops.setenv(LABEL_STUDIO_URL="sandbox:")
    assert lsops("plan").code == 0


def test_every_place_leads_there_from_where_the_user_is(lsops: Lsops) -> None:
    lsops.write("version: 1\nserver: {url: 'sandbox:'}\nprojects:\n  Cats: {}\n  Cats: {}\n", "sub/lsops.yaml")

    assert (
        'sub/lsops.yaml:5:3: error[LS205]: the key "Cats" is given twice; first at sub/lsops.yaml:4:3'
        in lsops("validate", "sub").err
    )
    lsops.write("version: 1\nserver: {url: 'sandbox:'}\n", "sub/lsops.yaml")
    assert "(from sub/lsops.yaml:2:15)" in lsops("doctor", "sub").out


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("projects: {a cat: {title: Cats}, Cats: {}}", "sub/lsops.yaml:2:12"),
        ("projects: {Cats: {lifecycle: {id: 1}}, Dogs: {lifecycle: {id: 1}}}", "sub/lsops.yaml:2:12"),
        ("include: [o.yaml]\nprojects: {Cats: {}}", "sub/lsops.yaml:3:12"),
        ("include: [o.yaml, o.yaml]", "sub/lsops.yaml:2:11"),
    ],
)
def test_the_second_place_of_a_message_is_told_like_the_first(lsops: Lsops, text: str, second: str) -> None:
    lsops.write("projects: {Cats: {}}\n", "sub/o.yaml")
    lsops.write(f"version: 1\n{text}\n", "sub/lsops.yaml")

    ran = lsops("validate", "sub", "--format", "json")

    (error,) = ran.json()["errors"]
    assert f" {second}" in ran.err
    assert error["message"].endswith(second.removeprefix("sub/"))
