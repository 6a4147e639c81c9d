"""Console blocks of a page, run again: one page is one session in a fresh copy of the examples.

In a block fenced as `console` each line that begins with `$ lsops` is run in this process, and what it prints is put
below it; `| tail -N` cuts off stdout. `$ echo $?` prints the exit code of the call before, `$ export NAME=VALUE` holds
for the calls that follow. Comments stand for what a reader does between blocks:

    <!-- write FILE -->                            the block that follows becomes this file, whole
    <!-- edit FILE: OLD => NEW -->                 a change in an editor
    <!-- by hand: PATCH /api/projects/1/ {…} -->   a change in the browser, sent to the sandbox that the session uses
    <!-- commit -->                                all files become the commit that `origin/main` names

The environment holds nothing of lsops' or Label Studio's, and the time stands still.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^```console\n(?P<calls>.*?)^```$"
    r"|^<!-- write (?P<file>\S+) -->\n```\w*\n(?P<text>.*?)^```$"
    r"|^<!-- (?P<verb>edit|by hand)[ :]*(?P<words>.*?) -->$"
    r"|^<!-- commit -->$",
    re.DOTALL | re.MULTILINE,
)
DATABASE = Path("examples/quickstart/.lsops/sandbox.db")
EPOCH = "1790000000"
TOKEN = re.compile(r"^Token: \w+$", re.MULTILINE)
"""What `lsops sandbox user` prints: another one each time, so that a page has dots in its place."""


@dataclass
class Session:
    """What one page's calls share."""

    code: int = 0

    def replace(self, found: re.Match[str]) -> str:
        """A block with the outputs of now; a comment, carried out, as it is."""
        if found["calls"] is None:
            _carry_out(found)
            return found[0]
        commands = [line for line in found["calls"].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{self.output(line[2:])}" for line in commands) + "```"

    def output(self, command: str) -> str:
        """What a command prints, both streams as a terminal shows them."""
        if command == "echo $?":
            return f"{self.code}\n"
        command, _, tail = command.partition(" | tail -")
        words = shlex.split(command, comments=True)
        if words[0] == "cat":
            return Path(words[1]).read_text("utf-8")
        if words[0] == "export":
            os.environ.update(word.split("=", 1) for word in words[1:])
            return ""
        if words[0] != "lsops":
            raise ValueError(f"a console block can run lsops, cat, export and echo $?, not {words[0]}; fence it as sh")
        from lsops.cli.main import run

        out = io.StringIO()
        err = io.StringIO() if tail else out
        with redirect_stdout(out), redirect_stderr(err):
            self.code = run(words[1:])
        if tail:
            return err.getvalue() + "".join(out.getvalue().splitlines(keepends=True)[-int(tail) :])
        return TOKEN.sub("Token: …", out.getvalue())


def replayed(text: str, examples: Path) -> str:
    """The page with every console block run again."""
    if "```console" not in text:
        return text
    with tempfile.TemporaryDirectory() as folder, working_in(folder), bare_environment():
        shutil.copytree(examples, Path("examples"), ignore=shutil.ignore_patterns(".lsops"))
        return BLOCK.sub(Session().replace, text)


def _carry_out(found: re.Match[str]) -> None:
    if found["file"]:
        _write(Path(found["file"]), found["text"])
    elif found["verb"] == "edit":
        edit(found["words"])
    elif found["verb"] == "by hand":
        by_hand(found["words"])
    else:
        _commit()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _commit() -> None:
    """Git with no configuration but this: neither the reader's name nor a hook of theirs."""
    Path(".gitignore").write_text(".lsops/\n*.db\n", "utf-8")
    git = ["git", "-c", "user.name=Reader", "-c", "user.email=reader@example.com"]
    bare = {"PATH": os.environ.get("PATH", ""), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for words in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", "As it is"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run([*git, *words], check=True, env=bare)  # noqa: S603 - words of this file alone


def edit(words: str) -> None:
    """A change in an editor: `FILE: OLD => NEW`."""
    name, _, change = words.partition(": ")
    old, _, new = change.partition(" => ")
    text = Path(name).read_text("utf-8")
    if old not in text:
        raise ValueError(f"{name} does not hold {old!r}")
    Path(name).write_text(text.replace(old, new, 1), "utf-8")


def by_hand(words: str) -> None:
    """A change in the browser, `METHOD PATH JSON`, sent to the sandbox of the quickstart."""
    import httpx

    from lsops.sandbox import create_app, edition_of

    method, path, body = words.split(" ", 2)
    database = Path(os.environ.get("LSOPS_SERVER", f"sandbox:{DATABASE}").removeprefix("sandbox:"))
    app = create_app(database, edition=edition_of(database))
    with httpx.Client(base_url="http://sandbox", transport=httpx.WSGITransport(app=app)) as client:
        client.request(method, path, json=json.loads(body)).raise_for_status()


@contextmanager
def working_in(folder: str) -> Iterator[None]:
    """Inside, relative names begin there."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def bare_environment() -> Iterator[None]:
    """Inside, nothing of lsops' or Label Studio's is set, and the time stands still."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("LSOPS_", "LABEL_STUDIO_", "SSL_CERT_", "SSLKEYLOG")) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(NO_COLOR="1", SOURCE_DATE_EPOCH=EPOCH)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
