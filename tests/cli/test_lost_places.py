"""Label configs that keep every label and lose what annotations refer to all the same: they need consent."""

from __future__ import annotations

import pytest

from tests.support.one_project import annotate
from tests.support.site import Site

TRIAGE = "/projects/Triage"
CHOICES = '<Choices name="dx" toName="t"><Choice value="Yes"/><Choice value="No"/></Choices>'
TREE = (
    '<Taxonomy name="x" toName="t"><Choice value="A"><Choice value="1"/></Choice>'
    '<Choice value="B"><Choice value="1"/></Choice></Taxonomy>'
)
LABELS = '<Labels name="x" toName="t"><Label value="a"/></Labels>'
RELATIONS = '<Relations><Relation value="of"/><Relation value="in"/></Relations>'
LOST = {
    "a taxonomy": (TREE, ('<Choice value="A"><Choice value="1"/></Choice>', '<Choice value="A"/>'), True),
    "a relation": (RELATIONS, ('<Relation value="of"/>', ""), True),
    "the object below labels": (LABELS, ("<Text", "<HyperText"), True),
    "the object below choices": ("", ("<Text", "<HyperText"), False),
}


@pytest.mark.parametrize(("more", "change", "is_lost"), LOST.values(), ids=LOST)
def test_it_needs_consent(site: Site, more: str, change: tuple[str, str], *, is_lost: bool) -> None:
    config = f'<View><Text name="t" value="$text"/>{CHOICES}{more}</View>'
    site.declare({"label_config": config})
    site.settled()
    annotate(site.api, imported=True)
    site.declare({"label_config": config.replace(*change)})
    if is_lost:
        before = site.state()
        assert "error[LS804]" in site.apply().err
        assert site.state() == before
    site.settled(*(("--allow-data-loss", TRIAGE) if is_lost else ()))
