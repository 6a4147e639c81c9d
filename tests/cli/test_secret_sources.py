"""Which variables may hold secrets: the operator names them, and those of CI systems are never taken unnamed."""

from __future__ import annotations

import pytest

from tests.support.cli import Lsops

MANIFEST = """
    version: 1
    projects:
      One: {task_data_login: ana, task_data_password: "${env:%s}"}
"""
RESERVED = """LABEL_STUDIO_API_KEY LSOPS_VAR_x GITHUB_TOKEN GH_TOKEN ACTIONS_ID_TOKEN RUNNER_TEMP CI CI_JOB_TOKEN
    GITLAB_TOKEN SYSTEM_ACCESSTOKEN BUILD_ID BUILDKITE_TOKEN BITBUCKET_TOKEN CIRCLE_TOKEN JENKINS_URL DRONE_TOKEN
    VAULT_TOKEN NPM_TOKEN PYPI_TOKEN TWINE_PASSWORD SSH_AUTH_SOCK KUBECONFIG KUBE_TOKEN DOCKER_AUTH_CONFIG
    REGISTRY_PASSWORD TF_VAR_password PATH HOME gh_token Path""".split()
FREE = ["AZURE_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "GHOST", "PATHS", "MY_HOME", "CIVIL", "SSHKEY"]
WARNING = "name those that may in LSOPS_SECRET_ENV"


@pytest.mark.parametrize("name", RESERVED)
def test_a_variable_of_a_ci_or_a_tool_is_no_source(lsops: Lsops, name: str) -> None:
    lsops.setenv(**{name: "canary"})
    lsops.write(MANIFEST % name)
    ran = lsops("validate")
    assert ran.code == 3
    assert f"error[LS404]: task_data_password cannot come from {name}, which is reserved" in ran.err
    assert "canary" not in ran.err + ran.out


@pytest.mark.parametrize("verb", ["plan", "apply", "drift"])
@pytest.mark.usefixtures("community")
def test_a_name_outside_is_an_error_of_every_verb(lsops: Lsops, verb: str) -> None:
    lsops.write(MANIFEST % "VAULT_TOKEN")
    ran = lsops(verb)
    assert (ran.code, "LS404" in ran.err) == (3, True)


@pytest.mark.parametrize("name", FREE)
def test_every_other_variable_is_a_source_where_none_are_named(lsops: Lsops, name: str) -> None:
    lsops.write(MANIFEST % name)
    assert lsops("validate").code == 0


@pytest.mark.parametrize(
    ("globs", "name", "code"),
    [
        (["LABELS_*"], "LABELS_PASSWORD", 0),
        (["labels_*"], "Labels_Password", 0),
        (["AZURE_*", "LABELS_PASSWORD"], "LABELS_PASSWORD", 0),
        (["LABELS_?"], "LABELS_PASSWORD", 3),
        (["AZURE_*"], "LABELS_PASSWORD", 3),
        (["GH_TOKEN"], "GH_TOKEN", 0),
    ],
    ids=str,
)
def test_a_list_replaces_the_default_whole(lsops: Lsops, globs: list[str], name: str, code: int) -> None:
    lsops.write(MANIFEST % name)
    flags = [text for glob in globs for text in ("--secret-env", glob)]
    assert lsops("validate", *flags).code == code
    lsops.setenv(LSOPS_SECRET_ENV=" , ".join(globs))
    assert lsops("validate").code == code


def test_a_name_that_the_list_lacks_is_told_so(lsops: Lsops) -> None:
    lsops.write(MANIFEST % "OTHER")
    ran = lsops("validate", "--secret-env", "AZURE_*")
    assert "task_data_password cannot come from OTHER, which --secret-env does not name" in ran.err


@pytest.mark.parametrize("glob", ["", "A B", "[A]", "A,B", "${A}"])
def test_a_glob_that_can_match_no_name_is_a_usage_error(lsops: Lsops, glob: str) -> None:
    lsops.write(MANIFEST % "OTHER")
    ran = lsops("validate", "--secret-env", glob)
    assert ran.code == 3
    assert "is no glob of names such as AZURE_*" in ran.err


@pytest.mark.parametrize(
    ("ci", "named", "times"), [("true", "", 1), ("1", "", 1), ("", "", 0), ("true", "LABELS_*", 0)]
)
@pytest.mark.usefixtures("community")
def test_apply_warns_once_in_a_ci_where_no_list_is_given(lsops: Lsops, ci: str, named: str, times: int) -> None:
    lsops.setenv(CI=ci, LSOPS_SECRET_ENV=named, LABELS_PASSWORD="word")
    lsops.write(MANIFEST % "LABELS_PASSWORD")
    assert lsops("plan").err.count(WARNING) == 0
    ran = lsops("apply", "--yes")
    assert (ran.code, ran.err.count(WARNING)) == (0, times)
