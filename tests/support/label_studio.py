"""The real Label Studio Community server, started for tests on this machine alone.

The server lives in an environment of its own: `.venv-label-studio` of the checkout, or the
executable that `LSOPS_TEST_LABEL_STUDIO` names. It keeps its SQLite database in a folder of the
caller's and listens on 127.0.0.1 only. Its S3 is `s3_url`, where a test may start a stand-in.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import httpx
import pytest

from tests.support.empty_database import NAME, give_empty_database

CHECKOUT = Path(__file__).resolve().parents[2]
OWNER = "owner@example.com"
_START_SECONDS = 120.0
_STOP_SECONDS = 15.0
_TAIL_LINES = 40
_SETTINGS = {
    "SSRF_PROTECTION_ENABLED": "false",
    "ML_BLOCK_LOCAL_IP": "false",
    "LOCAL_FILES_SERVING_ENABLED": "true",
    "LATEST_VERSION_CHECK": "false",
    "COLLECT_ANALYTICS": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "DJANGO_DB": "sqlite",
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
}


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at `url` and takes `token` as its owner's legacy token."""

    url: str
    token: str
    data_dir: Path
    process: subprocess.Popen[bytes]
    s3_url: str

    def stop(self) -> None:
        """End it, and what it started; it may be started again in the same folder."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def executable() -> Path:
    """Where the server is installed; a test without it skips only if LSOPS_SKIP_LIVE=1 says so."""
    path = Path(os.environ.get("LSOPS_TEST_LABEL_STUDIO") or CHECKOUT / ".venv-label-studio/bin/label-studio")
    if not path.is_file():
        lacking(f"no Label Studio server at {path}: install it there, or name it in LSOPS_TEST_LABEL_STUDIO")
    return path


def lacking(message: str) -> NoReturn:
    """A program is not installed: the test fails, or is skipped if LSOPS_SKIP_LIVE=1 says so."""
    if os.environ.get("LSOPS_SKIP_LIVE") == "1":
        pytest.skip(f"LSOPS_SKIP_LIVE=1 and {message}")
    pytest.fail(f"{message} (or set LSOPS_SKIP_LIVE=1)")


def start_label_studio(data_dir: Path, *, port: int = 0) -> Running:
    """Start the server on `data_dir` (made if new) and wait until it answers; `port` 0 picks a free one."""
    command = executable()
    data_dir.mkdir(parents=True, exist_ok=True)
    if not (data_dir / NAME).exists():
        give_empty_database(command, data_dir, _environment)
    token = _token(data_dir)
    chosen = port or free_port()
    s3_url = f"http://127.0.0.1:{_quiet_port()}"
    with (data_dir / "server.log").open("ab") as log:
        process = subprocess.Popen(  # the executable is the tests' own choice
            [str(command), "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(chosen)],
            cwd=data_dir,
            env={**_environment(data_dir), **_owner(token), "S3_ENDPOINT": s3_url},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(f"http://127.0.0.1:{chosen}", token, data_dir, process, s3_url)
    _wait(running)
    return running


def _environment(data_dir: Path) -> dict[str, str]:
    """Nothing of the tests' environment but the path: no proxy, no setting of another server."""
    own = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(data_dir),
        "LABEL_STUDIO_BASE_DATA_DIR": str(data_dir),
        "LOCAL_FILES_DOCUMENT_ROOT": str(data_dir),
    }
    return {**_SETTINGS, **own}


def _owner(token: str) -> dict[str, str]:
    return {"LABEL_STUDIO_USERNAME": OWNER, "LABEL_STUDIO_PASSWORD": token, "LABEL_STUDIO_USER_TOKEN": token}


def _token(data_dir: Path) -> str:
    """The owner's token: made once per folder, so that a restarted server knows it."""
    file = data_dir / "owner-token"
    if not file.exists():
        file.write_text(secrets.token_hex(20))
    return file.read_text()


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _quiet_port() -> int:
    """A free port below those that the system hands out: it is still free when somebody wants to listen there."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def _wait(running: Running) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and running.process.poll() is None:
        if _answers(running.url):
            return
        time.sleep(0.2)
    running.kill()
    log = (running.data_dir / "server.log").read_text(errors="replace").splitlines()
    tail = "\n".join(log[-_TAIL_LINES:])
    pytest.fail(f"Label Studio did not start within {_START_SECONDS:g} s; the end of its log:\n{tail}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5).is_success
    except httpx.TransportError:
        return False


def main() -> None:
    """Make the empty database that every server starts on, so that no test waits for it."""
    with TemporaryDirectory() as folder:
        give_empty_database(executable(), Path(folder), _environment)


if __name__ == "__main__":
    main()
