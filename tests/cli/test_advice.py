"""Advice about names is taken by the tool that gives it: what a warning says is written, and planned again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.support.site import Site
from tests.support.sorts import SORTS, STORAGES, Sort

every_sort = pytest.mark.parametrize("sort", SORTS, ids=str)
ADVICE = re.compile(r'write lifecycle: (\{(?:"(?:\\.|[^"\\])*"|[^"}])*\})')
"""The first rule that a warning says, as the manifest takes it."""


def taken(site: Site, sort: Sort, word: str, **top: Any) -> dict[str, Any]:
    """The rule that the plan of an entry advises, after it was written and planned without a create."""
    sort.declare(site, {word: sort.entry()}, **top)
    found = [text for text in site.lsops("plan").out.splitlines() if ADVICE.search(text)]
    assert len(found) == 1, found
    rules = yaml.safe_load(ADVICE.findall(found[0])[0])
    sort.declare(site, {word: sort.entry(**rules)}, **top)
    assert [action for action, _ in site.planned()] == ["update"]
    site.settled("--allow-deletes", "9")
    return dict(rules)


def by_hand(name: str) -> Callable[[Site, Sort], int]:
    """Somebody makes one of that name, which need not be a word."""
    return lambda site, sort: sort.make(site, name)


@every_sort
def test_an_old_name_is_advised_that_is_taken(site: Site, sort: Sort) -> None:
    sort.applied(site)
    number = sort.make(site, "old")
    assert taken(site, sort, "new") == {"renamed_from": sort.name("old")}
    assert sort.id(site) == number


HARD_NAMES = [
    'say "cheese"',
    "back\\slash",
    "a: b # c",
    "{x}",
    "##[group]",
    "zero\u200bwidth",
    "line\u2028sep",
    "Größe",
]


@pytest.mark.thinned(16)
@pytest.mark.parametrize("name", HARD_NAMES)
@pytest.mark.parametrize("sort", [s for s in SORTS if s.collection != "webhooks"], ids=str)
def test_whatever_the_old_name_is_the_advice_is_taken(site: Site, sort: Sort, name: str) -> None:
    sort.applied(site)
    number = sort.make(site, name)
    taken(site, sort, "new")
    assert sort.id(site) == number


@pytest.mark.parametrize("collection", [*STORAGES, "views", "ml_backends"])
def test_one_without_a_title_is_advised_by_its_id(site: Site, collection: str) -> None:
    sort = Sort(collection)
    sort.applied(site)
    number = sort.make(site, "")
    assert taken(site, sort, "new") == {"id": number}
    assert sort.id(site) == number


@every_sort
def test_one_of_two_with_one_name_is_advised_by_its_id(site: Site, sort: Sort) -> None:
    sort.applied(site)
    numbers = {sort.make(site, "old"), sort.make(site, "old")}
    assert taken(site, sort, "new")["id"] in numbers
    assert len(sort.rows(site)) == 2


@every_sort
def test_of_one_that_prune_would_delete_the_advice_is_taken(site: Site, sort: Sort) -> None:
    sort.applied(site)
    number = sort.make(site, "old")
    taken(site, sort, "new", prune=[sort.path])
    assert sort.id(site) == number


@every_sort
def test_of_one_that_is_to_be_absent_the_advice_is_taken_with_or_without_that_entry(site: Site, sort: Sort) -> None:
    sort.applied(site, "old")
    number = sort.id(site)
    both = {"new": sort.entry(), "old": sort.entry(absent=True)}
    sort.declare(site, both)
    text = site.lsops("plan").out
    assert "in place of the entry that deletes it" in text
    rules = yaml.safe_load(ADVICE.findall(text)[0])
    for others in ({}, {"old": both["old"]}):
        sort.declare(site, {"new": sort.entry(**rules), **others})
        assert site.planned() == [("update", sort.address("new"))]
    assert sort.id(site) == number


@pytest.mark.parametrize("word", ["name with two blanks", "NAME WITH TWO BLANKS", "nam\u0065\u0301 2", "name\u00a03"])
def test_a_key_that_only_looks_like_a_live_one_is_told_with_its_code_points(site: Site, word: str) -> None:
    sort, held = (
        SORTS[0],
        {"nam\u0065\u0301 2": "nam\u00e9 2", "name\u00a03": "name 3"}.get(word, "name  with two blanks"),
    )
    sort.applied(site)
    number = sort.make(site, held)
    sort.declare(site, {word: {}})
    out = site.lsops("plan").out
    assert f"(id {number}) is live and not in the manifest, and its title differs from this one in" in out
    assert "U+" in out
    sort.declare(site, {word: {"lifecycle": {"id": number}}})
    site.settled()
    assert sort.id(site) == number


@every_sort
def test_who_says_that_it_is_new_is_left_alone(site: Site, sort: Sort) -> None:
    sort.applied(site)
    sort.make(site, "old")
    sort.make(site, "NEW")
    sort.declare(site, {"new": sort.entry(new=True)})
    (change,) = site.changes()
    assert not [text for text in change["warnings"] if "lifecycle" in text]


# ---- one equal field says nothing --------------------------------------------------------------------


def test_batches_of_one_template_are_not_taken_for_one_another(site: Site) -> None:
    config = '<View><Image name="i" value="$image"/><RectangleLabels name="b" toName="i"><Label value="Car"/>'
    config += '<Label value="Bus"/></RectangleLabels></View>'
    site.declare_projects({"Team A batch 1": {"label_config": config}, "Beta": {"description": "a"}})
    site.settled()
    site.declare_projects({"Team C batch 1": {"label_config": config}, "Gamma": {"description": "a"}})
    assert "renamed_from" not in site.lsops("plan").out


def test_a_storage_of_one_type_and_nothing_else_says_nothing(site: Site) -> None:
    site.declare({"import_storages": {"old": {"type": "s3", "bucket": "scans"}}})
    site.settled()
    site.declare({"import_storages": {"new": {"type": "s3", "bucket": "scans"}}})
    assert "renamed_from" not in site.lsops("plan").out


# ---- names of nothing --------------------------------------------------------------------------------


@every_sort
def test_a_name_of_nothing_to_delete_is_told_with_the_near_one(site: Site, sort: Sort) -> None:
    sort.applied(site, "old-scratch")
    sort.declare(site, {"old-scrach": sort.entry(absent=True)})
    out = site.lsops("plan").out
    assert "warning[LS510]: there is no live" in out
    assert f'did you mean "{sort.name("old-scratch")}"?' in out
    sort.declare(site, {"old-scratch": sort.entry(absent=True)})
    site.settled("--allow-deletes", "1")
    assert "LS510" not in site.lsops("plan").out


def test_only_what_is_not_declared_is_near(site: Site) -> None:
    site.declare_projects({"Old scratch": {}})
    site.settled()
    site.declare_projects({"Old scratch": {}, "Old scrach": {"lifecycle": {"absent": True}}})
    assert "LS510" not in site.unchanged().out


def test_json_lists_what_is_not_declared_with_id_and_key(site: Site) -> None:
    site.declare({"webhooks": {}})
    site.settled()
    number = site.make("webhooks", "https://ana:hunter2@hooks.example.com/ls")
    ran = site.lsops("drift", "--format", "json")
    (found,) = (one for one in ran.json()["unmanaged_live"] if one["kind"] == "webhook")
    assert (found["id"], found["key"]) == (number, "https://***@hooks.example.com/ls")
    assert found["address"] in ran.json()["unmanaged"]
    assert "hunter2" not in json.dumps(ran.json())


def test_a_target_of_nothing_is_told_with_what_is_live_and_not_declared(site: Site) -> None:
    site.declare_projects({"Old scratch": {}})
    site.settled()
    site.declare_projects({"Triage": {}})
    assert "it is live and not in the manifest: to change it, declare it there" in site.refused(
        "-t", "/projects/Old scratch"
    )
    assert '"/projects/Old scratch" is live and not in the manifest' in site.refused("-t", "/projects/Old scrach")
    assert 'did you mean "/projects/Triage"?' in site.refused("-t", "/projects/Triagee")
