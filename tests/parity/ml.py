"""ML backends in the script: `{up}` is one that answers, `{guarded}` wants a user, `{broken}` fails its set-up.

The real server talks to stand-ins on this machine; for the sandbox they are names like any other.
"""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step
from tests.parity.storages import gets, methods, patches, posts

M = "/api/ml/"
ONE = "/api/ml/{ml}"
USER = {"auth_method": "BASIC_AUTH", "basic_auth_user": "u", "basic_auth_pass": "secret"}
UP = {"project": "{p}", "url": "{up}"}
HOOKS = "/api/webhooks/?project={p}"
PROJECT = "/api/projects/{p}/?include=model_version,show_collab_predictions"


def fields(name: str, *values: Any) -> list[dict[str, Any]]:
    return [{"project": "{q}", "url": "{up}/fields", name: value} for value in values]


STRANGE = [
    *gets(M, *(f"{M}?project={value}" for value in ("", "abc", "999999", "-1", "{p}")), M.rstrip("/")),
    *gets("/api/ml/999999", "/api/ml/999999/", "/api/ml/abc", "/api/ml/999999/versions"),
    *patches("/api/ml/999999", {"title": "x"}),
    *posts("/api/ml/999999/train", {}),
    Step("delete nothing", "DELETE", "/api/ml/999999"),
    *methods(
        ("PUT", M), ("PATCH", M), ("DELETE", M), ("POST", ONE), ("GET", f"{ONE}/train"), ("POST", f"{ONE}/versions")
    ),
    *gets(f"{ONE}/", f"{ONE}/versions/"),
]

CREATES = [
    *posts(M, {}, [], "x", {"url": "{up}"}, {"project": "{p}"}, {"project": "{p}", "url": ""}),
    *posts(
        M,
        *(
            {"project": "{p}", "url": value}
            for value in (None, 5, " ", "x", "http://", "http://x:99999", "ftp://127.0.0.1/x", "127.0.0.1:1")
        ),
    ),
    *posts(M, *({"url": "{up}", "project": value} for value in (None, 999999, "x", True, []))),
    *posts(M, {"project": "{p}", "url": "http://127.0.0.1:1"}, {"project": "{p}", "url": "http://127.0.0.1:1/a/ "}),
    *posts(M, {"project": "{p}", "url": "{broken}"}, {"project": "{p}", "url": "{guarded}"}),
    *posts(
        M,
        *(
            {"project": "{p}", "url": "{guarded}", **auth}
            for auth in (
                {"auth_method": "BASIC_AUTH"},
                {"auth_method": "BASIC_AUTH", "basic_auth_user": "u"},
                {"auth_method": "BASIC_AUTH", "basic_auth_pass": "secret"},
                {**USER, "basic_auth_pass": ""},
                {**USER, "basic_auth_pass": None},
                {**USER, "basic_auth_user": ""},
                {**USER, "basic_auth_user": None},
                {"auth_method": "bogus", "basic_auth_user": "u"},
                {"auth_method": None},
                {"auth_method": ""},
                {"basic_auth_pass": ""},
            )
        ),
    ),
    *gets(f"{M}?project={{p}}", HOOKS, PROJECT),
]

FIELDS = [
    *posts(M, *fields("timeout", 7, "8.5", None, "x", "", True, 0, -1, [])),
    *posts(M, *fields("title", "", None, " padded ", 5, [])),
    *posts(M, *fields("description", None, " padded ", [])),
    *posts(M, *fields("extra_params", None, {}, [], "x", 5, {"a": {"b": [None]}})),
    *posts(M, *fields("is_interactive", True, "on", None, "x")),
    *posts(M, *fields("auto_update", False, None)),
    *posts(M, *fields("model_version", "mine", None, "", 5)),
    *posts(M, {**UP, "project": "{q}", "auto_update": False, "model_version": "mine"}),
    *posts(M, *fields("state", "TR", "XX", None, "")),
    *posts(M, *fields("error_message", "x", None)),
    *posts(M, *fields("basic_auth_user", "u", None)),
    *posts(M, *fields("basic_auth_pass", "secret")),
    *posts(M, *fields("basic_auth_pass_is_set", True)),
    *gets(*(f"{M}?project={{q}}&is_interactive={value}" for value in ("true", "false", "True", "1", "x", ""))),
    *gets("/api/webhooks/?project={q}"),
    Step("several wrong fields", "POST", M, {"url": "", "project": 999999, "timeout": "x", "auth_method": "x"}),
]

