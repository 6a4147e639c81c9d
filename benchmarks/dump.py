"""`lsops dump` of 200 Enterprise projects, 30 ms per response, against a bare httpx program with the same requests."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bare import AT_A_TIME, same_requests
from manifests import HAS_STORAGES
from served import served
from timing import LSOPS, in_turns, options, report, run


def main() -> None:
    given = options(__doc__, projects=200, latency=30, rounds=5)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(given.projects, int(HAS_STORAGES), given.latency) as server,
    ):
        command = [LSOPS, "dump", "-o", f"{folder}/made", "--force", "--concurrency", str(AT_A_TIME)]
        run(command, environ=server.environ)
        requests, program = same_requests(server, Path(folder, "urls.json"))
        ours, other = in_turns(command, program, rounds=given.rounds, environ=server.environ)
    name = f"lsops dump of {given.projects} projects, {requests} requests of {given.latency} ms, {AT_A_TIME} at a time"
    report(name, ours, other, 1.3, as_json=given.json)


if __name__ == "__main__":
    main()
