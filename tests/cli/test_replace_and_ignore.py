"""A replace leaves alone what `lifecycle.ignore` names, and loses nothing that lsops knows no word for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.site import Site
from tests.support.sorts import STORAGES, Sort

BY_ID = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 5}
MINE = {"conjunction": "and", "items": []}
THEIRS = {"conjunction": "or", "items": [BY_ID]}
OLD: dict[str, Any] = {
    "type": "list",
    "filters": MINE,
    "gridWidth": 3,
    "hiddenColumns": {"explore": ["tasks:id"], "labeling": ["tasks:id"]},
    "columnsWidth": {"tasks:id": 80, "tasks:inner_id": 70},
    "data": {"free": {"a": 1, "b": 2}},
}
NEW: dict[str, Any] = {
    "type": "list",
    "filters": {"conjunction": "and", "items": [{**BY_ID, "value": 1}]},
    "gridWidth": 9,
    "hiddenColumns": {"explore": ["tasks:inner_id"], "labeling": ["tasks:inner_id"]},
    "columnsWidth": {"tasks:id": 10, "tasks:inner_id": 20},
    "data": {"free": {"a": 10, "b": 20}},
}
BY_HAND: dict[str, Any] = {
    "type": "grid",
    "filters": THEIRS,
    "gridWidth": 4,
    "hiddenColumns": {"explore": ["tasks:data.text"], "labeling": ["tasks:data.text"]},
    "columnsWidth": {"tasks:id": 1, "tasks:inner_id": 2},
    "free": {"a": 100, "b": 200},
}
IGNORED: dict[str, tuple[list[str], dict[str, Any]]] = {
    "filters": (["filters"], {"filters": THEIRS}),
    "as a pointer": (["/filters"], {"filters": THEIRS}),
    "type": (["type"], {"type": "grid"}),
    "both": (["type", "filters"], {"type": "grid", "filters": THEIRS}),
    "one list of hidden columns": (
        ["/hiddenColumns/explore"],
        {"hiddenColumns": {"explore": ["tasks:data.text"], "labeling": ["tasks:inner_id"]}},
    ),
    "hidden columns": (["hiddenColumns"], {"hiddenColumns": BY_HAND["hiddenColumns"]}),
    "one width": (["/columnsWidth/tasks:id"], {"columnsWidth": {"tasks:id": 1, "tasks:inner_id": 20}}),
    "a free key": (["/data/free"], {"free": {"a": 100, "b": 200}}),
    "a part of a free key": (["/data/free/a"], {"free": {"a": 100, "b": 20}}),
    "all free keys": (["data"], {"free": {"a": 100, "b": 200}}),
    "nothing": ([], {}),
}


@pytest.mark.parametrize(("ignore", "kept"), IGNORED.values(), ids=IGNORED)
def test_a_replaced_tab_keeps_what_is_ignored(site: Site, ignore: list[str], kept: dict[str, Any]) -> None:
    site.declare({"views": {"Tab": {**OLD, "ordering": ["tasks:id"]}}})
    site.settled()
    site.by_hand("views", "Tab", **BY_HAND)
    old = site.row("views", "Tab")["id"]
    site.declare({"views": {"Tab": {**NEW, "ordering": [], "lifecycle": {"ignore": ignore}}}})
    site.settled("--allow-deletes", "1")
    row = site.row("views", "Tab")
    assert row["id"] != old
    declared = {**{name: value for name, value in NEW.items() if name != "data"}, **NEW["data"]}
    assert row["data"] == {"title": "Tab", **declared, **kept}


@pytest.mark.parametrize("collection", STORAGES)
@pytest.mark.parametrize("ignore", [["description"], ["/description"], []], ids=str)
def test_a_storage_of_another_type_keeps_what_is_ignored(site: Site, collection: str, ignore: list[str]) -> None:
    site.declare({collection: {"scans": {"type": "s3", "bucket": "old", "description": "mine"}}})
    site.settled()
    path = Sort(collection).api_path.rstrip("/")
    number, ending = site.project()["id"], "/" if collection == "import_storages" else ""
    (row,) = site.api.get(path + ending, params={"project": number}).json()
    site.api.patch(f"{path}/{row['id']}", json={**row, "description": "by hand"}).raise_for_status()
    entry = {"type": "gcs", "bucket": "new", "description": "new", "lifecycle": {"ignore": ignore}}
    site.declare({collection: {"scans": entry}})
    site.settled("--allow-deletes", "1")
    (now,) = site.api.get(path.replace("s3", "gcs") + ending, params={"project": number}).json()
    assert (now["bucket"], now["description"]) == ("new", "by hand" if ignore else "new")


def test_what_the_old_storage_cannot_show_is_sent_though_it_is_ignored(site: Site) -> None:
    """As with a new one: nobody could read the secret of the old one, or a field that it does not have."""
    site.lsops.setenv(KEY="MDEyMzQ1Njc4OQ==")
    site.declare({"import_storages": {"scans": {"type": "s3", "bucket": "old"}}})
    site.settled()
    named = ["account_key", "account_name"]
    entry = {
        "type": "azure",
        "container": "new",
        named[0]: "${env:KEY}",
        named[1]: "scans",
        "lifecycle": {"ignore": named},
    }
    site.declare({"import_storages": {"scans": entry}})
    del site.watch.requests[:]
    site.settled("--allow-deletes", "1")
    (post,) = (one for one in site.watch.requests if one.method == "POST" and "azure" in one.path)
    assert [post.body[name] for name in named] == ["MDEyMzQ1Njc4OQ==", "scans"]


FREE = {"user": 99, "order": 98, "id": 97, "project": 96, "filter_group": 95, "other": {"order": [1]}}


def test_a_replaced_tab_keeps_free_keys_that_are_called_like_fields_of_the_server(site: Site) -> None:
    site.declare({"views": {"First": {}, "Tab": {"ordering": ["tasks:id"]}}})
    site.settled()
    site.by_hand("views", "Tab", **FREE)
    old = site.row("views", "Tab")
    assert FREE.items() <= old["data"].items()
    site.declare({"views": {"First": {}, "Tab": {"ordering": []}}})
    site.settled("--allow-deletes", "1")
    now = site.row("views", "Tab")
    assert (now["data"], now["order"], now["project"]) == ({"title": "Tab", **FREE}, old["order"], old["project"])


@pytest.mark.parametrize("ordering", [["-tasks:id"], []], ids=["updated", "replaced"])
def test_no_write_stores_what_somebody_has_ticked(site: Site, ordering: list[str]) -> None:
    site.declare({})
    site.settled()
    ticked = {"all": False, "included": [1, 2]}
    data = {"title": "Tab", "ordering": ["tasks:id"], "free": 1}
    body = {"project": site.project()["id"], "selected_items": ticked, "data": data}
    site.api.post("/api/dm/views/", json=body).raise_for_status()
    assert site.row("views", "Tab")["data"]["selectedItems"] == ticked
    site.declare({"views": {"Tab": {"ordering": ordering, "gridWidth": 5}}})
    del site.watch.requests[:]
    site.settled("--allow-deletes", "1")
    sent = [one.body for one in site.watch.requests if one.body is not None]
    assert sent
    assert "selectedItems" not in str(sent)
    assert site.row("views", "Tab")["data"]["free"] == 1
