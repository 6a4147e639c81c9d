"""`python -m lsops`."""

from lsops.cli.main import entry

entry()
