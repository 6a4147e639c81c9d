"""`lifecycle: {renamed_labels: …}`: a label gets another name, and the annotations that use it keep it."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from tests.cli.conftest import DATABASE
from tests.support.attempts import NAMED
from tests.support.cli import Lsops
from tests.support.site import Site

TEXT = '<View><Text name="t" value="$text"/>{}</View>'
VIDEO = '<View><Video name="t" value="$text"/>{}</View>'
PLAIN = TEXT.format('<Choices name="dx" toName="t" choice="multiple">{}</Choices>')


def choices(*labels: str) -> str:
    return PLAIN.format("".join(f'<Choice value="{label}"/>' for label in labels))


def result(kind: str, labels: Sequence[Any], *, control: str = "dx", key: str = "") -> dict[str, Any]:
    return {"from_name": control, "to_name": "t", "type": kind, "value": {key or kind: [*labels]}}


def renaming(site: Site, before: str, after: str, *results: Sequence[Mapping[str, Any]], **names: str) -> list[int]:
    """`Triage` with an annotation of each result, and a manifest that renames labels of `dx`; the annotations' ids."""
    site.declare({"label_config": before})
    site.settled()
    made = [annotated(site, one) for one in results]
    site.declare({"label_config": after, "lifecycle": {"renamed_labels": {"dx": names}}})
    return made


def annotated(site: Site, result: Sequence[Mapping[str, Any]], **more: Any) -> int:
    """A new task's annotation; its id."""
    number = site.project()["id"]
    site.api.post(f"/api/projects/{number}/import", json=[{"data": {"text": "a"}}]).raise_for_status()
    task = site.api.get("/api/tasks/", params={"project": number, "page_size": 1000}).json()["tasks"][-1]["id"]
    body = {"result": result, **more}
    return int(site.api.post(f"/api/tasks/{task}/annotations/", json=body).raise_for_status().json()["id"])


def held(site: Site, annotation: int) -> list[Any]:
    """The labels of the first region of an annotation."""
    value = site.api.get(f"/api/annotations/{annotation}/").raise_for_status().json()["result"][0]["value"]
    return list(next(iter(value.values())))


OLD = [result("choices", ["Old"])]
OLD_NEW = {"Old": "New"}
CASES = [
    (choices("Old", "B"), choices("New", "B"), result("choices", ["Old", "B"]), ["New", "B"]),
    (
        TEXT.format('<Labels name="dx" toName="t"><Label value="Old"/></Labels>'),
        TEXT.format('<Labels name="dx" toName="t"><Label value="New"/></Labels>'),
        result("labels", ["Old"]),
        ["New"],
    ),
    (
        PLAIN.format('<Choice value="Shown" alias="Old"/>'),
        PLAIN.format('<Choice value="Shown" alias="New"/>'),
        result("choices", ["Old"]),
        ["New"],
    ),
    (
        TEXT.format('<Taxonomy name="dx" toName="t"><Choice value="Old"><Choice value="Kid"/></Choice></Taxonomy>'),
        TEXT.format('<Taxonomy name="dx" toName="t"><Choice value="New"><Choice value="Kid"/></Choice></Taxonomy>'),
        result("taxonomy", [["Old"], ["Old", "Kid"]]),
        [["New"], ["New", "Kid"]],
    ),
    (
        PLAIN.format('<Choice value="Old"><Choice value="Kid"/></Choice>'),
        PLAIN.format('<Choice value="New"><Choice value="Kid"/></Choice>'),
        result("choices", [["Old", "Kid"]]),
        [["New", "Kid"]],
    ),
    (
        VIDEO.format(
            '<VideoRectangle name="box" toName="t"/><Labels name="dx" toName="t"><Label value="Old"/></Labels>'
        ),
        VIDEO.format(
            '<VideoRectangle name="box" toName="t"/><Labels name="dx" toName="t"><Label value="New"/></Labels>'
        ),
        result("videorectangle", ["Old"], control="box", key="labels"),
        ["New"],
    ),
]


