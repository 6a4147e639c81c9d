"""The changes of a page by what holds them, with contents beside and filters above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lsops.render.html.change import SIGNS, TONES, badge, change_article, short_name
from lsops.render.html.elements import NONE, Html, as_html, element, joined
from lsops.render.parts import Entry, EntryGroup
from lsops.schema import noun_of

FEW = 8
"""Changes of which all are read anyway."""
ENDS = ("failed", "skipped", "done")
"""Outcomes in the order in which they are read."""
MANY = 200
"""Changes from which on a browser draws only those that are seen."""
FIRST = 40
"""Changes that are named as those to be reviewed first."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A group of the tree before it has a form: its title, and its entries with the mark of each."""

    mark: str
    title: str
    entries: tuple[tuple[str, Entry], ...]
    below: int

    @property
    def sorts(self) -> Mapping[str, int]:
        """How many entries of each sort it has."""
        return Counter(entry.sort for _, entry in self.entries)


def branches(groups: Iterable[EntryGroup]) -> tuple[Branch, ...]:
    """The groups with a mark for each group and each entry, by which links find them."""
    made: list[Branch] = []
    total = 0
    for number, group in enumerate(groups):
        entries = ((group.head,) if group.head else ()) + group.entries
        marked = tuple((f"c{total + index}", entry) for index, entry in enumerate(entries))
        total += len(entries)
        made.append(Branch(f"g{number}", group.title or "Organization", marked, 2 if group.address else 0))
    return tuple(made)


def change_tree(found: tuple[Branch, ...]) -> Html:
    """Contents, filters and changes; nothing where there are none."""
    if not found:
        return NONE
    entries = [entry for branch in found for _, entry in branch.entries]
    changes = element("div", _filters(entries), joined(map(_branch, found)), class_="changes")
    return element("main", _contents(found), changes, class_="tree many" if len(entries) > MANY else "tree")


def review_first(found: tuple[Branch, ...]) -> Html:
    """Links to what is to be reviewed first: what deletes, exposes or loses something, and what apply will refuse."""
    marked = [(mark, entry, why) for branch in found for mark, entry in branch.entries if (why := _reason(entry))]
    if not marked or sum(len(branch.entries) for branch in found) <= FEW:
        return NONE
    rows = [
        element("li", badge(entry.sort, entry.change.symbol), _link(mark, entry), element("span", why, class_="why"))
        for mark, entry, why in sorted(marked, key=lambda one: one[1].crowd)[:FIRST]
    ]
    if len(marked) > FIRST:
        rows.append(element("li", as_html(f"and {len(marked) - FIRST:,} more")))
    title = element("summary", element("h2", as_html(f"Review first ({len(marked):,})")))
    return element("details", title, element("ul", joined(rows)), class_="first panel", open=True)


def _link(mark: str, entry: Entry) -> Html:
    return element("a", short_name(entry.change.address), href=f"#{mark}")


def _reason(entry: Entry) -> Html:
    change = entry.change
    said = (
        ("protected", change.protected),
        ("look-alike", bool(change.looks_like)),
        ("loses data", bool(change.orphans) or any(number != 0 for number in (change.destroys or {}).values())),
        ("deletes", change.needs_consent),
        ("who gets in, where data goes", entry.is_exposing),
    )
    return as_html(", ".join(word for word, is_so in said if is_so))


# ---- filters and contents ----------------------------------------------------------------------


def _filters(entries: Iterable[Entry]) -> Html:
    """Shown by the script that makes them work."""
    kinds, sorts = Counter(one.change.kind for one in entries), Counter(one.sort for one in entries)
    search = element("input", type="search", id="words", placeholder="Filter by any text", aria_label="Any text")
    chips = joined(_chip(sort, number) for sort, number in sorts.items())
    options = joined(
        element("option", as_html(f"{noun_of(kind)} ({number:,})"), value=kind)
        for kind, number in sorted(kinds.items())
    )
    every = element("option", as_html("all kinds"), value="")
    select = element("select", every, options, id="kind", aria_label="Kind")
    fold = element("button", as_html("Fold all"), type="button", id="fold")
    told = element("output", as_html(""), id="told", aria_live="polite")
    chosen = element("div", chips, class_="chips", role="group", aria_label="Actions")
    return element("form", joined((search, select, chosen, fold, told)), class_="filters", hidden=True)


def _chip(sort: str, number: int) -> Html:
    box = element("input", type="checkbox", name="sort", value=sort, checked=True)
    return element("label", box, badge(sort), as_html(f" {number:,}"), class_=f"chip {TONES.get(sort, 'quiet')}")


def _contents(found: tuple[Branch, ...]) -> Html:
    rows = joined(
        element("li", element("a", as_html(branch.title), href=f"#{branch.mark}"), _tally(branch), data_for=branch.mark)
        for branch in found
    )
    title = element("summary", element("h2", as_html("Contents")))
    return element("nav", element("details", title, element("ol", rows), open=True), aria_label="Contents")


def _branch(branch: Branch) -> Html:
    title = element("summary", element("h2", as_html(branch.title)), _tally(branch))
    articles = joined(change_article(entry, mark, below=branch.below) for mark, entry in branch.entries)
    return element("details", title, articles, class_="group", id=branch.mark, open=True)


def _tally(branch: Branch) -> Html:
    return element("span", joined(_number(*one) for one in branch.sorts.items()), class_="tally")


def _number(sort: str, number: int) -> Html:
    sign = SIGNS.get(sort, "")
    return element("span", as_html(f"{sign}{number}"), class_=TONES.get(sort, "quiet"), title=f"{number} {sort}")


def outcome_articles(rows: Iterable[tuple[str, str, str, str]]) -> Iterator[Html]:
    """What became of each change: outcome, action, address and what is to be said of it; what failed comes first."""
    for outcome, action, address, said in sorted(rows, key=lambda row: ENDS.index(row[0])):
        facts = element("p", as_html(action), class_="facts")
        head = element("header", element("h3", badge(outcome), short_name(address), title=address), facts)
        told = element("p", as_html(said), class_="remark") if said else NONE
        tone = TONES.get(outcome, "quiet")
        yield element("article", head, told, class_=f"change {tone}", data_sort=outcome, data_address=address)
