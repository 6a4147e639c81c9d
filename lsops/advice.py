"""What to do about each error, as `advice.yaml` says: for the page of error codes, and for forms with rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".yaml")


@cache
def remedies() -> Mapping[str, Mapping[str, str]]:
    """By code: an `example` of its message, and what to `do`, in Markdown whose links lead from `docs/`."""
    import yaml

    return dict(yaml.safe_load(FILE.read_text("utf-8")))
