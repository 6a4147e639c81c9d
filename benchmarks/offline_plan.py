"""The pure plan against a recorded live side, as a whole process, against `octodns-sync` planning as many records.

Both read what is wanted from YAML. octoDNS reads what there is from YAML, too, and lsops from JSON: neither waits for
a server. One project, or record, in a hundred differs. octoDNS is installed into an environment of its own.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import recorded
from manifests import in_one_file, split
from timing import CHECKOUT, PYTHON, in_turns, options, report, run

OCTODNS = "octodns==1.22.0"
ENVIRONMENT = CHECKOUT / ".venv-bench"
SETTINGS = """\
providers:
  wanted:
    class: octodns.provider.yaml.YamlProvider
    directory: {folder}/wanted
  live:
    class: octodns.provider.yaml.YamlProvider
    directory: {folder}/live
zones:
"""
ZONE = """\
  {zone}:
    sources: [wanted]
    targets: [live]
"""


def octodns() -> str:
    """The path of `octodns-sync`, installed on first use."""
    program = ENVIRONMENT / "bin/octodns-sync"
    if not program.exists():
        subprocess.run([PYTHON, "-m", "venv", str(ENVIRONMENT)], check=True)
        (ENVIRONMENT / ".gitignore").write_text("*\n")
        subprocess.run([str(ENVIRONMENT / "bin/python"), "-m", "pip", "install", "--quiet", OCTODNS], check=True)
    subprocess.run([str(ENVIRONMENT / "bin/python"), "-m", "compileall", "-q", str(ENVIRONMENT / "lib")], check=False)
    return str(program)


def zones(folder: Path, records: int, size: int) -> Path:
    """The settings of octoDNS for so many A records in zones of one size; their path."""
    text = SETTINGS.format(folder=folder)
    for side in ("wanted", "live"):
        (folder / side).mkdir(parents=True)
    for first in range(0, records, size):
        zone = f"zone{first:05}.example.com."
        text += ZONE.format(zone=zone)
        for side in ("wanted", "live"):
            (folder / side / f"{zone}yaml").write_text(_zone(first, min(first + size, records), side == "live"))
    path = folder / "octodns.yaml"
    path.write_text(text)
    return path


def _zone(first: int, last: int, is_live: bool) -> str:
    return "---\n" + "".join(
        f"host{number:05}:\n  ttl: {600 if is_live and number % recorded.DRIFT == 0 else 300}\n  type: A\n"
        f"  value: 10.{number // 65536}.{number // 256 % 256}.{number % 256}\n"
        for number in range(first, last)
    )


def main() -> None:
    given = options(__doc__, resources=10_000, rounds=3)
    program = octodns()
    projects, storages = split(given.resources)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = in_one_file(folder, projects, storages)
        record = recorded.write(folder / "live.json", projects, storages)
        ours = [PYTHON, recorded.__file__, str(path), str(record)]
        one = [program, "--quiet", "--config-file", str(zones(folder / "one", given.resources, given.resources))]
        many = [program, "--quiet", "--config-file", str(zones(folder / "many", given.resources, 100))]
        # The layout that suits octoDNS best is the one to compare with.
        other = min(one, many, key=lambda command: run(command).seconds)
        runs, others = in_turns(ours, other, rounds=given.rounds)
    layout = "one zone" if other is one else "zones of 100"
    name = f"offline plan of {given.resources} resources against octodns-sync with as many records in {layout}"
    report(name, runs, others, 0.2, as_json=given.json)


if __name__ == "__main__":
    main()