@pytest.fixture
def here(lsops: Lsops, community: httpx.Client) -> Site:
    return Site.of(lsops, community, "community", lsops.folder / DATABASE)


@pytest.fixture
def there(lsops: Lsops, enterprise: httpx.Client) -> Site:
    return Site.of(lsops, enterprise, "enterprise", lsops.folder / DATABASE)


@pytest.mark.parametrize(("before", "after", "region", "kept"), CASES)
def test_annotations_have_the_new_name_and_nothing_is_left_to_do(
    here: Site, before: str, after: str, region: Mapping[str, Any], kept: list[Any]
) -> None:
    (annotation,) = renaming(here, before, after, [region], **OLD_NEW)
    here.settled()
    assert held(here, annotation) == kept


def test_enterprise_says_where_its_action_left_something(there: Site) -> None:
    old = "Größe"
    renaming(there, choices(old), choices("New"), [result("choices", [old])], **{old: "New"})
    ran = there.apply()
    assert (ran.code, f'1 annotation still has the label "{old}" of "dx"' in ran.out) == (4, True)
    assert "New" not in there.project()["label_config"]


@pytest.mark.parametrize("old", ["Größe", "a&quot;b", "a\\b", "50%"])
def test_any_text_may_be_the_old_name(here: Site, old: str) -> None:
    label = old.replace("&quot;", '"')
    (annotation,) = renaming(here, choices(old), choices("New"), [result("choices", [label])], **{label: "New"})
    here.settled()
    assert held(here, annotation) == ["New"]


def test_skipped_and_imported_annotations_move_along(here: Site) -> None:
    renaming(here, choices("Old"), choices("New"), **OLD_NEW)
    skipped = annotated(here, OLD, was_cancelled=True)
    path = f"/api/projects/{here.project()['id']}/import"
    here.api.post(path, json=[{"data": {"text": "b"}, "annotations": [{"result": OLD}]}]).raise_for_status()
    assert "2 labels in 2 annotations move along" in here.lsops("plan").out
    here.settled()
    assert [held(here, one) for one in (skipped, skipped + 1)] == [["New"], ["New"]]


def test_enterprise_renames_by_the_servers_own_action_alone(there: Site) -> None:
    (annotation,) = renaming(there, choices("Old", "B"), choices("New", "B"), OLD, **OLD_NEW)
    there.settled()
    assert held(there, annotation) == ["New"]
    assert [one for one in there.watch.writes() if "annotations" in one] == []


def test_enterprise_refuses_what_would_touch_reviews_before_anything_is_written(there: Site) -> None:
    before, after, region, _ = CASES[3]
    renaming(there, before, after, [region], **OLD_NEW)
    state = there.state()
    told = there.refused()
    assert "LS517" in told
    assert "they have reviews" in told
    assert there.apply().code == 3
    assert there.state() == state


# ---- what the plan says ------------------------------------------------------------------------


def test_the_plan_counts_what_moves_and_needs_no_consent(here: Site) -> None:
    renaming(here, choices("Old", "B"), choices("New", "B"), OLD, OLD, OLD, **OLD_NEW)
    told = here.lsops("plan").out
    assert 'labels: "Old" => "New" of "dx": 3 labels in 3 annotations move along' in told
    assert "effect: predictions, and drafts of no annotation, keep the old label" in told
    assert "--allow-data-loss" not in told
    (change,) = here.changes()
    assert change["relabels"] == [{"control": "dx", "old": "Old", "new": "New", "labels": 3, "annotations": 3}]
    assert "orphans" not in change


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_every_form_says_what_moves(here: Site, form: str) -> None:
    renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    assert "1 label in 1 annotation moves along" in here.lsops("plan", "--format", form).out


