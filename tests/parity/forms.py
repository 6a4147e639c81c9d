"""Bodies that come as a form instead of JSON, in both of its encodings."""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step

P = "/api/projects/"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
# The server has null here for what came as a form.
BULK = ("bulk_created",)


def sent(multipart: bool) -> list[Step]:
    """Each request as a form."""

    def form(method: str, path: str, /, save: str = "", masked: tuple[str, ...] = (), **values: str) -> Step:
        name = f"{'multipart' if multipart else 'form'}: {method} {path} {sorted(values)}"
        return Step(name, method, path, form=values, multipart=multipart, save=save, masked=masked)

    files: dict[str, Any] = {"project": "{forms}", "path": "{folder}"}
    return [
        Step("a project for forms", "POST", P, {"title": "Parity forms", "label_config": CONFIG}, save="forms"),
        form("POST", "/api/storages/localfiles", save="store", **files),
        form("POST", "/api/storages/localfiles", synchronizable="false", use_blob_urls="true", title=" x ", **files),
        form("POST", "/api/storages/localfiles", regex_filter="", description="", recursive_scan="", **files),
        form("PATCH", "/api/storages/localfiles/{store}", title="y", path="{folder}"),
        form("PUT", "/api/storages/localfiles/{store}", title="z", **files),
        form("POST", "/api/storages/localfiles/validate", **files),
        form("POST", "/api/storages/export/localfiles", save="target", masked=("meta",), **files),
        form("POST", "/api/storages/redis", project="{forms}", host="127.0.0.1"),
        form("POST", "/api/storages/s3", project="{forms}"),
        form("POST", "/api/dm/views/", project="{forms}"),
        form("POST", "/api/dm/views/", project="{forms}", data='{"title": "v"}'),
        Step("a view", "POST", "/api/dm/views/", {"project": "{forms}", "data": {"title": "v"}}, save="formed"),
        form("PATCH", "/api/dm/views/{formed}/", data='{"title": "w"}'),
        form("POST", "/api/dm/views/order/", project="{forms}", ids="{formed}"),
        form("PATCH", "/api/session-policy/", max_session_age="11520"),
        form("POST", "/api/jwt/settings", legacy_api_tokens_enabled="true"),
        Step("personal tokens again", "POST", "/api/jwt/settings", {"api_tokens_enabled": True}),
        form("POST", P, save="formed_project", title="Parity formed"),
        form("PATCH", f"{P}{{formed_project}}/", description="x", show_instruction="true", control_weights='{"a": 1}'),
        form("PATCH", f"{P}{{formed_project}}/", control_weights="x"),
        form("PATCH", f"{P}{{formed_project}}/", label_config=CONFIG),
        form("POST", f"{P}validate/", label_config=CONFIG),
        form("POST", f"{P}{{forms}}/validate/", label_config=CONFIG),
        form("POST", "/api/webhooks/", project="{forms}", url="http://x.example"),
        form(
            "POST",
            "/api/webhooks/",
            save="hook",
            project="{forms}",
            url="http://x.example",
            actions="TASKS_CREATED",
            headers='{"a": "b"}',
        ),
        form("PATCH", "/api/webhooks/{hook}/", url="http://y.example"),
        form("PATCH", "/api/webhooks/{hook}/", actions="TASKS_CREATED", is_active="true", headers='{"a": "c"}'),
        form("PATCH", "/api/webhooks/{hook}/", headers="x"),
        form("POST", "/api/tasks/", save="formed_task", project="{forms}", data='{"text": "a"}'),
        form("POST", "/api/tasks/", project="{forms}", data="x"),
        form("POST", "/api/tasks/{formed_task}/annotations/", result="[]", was_cancelled="true", masked=BULK),
        form("POST", "/api/tasks/{formed_task}/annotations/", result="[]", masked=BULK),
        form("POST", "/api/tasks/{formed_task}/drafts", result="[]"),
        form("POST", f"{P}{{forms}}/import", text="a"),
        form("POST", "/api/token/refresh/", refresh="x"),
        form("DELETE", f"{P}{{formed_project}}/"),
        form("DELETE", f"{P}{{forms}}/"),
    ]


FORMED = [*sent(False), *sent(True)]
