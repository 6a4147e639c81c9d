"""`explain` says of every field what holds, where it stands, and what it overrode."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lsops.manifest import Options
from lsops.model.explanation import ExplainedField, Explanation
from lsops.model.resource import UNSET
from lsops.operations.explain import ExplainRequest, explain_resource
from tests.support.cli import Lsops
from tests.support.composition import flat, steps_of

NOTHING_GIVEN = Options()


def field(told: Explanation, path: str) -> ExplainedField:
    return next(one for one in told.fields if one.path == path)


def origins(item: ExplainedField) -> list[tuple[Any, ...]]:
    """Layer, line and value of each origin; a star where it is used."""
    return [(one.layer + "*" * one.used, one.source.line if one.source else 0, one.value) for one in item.origins]


# ---- layers over layers ---------------------------------------------------------------------------

NOTE = st.fixed_dictionaries({}, optional={"a": st.sampled_from([1, 2, None]), "b": st.sampled_from([3, 4, None])})
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(["one", "two", None]),
        "control_weights": st.none() | st.fixed_dictionaries({}, optional={"c": st.none() | NOTE}),
    },
)


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        result.pop(name, None) if value is None else result.update({name: merged(result.get(name), value)})
    return result


def beneath(entry: Any, default: Any) -> Any:
    if not (isinstance(entry, dict) and isinstance(default, dict)):
        return entry
    return {**default, **{name: beneath(value, default.get(name)) for name, value in entry.items()}}


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


def tree(entry: Any, default: Any) -> dict[str, Any]:
    return {"defaults": {"projects": default}, "projects": {"One": entry}}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*[ENTRY] * 6))
def test_what_holds_is_what_the_layers_give_and_the_used_origin_gave_it(
    tmp_path: Path, layers: tuple[dict[str, Any], ...]
) -> None:
    base = tree(without_nulls(layers[0]), without_nulls(layers[1]))
    overlays = [tree(*layers[2:4]), tree(*layers[4:6])]
    paths = [tmp_path / "1.yaml", tmp_path / "2.yaml"]
    (tmp_path / "lsops.yaml").write_text(json.dumps({"version": 1, **base}))
    for path, overlay in zip(paths, overlays, strict=True):
        path.write_text(json.dumps(overlay))
    options = Options(overlays=tuple(map(str, paths)))
    whole = merged(merged(base, overlays[0]), overlays[1])
    wanted = dict(flat(beneath(whole["projects"]["One"], whole["defaults"]["projects"])))
    wanted.pop((), None)

    told = explain_resource(ExplainRequest("/projects/One", tmp_path, options))

    held = {steps_of(one.path): one.value for one in told.fields if one.value is not UNSET}
    assert held == {("title",): "One", **wanted}
    for one in told.fields:
        used = [origin for origin in one.origins if origin.used]
        assert [origin.value for origin in used] == [None] if one.value is UNSET else len(used) == 1
        if one.value not in (UNSET, {}):
            assert used[0].value == one.value


LAYERED = """
    version: 1
    vars: {n: 3, rs: {review_criteria: all}}
    environments: {prod: {vars: {n: 4}}}
    x-shared: &shared
      description: shared
    defaults:
      projects: {maximum_annotations: 1, import_storages: {raw: {type: s3, bucket: outer, presign: false}}}
      projects/*/import_storages: {bucket: inner, presign: true, prefix: p/}
    members:
      ben@example.com: annotator
    projects:
      One:
        <<: *shared
        maximum_annotations: ${var:n}
        review_settings: ${var:rs}
        import_storages: {raw: {prefix: own/}}
        lifecycle: {protect: true, ignore: [sampling]}
"""


@pytest.fixture
def layered(lsops: Lsops) -> Callable[..., Explanation]:
    """The manifest above; explains an address of it."""
    path = lsops.write(LAYERED).parent

    def explain(address: str, options: Options = NOTHING_GIVEN, name: str = "") -> Explanation:
        return explain_resource(ExplainRequest(address, path, options, name))

    return explain


GIVEN: dict[str, Mapping[str, str]] = {"LSOPS_VAR_n": {"LSOPS_VAR_n": "5"}}


@pytest.mark.parametrize(
    ("options", "value", "by"),
    [
        (Options(), 3, ["vars"]),
        (Options("prod"), 4, ["environments/prod/vars", "vars"]),
        (Options("prod", env=GIVEN["LSOPS_VAR_n"]), 5, ["LSOPS_VAR_n", "environments/prod/vars", "vars"]),
        (Options(env=GIVEN["LSOPS_VAR_n"], variables={"n": "6"}), 6, ["--var", "LSOPS_VAR_n", "vars"]),
    ],
)
def test_a_variable_is_told_with_what_gave_it_and_what_that_overrode(
    layered: Callable[..., Explanation], options: Options, value: int, by: list[str]
) -> None:
    found = field(layered("/projects/One", options), "/maximum_annotations")

    variables = [one for one in found.origins if one.layer == "variable"]
    assert (found.value, found.origins[0].value) == (value, "${var:n}")
    assert [one.by for one in variables] == by
    assert [one.used for one in variables] == [True] + [False] * (len(by) - 1)
    assert origins(found)[-1] == ("defaults", 7, 1)


@pytest.mark.parametrize(
    ("address", "path", "told"),
    [
        ("/projects/One", "/description", [("entry*", 5, "shared")]),
        ("/projects/One", "/title", [("entry*", 12, "One")]),
        ("/projects/One", "/lifecycle/protect", [("entry*", 17, True)]),
        ("/projects/One", "/lifecycle/ignore", [("entry*", 17, ["sampling"])]),
        ("/members/ben@example.com", "/role", [("entry*", 10, "annotator")]),
        ("/projects/One/import_storages/raw", "/prefix", [("entry*", 16, "own/"), ("defaults", 8, "p/")]),
        ("/projects/One/import_storages/raw", "/bucket", [("defaults*", 7, "outer"), ("defaults", 8, "inner")]),
        ("/projects/One/import_storages/raw", "/presign", [("defaults*", 7, False), ("defaults", 8, True)]),
        (
            "/projects/One",
            "/review_settings/review_criteria",
            [("entry*", 15, "${var:rs}"), ("variable*", 2, "all")],
        ),
    ],
)
def test_origins_of(layered: Callable[..., Explanation], address: str, path: str, told: list[tuple[Any, ...]]) -> None:
    assert origins(field(layered(address), path)) == told


def test_a_field_that_an_overlay_takes_out_is_told_as_not_managed(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects:\n  One: {description: base, color: '#ffffff'}\n")
    lsops.write("projects:\n  One: {description: null}\n", "over.yaml")

    told = explain_resource(ExplainRequest("/projects/One", lsops.folder, Options(overlays=("over.yaml",))))

    found = field(told, "/description")
    assert (found.value, found.server_default) == (UNSET, "")
    assert origins(found) == [("overlay*", 2, None), ("entry", 3, "base")]
    assert "description" not in told.unwritten


def test_a_field_that_nothing_names_is_told_by_its_schema(layered: Callable[..., Explanation]) -> None:
    told = layered("/projects/One", name="show_skip_button")

    assert [origins(one) for one in told.fields] == [[("schema*", 0, True)]]
    assert (told.fields[0].value, told.fields[0].schema["type"]) == (UNSET, "boolean")


# ---- what is asked for ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/projects/A~1B/webhooks/https:~1~1h.example.com~1x", "projects/A/B/webhooks/https://h.example.com/x"],
)
def test_an_address_is_found_with_and_without_its_escapes(lsops: Lsops, address: str) -> None:
    lsops.write("version: 1\nprojects:\n  A/B: {webhooks: {'https://h.example.com/x': {}}}\n")

    assert lsops("explain", address).out.startswith("/projects/A~1B/webhooks/https:~1~1h.example.com~1x (webhook)\n")


SLACK = "https://hooks.slack.com/services/T1/B2/"


@pytest.mark.parametrize(
    "shown",
    ["/projects/One/webhooks/https:~1~1hooks.slack.com~1***", "/projects/One/webhooks/https://hooks.slack.com/***"],
)
def test_an_address_is_found_as_plans_show_it_where_it_is_the_only_one(lsops: Lsops, shown: str) -> None:
    lsops.write(f"version: 1\nprojects:\n  One: {{webhooks: {{'{SLACK}one': {{}}}}}}\n")
    assert lsops("explain", shown).code == 0

    lsops.write(f"version: 1\nprojects:\n  One: {{webhooks: {{'{SLACK}one': {{}},\n   '{SLACK}two': {{}}}}}}\n")
    ran = lsops("explain", shown)
    assert ran.code == 3
    assert "*** (line 3), /projects/One/webhooks/https:~1~1hooks.slack.com~1*** (line 4)" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (["/projects/Onne"], "LS615", "did you mean /projects/One?"),
        (["/projects/One/import_storage/raw"], "LS615", "did you mean /projects/One/import_storages/raw?"),
        (["/projects/One/import_storages"], "LS615", "it is a collection: /projects/One/import_storages/raw"),
        (["/projects/One/description"], "LS615", "a field of /projects/One is explained by --field description"),
        (["/zzz"], "LS615", "declared there: /members, /projects"),
        (["/projects/One", "--field", "descripton"], "LS616", "did you mean description?"),
        (["/projects/One", "--field", "review_settings/nonsense"], "LS616", "lsops schema project lists all"),
        (
            ["/projects/One", "--field", "webhooks"],
            "LS616",
            "it is a collection, whose entries have addresses of their own: /projects/One/webhooks/…",
        ),
    ],
)
def test_what_there_is_not_gets_the_nearest_as_a_hint(lsops: Lsops, arguments: list[str], code: str, hint: str) -> None:
    lsops.write(LAYERED)

    ran = lsops("explain", *arguments, "--format", "json")

    assert (ran.code, ran.json()["errors"][0]["code"], ran.json()["errors"][0]["hint"]) == (3, code, hint)


# ---- what is shown --------------------------------------------------------------------------------


def test_a_field_of_an_enterprise_kind_is_told_as_one_of_enterprise_alone(lsops: Lsops) -> None:
    rules = "review_routing: {rules: [{sample_rate: 1}]}"
    lsops.write(f"version: 1\nworkspaces: {{A: {{}}}}\nprojects: {{Pro: {{workspace: A, {rules}}}}}\n")

    ran = lsops("explain", "/projects/Pro/review_routing")

    assert "Enterprise 2.34" in ran.out
    assert "Community" not in ran.out


def test_the_text_tells_it_in_80_columns(lsops: Lsops) -> None:
    lsops.write(LAYERED)

    ran = lsops("explain", "/projects/One", "-e", "prod", "--field", "maximum_annotations")

    assert ran.out.splitlines() == [
        "/projects/One (project, environment prod)",
        "",
        "maximum_annotations: 4",
        '  from lsops.yaml:14: "${var:n}"',
        "  where n is 4, environments/prod/vars at lsops.yaml:3",
        "  over 3, vars at lsops.yaml:2",
        "  over 1, defaults of projects at lsops.yaml:7",
        "  Annotations per task (overlap).",
        "  integer; 1 to 2147483647; server default 1",
    ]
    whole = lsops("explain", "/projects/One").out.splitlines()
    assert whole[1] == "No environment is chosen (-e NAME); the manifest has prod"
    assert max(map(len, whole)) <= 80


def test_nothing_confidential_is_shown_of_any_layer(lsops: Lsops) -> None:
    lsops.write("""
        version: 1
        vars: {tok: hush-variable}
        projects:
          One:
            import_storages: {raw: {type: s3, bucket: b, aws_access_key_id: hush-literal}}
            webhooks:
              https://h.example.com/x: {headers: {A: hush-header, B: "x ${var:tok}", C: "${env:HUSH}"}}
            ml_backends: {m: {url: "https://user:hush-password@ml.example.com/?key=hush-query"}}
    """)
    lsops.write("projects: {One: {import_storages: {raw: {aws_access_key_id: '${file:hush}'}}}}\n", "o.yaml")
    lsops.write("hush-file", "hush")
    addresses = ["import_storages/raw", "webhooks/https://h.example.com/x", "ml_backends/m"]
    runs = [("explain", f"projects/One/{one}", "--overlay", "o.yaml", "--format") for one in addresses]

    told = "".join(lsops(*run, form).out for run in runs for form in ("text", "json"))

    assert "${file:hush}" in told
    assert "${env:HUSH}" in told
    assert "hush-" not in told


@pytest.mark.parametrize(
    "title", ["::error::x", "a\x1b[31mb".replace("\x1b", "\\e"), "\\u202Eabc", "##[group]x", "@team <b>"]
)
def test_no_text_of_the_manifest_commands_a_terminal_or_a_runner(lsops: Lsops, title: str) -> None:
    lsops.write(f'version: 1\nvars: {{v: "{title}"}}\nprojects:\n  One: {{description: "{title} ${{var:v}}"}}\n')

    ran = lsops("explain", "/projects/One")

    assert ran.code == 0
    assert not {"\x1b", "\u202e"} & set(ran.out)
    assert "##[" not in ran.out
    assert not [row for row in ran.out.splitlines() if row.lstrip().startswith(("::", "##", "@", "<"))]
