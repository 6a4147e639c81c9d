"""Many creates at a time move the pages of the list in which each of them is looked for afterwards."""

from __future__ import annotations

from tests.support.cli import Lsops


def test_what_fills_more_than_a_page_is_made_without_a_failure(lsops: Lsops) -> None:
    lsops.write(f"version: 1\nmember_tags: [{', '.join(f'tag {number}' for number in range(160))}]\n")

    ran = lsops("apply", "--yes", "--server", "sandbox:")

    assert ran.code == 0, ran.out[-2000:]
    assert ran.last.startswith("Apply complete: 160 created")
