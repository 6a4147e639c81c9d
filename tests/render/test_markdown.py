"""Plans and drift as Markdown: whole against `golden/`, safe whatever the text in them, and within the budget."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lsops.engine.drift import Drift
from lsops.engine.planfile import as_document, dumps, from_document
from lsops.errors import Finding, Source
from lsops.model.address import below, join
from lsops.model.live import Facts
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.resource import UNSET
from lsops.render.document import of_errors
from lsops.render.markup import BUDGET, Piece, code, fence, fit
from tests.render.test_renderers import FACTS, NASTY, PLAN, matches
from tests.support.forms import drift_as, plan_as, rendered

CONFIG = '<View><Text name="t" value="$t"/><Choices name="c" toName="t">{}</Choices></View>'
CHOICES = [f'<Choice value="{number}"/>' for number in range(80)]
LABELLED = Change(
    "/projects/`Labels`",
    "project",
    "update",
    {"id": 13},
    (
        FieldChange("/label_config", CONFIG.format("".join(CHOICES[:3])), CONFIG.format("".join(CHOICES[1:3]))),
        FieldChange("/description", "```\nfence\n```", "````\n@everyone #1\n````"),
    ),
    orphans=('label "0" of "c" goes away (removed) while the project has 3 annotations',),
)
RELABELLED = replace(
    LABELLED,
    address="/projects/Relabelled",
    fields=(FieldChange("/label_config", CONFIG.format("".join(CHOICES)), CONFIG.format(CHOICES[0])),),
)
NEW = Change(
    "/projects/New",
    "project",
    "create",
    fields=(FieldChange("/label_config", after=CONFIG.format(CHOICES[0])), FieldChange("/title", after="New")),
)
PRUNED = Change(
    "/members/old@example.com",
    "member",
    "update",
    {"id": 3},
    (FieldChange("/role", "annotator", "deactivated"),),
    counts_as_delete=True,
)
RICH = replace(
    PLAN,
    facts=replace(FACTS, environment="prod"),
    changes=(*PLAN.changes, LABELLED, RELABELLED, NEW, PRUNED),
    invitations={"/members/new@example.com": ("new@example.com", "AN")},
)
QUIET = Plan(FACTS, unchanged=7)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.markdown", plan_as("markdown", RICH, prefix="work/")),
        ("plan-verbose.markdown", plan_as("markdown", replace(RICH, changes=(NEW,)), verbose=True)),
        ("plan-nothing.markdown", plan_as("markdown", QUIET)),
        ("drift.markdown", drift_as("markdown", Drift(RICH), prefix="work/")),
        (
            "drift-strict.markdown",
            drift_as("markdown", Drift(replace(QUIET, unmanaged=("/projects/A",)), strict=True)),
        ),
        ("drift-nothing.markdown", drift_as("markdown", Drift(replace(QUIET, unmanaged=("/projects/A",))))),
    ],
)
def test_markdown_is_as_agreed(name: str, text: str) -> None:
    matches(name, text)


# ---- safety --------------------------------------------------------------------------------------

CANARY = "Zq9"
ATTACKS = st.sampled_from(
    [
        "`", "``", "```\n", "~~~\n", "</details>", "<script>alert(1)</script>", "<!--", "]]>", "@everyone", "#1 GH-1 !2",
        "![x](https://evil.example/x.png)", "[x]: https://evil.example\n", "https://evil.example/?q", "www.evil.example",
        "|a|b|\n|---|---|\n", "\n# heading\n", "\n- list\n", "\n    code\n", "**", "__", "\\", "&lt;", "$`x`$", "$$", "\n/close\n",
        "::error::", "##[group]", "##vso[x]", "\x1b[2J", "\u202e", "\u200b", "\u2028", "\x85", "\t", "\r", "\x00", " ", "---\n", "===\n",
    ]
)  # fmt: skip
NOISE = st.lists(ATTACKS | st.text(max_size=5), max_size=5).map("".join)
FOREIGN = st.tuples(NOISE, NOISE).map(CANARY.join)
VALUES = FOREIGN | st.lists(FOREIGN, max_size=2) | st.dictionaries(FOREIGN, FOREIGN, max_size=2) | st.just(UNSET)
PATHS = st.sampled_from(["/label_config", "/description"]) | FOREIGN.map("/{}".format)
SOURCES = st.none() | st.builds(Source, FOREIGN, st.integers(1, 9))
FIELDS = st.builds(FieldChange, PATHS, VALUES, VALUES, SOURCES)
CHANGES = st.builds(
    Change,
    FOREIGN.map("/projects/{}".format),
    st.just("project") | FOREIGN,
    st.sampled_from(["create", "update", "replace", "delete"]),
    st.dictionaries(st.just("id"), FOREIGN | st.integers(), max_size=1),
    st.lists(FIELDS, max_size=3).map(tuple),
    st.dictionaries(FOREIGN.map("/{}".format), FOREIGN, max_size=1),
    effects=st.tuples(FOREIGN),
    warnings=st.tuples(FOREIGN),
    destroys=st.none() | st.dictionaries(FOREIGN, st.none() | st.integers(0, 3), max_size=2),
    source=SOURCES,
    protected=st.booleans(),
    orphans=st.tuples(FOREIGN) | st.just(()),
)
FINDINGS = st.lists(st.builds(Finding, FOREIGN, FOREIGN, FOREIGN, SOURCES, FOREIGN), max_size=2).map(tuple)
ADDRESSES = st.lists(FOREIGN, max_size=12).map(tuple)
PLANS = st.builds(
    Plan,
    st.builds(Facts, FOREIGN, FOREIGN, FOREIGN, environment=FOREIGN),
    st.lists(CHANGES, max_size=3).map(tuple),
    pending=ADDRESSES,
    unmanaged=ADDRESSES,
    warnings=FINDINGS,
    failures=FINDINGS,
    left_out=ADDRESSES,
)
OPENING = re.compile(
    r"<details><summary>(?:[0-9]+ [a-z,:\- ]+|(?:<code>[^<>]*</code>|Organisation): [0-9a-z,; ]+)</summary>\n"
)
MARKER = re.compile(r"<!-- lsops:(?:plan|drift)(?: [A-Za-z0-9_.~%\-…]+)? -->\n")
CLOSING = "</details>\n"


def texts(plan: Plan, *, verbose: bool = False) -> tuple[str, str]:
    return plan_as("markdown", plan, verbose=verbose), drift_as("markdown", Drift(plan), verbose=verbose)


def tokens(text: str) -> Iterator[Token]:
    """What a renderer with GitHub's tables and strikethrough makes of a text, HTML allowed."""
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def holds_foreign_text_in_code_alone(text: str) -> None:
    depth = 0
    for number, token in enumerate(tokens(text)):
        if token.type in ("code_inline", "fence"):
            assert token.type == "code_inline" or (token.info, token.level) == ("diff", 0)
        elif token.type == "html_block" and number == 0:
            assert MARKER.fullmatch(token.content)
        elif token.type == "html_block":
            assert token.content == CLOSING or OPENING.fullmatch(token.content)
            depth += -1 if token.content == CLOSING else 1
            assert depth in (0, 1, 2)
        else:
            kind = token.type.removesuffix("_open").removesuffix("_close")
            assert kind in ("heading", "paragraph", "bullet_list", "list_item", "inline", "strong", "em", "text", "hr")
            assert kind == "inline" or CANARY not in token.content
    assert depth == 0


