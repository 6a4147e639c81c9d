"""Whoever sits at the command line, as an operation sees them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Event as Stop
from typing import TYPE_CHECKING

from lsops.cli.output import Output, is_terminal
from lsops.cli.progress import applying, audit, reading, together
from lsops.cli.signals import interruptible
from lsops.engine.events import Event, Listener, ignore
from lsops.errors import Finding
from lsops.operations.interaction import Interaction, Question

if TYPE_CHECKING:
    from lsops.server.session import Session


class Terminal(Interaction):
    """Tells on stderr and in the audit file, and asks on the terminal; `done` is what stays done, for an interrupt."""

    def __init__(self, output: Output, audit_file: Path | None = None) -> None:
        self.done: list[str] = []
        self._output = output
        self._audit_file = audit_file
        self._listener: Listener = ignore

    @property
    def answers(self) -> bool:
        return is_terminal(sys.stdin) and is_terminal(sys.stderr)

    def note(self, text: str) -> None:
        self._output.note(text)

    def warn(self, findings: Iterable[Finding]) -> None:
        self._output.findings(findings)

    def confirm(self, question: Question) -> bool:
        for text in question.about:
            self._output.note(text)
        self._output.ask(question.text)
        return sys.stdin.readline().strip() == question.wanted

    def reading(self, session: Session) -> AbstractContextManager[None]:
        return reading(self._output, session)

    @contextmanager
    def writing(self, total: int) -> Iterator[Stop]:
        with (
            audit(self._audit_file) as file,
            applying(self._output, total) as listener,
            interruptible(self._output.note) as stop,
        ):
            self._listener = together(listener, file, note=self._output.note)
            yield stop

    def listen(self, event: Event) -> None:
        self._listener(event)

    def achieved(self, text: str) -> None:
        self.done.append(text)
