"""What the cases of a kind create is dumped, and made again on another server from the dump."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import Lsops, Ran
from tests.support.kind_bench import Bench, Sheet, make_before, sandbox
from tests.support.kind_cases import Case, Cases, cases_of, files, read
from tests.support.sandbox import client_of

ALL = [
    cases for path in files().values() for place in ("community", "enterprise") for cases in cases_of(read(path), place)
]
ANY_URL = "https://hooks.slack.com/services/T1/B2/abcdefgh"


def groups(cases: Cases) -> list[list[Case]]:
    going = [case for case in cases.cases if case.steps]
    return [going] if cases.is_together else [[case] for case in going]


def write(sheet: Sheet, group: list[Case]) -> None:
    """The manifest of the first step of some cases."""
    secrets = {f"CASE_{case.name.upper()}": str(case.steps[0].value) for case in group if case.field.secret}
    shown = {
        case.name: f"${{env:CASE_{case.name.upper()}}}" if case.field.secret else case.steps[0].value for case in group
    }
    named = {sheet.name(case, case.steps[0].value): sheet.entry(case, shown[case.name]) for case in group}
    sheet.write(named, secrets)


def set_secrets(lsops: Lsops, cases: Cases, dumped: Ran) -> None:
    """A value for each variable that a dump asks for, as its field wants it."""
    values = {case.name: str(case.steps[0].value) for case in cases.cases if case.field.secret and case.steps}
    for one in dumped.json()["secrets"]:
        value = values.get(one["field"], ANY_URL if one["field"] == "url" else "something")
        lsops.setenv(**{one["name"]: value})
    for text in texts(lsops.folder / "first").values():
        lsops.setenv(**dict.fromkeys(re.findall(r"env:(\w+_CLIENT_SECRET)", text), "something"))


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.*")}


def completed(folder: Path) -> None:
    """What nobody can read back is written, as the comments ask for."""
    for path in folder.glob("projects/*.yaml"):
        text = re.sub(r"# account_name: write it here.*", "account_name: radiology", path.read_text("utf-8"))
        text = re.sub(r"^    # (?=\w+_storages:| )", "    ", text, flags=re.MULTILINE)
        path.write_text(text.replace('account_name: "?"', "account_name: radiology"), "utf-8")
    top = folder / "lsops.yaml"
    top.write_text(re.sub(r"# project: write it here.*", "project: Source", top.read_text("utf-8")), "utf-8")


def made_again(bench: Bench, cases: Cases) -> list[Any]:
    """What goes wrong when a sandbox is dumped, planned, and made again on another one."""
    lsops = bench.lsops
    first, second = "first", "second"
    dumped = lsops("dump", "-o", first, "--format", "json")
    assert dumped.code == 0, dumped
    planned = lsops("plan", first, "--detailed-exitcode")
    set_secrets(lsops, cases, dumped)
    with_secrets = lsops("plan", first, "--detailed-exitcode")
    completed(lsops.folder / first)
    lsops.setenv(LSOPS_SERVER=f"sandbox:fresh.db?edition={cases.edition}")
    for email, role in cases.said.get("people", {}).items():
        lsops("sandbox", "user", email, "--role", role, "--db", "fresh.db")
    with client_of(lsops.folder / "fresh.db", edition=cases.edition) as api:
        make_before(api, cases)
    applied = lsops("apply", first, "--yes")
    again = lsops("dump", "-o", second)
    lsops.setenv(LSOPS_SERVER="sandbox:sandbox.db")
    assert again.code == 0, (applied, again)
    bad = [ran for ran in (planned, with_secrets, applied) if ran.code]
    completed(lsops.folder / second)
    old, new = texts(lsops.folder / first), texts(lsops.folder / second)
    return [*bad, *((name, old.get(name), new.get(name)) for name in old | new if old.get(name) != new.get(name))]


def marked(cases: Cases) -> Any:
    """One variant of each kind is enough for every day."""
    is_small = cases.place == "enterprise" and cases.variant in ("", "s3")
    return pytest.param(cases, id=str(cases), marks=() if is_small else pytest.mark.soak)


@pytest.mark.parametrize("cases", list(map(marked, ALL)))
def test_what_the_cases_create_is_dumped_and_made_again_from_the_dump(lsops: Lsops, cases: Cases) -> None:
    with sandbox(lsops, cases) as bench:
        for group in groups(cases):
            write(Sheet(cases, bench), group)
            bench.apply()
        assert made_again(bench, cases) == []
