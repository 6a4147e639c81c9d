"""URLs that are secrets themselves: who knows the path may post. What of them may be shown, and what may not."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from lsops.model.resource import MASK

HOSTS = tuple(
    """hooks.slack.com hooks.slack-gov.com webhook.office.com outlook.office.com outlook.office365.com logic.azure.com
    api.powerplatform.com discord.com discordapp.com chat.googleapis.com hooks.zapier.com api.telegram.org""".split()
)
"""Slack, Teams and Power Automate, Discord, Google Chat, Zapier, Telegram: those hosts and all below them."""

HOOKS = ("hooks",)
"""The folder of Mattermost's webhooks (and Rocket.Chat's), whose host can be any."""

SHORTEST = 12
"""Characters of a part of a path from which on it may be looked for in messages: shorter ones are words."""

_PLACE = re.compile(r"([^/~]*)((?:/|~1).*)?", re.DOTALL)
"""Host and path of a URL, whose slashes are `~1` in an address."""
_AFTER_SCHEME = re.compile(r"([^/?#]*)([^?#]*)", re.DOTALL)
_WEB = re.compile(r"\s*(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]+)?(?:[/?#]\S*)?\s*", re.IGNORECASE)
_PARTS = re.compile(r"[/?#&=]+")
_AROUND = "?,.)]}"
"""What a sentence may have after an address."""


def in_path(place: str) -> bool:
    """Whether the path of a place (`host:port/path`, the slashes perhaps as `~1`) is known to be a secret."""
    found = _PLACE.fullmatch(place)
    if found is None or not found[2]:
        return False
    parts = [part for part in found[2].replace("~1", "/").split("/") if part]
    if _is_known(found[1]):
        return bool(parts)
    return any(part in HOOKS for part in parts[:-1])


def hidden(place: str) -> str:
    """A place whose path is known to be a secret with `***` for it; any other as it is.

    In an address the quote and the stop of a sentence around it stay.
    """
    found = _PLACE.fullmatch(place)
    if found is None or not in_path(place):
        return place
    if not found[2].startswith("~1"):
        return f"{found[1]}/{MASK}"
    own = place.rstrip(_AROUND).removesuffix('"')
    return f"{found[1]}~1{MASK}{place[len(own) :]}"


def is_secret_url(url: str) -> bool:
    """Whether a URL, written out, is known to be a secret itself."""
    netloc, path, _ = _split(url)
    return in_path(netloc.rpartition("@")[2] + path.strip())


def shown(url: str) -> str:
    """All that may be shown of a URL that is a secret: `https://host/***`, or `***` where even that may tell."""
    found = _WEB.fullmatch(url)
    if found is None:
        return MASK
    scheme, host, port = found.groups()
    return f"{scheme}://{host}{port or ''}/{MASK}"


def telltales(url: str) -> frozenset[str]:
    """What must not be seen of a URL that is a secret, whole or in the parts that a message may quote."""
    _, _, rest = _split(url)
    tail = rest.strip().lstrip("/")
    parts = {url.strip(), *(part for part in (tail, *_PARTS.split(tail)) if _is_random(part))}
    return frozenset(text for part in parts for text in (part, unquote(part), quote(part, safe="", errors="replace")))


def _split(url: str) -> tuple[str, str, str]:
    """The host and what is before it, the path, and all from the path on; empty texts for what is no URL."""
    _, _, rest = url.partition("://")
    found = _AFTER_SCHEME.match(rest)
    return (found[1], found[2], rest[found.end(1) :]) if found else ("", "", "")


def _is_random(part: str) -> bool:
    """Whether a part of a path is no word, so that it can be masked wherever it stands."""
    return len(part) >= SHORTEST and (any(sign.isdigit() for sign in part) or len({*part}) >= SHORTEST)


def _is_known(netloc: str) -> bool:
    host = netloc.partition(":")[0].lower().rstrip(".")
    return any(host == known or host.endswith(f".{known}") for known in HOSTS)
