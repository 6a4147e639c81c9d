"""The official SDK drives the project templates of the sandbox; what lsops sends are its parameters."""

from __future__ import annotations

import inspect

import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.project_templates.client import ProjectTemplatesClient

from lsops.schema import kinds, of_server
from tests.sdk.conftest import check_type
from tests.support.cli import Lsops
from tests.support.sandbox import client_of
from tests.support.wire import writes

DECLARED = {
    "description": "for every ward",
    "custom_script": "console.log(1)",
    "require_comment_on_skip": True,
    "show_unused_data_columns_to_annotators": False,
    "tags": ["ward"],
    "project_settings": {"maximum_annotations": 3},
    "review_settings": {"require_comment_on_reject": True},
    "assignment_settings": {"label_stream_task_distribution": "assigned_only"},
}
METHODS = {
    ("POST", True): ProjectTemplatesClient.create,
    ("PATCH", True): ProjectTemplatesClient.update,
    ("POST", False): ProjectTemplatesClient.create_project_from_template,
}
OURS = {"created_by", "organization"}
"""What the SDK takes and no manifest sets: the server keeps them."""


@pytest.mark.parametrize("edition", ["enterprise"], indirect=True)
def test_a_template_lives_from_create_to_delete(sdk: LabelStudio) -> None:
    made = sdk.project_templates.create(name="First", project_id=1, **DECLARED)
    check_type(made, absent=set())
    assert {name: getattr(sdk.project_templates.get(id=made.id), name) for name in DECLARED} == DECLARED
    assert sdk.project_templates.update(id=made.id, name="Second", project_id=1).name == "Second"
    project = sdk.project_templates.create_project_from_template(id=made.id, title="Ward", workspace_id=1)
    assert (project.title, project.maximum_annotations) == ("Ward", 3)
    sdk.project_templates.delete(id=made.id)
    assert sdk.project_templates.list() == []


def test_every_field_of_a_template_is_a_parameter_of_the_sdk() -> None:
    ours = {"project_id" if name == "project" else name for name in of_server(kinds()["project_template"].fields())}
    for method in (ProjectTemplatesClient.create, ProjectTemplatesClient.update):
        assert parameters(method) == ours | OURS


def test_every_request_of_an_apply_is_one_that_the_sdk_could_send(lsops: Lsops) -> None:
    lsops.setenv(LSOPS_SERVER="sandbox:sandbox.db")
    template = {"project": "Model", **DECLARED}
    projects = {"Model": {"workspace": "W"}, "Ward": {"workspace": "W", "from_template": "T", "description": "new"}}
    lsops.write(
        str({"version": 1, "workspaces": {"W": {}}, "project_templates": {"T": template}, "projects": projects})
    )
    with client_of(lsops.folder / "sandbox.db") as api, writes() as sent:
        assert lsops("apply", "--yes").code == 0
        held = api.get("/api/project-templates/").json()[0]
    mine = [one for one in sent if one.path.startswith("/api/project-templates/")]
    assert len(mine) == 3
    for one in mine:
        method = METHODS[one.method, not one.path.endswith("create-project")]
        inspect.signature(method).bind(None, **({} if one.path.endswith("/") else {"id": 1}), **one.body)
    assert {name: held[name] for name in ("description", "tags")} == {
        name: DECLARED[name] for name in ("description", "tags")
    }


def parameters(method: object) -> set[str]:
    return set(inspect.signature(method).parameters) - {"self", "id", "request_options"}  # type: ignore[arg-type]
