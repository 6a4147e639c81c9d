"""A summary says when and with which words something is asked, and two values that differ look different."""

from __future__ import annotations

import pytest

from lsops.labelconfig import summarise
from lsops.labelconfig.changes import LINES

CONDITIONS = """<View>
  <Text name="t" value="$t"/>
  <Choices name="kind" toName="t"><Choice value="Bug"/><Choice value="Other"/></Choices>
  <View {}>
    <Header value="How bad?"/>
    <Choices name="sev" toName="t"><Choice value="High"/><Choice value="Low"/></Choices>
  </View>
</View>"""
CHOICE = 'visibleWhen="choice-selected" whenTagName="kind" whenChoiceValue="Bug"'
TAGS = 'condition of "How bad?", "sev": '


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (CHOICE, CHOICE.replace("Bug", "Other"), "choice-selected kind=Bug -> choice-selected kind=Other"),
        (CHOICE, CHOICE.replace('"kind"', '"other"'), "choice-selected kind=Bug -> choice-selected other=Bug"),
        (
            CHOICE,
            CHOICE.replace("choice-sel", "choice-unsel"),
            "choice-selected kind=Bug -> choice-unselected kind=Bug",
        ),
        (CHOICE, CHOICE.replace("whenChoice", "whenLabel"), ""),
        ('whenLabelValue="A"', 'whenLabelValue="B"', "A -> B"),
        ('whenRole="annotator"', 'whenRole="reviewer"', "role=annotator -> role=reviewer"),
        ("", 'visibleWhen="region-selected"', "always -> region-selected"),
        ('visibleWhen="region-selected"', "", "region-selected -> always"),
    ],
)
def test_another_condition_of_a_view_is_told_of_what_it_hides(before: str, after: str, told: str) -> None:
    wanted = [TAGS + told] if told else ["layout only"]
    assert summarise(CONDITIONS.format(before), CONDITIONS.format(after)) == wanted


def test_the_condition_of_a_control_itself_is_one_of_its_attributes() -> None:
    before = CONDITIONS.format("").replace('name="sev"', f'name="sev" {CHOICE}')
    assert summarise(before, before.replace('whenChoiceValue="Bug"', 'whenChoiceValue="Other"')) == [
        'choices "sev": whenChoiceValue "Bug" -> "Other"'
    ]


def test_conditions_within_each_other_are_told_together() -> None:
    inner = CONDITIONS.format('whenRole="reviewer"')
    outer = inner.replace("<View>", f"<View {CHOICE}>", 1)
    assert f"{TAGS}role=reviewer -> choice-selected kind=Bug and role=reviewer" in summarise(inner, outer)


def test_many_tags_of_one_condition_share_a_line() -> None:
    many = "".join(f'<Rating name="r{number}" toName="t"/>' for number in range(9))
    before = f'<View><Text name="t" value="$t"/><View>{many}</View></View>'
    (line,) = summarise(before, before.replace("<View><Rating", '<View whenRole="a"><Rating'))
    assert line == 'condition of "r0", "r1", "r2", "r3", "r4" and 4 more: always -> role=a'


LONG = "Please read the whole guideline before you start labelling the images of this set. Deadline "


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (f"{LONG}Monday", f"{LONG}Friday", '"… this set. Deadline Monday" -> "… this set. Deadline Friday"'),
        ("one&#10;two", "one two", r'"one\ntwo" -> "one two"'),
        ("one  two", "one two", '"one  two" -> "one two"'),
        ("one\u00a0two", "one two", r'"one\xa0two" -> "one two"'),
        (f"{LONG}&#10;", LONG, r'"… this set. Deadline \n" -> "… this set. Deadline "'),
        ("a", "b", '"a" -> "b"'),
    ],
)
def test_two_values_that_differ_look_different(before: str, after: str, told: str) -> None:
    config = '<View><Text name="t" value="{}"/></View>'
    assert summarise(config.format(before), config.format(after)) == [f'object "t": value {told}']


def test_labels_that_begin_alike_look_different() -> None:
    config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t">{}</Choices></View>'
    before, after = ("".join(f'<Choice value="{LONG}{day}"/>' for day in days) for days in ("abc", "de"))
    (line,) = summarise(config.format(before), config.format(after))
    assert line == 'choices "c": ' + ", ".join(
        f"{sign} … this set. Deadline {day}" for sign, day in ["+d", "+e", "-a", "-b", "-c"]
    )


def test_a_summary_of_many_lines_is_cut_and_the_rest_counted() -> None:
    many = "".join(f'<Rating name="r{number}" toName="t"/>' for number in range(500))
    lines = summarise("", f'<View><Text name="t" value="$t"/>{many}</View>')
    assert (len(lines), lines[-1]) == (LINES, f"and {501 - LINES + 1} more changes")


def test_many_odd_tags_are_counted() -> None:
    (line,) = summarise("<View/>", "<View>" + "".join(f"<Odd{number}/>" for number in range(30)) + "</View>")
    assert line.endswith(", and 20 more")
