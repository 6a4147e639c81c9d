"""Connections to model providers, prompts and their versions, as somebody declares, changes and deletes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

from lsops.kinds.models.prompt_version import next_title
from tests.support.cli import Lsops
from tests.support.sandbox import client_of, served
from tests.support.wire import Sent, writes

TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = (
    '<View><Text name="t" value="$text"/><Choices name="topic" toName="t"><Choice value="Billing"/></Choices></View>'
)
AZURE = {"provider": "AzureOpenAI", "deployment_name": "gpt-4o", "endpoint": "https://ours.openai.azure.com/"}
VERSION = {"prompt": "Which is it? {text}", "provider": "AzureOpenAI", "provider_model_id": "gpt-4o"}
Whole = dict[str, Any]
Write = Callable[..., None]


def manifest() -> Whole:
    """A project, two connections, and a prompt with a version."""
    key = {"api_key": "${env:MODEL_KEY}"}
    prompt = {"input_fields": ["text"], "output_classes": ["Billing"], "associated_projects": ["Tickets"]}
    return {
        "version": 1,
        "workspaces": {"Text": {}},
        "projects": {"Tickets": {"workspace": "Text", "label_config": CONFIG}},
        "model_providers": {"OpenAI": {"provider": "OpenAI", **key}, "ours": {**AZURE, **key}},
        "prompts": {"Sort": {**prompt, "versions": {"v1": {**VERSION, "model_provider_connection": "ours"}}}},
    }


@pytest.fixture
def api(lsops: Lsops, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A sandbox at which the command line is aimed; a test that has a parameter of this name chooses unknown answers."""
    lsops.setenv(LSOPS_SERVER="sandbox:s.db", MODEL_KEY="sk-1")
    answers: Mapping[str, str] = getattr(request, "param", {})
    with client_of(lsops.folder / "s.db", edition="enterprise", unknown=answers) as client:
        yield client


@pytest.fixture
def applied(lsops: Lsops, api: httpx.Client) -> Whole:
    """The manifest, as it was applied."""
    whole = manifest()
    assert applies(lsops, whole).code == 0
    return whole


def wrote(lsops: Lsops, whole: Whole) -> None:
    lsops.write(json.dumps(whole, indent=1))


def applies(lsops: Lsops, whole: Whole, *flags: str) -> Any:
    wrote(lsops, whole)
    return lsops("apply", "--yes", *flags)


def planned(lsops: Lsops, whole: Whole) -> Any:
    wrote(lsops, whole)
    ran = lsops("plan", "--format", "json")
    return ran.json()


def id_of(api: httpx.Client, wanted: Whole) -> int:
    """The id of the connection that has these fields: which is made first is not said."""
    rows = api.get("/api/model-provider-connections/").json()
    (number,) = (row["id"] for row in rows if {**row, **wanted} == row)
    return int(number)


def ran_on_tasks(api: httpx.Client, number: int = 2) -> None:
    """Somebody runs the version on so many tasks."""
    api.post("/api/projects/1/import", json=[{"text": str(n)} for n in range(number)]).raise_for_status()
    api.post("/api/prompts/1/versions/1/inference-runs", json={"project": 1}).raise_for_status()


# ---- one plan, and a second one ------------------------------------------------------------------


def test_all_is_made_in_one_apply_and_nothing_is_run(lsops: Lsops, api: httpx.Client) -> None:
    with writes() as sent:
        ran = applies(lsops, manifest())

    assert ran.code == 0, ran
    assert {one.path for one in sent if "prompts" in one.path} == {"/api/prompts/", "/api/prompts/1/versions"}
    assert api.get("/api/prompts/1/versions").json()[0]["model_provider_connection"] == id_of(api, AZURE)
    assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("api", [{"prompts-list": "array"}], ids=["array"], indirect=True)
@pytest.mark.usefixtures("api")
def test_a_list_of_prompts_that_is_an_array_is_read_as_pages_are_elsewhere(lsops: Lsops, applied: Whole) -> None:
    assert planned(lsops, applied)["changes"] == []


def test_the_name_of_a_connection_is_only_the_entrys_own(lsops: Lsops, applied: Whole) -> None:
    applied["model_providers"]["renamed"] = applied["model_providers"].pop("ours")
    applied["prompts"]["Sort"]["versions"]["v1"]["model_provider_connection"] = "renamed"

    assert planned(lsops, applied)["changes"] == []


