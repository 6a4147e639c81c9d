"""Manifests as data: files written to a folder, and findings as lines of text."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import yaml

from lsops.errors import ManifestError
from lsops.manifest import Options, load

TOLD = ("environment", "overlays", "variables", "env", "secrets_dir", "secret_env", "policies")
"""What a case may say beside its files and the findings that it expects."""


def write_files(root: Path, files: dict) -> None:
    """Write files by name: a text, `{base64: …}`, `{link: target}`, `{folder: true}`, `{pipe: true}` or `{size: n}`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, "utf-8", newline="")
        elif "base64" in content:
            path.write_bytes(base64.b64decode(content["base64"]))
        elif "link" in content:
            path.symlink_to(content["link"])
        elif "folder" in content:
            path.mkdir(exist_ok=True)
        elif "pipe" in content:
            os.mkfifo(path)
        else:
            path.write_text("#" * min(content["size"], 1_048_577))
            os.truncate(path, content["size"])


def options_of(told: dict, root: Path) -> Options:
    """Options as a case writes them; overlays, policy files and the folder of secrets are relative to the case's folder."""
    secrets = told.get("secrets_dir")
    return Options(
        environment=told.get("environment", ""),
        overlays=tuple(str(root / name) for name in told.get("overlays", ())),
        variables=told.get("variables", {}),
        env=told.get("env", {}),
        secrets_dir=root / secrets if secrets else None,
        secret_env=tuple(told["secret_env"]) if "secret_env" in told else None,
        policies=tuple(str(root / name) for name in told.get("policies", ())),
    )


def load_files(root: Path, files: dict, **told):
    """The manifest of some files."""
    write_files(root, files)
    return load(root, options_of(told, root))


def findings_of(root: Path, files: dict, **told):
    """The findings of some files, whether they load or not."""
    try:
        return load_files(root, files, **told).warnings
    except ManifestError as error:
        return error.findings


def line(finding) -> str:
    """A finding as a case expects it: place, code, message, hint."""
    place = str(finding.source) if finding.source else "-"
    severity = "" if finding.is_error else " warning"
    return f"{place} {finding.code}{severity}: {finding.message} | {finding.hint}"


def cases_in(folder: Path) -> dict:
    """The cases of every file of a folder, by the file's name and their own."""
    return {
        f"{path.stem}: {name}": case
        for path in sorted(folder.glob("*.yaml"))
        for name, case in yaml.safe_load(path.read_text("utf-8")).items()
    }


def assert_expected(case: dict, root: Path) -> list[str]:
    """The findings of a case as lines: exactly those that it expects."""
    told = {name: case[name] for name in TOLD if name in case}
    found = [line(finding) for finding in findings_of(root, with_long_words(case), **told)]
    missing = [wanted for wanted in case["expect"] if not any(fits(wanted, text) for text in found)]
    assert not missing, "\n".join(["missing:", *missing, "found:", *found])
    assert len(found) == len(case["expect"]), "\n".join(["found:", *found])
    return found


def with_long_words(case: dict) -> dict:
    """Files of a case with each placeholder replaced by that many letters."""
    files = dict(case["files"])
    for word, count in case.get("replace", {}).items():
        files = {name: text.replace(word, "x" * count) for name, text in files.items()}
    return files


def fits(wanted: str, text: str) -> bool:
    """Whether a finding has the expected place and code, and every expected part of its words."""
    head, _, words = wanted.partition(": ")
    place, _, rest = text.partition(": ")
    return head == place and all(part.strip() in rest for part in words.split(" | "))