def begins_each_line_with_a_sign_of_its_own(text: str) -> None:
    signs = re.compile(
        r"$|#{2,5} |- |\*|<!-- lsops:|`lsops apply` will need:|`{3,}(diff)?$|[-+@]| *$| +[^ :]|</?details>|[0-9]+ [a-z]|Server: |---$"
    )
    assert [row for row in text.splitlines() if not signs.match(row)] == []
    assert [
        sign for sign in text if sign != "\n" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    ] == []
    assert "##[" not in text
    assert "##vso[" not in text


@given(PLANS, st.booleans())
def test_foreign_text_stands_in_code_and_nowhere_else(plan: Plan, verbose: bool) -> None:
    for text in texts(plan, verbose=verbose):
        holds_foreign_text_in_code_alone(text)
        begins_each_line_with_a_sign_of_its_own(text)
        assert len(text.encode()) <= BUDGET


@given(PLANS, st.booleans())
def test_a_saved_plan_is_shown_as_it_was_in_every_form(plan: Plan, verbose: bool) -> None:
    again = from_document(json.loads(dumps(as_document(plan))))
    assert texts(again, verbose=verbose) == texts(plan, verbose=verbose)
    assert plan_as("text", again, verbose=verbose) == plan_as("text", plan, verbose=verbose)


