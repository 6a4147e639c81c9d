"""The label configs that Label Studio ships, varied, are dumped without a loss; no server is started for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsops.manifest import Options
from lsops.operations.dump import dump_server, write_dump
from lsops.operations.load import load_manifest
from lsops.operations.plan import plan_manifest
from tests.support.hand_made import HandMade
from tests.support.label_configs import shipped_configs

pytestmark = pytest.mark.live


@pytest.mark.parametrize("number_of", [140, pytest.param(500, marks=pytest.mark.soak)])
def test_distinct_label_configs_are_dumped_without_a_loss(tmp_path: Path, number_of: int) -> None:
    configs = list(shipped_configs().values())
    if not configs:
        pytest.skip("the templates of Label Studio are not installed")
    server = HandMade()
    for number in range(number_of):
        config = configs[number % len(configs)].rstrip()
        server.project(f"Project {number}", label_config=f"{config}<!-- {number} -->" + "\n" * (number % 3))
    with server.session() as session:
        made = dump_server(session)
        write_dump(made, tmp_path)
        assert plan_manifest(load_manifest(tmp_path, Options()), session).plan.changes == ()
    texts = [text for name, text in made.files.items() if "label_config" in text or name.endswith(".xml")]
    assert (len(made.left_out), len(texts)) == (0, 2 * number_of)
