"""Storages in the script: localfiles on both sides in full, and what of the clouds' types needs no cloud.

`{folder}` is a folder below `{root}`, the data folder of the real server, which the sandbox is told of.
"""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step

S = "/api/storages/"
E = "/api/storages/export"
TYPES = ("s3", "gcs", "azure", "redis", "localfiles")
ENTERPRISE = ("s3s", "gcswif", "gcs_sa", "azure_spi", "databricks")
NOWHERE = {"project": "{p}", "host": "127.0.0.1", "port": 1}
# Within the folder of the server's files, that folder itself, and outside of it.
PLACES = (
    *("{root}", "/usr", "{root}/../..", "{root}/", "{folder}/..", "{folder}/../..", "{folder}/../parity", "{folder}/"),
    *("/", "//usr", "no-such-folder", "", None, "{root}/missing-one"),
)
LOCAL = {"project": "{p}", "path": "{folder}"}


def gets(*paths: str) -> list[Step]:
    return [Step(f"get {path}", "GET", path) for path in paths]


def posts(path: str, *bodies: Any) -> list[Step]:
    return [Step(f"post {path} {str(body)[:90]}", "POST", path, body) for body in bodies]


def patches(path: str, *bodies: Any) -> list[Step]:
    return [Step(f"patch {path} {str(body)[:90]}", "PATCH", path, body) for body in bodies]


def methods(*calls: tuple[str, str]) -> list[Step]:
    return [Step(f"{method} {path}", method, path, {}) for method, path in calls]


def life(lists: str, root: str) -> list[Step]:
    """A localfiles storage of one side, from its create to its end; `root` is what its own paths begin with."""
    mine = f"{root}/{{s}}"
    return [
        *posts(
            lists,
            {},
            [],
            {"project": 999999, "path": "{folder}"},
            {"project": None, "path": "{folder}"},
            {"project": "x", "path": "{folder}"},
            {"project": "{p}"},
            {"project": "{p}", "path": ""},
            {"project": "{p}", "path": "   "},
            {"project": "{p}", "path": None},
            {"project": "{p}", "path": 5},
            {"project": "{p}", "path": "missing-relative"},
            {"project": "{p}", "path": "{folder}/missing-one"},
            {**LOCAL, "title": "x" * 257},
            {**LOCAL, "synchronizable": "maybe", "use_blob_urls": None, "recursive_scan": "x", "can_delete_objects": 7},
            {**LOCAL, "status": "gone", "last_sync_count": -1, "last_sync": "x", "last_sync_job": "x" * 257},
        ),
        Step("create", "POST", lists, {**LOCAL, "title": " A "}, save="s"),
        *gets(mine, mine),
        Step(
            "create with all",
            "POST",
            lists,
            {
                "project": "{p}",
                "path": "  {folder}//inner///  ",
                "title": None,
                "description": "  words \n",
                "regex_filter": "([",
                "use_blob_urls": "true",
                "synchronizable": 0,
                "recursive_scan": True,
                "can_delete_objects": True,
                "type": "s3",
                "unknown": 1,
                "id": 77,
                "created_at": "2020-01-01T00:00:00Z",
                "presign": False,
            },
            save="t",
        ),
        Step(
            "create with the server's own keys",
            "POST",
            lists,
            {
                **LOCAL,
                "status": "failed",
                "last_sync_count": 7,
                "traceback": " t ",
                "meta": {"a": 1},
                "last_sync_job": "j",
            },
            save="u",
        ),
        *gets(f"{root}/{{t}}", f"{root}/{{u}}", f"{lists}?project={{p}}", f"{mine}/", f"{mine}/sync"),
        *patches(
            mine,
            {},
            {"title": "B"},
            {"path": None, "title": "B"},
            {"path": ""},
            {"path": "{folder}/missing-one"},
            {**LOCAL, "title": "C", "description": ""},
            {"path": "{folder}\\inner\\", "description": None},
            {"path": "{folder}", "title": ""},
            {"path": "{folder}", "project": None},
            {"path": "{folder}", "project": 999999},
            {"path": "{folder}", "project": "{q}"},
            {"path": "{folder}", "project": "{p}", "type": "s3", "id": 5, "created_at": None},
            {"path": "{folder}", "status": "completed", "meta": None, "last_sync_count": 3, "last_sync": "2025-01-02"},
            {"path": "{folder}", "status": "initialized", "meta": {}, "last_sync_count": None, "last_sync": None},
            {"path": "{folder}", "use_blob_urls": None},
            {"path": "{folder}", "synchronizable": None},
            {"path": "{folder}", "recursive_scan": None, "can_delete_objects": None},
            {"path": "{folder}", "recursive_scan": True, "can_delete_objects": False},
            [],
            "x",
        ),
        Step("put", "PUT", mine, {**LOCAL, "title": "Put"}),
        Step("put too little", "PUT", mine, {"title": "Put"}),
        *gets(mine),
        *posts(f"{mine}/sync", {}),
        *gets(mine),
        *posts(f"{mine}/sync", {}),
        *posts(f"{root}/{{t}}/sync", {}),
        *posts(f"{root}/{{u}}/sync", {}),
        *posts(
            f"{root}/validate",
            LOCAL,
            {"path": "{folder}"},
            {"project": "{p}"},
            {"project": "{p}", "path": "{folder}/missing-one"},
            {**LOCAL, "id": 999999},
            {**LOCAL, "id": "abc"},
            {**LOCAL, "id": None},
            [],
        ),
        Step("validate and save", "POST", f"{root}/validate", {**LOCAL, "id": "{s}", "title": "By validate"}),
        Step("validate and reset", "POST", f"{root}/validate", {**LOCAL, "id": "{t}"}),
        *gets(mine, f"{root}/{{t}}"),
        *methods(
            ("PUT", lists),
            ("PATCH", lists),
            ("DELETE", lists),
            ("POST", mine),
            ("GET", f"{mine}/sync"),
            ("GET", f"{root}/validate"),
        ),
        Step("delete", "DELETE", mine),
        Step("delete again", "DELETE", mine),
        *gets(mine, f"{lists}?project={{p}}"),
        Step("create after it", "POST", lists, LOCAL, save="s"),
    ]


