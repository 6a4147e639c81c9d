"""How the editor reads attributes: whatever the case of their names."""

from __future__ import annotations

from lsops.labelconfig.tree import Node


def attribute(node: Node, name: str) -> str:
    """The value of an attribute; empty where it has none."""
    exact = node.attributes.get(name)
    if exact is not None:
        return exact
    wanted = name.lower()
    return next((value for key, value in node.attributes.items() if key.lower() == wanted), "")
