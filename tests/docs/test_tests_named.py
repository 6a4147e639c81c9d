"""A page that says where a promise is tested names files that are there."""

from __future__ import annotations

import re

import pytest

from docs.generate import ROOT

NAMED = [
    (page.relative_to(ROOT).as_posix(), file)
    for page in sorted((ROOT / "docs").rglob("*.md"))
    for file in sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", page.read_text("utf-8"))))
]


@pytest.mark.parametrize(("page", "file"), NAMED)
def test_a_test_that_a_page_names_is_there(page: str, file: str) -> None:
    assert (ROOT / file).is_file(), f"{page} names {file}"
