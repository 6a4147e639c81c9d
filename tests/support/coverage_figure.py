"""Measures which lines and branches of `lsops` the tests reach, prints the figure, and holds it against the floor.

A pytest plugin, which `make test` loads. Tracing makes a test slower by half, so only the files of `MEASURED` are
traced, of a test with many parameters the first `EXAMPLES`, and in one process what is imported while tests are
collected: those files run `lsops` in their own process, and reach most of it in little time. What only others reach
counts as not reached, so the figure is a lower bound.
The floor is `[tool.coverage.report] fail_under` of pyproject.toml.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import coverage
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "build" / "coverage"
REPORT = CHECKOUT / "build" / "coverage.txt"
MEASURED = (
    "tests/unit/",
    "tests/engine/",
    "tests/render/",
    "tests/operations/",
    "tests/dumping/",
    "tests/depot/",
    "tests/tavern/",
    "tests/preview/test_editor.py",
    "tests/preview/test_preview.py",
    "tests/preview/test_record.py",
    "tests/preview/test_samples.py",
    *(
        f"tests/cli/test_{name}.py"
        for name in (
            "adopt audit backup diff dump golden graph init_pipelines lock plan_base policies renamed_labels seed_tasks "
            "shards show_shards snapshot sync"
        ).split()
    ),
)
EXAMPLES = 3
TIMED = ("tests/unit/hostile/", "tests/unit/labelconfig/test_labelconfig_bounds.py", "tests/engine/test_properties")
"""What measures times itself, or tries so many examples that it would take minutes."""


def _new() -> coverage.Coverage:
    return coverage.Coverage(data_file=FOLDER / "data", data_suffix=True, config_file=str(CHECKOUT / "pyproject.toml"))


def _measured(items: Iterable[pytest.Item]) -> Iterator[str]:
    """The names of the tests that are traced."""
    seen: Counter[str] = Counter()
    for item in items:
        if item.nodeid.startswith(MEASURED) and not item.nodeid.startswith(TIMED):
            name = item.nodeid.partition("[")[0]
            seen[name] += 1
            if seen[name] <= EXAMPLES:
                yield item.nodeid


class Tracer:
    """In each process that runs tests: traces while tests of measured files run, and in the first one imports."""

    def __init__(self) -> None:
        self._coverage = _new()
        self._runs = False
        self._names: frozenset[str] = frozenset()
        self.trace(os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0")

    def trace(self, wanted: bool) -> None:
        """Start or stop, if that is not so already."""
        if wanted and not self._runs:
            self._coverage.start()
        elif self._runs and not wanted:
            self._coverage.stop()
        self._runs = wanted

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """All is imported that is not imported by a function."""
        self._names = frozenset(_measured(session.items))
        self.trace(False)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        """From the first fixture of a test to the end of its last, and on where the next one is measured, too."""
        self.trace(item.nodeid in self._names)
        try:
            return (yield)
        finally:
            self.trace(nextitem is not None and nextitem.nodeid in self._names)

    def pytest_sessionfinish(self) -> None:
        """Leave what was seen where the process that speaks finds it."""
        self.trace(False)
        self._coverage.save()


class Figure:
    """In the process that speaks: the figure of all processes, above pytest's closing line."""

    def __init__(self) -> None:
        self._whole = _new()
        self._floor = float(str(self._whole.get_option("report:fail_under")))
        self._percent = 0.0

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Put together what the processes saw; a figure below the floor fails the run."""
        self._whole.combine([str(FOLDER)])
        with REPORT.open("w", encoding="utf-8") as file:
            self._percent = self._whole.report(file=file, show_missing=True)
        if self._percent < self._floor and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The figure, and where to look for what is missing."""
        told = f"coverage of lsops, lines and branches: {self._percent:.1f} %, floor {self._floor:g} %"
        where = REPORT.relative_to(CHECKOUT)
        if self._percent < self._floor:
            terminalreporter.write_line(f"{told}: TOO LOW, what is missing is in {where}", red=True)
        else:
            terminalreporter.write_line(f"{told} ({where})")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before the first import of `lsops`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    early_config.pluginmanager.register(Tracer())


def pytest_configure(config: pytest.Config) -> None:
    """Workers leave their data to the process that started them."""
    if not hasattr(config, "workerinput"):
        for old in FOLDER.iterdir():
            old.unlink()
        config.pluginmanager.register(Figure())