@given(NOISE)
def test_a_code_span_shows_the_text_itself(text: str) -> None:
    shown = [token.content for token in tokens(f"- {code(text)}: {code(NASTY)}") if token.type == "code_inline"]
    assert shown == [content for content in (code_content(text), code_content(NASTY)) if content]


def code_content(text: str) -> str:
    from lsops.render.safe import line

    return line(text)


@example([" \uff01", " \u2028x", " :x", " \U0001f600"])
@given(
    st.lists(st.sampled_from([" ", "+", "-"]).flatmap(lambda sign: NOISE.map(lambda text: sign + code_content(text))))
)
def test_a_fence_holds_its_rows_and_is_closed(rows: list[str]) -> None:
    block = tokens(fence(rows) + "\n# after\n")
    kinds = [(token.type, token.content) for token in block]
    shown = kinds[0][1].split("\n")[:-1]
    assert kinds[0][0] == "fence"
    assert kinds[1][0] == "heading_open"
    assert [row[0] for row in shown] == [row[0] for row in rows]
    assert [ESCAPED.sub(unescaped, row) for row in shown] == [ESCAPED.sub(unescaped, row) for row in rows]


ESCAPED = re.compile(r"^( *)\\(?:x(..)|u(....)|U(.{8}))")


def unescaped(found: re.Match[str]) -> str:
    """The sign that stands for itself again."""
    return f"{found[1]}{chr(int(found[2] or found[3] or found[4], 16))}"


@pytest.mark.parametrize("text", ["::error::x", "  ::set-output::", "%x", "\u00b7", "`x"])
def test_an_unchanged_row_is_context_of_the_diff_and_commands_nobody(text: str) -> None:
    row = fence([f" {text}"]).splitlines()[2]
    assert row.startswith(" ")
    assert row.lstrip().startswith("\\x")


@pytest.mark.parametrize("text", ["<View>", "  <Text/>", "word", '"quoted"', "- item", "# heading", "\u00dcber", ""])
def test_an_unchanged_row_is_shown_as_it_is(text: str) -> None:
    assert fence([f" {text}"]).splitlines()[2] == f" {text}"


def test_urls_secrets_and_mentions_stand_masked_or_in_code() -> None:
    change = Change(
        "/projects/A/webhooks/https:~1~1h",
        "webhook",
        "update",
        {"id": 1},
        (FieldChange("/url", "https://u:canary@h/x?sig=canary", "https://u:canary@h/y"),),
        {"/headers/X-Token": "${env:TOKEN}"},
        warnings=("ask @admin about #12",),
    )
    text = plan_as("markdown", Plan(FACTS, (change,)))
    assert "canary" not in text
    assert '- `url`: `"https://***@h/x?***"` → `"https://***@h/y"`' in text
    assert "- `headers/X-Token`: `***` (sent, `${env:TOKEN}`)" in text
    assert "`ask @admin about #12`" in text


# ---- budget --------------------------------------------------------------------------------------


