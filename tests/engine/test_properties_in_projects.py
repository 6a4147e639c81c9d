"""What holds for any webhooks, views and ML backends of a project: read, planned, written, and read again."""

from __future__ import annotations

import json
from typing import Any, cast

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lsops.engine.planfile import as_document, dumps, from_document
from lsops.engine.planning import plan
from lsops.engine.read import read
from lsops.engine.reviewed import agreed
from lsops.engine.write import Writer
from lsops.errors import ManifestError
from lsops.manifest import Vault
from lsops.model.address import parent
from lsops.model.desired import Desired
from lsops.model.plan import Plan
from lsops.model.resource import Lifecycle, Secret
from lsops.server.session import Session
from tests.engine.scenes import CATS, COMMUNITY, backend, declared, project, view, webhook
from tests.engine.small_server import STATIC, SmallServer
from tests.engine.strategies import JSON, TEXT

SECRET = Secret("env", "TOKEN")
REVEALED, LITERAL = "revealed-value", "literal-value"
HOOKS, VIEWS, BACKENDS = (f"{CATS}/{name}" for name in ("webhooks", "views", "ml_backends"))
PRUNE = ("projects/*/webhooks", "projects/*/views", "projects/*/ml_backends")
MODELS = ["http://one.example.com", "http://two.example.com/"]
URLS = [*(url.rstrip("/") + "/webhook" for url in MODELS), "https://a.example.com", "https://b.example.com/?t=1"]
COLUMNS = st.lists(st.sampled_from(["tasks:id", "tasks:data.text", "tasks:annotators"]), unique=True, max_size=3)
CONDITION = {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": 1}
FILTERS = st.builds(
    lambda conjunction, items: {"conjunction": conjunction, "items": items},
    st.sampled_from(["and", "or"]),
    st.lists(st.sampled_from([CONDITION, {**CONDITION, "child_filter": None}, {**CONDITION, "value": ""}]), max_size=2),
)


ORDERINGS = st.sampled_from([[], ["tasks:id"], ["-tasks:id"]])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


HEADERS = st.dictionaries(st.sampled_from("ABC"), st.sampled_from([LITERAL, "other", "", SECRET]), max_size=3)
FIELDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "webhook": some(
        headers=HEADERS,
        actions=st.lists(st.sampled_from(["TASKS_CREATED", "TASKS_DELETED"]), max_size=3),
        is_active=st.booleans(),
        send_for_all_actions=st.booleans(),
    ),
    "view": some(
        type=st.sampled_from(["list", "grid"]),
        filters=FILTERS,
        ordering=ORDERINGS,
        hiddenColumns=some(explore=COLUMNS, labeling=COLUMNS),
        columnsWidth=st.dictionaries(st.sampled_from("ab"), st.integers(1, 3), max_size=2),
        gridWidth=st.integers(1, 3),
        data=st.dictionaries(st.sampled_from(["zoom", "extra"]), JSON, max_size=2),
    ),
    "ml_backend": some(description=TEXT, is_interactive=st.booleans(), timeout=st.sampled_from([1, 100, 100.0])),
}
IGNORING = [("/headers/A", "/url"), ("/headers", "/description"), ("/hiddenColumns/explore", "/data"), ("/ordering",)]
RULES = st.sampled_from(
    [
        *[Lifecycle()] * 6,
        Lifecycle(absent=True),
        Lifecycle(protect=True),
        *(Lifecycle(ignore=paths) for paths in IGNORING),
    ]
)


def _rules_of(url: str) -> st.SearchStrategy[Lifecycle]:
    """What a new ML backend brings along is not there before it, so that the same plan cannot delete it."""
    return st.just(Lifecycle()) if url.endswith("/webhook") else RULES


@st.composite
def manifests(draw: st.DrawFn) -> Desired:
    """A project, what stands in it, and what of that is pruned."""
    wanted = some(
        model_version=st.sampled_from(["", "one", "two", STATIC]),
        show_collab_predictions=st.booleans(),
        description=TEXT,
    )
    items = [project(**draw(wanted))]
    urls = draw(st.lists(st.sampled_from(URLS), unique=True, max_size=3))
    items += [webhook(url, rules=draw(_rules_of(url)), **draw(FIELDS["webhook"])) for url in urls]
    for title in draw(st.lists(st.sampled_from(["To do", "Done"]), unique=True, min_size=1)):
        more = {"ordering": draw(ORDERINGS)} if draw(st.booleans()) else {}
        items.append(view(title, rules=draw(RULES), **{**draw(FIELDS["view"]), **more}))
    for title in draw(st.lists(st.sampled_from(["one", "two"]), unique=True)):
        rules = draw(RULES | st.just(Lifecycle(renamed_from="old")))
        items.append(backend(title, draw(st.sampled_from(MODELS)), rules=rules, **draw(FIELDS["ml_backend"])))
    pruned = draw(st.lists(st.sampled_from(PRUNE), unique=True))
    return declared(*items, written=[HOOKS, VIEWS, BACKENDS], prune=tuple(pruned))


