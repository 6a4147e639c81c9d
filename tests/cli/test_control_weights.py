"""Weights belong to labels and controls of the label config, and go with them in one apply."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.one_project import CONFIG, line_of
from tests.support.site import Site

WITHOUT = CONFIG.replace('<Choice value="No"/>', "")
DYNAMIC = CONFIG.replace('toName="t">', 'toName="t" value="$options">')


def weights(**labels: float) -> dict[str, Any]:
    return {"dx": {"overall": 0.5, "labels": labels}}


@pytest.mark.parametrize(
    ("declared", "config", "told"),
    [
        ({"dy": {"overall": 0.5}}, CONFIG, 'the label config has no control "dy"'),
        (weights(No=0.5, Maybe=0.5), CONFIG, '"dx" has no label "Maybe" in the label config'),
        (weights(No=0.5), WITHOUT, '"dx" has no label "No" in the label config'),
    ],
)
def test_weights_of_what_the_config_lacks_are_errors_at_their_line(
    site: Site, declared: dict[str, Any], config: str, told: str
) -> None:
    site.declare({"label_config": config, "control_weights": declared})
    ran = site.lsops("validate")
    name = told.rpartition(" in the")[0].rpartition('"')[0].rpartition('"')[2] or told.split('"')[1]
    assert ran.code == 3
    assert f"error[LS127]: control_weights: {told}" in ran.err
    assert line_of(site.lsops, f'"{name}": ') + ":" in ran.err


@pytest.mark.parametrize(
    "project",
    [
        {"control_weights": weights(No=0.5)},
        {"label_config": DYNAMIC, "control_weights": weights(Whatever=0.5)},
        {"label_config": WITHOUT, "control_weights": weights(No=0.5), "lifecycle": {"ignore": ["control_weights"]}},
        {"label_config": WITHOUT, "control_weights": weights(No=0.5), "lifecycle": {"ignore": ["/control_weights/dx"]}},
    ],
)
def test_weights_that_may_be_right_are_no_error(site: Site, project: dict[str, Any]) -> None:
    site.declare(project)
    assert site.lsops("validate").code == 0


def test_the_live_config_counts_where_the_manifest_has_none(site: Site) -> None:
    site.declare({})
    site.settled()
    site.declare_projects({"Triage": {"control_weights": weights(Maybe=0.5)}})
    assert '"dx" has no label "Maybe"' in site.refused()
    site.declare_projects({"Triage": {"control_weights": weights(No=0.5)}})
    site.settled()


def test_a_label_goes_with_its_weight_in_one_apply(site: Site) -> None:
    site.declare({"control_weights": weights(Yes=0.25, No=0.75)})
    site.settled()
    site.declare({"label_config": WITHOUT, "control_weights": weights(Yes=0.25)})
    site.settled()
    assert site.project()["control_weights"]["dx"]["labels"] == {"Yes": 0.25}


def test_many_are_counted(site: Site) -> None:
    site.declare({"control_weights": weights(**{f"l{number}": 0.5 for number in range(500)})})
    told = site.lsops("validate").err
    assert told.count("error[LS127]") == 100
    assert "and 401 more of this kind" in told