def strangers(lists: str, root: str) -> list[Step]:
    """Lists without a good project, and what is not there."""
    return [
        *gets(lists, f"{lists}?project=", f"{lists}?project=abc", f"{lists}?project=999999", f"{lists}?project={{q}}"),
        *gets(f"{root}/999999", f"{root}/999999/", f"{root}/abc", lists.rstrip("/"), f"{root}/"),
        *patches(f"{root}/999999", {"title": "x"}),
        *posts(f"{root}/999999/sync", {}),
        Step(f"delete {root}/999999", "DELETE", f"{root}/999999"),
    ]


BUCKETS = [
    Step("s3 without a bucket", "POST", f"{S}s3/", {"project": "{p}"}, save="bare"),
    *gets(f"{S}s3/{{bare}}"),
    *posts(f"{S}s3/", {"project": "{p}", "bucket": "UPPER bad!"}, {"project": "{p}", "bucket": "x" * 256}),
    *posts(f"{S}s3/", {"project": "{p}", "presign": None, "presign_ttl": -1, "recursive_scan": None}),
    *posts(f"{S}s3/", {"project": "{p}", "bucket": "", "presign": False, "presign_ttl": 99999, "prefix": " a "}),
    *posts(f"{E}/s3", {}, {"project": "{p}"}, {"project": "{p}", "bucket": "UPPER bad!"}),
    *patches(
        f"{S}s3/{{bare}}",
        {"title": "B", "prefix": "p/", "aws_access_key_id": "key", "aws_secret_access_key": "s"},
        {"aws_access_key_id": "", "region_name": "", "s3_endpoint": None},
        {"bucket": "UPPER bad!"},
        {"bucket": ""},
        {"project": "{q}"},
        {"project": "{p}"},
    ),
    Step("put s3", "PUT", f"{S}s3/{{bare}}", {"project": "{p}", "title": "Put"}),
    *posts(f"{S}s3/validate", {"project": "{p}"}, {"project": "{p}", "bucket": "UPPER bad!"}, {}),
    *posts(f"{E}/s3/validate", {"project": "{p}"}),
    *posts(f"{S}s3/{{bare}}/sync", {}),
    *gets(f"{S}?project={{p}}"),
]

