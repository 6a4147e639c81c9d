"""Generated manifests: realistic projects, each with storages on both sides where lsops has these kinds."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from lsops.schema import kinds

WORKSPACE = "Radiology"
HAS_STORAGES = {"import_storage", "export_storage"} <= kinds().keys()

PROJECT = """\
  Project {number:05}:
    workspace: Radiology
    description: The generated project number {number}.
    label_config: |
      <View>
        <Header value="What do you see?"/>
        <Image name="image" value="$image" zoom="true"/>
        <Choices name="finding" toName="image" choice="multiple">
          <Choice value="Normal" hotkey="1"/>
          <Choice value="Pneumonia" hotkey="2"/>
          <Choice value="Effusion of group {group}" hotkey="3"/>
        </Choices>
        <TextArea name="note" toName="image" rows="2"/>
      </View>
    expert_instruction: Look at the whole image, then decide.
    maximum_annotations: {overlap}
    show_instruction: true
    sampling: Uniform sampling
    color: "#1F77B4"
    show_skip_button: {skip}
"""
S3 = """\
      {title}:
        type: s3
        description: Bucket of project {number}.
        bucket: bucket-{number:05}
        prefix: {title}/{number:05}
        region_name: eu-central-1
        aws_access_key_id: ${{env:BENCH_KEY}}
        aws_secret_access_key: ${{env:BENCH_SECRET}}
"""
AZURE = """\
      {title}:
        type: azure
        container: container-{number:05}
        prefix: {title}/{number:05}
        account_name: benchmark
        account_key: ${{env:BENCH_SECRET}}
"""
OTHERS = """\
    webhooks:
      https://hooks.example.com/{number:05}: {{send_for_all_actions: false, actions: [ANNOTATION_CREATED]}}
    views:
      Newest first: {{ordering: ["-tasks:id"]}}
    ml_backends:
      triage: {{url: "http://models-{number:05}.example.com:9090"}}
"""
IMPORTS = ("raw scans", "second clinic")
EXPORTS = ("labels", "backup")
TYPES = (S3, AZURE)


def project(number: int, storages: int, *, others: bool = False) -> str:
    """One project as YAML below `projects:`, with so many storages on each side; `others` are its other children.

    Every tenth project shares its label config, as projects made from templates do.
    """
    skip = "true" if number % 2 else "false"
    text = PROJECT.format(number=number, group=number // 10, overlap=1 + number % 3, skip=skip)
    for name, titles in (("import_storages", IMPORTS), ("export_storages", EXPORTS)) if storages else ():
        children = zip(TYPES[:storages], titles, strict=False)
        text += f"    {name}:\n" + "".join(form.format(title=title, number=number) for form, title in children)
    return text + (OTHERS.format(number=number) if others else "")


def split(resources: int) -> tuple[int, int]:
    """How many projects, and storages on each side of a project, make up so many resources."""
    return (resources // 5, 2) if HAS_STORAGES else (resources, 0)


def in_one_file(folder: Path, projects: int, storages: int, *, others: bool = False) -> Path:
    """A manifest of a single file; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "lsops.yaml"
    text = "".join(project(number, storages, others=others) for number in range(projects))
    path.write_text(f"version: 1\nprojects:\n{text}", "utf-8")
    return path


def in_many_files(folder: Path, projects: int, storages: int) -> Path:
    """A manifest with a file per project; its path."""
    (folder / "projects").mkdir(parents=True)
    for number in range(projects):
        text = "projects:\n" + project(number, storages)
        (folder / f"projects/{number:05}.yaml").write_text(text, "utf-8")
    path = folder / "lsops.yaml"
    path.write_text('version: 1\ninclude: ["projects/*.yaml"]\n', "utf-8")
    return path


def values(projects: Iterable[int], storages: int, *, others: bool = False) -> Mapping[str, Mapping[str, Any]]:
    """What the YAML of these projects says, by title: the other form of the same."""
    text = "".join(project(number, storages, others=others) for number in projects)
    return yaml.load(text, yaml.CSafeLoader) or {}


if __name__ == "__main__":
    sys.stdout.write(project(7, 2))
