"""A manifest of somebody else costs no more than its size: small forms by growth, some large ones by processor time."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lsops.errors import ManifestError
from lsops.manifest import Options, load
from tests.support.clock import processor_seconds
from tests.support.forms import errors_as
from tests.unit.hostile.cases import CASES, files
from tests.unit.manifest.support import write_files

SMALL, LARGE = 16_000, 64_000
LARGEST = 1_000_000
QUICK = 0.04
"""Seconds below which a growth says nothing."""


def told(root, name, size):
    """What a person is told of a case."""
    write_files(root, files(name, size))
    try:
        return load(root, Options(environment="prod" if "overlay" in name else "")).warnings
    except ManifestError as error:
        return error.findings


def seconds(root, name, size):
    return processor_seconds(lambda: errors_as("text", told(root, name, size)))


def some_of(names, often):
    """Every run takes those that were met in the field; `make soak` takes all."""
    return [name if name in often else pytest.param(name, marks=pytest.mark.soak) for name in names]


MET = ["a URL of @", "unclosed references", "unknown keys of an entry", "an unknown key in each entry", "globs"]


@pytest.mark.parametrize("name", some_of(CASES, MET))
def test_four_times_the_file_takes_about_four_times_as_long(name, tmp_path):
    seconds(tmp_path, name, 1_000)

    def is_linear():
        long = seconds(tmp_path, name, LARGE)
        return long < QUICK or long / max(seconds(tmp_path, name, SMALL), QUICK / 8) < 9

    assert any(is_linear() for _ in range(3))  # what else runs can spoil an attempt


@pytest.mark.parametrize("name", CASES)
def test_no_more_is_told_than_a_person_reads(name, tmp_path):
    found = told(tmp_path, name, LARGE)

    assert len(found) <= 2_100
    assert len(errors_as("text", found)) < 500_000


RUN = """
import json, resource, sys
from lsops.cli.main import run
from tests.support.forms import errors_as
from tests.support.clock import processor_seconds
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([code, used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024]), file=sys.__stdout__)
"""

HEAVY = [
    "a URL of @",
    "unclosed references",
    "unknown keys of an entry",
    "an unknown key in each entry",
    "unknown actions",
    "unknown variables among many",
    "empty filters",
    "null entries",
    "one key for all",
    "defaults times entries",
    "a variable in every entry",
    "globs",
]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
@pytest.mark.parametrize("name", some_of(HEAVY, MET[:3]))
def test_a_megabyte_is_answered_within_seconds_and_250_mebibytes(name, tmp_path):
    write_files(tmp_path, files(name, LARGEST))
    command = [sys.executable, "-c", RUN, "plan", "--server", "sandbox:", "--format", "json", str(tmp_path)]

    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path)
    code, processor, memory = json.loads(ran.stdout.splitlines()[-1])

    assert code in (0, 3)
    assert "LS901" not in ran.stderr
    assert memory < 250
    assert processor < 5  # 2 on a machine with nothing else to do
