"""`lsops --help` against a bare click program."""

from __future__ import annotations

import tempfile
from pathlib import Path

from timing import LSOPS, PYTHON, in_turns, options, report

BARE = """
import click

@click.command()
def bare():
    '''A program that does nothing.'''

bare()
"""


def main() -> None:
    given = options(__doc__, rounds=21)
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        ours, other = in_turns([LSOPS, "--help"], [PYTHON, str(bare), "--help"], rounds=given.rounds)
    report("lsops --help against a bare click program", ours, other, 1.1, as_json=given.json)


if __name__ == "__main__":
    main()
