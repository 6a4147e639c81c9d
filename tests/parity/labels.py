"""Custom labels and their links."""

from __future__ import annotations

from typing import Any

from tests.parity.data import CONFIG, RESULT
from tests.parity.steps import Step

L = "/api/labels/"
K = "/api/label_links/"
ONE = {"title": "Parity one", "value": {"a": 1}, "project": "{labels}", "from_name": "c"}
TWO = {"title": "Parity two", "value": ["A"], "project": "{labels}", "from_name": "x"}
ANNOTATED = {"data": {"text": "a"}, "annotations": [{"result": [RESULT]}]}


def posts(path: str, *bodies: Any) -> list[Step]:
    return [Step(f"post {path} {str(body)[:90]}", "POST", path, body) for body in bodies]


def patches(path: str, *bodies: Any) -> list[Step]:
    return [Step(f"patch {path} {str(body)[:90]}", "PATCH", path, body) for body in bodies]


def gets(*paths: str) -> list[Step]:
    return [Step(f"get {path}", "GET", path) for path in paths]


LABELS = [
    Step("a project of labels", "POST", "/api/projects/", {"title": "Labels", "label_config": CONFIG}, save="labels"),
    Step("its task", "POST", "/api/projects/{labels}/import", [ANNOTATED], status_only=True),
    Step("its first label", "POST", L, [ONE], save="label"),
    *posts(
        L, [ONE, TWO], [{**ONE, "value": "other", "from_name": "other"}], [TWO, {**TWO, "title": "Parity three"}] * 2
    ),
    Step("its second label", "POST", L, [TWO], save="second"),
    *posts(L, {}, [], "x", [{}], [{**ONE, "project": 999999}], [{**ONE, "title": ""}], [ONE, {**TWO, "value": None}]),
    *gets(L, f"{L}?expand=links&page_size=1", f"{L}?page=2", f"{L}{{label}}/", f"{L}{{label}}", f"{L}999999/"),
    Step("its first link", "GET", f"{K}?project={{labels}}", status_only=True),
    *gets(f"{K}?project={{labels}}&expand=label", f"{K}?project=999999", f"{K}?project=x", f"{K}999999/"),
    *patches(
        f"{L}{{label}}/", {"description": "d", "value": 5}, {"title": "Parity two"}, {"value": None}, {"title": 7}
    ),
    Step("put a label", "PUT", f"{L}{{label}}/", {"title": "x"}),
    *posts(K, {}, {"project": "{labels}", "label": "{label}", "from_name": "q"}, {"project": 999999, "label": 999999}),
    *posts(f"{L}bulk", {"project": "{labels}"}, {"old_label": None, "new_label": 1}),
    *posts(f"{L}bulk", *({"project": "{labels}", "old_label": ["A"], "new_label": ["B"]},) * 2),
    *gets(f"{K}?project={{labels}}"),
    Step("the label goes", "DELETE", f"{L}{{label}}/"),
    Step("it is gone", "DELETE", f"{L}{{label}}/"),
    *gets(f"{K}?project={{labels}}"),
    Step("the project of labels goes", "DELETE", "/api/projects/{labels}/"),
    *gets(K, L),
    Step("the other label goes", "DELETE", f"{L}{{second}}/"),
]
