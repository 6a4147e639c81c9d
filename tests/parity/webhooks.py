"""Webhooks in the script: made, changed, listed, deleted, and the catalogue of actions."""

from __future__ import annotations

from tests.parity.steps import Step
from tests.parity.storages import gets, methods, patches, posts

W = "/api/webhooks/"
ONE = f"{W}{{hook}}/"
URL = "https://example.com/hook"
MINE = {"project": "{p}", "url": URL}
SEVERAL = ["TASKS_DELETED", "ANNOTATION_CREATED", "TASKS_DELETED", "PROJECT_UPDATED", "ANNOTATIONS_CREATED"]
URLS = (
    *("", " ", None, 5, True, [], "x", "example.com", "http://", "http://models", "http://models:9090/hook"),
    *("http://localhost", "http://localhost:9090/x", "http://127.0.0.1:1/x", "http://[::1]/x", "http://[zz]/x"),
    *("HTTPS://Example.COM/Hook?a=b#c", "ftp://example.com/x", "file:///etc/passwd", "http://a_b.example.com"),
    *("http://user:secret@example.com/x", "http://example.com:99999/x", "http://example.com:123456/x"),
    *("http://-a.example.com", "http://example.com/a b", " http://example.com/padded ", "http://example.c"),
    *("http://example.123", "http://bücher.example", f"http://example.com/{'x' * 2040}", "http://example.com."),
    *("http://999.1.1.1/", "http://1.2.3/", "http://exa\tmple.com/"),
)
HEADERS = (
    *({}, None, [], "x", 5, True, {"X-A_b": "1"}, {"X A": "1"}, {"X-A": 1}, {"X-A": None}, {"": "x"}),
    *({f"X-{number}": "x" for number in range(10)}, {f"X-{number}": "x" for number in range(11)}),
    *({"X-A": "ä\n"}, {"Ä": "x"}, {"X-A\n": "x"}),
)
ACTIONS = (
    *([], None, "TASKS_CREATED", {}, ["BOGUS"], ["TASKS_CREATED", "BOGUS", 5, None], ["PROJECT_CREATED"]),
    *(["PROJECT_DELETED", "TASKS_CREATED"], ["REVIEW_CREATED"], ["tasks_created"], [[]], [True]),
)

WEBHOOKS = [
    Step("a project for webhooks", "POST", "/api/projects/", {"title": "Parity webhooks"}, save="p"),
    Step("another one", "POST", "/api/projects/", {"title": "Parity webhooks too"}, save="q"),
    *gets(
        f"{W}info/",
        f"{W}info",
        *(f"{W}info/?organization-only={value}" for value in ("true", "false", "True", "1", "")),
        *(f"{W}?project={value}" for value in ("{p}", "999999", "abc", "null", "-1", "1.0", "%20")),
        f"{W}999999/",
        f"{W}999999",
        f"{W}abc/",
    ),
    Step("the catalogue without a token", "GET", f"{W}info/", headers={"Authorization": None}),
    Step("the catalogue with a bad token", "GET", f"{W}info/", headers={"Authorization": "Token bad"}),
    *methods(("POST", f"{W}info/"), ("PUT", W), ("PATCH", W), ("DELETE", W), ("POST", f"{W}1/")),
    *posts(W, {}, [], "x", {"url": URL}, {"url": URL, "project": None}, {"url": "x", "project": None}),
    *posts(W, *({"url": URL, "project": value} for value in (999999, "x", True, [], {}, ""))),
    Step("create", "POST", W, MINE, save="hook"),
    Step("create its double", "POST", W.rstrip("/"), MINE, save="double"),
    *gets(ONE, ONE.rstrip("/"), f"{W}?project={{p}}"),
    *posts(W, *({"project": "{q}", "url": value} for value in URLS)),
    *posts(W, *({**MINE, "project": "{q}", "headers": value} for value in HEADERS)),
    *posts(W, *({**MINE, "project": "{q}", "actions": value} for value in ACTIONS)),
    *posts(
        W,
        *(
            {**MINE, "project": "{q}", name: value}
            for name in ("is_active", "send_payload", "send_for_all_actions")
            for value in (False, "off", None, "x")
        ),
    ),
    Step("several wrong fields", "POST", W, {"url": "x", "project": 999999, "actions": ["x"], "headers": []}),
    Step(
        "create with all",
        "POST",
        W,
        {
            **MINE,
            "url": f"  {URL}/All \n",
            "actions": SEVERAL,
            "headers": {"X-Token": " secret "},
            "is_active": False,
            "send_payload": 0,
            "send_for_all_actions": "no",
            "organization": 99,
            "id": 7,
            "created_at": "2020-01-01T00:00:00Z",
            "nonsense": 1,
        },
        save="all",
    ),
    *gets(f"{W}{{all}}/", f"{W}?project={{p}}", f"{W}?project={{q}}"),
    *patches(
        ONE,
        {"actions": SEVERAL},
        {"is_active": False},
        {"actions": ["TASKS_CREATED", "ANNOTATION_CREATED"], "send_for_all_actions": False},
        {"actions": ["TASKS_CREATED", "PROJECT_UPDATED"]},
        {"actions": ["PROJECT_CREATED"]},
        {},
        {"actions": None},
        {"actions": ["BOGUS"]},
        {"url": ""},
        {"url": "http://models"},
        {"url": " https://example.com/Other "},
        {"headers": {"X-B": "2"}},
        {"headers": {}},
        {"headers": None},
        {"headers": {"X A": "1"}},
        {"project": "{q}"},
        {"project": None, "organization": 99},
        {"project": 999999, "is_active": True},
        {"is_active": None},
        [],
        "x",
    ),
    Step("put", "PUT", ONE, {"url": URL, "actions": ["TASKS_CREATED"]}),
    Step("put what it needs", "PUT", ONE, {"url": URL}),
    Step("put too little", "PUT", ONE, {"is_active": False}),
    *patches(f"{W}999999/", {"is_active": False}),
    Step("delete", "DELETE", ONE),
    Step("delete again", "DELETE", ONE),
    *gets(ONE, f"{W}?project={{p}}"),
    Step("delete their project", "DELETE", "/api/projects/{p}/"),
    *gets(f"{W}{{all}}/", f"{W}?project={{p}}"),
    Step("delete the other one", "DELETE", "/api/projects/{q}/"),
]
