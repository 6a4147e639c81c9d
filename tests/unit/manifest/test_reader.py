"""Reading YAML: scalars by the YAML 1.2 core schema, anchors, merge keys, positions."""

from __future__ import annotations

import gc
import json
import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lsops.errors import Source
from lsops.manifest.findings import Findings
from lsops.manifest.positions import Map, Seq
from lsops.manifest.reader import MAX_DEPTH, read_yaml

CORE = {
    "null": [None], "Null": [None], "NULL": [None], "~": [None], "": [None], "nULL": ["nULL"],
    "true": [True], "True": [True], "TRUE": [True], "false": [False], "False": [False], "FALSE": [False],
    "tRUE": ["tRUE"], "yes": ["yes"], "no": ["no"], "NO": ["NO"], "on": ["on"], "off": ["off"], "y": ["y"], "N": ["N"],
    "0": [0], "-0": [0], "+12": [12], "-19": [-19], "685230": [685230], "685_230": ["685_230"],
    "0o17": ["0o17"], "0x3A": ["0x3A"], "0b1": ["0b1"], "190:20:30": ["190:20:30"], "1:30": ["1:30"],
    "0.": [0.0], "-0.0": [-0.0], ".5": [0.5], "+12e03": [12000.0], "-2E+05": [-200000.0], "1.5": [1.5], "1e3": [1000.0],
    "1.e3": [1000.0], ".": ["."], "-": [["-"]], "+": ["+"], "e5": ["e5"], "1e": ["1e"], "1.2.3": ["1.2.3"], "-.5": [-0.5],
    "2024-01-31": ["2024-01-31"], "2024-01-31T10:00:00Z": ["2024-01-31T10:00:00Z"], "00000000-0000": ["00000000-0000"],
    "012:30": ["012:30"], "=": ["="], "<<": ["<<"], ".nano": [".nano"], "infinity": ["infinity"], "nan": ["nan"],
    '"0123"': ["0123"], "'true'": ["true"], '""': [""], "!!str 12": ["12"], "! 12": ["12"], "!!int '12'": [12],
    "!!float 1": [1.0], "!!float '1.5'": [1.5], "!!null ''": [None], "!!bool 'true'": [True], "!!str": [""],
    "!<tag:yaml.org,2002:str> 1": ["1"], "!!map {}": [{}], "!!seq []": [[]], "! {}": [{}], "12 # comment": [12],
}  # fmt: skip
"""What is written, and the one value it must give."""


def tree(text):
    """The tree of a text without findings."""
    findings = Findings()
    result = read_yaml(text, "a.yaml", findings)
    assert findings.errors == ()
    return result


@pytest.mark.parametrize(("written", "wanted"), [item for item in CORE.items() if item[0] != "-"])
def test_a_scalar_is_what_the_core_schema_says(written, wanted):
    value = tree(f"a: {written}")["a"]

    assert [value] == wanted
    assert type(value) is type(wanted[0]) or isinstance(value, (Map, Seq))


def test_values_are_maps_and_lists_that_compare_and_print_as_plain_ones():
    result = tree("a: {b: [1, {c: ~}]}")

    assert result == {"a": {"b": [1, {"c": None}]}}
    assert json.dumps(result) == '{"a": {"b": [1, {"c": null}]}}'


def test_a_byte_order_mark_and_a_version_line_are_no_matter():
    assert tree("\ufeff%YAML 1.2\n---\na: 1\n...\n") == {"a": 1}


def test_an_alias_gives_what_its_last_anchor_holds():
    assert tree("a: &x 1\nb: &x {c: 2}\nd: *x\ne: &y k\nf: {*y : 3}") == {
        "a": 1, "b": {"c": 2}, "d": {"c": 2}, "e": "k", "f": {"k": 3},
    }  # fmt: skip


MERGES = {
    "explicit keys win wherever they stand": ("{a: 1, <<: *x, b: 2}", {"a": 1, "b": 2}),
    "what is new is added": ("{c: 3, <<: *x}", {"c": 3, "a": 10, "b": 20}),
    "earlier maps win": ("{<<: [*y, *x]}", {"b": 200, "c": 300, "a": 10}),
    "a map written in place": ("{<<: {a: 5}, <<x: 1}", {"a": 5, "<<x": 1}),
    "in quotes it is a key": ("{'<<': *x}", {"<<": {"a": 10, "b": 20}}),
    "an empty list merges nothing": ("{<<: [], a: 1}", {"a": 1}),
}


@pytest.mark.parametrize(("written", "wanted"), MERGES.values(), ids=MERGES.keys())
def test_a_merge_key_lays_maps_beneath(written, wanted):
    assert tree(f"x: &x {{a: 10, b: 20}}\ny: &y {{b: 200, c: 300}}\nz: {written}")["z"] == wanted


