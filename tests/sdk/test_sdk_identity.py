"""The official SDK with the settings of an identity provider: it drives the sandbox, and reads what lsops wrote."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio, ProjectGroupRequest

from tests.support.cli import Lsops
from tests.support.sandbox import served
from tests.support.wire import writes

TOKEN = "0123456789abcdef0123456789abcdef01234567"
MANIFEST = """
version: 1
workspaces: {Radiology: {}}
projects: {Chest: {workspace: Radiology}}
scim: &groups
  roles_groups: [{role: manager, group: leads}]
  workspaces_groups: [{workspace: Radiology, group: rays}]
  projects_groups: [{project: Chest, group: rays, role: annotator}]
  user_type_groups: [{user_type: flex, group: rays}]
saml:
  <<: *groups
  domain: clinic.example
  idp_provider: okta
  manual_role_management: true
  mapping_email: mail
  mapping_first_name: given
  mapping_groups: groups
  mapping_last_name: family
  metadata_url: https://idp.clinic.example/metadata
  metadata_xml: <EntityDescriptor/>
"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path / "s.db", token=TOKEN) as url:
        yield url


@pytest.fixture
def sdk(url: str) -> Iterator[LabelStudio]:
    with httpx.Client(timeout=30) as http:
        yield LabelStudio(base_url=url, api_key=TOKEN, httpx_client=http)


def missing(answer: Any) -> set[str]:
    return set(type(answer).model_fields) - answer.model_fields_set


def test_the_sdk_reads_and_writes_both_settings(sdk: LabelStudio) -> None:
    workspace = sdk.workspaces.create(title="Radiology")
    project = sdk.projects.create(title="Chest", workspace=workspace.id)
    group = ProjectGroupRequest(group="rays", project_id=project.id, role="Inherit")
    scim = sdk.sso.scim.update(projects_groups=[group], workspaces_groups=[["Radiology", "rays"]])
    saml = sdk.sso.saml.update(domain="clinic.example", roles_groups=[["Reviewer", "rays"]])

    assert (scim.projects_groups[0].project_id, saml.roles_groups) == (project.id, [["Reviewer", "rays"]])
    assert missing(sdk.sso.saml.get()) | missing(sdk.sso.scim.get()) == set()
    assert sdk.sso.saml.validate_metadata_url(metadata_url="https://idp.clinic.example/").valid
    sdk.sso.saml.reset()
    assert (sdk.sso.saml.get().domain, sdk.sso.scim.get().projects_groups) == ("", None)


def test_the_sdk_reads_back_what_was_declared_and_would_have_sent_the_same(
    lsops: Lsops, sdk: LabelStudio, url: str
) -> None:
    lsops.setenv(LSOPS_SERVER=url, LABEL_STUDIO_API_KEY=TOKEN)
    lsops.write(MANIFEST)

    with writes() as sent:
        assert lsops("apply", "--yes").code == 0

    bodies = {one.path.split("/")[2]: one.body for one in sent if one.path.endswith("/settings")}
    for name, client in {"saml": sdk.sso.saml, "scim": sdk.sso.scim}.items():
        assert bodies[name].keys() <= inspect.signature(client.update).parameters.keys()
        (group,) = bodies[name]["projects_groups"]
        assert ProjectGroupRequest(**group).model_dump() == group
        shown = client.get().model_dump()
        assert {field: shown[field] for field in bodies[name]} == bodies[name]
    assert lsops("plan", "--detailed-exitcode").code == 0
