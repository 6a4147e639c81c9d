"""`lsops adopt`: what is live comes into a manifest that somebody wrote by hand, and nothing else in it changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops, Ran
from tests.support.sandbox import served

CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
SLACK = "https://hooks.slack.com/services/T1/B2/abcdefghijklm"
HOOK = "https://hooks.example.com/ls"


def project(api: httpx.Client, title: str, **values: Any) -> int:
    made = api.post("/api/projects/", json={"title": title, **values}).raise_for_status().json()
    return int(made["id"])


def storage(api: httpx.Client, number: int, title: str = "raw") -> None:
    body = {"project": number, "title": title, "path": "/data/in"}
    api.post("/api/storages/localfiles/", json=body).raise_for_status()


def webhook(api: httpx.Client, number: int, url: str = HOOK) -> None:
    api.post("/api/webhooks/", json={"url": url, "project": number}).raise_for_status()


@pytest.fixture
def two(community: httpx.Client) -> httpx.Client:
    """Two projects, of which manifests here declare the first: each with a label config, a storage and a webhook."""
    for title in ("Cats", "Old scratch"):
        number = project(community, title, label_config=CONFIG, maximum_annotations=2)
        storage(community, number)
        webhook(community, number)
    return community


def files(folder: Path) -> dict[str, bytes]:
    """The files of a manifest; those of the sandbox are none of it."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "sandbox.db" not in path.name)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def is_settled(lsops: Lsops, *arguments: str) -> bool:
    ran = lsops("plan", "--detailed-exitcode", *arguments)
    return ran.code == 0 and ran.last.startswith("No changes.")


def adopted(lsops: Lsops, *globs: str) -> Ran:
    """An adoption that goes well, after which the plan is empty, and a second one has nothing to do."""
    ran = lsops("adopt", *globs)
    assert (ran.code, ran.err) == (0, "")
    assert is_settled(lsops)
    before = files(lsops.folder)
    assert lsops("adopt", *globs).last == "Nothing to adopt."
    assert files(lsops.folder) == before
    return ran


def only_lines_came(before: bytes, after: bytes) -> bool:
    """Whether a file without the lines that came into it is what it was, to the byte."""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    old, new = ((text + newline).splitlines(keepends=True) for text in (before, after))
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return {tag for tag, *_ in found} == {"equal", "insert"}


BLOCKS: Mapping[str, str] = {
    "comments between": """
        # ours
        version: 1

        projects:   # all of them

          # the cats
          Cats:     # not the dogs
            maximum_annotations: 2
            # description: not yet
          # and no more

        # the end
        prune: []
        """,
    "indented by four": """
        version: 1
        projects:
            Cats:
                maximum_annotations: 2
                import_storages:
                    raw: {type: localfiles, path: /data/in}
        vars: {}
        """,
    "empty lines between": """
        version: 1
        projects:

          Cats:
            maximum_annotations: 2


        session_policy: {}
        """,
    "an anchor and a merge key": """
        version: 1
        x-base: &base {maximum_annotations: 2}
        projects:
          Cats:
            <<: *base
            title: Cats
        """,
    "a text at the end": """
        version: 1
        projects:
          Cats:
            maximum_annotations: 2

            expert_instruction: |+
              Look twice.

        # the end
        """,
    "unicode": """
        version: 1
        projects: # Größe 🐈 \u2028 # here
          "Cats": # \x85# έξι
            description: ""
        # ένα
        """,
    "an explicit document": """
        ---
        version: 1
        projects:
          Cats:
            description:
              ""
        ...
        """,
}


def written(lsops: Lsops, text: str, form: str) -> bytes:
    """A manifest in a form that an editor gives it."""
    path = lsops.write(text)
    data = path.read_bytes()
    if form == "tabs in comments":
        data = data.replace(b"# ", b"#\t")
    elif form == "CRLF":
        data = data.replace(b"\n", b"\r\n")
    elif form == "no final newline":
        data = data.rstrip(b"\n")
    elif form == "a byte order mark":
        data = b"\xef\xbb\xbf" + data
    path.write_bytes(data)
    return data


FORMS = ("tabs in comments", "CRLF", "a byte order mark")
WRITTEN = [
    *((name, form) for name in BLOCKS for form in ("as it is", "no final newline")),
    *((name, form) for name in ("comments between", "unicode") for form in FORMS),
]


