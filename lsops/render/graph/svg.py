"""A graph as SVG: graphviz's `dot` makes it of DOT."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping

from lsops.errors import LsopsError, UsageError
from lsops.model.graph import Graph
from lsops.render.graph.dot import dot

SECONDS = 60.0
"""How long `dot` may take: 500 boxes take it a second."""


def svg(graph: Graph, env: Mapping[str, str]) -> str:
    """The SVG document; `env` has the PATH on which `dot` is looked for.

    Raises:
        UsageError: `dot` is not installed.
        LsopsError: it failed, or took too long.
    """
    program = shutil.which("dot", path=env.get("PATH", ""))
    if program is None:
        hint = "install graphviz (apt install graphviz, brew install graphviz), or use --format mermaid or dot"
        raise UsageError.of("--format svg needs the program dot of graphviz", code="LS617", hint=hint)
    text = "".join(f"{line}\n" for line in dot(graph))
    kept = {name: value for name, value in env.items() if name in ("PATH", "HOME", "SYSTEMROOT", "FONTCONFIG_FILE")}
    try:
        made = subprocess.run(  # noqa: S603  # no shell, and nothing foreign in the command
            [program, "-Tsvg"], input=text.encode(), capture_output=True, env=kept, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise _failed(str(problem)) from problem
    if made.returncode:
        raise _failed(made.stderr.decode(errors="replace").strip() or f"it ended with {made.returncode}")
    return made.stdout.decode()


def _failed(reason: str) -> LsopsError:
    hint = "--format dot gives what dot was to draw; with -t the graph is smaller"
    return LsopsError.of(f"dot could not draw the graph: {reason[:300]}", code="LS618", hint=hint)
