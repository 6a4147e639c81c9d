"""`summarise` and `orphans`."""

from __future__ import annotations

import pytest

from lsops.labelconfig import LabelConfigError, Orphan, orphans, summarise

OLD = """<View>
  <Header value="Look"/>
  <Image name="image" value="$image"/>
  <Choices name="dx" toName="image" choice="single">
    <Choice value="Normal"/><Choice value="Tumour" hotkey="1"/>
  </Choices>
  <RectangleLabels name="box" toName="image"><Label value="Car" background="red"/></RectangleLabels>
  <Relations><Relation value="of"/></Relations>
</View>"""


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ('"Normal"', '"Pneumonia"', ['choices "dx": + Pneumonia, - Normal']),
        ('choice="single"', 'choice="multiple"', ['choices "dx": choice "single" -> "multiple"']),
        (' choice="single"', "", ['choices "dx": choice "single" removed']),
        ("<Choices ", '<Choices required="true" ', ['choices "dx": required "true" added']),
        ('"$image"', '"$url"', ['object "image": value $image -> $url']),
        ('hotkey="1"', 'hotkey="2"', ['choices "dx": "Tumour": hotkey "1" -> "2"']),
        ('background="red"', 'background="blue"', ['labels "box": "Car": background "red" -> "blue"']),
        ('value="of"', 'value="in"', ["labels outside a control: + in, - of"]),
        ("Look", "Look well", ['header: "Look" -> "Look well"']),
        ('<Header value="Look"/>', "", ['header "Look" removed']),
        ("<Header", '<Header value="And now"/><Header', ['header "And now" added']),
        ('value="Look"', 'value="Look" size="2"', ["layout only"]),
        ("<Header", '<Panel value="More"/><Header', ['panel "More" added']),
        ("<Header", "<Html>Read</Html><Header", ["text of an Html changed"]),
        ('"$image"/>', '"$image">or this</Image>', ['object "image": text "" -> "or this"']),
        ("<Header", "<!-- c --><Header", ["layout only"]),
        ("<Header", '<Shortcut value="x"/><Header', ["other changes: Shortcut"]),
        ("<Header", '<Rating name="sev" toName="image"/><Header', ['control "sev" added (Rating)']),
        ("<Header", '<Text name="txt" value="$txt"/><Header', ['object "txt" added (Text)']),
        ('name="dx"', 'name="dy"', ['control "dx" removed (Choices)', 'control "dy" added (Choices)']),
        (
            '<Choice value="Normal"/><Choice value="Tumour" hotkey="1"/>',
            '<Choice value="Tumour" hotkey="1"/><Choice value="Normal"/>',
            ['choices "dx": order or nesting of the values changed'],
        ),
    ],
)
def test_a_change_is_told_in_a_line(old: str, new: str, lines: list[str]) -> None:
    assert summarise(OLD, OLD.replace(old, new)) == lines


def test_a_new_type_and_a_new_target_are_told() -> None:
    new = OLD.replace("Choices", "Taxonomy").replace('"image"', '"img"')
    assert summarise(OLD, new) == [
        'control "box": toName "image" -> "img"',
        'control "dx": toName "image" -> "img"',
        'control "dx": type Choices -> Taxonomy',
        'object "image" removed (Image)',
        'object "img" added (Image)',
    ]


def test_many_labels_are_cut() -> None:
    extra = "".join(f'<Choice value="c{n}"/>' for n in range(30))
    (line,) = summarise(OLD, OLD.replace('<Choice value="Normal"/>', '<Choice value="Normal"/>' + extra))
    assert line.endswith("+ c9, and 20 more")


def test_a_long_value_is_cut_and_stays_on_one_line() -> None:
    (line,) = summarise(OLD, OLD.replace('"single"', f'"a&#10;b{"x" * 100}"'))
    assert line == f'choices "dx": choice "single" -> "a b{"x" * 57}…"'


def test_a_new_config_and_a_broken_one_are_told() -> None:
    assert 'control "dx" added (Choices)' in summarise("", OLD)
    assert summarise("<View>", OLD) == ["rewritten: one side is not well-formed XML"]
    assert summarise(OLD, f"\n{OLD}\n") == summarise(OLD, OLD.replace("/>", " />")) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"Normal"', '"Healthy"', [Orphan("dx", "Normal", "removed")]),
        ('"Normal"', '"Normal" alias="n"', [Orphan("dx", "Normal", "removed")]),
        ('name="dx"', 'name="dy"', [Orphan("dx", None, "removed")]),
        ("Choices", "Taxonomy", [Orphan("dx", None, "type Choices -> Taxonomy")]),
        ('"dx" toName="image"', '"dx" toName="other"', [Orphan("dx", None, 'toName "image" -> "other"')]),
        ('"dx" toName="image"', '"dx" toName="image,other"', []),
        ('choice="single"', 'choice="multiple"', []),
        ("<Header", '<Rating name="sev" toName="image"/><Header', []),
    ],
)
def test_orphans_are_what_annotations_would_lose(old: str, new: str, expected: list[Orphan]) -> None:
    assert list(orphans(OLD, OLD.replace(old, new))) == expected


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('value="$options"', "removed, unless $options of the task has it"),
        ('apiUrl="/x"', "removed, unless its apiUrl has it"),
    ],
)
def test_labels_that_the_task_may_have_are_lost_unless_it_has_them(source: str, reason: str) -> None:
    """The server checks none of them (community-api.md 2.5)."""
    new = OLD.replace('choice="single"', source)
    assert orphans(OLD, new) == ()
    assert orphans(OLD, new.replace("Normal", "Healthy")) == (Orphan("dx", "Normal", reason),)
    bare = new.replace('<Choice value="Normal"/><Choice value="Tumour" hotkey="1"/>', "")
    assert orphans(OLD, bare) == (Orphan("dx", "Normal", reason), Orphan("dx", "Tumour", reason))
    (one,) = orphans(bare, OLD)
    assert (one.control, one.label) == ("dx", None)
    assert one.reason.startswith("labels come no longer from ")


def test_a_chat_is_a_control_that_can_be_lost() -> None:
    assert orphans('<View><Chat name="c" value="$c"/></View>', "<View/>") == (Orphan("c", None, "removed"),)


def test_orphans_of_a_malformed_config_are_unknown() -> None:
    assert orphans("", OLD) == ()
    with pytest.raises(LabelConfigError):
        orphans(OLD, "<View>")
