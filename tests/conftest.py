"""Fixtures that several folders share."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.support.cli import Lsops
from tests.support.label_studio import Running, start_label_studio

SURROUNDINGS = frozenset(
    ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
)
"""What a machine may have for its own network, and a test has for itself."""

# A shell that starts a run in the background has it ignore interrupts, and so would all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Two cores that other tests use too say nothing about how long one example takes.
settings.register_profile("lsops", deadline=None, max_examples=25)
settings.register_profile("soak", deadline=None)

# What is made while tests are collected stays until the end: nobody has to look through it for garbage.
gc.disable()


FIRST = ("tests/live/", "tests/parity/", "tests/sdk/", "tests/server/", "tests/cli/")
"""Folders whose files take longest for each test: what is started last should be over soon."""

WITH_A_SERVER = ("tests/live/", "tests/parity/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of several workers, each takes the next file when it is free; two of them take a folder with a real server each.

    A server takes half a minute of a core to start, and a third one would not be over sooner.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((folder for folder in WITH_A_SERVER if file.startswith(folder)), file)

    config.option.loadscopereorder = False  # by the number of tests says nothing: the shortest are the most
    return ByFile(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """A property is tried on a few examples in every run, and on many in `make soak`."""
    settings.load_profile("soak" if config.option.markexpr == "soak" else "lsops")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """From here on garbage is made, and looked for; what there is counts as old.

    It must not stay frozen: `load` makes what it made old in the same way, which it can only where nothing is frozen.
    """
    gc.freeze()
    gc.unfreeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest folders first; within each, the order of the files stays. All properties belong to `make soak`, and
    what is thinned.
    """
    thin(items, is_soak=config.option.markexpr == "soak")
    if config.option.markexpr == "soak":
        for item in items:
            if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
                item.add_marker("soak")
    rank = {folder: number for number, folder in enumerate(FIRST)}
    items.sort(key=lambda item: next((rank[one] for one in FIRST if item.nodeid.startswith(one)), len(FIRST)))


def thin(items: Iterable[pytest.Item], *, is_soak: bool) -> None:
    """Mark as soak what a test that is thinned leaves out of every run; of a soak it is all."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("thinned"):
            found.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for alike in found.values():
        count = alike[0].get_closest_marker("thinned").args[0]
        kept = {number * len(alike) // count for number in range(count)}
        for number, item in enumerate(alike):
            if is_soak or number not in kept:
                item.add_marker("soak")


@pytest.fixture(scope="session")
def label_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One real Label Studio Community for the whole run; of several workers, one for each."""
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
