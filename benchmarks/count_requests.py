"""How many requests a plan without creates makes, against one per project and collection plus P / 100 + 10."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manifests import HAS_STORAGES, in_one_file
from served import served
from timing import LSOPS, options, run, tell


def main() -> None:
    given = options(__doc__, projects=200)
    # One storage per side is read from the list of its type, two from the list of all types.
    for storages in (0, 1, 2) if HAS_STORAGES else (0,):
        with tempfile.TemporaryDirectory() as folder, served(given.projects, storages, 0) as server:
            path = in_one_file(Path(folder), given.projects, storages)
            run([LSOPS, "plan", str(path)], environ=server.environ)
            counts = server.counts()
        allowed = given.projects * (2 if storages else 0) + given.projects // 100 + 10
        made = sum(counts.values())
        name = f"requests of a plan of {given.projects} projects with {2 * storages} storages each"
        figures = {"requests": made, "goal": allowed, "met": made <= allowed, "by_path": counts}
        tell(name, f"{made} (goal {allowed})", figures, as_json=given.json)


if __name__ == "__main__":
    main()
