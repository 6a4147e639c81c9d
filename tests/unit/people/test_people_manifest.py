"""People in a manifest: short forms, words and codes, and a mistake at its own line."""

from __future__ import annotations

import pytest

from lsops.errors import ManifestError
from lsops.manifest import Options, load
from lsops.normalize import ROLES, normal, role_code
from lsops.schema import kinds

GOOD = """\
version: 1
members:
  ana@example.com: {role: reviewer}
  ben@example.com: annotator
  cem@example.com: {}
workspaces:
  Radiology: {members: [ana@example.com, ben@example.com]}
  Archive: {members: {ana@example.com: {}}}
projects:
  Chest X-ray:
    workspace: Radiology
    members: {ben@example.com: AN, ana@example.com: {role: inherit}}
organization: {default_role: "NO", read_only_quick_view_enabled_at: true, embed_domains: [{domain: example.com}]}
jwt_settings: {api_tokens_enabled: true, api_token_ttl_days: 30}
"""


def loaded(folder, text):
    (folder / "lsops.yaml").write_text(text, "utf-8")
    return load(folder, Options())


def test_short_forms_become_resources(tmp_path):
    desired = loaded(tmp_path, GOOD).desired
    assert [(item.address, dict(item.values)) for item in desired.of("member")] == [
        ("/members/ana@example.com", {"role": "reviewer", "email": "ana@example.com"}),
        ("/members/ben@example.com", {"role": "annotator", "email": "ben@example.com"}),
        ("/members/cem@example.com", {"email": "cem@example.com"}),
    ]
    assert [item.address for item in desired.of("workspace_member")] == [
        "/workspaces/Radiology/members/ana@example.com",
        "/workspaces/Radiology/members/ben@example.com",
        "/workspaces/Archive/members/ana@example.com",
    ]
    assert [(item.parent, item.key, dict(item.values)) for item in desired.of("project_member")] == [
        ("/projects/Chest X-ray", "ben@example.com", {"role": "AN", "email": "ben@example.com"}),
        ("/projects/Chest X-ray", "ana@example.com", {"role": "inherit", "email": "ana@example.com"}),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "message"),
    [
        ("ben@example.com: annotator", "ben: annotator", 4, "LS109", "the email of a member must be an e-mail address"),
        ("[ana@example.com, ben", "[ana, ben", 7, "LS109", "the email of a workspace member must be an e-mail address"),
        ("ben@example.com: AN,", "ben@example.com: manager,", 12, "LS104", "role must be one of annotator, reviewer,"),
        ('default_role: "NO"', "default_role: owner", 13, "LS104", "default_role must be one of administrator,"),
        ('default_role: "NO"', "token: x", 13, "LS111", "token cannot be set: the secret of the invitation link"),
        (
            "_at: true",
            "_at: 2026-01-01T00:00:00Z",
            13,
            "LS103",
            "read_only_quick_view_enabled_at must be true or false",
        ),
        ("_days: 30", "_days: 73001", 14, "LS105", "api_token_ttl_days must be at most 73000, not 73001"),
        ("cem@example.com: {}", "ANA@example.com: {}", 5, "LS501", ""),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path, old, new, line, code, message):
    with pytest.raises(ManifestError) as caught:
        loaded(tmp_path, GOOD.replace(old, new))
    (finding,) = caught.value.findings
    assert (finding.source.line, finding.code) == (line, code)
    assert finding.message.startswith(message)


@pytest.mark.parametrize(("code", "word"), ROLES.items())
def test_roles_are_equal_by_word_and_by_code_in_any_case(code, word):
    assert {normal("role", text) for text in (code, code.lower(), word, word.upper(), f" {word} ")} == {word}
    assert {role_code(text) for text in (code, word)} == {code}


@pytest.mark.parametrize(("value", "result"), [("inherit", "inherit"), (None, None), ("Chief", "chief")])
def test_what_is_no_role_of_the_organisation_stays(value, result):
    assert normal("role", value) == result


def test_people_come_before_what_names_them_and_tokens_last():
    phases = {name: item.phase for name, item in kinds().items()}
    assert (
        phases["organization"] < phases["member"] < phases["workspace"] < phases["workspace_member"] < phases["project"]
    )
    assert phases["project"] < phases["project_member"] < phases["import_storage"]
    assert max(phases, key=phases.__getitem__) == "jwt_settings"
