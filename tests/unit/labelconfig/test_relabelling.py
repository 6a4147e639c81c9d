"""What becomes of the results of annotations when a label gets another name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from lsops.labelconfig import likely_renamings, relabelled, renamings

VIEW = '<View><Text name="t" value="$t"/>{}</View>'
TAXONOMY = '<Taxonomy name="c" toName="t">{}</Taxonomy>'


def choices(*labels: str, more: str = "") -> str:
    return VIEW.format(
        f'<Choices name="c" toName="t">{"".join(f"<Choice value={label!r}/>" for label in labels)}</Choices>{more}'
    ).replace("'", '"')


def region(control: str, key: str, labels: Any) -> dict[str, Any]:
    return {"id": "r", "from_name": control, "type": key, "value": {"start": 1, key: labels}}


@pytest.mark.parametrize(
    ("labels", "after"),
    [
        (["A"], ["N"]),
        (["B", "A", "C"], ["B", "N", "C"]),
        (["A", "N"], ["N"]),
        (["N", "B", "A"], ["N", "B"]),
        (["B", "B"], ["B", "B"]),
        ([["A", "K"], ["A"], ["K", "A"]], [["N", "K"], ["N"], ["K", "N"]]),
        ([["A", "K"], ["N", "K"]], [["N", "K"]]),
        (["AA", 1, None], ["AA", 1, None]),
        ("A", "A"),
        (None, None),
    ],
)
def test_labels_of_the_control_have_the_new_name_once(labels: Any, after: Any) -> None:
    found = renamings(choices("A", "B"), choices("N", "B"), [("c", "A", "N")])
    assert relabelled([region("c", "choices", labels)], found) == [region("c", "choices", after)]


@pytest.mark.parametrize(
    "other",
    [
        region("d", "choices", ["A"]),
        region("c", "labels", ["A"]),
        {"type": "relation", "labels": ["A"]},
        {"from_name": "c", "value": ["A"]},
        {"from_name": "c"},
        "A",
        None,
    ],
)
def test_nothing_else_of_a_result_changes(other: Any) -> None:
    found = renamings(choices("A"), choices("N"), [("c", "A", "N")])
    assert relabelled([other], found) == [other]


@pytest.mark.parametrize(
    ("before", "after", "made"),
    [
        (choices("A"), choices("N"), True),
        (choices("N"), choices("N"), False),
        (choices("A"), choices("A", "N"), False),
        (choices("A"), choices("B"), False),
        (choices("A"), VIEW.format(TAXONOMY.format('<Choice value="N"/>')), False),
        (choices("A"), VIEW.format(""), False),
        (VIEW.format(""), choices("N"), False),
    ],
)
def test_a_renaming_is_made_where_the_old_name_goes_and_the_new_one_is_there(
    before: str, after: str, made: bool
) -> None:
    assert bool(renamings(before, after, [("c", "A", "N")])) == made


@pytest.mark.parametrize(
    ("triples", "before", "merges"),
    [
        ([("c", "A", "N")], choices("A", "N"), [True]),
        ([("c", "A", "N")], choices("A"), [False]),
        ([("c", "A", "N"), ("c", "B", "N")], choices("A", "B"), [True, True]),
    ],
)
def test_labels_merge_where_two_become_one(triples: Sequence[Any], before: str, merges: list[bool]) -> None:
    assert [one.merges for one in renamings(before, choices("N"), triples)] == merges


LABELS = '<Labels name="{}" toName="v"><Label value="{}"/></Labels>'


@pytest.mark.parametrize(
    ("more", "refused"), [("", False), (LABELS.format("d", "B"), False), (LABELS.format("d", "A"), True)]
)
def test_a_region_of_a_video_may_not_tell_whose_its_label_is(more: str, refused: bool) -> None:
    box = '<View><Video name="v" value="$v"/><VideoRectangle name="box" toName="v"/>{}{}</View>'
    before, after = (box.format(LABELS.format("c", label), more) for label in ("A", "N"))
    (found,) = renamings(before, after, [("c", "A", "N")])
    assert (found.carriers, bool(found.refusal)) == (frozenset({"box"}), refused)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (choices("A", "B"), choices("N", "B"), (("c", "A", "N"),)),
        (choices("A", "B"), choices("N"), ()),
        (choices("A"), choices("N", "M"), ()),
        (choices("A"), choices("A"), ()),
        (choices("A").replace("value=", 'hotkey="1" value='), choices("N"), ()),
    ],
)
def test_one_for_one_with_the_same_looks_is_likely_a_rename(before: str, after: str, found: Any) -> None:
    assert likely_renamings(before, after) == found
