"""Printing: results to stdout, everything else to stderr; colours only on a terminal."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import click

from lsops.cli import log
from lsops.errors import Finding, LsopsError
from lsops.render.findings import as_lines
from lsops.render.lines import Line
from lsops.render.safe import json_text, line

NOT_ASCII = re.compile(r"[^\x00-\x7f]")

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


def echo_lines(lines: Iterable[Line], *, error: bool = False) -> None:
    """Print lines in one go, styled where the stream is a terminal that wants colours.

    On stderr they are best effort: where nobody can be told, the work goes on. Raises: LsopsError, BrokenPipeError,
    where stdout takes nothing more.
    """
    if error and log.is_json():
        for one in lines:
            if one.text:
                log.emit("log", level=LEVELS.get(one.style, "info"), message=one.text)
        return
    colour = wants_colour(sys.stderr if error else sys.stdout)
    text = "".join((click.style(x.text, **STYLES[x.style]) if colour and x.style else x.text) + "\n" for x in lines)
    if error:
        with suppress(OSError, ValueError):
            log.write(text)
    elif text:
        _print(text)


def echo_findings(findings: Iterable[Finding], prefix: str = "") -> None:
    """Tell errors and warnings on stderr: as lines for people, or as JSON with all that they have."""
    if not log.is_json():
        echo_lines(as_lines(findings, prefix), error=True)
        return
    for one in findings:
        log.emit(one.severity, **{**one.as_document(), "severity": None})


def as_json(document: Mapping[str, Any]) -> None:
    """Print the one document of `--format json`."""
    from lsops.engine.planfile import dumps

    text = json_text(dumps(document))
    _print(text if _is_unicode(sys.stdout) else NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text))


def note(text: str) -> None:
    """Say something on stderr that is not the result; it may hold foreign text, though not begin with it."""
    echo_lines([Line(line(text), "note")], error=True)


def ask(question: str) -> None:
    """Put a question on stderr, where the answer is typed behind it."""
    if log.is_json():
        log.emit("question", message=question)
        return
    click.echo(f"{question}: ", nl=False, err=True)


def say(text: str) -> None:
    """Print one line of a result. Raises: LsopsError, BrokenPipeError."""
    _print(text + "\n")


def is_json(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for JSON, also where it could not be parsed."""
    return log.asks_json(arguments, "--format")


def is_on(variable: str) -> bool:
    """Whether a flag's variable switches it on, read as click does, for where no command runs any more."""
    return os.environ.get(variable, "").strip().lower() in ("1", "true", "t", "yes", "y", "on")


def is_terminal(stream: Any) -> bool:
    """Whether a person sits at it; a stream that was closed before lsops began is None."""
    return stream is not None and bool(stream.isatty())


def wants_colour(stream: Any) -> bool:
    """Whether to style: a terminal, no `NO_COLOR`, no `--no-color`, and not a dumb one."""
    context = click.get_current_context(silent=True)
    refused = bool(context and context.find_root().meta.get("lsops.no_color"))
    dumb = os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
    if context is None:  # an error is told after the command has ended
        refused = is_on("LSOPS_NO_COLOR")
    return is_terminal(stream) and not refused and not dumb and "--no-color" not in sys.argv


def _is_unicode(stream: Any) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def unwritable(problem: OSError, what: str = "the output") -> LsopsError:
    """The error for a result that cannot be printed."""
    return LsopsError.of(f"{what} cannot be written: {problem.strerror or problem}", code="LS608")


def _print(text: str) -> None:
    """Text to stdout whatever its encoding: what it cannot show is escaped, so that no output fails on a name."""
    if sys.stdout is None:
        raise unwritable(OSError("it is closed"))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise unwritable(problem) from problem
