"""What policies say of resources, changes and plans, and that they change none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsops.engine.planfile import as_document, from_document, plain_document
from lsops.engine.planning import plan
from lsops.engine.policies import OURS, judged, judged_resources, judgement, rules_of
from lsops.engine.seen import plan_document_seen, resource_document
from lsops.errors import Finding, ManifestError, Source, UsageError
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.policy import Policy
from lsops.model.resource import Lifecycle, Resource, Secret
from tests.engine.strategies import FACTS, desired_sides, live_sides
from tests.support.clock import processor_seconds
from tests.support.policies import needs_cel, rule, without_cel

pytestmark = needs_cel
COMMUNITY = replace(FACTS, edition="community")
PLACE = Source("projects/x.yaml", 3, 5)


def project(title: str, **values: Any) -> Resource:
    return Resource("project", f"/projects/{title}", title, {"title": title, **values}, source=PLACE)


def of(*items: Resource, others: tuple[Resource, ...] = ()) -> Desired:
    return Desired(items, {"/projects": PLACE}, others=others)


def said(policies: list[Policy], *items: Resource) -> list[tuple[str, str, str]]:
    return [(one.code, one.severity, one.address) for one in judged_resources(policies, of(*items))]


# ---- resources -----------------------------------------------------------------------------------


def test_a_denial_names_the_policy_both_places_and_the_resource() -> None:
    (found,) = judged_resources([rule("true", name="never", message="Ask Ana.")], of(project("A")))
    words = 'denied by the policy "never" (ci.yaml:1:3)'
    assert found == Finding("LS130", words, "/projects/A", PLACE, "Ask Ana.", "error", Source("ci.yaml", 1, 3))


def test_a_warning_is_one_and_a_false_expression_is_nothing() -> None:
    policies = [rule("resource.key == 'A'", effect="warn"), rule("false", name="q")]
    assert said(policies, project("A"), project("B")) == [("LS131", "warning", "/projects/A")]


def test_an_error_stands_at_its_place_in_the_policy_and_names_the_resource() -> None:
    (found,) = judged_resources([rule("true &&\n resource.values.ttl > 1", effect="warn")], of(project("A")))
    assert (found.code, found.severity, found.address) == ("LS133", "error", "/projects/A")
    assert (str(found.source), 'there is no "ttl"' in found.message) == ("ci.yaml:2:37", True)


def test_what_targets_leave_out_is_judged_too() -> None:
    found = judged_resources([rule("true")], of(project("A"), others=(project("B"),)))
    assert [one.address for one in found] == ["/projects/A", "/projects/B"]


def test_expressions_that_are_not_cel_are_errors_all_at_once() -> None:
    policies = [rule("1 +", name="a"), rule("true", name="b"), rule("chnage.kind == ''", on="change", name="c")]
    with pytest.raises(ManifestError) as found:
        rules_of(policies)
    assert [(one.code, str(one.source)) for one in found.value.findings] == [
        ("LS132", "ci.yaml:1:23"),
        ("LS132", "ci.yaml:1:20"),
    ]


def test_a_resource_is_what_is_written_without_what_is_confidential() -> None:
    hook = Resource(
        "webhook",
        "/projects/A/webhooks/h",
        "h",
        {"url": Secret("env", "HOOK"), "headers": {"Authorization": "Bearer canary", "X": Secret("env", "X")}},
        lifecycle=Lifecycle(protect=True, ignore=("is_active",)),
        source=PLACE,
    )
    assert resource_document(hook) == {
        "address": "/projects/A/webhooks/h",
        "kind": "webhook",
        "key": "h",
        "values": {"url": "***", "headers": {"Authorization": "***", "X": "***"}},
        "lifecycle": {"protect": True, "ignore": ["is_active"]},
        "source": {"file": "projects/x.yaml", "line": 3},
    }


def test_the_credentials_of_a_url_are_masked() -> None:
    backend = Resource("ml_backend", "/m", "m", {"url": "https://ana:canary@ml.example.com/?k=canary"})
    assert resource_document(backend)["values"] == {"url": "https://***@ml.example.com/?***"}


SPELT = [
    ("member", "role", "AD", "administrator"),
    ("member", "role", " Administrator", "administrator"),
    ("member", "email", "Ana@Example.com", "ana@example.com"),
    ("project", "color", "#1f77b4", "#1F77B4"),
    ("project", "description", "x-rays ", "x-rays"),
    ("project", "comment_classification_config", "", ""),
]


@pytest.mark.parametrize(("kind", "field", "written", "seen"), SPELT)
def test_a_value_has_one_spelling_in_resources_and_in_changes(kind: str, field: str, written: str, seen: str) -> None:
    item = Resource(kind, "/x", "x", {field: written}, source=PLACE)
    change = Change("/x", kind, "update", fields=(FieldChange(f"/{field}", "", written),), after=item)
    (entry,) = plan_document_seen(Plan(COMMUNITY, (change,)))["changes"]
    assert resource_document(item)["values"] == {field: seen}
    assert entry["fields"][0]["after"] == seen


def test_a_singleton_has_no_key() -> None:
    policy = Resource("session_policy", "/session_policy", "", {"max_session_age": 60})
    assert said([rule("has(resource.key) || resource.values.max_session_age != 60")], policy) == []


# ---- changes and plans ---------------------------------------------------------------------------


def planned(*policies: Policy, desired: Desired | None = None) -> tuple[Plan, Desired]:
    desired = desired or of(project("A"), project("B", description="x"))
    return replace(plan(desired, Live(), COMMUNITY), policies=policies), desired


def test_a_change_is_judged_by_its_entry_in_the_plan_s_document() -> None:
    made, desired = planned(
        rule("change.action == 'create' && change.fields.exists(f, f.path == '/description')", on="change")
    )
    (found,) = judged(made, desired).denials
    assert (found.address, found.source) == ("/projects/B", PLACE)


def test_a_plan_is_judged_as_a_whole_and_the_finding_stands_at_the_policy() -> None:
    made, desired = planned(rule("plan.summary.create > 1 && plan.server.edition == 'community'", on="plan"))
    (found,) = judged(made, desired).denials
    assert (found.message, str(found.source), found.second) == (
        'the plan is denied by the policy "p"',
        "ci.yaml:1:3",
        None,
    )


def test_what_a_plan_said_before_of_being_denied_is_not_read() -> None:
    made, desired = planned(rule("plan.warnings.size() > 0", on="plan", effect="warn"))
    stale = [Finding(code, "denied", severity="error") for code in sorted(OURS)]
    other = Finding("LS112", "doubtful", severity="warning")
    assert judged(replace(made, warnings=tuple(stale)), desired).warnings == ()
    assert [one.code for one in judged(replace(made, warnings=(other,)), desired).warnings] == ["LS112", "LS131"]


def test_judging_twice_is_judging_once() -> None:
    once = judged(*planned(rule("true"), rule("true", on="plan", name="q")))
    assert judged(once, of(project("A"), project("B"))).warnings == once.warnings


def test_a_plan_without_policies_needs_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    without_cel(monkeypatch)
    made, desired = planned()
    assert judged(made, desired) is made
    with pytest.raises(UsageError):
        judged(*planned(rule("false", on="plan")))


def test_a_saved_plan_still_says_who_denies_it() -> None:
    made, desired = planned(rule("true", on="change", message="no"))
    denied = judged(made, desired)
    again = from_document(plain_document(as_document(denied)))
    assert [(one.words("x/"), one.hint) for one in again.denials] == [
        (one.words("x/"), one.hint) for one in denied.denials
    ]


EXPRESSIONS = st.sampled_from(
    [
        "true",
        "false",
        "1",
        "has(SUBJECT.values) && SUBJECT.values.size() > 1",
        "SUBJECT.summary.delete > 0",
        "SUBJECT.action == 'delete'",
        "SUBJECT.changes.exists(c, c.kind == 'project')",
        "SUBJECT.fields.all(f, f.after == null)",
        "SUBJECT.key.startsWith('Project')",
    ]
)


@st.composite
def policies(draw: st.DrawFn) -> tuple[Policy, ...]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        on = draw(st.sampled_from(["resource", "change", "plan"]))
        text = draw(EXPRESSIONS).replace("SUBJECT", on)
        found.append(rule(text, on=on, effect=draw(st.sampled_from(["deny", "warn"])), name=f"p{number}"))
    return tuple(found)


@settings(max_examples=25)
@given(desired_sides(), live_sides(), policies())
def test_a_policy_changes_nothing_of_a_plan_but_what_is_said_of_it(
    desired: Desired, live: Live, rules: tuple[Policy, ...]
) -> None:
    made = replace(plan(desired, live, FACTS), policies=rules)
    before, documents = repr(made), [resource_document(item) for item in desired.resources]
    after = judged(made, desired)
    assert repr(made) == before
    assert replace(after, warnings=made.warnings) == made
    assert {**as_document(after), "warnings": []} == {**as_document(made), "warnings": []}
    assert [resource_document(item) for item in desired.resources] == documents
    assert {one.code for one in judgement(after, desired)} <= OURS


def test_a_thousand_changes_and_twenty_rules_take_no_time_worth_naming() -> None:
    desired = of(*(project(f"P{n}", description="x", maximum_annotations=2) for n in range(1000)))
    given = [
        rule(f"change.kind == 'project' && change.action == 'delete' && {n} > 1", on="change", name=f"p{n}")
        for n in range(20)
    ]
    made, _ = planned(*given, desired=desired)
    assert processor_seconds(lambda: judgement(made, desired)) < 0.6
