"""Printing: results to stdout, everything else to stderr; colours only on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from lsops.errors import LsopsError
from lsops.render.lines import Line
from lsops.render.safe import line
from lsops.signs import ascii_json, json_line

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
    """Print lines in one go, styled where the stream is a terminal that wants colours."""
    stream = sys.stderr if error else sys.stdout
    colour = wants_colour(stream)
    text = "".join((click.style(x.text, **STYLES[x.style]) if colour and x.style else x.text) + "\n" for x in lines)
    if text:
        _write(stream, text)


def as_json(document: Mapping[str, Any]) -> None:
    """Print the one document of `--format json`."""
    from lsops.engine.planfile import dumps

    text = dumps(document)
    _write(sys.stdout, text if _is_unicode(sys.stdout) else ascii_json(text))


def log_line(stream: Any, document: Mapping[str, Any]) -> None:
    """Write a line of JSON to a log: exact data of which nothing foreign gets at a terminal or a runner."""
    text = json_line(document) + "\n"
    stream.write(text if _is_unicode(stream) else ascii_json(text))
    stream.flush()


def note(text: str) -> None:
    """Say something on stderr that is not the result; it may hold foreign text, though not begin with it."""
    echo_lines([Line(line(text), "note")], error=True)


def is_json(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for JSON, also where it could not be parsed."""
    return _asks_for("json", arguments)


def is_markdown(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for Markdown, also where it could not be parsed."""
    return _asks_for("markdown", arguments)


def _asks_for(form: str, arguments: Sequence[str]) -> bool:
    pairs = zip(arguments, arguments[1:], strict=False)
    asked = f"--format={form}" in arguments or ("--format", form) in pairs
    return asked or (os.environ.get("LSOPS_FORMAT") == form and not any(a.startswith("--format") for a in arguments))


def is_on(variable: str) -> bool:
    """Whether a flag's variable switches it on, read as click does, for where no command runs any more."""
    return os.environ.get(variable, "").strip().lower() in ("1", "true", "t", "yes", "y", "on")


def wants_colour(stream: Any) -> bool:
    """Whether to style: a terminal, no `NO_COLOR`, no `--no-color`, and not a dumb one."""
    context = click.get_current_context(silent=True)
    refused = bool(context and context.find_root().meta.get("lsops.no_color"))
    dumb = os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
    if context is None:  # an error is told after the command has ended
        refused = is_on("LSOPS_NO_COLOR")
    return bool(stream.isatty()) and not refused and not dumb and "--no-color" not in sys.argv


def _is_unicode(stream: Any) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def _write(stream: Any, text: str) -> None:
    """Text to a stream whatever its encoding: what it cannot show is escaped, so that no output fails on a name."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise LsopsError.of(f"the output cannot be written: {problem.strerror}", code="LS608") from problem
