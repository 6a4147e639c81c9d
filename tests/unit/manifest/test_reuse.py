"""Templates, rows, parameters, parts of label configs: the same as the manifest written out, from fewer lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.clock import processor_seconds
from tests.unit.manifest.support import load_files

CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="{}"/></Choices></View>'


def declared(root: Path, text: str, files: dict[str, str] | None = None, **told: Any) -> dict[str, dict[str, Any]]:
    """What a manifest declares, by address."""
    manifest = load_files(root, {"lsops.yaml": "version: 1\n" + text, **(files or {})}, **told)
    return {one.address: dict(one.values) for one in manifest.desired.resources}


SAME: dict[str, tuple[str, str]] = {
    "a template lies beneath its entry": (
        (
            "templates: {a: {project: {maximum_annotations: 2, show_skip_button: false}}}\n"
            "projects: {Cats: {template: a, maximum_annotations: 3}}"
        ),
        "projects: {Cats: {maximum_annotations: 3, show_skip_button: false}}",
    ),
    "and above the defaults": (
        (
            "templates: {a: {project: {maximum_annotations: 2}}}\n"
            "defaults: {projects: {maximum_annotations: 1, show_skip_button: false}}\n"
            "projects: {Cats: {template: a}}"
        ),
        "projects: {Cats: {maximum_annotations: 2, show_skip_button: false}}",
    ),
    "with the children that it has": (
        (
            "templates: {a: {project: {webhooks: {'https://h.example.com/': {actions: [TASKS_CREATED]}}}}}\n"
            "projects: {Cats: {template: a, webhooks: {'https://h.example.com/': {is_active: false}}}}"
        ),
        "projects: {Cats: {webhooks: {'https://h.example.com/': {actions: [TASKS_CREATED], is_active: false}}}}",
    ),
    "one builds on another": (
        (
            "templates:\n"
            "  a: {params: {n: 1, d: x}, project: {maximum_annotations: '${param:n}', description: '${param:d}'}}\n"
            "  b: {params: {n: 4}, template: a, with: {n: '${param:n}'}, project: {description: own}}\n"
            "projects: {Cats: {template: b}}"
        ),
        "projects: {Cats: {maximum_annotations: 4, description: own}}",
    ),
    "one without parameters builds on another": (
        (
            "templates:\n  a: {project: {maximum_annotations: 4}}\n  b: {template: a, project: {}}\n"
            "projects: {Cats: {template: b}}"
        ),
        "projects: {Cats: {maximum_annotations: 4}}",
    ),
    "a product of lists": (
        (
            "projects:\n  '${each:a} ${each:n}':\n    for_each: {a: [Cats, Dogs], n: [1, 2]}\n"
            "    maximum_annotations: '${each:n}'"
        ),
        (
            "projects: {Cats 1: {maximum_annotations: 1}, Cats 2: {maximum_annotations: 2},"
            " Dogs 1: {maximum_annotations: 1}, Dogs 2: {maximum_annotations: 2}}"
        ),
    ),
    "a list of maps": (
        "projects:\n  'C ${each:a}':\n    for_each: [{a: x, n: 2}, {a: y, n: 3}]\n    maximum_annotations: '${each:n}'",
        "projects: {C x: {maximum_annotations: 2}, C y: {maximum_annotations: 3}}",
    ),
    "variables in rows": (
        (
            "vars: {a: x, n: '2'}\nprojects:\n  'C ${each:a}':\n"
            "    for_each: [{a: '${var:a}', n: '${var:n}'}]\n    maximum_annotations: '${each:n}'"
        ),
        "projects: {C x: {maximum_annotations: 2}}",
    ),
    "rows of a collection below": (
        "projects:\n  Cats:\n    webhooks:\n      'https://${each:h}.example.com/': {for_each: {h: [a, b]}}",
        "projects: {Cats: {webhooks: {'https://a.example.com/': {}, 'https://b.example.com/': {}}}}",
    ),
    "rows of a template's child, in an entry of rows": (
        (
            "templates:\n  a:\n    params: {p: ~}\n    project:\n      webhooks:\n"
            "        'https://${each:h}.example.com/${param:p}': {for_each: {h: [a, b]}}\n"
            "projects:\n  'C ${each:x}': {for_each: {x: [y]}, template: a, with: {p: '${each:x}'}}"
        ),
        "projects: {C y: {webhooks: {'https://a.example.com/y': {}, 'https://b.example.com/y': {}}}}",
    ),
    "what is given is not scanned again": (
        "projects:\n  'C ${each:n}':\n    for_each: [{n: 1, t: '$${var:x} $${each:n}'}]\n    description: '${each:t}, ${each:t}'",
        "projects: {C 1: {description: '$${var:x} $${each:n}, $${var:x} $${each:n}'}}",
    ),
    "an escape stays one": (
        "projects:\n  'C ${each:n}': {for_each: {n: [1]}, description: '$${each:n} is ${each:n}'}",
        "projects: {C 1: {description: '$${each:n} is 1'}}",
    ),
    "no rows are no entries": (
        "projects:\n  Cats: {}\n  'C ${each:n}': {for_each: {n: []}}",
        "projects: {Cats: {}}",
    ),
}


@pytest.mark.parametrize(("short", "written_out"), SAME.values(), ids=SAME)
def test_it_is_as_if_it_were_written_out(tmp_path: Path, short: str, written_out: str) -> None:
    assert declared(tmp_path / "a", short) == declared(tmp_path / "b", written_out)


FILES = {
    "t.csv": '\ufeffteam,n\nred,1\n"blue, green",2\n',
    "t.yaml": "- {team: red, n: 1}\n- {team: 'blue, green', n: 2}\n",
    "t.json": '{"team": ["red"], "n": [1]}',
}


@pytest.mark.parametrize(("name", "titles"), [("t.csv", 2), ("t.yaml", 2), ("t.json", 1)])
def test_rows_stand_in_a_file(tmp_path: Path, name: str, titles: int) -> None:
    text = f"projects:\n  'T ${{each:team}}': {{for_each: '${{file:{name}}}', maximum_annotations: '${{each:n}}'}}\n"

    found = declared(tmp_path, text, FILES)

    expected = {"/projects/T red": 1, "/projects/T blue, green": 2}
    assert {at: one["maximum_annotations"] for at, one in found.items()} == dict(list(expected.items())[:titles])


def test_an_overlay_sees_the_entries_written_out(tmp_path: Path) -> None:
    text = "projects:\n  'C ${each:n}': {for_each: {n: [1, 2]}, description: x}\n"
    overlay = {"o.yaml": "projects: {C 1: {description: mine}, C 2: null}\n"}

    found = declared(tmp_path, text, overlay, overlays=["o.yaml"])

    assert found == {"/projects/C 1": {"title": "C 1", "description": "mine"}}


def test_an_overlay_s_variables_count_for_rows(tmp_path: Path) -> None:
    text = "vars: {n: [1]}\nprojects:\n  'C ${each:n}': {for_each: {n: '${var:n}'}}\n"

    found = declared(tmp_path, text, {"o.yaml": "vars: {n: [1, 2]}\n"}, overlays=["o.yaml"])

    assert list(found) == ["/projects/C 1", "/projects/C 2"]


def test_a_template_may_stand_in_an_included_file_with_files_beside_it(tmp_path: Path) -> None:
    files = {
        "t/a.yaml": "templates: {a: {params: {l: ~}, project: {label_config: '${template:c.xml}'}}}\n",
        "t/c.xml": CONFIG.format("${param:l} &lt; ${var:v}"),
    }

    found = declared(
        tmp_path, "include: [t/a.yaml]\nvars: {v: 'a<b'}\nprojects: {Cats: {template: a, with: {l: 'x\"&y'}}}\n", files
    )

    assert found["/projects/Cats"]["label_config"] == CONFIG.format("x&quot;&amp;y &lt; a&lt;b")


def test_text_of_a_template_file_is_not_escaped_where_it_is_no_label_config(tmp_path: Path) -> None:
    files = {"d.txt": "Hello ${var:v}: $${var:v}, ${other}\n"}

    found = declared(tmp_path, "vars: {v: 'a<b'}\nprojects: {Cats: {description: '${template:d.txt}'}}\n", files)

    assert found["/projects/Cats"]["description"] == "Hello a<b: ${var:v}, ${other}\n"


def test_the_name_of_a_secret_may_hold_what_a_row_gives(tmp_path: Path) -> None:
    text = """
