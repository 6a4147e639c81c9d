"""Manifests that are right: what they declare, from where, in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsops.errors import ManifestError, Source
from lsops.manifest import Options, load
from lsops.model.resource import Lifecycle, Secret
from tests.unit.manifest.support import load_files, write_files

pytestmark = pytest.mark.usefixtures("more_kinds")

LABELS = '<View><Image name="i" value="$i"/><Choices name="c" toName="i"><Choice value="a"/><Choice value="b"/></Choices></View>'
WHOLE = {
    "lsops.yaml": """\
version: 1
server: {url: https://label.example.com}
include: [members.yaml, "projects/*.yaml", "projects/**", "*.yaml"]
vars: {bucket: scans-staging, hours: 3}
x-common: &common {presign: true}
environments:
  prod:
    server: {url: https://label.prod.example.com}
    vars: {bucket: scans-prod}
    overlays: [overlays/prod.yaml]
session_policy: {max_session_age: 11520}
workspaces:
  Radiology: {description: X-ray, members: [ana@example.com]}
defaults:
  projects: {show_skip_button: false, lifecycle: {protect: true}}
  projects/*/import_storages: {presign: true, presign_ttl: 15}
prune: [projects/*/webhooks]
""",
    "members.yaml": "members:\n  ana@example.com: {role: reviewer}\n  ben@example.com: annotator\n",
    "projects/chest.yaml": """\
projects:
  Chest/X-ray:
    workspace: Radiology
    label_config: ${file:../labels/chest.xml}
    import_storages:
      raw: {type: azure_spi, container: "${var:bucket}", client_secret: "${env:AZURE}", presign_ttl: 3}
      old: {type: s3, bucket: b}
    webhooks: {}
    prune: [views]
    views: {All: {}}
    lifecycle: {ignore: [color, /review_settings/instruction]}
""",
    "labels/chest.xml": LABELS,
    "overlays/prod.yaml": "projects:\n  Chest/X-ray:\n    import_storages: {old: ~}\n    color: '#000000'\n",
}
CHEST = "/projects/Chest~1X-ray"


@pytest.fixture
def whole(tmp_path):
    return load_files(tmp_path, WHOLE)


def at(manifest, address):
    return next(item for item in manifest.desired.resources if item.address == address)


def test_resources_stand_in_the_order_of_the_manifest_an_entry_before_its_children(whole):
    assert [(item.kind, item.address) for item in whole.desired.resources] == [
        ("session_policy", "/session_policy"),
        ("workspace", "/workspaces/Radiology"),
        ("workspace_member", "/workspaces/Radiology/members/ana@example.com"),
        ("member", "/members/ana@example.com"),
        ("member", "/members/ben@example.com"),
        ("project", CHEST),
        ("import_storage", f"{CHEST}/import_storages/raw"),
        ("import_storage", f"{CHEST}/import_storages/old"),
        ("view", f"{CHEST}/views/All"),
    ]


def test_a_resource_has_its_fields_and_nothing_else(whole):
    project = at(whole, CHEST)

    assert project.values == {
        "title": project.key,
        "workspace": "Radiology",
        "label_config": LABELS,
        "show_skip_button": False,
    }
    assert (project.key, project.parent, project.type) == ("Chest/X-ray", "", None)
    assert project.source == Source("projects/chest.yaml", 2, 3)
    assert project.lifecycle == Lifecycle(protect=True, ignore=("/color", "/review_settings/instruction"))


def test_a_child_knows_its_type_and_parent(whole):
    storage = at(whole, f"{CHEST}/import_storages/raw")

    assert (storage.type, storage.parent, storage.key) == ("azure_spi", CHEST, "raw")
    assert storage.values["client_secret"] == Secret("env", "AZURE")
    assert storage.values["container"] == "scans-staging"


def test_defaults_lie_beneath_and_have_their_own_place(whole):
    raw, old = at(whole, f"{CHEST}/import_storages/raw"), at(whole, f"{CHEST}/import_storages/old")

    assert (raw.values["presign_ttl"], old.values["presign_ttl"]) == (3, 15)
    assert raw.place("presign") == Source("lsops.yaml", 16, 32)
    assert raw.place("container") == Source("projects/chest.yaml", 6, 30)


def test_short_forms_give_resources(whole):
    assert at(whole, "/members/ben@example.com").values == {"email": "ben@example.com", "role": "annotator"}
    assert at(whole, "/workspaces/Radiology/members/ana@example.com").source == Source("lsops.yaml", 13, 45)


def test_written_names_every_collection_that_is_written(whole):
    assert dict(whole.desired.written) == {
        "/workspaces": Source("lsops.yaml", 12, 1),
        "/workspaces/Radiology/members": Source("lsops.yaml", 13, 35),
        "/members": Source("members.yaml", 1, 1),
        "/projects": Source("projects/chest.yaml", 1, 1),
        f"{CHEST}/import_storages": Source("projects/chest.yaml", 5, 5),
        f"{CHEST}/webhooks": Source("projects/chest.yaml", 8, 5),
        f"{CHEST}/views": Source("projects/chest.yaml", 10, 5),
    }


def test_prune_holds_patterns_and_the_addresses_of_single_entries(whole):
    assert whole.desired.prune == ("projects/*/webhooks", f"{CHEST}/views")


def test_a_singleton_has_no_key(whole):
    policy = at(whole, "/session_policy")

    assert (policy.key, policy.values, policy.source) == ("", {"max_session_age": 11520}, Source("lsops.yaml", 11, 1))


def test_the_manifest_says_where_it_is(whole, tmp_path):
    assert (whole.root, whole.path, whole.environment) == (tmp_path, tmp_path / "lsops.yaml", "")
    assert (whole.server_url, whole.server_source) == ("https://label.example.com", Source("lsops.yaml", 2, 15))
    assert (whole.warnings, whole.overlays) == ((), ())
    assert whole.display("projects/a.yaml") == f"{tmp_path}/projects/a.yaml"


def test_an_environment_changes_server_variables_and_tree(tmp_path):
    manifest = load_files(tmp_path, WHOLE, environment="prod")

    assert manifest.server_url == "https://label.prod.example.com"
    assert manifest.server_source == Source("lsops.yaml", 8, 19)
    assert (manifest.environment, manifest.overlays) == ("prod", ("overlays/prod.yaml",))
    assert at(manifest, f"{CHEST}/import_storages/raw").values["container"] == "scans-prod"
    assert f"{CHEST}/import_storages/old" not in {item.address for item in manifest.desired.resources}
    assert at(manifest, CHEST).place("color") == Source("overlays/prod.yaml", 4, 5)


def test_the_document_is_the_composed_tree_before_references(whole):
    entry = whole.document["projects"]["Chest/X-ray"]

    assert entry["label_config"] == "${file:../labels/chest.xml}"
    assert entry.key_source("show_skip_button") == Source("lsops.yaml", 15, 14)


def test_the_file_itself_may_be_named(tmp_path):
    write_files(tmp_path, {"a/other.yml": "version: 1\ninclude: [b.yaml]\n", "a/b.yaml": "projects: {Cats: {}}"})

    manifest = load(tmp_path / "a" / "other.yml")

    assert (manifest.root, manifest.path.name) == (tmp_path / "a", "other.yml")
    assert at(manifest, "/projects/Cats").source == Source("b.yaml", 1, 12)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (".", "lsops.yaml"),
        ("m", "m/lsops.yaml"),
        ("m/", "m/lsops.yaml"),
        ("m/lsops.yaml", "m/lsops.yaml"),
        ("../x/m", "../x/m/lsops.yaml"),
    ],
)
def test_files_are_shown_as_the_user_named_them(given, wanted, tmp_path, monkeypatch):
    write_files(tmp_path / "x", {"lsops.yaml": "version: 1", "m/lsops.yaml": "version: 1"})
    monkeypatch.chdir(tmp_path / "x")

    assert load(Path(given)).display("lsops.yaml") == wanted


def test_overlays_of_the_command_line_come_last_and_may_lie_anywhere(tmp_path):
    files = {
        "m/lsops.yaml": "version: 1\nenvironments: {e: {overlays: [o.yaml]}}\nprojects: {Cats: {}}\n",
        "m/o.yaml": "projects: {Cats: {maximum_annotations: 2, color: '#111111'}}",
        "p.yaml": "projects: {Cats: {maximum_annotations: 3, description: '${file:m/d.txt}'}}",
        "q.yaml": "projects: {Cats: {show_skip_button: true}, Dogs: {}}",
        "m/d.txt": "told",
    }
    write_files(tmp_path, files)

    options = Options(environment="e", overlays=(str(tmp_path / "p.yaml"), str(tmp_path / "q.yaml")))
    cats = at(load(tmp_path / "m", options), "/projects/Cats")

    assert cats.values == {
        "title": "Cats",
        "maximum_annotations": 3,
        "color": "#111111",
        "description": "told",
        "show_skip_button": True,
    }
    assert cats.place("maximum_annotations") == Source("../p.yaml", 1, 19)


def test_later_sources_of_a_variable_win(tmp_path):
    files = {
        "lsops.yaml": "version: 1\nvars: {a: 1, b: 1, c: 1, d: 1}\nenvironments: {e: {vars: {b: 2, c: 2, d: 2}}}\n"
        "projects: {Cats: {description: '${var:a}${var:b}${var:c}${var:d}'}}\n"
    }

    manifest = load_files(
        tmp_path, files, environment="e", env={"LSOPS_VAR_c": "3", "LSOPS_VAR_d": "3", "b": "9"}, variables={"d": "4"}
    )

    assert at(manifest, "/projects/Cats").values["description"] == "1234"


REFERENCES = {
    "whole, with its type": ("maximum_annotations: '${var:three}'", 3),
    "whole, a map": ("control_weights: '${var:map}'", {"x": ["${var:three}"]}),
    "an escaped beginning in a variable": ("description: '${var:lit}'", "${var:three} $${x"),
    "the same inside text": ("description: 'so: ${var:lit}'", "so: ${var:three} $${x"),
    "quoted in vars as a number": ("maximum_annotations: '${var:quoted3}'", 3),
    "quoted in vars as a boolean": ("show_skip_button: '${var:quotedno}'", False),
    "quoted in vars where text is allowed": ("description: '${var:quoted3}'", "3"),
    "text as a number": ("maximum_annotations: '${var:text3}'", 3),
    "text as a boolean": ("show_skip_button: '${var:texttrue}'", True),
    "text where text is allowed": ("agreement_threshold: '${var:text05}'", "0.5"),
    "inside text": ("description: a ${var:three} ${var:yes} ${var:half} ${var:text3}", "a 3 true 0.5 3"),
    "escaped": ("description: $${var:three} $${env:A} $${file:b", "${var:three} ${env:A} ${file:b"),
    "other braces": ("description: '${x} ${ var:three} $text ${var:three'", "${x} ${ var:three} $text ${var:three"),
    "a file": ("description: '${file:d.txt}'", "text of ${var:three}\n"),
    "a file inside text": ("description: 'so: ${file:./d.txt}!'", "so: text of ${var:three}\n!"),
    "in a nested map": ("review_settings: {instruction: '${var:three}x'}", {"instruction": "3x"}),
    "text as a number in a nested map": ("control_weights: {a: ['${var:three}', '${var:text3}']}", {"a": [3, "3"]}),
    "null": ("description: '${var:nothing}'", None),
}


@pytest.mark.parametrize(("written", "wanted"), REFERENCES.values(), ids=REFERENCES.keys())
def test_a_reference_gives(written, wanted, tmp_path):
    files = {
        "lsops.yaml": "version: 1\nvars: {three: 3, map: {x: ['$${var:three}']}, lit: '$${var:three} $${x', quoted3: '3', quotedno: 'false', 'yes': true, half: 0.5, nothing: ~}\n"
        f"projects:\n  Cats:\n    {written}\n",
        "d.txt": "text of ${var:three}\n",
    }
    variables = {"text3": "3", "texttrue": "true", "text05": "0.5"}

    found = at(load_files(tmp_path, files, variables=variables), "/projects/Cats").values
    values = {name: value for name, value in found.items() if name != "title"}

    assert list(values.values()) == [wanted]


def test_lifecycle_server_and_prune_take_references(tmp_path):
    files = {
        "lsops.yaml": "version: 1\nserver: {url: 'https://${var:host}'}\nprune: ['${var:what}']\nmembers: {a@x.org: {}}\n"
        "projects: {Cats: {lifecycle: {protect: '${var:safe}'}}}\n"
    }

    manifest = load_files(tmp_path, files, variables={"host": "a.example", "what": "members", "safe": "true"})

    assert (manifest.server_url, manifest.desired.prune) == ("https://a.example", ("members",))
    assert at(manifest, "/projects/Cats").lifecycle.protect


def test_an_environment_has_its_server_from_a_variable(tmp_path):
    files = {
        "lsops.yaml": "version: 1\nenvironments: {e: {server: {url: '${var:u}'}}, f: {server: {url: '${var:none}'}}}\n"
    }

    assert (
        load_files(tmp_path, files, environment="e", variables={"u": "https://e.example"}).server_url
        == "https://e.example"
    )


def test_what_many_entries_share_is_looked_at_once(tmp_path):
    large = "{" + ", ".join(f"k{number}: [1, 2, 3]" for number in range(5_000)) + "}"
    entries = "".join(f"  Cats {number}: {{control_weights: *large}}\n" for number in range(40))
    files = {"lsops.yaml": f"version: 1\nx-large: &large {large}\nprojects:\n{entries}"}

    values = [item.values["control_weights"] for item in load_files(tmp_path, files).desired.resources]

    assert all(value is values[0] for value in values)


def test_a_type_may_come_from_a_variable(tmp_path):
    files = {"lsops.yaml": "version: 1\nprojects: {Cats: {import_storages: {a: {type: '${var:t}', bucket: b}}}}\n"}

    storage = at(load_files(tmp_path, files, variables={"t": "s3"}), "/projects/Cats/import_storages/a")

    assert (storage.type, storage.values["type"]) == ("s3", "s3")


def test_a_key_field_that_is_written_is_the_key(tmp_path):
    files = {"lsops.yaml": "version: 1\nprojects: {c: {title: ' Cats '}, ' Dogs ': {}}\n"}

    cats, dogs = load_files(tmp_path, files).desired.resources

    assert (cats.address, cats.key, cats.values) == ("/projects/c", "Cats", {"title": " Cats "})
    assert (dogs.address, dogs.key, dogs.values) == ("/projects/ Dogs ", "Dogs", {"title": "Dogs"})


def test_warnings_of_label_configs_do_not_fail_a_manifest(tmp_path):
    files = {
        "lsops.yaml": "version: 1\nprojects:\n  Cats:\n    label_config: |\n      <View>\n        <Image name='i' value='$i'/>\n      </View>\n"
    }

    manifest = load_files(tmp_path, files)

    assert [(w.code, w.severity, w.source.line) for w in manifest.warnings] == [("LS122", "warning", 5)]
    assert manifest.desired.warnings == manifest.warnings


def test_errors_bring_the_warnings_along(tmp_path):
    with pytest.raises(ManifestError) as caught:
        load_files(tmp_path, {"lsops.yaml": "version: 2\ninclude: ['*.yml']\n"})

    assert [finding.code for finding in caught.value.findings] == ["LS211", "LS301"]
    assert caught.value.exit_code == 3


def test_globs_give_files_in_order_and_follow_no_circle(tmp_path):
    files = {
        "lsops.yaml": "version: 1\ninclude: ['p/**/*.yaml', 'p/b/?.yaml', 'p/[ab].yaml']\n",
        "p/b/c.yaml": "projects: {C11: {}}", "p/a.yaml": "projects: {A11: {}}", "p/b/d/e.yaml": "projects: {E11: {}}",
        "p/.hidden.yaml": "a: [", "p/.git/x.yaml": "a: [", "p/b/circle": {"link": ".."}, "p/z.txt": "a: [", "p/b.yaml/x": "",
    }  # fmt: skip

    manifest = load_files(tmp_path, files)

    assert [item.key for item in manifest.desired.resources] == ["A11", "C11", "E11"]


def test_a_link_inside_the_root_is_followed(tmp_path):
    files = {
        "lsops.yaml": "version: 1\ninclude: [l/a.yaml]\n",
        "real/a.yaml": "projects: {Cats: {}}",
        "l": {"link": "real"},
    }

    assert load_files(tmp_path, files).desired.resources[0].source == Source("l/a.yaml", 1, 12)


def test_the_root_may_be_hidden_or_a_link(tmp_path):
    write_files(tmp_path, {".m/lsops.yaml": "version: 1\ninclude: [a.yaml]\n", ".m/a.yaml": "{}", "n": {"link": ".m"}})

    assert load(tmp_path / "n").desired.resources == load(tmp_path / ".m").desired.resources == ()


def test_an_empty_collection_is_written(tmp_path):
    manifest = load_files(tmp_path, {"lsops.yaml": "version: 1\nprune: [workspaces]\nworkspaces: {}\n"})

    assert manifest.desired.written == {"/workspaces": Source("lsops.yaml", 3, 1)}


DEFAULTS = "version: 1\n%sdefaults: {projects: {lifecycle: %s}}\nprojects: {}\n"


@pytest.mark.parametrize(
    ("head", "lifecycle", "told"),
    [
        ("", "{protect: true}", {}),
        ("vars: {p: true}\n", "{protect: '${var:p}'}", {}),
        ("vars: {p: {protect: true}}\n", "'${var:p}'", {}),
        ("vars: {p: false}\n", "{protect: '${var:p}'}", {"env": {"LSOPS_VAR_p": "true"}}),
        ("", "{protect: '${var:p}'}", {"variables": {"p": "true"}}),
    ],
)
def test_a_default_protects_also_by_a_variable(head, lifecycle, told, tmp_path):
    manifest = load_files(tmp_path, {"lsops.yaml": DEFAULTS % (head, lifecycle)}, **told)

    assert manifest.desired.protected == ("projects",)


def test_a_default_that_does_not_protect_is_not_one_that_does(tmp_path):
    text = DEFAULTS % ("vars: {p: true}\n", "{protect: '${var:p}'}")

    assert load_files(tmp_path, {"lsops.yaml": text}, variables={"p": "false"}).desired.protected == ()


@pytest.mark.parametrize("text", ["WA ", " WA", "${var:wa}"])
def test_the_name_of_another_resource_is_trimmed_where_it_stands(text, tmp_path):
    files = {"lsops.yaml": f"version: 1\nvars: {{wa: 'WA '}}\nprojects: {{Cats: {{workspace: '{text}'}}}}\n"}

    [project] = load_files(tmp_path, files).desired.resources

    assert project.values == {"title": project.key, "workspace": "WA"}
    assert project.values.value_source("workspace") == Source("lsops.yaml", 3, 30)
