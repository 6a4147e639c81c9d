"""`lsops plan` of 200 projects, 30 ms per response, against a sequential script with the official SDK."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sdk_script
from manifests import HAS_STORAGES, in_one_file
from served import TOKEN, served
from timing import LSOPS, PYTHON, in_turns, median, options, run, tell

GOAL = 60


def main() -> None:
    given = options(__doc__, projects=200, latency=30, rounds=5)
    storages = int(HAS_STORAGES)
    with tempfile.TemporaryDirectory() as folder, served(given.projects, storages, given.latency) as server:
        path = in_one_file(Path(folder), given.projects, storages)
        plan = [LSOPS, "plan", str(path), "--concurrency", "16"]
        (runs,) = in_turns(plan, rounds=given.rounds, environ=server.environ)
        server.counts()
        script = run([PYTHON, sdk_script.__file__, server.url, TOKEN])
        counts = server.counts()
        runs += in_turns(plan, rounds=given.rounds, environ=server.environ)[0]
    ours, requests = median(runs), sum(counts.values())
    print(f"the script read: {script.output.strip()}", file=sys.stderr)
    ratio = script.seconds / ours
    words = f"{ours * 1000:.0f} ms against {script.seconds * 1000:.0f} ms = {ratio:.0f} x faster (goal {GOAL} x)"
    figures = {"ms": round(ours * 1000, 1), "against_ms": round(script.seconds * 1000, 1), "ratio": round(ratio, 1)}
    figures |= {"goal": GOAL, "met": ratio >= GOAL, "script_requests": requests}
    name = f"lsops plan of {given.projects} projects against a script with the SDK ({requests} requests)"
    tell(name, words, figures, as_json=given.json)


if __name__ == "__main__":
    main()