def many(number: int, **settings: object) -> tuple[Change, ...]:
    base = Change("", "project", "update", {"id": 1}, (FieldChange("/description", "a", "é" * 90),))
    return tuple(replace(base, **{"address": f"/projects/Project {index:05}", **settings}) for index in range(number))


DIFF = FieldChange("/expert_instruction", "a line\n" * 9_000, "another\n" * 9_000)
HUGE = {
    "changes": Plan(FACTS, many(5_000)),
    "creates": Plan(FACTS, many(5_000, action="create")),
    "deletes": Plan(FACTS, many(3_000, action="delete", destroys={"tasks": 1}, fields=())),
    "a diff": Plan(FACTS, (replace(LABELLED, fields=(DIFF,)), LABELLED)),
    "diffs": Plan(FACTS, many(300, fields=LABELLED.fields)),
    "effects": Plan(FACTS, many(20, effects=("x" * 10_000,))),
    "unmanaged": replace(QUIET, unmanaged=tuple(f"/projects/{number}" for number in range(9_000))),
    "findings": replace(QUIET, warnings=(Finding("LS126", "hotkey " * 10, "/projects/A"),) * 3_000),
    "an address": Plan(FACTS, many(1, action="delete", destroys={"tasks": 1}, address="/projects/" + "é" * 90_000)),
    "the server": replace(QUIET, facts=replace(FACTS, url="\U000e0041" * 90_000, environment="`" * 90_000)),
}  # fmt: skip


def named_changes(text: str) -> int:
    """How many changes have a heading or a line of their own."""
    return len(re.findall(r"^(?:#{4,5}|\*) `", text, re.MULTILINE))


@pytest.mark.parametrize("plan", HUGE.values(), ids=HUGE.keys())
def test_a_huge_plan_keeps_to_the_budget_and_says_what_is_left_out(plan: Plan) -> None:
    for text in texts(plan):
        assert len(text.encode()) <= BUDGET
        holds_foreign_text_in_code_alone(text)
        left_out = sum(map(int, re.findall(r"(\d+) changes? left out", text)))
        assert named_changes(text) + left_out == len(plan.changes)


def test_every_change_is_named_before_any_is_shown_in_full() -> None:
    text = plan_as("markdown", Plan(FACTS, many(600)))
    assert named_changes(text) == 600
    assert re.search(r"\*\*\d+ changes shortened\*\* to keep this short; `lsops show PLAN` lists them\.\n$", text)


def test_summary_and_needs_always_are_in() -> None:
    text = plan_as("markdown", HUGE["deletes"])
    assert "**Plan: 0 to create, 0 to update, 0 to replace, 3000 to delete.**" in text
    assert "- `--allow-deletes 3000`\n- `--allow-data-loss '/projects/Project 00000'`" in text
    told, more = text.count("`--allow-data-loss '"), re.search(r"- and (\d+) more `--allow-data-loss`\n", text)
    assert more is not None
    assert told + int(more[1]) == 3_000


def test_all_that_apply_would_refuse_is_counted_in_the_headline() -> None:
    change = many(1, protected=True)[0]
    alike = replace(change, address="/projects/B", protected=False, looks_like={"id": 3})
    wrong = Finding("LS121", "no", "/projects/A")
    text = plan_as("markdown", Plan(FACTS, (change, alike), warnings=(wrong,)))
    assert "**Refused: 1 error, 1 protected, 1 look-alike. Plan: 0 to create, 2 to update" in text
    assert text.index("### Errors (1)") < text.index("### Changes (2)")


def test_deletes_stand_before_what_is_left_out() -> None:
    last = replace(many(1)[0], address="/projects/Gone", action="delete", fields=())
    text = plan_as("markdown", Plan(FACTS, (*many(5_000, action="create"), last)))
    assert "### To delete (1)\n\n#### `-` `/projects/Gone`" in text
    assert "### Other changes (5000)" in text