@pytest.mark.parametrize(("name", "form"), WRITTEN)
def test_whatever_is_written_by_hand_lines_come_into_it_and_none_changes(
    lsops: Lsops, two: httpx.Client, name: str, form: str
) -> None:
    if name == "a text at the end":
        number = two.get("/api/projects/").json()["results"][-1]["id"]
        two.patch(f"/api/projects/{number}/", json={"expert_instruction": "Look twice.\n\n"}).raise_for_status()
    before = written(lsops, BLOCKS[name], form)
    assert is_settled(lsops)
    ran = adopted(lsops, "/projects/Old scratch", "/projects/Cats/**")
    after = (lsops.folder / "lsops.yaml").read_bytes()
    assert only_lines_came(before, after), after.decode()
    assert "|   /projects/Old scratch\n" in ran.out
    assert b"Old scratch:" in after
    assert (b"\r\n" in before) == (b"\r\n" in after)
    assert after.count(b"\r\n") in (0, after.count(b"\n"))


def test_of_sixty_projects_thirty_are_adopted_among_commented_ones(lsops: Lsops, community: httpx.Client) -> None:
    rows = ["# Written by hand.", "version: 1", "projects:"]
    for number in range(60):
        title = f"Team {number:02}"
        storage(community, project(community, title, label_config=CONFIG, description=f"No. {number}"))
        if number % 2:
            rows += [f"  # of {number}, ask Ana", f"  {title}:", f"    description: No. {number}  # as agreed", ""]
    before = lsops.write("\n".join(rows) + "# the end\n").read_bytes()
    adopted(lsops, "/projects/*")
    after = (lsops.folder / "lsops.yaml").read_bytes()
    assert only_lines_came(before, after)
    assert sum(row.startswith(b"  Team") for row in after.splitlines()) == 60
    assert after.index(b"Team 59") < after.index(b"Team 00") < after.index(b"Team 58") < after.index(b"# the end")


