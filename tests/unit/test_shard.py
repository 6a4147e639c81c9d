"""Which shard a key falls to, and how one is written."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.errors import UsageError
from lsops.model.shard import Shard, parse_shard

KEYS = st.text(max_size=20)
COUNTS = st.integers(1, 40)


@given(KEYS, COUNTS)
def test_a_key_falls_to_exactly_one_shard(key: str, count: int) -> None:
    takers = [index for index in range(1, count + 1) if Shard(index, count).takes(key)]

    assert len(takers) == 1


@given(KEYS, COUNTS, st.sampled_from(["", " ", "\t", "\u00a0"]), st.sampled_from(["", "\n", "  "]))
def test_blanks_around_a_key_make_no_difference(key: str, count: int, before: str, after: str) -> None:
    shard = Shard(1, count)

    assert shard.takes(before + key + after) == shard.takes(key)


@pytest.mark.parametrize(("key", "count"), [("Chest X-ray triage", 16), ("Über", 7), ("放射線", 16), ("\ud800", 3)])
def test_the_shard_is_the_hash_modulo_the_number(key: str, count: int) -> None:
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    assert Shard(int(digest, 16) % count + 1, count).takes(key)


@pytest.mark.parametrize(
    ("text", "shard"), [("1/1", (1, 1)), ("3/16", (3, 16)), (" 16/16 ", (16, 16)), ("03/16", (3, 16))]
)
def test_a_shard_is_written_as_a_fraction(text: str, shard: tuple[int, int]) -> None:
    assert parse_shard(text) == Shard(*shard)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "written i/n"),
        ("3", "written i/n"),
        ("3/", "written i/n"),
        ("-1/3", "written i/n"),
        ("1/3/5", "written i/n"),
        ("٣/16", "written i/n"),
        ("1/9999999", "written i/n"),
        ("1/0", "1 to 1,000"),
        ("1/1001", "1 to 1,000"),
        ("0/16", "0/16 is no shard"),
        ("17/16", "the last one is 16/16"),
    ],
)
def test_what_is_no_shard_says_so(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_shard(text)

    assert caught.value.findings[0].code == "LS630"


def test_an_index_that_counts_from_zero_is_told_what_to_add() -> None:
    with pytest.raises(UsageError) as caught:
        parse_shard("0/16")

    assert "JOB_COMPLETION_INDEX, add 1" in caught.value.findings[0].hint