def test_of_a_change_that_is_too_long_the_rest_is_shown() -> None:
    text = plan_as("markdown", HUGE["a diff"])
    assert "- **warning:** `label" in text
    assert "- `expert_instruction`\n\n*Its diffs are left out here.*" in text
    assert text.count("```diff") == 2  # the other change is whole


EXPOSING = {
    "webhook": "/projects/Project 00003/webhooks/https:~1~1evil.example",
    "import_storage": "/projects/A/import_storages/in",
    "export_storage": "/projects/A/export_storages/out",
    "ml_backend": "/projects/A/ml_backends/model",
    "member": "/members/eve@evil.example",
    "workspace_member": "/workspaces/A/members/eve@evil.example",
    "project_member": "/projects/A/members/eve@evil.example",
    "jwt_settings": "/jwt_settings",
    "organization": "/organization",
}
MASSES = {
    "creates": many(1_500, action="create"),
    "deletes": many(1_500, action="delete", destroys={"tasks": 1}, fields=()),
    "updates of views": many(1_500, kind="view", effects=("x" * 500,)),
    "storages": many(1_500, kind="import_storage", action="create"),
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        pytest.param(kind, name, marks=() if (row + column) % len(MASSES) == 0 else pytest.mark.soak)
        for row, kind in enumerate(EXPOSING)
        for column, name in enumerate(MASSES)
        if MASSES[name][0].kind != kind
    ],
)
def test_who_gets_in_and_where_data_goes_is_in_whatever_the_mass(kind: str, name: str) -> None:
    address, mass = EXPOSING[kind], MASSES[name]
    one = Change(address, kind, "create", fields=(FieldChange("/url", after="https://evil.example/in"),))
    for text in texts(Plan(FACTS, (*mass, one)), verbose=True):
        assert f"\n#### `+` `{address}`\n" in text
        assert text.index("### Who gets in, and where data goes") < text.index("\n#### ")


def test_the_only_delete_is_in_beside_a_mass_of_storages() -> None:
    gone = Change("/projects/Gone", "project", "delete", {"id": 9}, destroys={"tasks": 1})
    text = plan_as("markdown", Plan(FACTS, (*MASSES["storages"], gone)))
    assert "### To delete (1)\n\n#### `-` `/projects/Gone` (id `9`)" in text


def test_unmanaged_access_is_listed_before_other_things() -> None:
    others = tuple(f"/projects/{number}" for number in range(9_000))
    text = plan_as("markdown", replace(QUIET, unmanaged=(*others, *EXPOSING.values())))
    assert [address for address in EXPOSING.values() if address.count("/") > 1 and f"- `{address}`" not in text] == []


PIECES = st.lists(
    NOISE | st.builds(Piece, st.sampled_from(["change", "list"]), st.lists(NOISE, min_size=1).map(lambda x: tuple(sorted(x, key=len))))
)  # fmt: skip


@given(PIECES, st.integers(0, 200))
def test_what_fits_is_in_and_the_rest_is_counted(parts: list[str | Piece], budget: int) -> None:
    parts = [encodable(part) for part in parts]
    fitted = fit(parts, budget)
    fixed = sum(len(part.encode()) for part in parts if isinstance(part, str))
    pieces = [part for part in parts if isinstance(part, Piece)]
    assert len(fitted.text.encode()) <= max(budget, fixed)
    assert sum(fitted.left_out.values()) + sum(fitted.shortened.values()) <= len(pieces)
    if sum(len(max(part.forms, key=lambda form: len(form.encode())).encode()) for part in pieces) + fixed <= budget:
        assert fitted.text == "".join(part if isinstance(part, str) else part.forms[-1] for part in parts)
        assert fitted.left_out == fitted.shortened == {}


def encodable(part: str | Piece) -> str | Piece:
    """Half characters never come here: they are escaped before."""
    if isinstance(part, Piece):
        return replace(part, forms=tuple(form.encode(errors="replace").decode() for form in part.forms))
    return part.encode(errors="replace").decode()


