"""Nobody locks out the person whose token lsops uses: each way is refused before the first write, and the plan warns.

The table is by who asks, what they write, and what is said. `LIVE` is what the server holds before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user, set_role_source
from tests.support.cli import Lsops
from tests.support.sandbox import served

OWNER = "f" * 40
PEOPLE = {
    "ada": ("administrator", "scim"),
    "sam": ("administrator", "saml"),
    "max": ("administrator", "manual"),
    "una": ("administrator", ""),
}
"""Who asks, with their role and who gave it; of una the server does not say."""

GROUPS: dict[str, Any] = {
    "roles_groups": [["Administrator", "admins"], ["Manager", "leads"], ["Annotator", "staff"]],
    "workspaces_groups": [["Radiology", "radiology"]],
    "user_type_groups": [],
    "projects_groups": [],
}
LIVE: dict[str, Any] = {
    "scim": GROUPS,
    "saml": {
        **GROUPS,
        "domain": "clinic.example,hospital.example",
        "metadata_url": "https://idp.clinic.example/metadata",
        "metadata_xml": "",
        "mapping_email": "mail",
        "mapping_groups": "groups",
        "manual_role_management": True,
    },
}


@dataclass(frozen=True)
class Site:
    """A server that is kept for all tests of this file, with the tokens of the people."""

    url: str
    tokens: dict[str, str]

    def reset(self) -> None:
        """The settings as `LIVE` has them."""
        for name, settings in LIVE.items():
            self.ask("POST", name, json=settings)

    def held(self) -> dict[str, Any]:
        return {name: self.ask("GET", name) for name in LIVE}

    def ask(self, method: str, name: str, **more: Any) -> Any:
        headers = {"Authorization": f"Token {OWNER}"}
        return (
            httpx.request(method, f"{self.url}/api/{name}/settings", headers=headers, **more).raise_for_status().json()
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = tmp_path_factory.mktemp("lockouts") / "s.db"
    with served(database, token=OWNER, unknown={"identity-settings-for": "administrators"}) as url:
        headers = {"Authorization": f"Token {OWNER}"}
        httpx.post(f"{url}/api/workspaces/", json={"title": "Radiology"}, headers=headers).raise_for_status()
        tokens = {"owner": OWNER}
        for name, (role, source) in PEOPLE.items():
            tokens[name] = add_user(database, f"{name}@clinic.example", role)
            set_role_source(database, f"{name}@clinic.example", source)
        yield Site(url, tokens)


def asked(lsops: Lsops, site: Site, who: str, text: str) -> None:
    """Aim the command line at the server, as somebody who wrote that."""
    lsops.setenv(LABEL_STUDIO_URL=site.url, LABEL_STUDIO_API_KEY=site.tokens[who])
    lsops.write(f"version: 1\n{text}\n")
    site.reset()


ROLES = "the role administrator, which the owner of the token that lsops uses may have by it"
REFUSED = [
    ("ada", "scim: {roles_groups: [{role: manager, group: leads}, {role: annotator, group: staff}]}", ROLES),
    ("ada", "scim: {roles_groups: []}", ROLES),
    ("ada", "scim: {roles_groups: [{role: manager, group: admins}]}", ROLES),
    ("ada", "scim: {roles_groups: [{role: administrator, group: Admins}]}", ROLES),
    ("ada", "scim: {user_type_groups: [{user_type: viewonly, group: admins}]}", "would only give seats to look"),
    ("sam", "saml: {roles_groups: [{role: reviewer, group: leads}]}", ROLES),
    ("sam", "saml: {domain: hospital.example}", "people of clinic.example, the owner of the token that lsops uses"),
    ("sam", "saml: {metadata_url: https://other.clinic.example/}", "metadata_url: the login of the owner of the token"),
    ("sam", "saml: {metadata_url: ''}", "would log in by an identity provider without metadata"),
    ("sam", "saml: {mapping_email: upn}", "mapping_email: the login of the owner of the token"),
    ("sam", "saml: {mapping_groups: other}", "mapping_groups: the role of the owner of the token"),
    ("ada", "saml: {domain: hospital.example}", "could no longer log in"),
    ("max", "saml: {manual_role_management: false}", "was given by hand, and would be what groups give"),
    ("max", "saml: {metadata_url: ''}", "would log in by an identity provider without metadata"),
]


@pytest.mark.parametrize(("who", "text", "words"), REFUSED)
def test_what_may_take_the_callers_role_or_login_is_refused_before_any_write(
    lsops: Lsops, site: Site, who: str, text: str, words: str
) -> None:
    asked(lsops, site, who, text)
    before = site.held()

    refused = lsops("apply", "--yes")

    assert (refused.code, "LS807" in refused.err) == (5, True), refused
    assert words in " ".join(refused.out.split())
    assert words.partition(": ")[2] in " ".join(refused.err.split())
    assert site.held() == before


WARNED = [
    ("una", "scim: {roles_groups: []}", ROLES),
    (
        "max",
        "saml: {domain: 'clinic.example,hospital.example,other.example', mapping_email: upn}",
        "mapping_email: the",
    ),
    ("max", "saml: {manual_role_management: null}", "the contract decides then whether"),
    ("max", "saml: {metadata_url: https://other.clinic.example/}", "metadata_url: the login of"),
]
SAFE = [
    ("owner", "scim: {roles_groups: []}"),
    ("max", "scim: {roles_groups: []}"),
    ("ada", "scim: {roles_groups: [{role: administrator, group: admins}, {role: manager, group: others}]}"),
    ("ada", "scim: {workspaces_groups: []}"),
    ("sam", "saml: {domain: 'clinic.example'}"),
    ("sam", "saml: {mapping_first_name: name}"),
    ("sam", "saml: {manual_role_management: false}"),
]


@pytest.mark.parametrize(("who", "text", "words"), [*WARNED, *((who, text, "") for who, text in SAFE)])
def test_what_cannot_or_need_not_hurt_the_caller_is_made_with_a_word_where_it_is_not_known(
    lsops: Lsops, site: Site, who: str, text: str, words: str
) -> None:
    asked(lsops, site, who, text)

    applied = lsops("apply", "--yes")

    assert applied.code == 0, applied
    assert words in " ".join(applied.out.split())
    assert ("the owner of the token" in applied.out) == bool(words)
