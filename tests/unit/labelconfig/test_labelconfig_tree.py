"""`parse`: what it refuses, and what it builds."""

from __future__ import annotations

import gc

import pytest

from lsops.labelconfig import LabelConfigError, parse


def test_a_tree_keeps_attributes_in_source_order_with_text_and_positions() -> None:
    root = parse('<View z="1" a="2">x\n  <Style>y</Style>z</View>')
    (style,) = root.children
    assert list(root.attributes) == ["z", "a"]
    assert (root.text, style.text, style.tail) == ("x\n  ", "y", "z")
    assert (style.line, style.column) == (2, 3)


def test_comments_and_instructions_are_no_nodes() -> None:
    root = parse("<!-- a --><View>x<!-- b -->y<?c d?>z</View><!-- e -->")
    assert (root.tag, root.text, root.children) == ("View", "xyz", [])


def test_attributes_decode_predefined_and_character_references_only() -> None:
    assert parse('<View a="&lt;&#65;&quot;"/>').attributes == {"a": '<A"'}


BOMB = '<!DOCTYPE a [<!ENTITY b "ha">' + "".join(
    f'<!ENTITY b{n} "{f"&b{n - 1 or str()};" * 10}">' for n in range(1, 10)
)


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE View><View/>",
        "<!DOCTYPE View SYSTEM 'http://127.0.0.1:1/x.dtd'><View/>",
        "<!DOCTYPE View [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><View>&x;</View>",
        "<!DOCTYPE View [<!ENTITY % x SYSTEM 'file:///etc/hostname'> %x;]><View/>",
        BOMB + "]><View>&b9;</View>",
    ],
    ids=["plain", "external", "external entity", "parameter entity", "billion laughs"],
)
def test_a_doctype_is_refused_whatever_it_declares(text: str) -> None:
    with pytest.raises(LabelConfigError, match="a DOCTYPE is not accepted"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "blank"),
        (" \n\u00a0", "blank"),
        ("<View>&x;</View>", "undefined entity"),
        ("<View>\ud800</View>", "surrogate"),
        ("<View>\0</View>", "not well-formed"),
        ("<View>" * 201 + "</View>" * 201, "nested more than 200 deep"),
        ("<View>" + "é" * (512 * 1024) + "</View>", "1048576 is the most"),
    ],
)
def test_what_is_no_label_config_is_refused(text: str, match: str) -> None:
    with pytest.raises(LabelConfigError, match=match):
        parse(text)


def test_an_error_carries_its_place() -> None:
    with pytest.raises(LabelConfigError) as caught:
        parse("\n <View>\n  <b></View>")
    assert (caught.value.line, caught.value.column, str(caught.value)) == (3, 8, caught.value.message)


def test_two_hundred_levels_are_taken() -> None:
    assert len(list(parse("<a>" * 200 + "</a>" * 200).iter())) == 200


def test_parsing_leaves_nothing_to_the_cycle_collector() -> None:
    """`lsops validate` turns the collector off."""
    gc.collect()
    gc.disable()
    try:
        for _ in range(20):
            parse("<View><Style>a:b</Style></View>")
        assert gc.collect() == 0
    finally:
        gc.enable()