def test_another_endpoint_is_another_connection_and_by_its_id_the_same_with_its_key(
    lsops: Lsops, api: httpx.Client, applied: Whole
) -> None:
    number = id_of(api, AZURE)
    applied["model_providers"]["ours"]["endpoint"] = "https://new.openai.azure.com/"
    anew = planned(lsops, applied)["changes"]
    applied["model_providers"]["ours"]["lifecycle"] = {"id": number}

    with writes() as sent:
        ran = applies(lsops, applied)

    assert [change["action"] for change in anew] == ["create", "update"]
    assert ran.code == 0
    body = {"endpoint": "https://new.openai.azure.com/", "api_key": "sk-1"}
    assert sent == [Sent("PATCH", f"/api/model-provider-connections/{number}/", body)]


def test_two_entries_with_one_identity_are_refused_unless_their_scopes_differ(lsops: Lsops, applied: Whole) -> None:
    applied["model_providers"]["again"] = dict(applied["model_providers"]["OpenAI"])
    wrote(lsops, applied)
    same = lsops("validate")
    applied["model_providers"]["again"]["scope"] = "User"
    applied["model_providers"]["OpenAI"]["scope"] = "Organization"
    wrote(lsops, applied)

    assert "error[LS501]" in same.err
    assert "its identity (provider, deployment_name, endpoint" in same.err
    assert lsops("validate").code == 0


@pytest.mark.parametrize(
    ("api", "code", "told"),
    [
        ({"model-provider-twins": "refused"}, 4, "A connection of this provider exists."),
        ({"model-provider-twins": "taken"}, 0, "done create /model_providers/other"),
    ],
    ids=["refused", "taken"],
    indirect=["api"],
)
@pytest.mark.usefixtures("api")
def test_a_second_connection_of_a_provider_is_made_or_its_refusal_told(
    lsops: Lsops, applied: Whole, code: int, told: str
) -> None:
    entry = {"provider": "VertexAI", "google_application_credentials": "${env:GOOGLE}", "google_project_id": "one"}
    lsops.setenv(GOOGLE=json.dumps(dict.fromkeys(("private_key", "client_email", "token_uri"), "x") | GOOGLE))
    applied["model_providers"]["vertex"] = entry
    assert applies(lsops, applied).code == 0
    applied["model_providers"]["other"] = {**entry, "google_project_id": "two"}

    ran = applies(lsops, applied)

    assert ran.code == code
    assert told in ran.out + ran.err


GOOGLE = {"type": "service_account", "project_id": "p", "token_uri": "https://oauth2.googleapis.com/token"}


def test_connections_of_label_studios_own_are_neither_listed_nor_pruned(
    lsops: Lsops, api: httpx.Client, applied: Whole
) -> None:
    api.post("/api/model-provider-connections/", json={"provider": "Gemini", "is_internal": True}).raise_for_status()

    plan = planned(lsops, {**applied, "prune": ["model_providers"]})

    assert plan["changes"] == []
    assert plan["unmanaged"] == []


