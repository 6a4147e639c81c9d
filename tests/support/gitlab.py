"""GitLab's API as far as the jobs of the component use it, and those jobs as a runner runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from flask import Flask, Response, abort, request

ROOT = Path(__file__).parents[2]
COMPONENT = ROOT / "examples" / "gitops" / "gitlab-component" / "templates" / "lsops.yml"
PROGRAMS = {
    "lsops": f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lsops "$@"\n',
    "python3": f'#!/bin/sh\nexec "{sys.executable}" "$@"\n',
}
ME, SOMEBODY = {"id": 1, "username": "project_bot"}, {"id": 2, "username": "somebody"}
TOKEN = "glpat-of-the-test"  # opens nothing but the stand-in below

Row = dict[str, Any]


@dataclass
class GitLab:
    """Project 7 with its merge request 3; `written` has every write that was let in."""

    notes: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)
    merge_request: Row = field(default_factory=dict)
    jobs: list[Row] = field(default_factory=list)
    plan: bytes | None = None
    written: list[str] = field(default_factory=list)

    def app(self) -> Flask:
        """What answers below `/api/v4`."""
        app = Flask("gitlab")
        project = "/api/v4/projects/7"
        app.before_request(self._known)
        app.add_url_rule("/api/v4/user", view_func=lambda: ME)
        self._texts(app, f"{project}/merge_requests/3/notes", self.notes, "id")
        self._texts(app, f"{project}/issues", self.issues, "iid")
        app.add_url_rule(f"{project}/issues/<int:number>/notes", "comment", lambda number: {}, methods=["POST"])
        app.add_url_rule(f"{project}/merge_requests/3", view_func=lambda: self.merge_request, endpoint="one")
        at_commit = f"{project}/repository/commits/<commit>/merge_requests"
        app.add_url_rule(at_commit, view_func=lambda commit: self._page([self.merge_request]), endpoint="commit")
        app.add_url_rule(f"{project}/pipelines/70/jobs", view_func=lambda: self._page(self.jobs), endpoint="jobs")
        app.add_url_rule(f"{project}/jobs/700/artifacts/plan.json", view_func=self._plan, endpoint="plan")
        return app

    def _known(self) -> None:
        if request.headers.get("PRIVATE-TOKEN") != TOKEN:
            abort(401)
        if request.method != "GET":
            self.written.append(f"{request.method} {request.path.removeprefix('/api/v4/projects/7/')}")

    def _plan(self) -> Response:
        return Response(self.plan) if self.plan is not None else abort(404)

    def _texts(self, app: Flask, path: str, rows: list[Row], key: str) -> None:
        def listed() -> list[Row]:
            state = request.args.get("state")
            return self._page([row for row in rows if state in (None, row.get("state"))])

        def added() -> Row:
            rows.append({key: len(rows) + 1, "author": ME, "state": "opened", **request.get_json()})
            return rows[-1]

        def changed(number: int) -> Row:
            row = next(row for row in rows if row[key] == number)
            sent = request.get_json()
            closing = {"state": "closed"} if sent.pop("state_event", None) == "close" else {}
            row.update(sent, **closing)
            return row

        app.add_url_rule(path, f"list {key}", listed)
        app.add_url_rule(path, f"add {key}", added, methods=["POST"])
        app.add_url_rule(f"{path}/<int:number>", f"change {key}", changed, methods=["PUT"])

    @staticmethod
    def _page(rows: list[Row]) -> list[Row]:
        page, size = int(request.args.get("page", 1)), int(request.args.get("per_page", 20))
        return rows[(page - 1) * size : page * size]


def component(**inputs: str) -> dict[str, Any]:
    """The jobs of the component as a project gets them that includes it with these inputs."""
    spec, _, jobs = COMPONENT.read_text("utf-8").partition("\n---\n")
    given = {name: entry.get("default") for name, entry in yaml.safe_load(spec)["spec"]["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    found: dict[str, Any] = yaml.safe_load(
        re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda one: str(given[one[1]]), jobs)
    )
    return found


def run_job(name: str, folder: Path, given: Mapping[str, str], **inputs: str) -> tuple[int, str]:
    """The exit code and the log of a job in a checkout, by the shell that a runner has."""
    jobs = component(**inputs)
    job = {**jobs[str(jobs[name]["extends"])], **jobs[name]}
    programs = folder.parent / "bin"
    programs.mkdir(exist_ok=True)
    for program, text in PROGRAMS.items():
        (programs / program).write_text(text, "utf-8")
        (programs / program).chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    variables = {key: str(value or "") for key, value in job["variables"].items()}
    env = {"PATH": path, "HOME": str(folder), "CI": "true", "CI_PROJECT_ID": "7", **variables, **given}
    script = "\n".join([*job["before_script"], *job["script"]])
    command = ["sh", "-e", "-c", script]
    done = subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr
