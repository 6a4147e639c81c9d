"""Agreement, dimensions, review routing and custom metrics: what a plan says, and what comes of what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lsops.errors import NotFound
from lsops.kinds import Where, registry
from lsops.kinds.quality import custom_metric
from tests.support.cli import Lsops, Ran
from tests.support.sandbox import client_of
from tests.support.wire import writes

CONFIG = "<View><Text name='t' value='$t'/><Choices name='mood' toName='t'><Choice value='a'/></Choices></View>"
RULES = "review_routing: {rules: [{dimension: mood, operator: lt, agreement_threshold: 0.5, sample_rate: 1}]}"
GOOD = "def agreement(one, other, per_label=False): return 1.0"
OWN = "both: {extraction_method: path, metric_type: iou}"


class Ward:
    """One project on a sandbox, by the part of its entry that matters."""

    def __init__(self, lsops: Lsops, api: Any) -> None:
        self.lsops, self.api = lsops, api

    def write(self, *parts: str, rest: str = "") -> None:
        entry = ", ".join(("workspace: Ward", f'label_config: "{CONFIG}"', *parts))
        self.lsops.write(f"version: 1\nworkspaces: {{Ward: {{}}}}\nprojects: {{Scans: {{{entry}}}}}\n{rest}")

    def apply(self, *parts: str, rest: str = "") -> Ran:
        self.write(*parts, rest=rest)
        return self.lsops("apply", "--yes", "--allow-deletes", "9", "--format", "json")

    def failures(self, *parts: str) -> list[str]:
        return [one["reason"] for one in self.apply(*parts).json()["outcomes"] if one["outcome"] == "failed"]

    def changes(self, *parts: str, rest: str = "") -> dict[str, dict[str, Any]]:
        self.write(*parts, rest=rest)
        ran = self.lsops("plan", "--format", "json")
        assert ran.code == 0, ran
        return {one["address"].removeprefix("/projects/Scans/"): one for one in ran.json()["changes"]}

    def errors(self, *parts: str) -> list[tuple[str, str]]:
        self.write(*parts)
        return [(one["code"], one["hint"]) for one in self.lsops("plan", "--format", "json").json()["errors"]]

    def get(self, path: str) -> Any:
        found = self.api.get("/api/projects/").json()["results"][0]["id"]
        return self.api.get(f"/api/projects/{found}/{path}").json()

    def import_a_task(self) -> None:
        found = self.api.get("/api/projects/").json()["results"][0]["id"]
        self.api.post(f"/api/projects/{found}/import", json=[{"data": {"t": "x"}}]).raise_for_status()


@contextmanager
def ward_with(lsops: Lsops, **unknown: str) -> Iterator[Ward]:
    lsops.setenv(LSOPS_SERVER="sandbox:ward.db")
    answers = {name.replace("_", "-"): answer for name, answer in unknown.items()}
    with client_of(lsops.folder / "ward.db", unknown=answers) as api:
        yield Ward(lsops, api)


@pytest.fixture
def ward(lsops: Lsops) -> Iterator[Ward]:
    with ward_with(lsops) as made:
        yield made


# ---- agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["kept", "reset"])
def test_the_metric_stays_when_its_parameters_change_whatever_a_post_does_to_the_rest(lsops, answer):
    with ward_with(lsops, metric_partly=answer) as ward:
        ward.apply("agreement: {metric_name: iou, metric_params: {x: 1}}")

        assert ward.apply("agreement: {metric_params: {x: 2}}").code == 0

        held = ward.get("metricparam/")
        assert (held["metric_name"], held["metric_params"]) == ("iou", {"x": 2})


@pytest.mark.parametrize(
    ("answer", "said"), [("as sent", []), ("completed", ["the server did not keep metric_params"])]
)
def test_parameters_that_the_server_completes_are_told(lsops, answer, said):
    with ward_with(lsops, metric_params=answer) as ward:
        found = ward.failures("agreement: {metric_name: iou, metric_params: {x: 1}}")

        assert [reason.partition(":")[0] for reason in found] == said
        assert ward.failures("agreement: {metric_name: iou, metric_params: {x: 1, iou_threshold: 0.5}}") == []
        assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(("answer", "failures"), [("taken", 0), ("checked", 2)])
def test_any_name_of_a_metric_is_sent_and_the_server_decides(lsops, answer, failures):
    with ward_with(lsops, metric_names=answer) as ward:
        found = ward.failures(
            "agreement: {metric_name: no_such_metric}", "dimensions: {mood: {metric_type: no_such_metric}}"
        )

        assert len(found) == failures
        assert all("no_such_metric" in reason for reason in found)


def test_a_change_of_the_metric_says_what_it_means_for_scores(ward):
    ward.apply("agreement: {metric_name: iou}")

    effects = ward.changes("agreement: {metric_name: rank}")["agreement"]["effects"]

    assert any("agreement is computed otherwise" in one for one in effects)
    assert any("not documented" in one for one in effects)


# ---- dimensions ---------------------------------------------------------------------------------


def test_a_dimension_of_the_label_config_is_adjusted_and_never_made(ward):
    assert ward.apply("dimensions: {mood: {metric_type: iou, is_active: false}}", rest="prune: [projects/*/dimensions]")

    (row,) = ward.get("dimensions/")
    assert (row["metric_type"], row["is_active"], row["is_user_defined"]) == ("iou", False, False)
    assert ward.changes("dimensions: {}", rest="prune: [projects/*/dimensions]") == {}
    assert ward.errors("dimensions: {mood: {lifecycle: {absent: true}}}") == [("LS540", "write is_active: false")]
    assert [code for code, _ in ward.errors("dimensions: {mood: {order: 7}}")] == ["LS540"]


@pytest.mark.parametrize(("answer", "failures"), [("at once", 0), ("later", 1)])
def test_one_that_the_server_has_not_made_yet_is_not_made_in_its_place(lsops, answer, failures):
    with ward_with(lsops, dimensions_made=answer) as ward:
        found = ward.failures("dimensions: {mood: {metric_type: iou}}")

        assert len(found) == failures
        assert all("has not made the dimension" in reason for reason in found)
        assert ward.failures("dimensions: {mood: {metric_type: iou}}") == []
        assert [row["is_user_defined"] for row in ward.get("dimensions/")] == [False]


@pytest.mark.parametrize(
    ("answer", "name", "wrong"),
    [("as the control tag", "mood", "moood"), ("with its type", "mood (Choices)", "mood")],
)
def test_whatever_they_are_called_a_wrong_name_gets_the_right_one_as_hint(lsops, answer, name, wrong):
    with ward_with(lsops, dimension_names=answer) as ward:
        ward.apply()

        ((code, hint),) = ward.errors(f"dimensions: {{{wrong}: {{metric_type: iou}}}}")

        assert code == "LS541"
        assert name in hint
        assert ward.failures(f"dimensions: {{{name}: {{metric_type: iou}}}}") == []


OF_OWN = "both: {extraction_method: path, description: d, %s}"


@pytest.mark.parametrize(("answer", "one"), [("kept", "mood: {%s}"), ("reset", "mood: {%s}"), ("reset", OF_OWN)])
def test_what_an_entry_does_not_say_stays_whatever_a_patch_does_to_the_rest(lsops, answer, one):
    with ward_with(lsops, dimension_patch=answer) as ward:
        ward.apply(f"dimensions: {{{one % 'metric_type: iou, metric_params: {x: 1}'}}}")

        assert ward.apply(f"dimensions: {{{one % 'is_active: false'}}}").code == 0

        row = next(row for row in ward.get("dimensions/") if not row["is_active"])
        assert (row["metric_type"], row["metric_params"]) == ("iou", {"x": 1})


ABSENT, PRUNED = (
    ("dimensions: {both: {lifecycle: {absent: true}}}", ""),
    ("dimensions: {}", "prune: [projects/*/dimensions]"),
)


@pytest.mark.parametrize(
    ("gone", "tasks", "action"), [(ABSENT, 0, "delete"), (ABSENT, 1, "update"), (PRUNED, 1, "update")]
)
def test_an_own_one_is_made_inactive_where_scores_may_hang_on_it(ward, gone, tasks, action):
    ward.apply(f"dimensions: {{{OWN}}}")
    for _ in range(tasks):
        ward.import_a_task()

    change = ward.changes(gone[0], rest=gone[1])["dimensions/both"]

    assert change["action"] == action
    assert ("review routing rules" if tasks == 0 else "instead of being deleted") in change["effects"][0]
    assert ward.apply(gone[0], rest=gone[1]).code == 0
    assert ward.changes(gone[0], rest=gone[1]) == {}
    assert [row["is_active"] for row in ward.get("dimensions/") if row["is_user_defined"]] == [False] * tasks


def test_a_dump_of_dimensions_makes_the_same_again(ward):
    ward.apply(f"dimensions: {{mood: {{metric_type: iou, is_active: false}}, {OWN}}}", RULES)

    assert ward.lsops("dump", "-o", "out").code == 0
    assert ward.lsops("plan", "out", "--detailed-exitcode").code == 0
    assert ward.lsops("apply", "out", "--yes", "--server", "sandbox:other.db").code == 0
    assert ward.lsops("plan", "out", "--server", "sandbox:other.db", "--detailed-exitcode").code == 0


# ---- review routing -----------------------------------------------------------------------------


def test_rules_keep_their_ids_and_others_are_deleted(ward):
    first, second, third = (f'{{operator: lt, agreement_threshold: "0.{n}", sample_rate: 1}}' for n in (3, 4, 5))
    ward.apply(f"review_routing: {{rules: [{first}, {second}, {third}]}}")
    before = {row["agreement_threshold"]: row["id"] for row in ward.get("review-routing-rules/")}

    ward.apply(f"review_routing: {{rules: [{third}, {first}]}}")

    after = [(row["agreement_threshold"], row["id"]) for row in ward.get("review-routing-rules/")]
    assert after == [("0.5000", before["0.5000"]), ("0.3000", before["0.3000"])]


def test_a_rule_names_a_dimension_that_is_made_in_the_same_run_in_its_own_project(ward):
    rules = RULES.replace("mood", "both")
    entry = f"workspace: Ward, dimensions: {{{OWN}}}, {rules}"
    ward.lsops.write(f"version: 1\nworkspaces: {{Ward: {{}}}}\nprojects: {{One!: {{{entry}}}, Two: {{{entry}}}}}\n")

    assert ward.lsops("apply", "--yes").code == 0

    for project in ward.api.get("/api/projects/").json()["results"]:
        own = {row["id"] for row in ward.api.get(f"/api/projects/{project['id']}/dimensions/").json()}
        (rule,) = ward.api.get(f"/api/projects/{project['id']}/review-routing-rules/").json()
        assert rule["dimension"] in own
    assert ward.lsops("plan", "--detailed-exitcode").code == 0


def test_a_dimension_that_is_renamed_is_the_same_to_its_rules(ward):
    ward.apply(f"dimensions: {{{OWN}}}", RULES.replace("mood", "both"))
    renamed = "dimensions: {all: {extraction_method: path, lifecycle: {renamed_from: both}}}"

    assert list(ward.changes(renamed, RULES.replace("mood", "all"))) == ["dimensions/all"]


def test_a_rule_of_a_dimension_that_is_not_there_is_refused_with_what_is_near(ward):
    ward.apply()

    assert ward.errors(RULES.replace("mood", "moood")) == [("LS541", 'did you mean "mood"?')]


# ---- custom metrics -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "posted", "path"),
    [
        ("NotDeployed", "202", "generic"),
        ("404", "waits", "generic"),
        ("204", "202", "generic"),
        ("404", "202", "aws alone"),
    ],
)
def test_code_is_deployed_whatever_the_server_says_where_there_is_none(lsops, said, posted, path):
    unknown = {"custom_function_get": said, "custom_function_post": posted, "custom_function_path": path}
    with ward_with(lsops, **unknown) as ward:
        ward.apply()

        assert ward.changes(f'custom_metric: {{code: "{GOOD}"}}')["custom_metric"]["action"] == "create"
        assert ward.failures(f'custom_metric: {{code: "{GOOD}"}}') == []
        assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("verb", [("plan", "--check-remote"), ("apply", "--yes")])
def test_code_that_the_servers_check_refuses_is_told_before_anything_is_written(ward, verb):
    ward.apply()
    ward.write('custom_metric: {code: "def agreement("}', "agreement: {metric_name: iou}")

    with writes() as sent:
        ran = ward.lsops(*verb)

    assert "LS542" in ran.err + ran.out
    assert [one.path.rpartition("/")[2] for one in sent] == ["check-function"]


def test_a_plan_without_the_flag_runs_nothing(ward):
    ward.apply()

    with writes() as sent:
        assert "custom_metric" in ward.changes('custom_metric: {code: "def agreement("}')

    assert sent == []


def test_code_that_cannot_be_deployed_fails_with_where_its_logs_are_and_is_sent_again(ward):
    broken = f'custom_metric: {{code: "import pandas\\n{GOOD}"}}'

    (reason,) = ward.failures(broken)

    assert "status is Failed" in reason
    assert "custom-function-logs" in reason
    assert "was not deployed" in ward.changes(broken)["custom_metric"]["warnings"][0]
    assert ward.failures(f'custom_metric: {{code: "{GOOD}"}}') == []


def test_what_does_not_run_in_time_is_told_and_found_by_the_next_plan(ward, monkeypatch):
    monkeypatch.setattr(custom_metric, "PATIENCE", 0.0)

    (reason,) = ward.failures(f'custom_metric: {{code: "{GOOD}"}}')

    assert "does not run yet: its status is Pending" in reason
    assert ward.changes(f'custom_metric: {{code: "{GOOD}"}}') == {}


def test_a_custom_metric_cannot_be_deleted(ward):
    ward.write("custom_metric: {lifecycle: {absent: true}}", "prune: [custom_metric]")

    ran = ward.lsops("validate")

    assert ran.err.count("the server has no way to delete a custom metric") == 2


# ---- older servers ------------------------------------------------------------------------------


class OldServer:
    """A session with a server that knows none of these paths."""

    def get(self, path: str) -> Any:
        raise NotFound.of(path)

    def array(self, path: str, **_: Any) -> Any:
        raise NotFound.of(path)


def test_a_server_that_is_too_old_for_it_has_none():
    old, where = OldServer(), Where(parent=1)

    assert registry()["dimension"].rows(old, where) == []
    assert registry()["review_routing"].get(old, where) == {"rules": [], "dimensions": {}}
    assert registry()["custom_metric"].get(old, where) == {}