def test_where_annotations_cannot_be_read_the_plan_says_so_and_apply_asks(here: Site) -> None:
    renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    fails(here, "GET /api/tasks/", status=400)
    assert '"Old" => "New" of "dx": an unknown number of labels move along' in here.lsops("plan").out
    ran = here.apply()
    assert (ran.code, "what it would orphan cannot be counted" in ran.err) == (5, True)


def test_a_project_without_tasks_is_not_counted(here: Site) -> None:
    renaming(here, choices("Old"), choices("New"), **OLD_NEW)
    (change,) = here.changes()
    assert (change["relabels"][0]["labels"], here.watch.reads("/api/tasks/")) == (0, [])
    here.settled()


def test_diff_of_two_manifests_knows_the_names_and_no_count(here: Site) -> None:
    here.declare({"label_config": choices("Old")})
    (here.lsops.folder / "lsops.yaml").rename(here.lsops.write("", "old/lsops.yaml"))
    here.declare({"label_config": choices("New"), "lifecycle": {"renamed_labels": {"dx": OLD_NEW}}})
    ran = here.lsops("diff", "--base", "./old")
    assert (ran.code, "an unknown number of labels move along" in ran.out) == (0, True)


def test_what_nobody_uses_is_renamed_without_a_word(here: Site) -> None:
    renaming(here, choices("Old", "B"), choices("New", "B"), [result("choices", ["B"])], **OLD_NEW)
    assert "move" not in here.lsops("plan").out
    here.settled()


def test_the_servers_check_is_not_asked_about_labels_that_will_be_gone(here: Site) -> None:
    renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    assert here.lsops("plan", "--check").code == 0


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        (choices("Old", "B"), choices("New", "B"), "{dx: {Old: New}}"),
        (choices("No", "B"), choices("Not so", "B"), '{dx: {"No": "Not so"}}'),
        (choices("Old", "B"), choices("New", "C"), ""),
        (PLAIN.format('<Choice value="Old" hotkey="1"/>'), choices("New"), ""),
    ],
)
def test_one_label_that_goes_for_one_like_it_is_taken_for_a_rename(
    here: Site, before: str, after: str, hint: str
) -> None:
    renaming(here, before, after, [result("choices", ["B"])])
    here.declare({"label_config": after})
    told = here.lsops("plan").out
    assert ("renamed_labels" in told) == bool(hint)
    assert f"lifecycle: {{renamed_labels: {hint}}}" in told or not hint


# ---- what is lost -------------------------------------------------------------------------------


def test_a_merge_needs_consent_and_leaves_no_label_twice(here: Site) -> None:
    both = [result("choices", ["Old", "B"])]
    first, second = renaming(here, choices("Old", "B"), choices("B"), both, OLD, Old="B")
    assert 'label "Old" of "dx" merges into "B", which 1 annotation uses already' in here.lsops("plan").out
    state = here.state()
    ran = here.apply()
    assert (ran.code, "LS804" in ran.err) == (5, True)
    assert here.state() == state
    here.settled(*NAMED)
    assert (held(here, first), held(here, second)) == (["B"], ["B"])


def test_two_labels_that_become_one_are_a_merge(here: Site) -> None:
    renaming(here, choices("Old", "Elder"), choices("New"), OLD, [result("choices", ["Elder"])], Old="New", Elder="New")
    assert 'labels "Elder", "Old" merge into "New" of "dx"' in here.apply().err
    here.settled(*NAMED)


def test_a_draft_of_an_annotation_goes_with_consent_alone(here: Site) -> None:
    (annotation,) = renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    task = here.api.get(f"/api/annotations/{annotation}/").json()["task"]
    here.api.post(f"/api/tasks/{task}/annotations/{annotation}/drafts", json={"result": OLD}).raise_for_status()
    ran = here.apply()
    assert (ran.code, "1 draft goes away with annotations that are renamed" in ran.err) == (5, True)
    assert held(here, annotation) == ["Old"]
    here.settled(*NAMED)


