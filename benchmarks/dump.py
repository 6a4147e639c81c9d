"""`lsops dump` of 200 Enterprise projects, 30 ms per response, against a bare httpx program with the same requests.

The program asks for the lists first, because their rows say what else there is to ask for, then 16 at a time, and two
at a time for ML backends, which a server calls whenever they are read.
"""

from __future__ import annotations

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from manifests import HAS_STORAGES
from served import TOKEN, served
from timing import LSOPS, PYTHON, in_turns, options, report, run

AT_A_TIME = 16
GENTLE = 2
SLOW = "/api/ml/"


def main() -> None:
    given = options(__doc__, projects=200, latency=30, rounds=5)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(given.projects, int(HAS_STORAGES), given.latency) as server,
    ):
        command = [LSOPS, "dump", "-o", f"{folder}/made", "--force", "--concurrency", str(AT_A_TIME)]
        run(command, environ=server.environ)
        program = [PYTHON, __file__, "--bare", str(_paths(server.url, folder))]
        ours, other = in_turns(command, program, rounds=given.rounds, environ=server.environ)
    report(f"lsops dump of {given.projects} projects, {given.latency} ms", ours, other, 1.3, as_json=given.json)


def _paths(url: str, folder: str) -> Path:
    """A file with the URLs that a dump has read: of each project what stands below it, and the lists."""
    ids = range(1, 1 + len(list(Path(folder, "made", "projects").iterdir())))
    below = [f"/api/storages/?project={n}" for n in ids] + [f"/api/storages/export?project={n}" for n in ids]
    below += [f"{SLOW}?project={n}" for n in ids] + [f"/api/projects/{n}/" for n in ids]
    below += [f"/api/projects/{n}/members/paginated/?implicit=false&page_size=100&page=1" for n in ids]
    lists = ["/api/version", "/api/current-user/whoami", "/api/organizations/1", "/api/workspaces/"]
    lists += ["/api/session-policy/", "/api/jwt/settings", "/api/organizations/1/memberships?page_size=100&page=1"]
    below += ["/api/webhooks/", "/api/dm/views/"]
    pages = [f"/api/projects/?page_size=100&page={n}" for n in range(1, len(ids) // 100 + 1)]
    path = Path(folder, "paths.json")
    path.write_text(json.dumps([[url + one for one in part] for part in ((*lists, *pages), below)]), "utf-8")
    return path


def bare(paths: Path) -> None:
    """The program that is compared with."""
    import httpx

    lists, urls = json.loads(paths.read_text("utf-8"))
    with httpx.Client(headers={"Authorization": f"Token {TOKEN}"}) as client:
        for url in lists:
            client.get(url).json()
        several, few = ThreadPoolExecutor(AT_A_TIME), ThreadPoolExecutor(GENTLE)
        waiting = [(few if SLOW in url else several).submit(lambda url=url: client.get(url).json()) for url in urls]
        for one in waiting:
            one.result()


if __name__ == "__main__":
    bare(Path(sys.argv[2])) if sys.argv[1:2] == ["--bare"] else main()
