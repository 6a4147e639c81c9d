"""Sample tasks: complete, offline, the same everywhere, and what people give comes first."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from lsops.labelconfig import LabelConfigError, controls, data_fields, objects
from lsops.preview.samples import drawable, sample_task
from lsops.preview.samples.rle import block
from tests.support.label_configs import CONFIGS, shipped_configs

SHIPPED = shipped_configs()
ALL = [pytest.param(config, id=name) for name, config in {**CONFIGS, **SHIPPED}.items()]
LARGEST = 30_000
"""Bytes of a task."""


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    else:
        yield value


def results(config: str, given: dict[str, object] | None = None) -> list[dict[str, Any]]:
    return list(sample_task(config, given)["annotations"][0]["result"])


@pytest.mark.parametrize("config", ALL)
def test_each_variable_of_a_config_has_a_value_that_needs_no_network(config: str) -> None:
    task = sample_task(config)
    assert data_fields(config) <= set(task["data"])
    texts = [one for one in leaves(task["data"]) if isinstance(one, str)]
    assert [one for one in texts if one.lower().startswith(("http", "//", "/static", "s3:"))] == []
    assert None not in leaves(task["data"])
    assert len(json.dumps(task)) < LARGEST


@pytest.mark.parametrize("config", ALL)
def test_a_region_names_a_control_and_its_object_and_one_of_its_labels(config: str) -> None:
    known, shown = controls(config), objects(config)
    for one in results(config):
        if one["type"] == "relation" or "{{" in config or one["from_name"] not in known:
            continue
        control = known[one["from_name"]]
        assert one["to_name"] in control.to_names
        assert one["to_name"] in shown
        assert set(one["value"].get(one["type"], [])) <= {*control.labels, "Dynamic label 1"}


def test_templates_are_looked_at() -> None:
    if not SHIPPED:
        pytest.skip("the templates of Label Studio are not installed")
    assert len(SHIPPED) >= 60


@pytest.mark.parametrize("name", CONFIGS)
def test_a_config_gives_the_same_task_each_time(name: str) -> None:
    assert json.dumps(sample_task(CONFIGS[name])) == json.dumps(sample_task(CONFIGS[name]))


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("every shape with labels", "rectangle polygon ellipse keypoint brush vector bitmask"),
        ("every shape without labels", "rectangle polygon ellipse keypoint brush vector bitmask magicwand"),
        ("labels beside shapes", "rectangle labels"),
        ("two labels on a text", "labels labels"),
        ("a page", "hypertextlabels"),
        ("a dialogue with its sound", "paragraphlabels"),
        ("a film and its sound", "labels"),
        ("a tracked object", "videorectangle"),
        ("a tracked line and a timeline", "videovector timelinelabels"),
        ("a series in the task", "timeserieslabels"),
        ("a repeater", "rectanglelabels rectanglelabels rectanglelabels"),
        ("choices of one", ""),
    ],
)
def test_each_control_that_makes_regions_makes_one(name: str, types: str) -> None:
    made = [one["type"] for one in results(CONFIGS[name]) if one["type"] != "relation"]
    suffix = "labels" if name == "every shape with labels" else ""
    assert made == [f"{one}{suffix}" for one in types.split()]


def test_a_region_has_the_label_at_which_a_control_appears() -> None:
    made = results(CONFIGS["every shape with labels"])
    assert made[0]["value"]["rectanglelabels"] == ["Bus"]


def test_a_relation_joins_the_first_two_regions() -> None:
    made = results(CONFIGS["every shape with labels"])
    assert made[-1] == {"from_id": made[0]["id"], "to_id": made[1]["id"], "type": "relation", "direction": "right"} | {
        "labels": ["on"]
    }


def test_a_film_that_is_heard_too_has_a_sound_track() -> None:
    film = sample_task(CONFIGS["a film and its sound"])["data"]["a"]
    assert film.startswith("data:video/mp4,")
    assert "Opus" in film


TEXT = '<View><Text name="t" value="$t"/><Labels name="l" toName="t"><Label value="A"/></Labels></View>'
REGION = {"id": "x", "from_name": "l", "to_name": "t", "type": "labels", "value": {"start": 0, "end": 2, "text": "It"}}


@pytest.mark.parametrize(
    "comment",
    [
        '{"data": {"t": "It is."}}',
        '{"t": "It is."}',
        '[{"t": "It is."}, {"t": "Another."}]',
        '[{"data": {"t": "It is."}}]',
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_the_example_in_a_comment_is_shown(comment: str, *, inside: bool) -> None:
    text = f"<!-- first --><!-- {comment} -->"
    config = TEXT.replace("</View>", text + "</View>") if inside else TEXT + text
    assert sample_task(config)["data"] == {"t": "It is."}


def test_the_regions_of_an_example_are_shown() -> None:
    example = json.dumps({"data": {"t": "It is."}, "predictions": [{"result": [REGION]}]})
    assert results(f"{TEXT}<!--{example}-->") == [REGION]


def test_what_is_given_comes_before_the_example() -> None:
    config = f'{TEXT}<!-- {{"data": {{"t": "Theirs.", "more": 1}}}} -->'
    assert sample_task(config, {"data": {"t": "Mine."}})["data"] == {"t": "Mine.", "more": 1}
    assert sample_task(config, {"t": "Mine."})["data"]["t"] == "Mine."
    assert results(config, {"t": "Mine."})[0]["value"]["text"] == "Mine."


@pytest.mark.parametrize("place", ["https://x.test/a.png", "//x.test/a", "/static/a.png", "s3://b/a.png", "a.png"])
def test_a_picture_that_would_be_fetched_is_made_up_and_its_regions_left_out(place: str) -> None:
    config = CONFIGS["a classified region"]
    given = {"data": {"img": place}, "annotations": [{"result": [{"id": "theirs"}]}]}
    task = sample_task(config, given)
    assert task["data"]["img"].startswith("data:image/svg+xml;")
    assert [one["id"] for one in task["annotations"][0]["result"]] == ["sample1"]


def test_an_address_in_a_text_stays_and_one_in_a_page_becomes_a_picture() -> None:
    config = CONFIGS["a page"]
    assert sample_task(config, {"t": "see https://x.test/ now"})["data"]["t"] == "see https://x.test/ now"
    assert sample_task(config, {"t": '<img src="https://x.test/a">'})["data"]["t"].startswith('<img src="data:image')


@pytest.mark.parametrize("comment", ["{not json}", "[" * 50_000, '{"data": 5}', "[]", "[1]", '{"annotations": [5]}'])
def test_a_comment_that_is_no_example_is_passed_over(comment: str) -> None:
    assert sample_task(f"{TEXT}<!-- {comment} -->")["data"]["t"].startswith("Maria")


def test_variables_inside_others_are_filled_together() -> None:
    config = '<View><Header value="$a"/><Text name="t" value="$a.b[1].c"/><Text name="u" value="$d"/></View>'
    assert set(sample_task(config)["data"]) == {"a", "d"}
    assert sample_task(config)["data"]["a"]["b"][1]["c"].startswith("Maria")


def test_repeaters_in_repeaters_and_far_indexes_stay_small() -> None:
    inner = '<Text name="t{{idx}}" value="$a[{{idx}}]"/>'
    for _ in range(60):
        inner = f'<Repeater on="$a">{inner}</Repeater>'
    task = sample_task(f'<View>{inner}<Text name="far" value="$b[999999999]"/></View>')
    assert len(json.dumps(task)) < LARGEST


def test_a_config_that_is_not_xml_is_an_error() -> None:
    with pytest.raises(LabelConfigError):
        sample_task("<View>")


@pytest.mark.parametrize("written", ['valueType="url"', "valuetype = 'url'"])
def test_a_text_that_is_fetched_is_drawn_from_the_task(written: str) -> None:
    assert drawable(f'<Text name="t" value="$t" {written}/>').endswith('"text"/>')
    assert drawable(f'<Paragraphs name="t" {written}/>').endswith('"json"/>')
    assert drawable(f'<TimeSeries name="t" {written}/>') == f'<TimeSeries name="t" {written}/>'


def test_a_brush_is_written_as_label_studio_reads_it() -> None:
    from label_studio_sdk.converter.brush import decode_rle

    pixels = decode_rle(block((20, 10), (3, 2, 5, 4))).reshape(10, 20, 4)
    assert pixels[:, :, 3].sum() == 255 * 5 * 4
    assert pixels[2, 3, 0] == 255
    assert pixels[5, 7, 0] == 255


@pytest.mark.parametrize(
    ("page", "place", "text"),
    [
        ("<h1>John works at</h1><p>He</p>", ("/h1[1]/text()[1]", 0, 0), "John works"),
        ("<div>\n <p></p><p> a &amp; b c</p></div>", ("/div[1]/p[2]/text()[1]", 1, 3), "a &"),
        ("<br>x<b>y</b>", ("/text()[1]", 0, 0), "x"),
    ],
)
def test_a_region_on_a_given_page_is_its_first_words(page: str, place: tuple[str, int, int], text: str) -> None:
    value = results(CONFIGS["a page"], {"t": page})[0]["value"]
    assert (value["start"], value["startOffset"], value["globalOffsets"]["start"]) == place
    assert value["text"] == text


@pytest.mark.parametrize("page", ["", "<table><tr><td>x</td></tr></table>", "</p>x", "<p></div>x", "<body>x"])
def test_a_page_that_a_browser_would_mend_has_no_region(page: str) -> None:
    assert results(CONFIGS["a page"], {"t": page}) == []


def test_columns_are_positions_only_where_all_are_plain_numbers() -> None:
    plain = sample_task(CONFIGS["a series in a file without a header"])["data"]["ts"]
    odd = CONFIGS["a series in a file without a header"].replace('column="1"', 'column="\u00b2"')
    assert b64decode(plain.partition(",")[2]).startswith(b"0;0.0;0.0\n1;")
    assert b64decode(sample_task(odd)["data"]["ts"].partition(",")[2]).startswith("0;\u00b2;2\n".encode())


CONDITION = """
    <View><Text name="t" value="$text"/><Choices name="q" toName="t"><Choice value="Good"/><Choice value="Bad"/></Choices>
    <View visibleWhen="choice-selected" whenTagName="q" {when}><TextArea name="why" toName="t"/></View></View>
"""


@pytest.mark.parametrize(
    ("when", "chosen"), [('whenChoiceValue="Bad"', "Bad"), ('whenChoiceValue="Bad,Good"', "Bad"), ("", "Good")]
)
def test_what_a_choice_makes_appear_is_seen(when: str, chosen: str) -> None:
    (result,) = sample_task(CONDITION.format(when=when))["annotations"][0]["result"]
    assert (result["from_name"], result["value"]) == ("q", {"choices": [chosen]})
