"""What `lsops init` writes for editors, and that an editor takes it."""

from __future__ import annotations

import json
from pathlib import Path

from lsops.cli.editor_files import VS_CODE
from tests.support.cli import Lsops
from tests.support.language_server import WITH_LANGUAGE_SERVER, language_server

FILES = {
    "lsops.yaml": "# yaml-language-server: $schema=./lsops.schema.json",
    "projects/cats.yaml": "# yaml-language-server: $schema=../lsops.schema.json",
}
WRONG = "projects:\n  Cats:\n    colour: red\n"


def test_a_starter_recommends_the_extension_that_reads_its_schema(lsops: Lsops) -> None:
    lsops("init", "starter")
    recommended = json.loads((lsops.folder / "starter/.vscode/extensions.json").read_text("utf-8"))
    assert recommended == {"recommendations": ["redhat.vscode-yaml"]}


def test_the_page_about_editors_shows_the_settings_that_are_written() -> None:
    page = (Path(__file__).parents[2] / "docs" / "editors.md").read_text("utf-8")
    assert VS_CODE[".vscode/settings.json"] in page


def test_what_vs_code_has_already_stays(lsops: Lsops) -> None:
    lsops.write("{}\n", "starter/.vscode/settings.json")
    assert lsops("init", "starter").last == "Wrote starter/lsops.yaml and 5 files beside it."
    assert (lsops.folder / "starter/.vscode/settings.json").read_text("utf-8") == "{}\n"
    assert (lsops.folder / "starter/.vscode/extensions.json").is_file()


def test_every_file_of_what_is_live_names_the_schema_from_where_it_stands(lsops: Lsops) -> None:
    lsops.write('version: 1\nprojects: {Cats: {label_config: "<View/>"}}\n')
    lsops.setenv(LSOPS_SERVER="sandbox:")
    lsops("apply", "--yes")
    lsops("init", "live", "--from-live")
    first = {name: (lsops.folder / "live" / name).read_text("utf-8").split("\n")[0] for name in FILES}
    assert first == FILES


@WITH_LANGUAGE_SERVER
def test_with_the_settings_of_vs_code_a_file_without_a_line_of_its_own_has_the_schema(lsops: Lsops) -> None:
    lsops("init", "starter")
    schemas = json.loads(VS_CODE[".vscode/settings.json"])["yaml.schemas"]
    with language_server(lsops.folder / "starter", schemas) as server:
        assert server.problems(WRONG, "projects/new.yaml") == [(3, "Property colour is not allowed.")]
        assert server.problems(WRONG, "overlays/prod.yaml") == []