def session(server: SmallServer) -> Session:
    return cast("Session", server)


def planned(wanted: Desired, server: SmallServer) -> Plan:
    """The plan against what the server holds now; a manifest that is refused is no example."""
    try:
        return plan(wanted, read(wanted, session(server), COMMUNITY), COMMUNITY)
    except ManifestError:
        assume(condition=False)
        raise


def carried_out(found: Plan, server: SmallServer) -> None:
    writer = Writer(session(server), Vault({SECRET: REVEALED}), found)
    for change in found.changes:
        writer.carry_out(change)


@st.composite
def servers(draw: st.DrawFn) -> SmallServer:
    """A server that another manifest made, with an ML backend of an old name perhaps."""
    server = SmallServer()
    if draw(st.sampled_from([False, True, True, True])):
        carried_out(planned(_sound(draw(manifests())), server), server)
        number = next(iter(server.rows["projects"]))
        if draw(st.booleans()):
            server.post("/api/ml/", {"title": "old", "url": MODELS[0], "project": number})
    return server


def _sound(wanted: Desired) -> Desired:
    """A manifest whose `model_version` names a backend that it declares, or a set of predictions."""
    there = {item.key for item in wanted.of("ml_backend") if not item.lifecycle.absent}
    version = wanted.resources[0].values.get("model_version", "")
    assume(version in {"", STATIC, *there})
    return wanted


@given(manifests(), servers())
@settings(max_examples=2 * settings.default.max_examples)
def test_a_plan_is_empty_after_its_changes(wanted: Desired, server: SmallServer) -> None:
    found = planned(_sound(wanted), server)
    carried_out(found, server)
    assert planned(wanted, server).changes == ()


@given(manifests(), servers())
def test_no_plan_shows_a_header_or_what_a_url_hides(wanted: Desired, server: SmallServer) -> None:
    found = planned(wanted, server)
    assert LITERAL not in repr(found.changes)
    text = dumps(as_document(found))
    assert LITERAL not in text
    assert REVEALED not in text


@given(manifests(), servers())
def test_a_plan_survives_its_file(wanted: Desired, server: SmallServer) -> None:
    found = planned(wanted, server)
    saved = from_document(json.loads(dumps(as_document(found))))
    assert agreed(saved, found)[0].changes == found.changes


@given(manifests(), servers())
def test_a_plan_counts_each_declared_address_once(wanted: Desired, server: SmallServer) -> None:
    found = planned(wanted, server)
    counts = found.summary
    assert len({change.address for change in found.changes}) == len(found.changes)
    named = counts["create"] + counts["update"] + counts["replace"] + counts["unchanged"]
    assert named == len([item for item in wanted.resources if not item.lifecycle.absent])


@given(manifests(), servers())
def test_everything_stands_after_what_it_requires(wanted: Desired, server: SmallServer) -> None:
    made: set[str] = set()
    changed = {change.address for change in planned(wanted, server).changes}
    for change in planned(wanted, server).changes:
        assert set(change.requires) & changed <= made
        assert change.action == "delete" or parent(parent(change.address)) not in changed - made
        made.add(change.address)


@given(manifests(), servers())
def test_only_what_is_absent_or_pruned_is_deleted(wanted: Desired, server: SmallServer) -> None:
    absent = {item.address for item in wanted.resources if item.lifecycle.absent}
    kinds = {item.partition("*/")[2] for item in wanted.prune}
    for change in planned(wanted, server).changes:
        if change.action == "delete":
            assert change.address in absent or change.address.split("/")[3] in kinds


def test_the_small_server_holds_one_project_for_a_manifest_of_one() -> None:
    server = SmallServer()
    wanted = declared(project(model_version="one"), backend("one"))
    carried_out(planned(wanted, server), server)
    [row] = server.rows["projects"].values()
    assert (row["model_version"], [hook["url"] for hook in server.rows["webhooks"].values()]) == (
        "one",
        ["http://ml.example.com:9090/webhook"],
    )
