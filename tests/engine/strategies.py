"""Random desired and live sides for the engine's properties."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from lsops.model.address import join, split
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts, Live
from lsops.model.plan import Change, Plan
from lsops.model.resource import Lifecycle, Resource
from lsops.schema import Field, kinds, of_server

FACTS = Facts("https://label.example.com", "enterprise", "2.99", "owner", created="2026-01-02T03:04:05Z")
WORKSPACES = {"Radiology": 1, "Pathology": 2}
APART = ("title", "workspace", "source_interface", "collection_mode")
"""Fields that name what is not there, or that a plan refuses to change."""
FIELDS = {
    name: field
    for name, field in of_server(kinds()["project"].fields()).items()
    if name not in APART and not field.secret
}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
WEIGHED = ("stars", "words")
"""The controls of every config here, so that weights of them fit each."""
BASE = '<Text name="t" value="$t"/><Rating name="stars" toName="t"/><TextArea name="words" toName="t"/>'
CONFIGS = st.sampled_from(
    [
        f"<View>{BASE}</View>",
        f"<View>\n {BASE}\n</View>".replace('name="t" value="$t"', 'value="$t" name="t"'),
        f'<View>{BASE}<Choices name="c" toName="t"><Choice value="A"/></Choices></View>',
    ]
)


BY_COMPARE = {
    "xml": CONFIGS,
    "decimal": st.sampled_from(["95", 95, "95.00", 12.5, "12.50", 0]),
    "color": st.sampled_from(["#1f77b4", "#1F77B4", "#ffffff"]),
    "datetime": st.sampled_from(["2025-01-02", "2025-01-02T00:00:00Z", "2025-01-02T02:00:00+02:00", None]),
}
BY_TYPE = {"boolean": st.booleans(), "integer": st.integers(0, 5), "string": TEXT, "null": st.none(), "object": JSON}


def values(field: Field) -> st.SearchStrategy[Any]:
    """Values that a field may have, on either side."""
    if field.properties:
        return st.fixed_dictionaries({}, optional={n: values(f) for n, f in of_server(field.properties).items()})
    if field.merge_deep:
        return st.dictionaries(st.sampled_from(WEIGHED), st.dictionaries(TEXT, st.integers(0, 3), max_size=2))
    if "enum" in field.raw:
        return st.sampled_from(field.raw["enum"])
    if field.compare in BY_COMPARE:
        return BY_COMPARE[field.compare]
    if "items" in field.raw:
        words = field.raw["items"].get("enum")
        return st.lists(st.sampled_from(words) if words else TEXT, unique=True, max_size=3)
    return st.one_of([BY_TYPE[name] for name in field.types]) if field.types else JSON


DECLARED = st.fixed_dictionaries({}, optional={name: values(field) for name, field in FIELDS.items()})
TITLES = st.sampled_from([f"Project {letter}" for letter in "ABCDE"])


@st.composite
def desired_sides(draw: st.DrawFn) -> Desired:
    """A few projects with a few fields each, some absent, some ignoring a field."""
    resources = []
    for title in draw(st.lists(TITLES, unique=True, max_size=4)):
        chosen = {"workspace": draw(st.sampled_from(sorted(WORKSPACES))), **draw(DECLARED)}
        lifecycle = Lifecycle(absent=draw(st.booleans()) and draw(st.booleans()), ignore=draw(ignored()))
        resources.append(
            Resource("project", join("projects", title), title, {"title": title, **chosen}, lifecycle=lifecycle)
        )
    pruned = ("projects",) if resources and draw(st.booleans()) else ()
    return Desired(tuple(resources), {"/projects": None}, pruned)


def ignored() -> st.SearchStrategy[tuple[str, ...]]:
    return st.sampled_from([(), (), ("description",), ("/review_settings/instruction", "color")])


@st.composite
def live_sides(draw: st.DrawFn) -> Live:
    """A few live projects of distinct titles."""
    rows = []
    for number, title in enumerate(draw(st.lists(TITLES, unique=True, max_size=4)), start=1):
        fields = draw(st.fixed_dictionaries({name: values(field) for name, field in FIELDS.items()}))
        fields = {"title": title, "workspace": draw(st.sampled_from(sorted(WORKSPACES))), **fields}
        rows.append(Resource("project", join("projects", title), title, fields, id=number, raw=fields))
    return live_side(rows)


def live_side(rows: list[Resource]) -> Live:
    return Live({"/projects": Collection("project", tuple(rows))}, {"workspace": WORKSPACES})


def applied(plan: Plan, live: Live) -> Live:
    """The live side after every change of the plan, as a server that keeps what it is sent would hold it."""
    rows = {row.address: row for row in live.collections["/projects"].resources}
    for change in plan.changes:
        if change.action == "delete":
            rows = {place: row for place, row in rows.items() if row.id != change.remote_id["id"]}
        elif change.action == "create":
            rows[change.address] = _created(change, 100 + len(rows))
        else:
            place = next(a for a in (change.address, change.address.rpartition("/")[0]) if a in rows)
            rows[place] = _updated(rows[place], change)
    return live_side(list(rows.values()))


def _created(change: Change, number: int) -> Resource:
    fields = {"model_version": "", **{split(item.path)[0]: deepcopy(item.after) for item in change.fields}}
    return Resource("project", change.address, fields["title"], fields, id=number, raw=fields)


def _updated(row: Resource, change: Change) -> Resource:
    fields = deepcopy(dict(row.values))
    for item in change.fields:
        target, path = fields, split(item.path)
        for part in path[:-1]:
            if not isinstance(target.get(part), dict):
                target[part] = {}
            target = target[part]
        target[path[-1]] = deepcopy(item.after)
    return replace(row, values=fields, raw=fields)
