"""What is told of a config that is no XML says what to write instead."""

from __future__ import annotations

import pytest

from lsops.labelconfig import check

AMPERSAND = "write &amp; for &"
LESS = "write &lt; for <, if no tag begins there"


@pytest.mark.parametrize(
    ("inner", "hint"),
    [
        ('<Choice value="A & B"/>', AMPERSAND),
        ('<Choice value="R&D"/>', AMPERSAND),
        ('<Choice value="this&"/>', AMPERSAND),
        ('<Choice value="a&&b"/>', AMPERSAND),
        ('<Text name="t" value="http://h/?a=1&b=2"/>', AMPERSAND),
        ('<Choice value="AT&T;"/>', AMPERSAND),
        ("<Header>Q & A</Header>", AMPERSAND),
        ('<Choice value="日本 &\n B"/>', AMPERSAND),
        ('<Choice value="a &amp; b &nbsp; c"/>', "XML does not know &nbsp; of HTML: write &#160;"),
        ('<Choice value="&ouml;"/>', "XML does not know &ouml; of HTML: write &#246;"),
        ('<Choice value="p < 0.05"/>', LESS),
        ("<Header>p < 0.05</Header>", LESS),
        ("<Choice value=A/>", "put the value into straight quotes"),
        ("<Choice value=“A”/>", "put the value into straight quotes"),
        ('<Choice value="\x01"/>', ""),
        ("<Choice></Choices>", ""),
    ],
)
def test_the_hint_names_what_to_write(inner: str, hint: str) -> None:
    (issue,) = check(f"\n<View>\n  {inner}\n</View>")
    assert (issue.code, issue.hint) == ("LS120", hint)
