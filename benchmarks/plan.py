"""`lsops plan` of 200 projects over HTTP, 30 ms per response, against a bare httpx program with the same requests."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bare import AT_A_TIME, same_requests
from manifests import HAS_STORAGES, in_one_file
from served import served
from timing import LSOPS, in_turns, options, report, run


def main() -> None:
    given = options(__doc__, projects=200, latency=30, rounds=7)
    storages = int(HAS_STORAGES)
    with tempfile.TemporaryDirectory() as folder, served(given.projects, storages, given.latency) as server:
        path = in_one_file(Path(folder), given.projects, storages)
        command = [LSOPS, "plan", str(path), "--concurrency", str(AT_A_TIME)]
        first = run(command, environ=server.environ)
        if "No changes." not in first.output:
            raise SystemExit(f"a plan without changes was expected:\n{first.output}")
        requests, program = same_requests(server, Path(folder, "urls.json"))
        ours, other = in_turns(command, program, rounds=given.rounds, environ=server.environ)
    name = f"lsops plan of {given.projects} projects, {requests} requests of {given.latency} ms, {AT_A_TIME} at a time"
    report(name, ours, other, 1.25, as_json=given.json)


if __name__ == "__main__":
    main()
