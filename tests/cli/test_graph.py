"""`lsops graph`: of a manifest, of a server, and of what differs from a base."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.cli import Lsops

EXAMPLE = Path(__file__).parents[2] / "examples" / "enterprise"
PART = ("-t", "/projects/C*")
SMALL = Path(__file__).parents[1] / "data" / "clinic"
MANIFEST = """
    version: 1
    organization: {title: Clinic}
    projects:
      One:
        workspace: Radiology
        import_storages: {raw: {type: s3, bucket: scans, s3_endpoint: "https://u:pw@minio.example/path?k=SECRET"}}
        export_storages: {out: {type: gcs, bucket: labels}}
        webhooks:
          hook: {url: "https://hooks.slack.com/services/T0/B0/SECRETSECRET1"}
          other: {url: "${env:HOOK}"}
      Two:
        workspace: Elsewhere
        import_storages: {more: {type: s3, bucket: scans, prefix: b/}}
"""


def graph(lsops: Lsops, *arguments: str) -> list[str]:
    """The lines of a graph, less their indentation."""
    ran = lsops("graph", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return [line.strip() for line in ran.out.splitlines()]


def declare(lsops: Lsops, text: str, folder: str = "") -> None:
    lsops.write(text, f"{folder}lsops.yaml")


def test_a_graph_shows_who_has_access_where_data_comes_from_and_where_it_goes(lsops: Lsops) -> None:
    lines = graph(lsops, str(SMALL))
    assert 'subgraph org["Clinic imaging"]' in lines
    assert 'subgraph c1["Radiology"]' in lines
    assert any(line.startswith('lc1("members#58; mara#64;clinic.example') for line in lines)
    assert 's3[("azure#95;spi<br>radiology#47;scans-staging<br>raw scans<br>follow-ups")]' in lines
    assert 's2(["webhook<br>reports.clinic.example"])' in lines
    assert any(line.startswith('n3["Chest X-ray triage<br>reviewer#58; ana#64;clinic.example<br>') for line in lines)
    assert {"s3 --> n3", "s3 --> n4", "n3 <--> s1", "n3 --> s2", "n3 --> s4"} <= set(lines)


def test_the_page_about_graphs_shows_the_example_s(lsops: Lsops) -> None:
    page = (EXAMPLE.parents[1] / "docs" / "graph.md").read_text("utf-8")
    assert page.partition("```mermaid\n")[2].partition("```")[0] == lsops("graph", str(EXAMPLE), *PART).out


@pytest.mark.parametrize("form", ["mermaid", "dot"])
def test_no_more_is_shown_of_a_url_than_its_host(lsops: Lsops, form: str) -> None:
    declare(lsops, MANIFEST.replace("SECRETSECRET1", "abc"))
    shown = lsops("graph", "--format", form).out
    assert "hooks.slack.com" in shown
    assert "minio.example" in shown
    assert not any(word in shown for word in ("SECRET", "pw", "services", "path"))


def test_what_is_the_same_place_is_one_box_for_each_cluster(lsops: Lsops) -> None:
    declare(
        lsops,
        MANIFEST.replace('s3_endpoint: "https://u:pw@minio.example/path?k=SECRET"', "").replace(
            "Elsewhere", "Radiology"
        ),
    )
    lines = graph(lsops, "-t", "/projects/*/import_storages")
    assert [line for line in lines if line.startswith("s")] == [
        's1[("s3<br>scans<br>raw<br>more")]', 'subgraph org["Label Studio"]', 'subgraph c1["Radiology"]',
        "s1 --> n1", "s1 --> n2",
    ]  # fmt: skip


def test_targets_and_skip_leave_the_rest_out(lsops: Lsops) -> None:
    declare(lsops, MANIFEST)
    lines = graph(lsops, "-t", "/projects/Two", "--skip", "import_storages")
    assert [line for line in lines if "[" in line] == [
        'subgraph org["Label Studio"]', 'subgraph c1["Elsewhere"]', 'n1["Two"]',
    ]  # fmt: skip
    assert lsops("graph", "-t", "/projects/Tow").code == 3


def test_live_is_what_is_there_and_undeclared_is_marked(lsops: Lsops, community: httpx.Client) -> None:
    declare(lsops, "version: 1\nprojects: {One: {webhooks: {hook: {url: 'https://hooks.example/a'}}}}\n")
    assert lsops("apply", "--yes").code == 0
    declare(lsops, "version: 1\nprojects: {One: {description: other, webhooks: {}}, Missing: {}}\n")
    community.post("/api/projects/", json={"title": "By hand"}).raise_for_status()
    ran = lsops("graph", "--live")
    assert ran.code == 0
    assert 's1(["webhook<br>hooks.example"])' in ran.out
    assert "class is_undeclared,n2,s1 undeclared" in ran.out
    assert 'n2["By hand"]' in ran.out
    assert "Missing" not in ran.out
    assert "linkStyle 0 stroke:#57606a" in ran.out


def test_a_list_with_somebody_whom_no_manifest_names_is_not_changed_by_that(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    declare(lsops, "version: 1\nmembers: {}\nworkspaces: {Radiology: {}}\n")
    ran = lsops("graph", "--live")
    assert '  l("owner#58; #63; owner#64;example.com")' in ran.out
    assert "changed" not in ran.out
    assert "class is_undeclared,c2 undeclared" in ran.out


def test_a_difference_is_coloured_and_what_is_equal_is_left_out(lsops: Lsops) -> None:
    old = "version: 1\nprune: [projects]\nprojects: {Gone: {}, Same: {}, Kept: {description: a, views: {V: {}}}}\n"
    declare(lsops, old, "old/")
    declare(lsops, old.replace("Gone", "New").replace("description: a, views: {V: {}}", "description: b, views: {}"))
    lines = graph(lsops, "--base", "old")
    assert 'subgraph org["Label Studio<br>without a difference#44; and not shown#58; 1"]'.replace("#44;", ",") in lines
    assert [line for line in lines if line.startswith("n")] == [
        'n1["New"]', 'n2["Kept<br>1 view #40;1 undeclared#41;"]', 'n3["Gone"]',
    ]  # fmt: skip
    classes = [line for line in lines if line.startswith("class ")]
    assert classes == ["class is_created,n1 created", "class is_changed,n2 changed", "class is_deleted,n3 deleted"]
    assert graph(lsops, "--base", "old", "-t", "/projects/New")[2:4] == ['n1["New"]', "end"]


def test_a_member_who_comes_or_goes_is_marked_in_the_box_of_the_list(lsops: Lsops) -> None:
    old = "version: 1\nmembers: {a@x.example: annotator, b@x.example: annotator}\n"
    declare(lsops, old, "old/")
    declare(lsops, old.replace("b@x", "c@x"))
    lines = graph(lsops, "--base", "old")
    assert 'l("annotator#58; #43; c#64;x.example, #63; b#64;x.example")' in lines
    assert "class is_changed,l changed" in lines


def test_a_manifest_differs_from_itself_in_nothing(lsops: Lsops) -> None:
    lines = graph(lsops, str(EXAMPLE), "--base", str(EXAMPLE))
    assert not [line for line in lines if line.startswith(("n", "s1", "class"))]


def test_many_projects_fit_into_what_mermaid_draws(lsops: Lsops) -> None:
    one = """
      Study {0}:
        workspace: W{1}
        import_storages: {{raw: {{type: s3, bucket: scans, prefix: p{0}/}}}}
        webhooks: {{hook: {{url: "https://hooks.example/{0}"}}}}
        members: {{a{0}@x.example: annotator, b{0}@x.example: annotator, c{0}@x.example: reviewer}}
    """
    declare(lsops, "version: 1\nprojects:\n" + "".join(one.format(n, n % 6).rstrip() for n in range(50)))
    lines = graph(lsops)
    assert sum(line.startswith("subgraph c") for line in lines) == 6
    assert sum(" --> " in line for line in lines) == 100
    assert len("\n".join(lines)) < 50_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--live", "--base", "old"], "exclude each other"),
        (["--format", "text"], "'text' is not one of"),
        (["--base", "nowhere"], "nowhere"),
    ],
)
def test_what_is_wrong_is_told(lsops: Lsops, arguments: list[str], said: str) -> None:
    declare(lsops, "version: 1\nprojects: {One: {}}\n")
    ran = lsops("graph", *arguments)
    assert ran.code == 3
    assert said in ran.err


def test_without_graphviz_svg_is_exit_3(lsops: Lsops) -> None:
    declare(lsops, "version: 1\nprojects: {One: {}}\n")
    lsops.setenv(PATH="")
    ran = lsops("graph", "--format", "svg")
    assert ran.code == 3
    assert "install graphviz" in ran.err


def test_a_renamed_project_is_changed_and_what_is_below_it_stays(lsops: Lsops) -> None:
    old = "version: 1\nprune: [projects]\nprojects: {Old: {views: {V: {}}}}\n"
    declare(lsops, old, "old/")
    declare(lsops, old.replace("Old: {", "New: {lifecycle: {renamed_from: Old}, "))
    lines = graph(lsops, "--base", "old")
    assert [line for line in lines if line.startswith(("n", "class "))] == [
        'n1["New<br>1 view"]', "class is_changed,n1 changed",
    ]  # fmt: skip


def test_a_list_is_called_by_words(lsops: Lsops) -> None:
    lsops.write("version: 1\nmember_tags: [nights]\n")
    assert 'l("member tags#58; nights")' in lsops("graph").out


def test_a_change_of_what_gives_the_title_is_told_beneath_it(lsops: Lsops) -> None:
    lsops.write("version: 1\norganization: {embed_enabled: true}\n", "old/lsops.yaml")
    lsops.write("version: 1\norganization: {embed_enabled: false}\n")
    assert "its own settings are changed" in lsops("graph", "--base", "./old").out
    assert "nothing to show" in lsops("graph", "--base", ".").out


def test_workspaces_that_are_only_named_stand_in_the_order_in_which_they_are_named(lsops: Lsops) -> None:
    wards = [f"Ward {number:02}" for number in range(20)]
    entries = "".join(f'  Project of {ward}: {{workspace: {ward}, label_config: "<View/>"}}\n' for ward in wards)
    lsops.write(f"version: 1\nprojects:\n{entries}")
    lines = [line for line in lsops("graph").out.splitlines() if "subgraph c" in line]
    assert [ward for line in lines for ward in wards if ward in line] == wards
