"""Overlays, defaults, references and the field `data` over webhooks and views."""

from __future__ import annotations

import pytest

from lsops.errors import Source
from lsops.model.resource import Secret
from lsops.schema import kinds
from tests.unit.manifest.support import findings_of, line, load_files

BASE = """
version: 1
vars: {team: blue, number: 3, looks_secret: '$${env:HOME}'}
projects:
  Cats:
"""
URL = "https://h.example.com"


def entry(folder, entries, *, overlay="", defaults="", **told):
    """The values of the last resource of a manifest whose project has these entries, less what identifies it."""
    files = {"lsops.yaml": f"{BASE}    {entries}\n" + (f"defaults: {defaults}\n" if defaults else "")}
    if overlay:
        files["overlay.yaml"] = f"projects: {{Cats: {overlay}}}\n"
        told["overlays"] = ["overlay.yaml"]
    item = load_files(folder, files, **told).desired.resources[-1]
    return {name: value for name, value in item.values.items() if name != kinds()[item.kind].key}


def hook(fields):
    return f"webhooks: {{'{URL}': {{{fields}}}}}"


HEADERS = {
    "a variable is literal": ("'${var:team}'", "blue"),
    "so are variables inside text": ("'Team ${var:team} ${var:number}'", "Team blue 3"),
    "an environment variable is a secret": ("'${env:TOKEN}'", Secret("env", "TOKEN")),
    "a file is a secret": ("'${file:keys/token}'", Secret("file", "keys/token")),
    "an escaped reference is text": ("'$${env:TOKEN}'", "${env:TOKEN}"),
    "beside others, too": ("'$${env:TOKEN} ${var:team}'", "${env:TOKEN} blue"),
    "other braces are text": ("'${TOKEN} $5'", "${TOKEN} $5"),
    "what a variable gives is not scanned again": ("'${var:looks_secret}'", "${env:HOME}"),
    "nothing at all": ("''", ""),
}


@pytest.mark.parametrize(("written", "value"), HEADERS.values(), ids=HEADERS.keys())
def test_a_header_is_literal_or_a_secret(written, value, tmp_path):
    assert entry(tmp_path, hook(f"headers: {{X-Key: {written}}}")) == {"headers": {"X-Key": value}}


def test_a_number_on_the_command_line_is_text_in_a_header(tmp_path):
    assert entry(tmp_path, hook("headers: {X-Key: '${var:n}'}"), variables={"n": "3"}) == {"headers": {"X-Key": "3"}}


def test_no_header_shows_its_secret(tmp_path):
    assert "TOKEN" not in repr(entry(tmp_path, hook("headers: {X-Key: '${env:TOKEN}'}")))


MERGED = {
    "an overlay adds a header": ("headers: {A: a}", "headers: {B: b}", {"headers": {"A": "a", "B": "b"}}),
    "it changes one": ("headers: {A: a, B: b}", "headers: {B: c}", {"headers": {"A": "a", "B": "c"}}),
    "null drops one": ("headers: {A: a, B: b}", "headers: {A: ~}", {"headers": {"B": "b"}}),
    "null drops all": ("headers: {A: a}, is_active: false", "headers: ~", {"is_active": False}),
    "a list is replaced": ("actions: [TASKS_CREATED]", "actions: [TASKS_DELETED]", {"actions": ["TASKS_DELETED"]}),
    "a literal becomes a secret": (
        "headers: {A: a}",
        "headers: {A: '${env:A}'}",
        {"headers": {"A": Secret("env", "A")}},
    ),
}


@pytest.mark.parametrize(("base", "over", "values"), MERGED.values(), ids=MERGED.keys())
def test_an_overlay_is_merged_into_a_webhook(base, over, values, tmp_path):
    assert entry(tmp_path, hook(base), overlay=f"{{{hook(over)}}}") == values