LIFE = [
    Step("create", "POST", M, {**UP, "url": " {up}/ ", "title": "First"}, save="ml"),
    *gets(ONE, f"{M}?project={{p}}", HOOKS, PROJECT, f"{ONE}/versions"),
    Step("create its double", "POST", M, {**UP, "title": "First"}, save="double"),
    Step("create one with a user", "POST", M, {"project": "{p}", "url": "{guarded}", **USER}, save="own"),
    Step("create another address", "POST", M, {**UP, "url": "{up}/sub//", "title": "Second"}, save="second"),
    # A host that is no host in a webhook's URL; the sandbox makes the version of it.
    Step("create without a webhook", "POST", M, {**UP, "url": "{odd}"}, save="odd", masked=("model_version",)),
    Step("delete it", "DELETE", "/api/ml/{odd}"),
    *gets(HOOKS, PROJECT, "/api/ml/{own}", "/api/ml/{own}/versions"),
    *patches(
        ONE,
        {},
        {"title": "x"},
        {"url": "{up}"},
        {"project": "{p}"},
        {"auth_method": "BASIC_AUTH"},
        {"url": "{up}", "project": "{p}", "auth_method": "BASIC_AUTH"},
        {"url": "http://127.0.0.1:1", "project": "{p}"},
        {"url": "{broken}", "project": "{p}"},
        {"url": "{guarded}", "project": "{p}"},
        {**UP, "basic_auth_pass": ""},
        {**UP, "timeout": None},
        {**UP, "timeout": 9},
        {**UP, "description": " d ", "extra_params": {"a": 1}, "is_interactive": True},
        {**UP, "url": " {up}/moved "},
        {**UP, "auto_update": False, "model_version": "mine"},
        {**UP, "auto_update": False},
        {**UP, "auto_update": True},
        {**UP, "state": "TR", "error_message": "x"},
        [],
    ),
    *gets(HOOKS, PROJECT),
    *patches(
        "/api/ml/{own}",
        {"url": "{guarded}", "project": "{p}"},
        {"url": "{guarded}", "project": "{p}", "auth_method": "BASIC_AUTH"},
        {"url": "{guarded}", "project": "{p}", **USER, "basic_auth_pass": ""},
        {"url": "{guarded}", "project": "{p}", **USER, "basic_auth_pass": None},
        {"url": "{guarded}", "project": "{p}", **USER, "basic_auth_pass": "denied-wrong"},
        {"url": "{guarded}", "project": "{p}", "basic_auth_user": "u", "basic_auth_pass": ""},
        {
            "url": "{guarded}",
            "project": "{p}",
            "auth_method": "NONE",
            "basic_auth_user": "u",
            "basic_auth_pass": "secret",
        },
    ),
    Step("put", "PUT", ONE, UP),
    Step("put too little", "PUT", ONE, {"url": "{up}"}),
    Step("train", "POST", f"{ONE}/train", {}),
    *gets(ONE),
]

VERSION = [
    *patches(
        "/api/projects/{p}/", {"model_version": "fake-1"}, {"model_version": "Second"}, {"model_version": "First"}
    ),
    *patches(ONE, {**UP, "title": "Renamed"}),
    *gets(PROJECT),
    *patches("/api/ml/{double}", {**UP, "title": "Other"}),
    *gets(PROJECT),
    Step("delete another", "DELETE", "/api/ml/{second}"),
    *gets(PROJECT, HOOKS),
    Step("delete", "DELETE", ONE),
    Step("delete again", "DELETE", ONE),
    *gets(ONE, HOOKS),
    # The project forgets the title only on a server that deleted a backend before its first project.
    Step("forget it", "PATCH", "/api/projects/{p}/", {"model_version": ""}),
    *patches("/api/projects/{p}/", {"model_version": "Renamed"}, {"model_version": "Other"}),
    *patches("/api/projects/{p}/", {"show_collab_predictions": False}),
    Step("create where none is shown", "POST", M, {**UP, "title": "Third"}, save="third"),
    *gets(PROJECT),
    *patches("/api/projects/{p}/", {"show_collab_predictions": True}),
    Step("rename it to nothing", "PATCH", "/api/ml/{third}", {**UP, "title": ""}),
    Step("and to something", "PATCH", "/api/ml/{third}", {**UP, "title": "Fourth"}),
    *gets(PROJECT),
    Step("name it null", "PATCH", "/api/ml/{third}", {**UP, "title": None}),
    *gets(PROJECT),
    Step("name it again", "PATCH", "/api/ml/{third}", {**UP, "title": "Fifth"}),
    *gets(PROJECT),
    Step("move it", "PATCH", "/api/ml/{third}", {"project": "{q}", "url": "{up}", "title": "Moved"}),
    *gets(PROJECT, f"{M}?project={{p}}", "/api/projects/{q}/?include=model_version"),
]

ML = [
    Step("a project for ML backends", "POST", "/api/projects/", {"title": "Parity models"}, save="p"),
    Step("another one", "POST", "/api/projects/", {"title": "Parity models too"}, save="q"),
    *CREATES,
    *LIFE,
    *STRANGE,
    *VERSION,
    *FIELDS,
    Step("delete their project", "DELETE", "/api/projects/{p}/"),
    *gets("/api/ml/{own}", f"{M}?project={{p}}", HOOKS),
    Step("delete the other one", "DELETE", "/api/projects/{q}/"),
]
