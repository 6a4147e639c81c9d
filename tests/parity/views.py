"""Data Manager views in the script: free data, what the server lifts out of it and puts back, and their order."""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step
from tests.parity.storages import gets, methods, patches, posts

V = "/api/dm/views/"
ONE = f"{V}{{view}}/"
ITEM = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 5}
CHILD = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "x"}
EMPTY = {"conjunction": "and", "items": []}
COLUMNS = (
    *("", None, 5, "tasks:id", "filter:tasks:", "filter:tasks:-id", "filter:-tasks:id", "filter:annotations:id"),
    *("filter:tasks:data.a__b", "filter:tasks:-data.a__b", "filter:tasks:project__title", "filter:tasks:-a__b"),
    *("filter:tasks:updated_by__active_organization", " filter:tasks:id ", "filter:tasks:nothing"),
)
VALUES = (None, "", 0, False, [], {}, [1, "a"], {"min": 1, "max": 7}, "2025-01-01T00:00:00.000Z")


def filtered(*items: Any, conjunction: Any = "and", **data: Any) -> dict[str, Any]:
    return {"project": "{q}", "data": {**data, "filters": {"conjunction": conjunction, "items": list(items)}}}


def data(**values: Any) -> dict[str, Any]:
    return {"data": values}


BODIES = [
    {},
    [],
    "x",
    {"project": "{q}"},
    {"data": {}},
    *({"project": value, "data": {}} for value in (None, 999999, "x", True, [])),
    *({"project": "{q}", "data": value} for value in (None, [], "x", 5, True)),
    *({"project": "{q}", "data": {"title": value}} for value in ("", " padded ", None, 5, "Twice", "Twice")),
    *({"project": "{q}", "data": {"filters": value}} for value in (None, [], {}, "x", {"items": [ITEM]})),
    *({"project": "{q}", "data": {"filters": {"conjunction": value}}} for value in ("and", "", None, 5, [], "xor")),
    *(
        {"project": "{q}", "data": {"filters": {"conjunction": "or", "items": value}}}
        for value in (None, {}, "x", ["x"], [None], [{}], [[]])
    ),
    *(filtered({**ITEM, "filter": value}) for value in COLUMNS),
    *(filtered({**ITEM, "value": value}) for value in VALUES),
    *(
        filtered({name: value for name, value in ITEM.items() if name != left})
        for left in ("filter", "operator", "type", "value")
    ),
    *(filtered({**ITEM, "operator": value, "type": value}) for value in ("bogus", "", None, 5, " padded ")),
    filtered({**ITEM, "child_filter": CHILD}),
    filtered({**ITEM, "child_filter": {**CHILD, "child_filter": ITEM}}),
    filtered({**ITEM, "child_filter": {"filter": "tasks:id"}}),
    filtered({**ITEM, "child_filter": "x"}),
    filtered({**ITEM, "child_filter": None}),
    filtered({**ITEM, "child_filters": [CHILD], "extra": 1}),
    filtered({**ITEM, "filter": "x"}, ITEM, {**ITEM, "type": ""}),
    filtered(ITEM, {**ITEM, "filter": "filter:tasks:inner_id"}, conjunction="or", title="Two"),
    filtered(ITEM, conjunction="x" * 1025),
    *(
        {"project": "{q}", "data": {"ordering": value}}
        for value in ([], None, ["tasks:id"], ["-tasks:id", "x", 5], "x", {}, {"a": 1}, 0, 7, False)
    ),
    {"project": "{q}", "data": {}, "ordering": ["tasks:id"]},
    *({"project": "{q}", "data": {}, "order": value} for value in (7, None, "5", "x", -1, 10**20, True)),
    {**filtered(ITEM), "order": 99},
    *({"project": "{q}", "data": {}, "user": value} for value in (999999, None, 1, "x")),
    *({"project": "{q}", "data": {}, "selected_items": value} for value in ({"all": True, "excluded": [1]}, None, "x")),
    {"project": "{q}", "data": {"selectedItems": {"all": False}}, "selected_items": {"all": True}},
    {"project": "{q}", "data": {}, "filter_group": None},
    {"project": "{q}", "data": {}, "filter_group": {"conjunction": "and", "filters": [{"column": "filter:tasks:id"}]}},
    {"project": "{q}", "data": {}, "filter_group": {"conjunction": "and"}},
    {"project": 999999, "data": {"filters": {"conjunction": "and", "items": [{}]}}, "order": "x"},
]

