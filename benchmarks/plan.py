"""`lsops plan` of 200 projects over HTTP, 30 ms per response, against requests x latency / 16 at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manifests import HAS_STORAGES, in_one_file
from served import served
from timing import LSOPS, compare, in_turns, median, options, run

AT_A_TIME = 16


def main() -> None:
    given = options(__doc__, projects=200, latency=30, rounds=7)
    storages = int(HAS_STORAGES)
    with tempfile.TemporaryDirectory() as folder, served(given.projects, storages, given.latency) as server:
        path = in_one_file(Path(folder), given.projects, storages)
        command = [LSOPS, "plan", str(path), "--concurrency", str(AT_A_TIME)]
        first = run(command, environ=server.environ)
        if "No changes." not in first.output:
            raise SystemExit(f"a plan without changes was expected:\n{first.output}")
        requests = sum(server.counts().values())
        (runs,) = in_turns(command, rounds=given.rounds, environ=server.environ)
    ideal = requests * given.latency / 1000 / AT_A_TIME
    name = f"lsops plan of {given.projects} projects, {requests} requests of {given.latency} ms, {AT_A_TIME} at a time"
    compare(name, median(runs), ideal, 1.3, as_json=given.json)


if __name__ == "__main__":
    main()
