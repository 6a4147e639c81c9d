"""A server that holds what reads as a reference, a path, a link or YAML plants nothing that the next plan follows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsops.dumping.values import Dump
from lsops.manifest import Options
from lsops.operations.dump import DumpRequest, dump_server, write_dump
from lsops.operations.load import load_manifest
from lsops.operations.plan import PlanRequest, plan_manifest
from tests.support.hand_made import HandMade

NASTY = (
    "${env:HOME}", "${file:/etc/passwd}", "${var:x", "$${file:lsops.yaml}", "$$${env:X}", "${template:x}", "a: b", "- a",
    "# no", "yes", "NO", "~", "null", "0x1F", "012", "1:30", "2026-11-28", "!!python/object", "&a", "*a", "<<", "---",
    "%YAML 1.1", "'", '"', "\\", "{a: b}", "[a", "a, b", " leads", "trails ", "a\tb", "../../etc", "/", ".", "..", "CON",
    "nul.txt", "a/b/c", "~1x", "a\nb", "\n", "a\r\nb", "\x00", "\x1b[31m", "\u202egnp", "\u2028", "\ufeff", "\x85", "é",
    "e\u0301", "日本語", "\U0001f600", "x" * 200, "\ud800", "---\n...", "|", ">", "?", "@a", "`a`", ": ", "a #b", "Cats (id 1)",
)  # fmt: skip
SOME = 8
"""Texts on one server."""
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="{}"/></Choices></View>'


def planned(made: Dump, server: HandMade, folder: Path) -> Any:
    """The plan of a dump, with the values of those secrets that the server showed."""
    write_dump(made, folder, force=True)
    with server.session() as session:
        manifest = load_manifest(folder, Options())
        return plan_manifest(manifest, session, PlanRequest(env=made.known)).plan


def dumped(server: HandMade, **request: Any) -> Dump:
    with server.session() as session:
        return dump_server(session, DumpRequest(**request))


def server_with(*pairs: tuple[str, str]) -> HandMade:
    """One that holds texts wherever a text can be."""
    server = HandMade()
    for text, other in pairs:
        fill(server, text, other)
    return server


def fill(server: HandMade, text: str, other: str) -> None:
    one = server.project(text, description=other, expert_instruction=f"{text}\n{other}\n", custom={text: other})
    server.project(f"{other} cats", label_config=CONFIG.format(text.replace("<", "")), color=other)
    server.project("Own", label_config=text, model_version=other, control_weights={text: {"overall": 0.5}})
    server.storage(one, text, prefix=other, regex_filter=text)
    server.storage(one, other, description=text)
    server.webhook(one, f"https://hooks.example.com/{other}", headers={"X-A": text, other: "x"})
    server.webhook(one, text)
    server.view(
        one, {"title": text, other: {text: other}, "columnsWidth": {other: 5}, "filters": {"conjunction": text}}
    )
    server.backend(one, text, "http://ml.example.com", description=other, extra_params={text: [other, {other: text}]})


@pytest.mark.parametrize("start", range(0, len(NASTY), SOME))
def test_nasty_texts_are_planned_as_they_are(tmp_path: Path, start: int) -> None:
    server = server_with(*((text, "plain") for text in NASTY[start : start + SOME]))
    made = dumped(server)
    assert [change.address for change in planned(made, server, tmp_path).changes] == []
    assert all(not path.is_symlink() and path.resolve().is_relative_to(tmp_path) for path in tmp_path.rglob("*"))


def test_templates_of_nasty_texts_are_planned_as_they_are(tmp_path: Path) -> None:
    server = HandMade()
    for number, text in enumerate(NASTY):
        values = {"description": text, "label_config": CONFIG.format(number % 3), "maximum_annotations": 2}
        one = server.project(f"Cats {number:02}", sampling="Uniform sampling", show_instruction=True, **values)
        server.storage(one, "raw", prefix=text, region_name="eu")
    made = dumped(server, templates=True)
    assert "templates:\n  cats:\n" in made.files["lsops.yaml"]
    assert "${env:${param:aws_access_key_id}}" in made.files["lsops.yaml"]
    assert "template: cats\n" in made.files["projects/cats-07.yaml"]
    assert planned(made, server, tmp_path).changes == ()


@settings(max_examples=settings.default.max_examples // 3)
@given(st.sampled_from(NASTY) | st.text(max_size=40), st.sampled_from(NASTY) | st.text(max_size=40))
def test_any_two_texts_are_planned_as_they_are(text: str, other: str) -> None:
    server = server_with((text, other))
    made = dumped(server)
    with TemporaryDirectory() as folder:
        assert planned(made, server, Path(folder)).changes == ()
    assert dumped(server).files == made.files
