"""The changelog and its fragments: each is one that towncrier takes, and a release has all of them in its words."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from lsops import __version__
from tests.support.programs import complaints

ROOT = Path(__file__).parents[2]
CHANGES = ROOT / "changes"
NAME = re.compile(r"\+?[a-z0-9-]+\.(highlight|upgrade|added|changed|fixed|security)(\.[1-9])?\.md")
OTHER = {"README.md", ".template.md"}


def mistakes(name: str, text: str) -> list[str]:
    """What is wrong with a fragment, by the rules of changes/README.md."""
    found = [] if NAME.fullmatch(name) else ["its name is not NAME.SORT.md"]
    if not text.strip():
        found.append("it says nothing")
    if text.startswith(("- ", "* ", "#")):
        found.append("it begins as a list or a heading, and is one entry")
    return found + [f"a line has {len(row)} characters" for row in text.splitlines() if len(row) > 120]


def test_every_fragment_is_well_formed() -> None:
    found = {path.name: mistakes(path.name, path.read_text("utf-8")) for path in CHANGES.iterdir()}
    assert {name: wrong for name, wrong in found.items() if wrong and name not in OTHER} == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shards.md", "A line.\n"),
        ("shards.news.md", "A line.\n"),
        ("Shards.added.md", "A line.\n"),
        ("shards.added.md", "\n"),
        ("shards.added.md", "- A line.\n"),
        ("shards.added.md", "x" * 121),
    ],
)
def test_a_fragment_that_is_none_is_told(name: str, text: str) -> None:
    assert len(mistakes(name, text)) == 1


def test_a_release_puts_its_fragments_above_the_last_one(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "changes").mkdir()
    shutil.copy(CHANGES / ".template.md", tmp_path / "changes")
    for name, text in {"b.fixed": "Two.\n", "+a.added": "One\nin two lines.\n", "b.added": "Three.\n"}.items():
        assert not mistakes(f"{name}.md", text)
        (tmp_path / "changes" / f"{name}.md").write_text(text, "utf-8")

    towncrier = [sys.executable, "-m", "towncrier", "build", "--yes", "--version", "99.0.0", "--date", "2030-01-02"]
    assert not complaints(*towncrier, cwd=tmp_path)

    made = (tmp_path / "CHANGELOG.md").read_text("utf-8").partition("## [99.0.0] - 2030-01-02\n")[2]
    entries, _, rest = made.partition(f"\n## [{__version__}]")
    assert entries == "\n### Added\n\n- Three.\n- One\n  in two lines.\n\n### Fixed\n\n- Two.\n"
    assert rest
    assert [path.name for path in (tmp_path / "changes").iterdir()] == [".template.md"]


def test_the_changelog_begins_with_the_release_that_this_is() -> None:
    headings = re.findall(r"^## \[(.*?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == __version__
