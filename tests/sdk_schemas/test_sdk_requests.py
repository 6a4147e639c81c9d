"""What checks requests against the SDK says of wrong ones; the requests of all kinds are checked in `tests/kinds`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.support.sdk_requests import invalid, methods
from tests.support.wire import Sent

EXCUSED = yaml.safe_load((Path(__file__).parent / "requests.yaml").read_text("utf-8"))
PROJECT = ("PATCH", "/api/projects/1/")


def wrong(method: str, path: str, body: object) -> list[str]:
    return [text.partition(": ")[2] for text in invalid([Sent(method, path, body)], EXCUSED)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"title": "Cats", "review_settings": {"sampling": "random", "instruction": None}}, []),
        ({"titel": "Cats"}, ["titel is unknown"]),
        ({"title": 3}, ["title is 3, and no str"]),
        ({"is_published": 1}, ["is_published is 1, and no bool"]),
        ({"maximum_annotations": True}, ["maximum_annotations is True, and no int"]),
        ({"review_settings": {"samplin": "random"}}, ["review_settings.samplin is unknown"]),
        (
            {"review_settings": {"allowed_reject_actions": ["requeue", "drop"]}},
            [
                "review_settings.allowed_reject_actions.1 is 'drop', and no word of ['remove', 'requeue', 'redistribute']"
            ],
        ),
        (
            {"dm_column_defaults": {"explore": {"visible": {"AN": "id"}}}},
            ["dm_column_defaults.explore.visible.AN is 'id', and no list"],
        ),
    ],
)
def test_a_body_is_what_the_method_has_parameters_for(body, found):
    assert wrong(*PROJECT, body) == found


def test_a_path_that_no_method_sends_to_is_told():
    assert wrong("PATCH", "/api/projects/1/settings/", {}) == ["the SDK has no such request"]


def test_what_is_excused_is_excused_and_no_more():
    assert wrong("DELETE", "/api/projects/1/members/bulk/", {"all": False, "included": [1]}) == []
    assert wrong("DELETE", "/api/projects/1/members/bulk/", {"everybody": True}) == ["everybody is unknown"]


def test_every_reason_is_a_sentence():
    reasons = [
        why for one in EXCUSED.values() for why in ([one["request"]] if "request" in one else one["keys"].values())
    ]
    assert all(len(why) > 20 for why in reasons)


def test_the_methods_are_found_in_the_sdk():
    assert len(methods()) > 400
