"""What nobody outside knows of the server: a switch for each point, and lsops is right under every answer."""

import pytest

from lsops.errors import LsopsError
from lsops.sandbox import create_app
from lsops.sandbox.unknown import points
from tests.support.sandbox import client_of, session_with

SETTINGS = {"requeue_rejected_tasks_mode": "requeue", "require_comment_on_reject": True}


@pytest.mark.parametrize(("answer", "kept"), [("resets", "remove"), ("merges", "requeue")])
def test_a_part_of_nested_settings_resets_the_rest_or_leaves_it(answer, kept):
    with client_of(unknown={"nested-settings-patch": answer}) as client:
        project = client.post("/api/projects/", json={"title": "Ward"}).json()["id"]
        client.patch(f"/api/projects/{project}/", json={"review_settings": SETTINGS})

        changed = client.patch(f"/api/projects/{project}/", json={"review_settings": {"review_criteria": "all"}})

    assert changed.json()["review_settings"]["requeue_rejected_tasks_mode"] == kept


def test_an_answer_stays_with_the_file(tmp_path):
    with session_with(tmp_path / "kept.db", unknown={"nested-settings-patch": "merges"}):
        pass

    with client_of(tmp_path / "kept.db") as client:
        project = client.post("/api/projects/", json={"title": "Ward"}).json()["id"]
        client.patch(f"/api/projects/{project}/", json={"review_settings": SETTINGS})
        changed = client.patch(f"/api/projects/{project}/", json={"review_settings": {"review_criteria": "all"}})

    assert changed.json()["review_settings"]["requeue_rejected_tasks_mode"] == "requeue"


@pytest.mark.parametrize("wrong", [{"no-such-point": "yes"}, {"nested-settings-patch": "perhaps"}])
def test_a_point_or_an_answer_that_does_not_exist_is_refused_with_those_that_do(wrong):
    with pytest.raises(LsopsError) as caught:
        create_app(":memory:", unknown=wrong)

    assert "one of " in caught.value.findings[0].hint


def test_every_point_has_at_least_two_answers():
    assert points()
    assert all(len(set(answers)) > 1 for answers in points().values())


@pytest.mark.parametrize("answer", ["resets", "merges"])
def test_a_declared_part_of_nested_settings_leaves_the_rest_as_it_is_under_both_answers(answer, lsops):
    write = "version: 1\nworkspaces: {{Ward: {{}}}}\nprojects: {{Scans: {{workspace: Ward, review_settings: {0}}}}}\n"
    lsops.setenv(LSOPS_SERVER="sandbox:open.db")
    with session_with("open.db", unknown={"nested-settings-patch": answer}) as session:
        lsops.write(write.format("{requeue_rejected_tasks_mode: requeue}"))
        assert lsops("apply", "--yes").code == 0
        lsops.write(write.format("{review_criteria: all}"))

        assert lsops("apply", "--yes").code == 0
        row = session.pages("/api/projects/")[0]

    assert row["review_settings"]["requeue_rejected_tasks_mode"] == "requeue"
    assert lsops("plan", "--detailed-exitcode").code == 0
