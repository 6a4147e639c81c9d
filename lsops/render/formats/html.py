"""One page that needs nothing but itself: plans, drift, reports and findings for a browser, a phone or paper."""

from __future__ import annotations

from collections.abc import Iterator

from lsops.render.document import Document
from lsops.render.formats import Format
from lsops.render.lines import Line
from lsops.render.parts import Ending


def html_page(document: Document) -> Iterator[Line]:
    """The page; every line of it begins with a sign of our own."""
    from lsops.render.html.elements import joined
    from lsops.render.html.page import decisions, panel_of_findings, panel_of_unread, panels_of_addresses, whole_page
    from lsops.render.html.tree import branches, change_tree, outcome_articles, review_first

    prefix, groups = document.look.prefix, branches(document.groups())
    parts = (
        *panel_of_findings("Errors", document.errors, prefix, "bad"),
        *panel_of_findings("Not read", document.failures, prefix, "bad"),
        *decisions(document),
        review_first(groups),
        *panel_of_findings("Warnings", document.warnings, prefix, "warn"),
        change_tree(groups),
        *outcome_articles(map(_said, document.endings)),
        *panels_of_addresses(document.listed("pending")),
        *panels_of_addresses(document.listed("unmanaged")),
        *panels_of_addresses(document.listed("left_out")),
        *panel_of_unread(document),
    )
    page = whole_page(document, [joined(parts)])
    yield from map(Line, page.split("\n")[:-1])


def _said(ending: Ending) -> tuple[str, str, str, str]:
    outcome = ending.outcome
    return outcome.outcome, outcome.action, outcome.address, "; ".join(filter(None, (outcome.reason, *ending.news)))


def in_references(page: str) -> str:
    """The page for a stream that knows only ASCII: every other sign by its number; style and script have none."""
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


FORMAT = Format(dict.fromkeys(("plan", "drift", "report", "errors", "valid"), html_page), in_ascii=in_references)
