"""Label configs with every object and control of Label Studio, for tests that need one of each; and those it ships."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from lsops.labelconfig.tags import KNOWN, OBJECTS
from lsops.labelconfig.tree import LabelConfigError
from lsops.preview.samples import sample_task
from tests.support.label_studio import CHECKOUT

CONFIGS = {
    "every shape with labels": """<View><Image name="i" value="$img"/><RectangleLabels name="r" toName="i"><Label value="Car"/>
        <Label value="Bus"/></RectangleLabels><PolygonLabels name="p" toName="i"><Label value="Car2"/>
        </PolygonLabels><EllipseLabels name="e" toName="i"><Label value="E"/></EllipseLabels>
        <KeyPointLabels name="k" toName="i"><Label value="K"/></KeyPointLabels>
        <BrushLabels name="b" toName="i"><Label value="B"/></BrushLabels><VectorLabels name="v" toName="i">
        <Label value="V"/></VectorLabels><BitmaskLabels name="m" toName="i">
        <Label value="M" background="#f00"/></BitmaskLabels>
        <Choices name="c" toName="i" perRegion="true" whenTagName="r" whenLabelValue="Bus">
        <Choice value="Old"/></Choices><Relations><Relation value="on"/></Relations></View>""",
    "every shape without labels": """<View><Image name="i" value="$img"/><Rectangle name="r" toName="i"/><Polygon name="p" toName="i"/>
        <Ellipse name="e" toName="i"/><KeyPoint name="k" toName="i"/><Brush name="b" toName="i"/>
        <Vector name="v" toName="i"/><Bitmask name="m" toName="i"/><MagicWand name="w" toName="i"/></View>""",
    "labels beside shapes": """<View><Image name="i" value="$img"/><Labels name="l" toName="i"><Label value="Car"/></Labels>
        <Rectangle name="r" toName="i"/><Brush name="b" toName="i"/></View>""",
    "two labels on a text": """<View><Text name="t" value="$t"/><Labels name="l" toName="t"><Label value="PER"/></Labels>
        <Labels name="l2" toName="t"><Label value="ORG"/></Labels>
        <TextArea name="c" toName="t" perRegion="true"/></View>""",
    "a text that is fetched": """<View><Text name="t" value="$t" valueType="url"/><Labels name="l" toName="t"><Label value="PER"/>
        </Labels></View>""",
    "a page": """<View><HyperText name="t" value="$t"/><HyperTextLabels name="l" toName="t"><Label value="PER"/>
        </HyperTextLabels></View>""",
    "a dialogue with its sound": """<View><Paragraphs name="t" value="$t" layout="dialogue" audioUrl="$a"/>
        <ParagraphLabels name="l" toName="t"><Label value="PER"/></ParagraphLabels></View>""",
    "a sound": """<View><Audio name="a" value="$a"/><Labels name="l" toName="a"><Label value="PER"/></Labels></View>""",
    "a film and its sound": """<View><Video name="v" value="$a" sync="a"/><Audio name="a" value="$a" sync="v"/>
        <Labels name="l" toName="a"><Label value="Speech"/></Labels>
        <TextArea name="x" toName="a" perRegion="true"/></View>""",
    "a tracked object": """<View><Video name="v" value="$v"/><VideoRectangle name="b" toName="v"/><Labels name="l" toName="v">
        <Label value="Man"/></Labels></View>""",
    "a tracked line and a timeline": """<View><Video name="v" value="$v"/><VideoVector name="b" toName="v"/>
        <TimelineLabels name="l" toName="v"><Label value="Man"/></TimelineLabels></View>""",
    "a series in the task": """<View>
        <TimeSeries name="ts" value="$ts" valueType="json" timeColumn="time" timeFormat="%Y-%m-%d %H:%M:%S">
        <Channel column="a"/><Channel column="b"/></TimeSeries><TimeSeriesLabels name="l" toName="ts">
        <Label value="Run"/></TimeSeriesLabels></View>""",
    "a repeater": """<View><Repeater on="$pages" indexFlag="{{i}}"><Image name="p{{i}}" value="$pages[{{i}}].url"/>
        <RectangleLabels name="r{{i}}" toName="p{{i}}"><Label value="A"/></RectangleLabels></Repeater>
        </View>""",
    "a picture of several pages": """<View><Image name="p" valueList="$pages"/><RectangleLabels name="r" toName="p"><Label value="A"/>
        </RectangleLabels></View>""",
    "labels and choices from the task": """<View><Text name="t" value="$a.text[0]"/><Labels name="l" toName="t" value="$labels"/>
        <Choices name="c" toName="t" value="$a.choices"/><Taxonomy name="x" toName="t" value="$tree"/>
        </View>""",
    "a ranked list": """<View><List name="l" value="$items"/><Ranker name="r" toName="l"><Bucket name="good" title="Good"/>
        </Ranker></View>""",
    "a pair of texts, a table and a document": """<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a,b"/>
        <Table name="t" value="$t"/><Pdf name="d" value="$d"/></View>""",
    "an encoded text": """<View><Text name="t" value="$t" encoding="base64"/><Labels name="l" toName="t"><Label value="PER"/>
        </Labels></View>""",
    "a page that is fetched": """<View><HyperText name="t" value="$t" valueType="url"/><HyperTextLabels name="l" toName="t">
        <Label value="PER"/></HyperTextLabels></View>""",
    "a dialogue that is fetched": """<View><Paragraphs name="t" value="$t" layout="dialogue" valueType="url"/>
        <ParagraphLabels name="l" toName="t"><Label value="PER"/></ParagraphLabels></View>""",
    "a series in a file": """<View><TimeSeries name="ts" value="$ts" timeColumn="time"><Channel column="a"/><Channel column="b"/>
        </TimeSeries><TimeSeriesLabels name="l" toName="ts"><Label value="Run"/></TimeSeriesLabels></View>""",
    "a series in a file without a header": """<View><TimeSeries name="ts" value="$ts" timeColumn="0" sep=";"><Channel column="1"/>
        <Channel column="2"/></TimeSeries><TimeSeriesLabels name="l" toName="ts"><Label value="Run"/>
        </TimeSeriesLabels></View>""",
    "a series without a time": """<View><TimeSeries name="ts" value="$ts" ><Channel column="a"/><Channel column="b"/></TimeSeries>
        <TimeSeriesLabels name="l" toName="ts"><Label value="Run"/></TimeSeriesLabels></View>""",
    "a table that is fetched": """<View><Table name="t" value="$t" valueType="url"/><Choices name="c" toName="t"><Choice value="a"/>
        </Choices></View>""",
    "choices of one": """<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="Yes"/>
        <Choice value="No" alias="no"/></Choices></View>""",
    "choices of many": """<View><Text name="t" value="$t"/><Choices name="c" toName="t" choice="multiple">
        <Choice value="Yes"/><Choice value="No"/></Choices></View>""",
    "a rating, a number and a date": """<View><Text name="t" value="$t"/><Rating name="r" toName="t" maxRating="3"/>
        <Number name="n" toName="t" min="1" max="9"/>
        <DateTime name="d" toName="t" only="date" format="%Y-%m-%d"/></View>""",
    "a taxonomy": """<View><Text name="t" value="$t"/><Taxonomy name="x" toName="t"><Choice value="Plants">
        <Choice value="Trees"/></Choice><Choice value="Animals"/></Taxonomy></View>""",
    "a text to write": """<View><Image name="i" value="$img"/>
        <TextArea name="x" toName="i" required="true" maxSubmissions="1"/></View>""",
    "a classified region": """<View><Image name="i" value="$img"/><RectangleLabels name="r" toName="i"><Label value="Car"/>
        </RectangleLabels><Choices name="c" toName="i" perRegion="true"><Choice value="Old"/></Choices>
        <TextArea name="x" toName="i" perRegion="true"/></View>""",
    "a pair with a scale": """<View><Image name="a" value="$a"/><Image name="b" value="$b"/>
        <Pairwise name="p" toName="a,b" leftClass="A" rightClass="B"/></View>""",
    "a header of two variables": """<View><Header value="$first by $author.name"/><Text name="t" value="$t"/>
        <Choices name="c" toName="t"><Choice value="$USD"/></Choices></View>""",
    "a chat": """<View><Chat name="chat" value="$chat"/><Choices name="c" toName="chat"><Choice value="Good"/>
        </Choices></View>""",
    "nested choices": """<View><Text name="t" value="$t"/><Choices name="c" toName="t" allowNested="true"><Choice value="A">
        <Choice value="B"/></Choice><Choice value="C"/></Choices></View>""",
    "a ranked list without buckets": """<View><List name="l" value="$items"/><Ranker name="r" toName="l"/></View>""",
    "a text with answers for each region": """<View><Text name="t" value="$t"/><Labels name="l" toName="t" choice="multiple"><Label value="A"/>
        <Label value="B"/></Labels><Number name="n" toName="t" perRegion="true"/>
        <Rating name="s" toName="t" perRegion="true"/><TextArea name="x" toName="t" perRegion="true"/>
        </View>""",
}


def shipped_configs() -> dict[str, str]:
    """The label configs of the templates that the installed Label Studio ships, by their folder."""
    found = (CHECKOUT / ".venv-label-studio").glob(
        "lib/*/site-packages/label_studio/annotation_templates/**/config.yml"
    )
    read = ((path, yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)) for path in sorted(found))
    return {_folder(path): one["config"] for path, one in read if isinstance(one, dict) and "config" in one}


def _folder(path: Path) -> str:
    return "/".join(path.parts[-3:-1])


_VIEW = re.compile(
    r"<View\b(?:(?!</?View\b).)*(?:<View\b(?:(?!</?View\b).)*</View>(?:(?!</?View\b).)*)*</View>", re.DOTALL
)
_TEXTS = (".py", ".yaml", ".xml", ".json", ".md")
_PIECES = re.compile(r"""[{}%\\]|["']\s*\n\s*f?["']|ELSEWHERE""")
"""What a text of a program has that is no label config yet."""


def written_configs() -> tuple[str, ...]:
    """The label configs that stand whole in the tests, examples and pages of the project, each once."""
    folders = (CHECKOUT / name for name in ("tests", "examples", "docs", "lsops/starters"))
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in _TEXTS)
    found = (" ".join(match[0].split()) for path in files for match in _VIEW.finditer(path.read_text("utf-8")))
    return tuple(dict.fromkeys(config for config in found if _can_be_drawn(config)))


def _can_be_drawn(config: str) -> bool:
    tags = set(re.findall(r"<([A-Za-z]\w*)", config))
    if _PIECES.search(config) or not tags & OBJECTS or not tags <= KNOWN:
        return False
    try:
        sample_task(config)
    except LabelConfigError:
        return False
    return True
