"""Plans and reports as text and JSON, made by hand so that each holds everything that can be shown.

`LSOPS_UPDATE_GOLDEN=1 pytest tests/render` writes `golden/` anew; read the diff.
"""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops import __version__
from lsops.engine.planfile import as_document, dumps, from_document, load_plan, save_plan
from lsops.engine.reviewed import agreed
from lsops.errors import Finding, Refused, Source
from lsops.masking import mask_urls
from lsops.model.live import Facts
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.report import Outcome, Report
from lsops.render.document import Look
from lsops.render.formats.text import text_review
from lsops.render.lines import Line
from lsops.render.review import of_plan
from lsops.render.safe import line, lines, pair, value
from lsops.signs import json_text
from tests.support.forms import errors_as, plan_as, report_as

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("LSOPS_UPDATE_GOLDEN"))
FACTS = Facts("https://label.example.com", "enterprise", "2.29.0", "owner", created="2026-11-21T12:00:00Z")
HERE = Source("projects/chest.yaml", 14, 9)
NASTY = "::error::\x1b[2J\u202e\u200b##[group]\u2028##vso[x]\x9b\U000e0041"

CHANGES = (
    Change(
        "/projects/Chest",
        "project",
        "update",
        {"id": 12},
        (
            FieldChange("/maximum_annotations", 1, 2, HERE),
            FieldChange("/review_settings/require_comment_on_reject", None, True),
            FieldChange("/expert_instruction", "a\nb\nc\r\nd\n", "a\nB\nc\nd"),
            FieldChange("/description", "same " * 50 + "old", "same " * 50 + "new"),
        ),
        warnings=(f"a warning: {NASTY}",),
        source=HERE,
    ),
    Change(
        "/projects/Chest/import_storages/raw",
        "import_storage",
        "replace",
        {"id": 3, "type": "s3"},
        (FieldChange("/type", "s3", "gcs"),),
        {"/google_application_credentials": "${file:secrets/gcs.json}"},
        source=HERE,
        protected=True,
    ),
    Change(
        "/projects/Chest/export_storages/out",
        "export_storage",
        "create",
        fields=(FieldChange("/bucket", after="labels"), FieldChange("/title", after=NASTY)),
        requires=("/projects/Chest",),
        effects=(f"writes to {NASTY} now",),
    ),
    Change(
        "/projects/Audio/import_storages/in", "import_storage", "update", {"id": 4}, secrets={"/password": "${env:P}"}
    ),
    Change("/projects/Old", "project", "delete", {"id": 9}, destroys={"tasks": 120, "annotations": None}),
)
PLAN = Plan(
    FACTS,
    CHANGES,
    unchanged=7,
    pending=("/members/new@example.com",),
    unmanaged=tuple(f"/projects/Live {number}" for number in range(12)),
    unreadable=("/projects/A/import_storages/b/account_name",),
    warnings=(Finding("LS126", f"a hotkey: {NASTY}", "/projects/Chest", HERE, "use another", "warning"),),
    failures=(Finding("LS703", "GET /api/webhooks/: 403", "/projects/Chest/webhooks/x"),),
    left_out=("/projects/Other",),
)
REPORT = Report(
    PLAN,
    (
        Outcome("/projects/Chest", "update", "done", 12, warnings=("one",)),
        Outcome(
            "/projects/Chest/import_storages/raw",
            "replace",
            "failed",
            3,
            f"it said {NASTY}",
            finding=Finding("LS705", f"it said {NASTY}", "/projects/Chest/import_storages/raw", HERE),
        ),
        Outcome("/projects/Chest/export_storages/out", "create", "skipped", reason=f"/projects/{NASTY} failed"),
    ),
)


def matches(name: str, text: str) -> None:
    """Compare a text with its golden file, or write that file."""
    text = text.replace(f'"lsops": "{__version__}"', '"lsops": "VERSION"')
    path = GOLDEN / name
    if UPDATE:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.text", plan_as("text", PLAN, prefix="work/")),
        ("plan-verbose.text", plan_as("text", PLAN, verbose=True)),
        ("plan.json", dumps(as_document(PLAN))),
        ("report.text", report_as("text", REPORT, "work/")),
        ("report.json", report_as("json", REPORT)),
    ],
)
def test_everything_that_can_be_shown_is_shown_as_agreed(name: str, text: str) -> None:
    matches(name, text)


def lines_of(plan: Plan, *, verbose: bool) -> list[Line]:
    return [*text_review(of_plan(plan, Look(verbose)))]


def test_a_saved_plan_renders_like_the_first_one() -> None:
    again = from_document(json.loads(dumps(as_document(PLAN))))
    for verbose in (False, True):
        assert lines_of(again, verbose=verbose) == lines_of(PLAN, verbose=verbose)


