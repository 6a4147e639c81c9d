"""A composite action, run as a runner of GitHub Actions does: expressions, steps, files, and what ends the job.

Of the actions that it uses, only what it needs of them is played: a Python, a place for artifacts, and no cache.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TOKEN = re.compile(r"'[^']*'|&&|\|\||!=|==|!|[()]|[A-Za-z_][\w.-]*|\S")
_SIGNS = {"&&": " and ", "||": " or ", "!": " not ", "==": "==", "!=": "!=", "(": "(", ")": ")"}
_OUTPUT = re.compile(r"([\w-]+)<<(\S+)\n(.*?)\n\2\n", re.DOTALL)
# A Python that makes environments of two files: a pip that says what it is told, and lsops as it is tested.
_PYTHON = """#!/bin/sh
case "$*" in "-I -m venv "*) ;; *) exec "{python}" "$@" ;; esac
mkdir -p "$4/bin"
printf '#!/bin/sh\\necho "$@" >> "{folder}/pip"\\n' > "$4/bin/python"
printf '#!/bin/sh\\nexec "{lsops}" "$@"\\n' > "$4/bin/lsops"
chmod +x "$4/bin/python" "$4/bin/lsops"
"""


@dataclass
class Ended:
    """How a job ended: its exit code, what the log shows, the outputs of the action, the summary of the job."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str
    uploaded: dict[str, dict[str, bytes]] = field(default_factory=dict)


@dataclass
class Job:
    """A runner with a checkout, whose environment is `env` and nothing of this process's but its PATH."""

    folder: Path
    env: dict[str, str]
    event: Mapping[str, Any]
    token: str
    action: Path = ROOT
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        return self.folder / "checkout"

    def run(self, **inputs: str) -> Ended:
        """Use the action with these inputs, in a new job."""
        described = yaml.safe_load((self.action / "action.yml").read_text("utf-8"))
        self._begin(described["inputs"], {name.replace("_", "-"): value for name, value in inputs.items()})
        ended = Ended(0, "", {}, "")
        for step in described["runs"]["steps"]:
            if not self._value(step.get("if", "true")):
                continue
            ended.code = self._step(step, ended)
            if ended.code:
                break
        ended.outputs = {name: self._text(one["value"]) for name, one in described["outputs"].items()}
        ended.summary = (self.folder / "summary").read_text("utf-8")
        for secret in re.findall(r"^::add-mask::(.+)$", ended.log, re.MULTILINE):
            ended.log = ended.log.replace(secret, "***")
        return ended

    def _begin(self, known: Mapping[str, Mapping[str, str]], given: Mapping[str, str]) -> None:
        assert set(given) <= set(known), f"no such input: {set(given) - set(known)}"
        self.folder.joinpath("temp").mkdir(exist_ok=True)
        for name in ("output", "summary"):
            self.folder.joinpath(name).write_text("", "utf-8")
        self.folder.joinpath("event.json").write_text(json.dumps(self.event), "utf-8")
        self.steps = {}
        self.inputs = {name: given.get(name, self._text(one.get("default", ""))) for name, one in known.items()}

    def _step(self, step: Mapping[str, Any], ended: Ended) -> int:
        """The exit code of a step, whose outputs are kept."""
        self.folder.joinpath("output").write_text("", "utf-8")
        code = 0
        if uses := step.get("uses"):
            with_ = {name: self._text(value) for name, value in step.get("with", {}).items()}
            outputs = _USED[uses.partition("@")[0]](self, with_, ended)
        else:
            assert "${{" not in step["run"], "an expression in a script is run as script"
            done = self._shell(step["run"], {name: self._text(value) for name, value in step.get("env", {}).items()})
            code = done.returncode
            outputs = dict(_output(self.folder.joinpath("output").read_text("utf-8")))
            ended.log += done.stdout
        self.steps[step.get("id", "")] = outputs
        return code

    def _shell(self, script: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        files = {
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "RUNNER_TEMP": str(self.folder / "temp"),
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.workspace,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **self.env, **files, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            timeout=60,
        )

    # ---- expressions --------------------------------------------------------------------------------

    def _text(self, template: object) -> str:
        """A value of the action's file with its expressions worked out."""
        if isinstance(template, bool):
            return str(template).lower()
        return _EXPRESSION.sub(lambda found: str(self._value(found[1])), str(template))

    def _value(self, expression: object) -> Any:
        """An expression as GitHub reads it, as far as the action needs one."""
        parts = (
            _SIGNS.get(one) or self._operand(one) for one in _TOKEN.findall(str(expression).replace("always()", "true"))
        )
        return eval("".join(parts), {"__builtins__": {}})  # literals and six operators

    def _operand(self, token: str) -> str:
        if token.startswith("'"):
            return repr(token[1:-1])
        if token in ("true", "false"):
            return token.capitalize()
        return repr(self._context(token.split(".")))

    def _context(self, path: list[str]) -> Any:
        contexts: Any = {
            "inputs": self.inputs,
            "steps": {name: {"outputs": outputs} for name, outputs in self.steps.items()},
            "github": {"event": self.event, "token": self.token},
            "runner": {"temp": str(self.folder / "temp")},
        }
        for name in path:
            contexts = contexts.get(name, "") if isinstance(contexts, Mapping) else ""
        return contexts


def _output(text: str) -> Iterator[tuple[str, str]]:
    """What a step wrote into the file of its outputs."""
    return ((found[1], found[3]) for found in _OUTPUT.finditer(text))


def python_that_installs_nothing(folder: Path) -> Path:
    """A Python whose environments have the lsops that is tested, and a pip that writes its arguments into `pip`."""
    path = folder / "python"
    lsops = Path(sys.executable).with_name("lsops")
    path.write_text(_PYTHON.format(python=sys.executable, lsops=lsops, folder=folder), "utf-8")
    path.chmod(0o755)
    return path


def _setup_python(job: Job, given: Mapping[str, str], ended: Ended) -> dict[str, str]:
    return {"python-path": str(python_that_installs_nothing(job.folder))}


def _upload(job: Job, given: Mapping[str, str], ended: Ended) -> dict[str, str]:
    ended.uploaded[given["name"]] = {
        file.relative_to(given["path"]).as_posix(): file.read_bytes()
        for file in Path(given["path"]).rglob("*")
        if file.is_file()
    }
    return {"artifact-url": f"https://github.example/artifacts/{given['name']}"}


_USED: dict[str, Callable[[Job, Mapping[str, str], Ended], dict[str, str]]] = {
    "actions/setup-python": _setup_python,
    "actions/cache": lambda job, given, ended: {},
    "actions/upload-artifact": _upload,
}
