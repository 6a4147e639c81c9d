"""The runner of cases finds what is wrong: files that say something else than what happens."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.cli import Lsops
from tests.support.kind_bench import sandbox
from tests.support.kind_cases import BadCases, Cases, cases_of, files, read
from tests.support.kind_runs import problems, refusals

WEBHOOK = read(files()["webhook"])
ONE = {**WEBHOOK, "fields": {"is_active": WEBHOOK["fields"]["is_active"]}}


def altered(path: str, value: Any) -> Cases:
    """The cases of one field of a webhook, with another value at a path of the file."""
    document = deepcopy(ONE)
    *above, last = path.split("/")
    place: Any = document
    for part in above:
        place = place[part]
    place[last] = value
    (cases,) = cases_of(document, "community")
    return cases


def test_the_file_as_it_is_has_no_problem(lsops: Lsops) -> None:
    cases = altered("kind", "webhook")
    with sandbox(lsops, cases) as bench:
        assert (problems(cases, bench), refusals(cases, bench)) == ([], [])


UPDATE = "PATCH /api/webhooks/{id}/"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("fields/is_active/changed", [False], "is not planned"),
        ("fields/is_active/same", [True], "is planned"),
        ("fields/is_active/also", ["headers"], "the plan names ['is_active'], not ['headers', 'is_active']"),
        ("fields/is_active/by", {"created": "update"}, "the plan is to create, not to update"),
        ("fields/is_active/shown", [False, False], "the server holds True, not False"),
        ("fields/is_active/sent", [True, True], "not sent: POST /api/webhooks/"),
        ("requests/update", [{UPDATE: ["<field>"]}], "sent besides: PATCH /api/webhooks/1/"),
        ("requests/update", [{UPDATE: ["actions", "<field>"]}, {UPDATE: ["headers"]}], "not sent: PATCH"),
        ("requests/update", [{UPDATE: {"actions": [], "is_active": False}}], "not sent: PATCH"),
        ("requests/delete", [{"DELETE /api/webhooks/9/": []}], "at the end: is_active: not sent: DELETE"),
    ],
)
def test_what_happens_otherwise_is_a_problem(lsops: Lsops, path: str, value: Any, says: str) -> None:
    cases = altered(path, value)
    with sandbox(lsops, cases) as bench:
        assert says in "\n".join(problems(cases, bench))


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        ({"value": True, "code": "LS103", "says": "must be"}, "it says []"),
        ({"value": "no such word", "code": "LS104", "says": "must be"}, "not LS104"),
        ({"value": "no such word", "code": "LS103", "says": "another message"}, "'another message'"),
        ({"value": "no such word", "by_server": True, "says": "must be"}, "nothing is sent"),
    ],
)
def test_what_is_refused_otherwise_is_a_problem(lsops: Lsops, refused: dict[str, Any], says: str) -> None:
    cases = altered("fields/is_active/refused", [refused])
    with sandbox(lsops, cases) as bench:
        assert says in "\n".join(refusals(cases, bench))


@pytest.mark.parametrize(
    ("path", "value", "missing"),
    [
        ("fields", {}, "is_active has no case"),
        ("fields/is_active", {"created": False}, "is_active is never changed"),
        ("fields/headers", {"created": {}, "changed": [{"a": "b"}]}, "headers is never emptied"),
        ("fields/is_active", {"created": False, "changed": [True]}, "is_active is never refused"),
    ],
)
def test_what_a_file_owes_is_named(path: str, value: Any, missing: str) -> None:
    assert missing in altered(path, value).missing()


@pytest.mark.parametrize(
    ("path", "value"), [("not_covered", {"is_active": "a reason of ten signs"}), ("fields/is_active", None)]
)
def test_a_reason_stands_for_a_case(path: str, value: Any) -> None:
    reasons = dict.fromkeys(("created", "changed", "refused"), "a reason of ten signs")
    cases = altered(path, value or {"cannot": reasons})
    assert not [text for text in cases.missing() if text.startswith("is_active ")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("fields/is_active/chnaged", [True]),
        ("fields/is_active/changed", True),
        ("fields/is_active/refused", [{"value": 1, "says": "no code, and not by the server"}]),
        ("requests/updte", [{UPDATE: []}]),
        ("requests/update", [{"GET /api/webhooks/": []}]),
        ("not_covered", {"url": "why"}),
        ("kind", "view"),
    ],
)
def test_a_word_that_means_nothing_is_an_error(tmp_path: Path, path: str, value: Any) -> None:
    file = tmp_path / "webhook.yaml"
    file.write_text(yaml.safe_dump(dict(altered(path, value).said) if path != "kind" else {**ONE, "kind": value}))
    with pytest.raises(BadCases, match=r"^webhook\.yaml: "):
        read(file)


@pytest.mark.parametrize(("word", "value"), [("sent", [True]), ("by", {"changed": "update, by magic"})])
def test_steps_that_do_not_fit_are_an_error(word: str, value: Any) -> None:
    (case,) = altered(f"fields/is_active/{word}", value).cases
    with pytest.raises(BadCases, match=r"^is_active: "):
        _ = case.steps