FLOWS: Mapping[str, tuple[str, str]] = {
    "an entry": ("projects: {Cats: {title: Cats}, }", "/projects/Cats/webhooks/**"),
    "a collection": (
        "projects:\n  Cats: {webhooks: {'https://x.example.com/': {lifecycle: {absent: true}}}}",
        "/projects/Cats/webhooks/*",
    ),
    "over several lines": (
        "projects: {\n  Cats: {   # ours\n    title: Cats  # as it is\n  }\n}",
        "/projects/Cats/import_storages/raw",
    ),
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_map_in_braces_gets_the_entry_before_its_last_brace(lsops: Lsops, two: httpx.Client, name: str) -> None:
    text, glob = FLOWS[name]
    before = lsops.write(f"version: 1\n{text}  # so far\n").read_text("utf-8")
    adopted(lsops, glob)
    after = (lsops.folder / "lsops.yaml").read_text("utf-8")
    places = (at for at in range(len(before)) if after.startswith(before[:at]) and after.endswith(before[at:]))
    assert next(places, None) is not None, after


@pytest.mark.parametrize(
    ("text", "glob", "expected"),
    [
        ("projects: {}  # none yet", "/projects/Old*", "projects:  # none yet\n  Old scratch:\n"),
        (
            "projects:\n   Cats: {}  # ours",
            "/projects/Cats/**",
            "projects:\n   Cats:  # ours\n      import_storages:\n",
        ),
        ("projects:\n  Cats:\n    webhooks: {}", "/projects/Cats/webhooks/*", f"    webhooks:\n      {HOOK}: {{}}\n"),
    ],
)
def test_an_empty_map_loses_its_braces_and_nothing_else(
    lsops: Lsops, two: httpx.Client, text: str, glob: str, expected: str
) -> None:
    lsops.write(f"version: 1\n{text}\n\n# the end\nprune: []\n")
    adopted(lsops, glob)
    after = (lsops.folder / "lsops.yaml").read_text("utf-8")
    assert expected in after
    assert after.endswith("\n\n# the end\nprune: []\n")


def test_a_collection_that_the_manifest_lacks_comes_behind_all_else(lsops: Lsops, two: httpx.Client) -> None:
    before = lsops.write("version: 1\nvars: {}\n").read_bytes()
    adopted(lsops, "/projects/Old scratch")
    after = (lsops.folder / "lsops.yaml").read_bytes()
    assert after.startswith(before + b"\nprojects:\n  Old scratch:\n")


def test_what_stands_in_a_file_of_its_own_gets_such_neighbours_that_the_glob_finds(
    lsops: Lsops, two: httpx.Client
) -> None:
    lsops.write('version: 1\ninclude: ["teams/*.yaml"]\n')
    lsops.write("projects:\n  Cats:\n    label_config: ${file:../configs/cats.xml}\n", "teams/cats.yaml")
    lsops.write(CONFIG, "configs/cats.xml")
    before = files(lsops.folder)
    adopted(lsops, "/projects/*")
    after = files(lsops.folder)
    assert before.items() <= after.items()
    assert after.keys() - before.keys() == {"teams/old-scratch.yaml", "configs/old-scratch.xml"}


def test_a_list_of_files_gets_the_new_one(lsops: Lsops, two: httpx.Client) -> None:
    before = lsops.write("version: 1\ninclude:\n- projects/cats.yaml  # first\n").read_bytes()
    lsops.write("projects: {Cats: {}}\n", "projects/cats.yaml")
    adopted(lsops, "/projects/*")
    after = (lsops.folder / "lsops.yaml").read_bytes()
    assert after == before + b"- projects/old-scratch.yaml\n"


def test_entries_go_into_the_file_that_has_the_others(lsops: Lsops, two: httpx.Client) -> None:
    project(two, "Dogs")
    own = lsops.write("version: 1\ninclude: [all.yaml]\n").read_bytes()
    before = lsops.write("projects:\n  Cats: {}\n  Dogs: {}\n\nvars: {}\n", "all.yaml").read_bytes()
    adopted(lsops, "/projects/*")
    assert (lsops.folder / "lsops.yaml").read_bytes() == own
    assert only_lines_came(before, (lsops.folder / "all.yaml").read_bytes())


def test_what_stands_in_braces_at_the_top_gets_a_file_beside(lsops: Lsops, two: httpx.Client) -> None:
    before = lsops.write("version: 1\nprojects: {Cats: {}}\n").read_bytes()
    adopted(lsops, "/projects/Old scratch")
    after = (lsops.folder / "lsops.yaml").read_bytes()
    assert after == before.replace(b"\n", b"\ninclude: [projects/old-scratch.yaml]\n", 1)


def test_where_a_line_more_would_change_a_text_a_file_beside_takes_the_entry(lsops: Lsops, two: httpx.Client) -> None:
    path = lsops.write("version: 1\nprojects:\n  Cats:\n    description: |+\n      Ours.\n")
    path.write_bytes(path.read_bytes().rstrip())
    number = next(row["id"] for row in two.get("/api/projects/").json()["results"] if row["title"] == "Cats")
    two.patch(f"/api/projects/{number}/", json={"description": "Ours."}).raise_for_status()
    adopted(lsops, "/projects/Old scratch")
    assert path.read_bytes().endswith(b"      Ours.")


def test_defaults_do_not_change_what_is_adopted(lsops: Lsops, two: httpx.Client) -> None:
    lsops.write("""
        version: 1
        defaults: {projects: {show_skip_button: false, description: ours}, projects/*/webhooks: {is_active: false}}
        projects: {}
        """)
    adopted(lsops, "/projects/Old scratch")
    after = (lsops.folder / "lsops.yaml").read_text("utf-8")
    assert "show_skip_button: true\n" in after
    assert "is_active: true" in after


def test_a_secret_url_is_a_variable_that_nobody_has_yet(lsops: Lsops, two: httpx.Client) -> None:
    webhook(two, project(two, "Slack", label_config=CONFIG), SLACK)
    lsops.write("""
        version: 1
        projects:
          Cats: {webhooks: {mine: {url: "${env:SECRET_SLACK_HOOKS_SLACK_COM_URL}", lifecycle: {absent: true}}}}
        """)
    lsops.setenv(SECRET_SLACK_HOOKS_SLACK_COM_URL="https://other.example.com/x")
    ran = lsops("adopt", "/projects/Slack", "--format", "json").json()
    assert [one["name"] for one in ran["secrets"]] == ["SECRET_SLACK_HOOKS_SLACK_COM_URL_2"]
    assert "abcdefghijklm" not in "".join(map(str, files(lsops.folder).values()))
    lsops.setenv(SECRET_SLACK_HOOKS_SLACK_COM_URL_2=SLACK)
    assert is_settled(lsops)


def test_an_address_is_taken_as_drift_lists_it(lsops: Lsops, two: httpx.Client) -> None:
    number = project(two, "A*b/c ~ 'd'", label_config=CONFIG)
    webhook(two, number, SLACK)
    project(two, "A or b/c ~ 'd'")
    lsops.write("version: 1\nprojects:\n  Cats: {}\n")
    found = lsops("drift", "--format", "json").json()["unmanaged"]
    for address in found:
        assert lsops("adopt", address.replace("*", "\\*")).code == 0
    assert lsops("drift").err == ""
    assert is_settled(lsops)


def test_drift_says_the_command(lsops: Lsops, two: httpx.Client) -> None:
    lsops.write("version: 1\nprojects:\n  Cats: {}\n", "here/lsops.yaml")
    ran = lsops("drift", "here")
    assert ran.err == "lsops adopt -C here '/projects/Old scratch' declares it\n"
    assert lsops("adopt", "-C", "here", "/projects/Old scratch").code == 0
    assert lsops("drift", "here").err == ""


def test_two_of_one_title_are_pinned(lsops: Lsops, two: httpx.Client) -> None:
    project(two, "Twin")
    project(two, "Twin")
    lsops.write("version: 1\nprojects:\n  Cats: {}\n")
    adopted(lsops, "/projects/Twin*")
    assert (lsops.folder / "lsops.yaml").read_text("utf-8").count("ignore: [title]") == 2


def test_a_dry_run_prints_the_difference_and_writes_nothing(lsops: Lsops, two: httpx.Client) -> None:
    lsops.write("version: 1\nprojects:\n  Cats: {}\n# the end\n")
    before = files(lsops.folder)
    ran = lsops("adopt", "/projects/Old scratch", "--dry-run")
    assert ran.code == 0
    assert ran.out.startswith(
        "--- a/lsops.yaml\n+++ b/lsops.yaml\n@@ -2,4 +2,11 @@\n projects:\n   Cats: {}\n+  Old scratch:\n"
    )
    assert "+++ b/labels/old-scratch.xml\n@@ -0,0 +1,1 @@\n+<View>" in ran.out
    assert ran.last == "Would adopt 3 resources into 2 files."
    assert files(lsops.folder) == before


def test_enterprise_kinds_are_adopted(lsops: Lsops, enterprise: httpx.Client) -> None:
    spaces = {row["title"]: row["id"] for row in enterprise.get("/api/workspaces/").json()}
    storage(enterprise, project(enterprise, "Chest", workspace=spaces["Radiology"], label_config=CONFIG))
    lsops.write("version: 1\nworkspaces:\n  Pathology: {}  # theirs\n")
    adopted(lsops, "/workspaces/*", "/projects/*", "/session_policy")
    text = (lsops.folder / "lsops.yaml").read_text("utf-8")
    assert "  Pathology: {}  # theirs\n  Radiology: {}\n" in text
    assert "    workspace: Radiology\n" in text


# ---- what is refused -----------------------------------------------------------------------------


def refused(lsops: Lsops, *globs: str) -> list[dict[str, Any]]:
    """The errors of an adoption that writes nothing."""
    before = files(lsops.folder)
    ran = lsops("adopt", *globs, "--format", "json")
    assert ran.code == 3
    assert files(lsops.folder) == before
    return list(json.loads(ran.out)["errors"])


@pytest.mark.parametrize(
    ("glob", "hint"),
    [
        ("/projects/Old scrath", 'did you mean "/projects/Old scratch"?'),
        (f"/projects/Old scratch/webhooks/{HOOK}", "/projects/Old scratch is not declared itself: adopt that"),
        ("/nothing/at/all", "lsops drift lists what is live and not declared"),
        ("", "addresses look like"),
    ],
)
def test_a_glob_that_covers_nothing_is_refused_with_what_is_near(
    lsops: Lsops, two: httpx.Client, glob: str, hint: str
) -> None:
    lsops.write("version: 1\nprojects: {Cats: {}}\n")
    (error,) = refused(lsops, glob)
    assert error["code"] == "LS623"
    assert hint in error["hint"]


MADE_OF_SOMETHING = {
    "a row": "projects:\n  ${each:name}: {for_each: [{name: Cats}]}\n",
    "a template": "templates: {t: {project: {description: ''}}}\nprojects: {Cats: {template: t}}\n",
    "an alias": "x-a: &a {description: ''}\nprojects: {Cats: *a}\n",
}


@pytest.mark.parametrize("name", MADE_OF_SOMETHING)
def test_an_entry_that_is_made_of_something_else_is_not_edited(lsops: Lsops, two: httpx.Client, name: str) -> None:
    lsops.write(f"version: 1\n{MADE_OF_SOMETHING[name]}")
    found = refused(lsops, "/projects/Cats/**")
    assert {error["code"] for error in found} == {"LS624"}


def test_defaults_that_would_make_something_of_it_refuse_it(lsops: Lsops, two: httpx.Client) -> None:
    lsops.write("""
        version: 1
        defaults: {projects: {webhooks: {"https://new.example.com/": {}}}}
        projects: {}
        """)
    (error,) = refused(lsops, "/projects/Old scratch")
    assert error["code"] == "LS625"
    assert "/projects/Old scratch/webhooks/https:~1~1new.example.com~1 would be declared" in error["message"]


def test_what_prune_would_delete_beside_it_refuses_it(lsops: Lsops, two: httpx.Client) -> None:
    number = next(row["id"] for row in two.get("/api/projects/").json()["results"] if row["title"] == "Cats")
    webhook(two, number, "https://other.example.com/")
    lsops.write("version: 1\nprojects: {Cats: {}}\nprune: [projects/*/webhooks]\n")
    (error,) = refused(lsops, f"/projects/Cats/webhooks/{HOOK.replace('/', '~1')}")
    assert error["code"] == "LS625"
    assert "would be deleted, for prune names projects/*/webhooks: adopt it, too" in error["message"]
    adopted(lsops, "/projects/Cats/webhooks/*")


def test_nothing_is_written_through_a_link(lsops: Lsops, two: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {Cats: {}}\n", "real.yaml")
    (lsops.folder / "lsops.yaml").symlink_to("real.yaml")
    assert [error["code"] for error in refused(lsops, "/projects/Old scratch")] == ["LS626"]


def test_a_file_that_may_not_be_written_leaves_all_as_they_are(lsops: Lsops, two: httpx.Client) -> None:
    lsops.write("version: 1\nprojects:\n  Cats: {}\n").chmod(0o444)
    assert [error["code"] for error in refused(lsops, "/projects/Old scratch")] == ["LS626"]


def test_what_was_changed_meanwhile_is_not_replaced(
    lsops: Lsops, two: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lsops.write("version: 1\nprojects:\n  Cats: {}\n")
    from lsops.cli import adopt

    def late(done: Any) -> None:
        path.write_text("version: 1\nprojects: {}\n", "utf-8")
        write(done)

    write = adopt.write_adoption
    monkeypatch.setattr(adopt, "write_adoption", late)
    ran = lsops("adopt", "/projects/Old scratch")
    assert (ran.code, "lsops.yaml was changed meanwhile, nothing was written" in ran.err) == (3, True)
    assert set(files(lsops.folder)) == {"lsops.yaml"}


def test_a_file_keeps_its_mode(lsops: Lsops, two: httpx.Client) -> None:
    path = lsops.write("version: 1\nprojects:\n  Cats: {}\n")
    path.chmod(0o640)
    adopted(lsops, "/projects/Old scratch")
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_an_overlay_declares_is_declared_and_not_edited(lsops: Lsops, two: httpx.Client) -> None:
    lsops.write("version: 1\nenvironments: {prod: {overlays: [prod.yaml]}}\nprojects: {}\n")
    lsops.write("projects: {Cats: {}}\n", "prod.yaml")
    found = refused(lsops, "-e", "prod", "/projects/Cats/**")
    assert {error["code"] for error in found} == {"LS624"}
    assert lsops("adopt", "-e", "prod", "/projects/*").code == 0
    assert is_settled(lsops, "-e", "prod")


def test_where_something_cannot_be_read_nothing_is_written(
    lsops: Lsops, two: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lsops.write("version: 1\nprojects: {}\n")
    before = files(lsops.folder)
    with served(
        lsops.folder / "sandbox.db", edition="community", token="t" * 20, faults=["GET /api/webhooks/:403:times=9"]
    ) as url:
        monkeypatch.delenv("LSOPS_SERVER")
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY="t" * 20)
        ran = lsops("adopt", "/projects/*")
    assert (ran.code, "error[LS703]" in ran.err) == (1, True)
    assert files(lsops.folder) == before
