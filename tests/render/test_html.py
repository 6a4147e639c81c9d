"""The page: valid HTML that asks nobody for anything, in which all that is told stands."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, tostring

import html5lib
import pytest

from lsops.engine.drift import Drift
from lsops.render.document import of_errors, of_valid
from lsops.render.formats.html import in_references
from lsops.render.review import of_drift, of_plan, of_report
from tests.render.scenes import CHEST, REVIEWED, WARNINGS, many
from tests.render.test_renderers import FACTS, PLAN, REPORT
from tests.support.forms import plan_as, rendered

DOCUMENTS = {
    "plan": of_plan(REVIEWED),
    "everything": of_plan(PLAN),
    "drift": of_drift(Drift(PLAN)),
    "report": of_report(REPORT),
    "errors": of_errors(WARNINGS, "plan"),
    "valid": of_valid(3, WARNINGS),
}


def parsed(page: str) -> Element:
    """The page as a tree, if it is HTML without a single error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def texts(tree: Element, selector: str) -> list[str]:
    return ["".join(one.itertext()) for one in tree.findall(f".//{selector}")]


@pytest.fixture(scope="module")
def tree() -> Element:
    return parsed(rendered(DOCUMENTS["plan"], "html"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_is_valid_html_and_every_line_begins_with_a_sign_of_our_own(name: str) -> None:
    page = rendered(DOCUMENTS[name], "html")
    script = page.index("<style>"), page.index("</style>"), page.index("<script>"), page.index("</script>")
    foreign = page[: script[0]] + page[script[1] : script[2]] + page[script[3] :]

    assert parsed(page).find("head/title") is not None
    assert {row[0] for row in foreign.splitlines() if row} == {"<"}


def test_a_stream_that_knows_only_ascii_gets_the_same_page() -> None:
    page = rendered(of_plan(replace(REVIEWED, facts=replace(FACTS, environment="größer"))), "html")
    ascii_only = in_references(page)

    assert (page.isascii(), ascii_only.isascii()) == (False, True)
    assert tostring(parsed(ascii_only)) == tostring(parsed(page))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_asks_nobody_for_anything(name: str) -> None:
    page = rendered(DOCUMENTS[name], "html")
    links = [
        value for one in parsed(page).iter() for key, value in one.attrib.items() if key in ("src", "href", "action")
    ]

    assert [link for link in links if not re.fullmatch(r"#[cg]\d+", link)] == []
    assert "url(" not in page
    assert "@import" not in page


def test_only_its_own_style_and_script_are_let_in(tree: Element) -> None:
    policy = tree.find("head/meta[@http-equiv]")
    assert policy is not None

    def allowed(text: str) -> str:
        return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    style, script = (texts(tree, name) for name in ("style", "script"))
    assert policy.attrib["content"] == (
        f"default-src 'none'; style-src {allowed(*style)}; script-src {allowed(*script)}; base-uri 'none'; form-action 'none'"
    )
    assert [
        one.tag for one in tree.iter() if "style" in one.attrib or any(key.startswith("on") for key in one.attrib)
    ] == []


def test_changes_stand_by_project_with_the_organisation_first(tree: Element) -> None:
    groups = [one for one in tree.iter("details") if one.attrib.get("class") == "group"]
    addresses = [[row.attrib["data-address"] for row in group.iter("article")] for group in groups]

    assert texts(tree, "nav//li/a") == ["Organization", "Call centre audio", "Chest X-ray triage", "Old pilot", "Kept"]
    assert [group[0] for group in addresses] == [
        *("/members/old@example.com", "/projects/Call centre audio", CHEST),
        *("/projects/Old pilot", "/projects/Kept"),
    ]
    assert addresses[2] == [CHEST, f"{CHEST}/import_storages/raw scans"]


def test_what_needs_a_decision_stands_above_the_changes(tree: Element) -> None:
    panels = texts(tree, "section[@class]")

    assert panels[0] == "apply will refuse this plan: 1 protected"
    assert [text for text in panels if "--allow-deletes 4" in text and "--allow-data-loss /projects/Kept" in text]
    assert "apply --invite would mail 1 person" in panels
    assert [text for text in texts(tree, "details") if text.startswith("Warnings (2)") and "LS113" in text]


def rows(tree: Element) -> Iterator[tuple[str, ...]]:
    """The rows of what stands side by side: how each differs, left and right."""
    for row in tree.iter("div"):
        if row.attrib.get("class", "").startswith("row "):
            yield (row.attrib["class"].removeprefix("row "), *texts(row, "span"))


def test_label_configs_stand_side_by_side_with_what_differs_marked(tree: Element) -> None:
    found = list(rows(tree))

    assert ("edit", '    <Choice value="Effusion"/>', '    <Choice value="Pleural effusion"/>') in found
    assert ("del", '    <Choice value="Nodule"/>', "") in found
    assert ("same", "  </Choices>", "  </Choices>") in found
    assert "Pleural e" in texts(tree, "mark")


def test_a_new_label_config_is_there_in_full(tree: Element) -> None:
    assert ("add only", "", '    <Choice value="Effusion"/>') in list(rows(tree))


def test_secrets_are_said_to_be_sent_and_origins_are_named(tree: Element) -> None:
    assert "sent, ${env:AZURE_CLIENT_SECRET}" in texts(tree, "span[@class='sent']")
    assert "this branch" in texts(tree, "span[@class='tag']")


def test_a_report_has_what_failed_first() -> None:
    report = parsed(rendered(DOCUMENTS["report"], "html"))
    assert [one.attrib["data-sort"] for one in report.iter("article")] == ["failed", "skipped", "done"]


def test_what_is_to_be_reviewed_first_is_linked_where_there_is_much() -> None:
    tree = parsed(plan_as("html", many(60)))
    marks = {one.attrib["id"] for one in tree.iter() if "id" in one.attrib}
    links = [one.attrib["href"][1:] for one in tree.findall(".//details[@class='first panel']//a")]

    assert (len(links), set(links) <= marks) == (40, True)
    assert "and 260 more" in texts(tree, "details[@class='first panel']//li")
