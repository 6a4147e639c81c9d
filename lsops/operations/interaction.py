"""What an operation tells and asks while it works; what comes of that is the business of whoever runs it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from threading import Event as Stop
from typing import TYPE_CHECKING

from lsops.errors import Finding, Refused

if TYPE_CHECKING:
    from lsops.engine.events import Event
    from lsops.server.session import Session


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before the first write; `wanted` is the answer that means yes, and `about` is told first."""

    text: str
    wanted: str
    about: tuple[str, ...] = ()


class Interaction:
    """Nobody: it hears nothing, and answers no question. A terminal overrides all of it, a script what it wants."""

    @property
    def answers(self) -> bool:
        """Whether somebody is there to be asked."""
        return False

    def note(self, text: str) -> None:
        """Hear something that is not the result; it may hold foreign text."""

    def warn(self, findings: Iterable[Finding]) -> None:
        """Hear what went wrong where the work goes on."""

    def confirm(self, question: Question) -> bool:
        """Answer a question. Asked only where `answers` is true."""
        del question
        return False

    def reading(self, session: Session) -> AbstractContextManager[None]:
        """What surrounds the reading of a server."""
        del session
        return nullcontext()

    def writing(self, total: int) -> AbstractContextManager[Stop]:
        """What surrounds that many changes; once the event is set, the calls in flight end and no other starts."""
        del total
        return nullcontext(Stop())

    def listen(self, event: Event) -> None:
        """Hear of a step of a change; called inside `writing`, from several threads."""

    def achieved(self, text: str) -> None:
        """Hear what stays done, whatever comes after it."""


def tell_unchecked(interaction: Interaction, reasons: Iterable[str]) -> None:
    """Say what the server was not asked about, and why."""
    for reason in reasons:
        interaction.note(f"not checked: {reason}")


def refuse_unasked(interaction: Interaction, undone: str) -> None:
    """Raises: Refused, where nobody can be asked; `undone` is what is not done then: `applied`."""
    if not interaction.answers:
        raise Refused.of(f"not {undone}: there is no terminal to ask on", code="LS802", hint="give --yes")


def require_answer(interaction: Interaction, question: Question) -> None:
    """Raises: Refused, unless the answer is the one that means yes."""
    if not interaction.confirm(question):
        hint = f"to go on type {question.wanted}"
        raise Refused.of("not confirmed, nothing was written", code="LS801", hint=hint)


SILENT = Interaction()
