"""Manifests that are broad in one way each, by the number of what they have many of; `WRONG` is what validate refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Tree = dict[str, Any]
Maker = Callable[[int], Tree]

CHOICES = '<Choices name="dx" toName="t"><Choice value="Yes"/><Choice value="No"/></Choices>'
CONFIG = f'<View><Text name="t" value="$text"/>{CHOICES}</View>'
METRIC = {"extraction_method": "control_tag", "metric_type": "exact_match"}
RULE = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 1}
VERSION = {"prompt": "Which is it? {text}", "provider_model_id": "gpt-4o", "provider": "OpenAI"}


def one(**fields: Any) -> Tree:
    """One project with these fields."""
    return {"projects": {"Alone": {"label_config": CONFIG, **fields}}}


def each(count: int, entry: Callable[[int], Mapping[str, Any]] = lambda _: {}, **beside: Any) -> Tree:
    """So many projects with the fields that one of a number has."""
    projects = {f"Project {number:05}": {"label_config": CONFIG, **entry(number)} for number in range(count)}
    return {**beside, "projects": projects}


def named(count: int, name: str, value: Any) -> dict[str, Any]:
    """So many names with a value each, that of the name where it is a function."""
    found = {}
    for number in range(count):
        found[name.format(number)] = value(number) if callable(value) else value
    return found


def config(inside: Iterable[str], before: str = '<Text name="t" value="$text"/>') -> Tree:
    return one(label_config=f"<View>{before}{''.join(inside)}</View>")


def labels(count: int, name: str = "Choices", tag: str = "Choice") -> str:
    inside = "".join(f'<{tag} value="label{number}"/>' for number in range(count))
    return f'<{name} name="{name}" toName="t">{inside}</{name}>'


def _regions(name: str) -> Callable[[int], str]:
    return lambda n: (
        f'<Choices name="c{n}" toName="t" perRegion="true" whenTagName="Labels" whenLabelValue="{name}{n}">'
        '<Choice value="a"/></Choices>'
    )


def people(count: int) -> dict[str, Any]:
    return named(count, "annotator{}@clinic.example", {"role": "annotator"})


def bucket(number: int) -> dict[str, Any]:
    return {"type": "s3", "bucket": f"bucket{number}", "aws_access_key_id": f"${{env:KEY_{number}}}"}


def nested_templates(count: int) -> Tree:
    first = {"t0": {"project": {"label_config": CONFIG}}}
    rest = {f"t{n}": {"template": f"t{n - 1}", "project": {"description": f"Made by {n}"}} for n in range(1, count)}
    return {"templates": {**first, **rest}, "projects": {"Alone": {"template": f"t{count - 1}"}}}


def used(count: int, params: int, given: Mapping[str, Any]) -> Tree:
    """So many uses of a template with so many parameters, to which each gives the same."""
    template = {
        "params": named(params, "name{}", 1),
        "project": {"label_config": CONFIG, "description": "${param:name0}"},
    }
    return {
        "templates": {"same": template},
        "projects": named(count, "Project {}", {"template": "same", "with": given}),
    }


RIGHT: dict[str, Maker] = {
    "projects": each,
    "storages of one project": lambda n: one(import_storages=named(n, "Storage {}", bucket)),
    "storages of one place": lambda n: one(
        import_storages=named(n, "From {}", {"type": "s3", "bucket": "same", "prefix": "a"}),
        export_storages=named(n, "To {}", {"type": "s3", "bucket": "same", "prefix": "a/b"}),
    ),
    "projects that feed each other": lambda n: each(
        n,
        lambda i: {
            "import_storages": {"in": {"type": "s3", "bucket": "same", "prefix": f"a/{i}"}},
            "export_storages": {"out": {"type": "s3", "bucket": "same", "prefix": f"a/{i + 1}/b"}},
        },
    ),
    "views": lambda n: one(views=named(n, "View {}", {"ordering": ["tasks:id"]})),
    "webhooks": lambda n: one(webhooks=named(n, "https://hooks.example.com/{}", {})),
    "dimensions": lambda n: one(dimensions=named(n, "Dimension {}", METRIC)),
    "people everywhere": lambda n: {
        "members": people(n),
        "workspaces": {"Ward": {"members": list(people(n))}},
        **one(workspace="Ward", members=dict.fromkeys(people(n), "annotator")),
    },
    "tags of one person": lambda n: {
        "member_tags": named(n, "tag {}", {}),
        "members": {"ana@clinic.example": {"role": "annotator", "tags": [*named(n, "tag {}", {})]}},
    },
    "a workspace each": lambda n: each(n, lambda i: {"workspace": f"Ward {i}"}, workspaces=named(n, "Ward {}", {})),
    "unknown workspaces": lambda n: each(n, lambda i: {"workspace": f"Wrd {i}"}, workspaces=named(n, "Ward {}", {})),
    "groups": lambda n: {
        "workspaces": named(n, "Ward {}", {}),
        "saml": {"workspaces_groups": [{"group": f"g{i}", "workspace": f"Ward {i}"} for i in range(n)]},
    },
    "versions of a prompt": lambda n: {
        "prompts": {"Sort": {"input_fields": ["text"], "output_classes": ["A"], "versions": named(n, "v{}", VERSION)}}
    },
    "references of another tool": lambda n: each(n, lambda i: {"description": f"for ${{NAME{i}}}"}),
    "references of another tool in one text": lambda n: one(description=" ".join(f"${{NAME{i}}}" for i in range(n))),
    "variables": lambda n: each(n, lambda i: {"description": f"v ${{var:v{i}}}"}, vars=named(n, "v{}", 1)),
    "variables in one text": lambda n: {
        "vars": named(n, "v{}", 1), **one(description=" ".join(f"${{var:v{i}}}" for i in range(n)))
    },
    "one variable everywhere": lambda n: each(n, lambda _: {"description": "v ${var:v}"}, vars={"v": 1}),
    "rows": lambda n: {
        "projects": {"Row ${each:a}": {"for_each": {"a": [f"x{i}" for i in range(n)]}, "label_config": CONFIG}}
    },
    "uses of a template": lambda n: {
        "templates": {"same": {"params": {"a": None}, "project": {"label_config": CONFIG, "description": "${param:a}"}}},
        "projects": named(n, "Project {}", lambda i: {"template": "same", "with": {"a": f"for {i}"}}),
    },
    "templates on templates": nested_templates,
    "policies": lambda n: {
        **each(2), "policies": named(n, "p{}", lambda i: {"on": "resource", "deny": f'resource.key == "none {i}"'})
    },
    "what a policy warns of": lambda n: {
        **each(n), "policies": {"every": {"on": "resource", "warn": 'resource.kind == "project"'}}
    },
    "labels": lambda n: config([labels(n)]),
    "controls": lambda n: config(
        f'<Choices name="c{i}" toName="t"><Choice value="a"/></Choices>' for i in range(n)
    ),
    "objects": lambda n: config(
        f'<Text name="t{i}" value="$t{i}"/><Choices name="c{i}" toName="t{i}"><Choice value="a"/></Choices>'
        for i in range(n)
    ),
    "objects of one control": lambda n: config(
        [f'<Choices name="c" toName="{",".join(f"t{i}" for i in range(n))}"><Choice value="a"/></Choices>'],
        "".join(f'<Text name="t{i}" value="$t{i}"/>' for i in range(n)),
    ),
    "controls of a label each": lambda n: config([labels(n, "Labels", "Label"), *map(_regions("label"), range(n))]),
    "comments": lambda n: config(["<!-- why -->\n" * n, CHOICES]),
    "weights": lambda n: {
        "projects": {
            "Alone": {
                "label_config": f'<View><Text name="t" value="$text"/>{labels(n)}</View>',
                "control_weights": {"Choices": {"type": "Choices", "overall": 1.0, "labels": named(n, "label{}", 0.5)}},
            }
        }
    },
    "renamed labels": lambda n: {
        "projects": {
            "Alone": {
                "label_config": f'<View><Text name="t" value="$text"/>{labels(n)}</View>',
                "lifecycle": {"renamed_labels": {"Choices": named(n, "old{}", lambda i: f"label{i}")}},
            }
        }
    },
    "renames": lambda n: each(n, lambda i: {"lifecycle": {"renamed_from": f"Old {i}"}}),
    "pins": lambda n: each(n, lambda i: {"lifecycle": {"id": i + 1}}),
    "entries that are to go": lambda n: {"projects": named(n, "Project {}", {"lifecycle": {"absent": True}})},
    "conditions of a view": lambda n: one(views={"Tab": {"filters": {"conjunction": "and", "items": [RULE] * n}}}),
    "columns of a view": lambda n: one(views={"Tab": {"columnsWidth": named(n, "tasks:data.c{}", 80)}}),
    "fields that lsops does not know": lambda n: one(extra=named(n, "field{}", 1)),
    "templates of projects": lambda n: {
        **each(n), "project_templates": named(n, "Template {}", lambda i: {"project": f"Project {i:05}"})
    },
    "projects of a template": lambda n: {
        "project_templates": {"Same": {"project": "Source"}},
        "projects": {"Source": {"label_config": CONFIG}, **named(n, "Project {}", {"from_template": "Same"})},
    },
    "anchors": lambda n: {**named(n, "x-{}", {"a": 1}), **each(1)},
    "environments": lambda n: {**each(1), "environments": named(n, "e{}", {"vars": {"a": 1}})},
    "labels that are not there": lambda n: config([labels(n, "Labels", "Label"), *map(_regions("labl"), range(n))]),
    "one label many times": lambda n: config(['<Choices name="c" toName="t">', '<Choice value="a"/>' * n, "</Choices>"]),
    "tags that nobody knows": lambda n: config(f'<Choies name="c{i}" toName="t"/>' for i in range(n)),
}  # fmt: skip
"""What is right, if perhaps doubtful."""

WRONG: dict[str, Maker] = {
    "a wrong type": lambda n: each(n, lambda _: {"maximum_annotations": "many"}),
    "a misspelt field": lambda n: each(n, lambda _: {"titel": "x"}),
    "misspelt fields of one entry": lambda n: one(**named(n, "titel{}", 1)),
    "misspelt keys at the top": lambda n: named(n, "projetcs{}", {}),
    "a misspelt word": lambda n: each(n, lambda _: {"sampling": "Unifrm"}),
    "misspelt roles": lambda n: {"members": named(n, "a{}@clinic.example", {"role": "anotator"})},
    "misspelt variables": lambda n: each(n, lambda i: {"description": f"${{var:nam{i}}}"}, vars=named(n, "name{}", 1)),
    "misspelt templates": lambda n: {
        "templates": named(n, "template{}", {"project": {"label_config": CONFIG}}),
        "projects": named(n, "Project {}", lambda i: {"template": f"templat{i}"}),
    },
    "a misspelt parameter": lambda n: used(n, 4, {"nam1": 1}),
    "misspelt parameters of one entry": lambda n: used(1, n, named(n, "nam{}", 1)),
    "files that are not there": lambda n: each(n, lambda i: {"label_config": f"${{file:labels{i}.xml}}"}),
    "secrets where none may be": lambda n: each(n, lambda i: {"description": f"${{env:NAME{i}}}"}),
    "broken label configs": lambda n: each(n, lambda i: {"label_config": f'<View><Text name="t{i}"'}),
    "names that no tag has": lambda n: config(
        [f'<Choices name="c{i}" toName="txt{i}"><Choice value="a"/></Choices>' for i in range(n)],
        "".join(f'<Text name="text{i}" value="$t{i}"/>' for i in range(n)),
    ),
    "one name for all tags": lambda n: config([CHOICES * n]),
    "attributes that nobody knows": lambda n: config(f'<Choices name="c{i}" toNme="t"/>' for i in range(n)),
    "one key for all": lambda n: {"projects": named(n, "key{}", {"title": "Same", "label_config": CONFIG})},
    "one id for all": lambda n: each(n, lambda _: {"lifecycle": {"id": 1}}),
    "rows of one key": lambda n: {
        "projects": {
            "Row ${each:a}": {"for_each": [{"a": "same", "b": f"{i}"} for i in range(n)], "label_config": CONFIG}
        }
    },
    "empty entries": lambda n: {"projects": named(n, "Project {}", None)},
    "collections that prune does not know": lambda n: {"prune": [f"projets/{i}" for i in range(n)]},
    "fields to ignore that are none": lambda n: one(lifecycle={"ignore": [f"tilte{i}" for i in range(n)]}),
    "misspelt actions": lambda n: one(webhooks={"https://h.example": {"actions": [f"TASK_CREATD{i}" for i in range(n)]}}),
    "weights of no label": lambda n: {
        "projects": {
            "Alone": {
                "label_config": f'<View><Text name="t" value="$text"/>{labels(n)}</View>',
                "control_weights": {"Choices": {"type": "Choices", "overall": 1.0, "labels": named(n, "labl{}", 0.5)}},
            }
        }
    },
}  # fmt: skip
"""What has something wrong many times."""
