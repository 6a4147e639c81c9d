"""`lsops plan --shard i/n` of 5,000 projects in 16 shards: is the union exact, and how much more does the longest take?

Every project is to change, so that the plan files say who planned what. The shards run one after the other, each in a
process of its own over HTTP, as if each had a machine to itself: once to warm the server's answers, then in turns.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manifests import HAS_STORAGES, in_one_file
from served import Served, served
from timing import LSOPS, Run, options, run, tell

GOAL = 1.3
AT_A_TIME = 16
EVERY = "version: 1\ndefaults: {projects: {enable_empty_annotation: false}}\n"
"""What the projects on the server do not have yet."""


@dataclass
class Planned:
    """A shard's changes by address, its requests, and its runs: other load on the machine only adds to the least."""

    command: list[str]
    changes: dict[str, Any]
    requests: int
    runs: list[Run] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return min(one.seconds for one in self.runs)

    @property
    def processor(self) -> float:
        return min(one.processor for one in self.runs)


def main() -> None:
    given = options(__doc__, projects=5000, shards=16, latency=30, rounds=3)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(given.projects, int(HAS_STORAGES), given.latency) as server,
    ):
        manifest = in_one_file(Path(folder), given.projects, int(HAS_STORAGES))
        manifest.write_text(manifest.read_text("utf-8").replace("version: 1\n", EVERY, 1), "utf-8")
        names = [f"{index}/{given.shards}" for index in range(1, given.shards + 1)]
        whole = planned(manifest, server)
        shards = [planned(manifest, server, "--shard", name) for name in names]
        for _ in range(given.rounds):
            for one in (whole, *shards):
                one.runs.append(run(one.command, environ=server.environ))
    told(whole, shards, as_json=given.json)


def planned(manifest: Path, server: Served, *flags: str) -> Planned:
    """Plan once, to count and to warm the answers."""
    out = manifest.parent / "plan.json"
    command = [LSOPS, "plan", str(manifest), "--out", str(out), "-q", "--concurrency", str(AT_A_TIME), *flags]
    server.counts()
    run(command, environ=server.environ)
    requests = sum(server.counts().values())
    document = json.loads(out.read_text("utf-8"))
    return Planned(command, {one["address"]: one for one in document["changes"]}, requests)


def told(whole: Planned, shards: list[Planned], *, as_json: bool) -> None:
    """Whether the shards make up the whole, and their figures beside it."""
    often = Counter(address for one in shards for address in one.changes)
    union = {address: change for one in shards for address, change in one.changes.items()}
    is_exact = union == whole.changes and set(often.values()) == {1}
    words = (
        f"{len(whole.changes)} changes, union {'exact' if is_exact else 'WRONG'}, most often {max(often.values())} x"
    )
    tell(f"{len(shards)} shards", words, {"exact": is_exact, "changes": len(whole.changes)}, as_json=as_json)
    for name, of in (
        ("changes", lambda one: len(one.changes)),
        ("requests", lambda one: one.requests),
        ("seconds", lambda one: one.seconds),
        ("processor seconds", lambda one: one.processor),
    ):
        found = [float(of(one)) for one in shards]
        mean, most = statistics.mean(found), max(found)
        ratio = most / mean
        words = f"mean {mean:.4g}, most {most:.4g} = {ratio:.2f} x (goal {GOAL} x); of one run for all {of(whole):.4g}"
        figures = {"mean": mean, "most": most, "whole": of(whole), "ratio": ratio, "goal": GOAL, "met": ratio <= GOAL}
        tell(f"{name} of a shard", words, figures, as_json=as_json)


if __name__ == "__main__":
    main()
