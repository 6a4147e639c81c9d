"""Whatever the files hold: a manifest, or a ManifestError whose findings have codes, words and places."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lsops.errors import CODES, ManifestError
from lsops.manifest import Manifest, Options, load
from tests.unit.manifest.test_bad_manifests import CASES


def outcome(content: bytes, **told):
    """What loading a file gives; every finding of an error is looked at."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "lsops.yaml").write_bytes(content)
        try:
            return load(Path(folder), Options(**told))
        except ManifestError as error:
            for finding in error.findings:
                assert finding.code in CODES
                assert finding.message
                assert finding.source is None or (finding.source.line >= 1 and finding.source.column >= 1)
            return error


PIECES = st.sampled_from(
    ["version: 1", "projects", "Cats", ":", " ", "\n", "\n  ", "- ", "[", "]", "{", "}", ",", "&a", "*a", "<<", "'", '"', "|", ">",
     "!!str", "!x", "#", "\t", "~", "01", "1e999", "${var:a}", "${file:.}", "${env:A}", "---", "...", "%", "@", "\\0", "\x00", "\x85",
     "ü", "\u2028", "?", "lifecycle", "label_config", "<View>", "defaults", "vars", "prune", "environments", "null", "true"]
)  # fmt: skip


@given(st.binary(max_size=60))
def test_any_bytes(content):
    assert isinstance(outcome(content), (Manifest, ManifestError))


@given(st.lists(PIECES, max_size=30))
@settings(max_examples=3 * settings.default.max_examples)
def test_anything_like_yaml(pieces):
    assert isinstance(outcome("".join(pieces).encode()), (Manifest, ManifestError))


KEYS = st.sampled_from(
    ["version", "server", "url", "include", "vars", "environments", "e", "overlays", "defaults", "projects", "Cats", "prune",
     "title", "label_config", "maximum_annotations", "review_settings", "lifecycle", "ignore", "id", "protect", "absent", "color",
     "task_data_password", "import_storages", "export_storages", "type", "session_policy", "projects/*/import_storages", "x-a", "pinned_at"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**70), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5),
    st.sampled_from(["${var:a}", "${file:lsops.yaml}", "${env:A}", "<View/>", "projects", "s3", "*.yaml", "$${var:a}", "#000000"]),
)  # fmt: skip
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


@given(st.dictionaries(KEYS, TREES, max_size=6), st.sampled_from(["", "e"]))
@settings(max_examples=3 * settings.default.max_examples)
def test_any_tree(tree, environment):
    content = json.dumps({"version": 1, **tree}).encode()

    assert isinstance(outcome(content, environment=environment, variables={"a": "1"}), (Manifest, ManifestError))


@given(st.sampled_from(sorted(CASES)), st.integers(0, 400), st.sampled_from(["", ":", "\n", " ", "[", "'", "&a ", "~"]))
@settings(max_examples=3 * settings.default.max_examples)
def test_any_case_with_a_change(name, position, change):
    content = CASES[name]["files"].get("lsops.yaml", "")
    text = content if isinstance(content, str) else ""

    assert isinstance(outcome((text[:position] + change + text[position + 1 :]).encode()), (Manifest, ManifestError))
