"""Which signs of a foreign text are printed: over the whole of Unicode, and in every form that lsops has."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from lsops.cli import log
from lsops.engine.drift import Drift
from lsops.engine.events import Event
from lsops.engine.planfile import as_document, dumps
from lsops.errors import Finding, Source
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.report import Outcome, Report
from lsops.render.markup import code
from lsops.render.safe import line, lines, pair, value
from lsops.signs import json_line, json_text
from tests.render.test_renderers import FACTS
from tests.support.forms import drift_as, errors_as, plan_as, report_as

IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
LISTED = (
    "\u3164\u115f\uffa0\u2800\u034f\ufe0f\u17b4\u2065\ufff0\x9b\u202e\u200d\u200b\x1b\x7f\u2028\ue000\ud800\U000e0041"
)
MARKERS = ["##vso[x]", "##[group]", "##teamcity[x]", "##TeamCity[x]", "##x.y-z[", "###[x]", "##\u3164[x]", "##\x1b[2J"]
PLANES = range(0, sys.maxunicode + 1, 0x10000)


def is_seen(sign: str) -> bool:
    """Whether a sign has a glyph of its own, by the Unicode data that neither lsops nor its table holds."""
    category = unicodedata.category(sign)
    return sign == " " or not (category[0] in "CZ" or IGNORABLE.match(sign) or sign == "\u2800")


def unseen(text: str) -> list[str]:
    """What of a printed text cannot be seen."""
    return sorted(sign for sign in set(text) if not (sign == "\n" or is_seen(sign)))


def has_marker(text: str) -> bool:
    """Whether a runner would find `##word[`."""
    return bool(regex.search(r"##\w*\[", text))


def kinds_of_signs() -> str:
    """A sign of each category, ignorable or not."""
    found = {(unicodedata.category(sign), bool(IGNORABLE.match(sign))): sign for sign in map(chr, range(0x30000))}
    return "".join(found.values())


def each_sign_of(start: int) -> Callable[[], str]:
    return lambda: "".join(map(chr, range(start, start + 0x10000)))


def borders() -> str:
    """Both signs of each place where Unicode changes its mind: a table of ranges is wrong there if it is wrong."""
    ignorable = {border for found in IGNORABLE.finditer("".join(EVERY)) for border in (found.start(), found.end())}
    changed = {
        at for at, (one, next_one) in enumerate(pairwise(map(unicodedata.category, EVERY)), 1) if one != next_one
    }
    return "".join(chr(at) for border in changed | ignorable | set(PLANES) for at in (border - 1, border) if at >= 0)


EVERY = list(map(chr, range(sys.maxunicode + 1)))
each_text = pytest.mark.parametrize(
    "signs", [borders, *(pytest.param(each_sign_of(start), marks=pytest.mark.soak, id=hex(start)) for start in PLANES)]
)
"""Every run takes the borders of all ranges, `make soak` every sign."""


@each_text
def test_no_sign_of_unicode_is_printed_that_cannot_be_seen(signs: Callable[[], str]) -> None:
    text = " ".join(signs())  # two halves beside each other would be one in JSON
    shown = [line(text), value(text, longest=10**6), json_line({text: text}), *pair([text], text), *lines(text)]
    assert unseen("".join(shown)) == []
    assert json.loads(json_line({text: text})) == {text: text}


@each_text
def test_what_can_be_seen_is_printed_as_it_is(signs: Callable[[], str]) -> None:
    text = "".join(filter(is_seen, signs()))
    kept = "".join(sign for sign in text if sign not in "\U00013441\U00013442\U00016fe4\U0001d159")  # empty by name
    assert line(kept) == kept
    assert json_text(kept) == kept


# ---- every form ----------------------------------------------------------------------------------


def plan_of(text: str) -> Plan:
    """A plan with the text in every place that may be foreign."""
    place = Source(text, 3, 4)
    finding = Finding("LS126", text, f"/projects/{text}", place, text, "warning")
    fields = (
        FieldChange(f"/{text}", text, f"{text}x", place),
        FieldChange("/expert_instruction", f"a\n{text}\nb", f"a\n{text}{text}\n{text}"),
        FieldChange("/label_config", f"<View>{text}</View>", f'<View><Text name="t" value="{text}"/></View>'),
        FieldChange("/filters", {text: [text] * 60}, {text: [text] * 60, "b": text}),
    )
    change = Change(
        f"/projects/{text}",
        "project",
        "update",
        {"id": text},
        fields,
        {f"/{text}": text},
        effects=(text,),
        warnings=(text,),
        destroys={text: 1},
        source=place,
        orphans=(text,),
    )
    new = replace(change, address=f"/projects/{text}/new", action="create", remote_id={})
    return Plan(
        replace(FACTS, url=text, edition=text, release=text, environment=text),
        (change, new),
        pending=(f"/{text}",),
        unmanaged=(f"/{text}",),
        unreadable=(f"/{text}",),
        warnings=(finding,),
        failures=(finding,),
        left_out=(f"/{text}",),
    )


def report_of(text: str) -> Report:
    """A report with the text in every place that may be foreign."""
    plan = plan_of(text)
    failed = Outcome(plan.changes[0].address, "update", "failed", 1, text, (text,), finding=plan.warnings[0])
    skipped = Outcome(plan.changes[1].address, "create", "skipped", reason=text)
    return Report(plan, (failed, skipped, replace(failed, outcome="done", finding=None)))


def logged(text: str, encoding: str) -> str:
    """An event as `--log-format json` and `--audit` write it to a stream of that encoding."""
    stream = TextIOWrapper(BytesIO(), encoding)
    event = Event("failed", f"/projects/{text}", "project", "create", reason=text)
    log.write(log.stamped(event.as_json()) + "\n", stream)
    return stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]  # a BytesIO


TEXTS: dict[str, Callable[[str], str]] = {
    "plan": lambda text: plan_as("text", plan_of(text), prefix=text),
    "plan -v": lambda text: plan_as("text", plan_of(text), verbose=True),
    "plan, Markdown": lambda text: plan_as("markdown", plan_of(text), verbose=True, prefix=text),
    "drift": lambda text: drift_as("text", Drift(plan_of(text)), verbose=True),
    "drift, Markdown": lambda text: drift_as("markdown", Drift(plan_of(text))),
    "report": lambda text: report_as("text", report_of(text), text),
    "findings": lambda text: errors_as("text", plan_of(text).warnings, text),
    "a code span": code,
}
DOCUMENTS: dict[str, Callable[[str], str]] = {
    "plan": lambda text: dumps(as_document(plan_of(text))),
    "drift": lambda text: drift_as("json", Drift(plan_of(text))),
    "report": lambda text: report_as("json", report_of(text)),
    "errors": lambda text: errors_as("json", plan_of(text).warnings),
    "log": lambda text: logged(text, "utf-8"),
    "log in latin-1": lambda text: logged(text, "latin-1"),
}
FORMS = {**TEXTS, **{f"{name}, JSON": form for name, form in DOCUMENTS.items()}}
HOSTILE = st.lists(st.text(max_size=4) | st.sampled_from([*MARKERS, *LISTED, "::error::", "\n::x::\n", "\u00e9", "e\u0301"]), max_size=6).map("".join)  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_form_spells_out_what_cannot_be_seen_and_breaks_commands(form: Callable[[str], str]) -> None:
    for text in (LISTED, kinds_of_signs(), *MARKERS):
        shown = form(text)
        assert unseen(shown) == []
        assert not has_marker(shown)


@given(HOSTILE, st.sampled_from(sorted(FORMS)))
def test_no_text_at_all_gets_through_any_form(text: str, name: str) -> None:
    shown = FORMS[name](text)
    assert unseen(shown) == []
    assert not has_marker(shown)
    assert [row for row in shown.splitlines() if row.strip().startswith("::")] == []


@given(HOSTILE, st.sampled_from(sorted(DOCUMENTS)))
def test_a_document_still_holds_the_text_itself(text: str, name: str) -> None:
    assert f"/projects/{text}" in set(texts_in(json.loads(DOCUMENTS[name](text))))


def texts_in(document: object) -> Iterator[str]:
    """Every text of a document."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for item in document.values():
            yield from texts_in(item)
    elif isinstance(document, list):
        for item in document:
            yield from texts_in(item)


@pytest.mark.parametrize("text", ["# Heading", "## A heading with [a link]", "#1F77B4", "a ## b", "## [x]"])
def test_what_is_no_command_stays_as_it_is(text: str) -> None:
    assert line(text) == text
    assert json_text(text) == text
