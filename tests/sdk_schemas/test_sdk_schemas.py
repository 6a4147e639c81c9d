"""Every field that a manifest may set against the parameters of the official SDK's request methods, both ways."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from label_studio_sdk import LabelStudio
from label_studio_sdk.types import OrganizationRoleEnum

from lsops.kinds.organization import DEFAULTS
from lsops.normalize import role_code
from lsops.schema import kinds, of_server

EXCEPTIONS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "exceptions.yaml").read_text("utf-8"))

CLIENT = LabelStudio(base_url="http://127.0.0.1:9", api_key="unused")

SPELT = {"s3endpoint": "s3_endpoint"}
"""Parameters whose name is not that of the field which they send."""

CALLED = {"localfiles": "local"}
"""Types of storages that the SDK calls otherwise."""

STORAGES = [(side, type_) for side in ("import", "export") for type_ in kinds()[f"{side}_storage"].variants]
METHODS = ("create", "update")


def parameters(method: Callable[..., Any]) -> set[str]:
    """The fields that a method sends in its body."""
    names = set(inspect.signature(method).parameters) - {"request_options", "id"}
    return {SPELT.get(name, name) for name in names}


def methods_of(side: str, type_: str) -> Any:
    return getattr(getattr(CLIENT, f"{side}_storage"), CALLED.get(type_, type_))


def fields_of(kind: str, type_: str = "") -> set[str]:
    return set(of_server(kinds()[kind].fields(type_)))


def excepted(which: str, side: str, type_: str) -> set[str]:
    groups = EXCEPTIONS["storages"][which]
    return {name for group in ("*", type_, f"{side} {type_}") for name in groups.get(group, {})}


def required(method: Callable[..., Any]) -> set[str]:
    given = inspect.signature(method).parameters.values()
    return {SPELT.get(item.name, item.name) for item in given if item.default is inspect.Parameter.empty}


def test_the_sdk_knows_no_type_of_storage_that_the_schemas_lack():
    for side in ("import", "export"):
        client = getattr(CLIENT, f"{side}_storage")
        known = {name for name in dir(client) if hasattr(getattr(client, name, None), "create")}
        ours = {CALLED.get(type_, type_) for type_ in kinds()[f"{side}_storage"].variants}
        assert known == ours


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("side", "type_"), STORAGES)
def test_every_field_of_a_storage_is_a_parameter(side, type_, method):
    missing = fields_of(f"{side}_storage", type_) - parameters(getattr(methods_of(side, type_), method))
    assert missing == excepted("only_schema", side, type_)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("side", "type_"), STORAGES)
def test_every_parameter_of_a_storage_is_a_field(side, type_, method):
    sent = parameters(getattr(methods_of(side, type_), method))
    assert sent - fields_of(f"{side}_storage", type_) == excepted("only_sdk", side, type_) & sent


@pytest.mark.parametrize(("side", "type_"), STORAGES)
def test_what_the_sdk_requires_is_required(side, type_):
    needed = required(methods_of(side, type_).create) - {"project"}
    assert needed <= set(kinds()[f"{side}_storage"].documents[type_]["required"])


@pytest.mark.parametrize("side", ["import", "export"])
def test_no_exception_of_storages_is_out_of_date(side):
    sent = {type_: parameters(methods_of(side, type_).create) for at, type_ in STORAGES if at == side}
    for group, names in EXCEPTIONS["storages"]["only_sdk"].items():
        at, _, type_ = group.rpartition(" ")
        if group == "*":
            assert set(names) <= set().union(*sent.values())
        elif at in ("", side):
            assert set(names) <= sent[type_] - fields_of(f"{side}_storage", type_)


# ---- other kinds -------------------------------------------------------------------------------


def test_a_project_that_is_updated_has_the_fields_of_the_sdk():
    sent = parameters(CLIENT.projects.update)
    by_title = set(EXCEPTIONS["project"]["only_schema"])
    assert fields_of("project") - sent - by_title == set(EXCEPTIONS["project"]["update"]["only_schema"])
    assert sent - fields_of("project") == set(EXCEPTIONS["project"]["update"]["only_sdk"])


def test_a_project_that_is_created_has_the_fields_of_the_sdk():
    sent = parameters(CLIENT.projects.create)
    later = {name for name, field in kinds()["project"].fields().items() if not field.create}
    assert fields_of("project") - sent - set(EXCEPTIONS["project"]["only_schema"]) == later
    assert sent - fields_of("project") == set(EXCEPTIONS["project"]["create"]["only_sdk"])


def test_the_session_policy_has_the_fields_of_the_sdk():
    assert fields_of("session_policy") == parameters(CLIENT.session_policy.update)


@pytest.mark.parametrize("name", ["saml", "scim"])
def test_the_settings_of_an_identity_provider_have_the_fields_of_the_sdk(name):
    assert fields_of(name) == parameters(getattr(CLIENT.sso, name).update)


def test_the_jwt_settings_have_the_fields_of_the_sdk():
    assert fields_of("jwt_settings") == parameters(CLIENT.jwt_settings.update)


def test_the_organization_has_the_fields_of_both_its_methods_and_sends_each_where_it_belongs():
    own = parameters(CLIENT.organizations.update)
    defaults = parameters(CLIENT.organizations.update_default_role)
    exceptions = EXCEPTIONS["organization"]
    assert fields_of("organization") - own - defaults == set(exceptions["only_schema"])
    assert (own | defaults) - fields_of("organization") == set(exceptions["only_sdk"])
    assert set(exceptions["only_schema"]) <= DEFAULTS
    assert defaults - own - set(exceptions["only_sdk"]) == DEFAULTS - set(exceptions["only_schema"])


PEOPLE = {
    "member": CLIENT.organizations.members.update,
    "member_tag": CLIENT.organizations.member_tags.create,
    "permission": CLIENT.organizations.permissions.replace,
    "workspace_member": CLIENT.workspaces.members.bulk.post,
    "project_member": CLIENT.projects.members.bulk.post,
}


@pytest.mark.parametrize("kind", PEOPLE)
def test_people_have_the_fields_of_the_sdk(kind):
    sent, exceptions = parameters(PEOPLE[kind]), EXCEPTIONS[kind]
    fields = fields_of(kind) - (sent & set(exceptions["only_sdk"]))
    assert fields - sent == set(exceptions["only_schema"])
    assert sent - fields == set(exceptions["only_sdk"])


def test_the_roles_of_a_permission_are_those_of_the_sdk():
    words = kinds()["permission"].fields()["roles"].raw["items"]["enum"]
    (codes,) = (part for part in get_args(OrganizationRoleEnum) if get_args(part))
    assert {role_code(word) for word in words} == set(get_args(codes))
