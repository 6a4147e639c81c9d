"""What is written is read alike by YAML 1.1 and by lsops, whatever it is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lsops.dumping.names import Unique, slug, variable
from lsops.dumping.yaml_text import comment, field_lines
from lsops.manifest.reference_syntax import SCHEMES
from tests.dumping.test_hostile_rows import NASTY

TEXTS = st.sampled_from([text for text in NASTY if "\ud800" not in text]) | st.text(max_size=30)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    PLAIN | TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


def read(text: str) -> Any:
    return yaml.load(text, yaml.CSafeLoader)  # YAML 1.1


def unescaped(value: Any) -> Any:
    """What the manifest makes of a value: one `$` less before each reference."""
    if isinstance(value, str):
        for scheme in SCHEMES.split("|"):
            value = value.replace(f"$${{{scheme}:", f"${{{scheme}:")
        return value
    if isinstance(value, dict):
        return {key: unescaped(inner) for key, inner in value.items()}
    return [unescaped(inner) for inner in value] if isinstance(value, list) else value


@settings(max_examples=4 * settings.default.max_examples)
@given(TEXTS, VALUES)
def test_any_value_is_read_back(name: str, value: Any) -> None:
    rows = [*field_lines(name, value, 0), "and after that: 1"]
    assert unescaped(read("\n".join(rows) + "\n")) == {name: value, "and after that": 1}


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("plain words", ["key: plain words"]),
        ("yes", ['key: "yes"']),
        ("2026-11-28", ['key: "2026-11-28"']),
        ("#1F77B4", ['key: "#1F77B4"']),
        ("${env:X}", ["key: $${env:X}"]),
        ("one\n  two\n", ["key: |", "  one", "    two"]),
        ("one\ntwo", ["key: |-", "  one", "  two"]),
        (" one\ntwo", ['key: " one\\ntwo"']),
        (30.0, ["key: 30"]),
        ({}, ["key: {}"]),
        (["a, b", "c"], ['key: ["a, b", c]']),
        ({"a": {"b": 1}}, ["key: {a: {b: 1}}"]),
        ({"a": ["x" * 50, "y" * 50]}, ["key:", "  a:", f"    - {'x' * 50}", f"    - {'y' * 50}"]),
    ],
)
def test_a_value_is_written_as_a_person_would(value: Any, lines: list[str]) -> None:
    assert list(field_lines("key", value, 0)) == lines


def test_a_comment_stays_one() -> None:
    assert comment("a\nb: 1\u2028c") == "# a\\x0ab: 1\\u2028c"


# ---- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Chest X-ray triage", "chest-x-ray-triage"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("CON", "con-1"),
        ("lpt9", "lpt9-1"),
        ("日本語 1", "日本語-1"),
        ("e\u0301te\u0301", "été"),
        ("Straße", "strasse"),
        ("...", "project"),
        ("", "project"),
        ("x" * 200, "x" * 60),
        ("a\u200bb", "a-u200bb"),
    ],
)
def test_a_title_becomes_a_file_name(title: str, name: str) -> None:
    assert slug(title, "project") == name


@given(st.text(max_size=300))
def test_every_title_becomes_one_that_any_file_system_takes(title: str) -> None:
    name = slug(title, "project")
    assert name
    assert len(name.encode()) <= 190
    assert not set(name) & set('/\\:*?"<>|. \0')


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert Unique({"cats", "cats-2"}).of("cats") == "cats-3"
    assert variable(["Chest X-ray", "日本語", "client_secret"]) == "SECRET_CHEST_X_RAY_CLIENT_SECRET"
