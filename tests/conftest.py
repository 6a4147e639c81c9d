"""Fixtures that several folders share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.cli import Lsops
from tests.support.label_studio import Running, start_label_studio

SURROUNDINGS = frozenset(
    ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
)
"""What a machine may have for its own network, and a test has for itself."""

# A shell that starts a run in the background has it ignore interrupts, and so would all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Two cores that other tests use too say nothing about how long one example takes.
settings.register_profile("lsops", deadline=None)
settings.load_profile("lsops")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of several workers, one runs all tests on the real server: it is started once, and emptied between them.

    Other files go to whoever is free. (The marks of `--dist loadgroup` do nothing with pytest 9.2 and xdist 3.8.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByServer(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "the real server" if file.startswith(("tests/live/", "tests/parity/")) else file

    return ByServer(config, log)


@pytest.fixture(scope="session")
def label_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One real Label Studio Community for the whole run."""
    running = start_label_studio(tmp_path_factory.mktemp("label-studio"))
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's reaches a test."""
    for name in list(os.environ):
        ours = name.startswith(("LABEL_STUDIO_", "LSOPS_")) and not name.startswith(("LSOPS_TEST_", "LSOPS_SKIP_"))
        if ours or name.upper() in SURROUNDINGS:
            monkeypatch.delenv(name)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def lsops(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Lsops:
    """The command line in this process, its working directory an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Lsops(monkeypatch, capsys, tmp_path)
