"""Titles made to break out: in each form for CI and browsers, they change what is read and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

import pytest
from jsonschema.validators import validator_for

from lsops.engine.drift import Drift
from lsops.errors import Finding, Source
from lsops.model.address import join
from lsops.model.live import Facts
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.report import Outcome, Report
from lsops.render.document import Document, of_errors
from lsops.render.formats.github import runner_files
from lsops.render.review import of_drift, of_plan, of_report
from tests.render.test_ci_formats import DATA
from tests.render.test_html import parsed
from tests.render.test_signs import has_marker, unseen
from tests.support.forms import rendered

TITLES = [
    *("`rm -rf`", "``two``", "```", "~~~", "` `", "|a|b|", "|---|", "\\|", "**bold**", "# heading", "- list", "> quote"),
    *("<script>alert(1)</script>", "</style><script>", "<!--", "-->", "]]>", "<img src=x onerror=alert(1)>", "&lt;b&gt;"),
    *('" onclick="x', "' x='", "</details>", "</title>", "<base href=//evil>", "javascript:alert(1)", "&#x202e;", "<b", "a&b"),
    *("@team", "@everyone #1", "GH-1", "https://evil.example/?q=1", "[x](https://evil.example)", "![x](//evil.example)", "{0}"),
    *("a\nb", "a\r\nb", "\n::error::x", "::set-output name=x::y", "::add-mask::a", "##[error]x", "##vso[task.x]y", "%0A::error::x"),
    *("\x1b[2J\x1b]0;x\x07", "\x9b31m", "\u202eevil\u202c", "zero\u200bwidth", "\ufeffbom", "\U000e0041tag", "\u2028line", "\x00", "\ud800"),
    *("${{ github.token }}", "$(id)", "EOF\nx<<y", "end_\nneeds<<z", "a,b:c", "../../etc", "\u3164", "'; DROP", "--flag"),
]  # fmt: skip
HARMLESS = "X"
CONFIG = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value={}/><Choice value="B"/></Choices></View>'


def plan_of(title: str) -> Plan:
    """A plan in which a title stands wherever foreign text can."""
    here, address = Source(title, 3, 5), join("projects", title)
    finding = Finding("LS126", title, address, here, title, "warning")
    config = CONFIG.format(quoteattr("".join(sign for sign in title if sign.isprintable()) or "x"))
    changes = (
        Change(
            address,
            "project",
            "update",
            {"id": 3, "key": title},
            (
                FieldChange("/title", ["x"], [title], here),
                FieldChange("/label_config", config, config.replace('"B"', '"C"')),
            ),
            orphans=(title,),
            effects=(title,),
            warnings=(title,),
            source=here,
        ),
        Change(join("projects", title, "webhooks", title), "webhook", "create", secrets={"/url": title}, source=here),
        Change(join("members", title), "member", "delete", {"id": 4}, destroys={"tasks": 3}),
    )
    facts = Facts(title, title, title, title, environment=title, created="2026-11-21T12:00:00Z")
    listed = (address,)
    return Plan(facts, changes, 1, listed, listed, (), listed, (finding,), (Finding("LS703", title, address),), listed)


def documents(title: str) -> Iterator[Document]:
    plan = plan_of(title)
    failed = Outcome(join("projects", title), "update", "failed", 3, title, finding=plan.warnings[0])
    yield of_plan(plan)
    yield of_drift(Drift(plan))
    yield of_report(Report(plan, (failed, Outcome(join("members", title), "delete", "skipped", reason=title))))
    yield of_errors([*plan.warnings, Finding("LS102", title, source=Source(title, 1))], "plan")


# ---- what a form is made of, whatever stands in it -----------------------------------------------


def html_shape(text: str) -> Any:
    def shape(one: Element) -> Any:
        return one.tag, sorted(one.attrib), one.attrib.get("href"), one.attrib.get("class"), [shape(sub) for sub in one]

    tree = parsed(text)
    own = [one.text for name in ("style", "script") for one in tree.iter(name)]
    return shape(tree), own


def json_shape(text: str) -> Any:
    def shape(one: Any) -> Any:
        if isinstance(one, dict):
            return {key: shape(sub) for key, sub in one.items()}
        return [shape(sub) for sub in one] if isinstance(one, list) else type(one).__name__

    document = json.loads(text)
    if isinstance(document, dict) and "runs" in document:
        rules = json.loads((DATA / "sarif-2.1.0.schema.json").read_text("utf-8"))
        assert [error.message for error in validator_for(rules)(rules).iter_errors(document)] == []
    return shape(document)


def log_shape(text: str) -> Any:
    """What a runner takes for a command of each line, and with which words every line begins."""
    rows = text.removesuffix("\n").split("\n")
    commands = [re.match(r"::(\w+) ?((?:[a-z]+=[^:,]*,?)*)::", row.strip()) for row in rows]
    begun = [row.strip()[:1] for row in rows]
    assert [
        row for row, command in zip(rows, commands, strict=True) if row.strip().startswith("::") and not command
    ] == []
    names = [command and (command[1], re.findall(r"(\w+)=", command[2])[-1:]) for command in commands]
    return names, [sign in ("", "|", "+", "-", "~", ":") or sign.isalnum() or sign in "./_$" for sign in begun]


SHAPES = {"html": html_shape, "sarif": json_shape, "gitlab": json_shape, "github": log_shape}


def shapes(title: str, form: str) -> Iterator[Any]:
    for document in documents(title):
        if form != "gitlab" or document.subject != "report":
            text = rendered(document, form)
            assert (unseen(text), has_marker(text)) == ([], False)
            yield SHAPES[form](text)


@cache
def harmless(form: str) -> list[Any]:
    """What each form is made of where nothing is meant badly."""
    return list(shapes(HARMLESS, form))


@pytest.mark.parametrize("form", SHAPES)
@pytest.mark.parametrize("title", TITLES, ids=ascii)
def test_a_hostile_title_changes_nothing_but_what_is_read(form: str, title: str) -> None:
    assert list(shapes(title, form)) == harmless(form)


@pytest.mark.parametrize("title", TITLES, ids=ascii)
def test_no_title_sets_an_output_of_a_step(title: str) -> None:
    text = runner_files(of_plan(plan_of(title)))["GITHUB_OUTPUT"]
    rows = text.splitlines()

    assert [row.partition("<<")[0] for row in rows[::3]] == ["changes", "deletes", "needs"]
    assert [row.partition("<<")[2] for row in rows[::3]] == rows[2::3]


def test_there_are_at_least_50_of_them() -> None:
    assert len(set(TITLES)) == len(TITLES) >= 50
