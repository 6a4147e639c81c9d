"""Which live object a change is about: every form says its key where the address does not."""

from __future__ import annotations

import json
import sys
from io import StringIO

import httpx
import pytest

from lsops.sandbox import add_user
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.site import Site
from tests.support.sorts import SORTS, Sort

every_sort = pytest.mark.parametrize("sort", SORTS, ids=str)
FORMS = {"text": ("plan",), "markdown": ("plan", "--format", "markdown"), "drift": ("drift",)}


def misnamed(site: Site, sort: Sort, **rules: object) -> int:
    """A live resource `real`, and an entry `local` that means it by its id; the id."""
    sort.applied(site, "real")
    number = sort.id(site)
    sort.declare(site, {"local": sort.entry(id=number, **rules)})
    return number


@every_sort
@pytest.mark.thinned(24)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rules", [{"absent": True}, {}], ids=["a delete", "an update"])
def test_every_form_says_the_live_key(site: Site, sort: Sort, form: str, rules: dict[str, object]) -> None:
    number = misnamed(site, sort, **rules)
    out = site.lsops(*FORMS[form]).out
    shown = f"{number}, {json.dumps(sort.name('real'))})"
    assert shown in out.replace("`", ""), out


@every_sort
def test_json_has_the_live_key_only_where_the_address_does_not_say_it(site: Site, sort: Sort) -> None:
    number = misnamed(site, sort)
    (change,) = site.changes()
    assert (change["live"]["id"], change["live"]["key"]) == (number, sort.name("real"))
    sort.declare(site, {"real": sort.entry(absent=True)})
    (plain,) = site.changes()
    assert "key" not in plain["live"]


def test_a_local_key_shows_the_title_that_it_deletes(site: Site) -> None:
    site.declare_projects({"Production radiology": {}})
    site.settled()
    gone = {"title": "Production radiology", "lifecycle": {"absent": True}}
    site.declare_projects({"Old scratch": gone})
    number = site.project("Production radiology")["id"]
    assert f'- /projects/Old scratch (id {number}, "Production radiology")' in site.lsops("plan").out


def test_a_local_key_shows_the_url_that_it_deletes_without_its_credentials(site: Site) -> None:
    hook = {"url": "https://ana:hunter2@hooks.example.com/ls?t=1"}
    site.declare({"webhooks": {"chat": hook}})
    site.settled()
    site.declare({"webhooks": {"chat": {**hook, "lifecycle": {"absent": True}}}})
    out = site.lsops("plan").out
    assert '"https://***@hooks.example.com/ls?***")' in out
    assert "hunter2" not in out


@pytest.mark.parametrize(("key", "is_said"), [("Ana@Example.com", True), ("colleague", False)])
def test_an_email_is_said_by_the_address_in_any_case(
    lsops: Lsops, enterprise: httpx.Client, key: str, *, is_said: bool
) -> None:
    del enterprise
    add_user(lsops.folder / DATABASE, "ana@example.com", "annotator")
    member = {"email": "ana@example.com", "role": "reviewer"}
    lsops.write(json.dumps({"version": 1, "members": {key: member}}))
    out = lsops("plan").out
    assert f"~ /members/{key} (id " in out
    assert ('"ana@example.com")' not in out) == is_said


def test_a_project_without_a_key_of_its_own_in_the_address_shows_it_with_the_second_half_of_a_change(
    site: Site,
) -> None:
    site.declare_projects({"Real": {}})
    site.settled()
    backend = {"url": "https://models.example.com/model"}
    entry = {"title": "Real", "model_version": "triage", "ml_backends": {"triage": backend}}
    site.declare_projects({"local": entry})
    second = next(change for change in site.changes() if change["address"] == "/projects/local/model_version")
    assert second["live"]["key"] == "Real"


# ---- consent ---------------------------------------------------------------------------------------


def test_what_is_refused_says_the_live_key(site: Site) -> None:
    sort = SORTS[0]
    number = misnamed(site, sort, absent=True)
    site.api.post(f"/api/projects/{number}/import", json=[{"data": {"text": "a"}}]).raise_for_status()
    said = site.apply().err
    name = f'/projects/local (id {number}, "real")'
    assert f"deletes or replaces 1, 0 allowed: among them {name}" in said
    assert f"{name}: deletes 1 task" in said


def test_what_is_protected_says_the_live_key(site: Site) -> None:
    site.declare({"webhooks": {"https://hooks.example.com/a": {"lifecycle": {"protect": True}}}})
    site.settled()
    number = site.project()["id"]
    inner = {"webhooks": {"https://hooks.example.com/a": {"lifecycle": {"protect": True}}}}
    site.declare_projects({"local": {"lifecycle": {"id": number, "absent": True}, **inner}})
    assert f'/projects/local (id {number}, "Triage") is protected' in site.apply("--allow-deletes", "9").err


def test_the_question_says_the_live_key(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    number = misnamed(site, SORTS[0], absent=True)
    monkeypatch.setattr(sys, "stdin", _Terminal("no\n"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    asked = site.lsops("apply")
    assert asked.code == 5
    assert f'- /projects/local (id {number}, "real")\nType 1 to delete or replace 1: ' in asked.err


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


# ---- saved plans -----------------------------------------------------------------------------------


@every_sort
def test_a_saved_plan_is_stale_when_the_object_is_called_otherwise(site: Site, sort: Sort) -> None:
    number = misnamed(site, sort, absent=True)
    assert site.lsops("plan", "--out", "plan.json").code == 0
    sort.declare(site, {"third": sort.entry(id=number)})
    site.settled()
    sort.declare(site, {"local": sort.entry(id=number, absent=True)})
    stale = site.apply("--plan", "plan.json", "--allow-deletes", "1")
    assert stale.code == 5
    assert f'about another live object: {sort.address("local")} (id {number}, "{sort.name("third")}"), not' in stale.err
    assert sort.keys(site) == sort.names("third")


def test_a_saved_plan_shows_what_the_plan_showed(site: Site) -> None:
    misnamed(site, SORTS[0], absent=True)
    planned = site.lsops("plan", "--out", "plan.json").out
    assert site.lsops("show", "plan.json").out == planned
