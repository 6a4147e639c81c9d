"""Properties that hold for every label config, or for every text."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops import labelconfig
from lsops.labelconfig import LabelConfigError

NAMES = st.sampled_from(["View", "Choices", "Choice", "Text", "Labels", "Label", "Style", "Video", "x:y", "comment"])
KEYS = st.sampled_from(["name", "toName", "value", "alias", "hotkey", "valueList", "filename", "minPlaybackSpeed"])
WORDS = st.one_of(
    st.sampled_from(["a", "b", "$a", "1", "a,b", 'name="a"', "<&>\"'", "]]>", "\n\t\r"]), st.text(max_size=4)
)
PLAIN = WORDS.filter(lambda word: all(char in "\t\n\r" or (char >= " " and char.isprintable()) for char in word))

Tree = tuple[str, dict[str, str], str, list[Any]]
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.tuples(NAMES.filter(lambda name: ":" not in name), st.dictionaries(KEYS, PLAIN), PLAIN, st.just([])),
    lambda below: st.tuples(
        NAMES.filter(lambda name: ":" not in name),
        st.dictionaries(KEYS, PLAIN),
        st.just(""),
        st.lists(below, max_size=4),
    ),
    max_leaves=8,
)
MARKUP = st.lists(
    st.sampled_from("<View> </View> <a> </a> <a/> <!-- --> <?x y?> <![CDATA[ ]]> & ; &#65; \" ' = x:".split())
)
TEXTS = st.one_of(st.text(), MARKUP.map("".join), st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))


def write(tree: Tree, order: random.Random | None = None) -> str:
    """The tree as XML; with `order`, attributes are shuffled and blank text is strewn between elements."""
    tag, attributes, text, children = tree
    items = list(attributes.items())
    if order:
        order.shuffle(items)
    head = tag + "".join(f" {key}={quoteattr(value)}" for key, value in items)
    body = escape(text, {"\r": "&#13;"}) + "".join(gap(order) + write(child, order) for child in children)
    return f"<{head}>{body}{gap(order) if children else ''}</{tag}>"


def gap(order: random.Random | None) -> str:
    return order.choice(["", " ", "\n  ", "\t\r\n"]) if order else ""


@given(TREES)
def test_a_canonical_form_is_its_own(tree: Tree) -> None:
    once = labelconfig.canonical(write(tree))
    assert labelconfig.canonical(once) == once


@given(TREES, st.randoms(use_true_random=False))
def test_attribute_order_and_blank_text_do_not_matter(tree: Tree, order: random.Random) -> None:
    assert labelconfig.canonical(write(tree, order)) == labelconfig.canonical(write(tree))


@given(TREES, TREES)
def test_two_trees_are_equal_only_if_they_are_the_same(one: Tree, other: Tree) -> None:
    same = labelconfig.canonical(write(one)) == labelconfig.canonical(write(other))
    assert same == (one == other)


@given(TREES, st.randoms(use_true_random=False))
def test_pretty_keeps_the_canonical_form(tree: Tree, order: random.Random) -> None:
    text = write(tree, order)
    assert labelconfig.canonical(labelconfig.pretty(text)) == labelconfig.canonical(text)


@given(TREES, st.randoms(use_true_random=False))
def test_a_config_does_not_change_from_itself(tree: Tree, order: random.Random) -> None:
    assert labelconfig.summarise(write(tree), write(tree, order)) == []
    assert labelconfig.orphans(write(tree), write(tree, order)) == ()


@given(TREES, TREES)
def test_unequal_configs_have_a_summary(one: Tree, other: Tree) -> None:
    lines = labelconfig.summarise(write(one), write(other))
    assert bool(lines) == (one != other)
    assert lines == sorted(lines)
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize(
    "call",
    [
        labelconfig.parse,
        labelconfig.canonical,
        labelconfig.controls,
        labelconfig.objects,
        labelconfig.default_control_weights,
    ],
)
@given(text=TEXTS)
def test_no_text_raises_anything_but_a_label_config_error(call: Callable[[str], object], text: str) -> None:
    error = None
    try:
        call(text)
    except LabelConfigError as raised:
        error = raised
    assert error is None or (error.line >= 1 and error.column >= 1)


@given(st.one_of(TEXTS, TREES.map(write)), st.one_of(TEXTS, TREES.map(write)))
def test_no_text_makes_a_check_pretty_print_or_summary_raise(one: str, other: str) -> None:
    labelconfig.check(one)
    labelconfig.pretty(one)
    labelconfig.summarise(one, other)


@given(st.text(alphabet='<>!DOCTYPEN[]"% ab&;', max_size=20))
def test_nothing_with_a_doctype_parses(middle: str) -> None:
    with pytest.raises(LabelConfigError):
        labelconfig.parse(f"<!DOCTYPE View {middle}><View/>")
