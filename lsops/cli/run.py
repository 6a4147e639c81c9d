"""One run of the command line, as far as its end must know of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `--help` prints without it
    from lsops.cli.output import Output


class Run:
    """A command line, and how it tells: as its words ask for, and as its flags say once they are parsed."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.arguments = tuple(arguments)
        self.environment = ""
        self._output: Output | None = None

    @property
    def output(self) -> Output:
        if self._output is None:
            from lsops.cli.output import asked_for

            self._output = asked_for(self.arguments)
        return self._output

    @output.setter
    def output(self, parsed: Output) -> None:
        self._output = parsed
