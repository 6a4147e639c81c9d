"""`/api/projects/{id}/custom-function`: a metric in Python, deployed as a cloud function (enterprise-api 7.6).

Code that imports what no cloud function has cannot be deployed here; nothing of it is ever run. Open: what a GET says
where nothing is deployed, whether a POST waits, and on an old server there is `aws-custom-function` alone.
"""

from __future__ import annotations

import ast
import sys

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import text
from lsops.sandbox.resource import Answer, Call, Handler, Resource, Route
from lsops.sandbox.resources.projects import found
from lsops.sandbox.store import Column, Document, Table

TABLE = "custom_function"
_GET, _POST, _PATHS = "custom-function-get", "custom-function-post", "custom-function-path"
_CODE = {"code": Field(text(shortest=1, blank=False, trim=False), required=True)}
_INSTALLED = {*sys.stdlib_module_names, "numpy", "label_studio_sdk"}
_LOOKS = 2
"""How often somebody looks until a deployment ends."""


def _detail(call: Call, project_id: int) -> Answer:
    row = _row(call, found(call, project_id))
    if row is None:
        answer = call.unknown(_GET)
        if answer == "404":
            raise Missing.of("CustomFunction")
        return Answer(status=204) if answer == "204" else Answer({"code": "", "status": "NotDeployed"})
    if row["status"] == "Pending":
        row = {**row, "looks": row["looks"] + 1}
        row["status"] = _end(row["code"]) if row["looks"] >= _LOOKS else "Pending"
        call.store.replace(TABLE, row)
    return Answer({"code": row["code"], "status": row["status"]})


def _deploy(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    code = read(_CODE, call.body, partial=False)["code"]
    row = _row(call, project)
    if row is not None and row["code"] == code and row["status"] == "Active":
        return Answer(status=204)
    waits = call.unknown(_POST) == "waits"
    status = _end(code) if waits else "Pending"
    after = {"project": project["id"], "code": code, "status": status, "looks": 0}
    if row is None:
        call.store.insert(TABLE, after)
    else:
        call.store.replace(TABLE, {**row, **after})
    return Answer(status=200 if waits else 202)


def _check(call: Call, project_id: int) -> Answer:
    found(call, project_id)
    code = read(_CODE, call.body, partial=False)["code"]
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise Invalid({"code": [f"{error.msg} (line {error.lineno})"]}) from None
    if not any(isinstance(node, ast.FunctionDef) and node.name == "agreement" for node in tree.body):
        raise Invalid({"code": ["The code must define a function agreement."]})
    return Answer()


def _logs(call: Call, project_id: int) -> Answer:
    row = _row(call, found(call, project_id))
    return Answer({"logs": [] if row is None or row["status"] != "Failed" else ["Unable to import module"]})


def _end(code: str) -> str:
    return "Active" if _imports(code) <= _INSTALLED else "Failed"


def _imports(code: str) -> set[str]:
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return {"nothing that can be read"}
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in named}


def _row(call: Call, project: Document) -> Document | None:
    return next(iter(call.store.find(TABLE, "project = ?", (project["id"],))), None)


def _generic(handler: Handler) -> Handler:
    """A handler at the path that old servers lack."""

    def answered(call: Call, project_id: int) -> Answer:
        if call.unknown(_PATHS) == "aws alone":
            raise Missing("Not found.")
        return handler(call, project_id)

    return answered


_AT = "/api/projects/<int:project_id>"
RESOURCE = Resource(
    "custom_functions",
    tables=(Table(TABLE, (Column("project", references="project"),)),),
    routes=(
        Route(f"{_AT}/custom-function", {"GET": _generic(_detail), "POST": _generic(_deploy)}, enterprise=True),
        Route(f"{_AT}/custom-function-logs", {"GET": _generic(_logs)}, enterprise=True),
        Route(f"{_AT}/aws-custom-function", {"GET": _detail, "POST": _deploy}, enterprise=True),
        Route(f"{_AT}/check-function", {"POST": _check}, enterprise=True),
    ),
    unknowns={
        _GET: ("NotDeployed", "404", "204"),
        _POST: ("202", "waits"),
        _PATHS: ("generic", "aws alone"),
    },
)
