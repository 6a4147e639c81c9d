"""What the benchmarks share: whole processes, run in turns, compared within one run, reported in one line."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
LSOPS = shutil.which("lsops", path=str(Path(PYTHON).parent)) or "lsops"
"""The console script beside the running interpreter, as a user calls it."""


@dataclass(frozen=True)
class Run:
    """One finished process: wall time and processor time in seconds, and the most memory it held in MiB."""

    seconds: float
    processor: float
    mebibytes: float
    output: str


def options(description: str | None, **defaults: int) -> argparse.Namespace:
    """The command line of a benchmark, and what each does first: compile lsops as an installed package is."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="a JSON line to stdout, the words to stderr")
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"default {value}")
    # A checkout has no bytecode where PYTHONDONTWRITEBYTECODE is set, and an installed package always has.
    compileall.compile_dir(CHECKOUT / "lsops", quiet=2)
    return parser.parse_args()


def run(command: Sequence[str], *, environ: Mapping[str, str] | None = None, accept: Sequence[int] = (0,)) -> Run:
    """Run a command to its end; any exit code that is not accepted ends the benchmark."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env={**os.environ, **(environ or {})})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0), errors.seek(0)
        if process.returncode not in accept:
            raise SystemExit(f"{' '.join(command[:4])} ended with {process.returncode}\n{errors.read()}{output.read()}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.read())


def in_turns(*commands: Sequence[str], rounds: int, environ: Mapping[str, str] | None = None) -> list[list[Run]]:
    """Every command `rounds` times, one after the other in each round, after one round to warm the caches."""
    turns = [[run(command, environ=environ) for command in commands] for _ in range(rounds + 1)]
    return [list(runs) for runs in zip(*turns[1:], strict=True)]


def report(name: str, ours: Sequence[Run], other: Sequence[Run], goal: float, *, as_json: bool) -> None:
    """The medians of both and their ratio, which should be at most the goal.

    The JSON has the ratio of the processor times too: on a busy machine it is the steadier one.
    """
    processor = _median(ours, "processor") / _median(other, "processor")
    times = _median(ours, "seconds"), _median(other, "seconds")
    compare(name, *times, goal, as_json=as_json, more={"processor_ratio": round(processor, 3)})


def compare(
    name: str, ours: float, other: float, goal: float, *, as_json: bool, more: Mapping[str, object] | None = None
) -> None:
    """Two times in seconds and their ratio, which should be at most the goal."""
    ratio = ours / other
    words = f"{ours * 1000:.0f} ms against {other * 1000:.0f} ms = {ratio:.2f} x (goal {goal:g} x)"
    figures = {"ms": round(ours * 1000, 1), "against_ms": round(other * 1000, 1), "ratio": round(ratio, 3)}
    tell(name, words, {**figures, **(more or {}), "goal": goal, "met": ratio <= goal}, as_json=as_json)


def median(runs: Sequence[Run]) -> float:
    """The median wall time in seconds."""
    return _median(runs, "seconds")


def _median(runs: Sequence[Run], name: str) -> float:
    return float(statistics.median(getattr(one, name) for one in runs))


def tell(name: str, words: str, figures: Mapping[str, object], *, as_json: bool) -> None:
    """One line: `name: words`; with `as_json` also the figures."""
    print(f"{name}: {words}", file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print(json.dumps({"name": name, **figures}))