def test_an_overlay_drops_a_webhook_from_the_manifest(tmp_path):
    files = {"lsops.yaml": f"{BASE}    {hook('')}\n", "o.yaml": f"projects: {{Cats: {{webhooks: {{'{URL}': ~}}}}}}\n"}
    desired = load_files(tmp_path, files, overlays=["o.yaml"]).desired
    assert [item.address for item in desired.resources] == ["/projects/Cats"]
    assert "/projects/Cats/webhooks" in desired.written


def test_defaults_lie_beneath_every_webhook(tmp_path):
    defaults = "{projects/*/webhooks: {headers: {A: a, B: '${env:B}'}, send_payload: false}}"
    found = entry(tmp_path, hook("headers: {A: own}"), defaults=defaults)
    assert found == {"headers": {"A": "own", "B": Secret("env", "B")}, "send_payload": False}


VIEWS = {
    "fields in data": ("data: {type: list, zoom: 1}", "", "", {"type": "list", "data": {"zoom": 1}}),
    "only fields in data": ("data: {type: list}", "", "", {"type": "list"}),
    "fields in data and others beside it": (
        "gridWidth: 3, data: {type: grid}", "", "", {"gridWidth": 3, "type": "grid"},
    ),
    "an overlay writes in data what the base has beside it": (
        "type: list, data: {zoom: 1}", "data: {type: grid, zoom: 2}", "", {"type": "grid", "data": {"zoom": 2}},
    ),
    "an overlay writes beside data what the base has in it": ("data: {type: list}", "type: grid", "", {"type": "grid"}),
    "null in data drops a field": ("type: list, gridWidth: 3", "data: {gridWidth: ~}", "", {"type": "list"}),
    "null drops one of the further keys": ("data: {a: {b: 1, c: 2}}", "data: {a: {b: ~}}", "", {"data": {"a": {"c": 2}}}),
    "an overlay changes one part of the filters": (
        "filters: {conjunction: and, items: []}", "data: {filters: {conjunction: or}}", "",
        {"filters": {"conjunction": "or", "items": []}},
    ),
    "a default in data beneath a field": ("type: list", "", "data: {type: grid, zoom: 1}", {"type": "list", "data": {"zoom": 1}}),
    "a default beneath data": ("data: {type: list}", "", "type: grid, gridWidth: 3", {"type": "list", "gridWidth": 3}),
}  # fmt: skip


@pytest.mark.parametrize(("base", "over", "default", "values"), VIEWS.values(), ids=VIEWS.keys())
def test_the_fields_of_a_view_may_stand_in_data_as_the_api_has_them(base, over, default, values, tmp_path):
    overlay = f"{{views: {{All: {{{over}}}}}}}" if over else ""
    defaults = f"{{projects/*/views: {{{default}}}}}" if default else ""
    assert entry(tmp_path, f"views: {{All: {{{base}}}}}", overlay=overlay, defaults=defaults) == values


def test_a_field_out_of_data_keeps_its_place(tmp_path):
    text = "version: 1\nprojects:\n  Cats:\n    views:\n      All:\n        data:\n          type: list\n"
    resource = load_files(tmp_path, {"lsops.yaml": text}).desired.resources[-1]
    assert resource.place("type") == Source("lsops.yaml", 7, 11)


def test_a_field_given_twice_names_both_places_whichever_file_gives_it(tmp_path):
    files = {
        "lsops.yaml": f"{BASE}    views: {{All: {{type: list}}}}\n",
        "o.yaml": "projects:\n  Cats:\n    views:\n      All:\n        type: list\n        data: {type: grid}\n",
    }
    [finding] = findings_of(tmp_path, files, overlays=["o.yaml"])
    assert line(finding).startswith('o.yaml:6:16 LS205: "type" is given twice: beside data, at o.yaml:5:9, and in it')


def test_the_title_of_a_view_may_stand_in_data(tmp_path):
    files = {"lsops.yaml": f"{BASE}    views: {{all: {{data: {{title: All tasks}}}}}}\n"}
    view = load_files(tmp_path, files).desired.resources[-1]
    assert (view.address, view.key) == ("/projects/Cats/views/all", "All tasks")