projects:
  C ${each:n}:
    for_each: {n: [A, B]}
    import_storages:
      raw: {type: s3, bucket: b, aws_secret_access_key: "${env:KEY_${each:n}}", aws_session_token: "${file:${each:n}.key}"}
"""

    manifest = load_files(tmp_path, {"lsops.yaml": "version: 1\n" + text})

    storages = manifest.desired.of("import_storage")
    assert [one.values["aws_secret_access_key"].name for one in storages] == ["KEY_A", "KEY_B"]
    assert [one.values["aws_session_token"].name for one in storages] == ["A.key", "B.key"]


def test_parts_of_label_configs_are_put_in_their_places(tmp_path: Path) -> None:
    include = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
    files = {
        "c.xml": f'<View {include} style="a">\n<Text name="t" value="$t"/><xi:include href="p/a.xml"/>ü</View>',
        "p/a.xml": f"<?xml version='1.0'?>\n<View><inc:include xmlns:inc='{include[10:-1]}' href='b.xml'></inc:include></View>",
        "p/b.xml": '<Choices name="c" toName="t"><Choice value="é"/></Choices>',
    }

    found = declared(tmp_path, "projects: {Cats: {label_config: '${file:c.xml}'}}\n", files)

    assert found["/projects/Cats"]["label_config"] == (
        '<View style="a">\n<Text name="t" value="$t"/>\n<View>'
        '<Choices name="c" toName="t"><Choice value="é"/></Choices></View>ü</View>'
    )


def test_an_inline_config_is_literal(tmp_path: Path) -> None:
    config = '<View xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="a.xml"/></View>'

    found = declared(tmp_path, f"projects: {{Cats: {{label_config: '{config}'}}}}\n")

    assert found["/projects/Cats"]["label_config"] == config


def test_parts_nest_eight_deep_and_no_deeper(tmp_path: Path) -> None:
    part = '<View xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{}.xml"/></View>'
    files = {f"{n}.xml": part.format(n + 1) for n in range(8)} | {"8.xml": "<View/>"}
    text = "projects: {Cats: {label_config: '${file:0.xml}'}}\n"

    assert declared(tmp_path / "a", text, files)["/projects/Cats"]["label_config"].count("<View") == 9
    with pytest.raises(Exception, match="parts are nested more than 8 deep"):
        declared(tmp_path / "b", text, files | {"8.xml": part.format(9), "9.xml": "<View/>"})


def test_extra_fields_stand_among_the_others(tmp_path: Path) -> None:
    found = declared(tmp_path, "vars: {v: 3}\nprojects: {Cats: {extra: {new_switch: true, other: {a: '${var:v}'}}}}\n")

    assert found["/projects/Cats"] == {"title": "Cats", "new_switch": True, "other": {"a": 3}}


def test_a_thousand_rows_take_at_most_twice_the_time_of_what_they_stand_for(tmp_path: Path) -> None:
    """Of the best of three each; a benchmark measures whole processes."""
    body = "{description: 'For %s', maximum_annotations: %s, webhooks: {'https://h.example.com/%s': {}}}"
    rows = [f"t{number}" for number in range(1_000)]
    short = {
        "t.csv": "t,n\n" + "".join(f"{one},2\n" for one in rows),
        "lsops.yaml": "version: 1\nprojects:\n  'C ${each:t}':\n    for_each: ${file:t.csv}\n"
        "    description: For ${each:t}\n    maximum_annotations: ${each:n}\n"
        "    webhooks: {'https://h.example.com/x': {}}\n",
    }
    long = {"lsops.yaml": "version: 1\nprojects:\n" + "".join(f"  C {t}: {body % (t, 2, 'x')}\n" for t in rows)}

    def best(folder: Path, files: dict[str, str]) -> float:
        assert len(load_files(folder, files).desired.resources) == 2_000
        return min(processor_seconds(lambda: load_files(folder, files)) for _ in range(3))

    assert best(tmp_path / "short", short) <= 2 * best(tmp_path / "long", long)
