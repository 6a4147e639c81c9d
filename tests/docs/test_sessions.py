"""What a page's session understands besides calls of lsops."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.make.sessions import replayed

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs/guides").glob("*.md"))
MANIFEST = """
<!-- write lsops.yaml -->
```yaml
version: 1
vars: {overlap: 1}
projects:
  Cats: {maximum_annotations: "${var:overlap}"}
```
"""


def console(*calls: str) -> str:
    return "\n```console\n" + "".join(f"$ {call}\n" for call in calls) + "```\n"


def test_a_block_becomes_the_file_that_the_comment_above_it_names():
    page = replayed(MANIFEST + console("lsops validate", "cat lsops.yaml"), ROOT / "examples")
    assert "Valid: 1 resource.\n$ cat lsops.yaml\nversion: 1\n" in page


def test_an_exported_variable_holds_for_the_calls_that_follow():
    page = replayed(MANIFEST + console("export LSOPS_VAR_overlap=3", "lsops plan -s sandbox:x.db"), ROOT / "examples")
    assert "|   maximum_annotations: 3\n" in page


def test_a_commit_is_what_a_branch_is_compared_with():
    branch = "<!-- commit -->\n<!-- edit lsops.yaml: overlap: 1 => overlap: 2 -->\n"
    page = replayed(MANIFEST + branch + console("lsops diff --base origin/main"), ROOT / "examples")
    assert "|   maximum_annotations: 1 -> 2" in page


def test_a_session_runs_no_other_program():
    with pytest.raises(ValueError, match="not curl; fence it as sh"):
        replayed(console("curl https://example.com"), ROOT / "examples")


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_a_file_of_a_guide_is_named_and_written_and_lsops_reads_it(path: Path):
    text = path.read_text("utf-8")
    files = re.findall(r"^`(\S+)`:\n\n<!-- write \1 -->\n```", text, re.MULTILINE)
    fenced = re.findall(r"^```(?:yaml|xml)\n", text, re.MULTILINE)

    assert [file for file in files if not text.partition(f"write {file}")[2].count("\n$ lsops ")] == []
    assert len([file for file in files if file.endswith((".yaml", ".xml"))]) == len(fenced)
