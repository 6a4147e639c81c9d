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
    _Form.as_json = asks_json(arguments, "--log-format")


def is_json() -> bool:
    """Whether each line of stderr is a JSON object."""
    return _Form.as_json


def asks_json(arguments: Sequence[str], flag: str) -> bool:
    """Whether a command line asks for JSON with that flag or its variable, also where it could not be parsed."""
    pairs = zip(arguments, arguments[1:], strict=False)
    asked = f"{flag}=json" in arguments or (flag, "json") in pairs
    variable = "LSOPS_" + flag[2:].upper().replace("-", "_")
    return asked or (os.environ.get(variable) == "json" and not any(one.startswith(flag) for one in arguments))


def stamped(pairs: Mapping[str, Any]) -> str:
    """One line of JSON with the time in front, in which no foreign text can do harm."""
    import json  # every run imports this module, `--help` too, and few write such a line
    from datetime import datetime, timezone

    from lsops.render.safe import json_text

    time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    return json_text(json.dumps({"time": time, **pairs}, ensure_ascii=False))


def emit(event: str, **pairs: Any) -> None:
    """Write one line of JSON; `None` is left out. A stderr that takes nothing more is no reason to stop."""
    with suppress(OSError, ValueError):
        write(stamped({"event": event, **{name: value for name, value in pairs.items() if value is not None}}) + "\n")


def write(text: str) -> None:
    """Raises: OSError, ValueError, where stderr is full, closed, or not there."""
    if sys.stderr is None:
        raise OSError("stderr is closed")
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stderr.flush()
