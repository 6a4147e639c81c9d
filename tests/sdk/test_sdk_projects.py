"""The official SDK drives the sandbox, and finds in each answer every key that its types know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.support.cli import Lsops
from tests.support.sandbox import served

TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = (
    '<View><Text name="t" value="$text"/>'
    '<Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'
)
MANIFEST = """
version: 1
workspaces: {Ward: {}}
projects:
  Scans:
    workspace: Ward
    use_custom_interface: true
    collection_mode: open
    source_interface: Triage
    review_settings: {allowed_reject_actions: [requeue, redistribute], default_reject_action: requeue}
    dm_column_defaults: {explore: {visible: {annotator: [tasks:id]}}}
"""
RESULT = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}


def missing(answer: Any) -> set[str]:
    """The keys that the SDK's type has and the answer does not."""
    return set(type(answer).model_fields) - answer.model_fields_set


@contextmanager
def connected(url: str, key: str = TOKEN) -> Iterator[LabelStudio]:
    with httpx.Client(timeout=30) as http:
        yield LabelStudio(base_url=url, api_key=key, httpx_client=http)


@pytest.fixture(scope="module", params=["enterprise", "community"])
def edition(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def sdk(edition: str) -> Iterator[LabelStudio]:
    """The SDK's client of a sandbox over HTTP, of either edition."""
    with served(edition=edition, token=TOKEN) as url, connected(url) as client:
        yield client


@pytest.fixture(scope="module")
def enterprise() -> Iterator[LabelStudio]:
    with served(token=TOKEN) as url, connected(url) as client:
        yield client


def test_the_version_is_complete(sdk: LabelStudio, edition: str) -> None:
    version = sdk.versions.get()
    assert version.edition == edition.capitalize()
    assert missing(version) == set()


def test_the_session_policy_is_read_and_updated(sdk: LabelStudio) -> None:
    assert missing(sdk.session_policy.get()) == set()
    assert sdk.session_policy.update(max_session_age=77).max_session_age == 77
    assert sdk.session_policy.get().max_session_age == 77


def test_a_project_is_created_read_updated_listed_and_deleted(sdk: LabelStudio) -> None:
    made = sdk.projects.create(title="By the SDK", label_config=CONFIG, color="#112233")
    assert sdk.projects.get(id=made.id).color == "#112233"
    assert sdk.projects.update(id=made.id, description=" trimmed ").description == "trimmed"
    assert made.id in [project.id for project in sdk.projects.list()]
    sdk.projects.delete(id=made.id)
    with pytest.raises(ApiError) as caught:
        sdk.projects.get(id=made.id)
    assert caught.value.status_code == 404


def test_the_pager_goes_through_all_pages(sdk: LabelStudio) -> None:
    made = {sdk.projects.create(title=f"Page {index:02}").id for index in range(35)}
    listed = [project.id for project in sdk.projects.list(title="Page ")]
    assert len(listed) == len(made)
    assert set(listed) == made


def test_a_bad_value_is_an_error_with_the_servers_words(sdk: LabelStudio) -> None:
    with pytest.raises(ApiError) as caught:
        sdk.projects.create(title="ab")
    assert caught.value.status_code == 400
    assert caught.value.body["validation_errors"] == {"title": ["Ensure this field has at least 3 characters."]}


def test_a_label_config_is_checked(sdk: LabelStudio) -> None:
    project = sdk.projects.create(title="Checked", label_config=CONFIG)
    sdk.projects.validate_label_config(id=project.id, label_config=CONFIG)
    with pytest.raises(ApiError):
        sdk.projects.validate_label_config(id=project.id, label_config="<View><Text/></View>")


def test_tasks_and_annotations_are_made_and_counted(sdk: LabelStudio) -> None:
    project = sdk.projects.create(title="Work", label_config=CONFIG)
    sdk.projects.import_tasks(id=project.id, request=[{"text": "one"}, {"data": {"text": "two"}}])
    task = sdk.tasks.create(project=project.id, data={"text": "three"})
    annotation = sdk.annotations.create(id=task.id, result=[RESULT])
    assert [item.id for item in sdk.annotations.list(id=task.id)] == [annotation.id]
    assert len(list(sdk.tasks.list(project=project.id))) == 3
    counted = sdk.projects.get(id=project.id)
    assert (counted.task_number, counted.finished_task_number, counted.total_annotations_number) == (3, 1, 1)


def test_the_caller_the_users_and_the_organization_are_read(sdk: LabelStudio) -> None:
    assert sdk.users.whoami().email == "owner@example.com"
    assert [user.email for user in sdk.users.list()] == ["owner@example.com"]
    assert missing(sdk.organizations.list()[0]) == set()


@pytest.mark.filterwarnings("ignore:The `parse_obj` method:DeprecationWarning")  # the SDK's own way with pydantic
def test_a_personal_access_token_opens_the_door(sdk: LabelStudio) -> None:
    personal = sdk.tokens.create().token
    assert personal.count(".") == 2
    with connected(sdk._client_wrapper.get_base_url(), personal) as other:
        assert other.users.whoami().email == "owner@example.com"


def test_every_answer_about_projects_is_complete(enterprise: LabelStudio) -> None:
    made = enterprise.projects.create(title="Complete", label_config=CONFIG)
    assert missing(made) == set()
    assert missing(enterprise.projects.get(id=made.id)) == set()
    updated = enterprise.projects.update(id=made.id, review_settings={"instruction": "x"})
    assert missing(updated) | missing(updated.review_settings) | missing(updated.assignment_settings) == set()
    assert missing(next(iter(enterprise.projects.list()))) == set()
    assert missing(enterprise.projects.list_counts().results[0]) == set()


def test_every_answer_about_people_is_complete(enterprise: LabelStudio) -> None:
    me = enterprise.users.whoami()
    assert missing(me) | missing(me.lse_fields) | missing(me.organization_membership) == set()
    assert missing(enterprise.users.list()[0]) == set()
    row = next(iter(enterprise.organizations.members.list(id=1)))
    assert missing(row) | missing(row.user) == set()
    assert row.role == "OW"


def test_every_answer_about_tasks_is_complete(enterprise: LabelStudio) -> None:
    project = enterprise.projects.create(title="Tasks", label_config=CONFIG)
    task = enterprise.tasks.create(project=project.id, data={"text": "x"})
    assert missing(task) | missing(enterprise.tasks.get(id=str(task.id))) == set()
    assert missing(enterprise.annotations.create(id=task.id, result=[RESULT])) == set()


def test_workspaces_are_listed_read_and_created(enterprise: LabelStudio) -> None:
    made = enterprise.workspaces.create(title="Radiology", color="#112233")
    assert missing(made) | missing(enterprise.workspaces.get(id=made.id)) == set()
    assert "Radiology" in [workspace.title for workspace in enterprise.workspaces.list()]
    project = enterprise.projects.create(title="In it", workspace=made.id)
    assert enterprise.projects.get(id=project.id).workspace == made.id


def test_the_sdk_survives_a_lost_answer_by_asking_again() -> None:
    with served(token=TOKEN, faults=["GET /api/session-policy/:503:once"]) as url, connected(url) as client:
        assert client.session_policy.get().max_session_age == 11520


def test_what_lsops_declares_of_newer_fields_the_sdk_reads_back(lsops: Lsops) -> None:
    with served(lsops.folder / "sandbox.db", token=TOKEN) as url, connected(url) as sdk:
        saved = sdk.interfaces.create(title="Triage", code="<A/>", compiled="a")
        lsops.write(MANIFEST)
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
        assert lsops("apply", "--yes").code == 0
        (row,) = sdk.projects.list()
        (listed,) = (one for one in sdk.interfaces.list().results if not one.is_system)

    assert (row.source_interface_id, listed.title) == (saved.id, "Triage")
    assert (row.collection_mode, row.review_settings.default_reject_action) == ("open", "requeue")
    assert row.review_settings.allowed_reject_actions == ["requeue", "redistribute"]
    assert row.dm_column_defaults.explore.visible == {"AN": ["tasks:id"]}
