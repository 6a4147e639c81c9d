"""`lsops preview` without a browser: which label configs it shows, and what stands in the pages."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from lsops.preview.editor.bundle import Editor
from tests.support.cli import Lsops
from tests.support.editors import APP, SMALL, installed_wheel, lay_out

BEFORE = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="Yes"/></Choices></View>'
AFTER = BEFORE.replace('"Yes"/>', '"Yes"/><Choice value="No"/>')


def declare(lsops: Lsops, folder: str, **configs: str) -> None:
    entries = "".join(f"  {title}:\n    label_config: |\n      {config}\n" for title, config in configs.items())
    lsops.write(f"version: 1\nprojects:\n{entries}", f"{folder}/lsops.yaml")


def preview(lsops: Lsops, *arguments: str, editor: Path | None = None) -> str:
    """The page that people open."""
    place = editor or lay_out(SMALL, lsops.folder / "wheel")
    ran = lsops("preview", *arguments, "-o", "out", "--editor", str(place))
    assert ran.code == 0, ran.err
    return (lsops.folder / "out/index.html").read_text("utf-8")


def files(lsops: Lsops) -> set[str]:
    return {one.name for one in (lsops.folder / "out").iterdir()}


def test_only_label_configs_that_differ_are_shown_before_and_after(lsops: Lsops) -> None:
    declare(lsops, "old", Same=BEFORE, Cats=BEFORE)
    declare(lsops, "new", Same=BEFORE, Cats=AFTER, Fresh=AFTER)
    page = preview(lsops, "new", "--base", "./old")
    assert re.findall(r"<h2 id=.*?>(.*?)</h2>", page) == ["/projects/Cats", "/projects/Fresh"]
    assert "<li>choices &quot;c&quot;: + No</li>" in page
    assert '<span class="plus">+    &lt;Choice value=&quot;No&quot;/&gt;</span>' in page
    assert "--- live" not in page
    assert "Not there." in page
    assert files(lsops) == {"index.html", "preview.json", "assets", "1-before.html", "1-after.html", "2-after.html"}


def test_without_anything_to_compare_with_all_are_shown_once(lsops: Lsops) -> None:
    declare(lsops, "new", One=BEFORE, Two=AFTER)
    page = preview(lsops, "new", "-t", "/projects/Two")
    assert files(lsops) == {"index.html", "preview.json", "assets", "1-after.html"}
    assert "/projects/Two" in page
    assert "Before" not in page


def test_what_apply_would_change_on_a_server_is_shown(lsops: Lsops) -> None:
    declare(lsops, "m", One=BEFORE)
    assert lsops("apply", "m", "--server", "sandbox:", "--yes").code == 0
    declare(lsops, "m", One=AFTER)
    assert "Compared with sandbox:." in preview(lsops, "m", "--live", "--server", "sandbox:")
    assert files(lsops) >= {"1-before.html", "1-after.html"}


def test_a_bundle_that_nobody_understands_leaves_words_and_xml(lsops: Lsops) -> None:
    declare(lsops, "old", Cats=BEFORE)
    declare(lsops, "new", Cats=AFTER)
    broken = lay_out({**SMALL, APP + "31.js": b""}, lsops.folder / "broken")
    page = preview(lsops, "new", "--base", "./old", editor=broken)
    assert "Nothing is drawn: the editor cannot be found" in page
    assert "+ No" in page
    assert files(lsops) == {"index.html"}


def test_what_a_config_writes_ends_no_script_and_makes_no_mark_up(lsops: Lsops) -> None:
    hostile = '<View><Header value="&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--"/></View>'
    declare(lsops, "new", Hostile=hostile)
    preview(lsops, "new")
    page = (lsops.folder / "out/1-after.html").read_text("utf-8")
    nonce = re.findall(r"script-src &#x27;nonce-(\w+)&#x27;", page)[0]
    assert page.count("<script") == page.count(f'<script nonce="{nonce}"') == page.count("</script>")
    assert "<!--" not in page


@pytest.mark.parametrize(
    ("given", "href"),
    [
        ("a plan.html", "../a%20plan.html"),
        ("out/javascript:x.html", "javascript%3Ax.html"),
        ("https://ci.example.com/1?a&b", "https://ci.example.com/1?a&amp;b"),
    ],
)
@pytest.mark.parametrize("single", [(), ("--single",)], ids=["folder", "single"])
def test_the_page_leads_back_to_that_of_the_plan(lsops: Lsops, given: str, href: str, single: tuple[str, ...]) -> None:
    declare(lsops, "new", One=BEFORE)
    assert "The page of the plan" not in preview(lsops, "new", *single)
    assert f'<a href="{href}">The page of the plan</a>' in preview(lsops, "new", "--plan-page", given, *single)


@pytest.mark.parametrize("form", ["%s", "[%s, 1]"])
def test_a_given_task_is_what_is_drawn_and_what_it_lacks_is_made_up(lsops: Lsops, form: str) -> None:
    two = BEFORE.replace("<Choices", '<Text name="u" value="$more"/><Choices', 1)
    declare(lsops, "new", One=BEFORE, Two=two)
    lsops.write(form % '{"data": {"text": "Words of ours"}}', "task.json")
    preview(lsops, "new", "--sample", "task.json")
    first, second = ((lsops.folder / f"out/{number}-after.html").read_text("utf-8") for number in (1, 2))
    assert '"text": "Words of ours"' in first
    assert '"more": ' not in first
    assert re.search(r'"more": "\w', second)


def test_the_nonce_follows_from_all_that_is_in_the_page(lsops: Lsops) -> None:
    declare(lsops, "new", One=BEFORE, Two=AFTER)
    preview(lsops, "new")
    pages = [(lsops.folder / f"out/{number}-after.html").read_text("utf-8") for number in (1, 2)]
    assert len({re.findall(r"nonce-(\w+)", page)[0] for page in pages}) == 2
    preview(lsops, "new")
    assert pages[0] == (lsops.folder / "out/1-after.html").read_text("utf-8")


def test_an_editor_of_a_server_gets_no_origin(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    from lsops.server.session import Session

    served = {"/react-app/" + name.removeprefix(APP): data for name, data in SMALL.items()}
    monkeypatch.setattr(Session, "file", lambda session, path: served.get(path))
    declare(lsops, "m", One=BEFORE)
    ran = lsops("preview", "m", "--live", "--server", "sandbox:", "-o", "out", "--editor", "server")
    assert (ran.code, ran.err) == (0, "")
    assert 'sandbox="allow-scripts"' in (lsops.folder / "out/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--live", "--base", "x"), "LS605"),
        (("--editor", "nowhere"), "LS642"),
        (("--editor", "server"), "LS642"),
        (("--editor-version", "new"), "LS642"),
        (("--sample", "lsops.yaml"), "LS644"),
        (("--plan-page", "javascript://x"), "LS605"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_and_nothing_is_written(
    lsops: Lsops, arguments: tuple[str, ...], code: str
) -> None:
    declare(lsops, ".", One=BEFORE)
    ran = lsops("preview", "-o", "out", *arguments)
    assert (ran.code, f"error[{code}]" in ran.err) == (3, True)
    assert not (lsops.folder / "out").exists()


def test_pictures_need_a_browser_and_say_which(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(lsops, ".", One=BEFORE)
    monkeypatch.setenv("PATH", str(lsops.folder))
    ran = lsops("preview", "-o", "out", "--png")
    assert ran.code == 3
    assert "error[LS643]: --png needs Chromium, which is not on the PATH\n  apt install chromium" in ran.err


def test_three_pairs_in_one_file_take_at_most_3_mb(lsops: Lsops) -> None:
    declare(lsops, "old", One=BEFORE, Two=BEFORE, Three=BEFORE)
    declare(lsops, "new", One=AFTER, Two=AFTER, Three=AFTER)
    page = preview(lsops, "new", "--base", "./old", "--single", editor=installed_wheel())
    assert len(page.encode()) <= 3_000_000
    assert files(lsops) == {"index.html"}
    assert not re.search(r"""(?:src|href)=["']?(?!data:)""", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


@pytest.mark.soak
def test_twenty_changed_configs_are_pages_within_two_seconds(lsops: Lsops, editor: Editor) -> None:
    declare(lsops, "old", **{f"Project {number}": BEFORE for number in range(20)})
    declare(lsops, "new", **{f"Project {number}": AFTER for number in range(20)})
    started = time.monotonic()
    preview(lsops, "new", "--base", "./old", editor=installed_wheel())
    assert time.monotonic() - started <= 2
