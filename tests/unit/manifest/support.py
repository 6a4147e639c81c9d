"""Manifests as data: files written to a folder, and findings as lines of text."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from lsops.errors import ManifestError
from lsops.manifest import Options, load


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
            path.write_text("#" * content["size"])


def options_of(told: dict, root: Path) -> Options:
    """Options as a case writes them; overlays and the folder of secrets are relative to the case's folder."""
    secrets = told.get("secrets_dir")
    return Options(
        environment=told.get("environment", ""),
        overlays=tuple(str(root / name) for name in told.get("overlays", ())),
        variables=told.get("variables", {}),
        env=told.get("env", {}),
        secrets_dir=root / secrets if secrets else None,
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