def test_what_is_merged_keeps_the_place_where_it_is_written():
    result = tree("x: &x\n  a: 10\nz:\n  <<: *x\n  b: 1\n")

    assert result["z"].key_source("a") == Source("a.yaml", 2, 3)
    assert result["z"].value_source("a") == Source("a.yaml", 2, 6)
    assert result["x"] == {"a": 10}


def test_places_count_characters_from_one():
    result = tree("ä: {'ü': [1, \"é\"],\n  b: |\n    text\n}".replace("|\n    text", "text"))

    assert result.key_source("ä") == Source("a.yaml", 1, 1)
    assert result.value_source("ä") == Source("a.yaml", 1, 4)
    assert result["ä"].key_source("ü") == Source("a.yaml", 1, 5)
    assert result["ä"]["ü"].value_source(1) == Source("a.yaml", 1, 14)
    assert result["ä"].value_source("b") == Source("a.yaml", 2, 6)
    assert result["ä"].key_source("none") is None


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_nesting_has_a_bound(opening):
    findings = Findings()

    read_yaml("a: " + opening * (MAX_DEPTH - 1) + " 1", "a.yaml", findings)
    assert [finding.code for finding in findings.errors] == ["LS203"]
    assert read_yaml("a: " + opening * 50_000, "a.yaml", findings) is None
    assert "LS208" in {finding.code for finding in findings.errors}


@pytest.mark.parametrize("depth", [MAX_DEPTH, 999, 1_000, 1_001, 50_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "[\n "])
def test_nesting_too_deep_is_told_where_it_passes_the_bound_however_deep_it_goes(opening, depth):
    findings = Findings()

    assert read_yaml("b: [1, 1]\na: " + opening * depth, "a.yaml", findings) is None

    line, column = (MAX_DEPTH + 1, 2) if "\n" in opening else (2, 4 + (MAX_DEPTH - 1) * len(opening))
    assert [(found.code, found.source) for found in findings.errors] == [("LS208", Source("a.yaml", line, column))]


def test_keys_below_keys_too_deep_are_told_at_their_place():
    findings = Findings()

    assert read_yaml("".join(" " * n + "a:\n" for n in range(1_200)), "a.yaml", findings) is None

    assert [(f.code, f.source) for f in findings.errors] == [("LS208", Source("a.yaml", MAX_DEPTH + 1, MAX_DEPTH + 1))]


def test_what_is_wrong_before_a_nesting_too_deep_is_told_once():
    findings = Findings()

    read_yaml("b: {x: 1, x: 2}\na: " + "[" * 5_000, "a.yaml", findings)

    assert [found.code for found in findings.errors] == ["LS205", "LS208"]


def test_a_large_file_without_aliases_is_no_bomb():
    assert len(tree("a: [" + "1," * 200_000 + "]")["a"]) == 200_000


def test_an_anchor_that_is_used_often_is_no_bomb():
    text = "x: &x {a: 1, b: 2, c: [1, 2, 3]}\n" + "".join(f"k{i}: *x\n" for i in range(5_000))

    assert len(tree(text)) == 5_001


def test_the_collector_is_left_as_it_was(tmp_path):
    from lsops.manifest import load

    (tmp_path / "lsops.yaml").write_text("version: 1\n")
    load(tmp_path)
    assert gc.isenabled()
    gc.disable()
    try:
        load(tmp_path)
        assert not gc.isenabled()
    finally:
        gc.enable()


# ---- properties --------------------------------------------------------------------------------

words = st.text(string.ascii_letters + string.digits + " _-äß:#'\"", max_size=12)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**62), 2**62), st.floats(-1e9, 1e9), words)
trees = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4))
roots = st.dictionaries(words, trees, min_size=1, max_size=4)


def dumped(value, flow):
    """YAML in which everything that is a string is quoted, so that 1.1 and 1.2 agree."""
    return yaml.dump(value, default_flow_style=flow, default_style='"' if flow else None, allow_unicode=True)


@given(roots, st.booleans())
def test_json_is_read_as_it_is_meant(value, compact):
    assert tree(json.dumps(value, indent=None if compact else 2)) == value


@given(roots, st.sampled_from([None, False, True]))
def test_each_place_points_at_its_key(value, flow):
    text = yaml.dump(value, Dumper=Quoting, default_flow_style=flow, allow_unicode=True, width=1000)
    lines = text.split("\n")

    for key, source in keys_of(tree(text)):
        written = lines[source.line - 1][source.column - 1 :].removeprefix("? ")
        assert written.startswith(json.dumps(key, ensure_ascii=False)[:12].rstrip('"'))


class Quoting(yaml.SafeDumper):
    """Writes keys and other strings in double quotes."""

    def ignore_aliases(self, data):
        return True


Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def keys_of(value):
    if isinstance(value, Map):
        for key, inner in value.items():
            yield key, value.key_source(key)
            yield from keys_of(inner)
    elif isinstance(value, Seq):
        for inner in value:
            yield from keys_of(inner)
