"""The page around what is told: its head, the verdict, what needs a decision, findings, and lists of addresses."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from lsops.errors import Finding
from lsops.render.document import Document
from lsops.render.html.change import SIGNS, TONES
from lsops.render.html.elements import NONE, Html, as_html, code_of, element, joined
from lsops.render.parts import Listing
from lsops.version import __version__

SHOWN = 20
"""Addresses of a list from which on it is folded."""


def whole_page(document: Document, parts: Iterable[Html]) -> Html:
    """A page that asks nobody for anything: the browser is told to load nothing but what stands in it."""
    styles = ("page.css", "pictures.css") if any(one.drawn for one in document.entries) else ("page.css",)
    title = " · ".join(
        filter(None, (f"lsops {document.heading}", _environment(document), _part_of(document), document.verdict.words))
    )
    head = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(styles)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="robots", content="noindex"),
        element("title", as_html(title)),
        *(element("style", _part(name)) for name in styles),
    )
    body = (_top(document), *parts, _foot(document), element("script", _part("page.js")))
    page = element("html", element("head", joined(head)), Html("\n"), element("body", joined(body)), lang="en")
    return Html(f"<!DOCTYPE html>\n{page}\n")


@cache
def _part(name: str) -> Html:
    return Html(f"\n{(Path(__file__).parent / name).read_text('utf-8').strip()}\n")


@cache
def _policy(styles: tuple[str, ...]) -> str:
    """What the browser may use: these styles, the script, and pictures in the page where it has their style."""
    allowed = " ".join(map(_digest, styles))
    images = "img-src data:; " if len(styles) > 1 else ""
    return (
        f"default-src 'none'; style-src {allowed}; script-src {_digest('page.js')}; {images}"
        "base-uri 'none'; form-action 'none'"
    )


def _digest(name: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(_part(name).encode()).digest()).decode()}'"


# ---- the head of it ----------------------------------------------------------------------------


def _top(document: Document) -> Html:
    where = joined((as_html(f"lsops {document.heading}"), _tag(_environment(document)), _tag(_part_of(document))), " ")
    tone = "bad" if document.verdict.is_bad else ""
    words = element("h1", as_html(document.verdict.words), class_=tone)
    return element(
        "header", element("p", where, class_="brand"), words, _server(document), _tiles(document), class_="top"
    )


def _environment(document: Document) -> str:
    return document.facts.environment if document.facts else document.environment


def _part_of(document: Document) -> str:
    return f"shard {document.shard}" if document.shard else ""


def _tag(text: str) -> Html:
    return element("span", as_html(text), class_="tag") if text else NONE


def _server(document: Document) -> Html:
    facts = document.facts
    if facts is None:
        return NONE
    if facts.is_offline:
        return element("p", as_html("compared with "), code_of(document.base), as_html(f" · {document.matching} it"))
    edition = " ".join(filter(None, (facts.edition.capitalize(), facts.release)))
    said = (edition, document.matching, f"seen as {facts.role}" if facts.role else "")
    rest = " · ".join(filter(None, said))
    return element("p", code_of(facts.url), Html(" "), as_html(rest), class_="server")


def _tiles(document: Document) -> Html:
    if document.subject in ("errors", "valid"):
        return NONE
    tiles = joined(
        element(
            "li",
            element("b", as_html(f"{number:,}")),
            _word(word),
            class_=f"{_tone(word)}{'' if number else ' zero'}",
        )
        for word, number in document.counts.items()
    )
    return element("ul", tiles, class_="tiles")


def _word(word: str) -> Html:
    sign = SIGNS.get(word, "")
    return element("span", as_html(f"{sign} {word}".strip()))


def _tone(word: str) -> str:
    return TONES.get(word, "quiet")


def _foot(document: Document) -> Html:
    made = f" at {document.facts.created}" if document.facts and document.facts.created else ""
    return element("footer", as_html(f"Made by lsops {__version__}{made}. This page loads nothing from anywhere."))


# ---- what needs a decision ---------------------------------------------------------------------


def decisions(document: Document) -> Iterator[Html]:
    """What apply will refuse, what it will need, and whom it would mail."""
    if document.objections:
        told = element("p", element("b", as_html("apply will refuse this plan: ")), as_html(document.objections))
        yield element("section", told, class_="panel bad")
    if document.flags:
        rows = joined(element("li", code_of(flag)) for flag in document.flags)
        title = element("h2", as_html("apply will need"))
        yield element("section", title, element("ul", rows, class_="flags"), class_="panel warn")
    if document.mails:
        yield element("section", element("p", as_html(document.mails)), class_="panel")


def panel_of_findings(title: str, findings: Sequence[Finding], prefix: str, tone: str) -> Iterator[Html]:
    """Findings beneath a title of our own."""
    if findings:
        rows = joined(_finding(one, prefix) for one in findings)
        head = element("summary", element("h2", as_html(f"{title} ({len(findings):,})")))
        yield element("details", head, element("ul", rows, class_="findings"), class_=f"panel {tone}", open=True)


def _finding(finding: Finding, prefix: str) -> Html:
    place = element("span", as_html(f"{prefix}{finding.source}"), class_="place") if finding.source else NONE
    parts = (
        element(
            "p",
            element("span", as_html(finding.code), class_="tag"),
            Html(" "),
            as_html(finding.words(prefix)),
        ),
        element("p", joined((place, code_of(finding.address) if finding.address else NONE), " "), class_="facts"),
        element("p", as_html(finding.hint), class_="hint") if finding.hint else NONE,
    )
    return element("li", joined(parts))


def panels_of_addresses(listings: Iterable[Listing]) -> Iterator[Html]:
    """Addresses that are no changes, folded where they are many."""
    for listing in listings:
        if listing.addresses:
            rows = joined(element("li", code_of(address)) for address in listing.addresses)
            title = element("summary", element("h2", as_html(f"{len(listing.addresses):,} {listing.title}")))
            is_open = len(listing.addresses) <= SHOWN
            yield element("details", title, element("ul", rows, class_="addresses"), class_="panel", open=is_open)


def panel_of_unread(document: Document) -> Iterator[Html]:
    """How many fields could not be compared, and which."""
    if document.unread:
        rows = joined(element("li", code_of(address)) for address in document.unreadable)
        title = element("summary", element("h2", as_html(document.unread)))
        yield element("details", title, element("ul", rows, class_="addresses"), class_="panel")
