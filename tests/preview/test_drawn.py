"""Label Studio's own editor draws, in the machine's Chromium."""

from __future__ import annotations

import os
import re
import resource
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.download import download
from lsops.preview.pictures import PASSED_ON, Picture, find_chromium, take_pictures
from tests.support.browser import chromium
from tests.support.cli import Lsops
from tests.support.drawing import draw, listening, pages, reached
from tests.support.editors import installed_wheel
from tests.support.label_configs import CONFIGS, written_configs

ENV = dict(os.environ)
SECONDS = 5
A_DOZEN = [config for config in CONFIGS.values() if "<VideoVector" not in config][:12]
OLD = ("labels beside shapes", "two labels on a text", "a sound")
"""Configs that every release draws."""
ATTACK = (Path(__file__).parent / "attack.xml").read_text("utf-8")
PAINTED = ("a film and its sound", "a pair of texts, a table and a document")
"""Configs of which a part is painted after the rest, a wave and a page of paper."""
SANITISER = "fflag_fix_leap_466_text_sanitization"


def is_drawn(png: bytes) -> bool:
    return png.startswith(b"\x89PNG") and len(png) > 2_000


def test_a_dozen_configs_are_drawn_without_an_error_and_in_time(editor: Editor, tmp_path: Path) -> None:
    pictures = draw(A_DOZEN, editor, tmp_path, ENV)
    told = {number: (one.errors, one.lacks, one.is_ready) for number, one in enumerate(pictures)}
    assert told == dict.fromkeys(range(len(A_DOZEN)), ((), (), True))
    assert all(is_drawn(one.png) for one in pictures)
    assert sorted(one.seconds for one in pictures)[len(pictures) // 2] <= SECONDS


def test_what_is_painted_late_looks_the_same_each_time(editor: Editor, tmp_path: Path) -> None:
    configs = [CONFIGS[name] for name in PAINTED]
    pictures = [one.png for one in draw(configs * 2, editor, tmp_path, ENV)]
    assert pictures[:2] == pictures[2:]
    assert all(is_drawn(png) for png in pictures)


def test_pictures_come_with_the_page_and_the_command_names_what_the_editor_lacks(lsops: Lsops) -> None:
    chat = '<View><Chat name="c" value="$c"/><Rating name="r" toName="c"/></View>'
    said = '<View><Header value="No Chat here"/><Text name="t" value="$t"/><Rating name="r" toName="t"/></View>'
    lsops.write(f"version: 1\nprojects:\n  Chatty: {{label_config: '{chat}'}}\n  Silent: {{label_config: '{said}'}}\n")
    ran = lsops("preview", "-o", "out", "--png", "--editor", str(installed_wheel()))
    assert ran.code == 0
    assert ran.err.endswith("warning[LS645]: the Community editor has no <Chat>\n  /projects/Chatty\n")
    assert ran.out.endswith(", with 2 pictures: out/index.html\n")
    assert all(is_drawn((lsops.folder / f"out/{number}-after.png").read_bytes()) for number in (1, 2))


def test_the_browser_gets_no_token(tmp_path: Path) -> None:
    program, told = tmp_path / "chromium", tmp_path / "told"
    program.write_text(f'#!/bin/sh\nenv > {told}\nexec {find_chromium(ENV)} "$@"\n')
    program.chmod(0o755)
    given = {**ENV, "LABEL_STUDIO_API_KEY": "a token", "AZURE_CLIENT_SECRET": "a secret"}
    assert list(take_pictures(tmp_path, (), str(program), given)) == []
    names = {row.partition("=")[0] for row in told.read_text().splitlines()}
    assert "PATH" in names
    assert names <= {*PASSED_ON, "PWD", "SHLVL", "_", "OLDPWD"}


@pytest.mark.parametrize("place", [0, pytest.param(1, marks=pytest.mark.soak), 2], ids=["drawing", "folder", "single"])
def test_a_hostile_config_reaches_nothing(editor: Editor, tmp_path: Path, place: int) -> None:
    with listening() as (address, asked), chromium() as browser:
        page = pages([ATTACK.replace("ELSEWHERE", address)], editor, tmp_path)[place]
        assert reached(browser, page) == []
    assert asked == []


@pytest.mark.soak
@pytest.mark.parametrize("place", range(3))
def test_nor_does_it_where_the_editor_s_own_sanitiser_is_off(editor: Editor, tmp_path: Path, place: int) -> None:
    bare = replace(editor, flags={**editor.flags, SANITISER: False})
    with listening() as (address, asked), chromium() as browser:
        page = pages([ATTACK.replace("ELSEWHERE", address)], bare, tmp_path)[place]
        assert reached(browser, page) == []
    assert asked == []


@pytest.mark.soak
def test_without_the_policy_the_same_config_reaches_far(editor: Editor, tmp_path: Path) -> None:
    bare = replace(editor, flags={**editor.flags, SANITISER: False})
    with listening() as (address, asked), chromium() as browser:
        page = pages([ATTACK.replace("ELSEWHERE", address)], bare, tmp_path)[0]
        page.write_text(
            re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8")), "utf-8"
        )
        assert reached(browser, page)
    assert len(set(asked)) >= 5


@pytest.mark.soak
def test_every_shipped_template_is_drawn_and_looks_the_same_three_times(editor: Editor, tmp_path: Path) -> None:
    configs = [*shipped_templates(), *CONFIGS.values()]
    assert len(configs) >= 69 + 30
    runs = [draw(configs, editor, tmp_path / str(number), ENV) for number in range(3)]
    assert failed(runs[0]) == []
    by_config = zip(configs, *runs, strict=True)
    assert [config for config, *pictures in by_config if len({one.png for one in pictures}) > 1] == []
    best = [min(same, key=lambda one: one.seconds) for same in zip(*runs, strict=True)]
    assert late(best, editor, tmp_path) == []


@pytest.mark.soak
def test_a_hundred_further_configs_are_drawn(editor: Editor, tmp_path: Path) -> None:
    configs = [config for config in written_configs() if config not in shipped_templates()]
    assert len(configs) >= 100
    pictures = draw(configs, editor, tmp_path, ENV)
    assert failed(pictures) == []
    assert late(pictures, editor, tmp_path) == []


@pytest.mark.soak
def test_what_was_drawn_before_in_a_tab_makes_no_difference(editor: Editor, tmp_path: Path) -> None:
    forwards = draw(A_DOZEN, editor, tmp_path / "forwards", ENV)
    backwards = draw(A_DOZEN[::-1], editor, tmp_path / "backwards", ENV)
    assert [one.png for one in forwards] == [one.png for one in backwards][::-1]


def failed(pictures: list[Picture]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.drawing.config, one.errors) for one in pictures if one.errors or not one.is_ready]


