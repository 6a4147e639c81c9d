"""`lsops --help` against a bare click program: `python benchmarks/startup.py`."""

from __future__ import annotations

from timing import PYTHON, compare, report

BARE = """
import click

@click.command()
def bare():
    '''A program that does nothing.'''

bare(['--help'])
"""


def main() -> None:
    ours, other = compare([PYTHON, "-m", "lsops", "--help"], [PYTHON, "-c", BARE], rounds=15)
    report("lsops --help against a bare click program", ours, other, 1.5)


if __name__ == "__main__":
    main()