@given(st.text())
def test_what_is_shown_in_a_line_is_one_line_without_anything_hidden(text: str) -> None:
    for shown in (line(text), value(text), value({text: [text]}), *pair(text, text + "x"), *lines(text)):
        assert not [sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
        assert "##[" not in shown
        assert "##vso[" not in shown


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_a_json_document_means_the_same_after_it_is_made_fit_to_be_shown(document: object) -> None:
    shown = json_text(json.dumps(document, ensure_ascii=False, indent=2))
    assert json.loads(shown) == document
    assert all(len(line(row)) == len(row) for row in shown.split("\n"))


@given(st.text(), st.text())
def test_two_texts_that_differ_are_shown_differently(one: str, other: str) -> None:
    before, after = "long " * 60 + one, "long " * 60 + other
    if value(before, longest=10**6) != value(after, longest=10**6):
        assert len({*pair(before, after)}) == 2


@pytest.mark.parametrize("text", ["::error::x", "##[group]", " ::x", "\x1b[2J::x"])
def test_neither_a_hint_nor_an_address_begins_a_line_with_a_command(text: str) -> None:
    _, *rows = errors_as("text", [Finding("LS102", "m", text, None, text)]).splitlines()
    assert [row[:2] for row in rows] == ["| ", "| "]


@pytest.mark.parametrize("name", ["::error::boo.yaml", "##[group].yaml", " ::x.yaml", "\x1b[2J.yaml"])
def test_a_file_s_name_does_not_begin_a_line_with_a_command(name: str) -> None:
    rows = errors_as("text", [Finding("LS102", "m", "/a", Source(name, 1), "h")]).splitlines()
    assert rows[0].startswith("./")
    assert rows[0].endswith(":1:1: error[LS102]: m")


MASKED = {
    "https://user:pw@host/x?sig=abc": "https://***@host/x?***",
    "https://key@host:9000": "https://***@host:9000",
    "https://a:b@c:d@host/@e": "https://***@host/@e",
    "S3://AKIA:word@bucket/prefix#part": "S3://***@bucket/prefix#part",
    "redis://:word@host:6379/0": "redis://***@host:6379/0",
    "gs://bucket?token=a@b": "gs://bucket?***",
    " https://host/?a=b\n": " https://host/?***\n",
    "https://host/x#/y?z": "https://host/x#/y?z",
    "https://host/x": "https://host/x",
    "see https://user:pw@host/x?sig=abc": "see https://user:pw@host/x?sig=abc",
    "<View><Image value='https://a:b@c?d'/></View>": "<View><Image value='https://a:b@c?d'/></View>",
    "user@example.com?x": "user@example.com?x",
}


@pytest.mark.parametrize(("url", "shown"), MASKED.items())
def test_user_info_and_query_of_a_whole_url_are_masked(url: str, shown: str) -> None:
    assert mask_urls({"a": [url, 1, None, True]}) == {"a": [shown, 1, None, True]}
    assert mask_urls(shown) == shown
    assert json.loads(value([url])) == [shown]


def change_of(before: str, after: str) -> Change:
    """A change of one field."""
    return Change("/projects/A", "project", "update", {"id": 1}, (FieldChange("/x", before, after),))


def test_neither_a_plan_nor_its_file_shows_what_a_url_carries(tmp_path: Path) -> None:
    urls = ("https://u:canary@h/x?sig=canary", "https://u:canary@h/y\n")
    config = replace(change_of("<View/>", urls[0]), fields=(FieldChange("/label_config", "<View/>", urls[0]),))
    plan = Plan(FACTS, (change_of(*urls), change_of(urls[1] + "\n", "two\nlines"), config))
    save_plan(plan, tmp_path / "plan.json")
    assert "canary" not in plan_as("text", plan, verbose=True) + (tmp_path / "plan.json").read_text("utf-8")


def test_a_saved_plan_with_a_masked_url_agrees_with_the_fresh_one(tmp_path: Path) -> None:
    fresh = Plan(FACTS, (change_of("https://h/x", "https://u:pw@h/y?sig=1"),))
    save_plan(fresh, tmp_path / "plan.json")
    saved = load_plan(tmp_path / "plan.json")
    assert agreed(saved, fresh)[0].changes == fresh.changes
    with pytest.raises(Refused, match=r"changed differently: x$"):
        agreed(saved, Plan(FACTS, (change_of("https://h/x", "https://u:pw@h/z?sig=1"),)))


def test_half_a_character_is_saved_as_an_escape(tmp_path: Path) -> None:
    save_plan(Plan(FACTS, (change_of("a\ud800", "b"),)), tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json").changes[0].fields[0].before == "a\ud800"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]
