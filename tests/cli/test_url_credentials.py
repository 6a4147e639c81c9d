"""Credentials in URLs of webhooks and ML backends: whatever lsops prints or writes, they are not in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lsops.model.address import below
from tests.support.listener import Listener
from tests.support.site import Site

pytestmark = pytest.mark.parametrize("site", ["community"], indirect=True)

HOST = "hooks.example.com"
URL = f"https://canary-user:canary-pass@{HOST}/private?token=canary-query&b=canary-second#part"
OTHER = URL.replace("canary-pass", "canary-other")
NAME = "private"
MASKED = f"https://***@{HOST}/private?***#part"


def live_only(listener: Listener) -> None:
    site = listener.site
    site.declare({})
    listener.applied()
    for url in (URL, OTHER):
        site.make("webhooks", url)
    site.make("ml_backends", "model", url=URL)
    site.declare({"webhooks": {}, "ml_backends": {}})
    listener.looks()
    site.declare({"webhooks": {f"https://{HOST}/new": {"is_active": False}}, "ml_backends": {}})
    listener.looks()
    site.declare({"webhooks": {}, "ml_backends": {}}, prune=["projects/*/webhooks", "projects/*/ml_backends"])
    listener.looks()
    listener("apply", "--yes", code=5)
    listener.applied("--allow-deletes", "4")


def declared(listener: Listener) -> None:
    site = listener.site
    backends = {"model": {"url": URL}}
    site.declare({"webhooks": {NAME: {"url": URL}}, "ml_backends": backends})
    listener.looks()
    listener.applied()
    site.by_hand("webhooks", URL, is_active=False)
    site.by_hand("ml_backends", "model", url=OTHER)
    site.declare({"webhooks": {NAME: {"url": URL, "is_active": True}}, "ml_backends": backends})
    listener.looks()
    listener.applied()


def made_twice(listener: Listener) -> None:
    """The answer is lost, and there are two."""

    def twice(request: str) -> None:
        if request == "POST /api/webhooks/":
            for _ in range(2):
                listener.site.make("webhooks", URL)

    listener.site.declare({"webhooks": {NAME: {"url": URL}}})
    listener.site.watch.meanwhile = twice
    listener.site.watch.faults = ("POST /api/webhooks/:503",)
    listener("apply", "--yes", code=4)
    assert "was made more than once" in "".join(listener.said)


def ambiguous(listener: Listener) -> None:
    listener.site.declare({})
    listener.applied()
    for _ in range(2):
        listener.site.make("webhooks", URL)
    listener.site.declare({"webhooks": {NAME: {"url": URL}}})
    listener.refused("plan", code=3)
    listener.refused("apply", code=3)


def renamed(listener: Listener) -> None:
    site = listener.site
    site.declare({"webhooks": {NAME: {"url": URL}}})
    listener.applied()
    site.declare({"webhooks": {NAME: {"url": OTHER, "lifecycle": {"renamed_from": URL}}}})
    listener.looks()
    site.make("webhooks", OTHER)
    listener.refused("plan", code=3)


def stale(listener: Listener) -> None:
    site = listener.site
    site.declare({"webhooks": {NAME: {"url": URL}}})
    listener.looks()
    listener("plan", "--out", "stale.plan")
    site.declare({"webhooks": {NAME: {"url": URL, "is_active": False}}})
    listener.refused("apply", "--plan", "stale.plan", code=5)


def mistaken(listener: Listener) -> None:
    listener.site.declare({"webhooks": {NAME: {"url": URL}}})
    listener.looks()
    for wrong in ({"is_activ": True}, {"lifecycle": {"id": 99}}, {"url": f"{URL} x"}):
        listener.site.declare({"webhooks": {NAME: {"url": URL, **wrong}}})
        listener.refused("plan", code=3)
    listener.site.declare({"webhooks": {NAME: {"url": URL}, "again": {"url": URL}}})
    listener.refused("validate", code=3)


def down(listener: Listener) -> None:
    """The server's own words name the URL."""
    listener.site.declare({"ml_backends": {"model": {"url": URL.replace(HOST, "missing-models.example.com")}}})
    listener.looks()
    listener.applied(code=4)


@pytest.mark.parametrize("scene", [live_only, declared, ambiguous, made_twice, renamed, stale, mistaken, down])
def test_no_credential_of_a_url_is_ever_shown(site: Site, scene: Callable[[Listener], None]) -> None:
    listener = Listener(site)
    scene(listener)
    assert listener.leaks() == set()


KEYS = {
    "user": f"https://canary-user@{HOST}/ls",
    "user and password": f"https://canary-user:canary-a-long-word-that-is-cut-somewhere@{HOST}/ls",
    "query": f"https://{HOST}/ls?token=canary-query",
    "all": URL,
}
ENTRIES = {
    "empty": "{}",
    "null": "null",
    "misspelt": "{is_activ: true}",
    "no map": "[1]",
    "bad rules": "{lifecycle: {protect: true, absent: true}}",
    "bad header": "{headers: {'X A': b}}",
    "another url": "{url: 'https://hooks.example.com/other'}",
}


def declare_key(site: Site, key: str, entry: str, more: str = "") -> None:
    """A manifest as somebody wrote it."""
    home = "workspace: Radiology, " if site.home else ""
    site.lsops.write(f"version: 1\nprojects:\n  Triage: {{{home}webhooks: {{'{key}': {entry}{more}}}}}\n")


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_a_url_with_credentials_is_refused_as_a_key_and_not_repeated(site: Site, key: str, entry: str) -> None:
    listener = Listener(site, ("text", "json"))
    declare_key(site, key, entry)
    for verb in (("validate",), ("plan",), ("apply", "--yes")):
        listener.refused(*verb, code=3)
    assert listener.leaks() == set()


@pytest.mark.parametrize("more", [", '{}': {{}}", ", b: {{url: '{}'}}", ", b: {{lifecycle: {{renamed_from: '{}'}}}}"])
def test_a_second_entry_of_that_url_is_told_without_it(site: Site, more: str) -> None:
    listener = Listener(site, ("text", "json"))
    declare_key(site, KEYS["user and password"], "{}", more.format(KEYS["user and password"]))
    for verb in ("validate", "plan"):
        listener.refused(verb, code=3)
    assert listener.leaks() == set()


def test_masked_addresses_are_told_apart_by_their_ids(site: Site) -> None:
    site.declare({"webhooks": {}})
    site.settled()
    numbers = [site.make("webhooks", URL.replace("canary-pass", word)) for word in ("one", "two")]
    listed = site.lsops("plan", "--format", "json").json()["unmanaged"]
    assert listed == [below("/projects/Triage/webhooks", f"{MASKED} (id {number})") for number in numbers]
