"""Run lsops in each form that a reader of the run may want, and keep its exit code for the last step.

It gets neither the token of GitHub nor the file of the step's outputs: what it says `needs` consent reaches no later
`apply`, for that a person has to say.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from request import OF_PREVIEW, Request, flags_among, request
from runner import as_step, event, give, say, setting

RESULT = "result.md"
PREVIEW = "preview"
PLAN = "plan.json"
FORMS = {"markdown": RESULT, "sarif": "lsops.sarif", "html": "result.html"}
PLAN_PAGE = "LSOPS_PLAN_PAGE"
"""A variable, for a release that knows no such flag is not to end with it."""
HAS_NO_MARKDOWN = ("apply",)
DETAILED = "--detailed-exitcode"
TELLS_CHANGES = ("plan", "diff")
"""Commands that exit with 2 for changes and 5 for what a policy denies, when they are told to."""
OF_GITHUB = ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")
OF_LABEL_STUDIO = ("LABEL_STUDIO_API_KEY", "LABEL_STUDIO_API_KEY_FILE", "LSOPS_TOKEN_FILE")
AGAIN = (
    "Where the reviewed plan is stale, plan again: re-run the pull request's job that planned, look at the plan, and "
    "re-run this one. Where consent is missing, start the job by hand with it in `args`."
)
_OUTPUT = re.compile(r"^(\w+)<<(\w+)\n(.*?)\n\2$", re.DOTALL | re.MULTILINE)


def main() -> None:
    """Outputs: exit-code, the status that the job ends with, changes, deletes, and the paths of files."""
    what = event()
    asked = request(what)
    folder = Path(os.environ["INPUT_FOLDER"])
    files = folder / "files"
    files.mkdir()
    told = folder / "outputs"
    told.touch()
    program = Path(os.environ["INPUT_INSTALLED"], "bin", "lsops")
    env = surroundings(os.environ, told, is_fork=what.is_fork)
    if setting("PREVIEW") == "true" and asked.command in TELLS_CHANGES and not what.is_fork:
        line = [str(program), *preview_line(asked, files)]
        draw(line, files / PREVIEW, {**env, PLAN_PAGE: str(files / FORMS["html"])})
    line = [str(program), *command_line(asked, files, setting("PLAN"))]
    ended = subprocess.run(line, env=env, check=False)  # noqa: S603  # a list of words, without a shell
    code = ended.returncode if ended.returncode >= 0 else 128 - ended.returncode
    if code == 5 and setting("PLAN"):
        say("error", AGAIN)
    counted = dict(numbers(told.read_text("utf-8")))
    give(
        exit_code=code,
        status=status(asked, code),
        changes=counted.get("changes", ""),
        deletes=counted.get("deletes", ""),
        plan_file=_if_there(files / PLAN),
        sarif_file=_if_there(files / FORMS["sarif"]),
        html_file=_if_there(files / FORMS["html"]),
        result=files / RESULT,
        files=files,
    )


def draw(line: list[str], folder: Path, env: Mapping[str, str]) -> None:
    """Have the pictures of a plan drawn; a plan without them is a plan all the same."""
    ended = subprocess.run(line, env=env, check=False)  # noqa: S603  # a list of words, without a shell
    if ended.returncode or not list(folder.glob("*.png")):
        say("warning", f"lsops preview ended with {ended.returncode}; its log says why pictures are missing.")


def preview_line(asked: Request, files: Path) -> list[str]:
    """The words for pictures of what a plan or a diff shows: compared with the same."""
    flags = OF_PREVIEW if asked.command == "plan" else (*OF_PREVIEW, "--base")
    compared = ["--live"] if asked.command == "plan" else []
    environment = ["--environment", asked.environment] if asked.environment else []
    ours = [*environment, *compared, "--png", "--to", str(files / PREVIEW)]
    return ["preview", *flags_among(asked.arguments, flags), *ours, "--", asked.path]


def command_line(asked: Request, files: Path, plan: str) -> list[str]:
    """The words behind `lsops`: the caller's flags first, so that ours are the last word, and the path behind `--`."""
    forms = {name: file for name, file in FORMS.items() if name != "markdown" or asked.command not in HAS_NO_MARKDOWN}
    environment = ["--environment", asked.environment] if asked.environment else []
    outputs = [word for name, file in forms.items() for word in ("--output", f"{name}={files / file}")]
    drawn = ["--preview", str(files / PREVIEW)] if (files / PREVIEW / "preview.json").is_file() else []
    detailed = [DETAILED] if asked.command in TELLS_CHANGES else []
    special = {"plan": ["--out", str(files / PLAN)], "apply": ["--yes", *(["--plan", plan] if plan else [])]}
    ours = [*environment, "--format", "github", *outputs, *drawn, *detailed, *special.get(asked.command, [])]
    return [asked.command, *asked.arguments, *ours, "--", asked.path]


def status(asked: Request, code: int) -> int:
    """What the job ends with: changes alone are no failure of a plan, if the caller has not asked for that."""
    only_changes = code == 2 and asked.command in TELLS_CHANGES and DETAILED not in asked.arguments
    return 0 if only_changes else code


def surroundings(environ: Mapping[str, str], told: Path, *, is_fork: bool) -> dict[str, str]:
    """The environment of lsops: no token of GitHub, nothing of the action's own, and of a fork no token at all."""
    dropped = (*OF_GITHUB, *(OF_LABEL_STUDIO if is_fork else ()))
    kept = {
        name: value
        for name, value in environ.items()
        if name not in dropped and not name.startswith(("INPUT_", "ACTIONS_"))
    }
    key = {} if is_fork or not setting("API_KEY") else {"LABEL_STUDIO_API_KEY": setting("API_KEY")}
    return {**kept, **key, "GITHUB_OUTPUT": str(told)}


def numbers(text: str) -> Iterator[tuple[str, str]]:
    """The outputs of lsops that are numbers, by name."""
    for found in _OUTPUT.finditer(text):
        if re.fullmatch(r"[0-9]+", found[3]):
            yield found[1], found[3]


def _if_there(path: Path) -> str:
    return str(path) if path.is_file() else ""


if __name__ == "__main__":
    as_step(main)
