"""Man pages: one for each verb, without a word that roff would take for its own, and none that a linter minds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.make.man import main, man_pages
from lsops.cli.main import VERBS
from tests.support.programs import complaints

LINTERS = {
    "mandoc": ["-T", "lint", "-W", "error"],
    "groff": ["-man", "-Tutf8", "-ww", "-z"],
    "man": ["--warnings", "-l"],
}


def test_every_verb_has_a_page() -> None:
    assert set(man_pages()) >= {"lsops.1", *(f"lsops-{verb}.1" for verb in VERBS), "lsops-sandbox-serve.1"}


@pytest.mark.parametrize("program", LINTERS)
def test_what_a_machine_has_to_show_them_finds_nothing_wrong(program: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"this machine has no {program}")
    main(str(tmp_path))
    pages = [str(path) for path in sorted(tmp_path.iterdir())]
    assert not complaints(program, *LINTERS[program], *pages)


def test_a_page_has_flags_notes_and_the_date_of_its_release() -> None:
    page = man_pages()["lsops-plan.1"]
    assert page.startswith('.TH "LSOPS-PLAN" "1" "20')
    assert "\\fB\\-\\-only\\-changed\\fP" in page
    assert ".SH NOTES\nPATH is the manifest" in page
    assert not [row for row in page.splitlines() if row.startswith("'")]
