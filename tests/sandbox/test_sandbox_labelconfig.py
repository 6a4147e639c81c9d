from __future__ import annotations

import pytest

from lsops.sandbox.labelconfig import data_types, essential_change, parse, suits_bulk, weights
from tests.sandbox.conftest import CONFIG

TEXT = '<Text name="t" value="$text"/>'
DATA = [
    (CONFIG, {"text": "Text"}),
    ("<View/>", {}),
    ('<View><Image name="i" value="$a.b"/></View>', {"a.b": "Image"}),
    ('<View><HyperText name="h" value="see $page now"/></View>', {"page": "HyperText"}),
    ('<View><Video name="v" value="$u"/><Audio name="a" value="$u"/></View>', {"u": "Video"}),
    ('<View><Header value="$title"/></View>', {}),
]
BULK = [
    (CONFIG, True),
    (CONFIG.replace("Choices", "Labels").replace("Choice ", "Label "), False),
    (CONFIG.replace("<Choices ", '<Choices perRegion="true" '), False),
    (f'<View>{TEXT}<Taxonomy name="x" toName="t" apiUrl="u"/></View>', False),
    (f'<View>{TEXT}<Rating name="r" toName="t"/></View>', True),
]
CHANGES = [
    (CONFIG, None),
    (CONFIG.replace("</Choices>", '<Choice value="C"/></Choices>'), None),
    (CONFIG.replace('<Choice value="B"/>', ""), True),
    (CONFIG.replace('name="c"', 'name="d"'), True),
    (CONFIG.replace("$text", "$other"), True),
    ("<View/>", None),
]


@pytest.mark.parametrize(("config", "types"), DATA)
def test_the_keys_of_the_data_are_those_that_object_tags_show(config, types):
    assert data_types(config) == types


@pytest.mark.parametrize(("config", "suits"), BULK)
def test_a_config_suits_bulk_labelling(config, suits):
    assert suits_bulk(config) is suits


@pytest.mark.parametrize(("new", "changed"), CHANGES)
def test_a_change_is_essential(new, changed):
    assert essential_change(new, CONFIG) is changed


def test_weights_keep_what_is_known_and_fill_the_rest():
    known = {"c": {"overall": 0.5, "labels": {"A": 0.25, "gone": 1}}, "gone": {}}
    assert weights(parse(CONFIG), known) == {"c": {"overall": 0.5, "type": "Choices", "labels": {"A": 0.25, "B": 1.0}}}
