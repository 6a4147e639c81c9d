"""What an object tag, or an attribute, is given for its variable."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

from lsops.labelconfig.tags import LABEL_TAGS
from lsops.labelconfig.tree import Node
from lsops.preview.samples import media, texts
from lsops.preview.samples.attributes import attribute


@dataclass(frozen=True, slots=True)
class Use:
    """A variable in an attribute of an element; `whole` when the attribute is nothing else."""

    path: str
    node: Node
    attribute: str
    whole: bool

    @property
    def shows(self) -> bool:
        """True where the value is what the element shows, and not a part of a text or a setting."""
        return self.whole and self.attribute.lower() in ("value", "valuelist")

    @property
    def loads(self) -> bool:
        """True where the value is an address that the editor fetches."""
        if self.attribute.lower() in _SOUNDS:
            return True
        tag, form = self.node.tag.lower(), attribute(self.node, "valueType").lower()
        return self.shows and (tag in _LOADING or form == "url" or (tag == "timeseries" and form != "json"))

    @property
    def rank(self) -> int:
        """Of the uses of one variable the least decides: a film has a sound, a sound is no film."""
        if not self.shows:
            return 1 if self.attribute.lower() in _SOUNDS else 3
        return 0 if self.node.tag.lower() == "video" else 1 if self.node.tag.lower() in _MADE else 2


_SOUNDS = ("audiourl", "audio")


def made_up(use: Use, number: int) -> object:
    """The value for a use; `number` tells pictures apart."""
    if use.attribute.lower() in _SOUNDS:
        return media.sound()
    return _shown(use, number) if use.shows else _written(use)


def _shown(use: Use, number: int) -> object:
    tag = use.node.tag.lower()
    if tag == "image":
        many = use.attribute.lower() == "valuelist"
        return [media.picture(at) for at in range(3)] if many else media.picture(number)
    if tag in _MADE:
        return _MADE[tag](use.node)
    return texts.LABELS if tag.endswith("labels") else _written(use)


def _written(use: Use) -> object:
    if use.node.tag in LABEL_TAGS:
        return f"${use.path}"  # a label may be called $USD
    if use.node.tag.lower() == "repeater":
        return [f"Sample {at}" for at in (1, 2, 3)]
    return "5" if use.attribute.lower().startswith(("max", "min")) else f"Sample {use.path}"


def _encoded(node: Node, text: str) -> str:
    return b64encode(text.encode()).decode() if attribute(node, "encoding").startswith("base64") else text


def _series(node: Node) -> object:
    by_value = attribute(node, "valueType").lower() == "json"
    return texts.series(node) if by_value else texts.series_file(node)


_MADE: dict[str, Callable[[Node], object]] = {
    "image": lambda _: media.picture(),
    "audio": lambda _: media.sound(),
    "audioplus": lambda _: media.sound(),
    "video": lambda _: media.film(),
    "pdf": lambda _: media.document(),
    "object3d": lambda _: media.address("model/gltf+json", b'{"asset":{"version":"2.0"}}'),
    "text": lambda node: _encoded(node, texts.TEXT),
    "hypertext": lambda node: _encoded(node, texts.PAGE),
    "richtext": lambda node: _encoded(node, texts.PAGE),
    "paragraphs": texts.dialogue,
    "timeseries": _series,
    "table": lambda _: texts.ROW,
    "list": lambda _: texts.ITEMS,
    "ranker": lambda _: texts.ITEMS,
    "chat": lambda _: texts.CHAT,
    "choices": lambda _: texts.CHOICES,
    "taxonomy": lambda _: texts.TREE,
}
_LOADING = frozenset("image audio audioplus video pdf object3d".split())
