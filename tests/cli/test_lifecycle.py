"""`lifecycle:` of projects and of all that stands below them: which live object is meant, and what is left alone."""

from __future__ import annotations

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.site import Site
from tests.support.sorts import SORTS, Sort

every_sort = pytest.mark.parametrize("sort", SORTS, ids=str)

# ---- id -------------------------------------------------------------------------------------------


@every_sort
def test_two_of_one_name_are_an_error_with_both_ids_that_a_pin_settles(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    kept, twin = sort.id(site), sort.make(site, "one")
    sort.declare(site, {"one": sort.entry(1)})
    said = site.refused()
    assert f"ids {kept}, {twin}" in said
    assert "error[LS502]" in said
    before = site.state()
    assert site.apply().code == 3
    assert site.state() == before
    sort.declare(site, {"one": sort.entry(1, id=twin)})
    site.settled()
    assert sort.live(site) == {kept: sort.value(0), twin: sort.value(1)}


@every_sort
def test_a_pinned_id_that_is_not_there_is_an_error(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    sort.declare(site, {"one": sort.entry(1, id=999)})
    assert "error[LS503]: lifecycle.id pins" in site.refused()


@every_sort
def test_a_pinned_object_is_renamed(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    number = sort.id(site)
    sort.declare(site, {"two": sort.entry(id=number)})
    assert site.planned() == [("update", sort.address("two"))]
    site.settled()
    assert (sort.id(site), sort.keys(site)) == (number, sort.names("two"))


@every_sort
def test_two_entries_pinned_to_one_object_are_an_error(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    number = sort.id(site)
    sort.declare(site, {word: sort.entry(id=number) for word in ("one", "two")})
    assert "error[LS501]" in site.refused()


# ---- renamed_from ---------------------------------------------------------------------------------


@every_sort
def test_an_old_name_that_is_live_is_a_rename_that_keeps_the_id(site: Site, sort: Sort) -> None:
    sort.applied(site, "old")
    number = sort.id(site)
    sort.declare(site, {"new": sort.entry(renamed_from=sort.name("old"))})
    assert site.planned() == [("update", sort.address("new"))]
    site.settled()
    assert (sort.id(site), sort.keys(site)) == (number, sort.names("new"))


@every_sort
def test_a_rename_that_was_made_is_nothing_and_both_names_are_an_error(site: Site, sort: Sort) -> None:
    sort.applied(site, "new")
    sort.declare(site, {"new": sort.entry(renamed_from=sort.name("old"))})
    site.unchanged()
    numbers = sort.id(site), sort.make(site, "old")
    said = site.refused()
    assert "error[LS505]" in said
    assert all(f"(id {number})" in said for number in numbers)


@every_sort
def test_an_old_name_that_is_not_live_is_a_create(site: Site, sort: Sort) -> None:
    sort.applied(site)
    sort.declare(site, {"new": sort.entry(renamed_from=sort.name("old"))})
    assert site.planned() == [("create", sort.address("new"))]
    site.settled()


# ---- ignore ---------------------------------------------------------------------------------------


@every_sort
@pytest.mark.thinned(8)
@pytest.mark.parametrize("pointer", ["", "/"], ids=["name", "pointer"])
def test_an_ignored_field_is_neither_compared_nor_sent(site: Site, sort: Sort, pointer: str) -> None:
    sort.applied(site)
    number = sort.make(site, "old", 1)
    rules = {"ignore": [f"{pointer}{sort.field}"]}
    sort.declare(site, {"old": sort.entry(**rules)})
    site.unchanged()
    sort.declare(site, {"new": sort.entry(**rules, renamed_from=sort.name("old"))})
    site.settled()
    assert sort.live(site) == {number: sort.value(1)}


@every_sort
def test_an_ignored_field_is_set_by_a_create(site: Site, sort: Sort) -> None:
    sort.declare(site, {"one": sort.entry(ignore=[sort.field])})
    site.settled()
    assert list(sort.live(site).values()) == [sort.value(0)]


# ---- what looks like another name -----------------------------------------------------------------


@every_sort
def test_a_stranger_with_the_same_fields_is_suggested_as_the_old_name(site: Site, sort: Sort) -> None:
    sort.applied(site)
    number = sort.make(site, "old")
    sort.declare(site, {"new": sort.entry()})
    (change,) = site.changes()
    (warning,) = (text for text in change["warnings"] if "renamed_from" in text)
    assert f"{sort.address('old')} (id {number})" in warning
    assert "is live and not in the manifest" in warning
    assert f'write lifecycle: {{renamed_from: "{sort.name("old")}"}}' in warning


@every_sort
@pytest.mark.thinned(8)
@pytest.mark.parametrize("way", ["absent", "prune"])
def test_a_delete_beside_a_create_with_the_same_fields_is_suggested_as_a_rename(
    site: Site, sort: Sort, way: str
) -> None:
    sort.applied(site, "old")
    old = {"old": sort.entry(absent=True)} if way == "absent" else {}
    sort.declare(site, {"new": sort.entry(), **old}, **({} if old else {"prune": [sort.path]}))
    create, delete = site.changes()
    assert (create["action"], delete["action"]) == ("create", "delete")
    (warning,) = (text for text in create["warnings"] if "renamed_from" in text)
    assert "is deleted by this plan" in warning
    if sort.is_project:
        assert "with 0 tasks, 0 annotations" in warning


@every_sort
def test_a_stranger_with_other_fields_is_not_suggested(site: Site, sort: Sort) -> None:
    sort.applied(site)
    sort.make(site, "old", 1)
    place = {name: "https://other.example.com" for name in ("url", "bucket") if name in sort.entry()}
    sort.declare(site, {"new": {**sort.entry(), **place}})
    assert "renamed_from" not in site.lsops("plan").out


SETTINGS = {
    "a webhook": (
        "webhooks: {'https://h.example.com/': {actions: [%s], send_for_all_actions: %s%s}}",
        ("PROJECT_CREATED", "true", ""),
        ("PROJECT_DELETED", "false", ", lifecycle: {ignore: [send_for_all_actions]}"),
        "actions decides nothing while send_for_all_actions is true",
    ),
    "a policy": (
        "session_policy: {max_session_age: %s, max_time_between_activity: %s%s}",
        ("500", "400", ""),
        ("90", "60", ", lifecycle: {ignore: [max_time_between_activity]}"),
        "max_session_age (90) is less than max_time_between_activity (400)",
    ),
}


@pytest.mark.parametrize(("text", "live", "wanted", "said"), SETTINGS.values(), ids=SETTINGS)
def test_what_a_change_warns_of_goes_by_what_stays_where_it_is_ignored(
    lsops: Lsops, enterprise: httpx.Client, text: str, live: tuple[str, ...], wanted: tuple[str, ...], said: str
) -> None:
    lsops.write(f"version: 1\n{text % live}\n")
    assert lsops("apply", "--yes").code == 0
    lsops.write(f"version: 1\n{text % wanted}\n")
    assert f"warning: {said}" in lsops("plan").out
