"""What stands on stderr: lines for people or, with `--log-format json`, one JSON object per line and nothing else.

The form is known from the command line as it is written, so that also what is wrong with it is told in this form.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any


class _Form:
    """The form of this run, chosen once at its start: threads and signal handlers write, too."""

    as_json = False


def begin(arguments: Sequence[str]) -> None:
    """Choose the form for one run."""
    _Form.as_json = asks_for("json", arguments, "--log-format")


def is_json() -> bool:
    """Whether each line of stderr is a JSON object."""
    return _Form.as_json


def asks_for(form: str, arguments: Sequence[str], flag: str) -> bool:
    """Whether a command line asks for a form with that flag or its variable, also where it could not be parsed."""
    pairs = zip(arguments, arguments[1:], strict=False)
    asked = f"{flag}={form}" in arguments or (flag, form) in pairs
    variable = "LSOPS_" + flag[2:].upper().replace("-", "_")
    return asked or (os.environ.get(variable) == form and not any(one.startswith(flag) for one in arguments))


def stamped(pairs: Mapping[str, Any]) -> str:
    """One line of JSON with the time in front, in which no foreign text can do harm, and no address shows a secret."""
    from datetime import datetime, timezone  # every run imports this module, `--help` too, and few write such a line

    from lsops.masking import mask_addresses
    from lsops.signs import json_line

    shown = {name: mask_addresses(value) if isinstance(value, str) else value for name, value in pairs.items()}
    return json_line({"time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"), **shown})


def emit(event: str, **pairs: Any) -> None:
    """Write one line of JSON; `None` is left out. A stderr that takes nothing more is no reason to stop."""
    with suppress(OSError, ValueError):
        write(stamped({"event": event, **{name: value for name, value in pairs.items() if value is not None}}) + "\n")


def write(text: str, stream: Any = None) -> None:
    """Write JSON to stderr, or to another log. Raises: OSError, ValueError, where it is full, closed, or not there."""
    from lsops.signs import ascii_json

    stream = sys.stderr if stream is None else stream
    if stream is None:
        raise OSError("stderr is closed")
    stream.write(text if is_unicode(stream) else ascii_json(text))
    stream.flush()


def is_unicode(stream: Any) -> bool:
    """Whether a stream can take any sign."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")
