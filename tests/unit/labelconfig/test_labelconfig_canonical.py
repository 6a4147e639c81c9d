"""`canonical` and `pretty` on examples; the properties are in `test_labelconfig_properties.py`."""

from __future__ import annotations

import pytest

from lsops.labelconfig import LabelConfigError, canonical, pretty

BASE = '<View><Text name="t" value="$t"/><Style>a &lt; b</Style></View>'


@pytest.mark.parametrize(
    "other",
    [
        '<View>\n  <Text value="$t" name="t"/>\n\t<Style>a &lt; b</Style>\r\n</View>\n',
        "<View><Text name='t' value='$t'></Text><Style>a &#60; b</Style></View>",
        '<View ><Text name = "t" value="&#36;t" /><Style><![CDATA[a < b]]></Style></View >',
    ],
    ids=["order and blanks", "quotes and references", "CDATA"],
)
def test_what_differs_only_in_spelling_is_equal(other: str) -> None:
    assert canonical(other) == canonical(BASE)


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("$t", "$T"),
        BASE.replace("$t", "$t "),
        BASE.replace("a &lt;", "a  &lt;"),
        BASE.replace("<Style>", "<Style> "),
        BASE.replace("<Style>", "<!-- c --><Style>"),
        BASE.replace("<Style>", "<?c d?><Style>"),
        BASE.replace("<Style>", "<Style></Style><Style>"),
        '<?xml version="1.0"?>' + BASE,
        BASE + "<!-- end -->",
        BASE.replace("<Style>a &lt; b</Style>", "<Style>a &lt; b</Style><View> </View>"),
    ],
)
def test_everything_else_is_a_difference(other: str) -> None:
    assert canonical(other) != canonical(BASE)


def test_blank_text_counts_as_the_whole_content_of_an_element() -> None:
    assert canonical("<View> </View>") != canonical("<View/>")
    assert canonical("<View>\u00a0<a/></View>") != canonical("<View><a/></View>")


def test_crlf_is_lf_as_xml_says() -> None:
    assert canonical("<View>a\r\nb</View>") == canonical("<View>a\nb</View>") != canonical("<View>a&#13;\nb</View>")


def test_a_malformed_text_has_no_canonical_form() -> None:
    with pytest.raises(LabelConfigError):
        canonical("<View>")


def test_pretty_gives_each_tag_a_line_and_keeps_comments_and_order() -> None:
    text = '<?xml version="1.0"?><!-- a\n b --><View z="1" a="2">'
    text += '<Style>\n.x > .y {}\n</Style><Header value="1 &lt; 2"/></View>'
    assert pretty(text) == (
        '<?xml version="1.0"?>\n<!-- a\n b -->\n<View z="1" a="2">\n'
        '  <Style>\n.x > .y {}\n</Style>\n  <Header value="1 &lt; 2"/>\n</View>\n'
    )


def test_pretty_leaves_mixed_content_on_its_line() -> None:
    assert pretty("<View><p>a <b>c</b> d</p></View>") == "<View>\n  <p>a <b>c</b> d</p>\n</View>\n"


def test_pretty_returns_what_it_cannot_read() -> None:
    assert pretty("<View>") == "<View>"