LIFE = [
    Step(
        "create",
        "POST",
        V,
        {
            "project": "{p}",
            "data": {
                "title": "My tab",
                "type": "list",
                "target": "tasks",
                "hiddenColumns": {"explore": ["tasks:inner_id"], "labeling": []},
                "columnsWidth": {"tasks:id": 100},
                "deep": {"a": [1, {"b": None}], "ä": 1.5},
                "filters": {"conjunction": "and", "items": [ITEM, {**ITEM, "child_filter": CHILD}]},
                "ordering": ["-tasks:total_annotations"],
            },
        },
        save="view",
    ),
    Step("create a bare one", "POST", V.rstrip("/"), {"project": "{p}", "data": {"title": "Bare"}}, save="bare"),
    Step("create with no filter", "POST", V, {"project": "{p}", "data": {"filters": EMPTY}}, save="empty"),
    Step("create far back", "POST", V, {"project": "{p}", "data": {"title": "Back"}, "order": 9}, save="back"),
    Step("create with a filter again", "POST", V, {"project": "{p}", "data": {"filters": EMPTY}, "order": 9}),
    *gets(ONE, ONE.rstrip("/"), f"{V}{{bare}}/", f"{V}{{empty}}/", f"{V}?project={{p}}"),
    *patches(
        ONE,
        {},
        [],
        "x",
        {"order": 5},
        {"project": "{q}"},
        data(title="Renamed"),
        data(title="Renamed", ordering=[]),
        data(title="Renamed", ordering=["tasks:id"]),
        data(title="Renamed", ordering=None),
        data(filters=None),
        data(filters={}),
        data(filters={"items": []}),
        data(filters={"conjunction": "or", "items": [ITEM]}),
        data(filters={"conjunction": "or"}),
        data(filters=EMPTY, title="Emptied"),
        data(filters={"conjunction": "", "items": [ITEM]}),
        data(filters={"conjunction": "and", "items": [{**ITEM, "filter": "x"}]}, title="Not kept"),
        data(),
        {**data(title="x"), "order": 5, "project": "{q}", "user": None, "selected_items": {"all": True}},
        {**data(title="x"), "order": "x", "project": 999999, "user": 999999},
        {**data(title="x"), "ordering": ["tasks:inner_id"]},
        {"data": None},
        {"data": []},
        {"data": "x"},
    ),
    *patches(f"{V}{{bare}}/", data(title="Bare", ordering=["tasks:id"]), data(filters=EMPTY), data(title="Bare")),
    *patches(f"{V}{{bare}}/", data(selectedItems={"all": True})),
    Step("put", "PUT", ONE, {"project": "{p}", "data": {"title": "Put"}}),
    Step("put without its project", "PUT", ONE, {"data": {"title": "Put"}}),
    Step("put without data", "PUT", ONE, {"project": "{p}"}),
    Step("put elsewhere", "PUT", ONE, {"project": "{q}", "data": {"title": "Put"}}),
    *gets(ONE),
]

ORDER = [
    *posts(
        f"{V}order/",
        {},
        {"project": "{p}"},
        {"project": "{p}", "ids": []},
        {"project": "{p}", "ids": "x"},
        {"project": "{p}", "ids": ["x", None]},
        {"project": "x", "ids": [1]},
        {"project": 999999, "ids": [1]},
        {"project": "{p}", "ids": ["{back}", 999999, "{view}", "{back}"]},
    ),
    *gets(f"{V}?project={{p}}"),
    *posts(f"{V}order", {"project": "{p}", "ids": ["{bare}"]}),
    *posts(f"{V}order/", {"project": "{q}", "ids": ["{empty}"]}, []),
    *gets(f"{V}?project={{p}}", f"{V}order/", f"{V}reset/"),
    *methods(("PUT", V), ("DELETE", V), ("PATCH", V), ("POST", ONE), ("DELETE", f"{V}order/"), ("POST", f"{V}reset/")),
]

END = [
    Step("delete", "DELETE", ONE),
    Step("delete again", "DELETE", ONE),
    *gets(ONE, f"{V}?project={{p}}"),
    Step("reset nothing", "DELETE", f"{V}reset/"),
    *(Step(f"reset {value}", "DELETE", f"{V}reset/?project={value}") for value in ("999999", "x", "")),
    Step("reset by its body", "DELETE", f"{V}reset/", {"project": "{p}"}),
    *gets(f"{V}?project={{p}}"),
    Step("reset by the query", "DELETE", f"{V}reset/?project={{q}}"),
    *gets(f"{V}?project={{q}}"),
    Step("create after it", "POST", V, {"project": "{p}", "data": {"title": "Last"}}, save="view"),
    Step("delete their project", "DELETE", "/api/projects/{p}/"),
    *gets(ONE, f"{V}?project={{p}}"),
    Step("delete the other one", "DELETE", "/api/projects/{q}/"),
]

VIEWS = [
    Step("a project for views", "POST", "/api/projects/", {"title": "Parity views"}, save="p"),
    Step("another one", "POST", "/api/projects/", {"title": "Parity views too"}, save="q"),
    *gets(*(f"{V}?project={value}" for value in ("{p}", "999999", "abc", "null", "-1"))),
    *gets(f"{V}999999/", f"{V}999999", f"{V}abc/", f"{V}1.5/", f"{V}-1/"),
    *posts(V, *BODIES),
    *gets(f"{V}?project={{q}}"),
    *patches(f"{V}999999/", {"data": {}}),
    *LIFE,
    *ORDER,
    *END,
]
