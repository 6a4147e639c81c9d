"""`explain` against a composition of the test's own, for every field of a manifest for Enterprise."""

from __future__ import annotations

import pytest

from lsops.manifest import Options, load
from lsops.model.explanation import ExplainedField
from lsops.operations.explain import ExplainRequest, explain_resource
from tests.support.composition import EXAMPLE, ExampleByYaml, Held, Steps, steps_of


def held(one: ExplainedField) -> Held:
    """The value, and where what holds is written."""
    used = next(origin for origin in one.origins if origin.used)
    assert used.source is not None
    return one.value, (used.source.file, used.source.line)


@pytest.mark.parametrize("environment", ["", "prod"])
def test_every_field_has_the_value_and_the_place_that_yaml_gives(environment: str) -> None:
    options = Options(environment=environment)
    found: dict[Steps, dict[Steps, Held]] = {}
    for item in load(EXAMPLE, options).desired.resources:
        told = explain_resource(ExplainRequest(item.address, EXAMPLE, options))
        found[steps_of(item.address)] = {steps_of(one.path): held(one) for one in told.fields}

    assert len(found) > 25
    assert found == ExampleByYaml(environment).resources