# ---- folds, and the marker -----------------------------------------------------------------------

HOSTILE = [
    "`", "``` ```", "|a|b|", "<script>alert(1)</script>", "</code></summary></details>", "<!-- x", "--> x", "--!>", "@team", "#12", "\n\n# x", "\n- x",
    "a\nb", "\r\n", "\x1b[2J", "\u202etxt", "\u2066", "\u200b", "\u2028", "::error::x", "##[group]x", "##vso[x]", "&lt;b&gt;", "&", '"', "'", "\\", "$$x$$",
    "**x**", "__x__", "~~x~~", "[x](https://evil.example)", "![x](y)", "<https://x>", "https://evil.example", "a@b.example", "\t", "\x00", "\x85", "---",
    "===", "> x", "1. x", "* x", "```diff", "</details>", "<details open>", "%0A::x", "😀", "=cmd()",
]  # fmt: skip


def shape(text: str) -> list[tuple[str, int]]:
    """What a text is made of, whatever stands in it."""
    return [(token.type, token.level) for token in tokens(text)]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_changes_nothing_of_the_structure(title: str) -> None:
    def plan(name: str) -> Plan:
        address = join("projects", name)
        held = (
            Change(address, "project", "update", {"id": 1}, (FieldChange("/title", [name], [name, name]),)),
            Change(below(address, "views", name), "view", "create", fields=(FieldChange("/title", after=name),)),
            Change(below(address, "webhooks", name), "webhook", "delete", {"id": 2}),
        )
        return Plan(replace(FACTS, environment=name), held)

    assert len(HOSTILE) >= 50
    for text, tame in zip(texts(plan(title)), texts(plan("tame")), strict=True):
        assert shape(text) == shape(tame)
        assert text.count("\n") == tame.count("\n")


@pytest.mark.parametrize(
    ("environment", "marker"),
    [
        ("prod", "<!-- lsops:plan prod -->\n"),
        ("", "<!-- lsops:plan -->\n"),
        ("--><b>", "<!-- lsops:plan --%3E%3Cb%3E -->\n"),
        ("a b\n", "<!-- lsops:plan a%20b%0A -->\n"),
    ],
)
def test_a_comment_begins_with_a_marker_that_nobody_sees(environment: str, marker: str) -> None:
    plan = replace(QUIET, facts=replace(FACTS, environment=environment))
    assert plan_as("markdown", plan).startswith(marker)
    failed = of_errors([Finding("LS102", "no")], "plan", environment=environment)
    assert rendered(failed, "markdown").startswith(marker)


def test_each_holder_is_folded_with_its_counts_and_says_what_stands_above() -> None:
    view = Change("/projects/A/views/x", "view", "create")
    changes = (Change("/projects/A", "project", "update"), view, replace(view, address="/projects/A/views/y"))
    gone = Change("/projects/A/webhooks/z", "webhook", "delete")
    text = plan_as("markdown", Plan(FACTS, (*changes, gone, Change("/session_policy", "session_policy", "update"))))
    assert "### To delete (1)\n\n#### `-` `/projects/A/webhooks/z`" in text
    assert "### Other changes (4)\n\n<details><summary>Organisation: 1 to update</summary>" in text
    assert "<details><summary><code>/projects/A</code>: 1 to update, 2 to create; 1 above</summary>" in text


def test_two_thousand_changes_of_many_sorts_fit_and_the_rest_is_counted() -> None:
    changes = tuple(
        replace(change, address=f"/projects/Project {number // 20:03}/views/{number:05}", kind="view")
        for number, change in enumerate(many(2_000))
    )
    text = plan_as("markdown", Plan(FACTS, changes))
    assert len(text.encode()) <= BUDGET
    left_out = re.search(r"\*\*(\d+) changes left out, \d+ changes shortened\*\*", text)
    assert left_out is not None
    assert named_changes(text) + int(left_out[1]) == 2_000
