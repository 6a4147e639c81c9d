from pathlib import Path

import pytest
import yaml

from lsops.labelconfig import check
from lsops.labelconfig.full import full_check
from lsops.labelconfig.quick import is_clean

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))

IMAGE = '<Image name="image" value="$image"/>'
CHOICES = '<Choices name="dx" toName="image"><Choice value="A" hotkey="1"/><Choice value="B"/></Choices>'
RATING = '<Rating name="rating" toName="image"/>'
CONFIG = f"<View>{IMAGE}{CHOICES}{RATING}</View>"


@pytest.mark.parametrize("name", CASES)
def test_what_the_first_look_passes_passes_the_full_check(name):
    config = CASES[name]["config"]

    assert not (is_clean(config) and full_check(config))


@pytest.mark.parametrize(
    "config",
    [
        CONFIG,
        f"\n  {CONFIG}\n",
        f"<View><!-- the finding: > 2 --><Style>.a {{ color: red }}</Style>{IMAGE}<View>{CHOICES}</View></View>",
        f'<View>{IMAGE}<Taxonomy name="t" toName="image"><Choice value="A"><Choice value="B"/></Choice></Taxonomy></View>',
        f'<View>{IMAGE}{RATING}<Choices name="dx" toName="image" value="$options"/></View>',
    ],
)
def test_ordinary_configs_need_no_full_check(config):
    assert is_clean(config)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('value="B"', 'value="A"'),
        ('value="B"', 'value="B" hotkey="1"'),
        ('value="B"', ""),
        ('value="B"', 'value="B" name="dx"'),
        ('value="$image"', 'value="image"'),
        ('value="$image"', 'value="$image" valueList="$images"'),
        ('name="rating"', 'name="dx"'),
        ('name="rating"', 'name="rating" filename="dx"'),
        ('toName="image"/>', 'toName="picture"/>'),
        ('name="dx"', 'name="1"'),
        ("<Rating", "<Ratings"),
        ("<Rating", "<TextArea"),
        ("</Choices>", '</Choices><Choices name="none" toName="image"/>'),
        ("<View>", "<View>&#60;"),
        ("<View>", "<View xml:id='1'>"),
        ("<View>", "<View x:y='1'>"),
        ("<View>", "<View xmlns='u'>"),
        ("<View>", "<!DOCTYPE View><View>"),
        ("<View>", "<?xml version='1.0' encoding='utf-8'?><View>"),
        ("<Choice value", "1<Choice value"),
        ("<Choice value", "<![CDATA[1]]><Choice value"),
        ("</View>", ""),
        ("</View>", "\ud800</View>"),
    ],
)
def test_one_fault_is_left_to_the_full_check_unless_it_is_none(old, new):
    config = CONFIG.replace(old, new, 1)

    assert config != CONFIG
    assert not (is_clean(config) and full_check(config))
    assert check(config) == full_check(config)


@pytest.mark.parametrize("depth", [20, 49, 50, 51, 110, 111, 199, 200])
def test_depth_is_left_to_the_full_check(depth):
    config = "<View>" * depth + IMAGE + RATING + "</View>" * depth

    assert check(config) == full_check(config)


def test_a_config_over_the_limit_of_size_is_refused():
    assert [issue.code for issue in check(CONFIG + " " * 1024 * 1024)] == ["LS120"]
