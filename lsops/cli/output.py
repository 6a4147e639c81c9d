"""Printing: results to stdout in the wanted form, everything else to stderr; colours only on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from lsops.cli import log
from lsops.cli.result_files import FormFile, append_for_runner, likely_files, unwritable, write_result
from lsops.errors import Finding
from lsops.render.document import Document, Look
from lsops.render.findings import finding_lines
from lsops.render.formats import Format, format_named
from lsops.render.lines import Line
from lsops.render.safe import line

if TYPE_CHECKING:
    from lsops.server.settings import Exchange

TEXT = "text"
"""The form of stderr, and of stdout where no other is asked for."""

LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning"}
"""By style, how grave a line of the log is; all others inform."""

STYLES: Mapping[str, Mapping[str, Any]] = {
    "create": {"fg": "green"},
    "update": {"fg": "yellow"},
    "replace": {"fg": "magenta"},
    "delete": {"fg": "red"},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow"},
    "note": {"dim": True},
    "title": {"bold": True},
}


@dataclass(frozen=True)
class Output:
    """How a run tells, as its flags say. Results go to stdout in their form, all else to stderr as text or JSON lines.

    What is told on stderr is best effort: where nobody can be told, the work goes on. What goes to stdout raises
    LsopsError or BrokenPipeError where stdout takes nothing more. `outputs` are files that take the result besides,
    and `saved` those of them that have it.
    """

    format: str = TEXT
    no_color: bool = False
    verbose: int = 0
    quiet: bool = False
    log_format: str = TEXT
    debug: bool = False
    outputs: tuple[FormFile, ...] = ()
    saved: set[FormFile] = field(default_factory=set, compare=False)

    @property
    def is_text(self) -> bool:
        """Whether stdout has the form of stderr; any other form is exactly one document, also on failure."""
        return self.format == TEXT

    @property
    def logs_json(self) -> bool:
        """Whether each line of stderr is a JSON object."""
        return self.log_format == "json"

    @property
    def form(self) -> Format:
        """What makes the results."""
        found = format_named(self.format)
        assert found is not None  # noqa: S101  # the flag takes no other
        return found

    def look(self, prefix: str) -> Look:
        """How results look; `prefix` leads to the manifest's folder."""
        return Look(bool(self.verbose), prefix)

    # ---- stdout --------------------------------------------------------------------------------

    def tell(self, document: Document) -> None:
        """Print the result of the run, when its files have it."""
        self.save(document)
        self.show(document)

    def save(self, document: Document) -> None:
        """Write a document to the files of this run that have none yet. Raises: LsopsError."""
        for file in self.outputs:
            form = format_named(file.form)
            if file not in self.saved and form is not None and document.subject in form.forms:
                write_result(file, document)
                self.saved.add(file)
        for name in dict.fromkeys((self.format, *(file.form for file in self.outputs))):
            if form := format_named(name):
                append_for_runner(form, document)

    def show(self, document: Document) -> None:
        """Print what is no result, or no more than a part of it, in the form of one."""
        form = self.form
        self._print(form.forms[document.subject](document), form.in_ascii)

    def json(self, document: Mapping[str, Any]) -> None:
        """Print a result that is JSON whatever the form."""
        from lsops.engine.planfile import dumps
        from lsops.signs import ascii_json

        _write_out(dumps(document), ascii_json)

    def say(self, text: str) -> None:
        """Print one line of a result."""
        _write_out(text + "\n")

    def _print(self, lines: Iterable[Line], in_ascii: Callable[[str], str] | None) -> None:
        if text := self._styled(lines, sys.stdout):
            _write_out(text, in_ascii)

    # ---- stderr --------------------------------------------------------------------------------

    def beside(self, document: Document) -> None:
        """Tell what is not the result of this run, as text."""
        text = format_named(TEXT)
        assert text is not None  # noqa: S101  # it is there
        self.log(text.forms[document.subject](document))

    def log(self, lines: Iterable[Line]) -> None:
        """Tell lines in one go."""
        if self.logs_json:
            for one in lines:
                if one.text:
                    log.emit("log", level=LEVELS.get(one.style, "info"), message=one.text)
            return
        with suppress(OSError, ValueError):
            log.write(self._styled(lines, sys.stderr))

    def findings(self, findings: Iterable[Finding], prefix: str = "") -> None:
        """Tell errors and warnings: as lines for people, or as JSON with all that they have."""
        if not self.logs_json:
            self.log(finding_lines(findings, prefix))
            return
        for one in findings:
            log.emit(one.severity, **{**one.as_document(), "severity": None})

    def note(self, text: str) -> None:
        """Say something; it may hold foreign text, though not begin with it."""
        self.log([Line(line(text), "note")])

    def exchange(self, exchange: Exchange) -> None:
        """Say what was sent to the server, and what it answered."""
        status = exchange.status if exchange.status is not None else "no answer"
        again = ", again" if exchange.retrying else ""
        self.note(f"{exchange.method} {exchange.path}: {status} in {exchange.seconds * 1000:.0f} ms{again}")

    def ask(self, question: str) -> None:
        """Put a question, behind which the answer is typed."""
        if self.logs_json:
            log.emit("question", message=question)
            return
        click.echo(f"{question}: ", nl=False, err=True)

    # ---- colours -------------------------------------------------------------------------------

    def wants_colour(self, stream: Any) -> bool:
        """Whether to style: a terminal, no `NO_COLOR`, no `--no-color`, and not a dumb one."""
        dumb = os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
        return is_terminal(stream) and not self.no_color and not dumb

    def _styled(self, lines: Iterable[Line], stream: Any) -> str:
        colour = self.wants_colour(stream)
        return "".join((click.style(x.text, **STYLES[x.style]) if colour and x.style else x.text) + "\n" for x in lines)