def test_a_draft_of_no_annotation_stays_as_it_is(here: Site) -> None:
    (annotation,) = renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    task = here.api.get(f"/api/annotations/{annotation}/").json()["task"]
    here.api.post(f"/api/tasks/{task}/drafts", json={"result": OLD}).raise_for_status()
    here.settled()
    (draft,) = here.api.get(f"/api/tasks/{task}/drafts").json()
    assert draft["result"] == OLD


def test_another_label_that_goes_is_still_told(here: Site) -> None:
    renaming(here, choices("Old", "B", "C"), choices("New", "B"), OLD, **OLD_NEW)
    ran = here.apply()
    assert (ran.code, 'label "C" of "dx" goes away' in ran.err, '"Old" of' in ran.err) == (5, True, False)


# ---- when something fails -----------------------------------------------------------------------


def fails(site: Site, request: str, *, after: int = 0, status: int = 403) -> None:
    """The server refuses a request from the one after so many on."""
    seen = [0]

    def instead(asked: httpx.Request) -> httpx.Response | None:
        if not f"{asked.method} {asked.url.path}".startswith(request):
            return None
        seen[0] += 1
        return httpx.Response(status, json={"detail": "no"}, request=asked) if seen[0] > after else None

    site.watch.instead = instead


@pytest.mark.parametrize(("case", "request_", "after"), [(0, "PATCH /api/projects", 0), (3, "PATCH /api/ann", 1)])
def test_what_ended_between_the_steps_goes_on(here: Site, case: int, request_: str, after: int) -> None:
    before, config, region, kept = CASES[case]
    made = renaming(here, before, config, [region], [region], [region], **OLD_NEW)
    fails(here, request_, after=after)
    assert here.apply().code == 4
    assert any(held(here, one) == kept for one in made)
    here.watch.instead = lambda request: None
    assert "--allow-data-loss" not in here.lsops("plan").out
    here.settled()
    assert [held(here, one) for one in made] == [kept] * 3


def test_where_the_server_refuses_the_action_nothing_is_written(here: Site) -> None:
    renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    fails(here, "POST /api/dm/actions/")
    state = here.state()
    assert here.apply().code == 4
    assert here.state() == state


def test_ctrl_c_ends_between_two_annotations(here: Site) -> None:
    before, after, region, kept = CASES[3]
    made = renaming(here, before, after, [region], [region], **OLD_NEW)

    def meanwhile(request: str) -> None:
        if request == f"PATCH /api/annotations/{made[0]}/":
            signal.raise_signal(signal.SIGINT)

    here.watch.meanwhile = meanwhile
    ran = here.apply()
    assert (ran.code, "interrupted while labels were renamed: the label config was not sent" in ran.out) == (130, True)
    assert [held(here, one) == kept for one in made] == [True, False]


@pytest.mark.parametrize(("works", "by_hand"), [(True, 0), (False, 3)])
def test_an_action_that_takes_too_long_is_watched(
    here: Site, monkeypatch: pytest.MonkeyPatch, *, works: bool, by_hand: int
) -> None:
    monkeypatch.setattr("lsops.kinds.projects.label_moves.PAUSE", 0.0)
    made = renaming(here, choices("Old"), choices("New"), OLD, OLD, OLD, **OLD_NEW)
    todo = list(made) if works else []

    def goes_on(request: str) -> None:
        if here.watch.writes() and request == "GET /api/tasks/" and todo:
            here.api.patch(f"/api/annotations/{todo.pop()}/", json={"result": [result("choices", ["New"])]})

    here.watch.meanwhile = goes_on
    here.watch.instead = lambda asked: httpx.Response(504, request=asked) if "dm/actions" in str(asked.url) else None
    here.settled()
    assert [held(here, one) for one in made] == [["New"]] * 3
    sent = here.watch.writes()
    assert (sent.count("POST /api/dm/actions/"), sum("annotations" in one for one in sent)) == (1, by_hand)


