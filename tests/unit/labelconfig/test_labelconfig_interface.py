"""Controls, objects and default weights."""

from __future__ import annotations

from lsops.labelconfig import Control, ObjectTag, controls, default_control_weights, objects

CONFIG = """
<View>
  <Text name="text" value="$text"/>
  <Image name="pages" valueList="$pages"/>
  <Filter name="filter" toName="dx"/>
  <Choices name="dx" toName="text">
    <View><Choice value="A" alias="a"/><Choice value="B"/></View>
    <Choice value="B"/><Choice value=""/>
  </Choices>
  <Taxonomy name="tax" toName="text,pages">
    <Choice value="Cat"><Choice value="Tabby"/></Choice>
  </Taxonomy>
  <Relations><Relation value="of"/></Relations>
</View>
"""


def test_controls_have_labels_of_any_depth_once_by_alias_or_value() -> None:
    assert controls(CONFIG) == {
        "dx": Control("dx", "Choices", ("text",), ("a", "B")),
        "tax": Control("tax", "Taxonomy", ("text", "pages"), ("Cat", "Tabby")),
    }


def test_objects_are_named_tags_with_a_value_and_no_target() -> None:
    assert objects(CONFIG) == {
        "text": ObjectTag("text", "Text", "$text"),
        "pages": ObjectTag("pages", "Image", "$pages"),
    }


def test_default_weights_are_one_for_every_control_and_label() -> None:
    assert default_control_weights(CONFIG) == {
        "dx": {"overall": 1.0, "type": "Choices", "labels": {"a": 1.0, "B": 1.0}},
        "tax": {"overall": 1.0, "type": "Taxonomy", "labels": {"Cat": 1.0, "Tabby": 1.0}},
    }


def test_an_empty_config_has_no_weights() -> None:
    assert default_control_weights("<View></View>") == {}