def late(pictures: list[Picture], editor: Editor, folder: Path) -> list[str]:
    """The configs that were not ready in time, nor a second time: the machine may do other things besides."""
    slow = [one.drawing.config for one in pictures if one.seconds > SECONDS]
    return [one.drawing.config for one in draw(slow, editor, folder / "again", ENV) if one.seconds > SECONDS]


def shipped_templates() -> list[str]:
    folder = installed_wheel() / "label_studio/annotation_templates"
    return [yaml.safe_load(file.read_text("utf-8"))["config"] for file in sorted(folder.rglob("config.yml"))]


@pytest.mark.soak
@pytest.mark.parametrize("release", ["1.16.0", "1.20.0", "1.23.2"])
def test_three_releases_draw(release: str, tmp_path: Path) -> None:
    pictures = draw([CONFIGS[name] for name in OLD], download(release, ENV), tmp_path, ENV)
    assert [(one.errors, one.lacks, one.is_ready) for one in pictures] == [((), (), True)] * 3


@pytest.mark.soak
def test_twenty_changed_configs_have_pictures_within_a_minute(lsops: Lsops) -> None:
    config = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="%s"/></Choices></View>'
    for side in ("old", "new"):
        entries = "".join(f"  Project {n}: {{label_config: '{config % side}'}}\n" for n in range(20))
        lsops.write(f"version: 1\nprojects:\n{entries}", f"{side}/lsops.yaml")
    started, worked = time.monotonic(), processor_time()
    ran = lsops("preview", "new", "--base", "./old", "-o", "out", "--png", "--editor", str(installed_wheel()))
    assert (ran.code, len(list((lsops.folder / "out").glob("*.png")))) == (0, 40)
    took, worked = time.monotonic() - started, processor_time() - worked
    assert took <= 60 or worked <= 30, f"{took:.0f} s, {worked:.0f} s of them of processors"


def processor_time() -> float:
    """Seconds of this process and of those that ended: what it takes on a machine that does other things besides."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