def test_an_annotation_that_comes_meanwhile_moves_too(here: Site) -> None:
    renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    late: list[int] = []

    def meanwhile(request: str) -> None:
        if here.watch.writes() and request == "GET /api/tasks/" and not late:
            late.append(annotated(here, OLD))

    here.watch.meanwhile = meanwhile
    here.settled()
    assert held(here, late[0]) == ["New"]


def test_where_annotations_keep_coming_the_config_is_not_sent(here: Site) -> None:
    renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)

    def meanwhile(request: str) -> None:
        if here.watch.writes() and request == "GET /api/tasks/":
            annotated(here, OLD)

    here.watch.meanwhile = meanwhile
    ran = here.apply()
    assert (ran.code, "LS518" in ran.err or "still has the label" in ran.out) == (4, True)
    assert "New" not in here.project()["label_config"]


def test_a_saved_plan_renames_what_it_shows_and_nothing_else(here: Site) -> None:
    (annotation,) = renaming(here, choices("Old"), choices("New"), OLD, **OLD_NEW)
    assert here.lsops("plan", "--out", "p.json").code == 0
    assert "1 label in 1 annotation moves along" in here.lsops("show", "p.json").out
    here.declare({"label_config": choices("New")})
    ran = here.lsops("apply", "--plan", "p.json")
    assert (ran.code, "labels in annotations" in ran.err) == (5, True)
    here.declare({"label_config": choices("New"), "lifecycle": {"renamed_labels": {"dx": OLD_NEW}}})
    assert here.lsops("apply", "--plan", "p.json").code == 0
    assert held(here, annotation) == ["New"]


# ---- what no server is needed for ---------------------------------------------------------------

REPEATED = TEXT.format(
    '<Repeater on="$u" indexFlag="{{i}}"><Choices name="dx{{i}}" toName="t"><Choice value="A"/></Choices></Repeater>'
)


@pytest.mark.parametrize(
    ("config", "names", "code", "told"),
    [
        (choices("New"), {"xd": OLD_NEW}, "LS514", 'the label config has no control "xd"'),
        (choices("Nev"), {"dx": OLD_NEW}, "LS515", '"dx" has no label "New" in the label config'),
        (choices("Old", "New"), {"dx": OLD_NEW}, "LS516", '"dx" still has the label "Old"'),
        (choices("A", "B"), {"dx": {"A": "B", "B": "A"}}, "LS516", "a chain or a swap takes two applies"),
        (choices("New").replace("multiple", 'multiple" value="$o'), {"dx": OLD_NEW}, "LS517", "come from $o"),
        (REPEATED, {"dx{{i}}": {"B": "A"}}, "LS517", "it stands in a Repeater"),
        (TEXT.format('<Pairwise name="dx" toName="t,t"/>'), {"dx": OLD_NEW}, "LS517", "a Pairwise keeps which side"),
    ],
)
def test_what_cannot_be_is_refused_without_a_server(
    here: Site, config: str, names: Mapping[str, Any], code: str, told: str
) -> None:
    here.declare({"label_config": config, "lifecycle": {"renamed_labels": names}})
    ran = here.lsops("validate")
    assert (ran.code, f"error[{code}]" in ran.err, told in ran.err) == (3, True, True), ran.err


@pytest.mark.parametrize(
    ("project", "told"),
    [
        ({"lifecycle": {"renamed_labels": {"dx": OLD_NEW}}}, "there is no label_config beside it"),
        (
            {"lifecycle": {"renamed_labels": {"dx": OLD_NEW}, "absent": True}},
            "renamed_labels and absent contradict each other",
        ),
        (
            {"views": {"All": {"lifecycle": {"renamed_labels": {"dx": OLD_NEW}}}}},
            "renamed_labels does not apply to the view",
        ),
    ],
)
def test_a_rule_that_has_nothing_to_rename_is_refused(here: Site, project: Mapping[str, Any], told: str) -> None:
    here.declare_projects({"Triage": project})
    ran = here.lsops("validate")
    assert (ran.code, "error[LS505]" in ran.err, told in ran.err) == (3, True, True), ran.err
