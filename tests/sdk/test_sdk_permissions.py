"""The official SDK and lsops send the same for permissions and tags of members, and read what the other wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from lsops.sandbox import add_user
from tests.sdk.conftest import TOKEN
from tests.support.cli import Lsops
from tests.support.sandbox import served
from tests.support.wire import Sent, writes

ANA, BEN = 2, 3


@pytest.fixture
def sdk(tmp_path: Path, lsops: Lsops) -> Iterator[LabelStudio]:
    """The owner's client of an Enterprise sandbox with two people, at which lsops is aimed, too."""
    for name in ("ana", "ben"):
        add_user(tmp_path / "s.db", f"{name}@example.com", "annotator")
    with served(tmp_path / "s.db", token=TOKEN) as url, httpx.Client(timeout=30) as http:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
        yield LabelStudio(base_url=url, api_key=TOKEN, httpx_client=http)


def sent_by(work: Callable[[], Any]) -> list[Sent]:
    with writes() as sent:
        try:
            work()
        except ApiError as error:
            assert error.status_code == 404  # noqa: PT017  # what lsops does on it is looked at
    return list(sent)


def missing(answer: Any) -> set[str]:
    return set(type(answer).model_fields) - answer.model_fields_set


def test_permissions_have_all_that_the_types_of_the_sdk_know(sdk: LabelStudio) -> None:
    made = sdk.organizations.permissions.create(1, permission="tasks.delete", roles=["OW", "RE"])
    options = sdk.organizations.permissions.get_options(1)

    assert missing(made) | set().union(*map(missing, options)) == set()
    assert [row.permission for row in sdk.organizations.permissions.list(1)] == ["tasks.delete"]
    assert sdk.organizations.permissions.update(1, "tasks.delete", roles=["OW"]).roles == ["OW"]
    sdk.organizations.permissions.delete(1, "tasks.delete")
    assert sdk.organizations.permissions.list(1) == []


def test_a_permission_is_written_as_the_sdk_writes_it_and_read_back(sdk: LabelStudio, lsops: Lsops) -> None:
    permissions = sdk.organizations.permissions
    body = {"permission": "tasks.delete", "roles": ["OW", "RE"]}
    theirs = sent_by(lambda: permissions.replace(1, "tasks.delete", **body)) + sent_by(
        lambda: permissions.create(1, **body)
    )
    permissions.delete(1, "tasks.delete")
    lsops.write("version: 1\npermissions: {tasks.delete: [owner, reviewer]}\n")

    assert sent_by(lambda: lsops("apply", "--yes")) == theirs
    assert permissions.get(1, "tasks.delete").roles == ["OW", "RE"]


def test_tags_have_all_that_the_types_of_the_sdk_know(sdk: LabelStudio) -> None:
    tag = sdk.organizations.member_tags.create(1, label="nights")
    sdk.organizations.member_tags.bulk.post(1, labels=["days", "nights"])

    rows = sdk.organizations.member_tags.list(1).results
    assert missing(tag) | missing(tag.created_by) == set()
    assert [row.label for row in rows] == ["nights", "days"]
    assert sdk.organizations.member_tags.update(1, tag.id, label="late").label == "late"
    sdk.organizations.member_tags.delete(1, tag.id)
    with pytest.raises(ApiError):
        sdk.organizations.member_tags.get(1, tag.id)


def test_tags_are_given_as_the_sdk_gives_them_and_read_back(sdk: LabelStudio, lsops: Lsops) -> None:
    tag = sdk.organizations.member_tags.create(1, label="nights").id
    rules = {"all_": False, "included": [ANA, BEN], "excluded": [], "overwrite": True}
    assign = sdk.organizations.member_tags.assign
    theirs = sent_by(lambda: assign(1, **rules, bulk_organization_member_tag_assignment_request_tags=[tag]))
    assign(1, **rules, bulk_organization_member_tag_assignment_request_tags=[])
    lsops.write("version: 1\nmembers: {ana@example.com: {tags: [nights]}, ben@example.com: {tags: [nights]}}\n")

    assert sent_by(lambda: lsops("apply", "--yes")) == theirs
    rows = {row.user.email: row.tags for row in sdk.organizations.members.list(1).items}
    assert [[tag.label for tag in tags] for tags in rows.values()] == [[], ["nights"], ["nights"]]
