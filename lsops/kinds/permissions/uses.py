"""What lsops needs a permission for, by its key; this module holds no kind itself.

No public document prints the keys: they look like Community's dotted names, such as `storages.change` (Enterprise facts
5.8 and 11.11). So a key that says nothing is taken for one that lsops needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

USES: Mapping[str, str] = {
    "permission": "who may give it back would need it",
    "organization": "lsops reads and changes the organisation by it",
    "token": "the token of lsops may stop working without it",
    "member": "lsops reads and changes members by it",
    "user": "lsops reads and changes people by it",
    "workspace": "lsops writes workspaces by it",
    "project": "lsops writes projects by it",
    "storage": "lsops writes storages by it",
    "webhook": "lsops writes webhooks by it",
    "view": "lsops writes views by it",
    "ml": "lsops writes ML backends by it",
    "model": "lsops writes models by it",
    "prompt": "lsops writes prompts by it",
    "plugin": "lsops writes plugins of projects by it",
}
"""The first of these words that is in a key says what lsops does by it."""
OF_DATA = ("task", "annotation", "prediction", "draft", "comment", "review", "label")
"""What a key begins with whose permission is about data: no plan and no apply of a manifest needs it."""
UNKNOWN = "what it allows is not known to lsops, which may need it"


def why_needed(key: str) -> str:
    """What lsops needs a permission for; empty for what is about data alone."""
    words = [word.removesuffix("s") for word in re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).lower())]
    if words and words[0] in OF_DATA:
        return ""
    return next((why for word, why in USES.items() if word in words), UNKNOWN)
