"""The log on stderr as one JSON object per line, for `--log-format json` and `--audit`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


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
