"""What a change of a label config takes away from annotations that exist, beyond labels by their value."""

from __future__ import annotations

import pytest

from lsops.labelconfig import orphans


def taxonomy(inner: str) -> str:
    return f'<View><Text name="t" value="$t"/><Taxonomy name="x" toName="t">{inner}</Taxonomy></View>'


def choice(value: str, inner: str = "") -> str:
    return f'<Choice value="{value}">{inner}</Choice>'


BOTH = choice("A", choice("1") + choice("2")) + choice("B", choice("1"))
TAXONOMIES: dict[str, tuple[str, list[str]]] = {
    "nothing": (BOTH, []),
    "removed below one": (choice("A", choice("2")) + choice("B", choice("1")), ["A / 1"]),
    "removed below the other": (choice("A", choice("1") + choice("2")) + choice("B"), ["B / 1"]),
    "moved": (choice("A", choice("1")) + choice("B", choice("1") + choice("2")), ["A / 2"]),
    "moved to the top": (choice("A", choice("2")) + choice("B", choice("1")) + choice("1"), ["A / 1"]),
    "moved below": (choice("C", BOTH), ["A", "A / 1", "A / 2", "B", "B / 1"]),
    "a parent": (choice("A", choice("1") + choice("2")), ["B", "B / 1"]),
    "another order": (choice("B", choice("1")) + choice("A", choice("2") + choice("1")), []),
    "one more": (BOTH + choice("C", choice("1")), []),
}


@pytest.mark.parametrize(("after", "gone"), TAXONOMIES.values(), ids=TAXONOMIES)
def test_a_value_of_a_taxonomy_is_what_stands_above_it_too(after: str, gone: list[str]) -> None:
    found = orphans(taxonomy(BOTH), taxonomy(after))
    assert [(one.control, one.label, one.reason) for one in found] == [("x", value, "removed") for value in gone]


def test_a_taxonomy_from_the_task_loses_what_the_task_lacks() -> None:
    found = orphans(taxonomy(BOTH), taxonomy("").replace("<Taxonomy ", '<Taxonomy value="$taxonomy" '))
    assert [one.label for one in found] == ["A", "A / 1", "A / 2", "B", "B / 1"]
    assert {one.reason for one in found} == {"removed, unless $taxonomy of the task has it"}


def test_a_value_below_long_ones_is_told_with_the_end_of_these() -> None:
    before = taxonomy(choice("x" * 500, choice("y" * 500, choice("z"))))
    *_, last = orphans(before, taxonomy(choice("x" * 500)))
    assert (last.value, last.label) == ("z", f"…{'y' * 120} / z")


def test_an_alias_is_the_value_of_a_taxonomy() -> None:
    named = taxonomy('<Choice value="Long" alias="A"><Choice value="1"/></Choice>')
    assert orphans(named, taxonomy(choice("A", choice("1")))) == ()
    assert [one.label for one in orphans(named, taxonomy(choice("Long", choice("1"))))] == ["A", "A / 1"]


def relations(*values: str) -> str:
    inner = "".join(f'<Relation value="{value}"/>' for value in values)
    return f'<View><Text name="t" value="$t"/><Relations>{inner}</Relations></View>'


def test_a_relation_that_is_removed_is_an_orphan() -> None:
    (one,) = orphans(relations("of", "in"), relations("in", "at"))
    assert (one.control, one.label, one.reason) == ("Relations", "of", "removed")
    assert orphans(relations("of", "in"), relations("in", "of")) == ()
    assert [one.label for one in orphans(relations("of"), '<View><Text name="t" value="$t"/></View>')] == ["of"]


def test_a_label_that_belongs_to_nothing_is_no_relation() -> None:
    """Nobody can annotate with it."""
    stray = '<View><Text name="t" value="$t"/><Choices name="x"><Choice value="a"/></Choices></View>'
    assert orphans(stray, '<View><Text name="t" value="$t"/></View>') == ()


def shown(tag: str, control: str, part: str = "Label") -> str:
    inner = f'<{part} value="a"/>' if part else ""
    return f'<View><{tag} name="t" value="$t"/><{control} name="x" toName="t">{inner}</{control}></View>'


REGIONS: dict[str, tuple[str, str, bool]] = {
    "labels": ("Labels", "Label", True),
    "labels of pages": ("HyperTextLabels", "Label", True),
    "boxes": ("RectangleLabels", "Label", True),
    "boxes without labels": ("Rectangle", "", True),
    "choices": ("Choices", "Choice", False),
    "a taxonomy": ("Taxonomy", "Choice", False),
    "text": ("TextArea", "", False),
    "stars": ("Rating", "", False),
}


@pytest.mark.parametrize(("control", "part", "is_lost"), REGIONS.values(), ids=REGIONS)
def test_regions_do_not_fit_an_object_that_is_shown_otherwise(control: str, part: str, *, is_lost: bool) -> None:
    found = orphans(shown("Text", control, part), shown("HyperText", control, part))
    said = [("x", None, "t: Text -> HyperText")] if is_lost else []
    assert [(one.control, one.label, one.reason) for one in found] == said


def test_an_object_that_is_removed_or_retargeted_is_told_once() -> None:
    before = shown("Text", "Labels")
    after = before.replace('name="t"', 'name="u"').replace('toName="t"', 'toName="u"')
    assert [one.reason for one in orphans(before, after)] == ['toName "t" -> "u"']