KEYS = [
    {"google_application_credentials": "x"},
    {"google_application_credentials": '{"type": "service_account"'},
    {"google_application_credentials": '{"client_email": "a@b"}'},
    {"google_application_credentials": '{"client_email": "a@b", "token_uri": "https://b"}'},
]

CLOUDS = [
    *(
        step
        for lists in (f"{S}gcs/", f"{E}/gcs")
        for step in posts(lists, {}, *({"project": "{p}", "bucket": "b", **key} for key in KEYS))
    ),
    *posts(f"{S}gcs/validate", {"project": "{p}", "bucket": "b", **KEYS[0]}),
    *posts(f"{E}/gcs/validate", {"project": "{p}", "bucket": "b", **KEYS[0]}),
    *(
        step
        for lists in (f"{S}azure/", f"{E}/azure")
        for step in posts(
            lists,
            {},
            {"project": "{p}", "container": "c"},
            {"project": "{p}", "container": "c", "account_name": "a"},
            {"project": "{p}", "container": "c", "account_name": "a", "account_key": "x"},
        )
    ),
    *posts(f"{S}azure/validate", {"project": "{p}", "container": "c"}),
    *posts(f"{E}/azure/validate", {"project": "{p}", "container": "c"}),
    *(
        step
        for lists in (f"{S}redis/", f"{E}/redis")
        for step in posts(
            lists,
            {},
            NOWHERE,
            {**NOWHERE, "db": 0},
            {**NOWHERE, "db": -1},
            {**NOWHERE, "db": "x"},
            {**NOWHERE, "host": "", "port": "1"},
            {**NOWHERE, "port": True},
        )
    ),
    *posts(f"{S}redis/validate", NOWHERE, {**NOWHERE, "id": 999999}),
    *posts(f"{E}/redis/validate", NOWHERE),
]

STORAGES = [
    Step("a project for storages", "POST", "/api/projects/", {"title": "Parity storages"}, save="p"),
    Step("another one", "POST", "/api/projects/", {"title": "Parity storages too"}, save="q"),
    *gets(
        f"{S}types",
        f"{S}types/",
        f"{E}/types",
        f"{E}/types/",
        S,
        f"{S}?project=abc",
        f"{S}?project=999999",
        f"{S}?project={{p}}",
        S.rstrip("/"),
        E,
        f"{E}/",
        f"{E}?project=999999",
        f"{E}?project={{p}}",
        f"{S}nothing/",
        f"{E}/nothing",
    ),
    *methods(("POST", S), ("POST", E), ("POST", f"{S}types")),
    *(step for name in TYPES for step in strangers(f"{S}{name}/", f"{S}{name}")),
    *(step for name in TYPES for step in strangers(f"{E}/{name}", f"{E}/{name}")),
    *gets(*(f"{S}{name}/?project={{p}}" for name in ENTERPRISE), *(f"{E}/{name}?project={{p}}" for name in ENTERPRISE)),
    *posts(f"{S}azure_spi/", {"project": "{p}", "container": "c"}),
    *life(f"{S}localfiles/", f"{S}localfiles"),
    *life(f"{E}/localfiles", f"{E}/localfiles"),
    *gets(f"{S}?project={{p}}", f"{E}?project={{p}}"),
    *posts(f"{S}localfiles/validate", *({"project": "{p}", "path": path} for path in PLACES)),
    *posts(f"{S}localfiles", *({"project": "{p}", "path": path} for path in PLACES[:3])),
    *posts(f"{E}/localfiles", *({"project": "{p}", "path": path} for path in PLACES[:3])),
    *BUCKETS,
    *CLOUDS,
    Step("delete their project", "DELETE", "/api/projects/{p}/"),
    *gets(f"{E}/localfiles/{{s}}", f"{S}s3/{{bare}}", f"{S}?project={{p}}", f"{E}?project={{p}}"),
    Step("delete the other one", "DELETE", "/api/projects/{q}/"),
]
