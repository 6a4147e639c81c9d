"""What is shown needs no server, no file and no terminal: looked at in a fresh process."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "httpx",
    "yaml",
    "click",
    "rich",
    "lsops.kinds",
    "lsops.server",
    "lsops.engine.planning",
    "lsops.engine.consent",
)


def loaded(*modules: str) -> list[str]:
    """What of the heavy modules is there once these are imported."""
    script = f"import sys, {', '.join(modules)}; print(*(name for name in {HEAVY} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", script], text=True, capture_output=True, check=True).stdout.split()


@pytest.mark.parametrize("form", ["text", "markdown", "github", "gitlab", "sarif", "html"])
def test_a_form_is_made_of_values_alone(form: str) -> None:
    assert loaded("lsops.render.review", f"lsops.render.formats.{form}") == []


def test_what_it_looks_for_would_be_found() -> None:
    assert {"click", "httpx", "lsops.kinds", "lsops.server"} <= set(
        loaded("lsops.cli.main", "lsops.kinds", "lsops.server.session")
    )