def test_a_version_that_runs_with_label_studios_own_connection_is_dumped_without_it(
    lsops: Lsops, api: httpx.Client
) -> None:
    own = api.post("/api/model-provider-connections/", json={"provider": "OpenAI", "is_internal": True}).json()["id"]
    api.post("/api/prompts/", json={"title": "Sort", "input_fields": ["t"], "output_classes": ["A"]})
    version = {"title": "v1", "prompt": "Which?", "provider_model_id": "gpt", "model_provider_connection": own}
    api.post("/api/prompts/1/versions", json=version).raise_for_status()

    lsops("dump", "-o", "dumped")

    assert "v1: {prompt: Which?, provider_model_id: gpt}" in (lsops.folder / "dumped/lsops.yaml").read_text("utf-8")
    assert lsops("plan", "dumped", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("declared", [True, False])
def test_where_connections_cannot_be_read_versions_that_name_one_are_not_planned(
    lsops: Lsops, applied: Whole, declared: bool
) -> None:
    whole = {"version": 1, "prompts": applied["prompts"]}
    if not declared:
        del whole["prompts"]["Sort"]["versions"]["v1"]["model_provider_connection"]
    wrote(lsops, whole)

    with served(lsops.folder / "s.db", faults=["GET /api/model-provider-connections/:403"], token=TOKEN) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LSOPS_SERVER=url, LABEL_STUDIO_API_KEY=TOKEN)
        ran = lsops("plan")

    assert ran.code == (1 if declared else 0), ran


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("project", "Ticket", 'there is no project "Ticket"'),
        ("connection", "our", 'there is no model provider "our"'),
        ("connection", "AzureOpenAI (deployment_name gpt-4o, endpoint https://ours.openai.azure.com/)", '"ours"'),
    ],
)
def test_a_name_that_means_nothing_is_refused_with_what_is_meant(
    lsops: Lsops, applied: Whole, place: str, value: str, told: str
) -> None:
    sort = applied["prompts"]["Sort"]
    if place == "project":
        sort["associated_projects"] = [value]
    else:
        sort["versions"]["v1"]["model_provider_connection"] = value
    wrote(lsops, applied)

    ran = lsops("plan")

    assert ran.code == 3
    assert "error[LS504]" in ran.err
    assert told in ran.err


def test_several_projects_of_one_title_are_told_by_their_ids(lsops: Lsops, api: httpx.Client, applied: Whole) -> None:
    for title in ("Same", "Same"):
        api.post("/api/projects/", json={"title": title, "workspace": 2}).raise_for_status()
    applied["prompts"]["Sort"]["associated_projects"] = ["Same"]
    wrote(lsops, applied)

    ran = lsops("plan")

    assert 'error[LS502]: several projects are called "Same": ids 2, 3' in ran.err


def test_a_renamed_project_is_the_same_to_its_prompts(lsops: Lsops, applied: Whole) -> None:
    applied["projects"]["Letters"] = {**applied["projects"].pop("Tickets"), "lifecycle": {"renamed_from": "Tickets"}}
    applied["prompts"]["Sort"]["associated_projects"] = ["Letters"]

    plan = planned(lsops, applied)

    assert [change["address"] for change in plan["changes"]] == ["/projects/Letters"]


def test_a_version_with_another_providers_connection_is_warned_of(lsops: Lsops, applied: Whole) -> None:
    applied["prompts"]["Sort"]["versions"]["v1"]["model_provider_connection"] = "OpenAI"

    (warning,) = planned(lsops, applied)["warnings"]

    assert warning["code"] == "LS551"
    assert warning["message"] == "the version is for AzureOpenAI, and the model provider OpenAI is OpenAI"


# ---- versions are never edited -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [("prompt", "Another text"), ("provider_model_id", "gpt-5")],
)
def test_what_a_version_is_never_changes_and_the_next_title_is_said(
    lsops: Lsops, applied: Whole, field: str, value: Any
) -> None:
    applied["prompts"]["Sort"]["versions"] |= {"v2": VERSION}
    applied["prompts"]["Sort"]["versions"]["v1"][field] = value

    with writes() as sent:
        ran = applies(lsops, applied)

    assert (ran.code, sent) == (3, [])
    assert f"error[LS550]: {field} of the version 1 would change" in ran.err
    assert 'write it as a new version, such as "v3"' in ran.err


@pytest.mark.parametrize(
    ("title", "taken", "following"),
    [("v1", (), "v2"), ("v1", ("v2", "v3"), "v4"), ("Short", (), "Short 2"), ("9", ("10",), "11")],
)
def test_the_title_after_this_one_counts_on(title: str, taken: tuple[str, ...], following: str) -> None:
    assert next_title(title, taken) == following


def test_a_version_that_was_edited_by_hand_can_be_left_alone(lsops: Lsops, api: httpx.Client, applied: Whole) -> None:
    api.patch("/api/prompts/1/versions/1", json={"prompt": "By hand"}).raise_for_status()
    wrote(lsops, applied)
    refused = lsops("plan")
    applied["prompts"]["Sort"]["versions"]["v1"]["lifecycle"] = {"ignore": ["prompt"]}

    assert "error[LS550]" in refused.err
    assert planned(lsops, applied)["changes"] == []


