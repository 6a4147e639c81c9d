"""What `explain` says of what templates, rows and parameters give."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsops.model.explanation import FieldOrigin
from lsops.operations.explain import ExplainRequest, explain_resource

MANIFEST = """version: 1
templates:
  base:
    params: {overlap: 1}
    project: {maximum_annotations: "${param:overlap}", description: Of the base, color: "#111111"}
  tickets:
    params: {lang: ~}
    template: base
    with: {overlap: 2}
    project:
      description: For ${param:lang}
      webhooks:
        "https://${each:host}.example.com/": {for_each: {host: [a]}, actions: [TASKS_CREATED]}
defaults: {projects: {color: "#222222", show_skip_button: false}}
projects:
  Tickets ${each:lang}:
    for_each: ${file:teams.csv}
    template: tickets
    with: {lang: "${each:lang}"}
    expert_instruction: ${each:text}
  Own: {template: tickets, with: {lang: fr}, description: By hand}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lsops.yaml").write_text(MANIFEST)
    (tmp_path / "teams.csv").write_text("lang,text\nde,Hallo\n")
    return tmp_path


def origins(folder: Path, address: str, field: str) -> list[str]:
    """Each place that says something of a field: what it is, where, and whether it holds."""
    (found,) = explain_resource(ExplainRequest(address, folder, field=field)).fields
    return [_told(one) for one in found.origins]


def _told(one: FieldOrigin) -> str:
    name = f" {one.name}" if one.name else ""
    return f"{'' if one.used else 'over '}{one.layer} {one.by}{name} {one.source} {one.value!r}".replace("  ", " ")


@pytest.mark.parametrize(
    ("address", "field", "told"),
    [
        ("/projects/Tickets de", "description", [
            "template tickets lsops.yaml:11:7 'For de'",
            "over template base lsops.yaml:5:56 'Of the base'",
        ]),
        ("/projects/Own", "description", [
            "entry lsops.yaml:21:46 'By hand'",
            "over template tickets lsops.yaml:11:7 'For fr'",
            "over template base lsops.yaml:5:56 'Of the base'",
        ]),
        ("/projects/Own", "maximum_annotations", [
            "template base lsops.yaml:5:15 2",
            "variable with ${param:overlap} lsops.yaml:9:21 2",
        ]),
        ("/projects/Own", "color", [
            "template base lsops.yaml:5:82 '#111111'",
            "over defaults projects lsops.yaml:14:23 '#222222'",
        ]),
        ("/projects/Own", "show_skip_button", ["defaults projects lsops.yaml:14:41 False"]),
        ("/projects/Tickets de", "expert_instruction", [
            "entry lsops.yaml:20:5 'Hallo'",
            "row with ${each:text} teams.csv:2:1 'Hallo'",
        ]),
        ("/projects/Own/webhooks/https:~1~1a.example.com~1", "actions", [
            "template tickets lsops.yaml:13:70 ['TASKS_CREATED']",
        ]),
    ],
)  # fmt: skip
def test_it_says_which_template_row_or_parameter_gives_a_value(
    folder: Path, address: str, field: str, told: list[str]
) -> None:
    assert origins(folder, address, field) == told


def test_an_overlay_lies_above_a_template(folder: Path) -> None:
    (folder / "o.yaml").write_text("projects: {Own: {color: '#333333'}}\n")
    from lsops.manifest import Options

    request = ExplainRequest("/projects/Own", folder, Options(overlays=(str(folder / "o.yaml"),)), "color")
    (found,) = explain_resource(request).fields

    assert [(one.layer, one.used) for one in found.origins] == [
        ("overlay", True),
        ("template", False),
        ("defaults", False),
    ]
