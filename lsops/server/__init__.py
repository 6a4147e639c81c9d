"""The HTTP edge: the only place that knows httpx.

A `Session` sends one request at a time per thread, turns every bad answer into an error of `lsops.errors`, and tells
what kind of server it talks to.
"""

from lsops.server.choice import Choice, Token, choose, read_token
from lsops.server.facts import read_facts
from lsops.server.session import Session
from lsops.server.settings import Exchange, Settings

__all__ = ["Choice", "Exchange", "Session", "Settings", "Token", "choose", "read_facts", "read_token"]