def is_terminal(stream: Any) -> bool:
    """Whether a person sits at it; a stream that was closed before lsops began is None."""
    return stream is not None and bool(stream.isatty())


def _write_out(text: str, in_ascii: Callable[[str], str] | None = None) -> None:
    """Text to stdout whatever its encoding: what it cannot show is escaped, so that no output fails on a name."""
    if sys.stdout is None:
        raise unwritable(OSError("it is closed"))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if in_ascii is not None and not log.is_unicode(sys.stdout):
        text = in_ascii(text)
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise unwritable(problem) from problem


# ---- where no flag is parsed ---------------------------------------------------------------------


def asked_for(arguments: Sequence[str]) -> Output:
    """How a command line asks to be told, by its words and variables alone: what is wrong with it is told so, too."""
    form = _word("--format", arguments)
    return Output(
        format=form if format_named(form) else TEXT,
        no_color=_is_on("--no-color", arguments),
        log_format="json" if _word("--log-format", arguments) == "json" else TEXT,
        debug=_is_on("--debug", arguments),
        outputs=likely_files(_words("--output", arguments) or _variable("--output").split("\n")),
    )


def _word(flag: str, arguments: Sequence[str]) -> str:
    """What stands behind a flag the last time, or in its variable."""
    given = _words(flag, arguments)
    return given[-1] if given else _variable(flag)


def _words(flag: str, arguments: Sequence[str]) -> list[str]:
    """What stands behind a flag, each time that it is given."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=False)
    return [after if one == flag else one[len(flag) + 1 :] for one, after in pairs if one.partition("=")[0] == flag]


def _is_on(flag: str, arguments: Sequence[str]) -> bool:
    """Whether a switch is given, or its variable says so, read as click does."""
    return flag in arguments or _variable(flag).strip().lower() in ("1", "true", "t", "yes", "y", "on")


def _variable(flag: str) -> str:
    return os.environ.get("LSOPS_" + flag[2:].upper().replace("-", "_"), "")