def test_a_new_text_is_a_new_version_beside_the_old_one(lsops: Lsops, api: httpx.Client, applied: Whole) -> None:
    applied["prompts"]["Sort"]["versions"] = {"v2": {**VERSION, "prompt": "Another text"}}

    plan = planned(lsops, applied)

    assert [(one["action"], one["address"]) for one in plan["changes"]] == [("create", "/prompts/Sort/versions/v2")]


# ---- what a delete takes along -------------------------------------------------------------------


def test_a_version_with_predictions_is_deleted_only_with_consent(
    lsops: Lsops, api: httpx.Client, applied: Whole
) -> None:
    ran_on_tasks(api)
    applied["prompts"]["Sort"]["versions"]["v1"]["lifecycle"] = {"absent": True}

    refused = applies(lsops, applied, "--allow-deletes", "1")
    done = lsops("apply", "--yes", "--allow-deletes", "1", "--allow-data-loss", "/prompts/Sort/versions/v1")

    assert refused.code == 5
    assert "/prompts/Sort/versions/v1: deletes 2 predictions" in refused.err
    assert done.code == 0
    assert api.get("/api/predictions/").json() == []


@pytest.mark.parametrize(
    ("api", "left"),
    [({"prompt-delete-predictions": "deleted"}, 0), ({"prompt-delete-predictions": "kept"}, 2)],
    ids=["deleted", "kept"],
    indirect=["api"],
)
def test_a_prompt_needs_the_same_consent_whatever_becomes_of_its_predictions(
    lsops: Lsops, api: httpx.Client, applied: Whole, left: int
) -> None:
    ran_on_tasks(api)
    applied["prompts"] = {"Sort": {"lifecycle": {"absent": True}}}
    (change,) = planned(lsops, applied)["changes"]

    refused = applies(lsops, applied, "--allow-deletes", "1")
    done = lsops("apply", "--yes", "--allow-deletes", "1", "--allow-data-loss", "/prompts/Sort")

    assert change["destroys"] == {"versions": 1, "predictions": 2}
    assert "deletes 1 version, 2 predictions" in refused.err
    assert done.code == 0
    assert len(api.get("/api/predictions/").json()) == left


def test_the_delete_of_a_connection_says_which_versions_lose_it(lsops: Lsops, applied: Whole) -> None:
    del applied["prompts"]
    del applied["model_providers"]["ours"]

    (change,) = planned(lsops, {**applied, "prune": ["model_providers"]})["changes"]

    assert change["action"] == "delete"
    assert change["effects"] == ["1 version of a prompt loses the connection: Sort/v1"]


@pytest.mark.parametrize("rules", [{"lifecycle": {"absent": True}}, {"model_provider_connection": "OpenAI"}])
def test_a_version_that_goes_or_moves_away_in_the_same_plan_loses_nothing(
    lsops: Lsops, applied: Whole, rules: Whole
) -> None:
    applied["prompts"]["Sort"]["versions"]["v1"] = {**VERSION, **rules}
    applied["model_providers"]["ours"]["lifecycle"] = {"absent": True}

    changes = planned(lsops, applied)["changes"]

    assert [change["effects"] for change in changes] == [[], []]


# ---- dump and adopt ------------------------------------------------------------------------------


def test_a_dump_plans_empty_and_names_connections_as_its_entries_do(lsops: Lsops, applied: Whole) -> None:
    assert lsops("dump", "-o", "dumped").code == 0
    text = (lsops.folder / "dumped/lsops.yaml").read_text("utf-8")

    assert "model_provider_connection: AzureOpenAI gpt-4o ours.openai.azure.com" in text
    assert "api_key: ${env:SECRET_OPENAI_API_KEY}" in text
    assert lsops("plan", "dumped", "--detailed-exitcode").code == 0


def test_a_connection_and_a_prompt_are_adopted_with_all_below(lsops: Lsops, applied: Whole) -> None:
    text = f"version: 1\nprojects: {json.dumps(applied['projects'])}\nmodel_providers: {{}}\nprompts: {{}}\n"
    lsops.write(text)

    ran = lsops("adopt", "/model_providers/**", "/prompts/**")

    assert ran.code == 0, ran
    assert lsops("plan", "--detailed-exitcode").code == 0
