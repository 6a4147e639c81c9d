"""How many requests a plan without creates makes, against one per project and collection plus P / 100 + 10."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manifests import HAS_STORAGES, in_one_file
from served import served
from timing import LSOPS, options, run, tell


def main() -> None:
    given = options(__doc__, projects=200)
    # One storage per side is read from the list of its type, two from the list of all types. Of the others, webhooks
    # and views of all projects are one request each; ML backends are one per project.
    for storages, others in ((0, False), (1, False), (2, False), (2, True)) if HAS_STORAGES else ((0, False),):
        with (
            tempfile.TemporaryDirectory() as folder,
            served(given.projects, storages, 0, others=others) as server,
        ):
            path = in_one_file(Path(folder), given.projects, storages, others=others)
            run([LSOPS, "plan", str(path)], environ=server.environ)
            counts = server.counts()
        allowed = given.projects * ((2 if storages else 0) + others) + given.projects // 100 + 10
        made = sum(counts.values())
        more = ", a webhook, a view and an ML backend" if others else ""
        name = f"requests of a plan of {given.projects} projects with {2 * storages} storages each{more}"
        figures = {"requests": made, "goal": allowed, "met": made <= allowed, "by_path": counts}
        tell(name, f"{made} (goal {allowed})", figures, as_json=given.json)


if __name__ == "__main__":
    main()
