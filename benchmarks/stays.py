"""How a plan walks through the code: in how many files, and in how many stays, `plan()` enters functions.

A stay is a run of functions that are entered for the first time and stand in one file. What counts are the files of
`lsops/engine` and `lsops/kinds`, in a plan of the quickstart against an empty sandbox.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any

CHECKOUT = Path(__file__).parents[1]
MOST_FILES, MOST_STAYS = 14, 20
COUNTED = ("lsops/engine/", "lsops/kinds/")


def walk() -> list[tuple[str, str]]:
    """The functions of lsops that `plan()` enters, each once and in their order, as file and name.

    What a function does in a comprehension or with a lambda is its own work, and no function of its own.
    """
    from lsops.engine.planning import plan
    from lsops.engine.read import read
    from lsops.manifest import load
    from lsops.sandbox import create_app
    from lsops.server.facts import read_facts
    from lsops.server.session import Session

    entered: dict[CodeType, None] = {}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        del argument
        if event == "call" and not frame.f_code.co_name.startswith("<"):
            entered.setdefault(frame.f_code)

    import httpx

    with TemporaryDirectory() as folder:
        desired = load(CHECKOUT / "examples/quickstart").desired
        app = create_app(Path(folder) / "sandbox.db", edition="community")
        with Session("http://sandbox", transport=httpx.WSGITransport(app=app)) as session:
            facts = read_facts(session)
            live = read(desired, session, facts)
        plan(desired, live, facts)  # what is imported and made on first use is no part of the walk
        sys.setprofile(note)
        plan(desired, live, facts)
        sys.setprofile(None)
        app.extensions["sandbox"].store.close()
    found = [(_file(code), code.co_qualname if hasattr(code, "co_qualname") else code.co_name) for code in entered]
    return [(file, name) for file, name in found if file.startswith("lsops/")]


def stays(functions: list[tuple[str, str]], folders: tuple[str, ...] = ("lsops/",)) -> list[tuple[str, list[str]]]:
    """Runs of functions of one file, of the files in these folders."""
    kept = [pair for pair in functions if pair[0].startswith(folders)]
    return [(file, [name for _, name in run]) for file, run in groupby(kept, key=lambda pair: pair[0])]


def _file(code: CodeType) -> str:
    path = Path(code.co_filename)
    return str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else str(path)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="list every stay with its functions")
    given = parser.parse_args()
    functions = walk()
    whole, core = stays(functions), stays(functions, COUNTED)
    for file, names in core if given.list else ():
        print(f"  {file}: {', '.join(names)}")
    files = {file for file, _ in core}
    print(
        f"plan() of the quickstart: {len(files)} files and {len(core)} stays of engine/ and kinds/ "
        f"(goal {MOST_FILES} and {MOST_STAYS}); {len({file for file, _ in whole})} and {len(whole)} of lsops"
    )


if __name__ == "__main__":
    main()
