"""The page for a stranger's first minutes, line by line on a real server."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import httpx

from tests.support.cli import Lsops
from tests.support.one_project import projects

PAGE = (Path(__file__).parents[2] / "docs/getting-started.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|yaml)\n(.*?)^```$", PAGE.partition("\n## 3. ")[2], re.DOTALL | re.MULTILINE)


def test_the_page_leads_to_an_empty_plan_and_leaves_the_server_as_it_was(
    live: Lsops, server: httpx.Client, monkeypatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    server.post("/api/projects/", json={"title": "Cats"}).raise_for_status()

    said = [said for language, text in BLOCKS for said in followed(language, text, live, monkeypatch)]

    assert [text for text in said if "No changes." in text] == [said[2], said[5]]
    assert "+ /projects/Made by lsops" in said[3]
    assert [row["title"] for row in projects(server)] == ["Cats"]


def followed(language: str, text: str, live: Lsops, monkeypatch) -> list[str]:
    """What lsops says to the lines of a block; a block of YAML is added to the manifest, as the page asks."""
    if language == "yaml":
        file = Path("lsops.yaml")
        file.write_text(file.read_text("utf-8") + text, "utf-8")
        return []
    said = []
    for words in (shlex.split(line, comments=True) for line in text.splitlines()):
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
        if words[0] == "lsops":
            consent = ["--yes"] if words[1] == "apply" else []
            said.append(live(*words[1:], *consent).out)
    return said
