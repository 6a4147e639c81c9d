"""Made-up texts, dialogues, tables and series."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any

from lsops.labelconfig.tree import Node
from lsops.preview.samples.attributes import attribute
from lsops.preview.samples.media import address

TEXT = (
    "Maria Lopez joined Acme Robotics in Lisbon on 4 May 2021 to lead the sensor team. "
    "She said the first field test went better than expected."
)
PAGE = f"<p>{TEXT}</p><table border=1><tr><td>Item</td><td>Price</td></tr><tr><td>Cup</td><td>4.00</td></tr></table>"
ROW = {"Card number": 18799210, "First name": "Max", "Last name": "Nobel"}
ITEMS = [{"id": f"item{n}", "title": f"Item {n}", "body": f"The text of item {n}.", "html": ""} for n in (1, 2, 3)]
CHAT = [{"role": "user", "content": "Hello!"}, {"role": "assistant", "content": "Hi! What can I do for you?"}]
CHOICES = [{"value": f"Dynamic choice {n}"} for n in (1, 2, 3)]
LABELS = [{"value": "Dynamic label 1", "background": "#d33"}, {"value": "Dynamic label 2", "background": "#36c"}]
TREE = [{"value": "Plants", "children": [{"value": "Trees"}, {"value": "Grasses"}]}, {"value": "Animals"}]

_DIALOGUE = (
    ("Alice", "Hi, Bob. Did the parcel arrive?"),
    ("Bob", "Yes, this morning, thank you."),
    ("Alice", "Good. Is anything broken?"),
    ("Bob", "One cup. Can I get a refund?"),
)
ROWS = 100
"""Of a time series."""


def dialogue(node: Node) -> list[dict[str, Any]]:
    """What a Paragraphs shows, under the keys that it names."""
    name, text = attribute(node, "nameKey") or "author", attribute(node, "textKey") or "text"
    return [
        {name: who, text: said, "start": at * 0.5, "end": at * 0.5 + 0.4} for at, (who, said) in enumerate(_DIALOGUE)
    ]


def series(node: Node) -> dict[str, list[Any]]:
    """The columns of a TimeSeries, by name: its time, and a wave for each channel."""
    columns = [attribute(one, "column") for one in node.iter() if one.tag.lower() == "channel"]
    time = attribute(node, "timeColumn")
    found: dict[str, list[Any]] = {time: [time_at(node, row) for row in range(ROWS)]} if time else {}
    for number, name in enumerate(dict.fromkeys(filter(None, columns))):
        found[name] = [round(math.sin(row / (9 + 4 * number)) * (number + 1), 3) for row in range(ROWS)]
    return found


def time_at(node: Node, row: int) -> str | int:
    """The time of a row, in the form that the TimeSeries reads; a number where it names none."""
    form = attribute(node, "timeFormat")
    return (datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(hours=row)).strftime(form) if form else row


def series_file(node: Node) -> str:
    """The address of a CSV. Where every column is a number, the file has no header and they are positions."""
    columns, between = series(node), attribute(node, "sep") or ","
    if columns and all(name.isascii() and name.isdigit() for name in columns):
        width = min(max(map(int, columns)), 50) + 1
        table = [[columns.get(str(at), [0] * ROWS)[row] for at in range(width)] for row in range(ROWS)]
        lines = [between.join(map(str, line)) for line in table]
    else:
        rows = zip(*columns.values(), strict=True)
        lines = [between.join(columns), *(between.join(map(str, row)) for row in rows)]
    return address("text/csv", "\n".join(lines).encode())
