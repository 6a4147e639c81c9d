"""How long the pages of lists of people may be: on Enterprise nobody outside knows (enterprise-api 11, point 6)."""

from __future__ import annotations

from dataclasses import replace

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.paging import Paging
from lsops.sandbox.resource import Call

MOST = "members-page"
"""The largest page of people of the organisation, a workspace or a project: as on Community, or cut sooner."""
ENDLESS = "members-page-endless"
"""What `page_size=-1` does in the list of the organisation's members."""
POINTS = {MOST: ("known", "100", "25"), ENDLESS: ("all", "refused", "ignored")}
_PAGES = Paging(size=20, endless=True)


def of_organization(call: Call) -> Paging:
    """The rules of the list of the organisation's members. Raises: Invalid, for a wish that is refused."""
    if not call.enterprise:
        return _PAGES
    answer = call.unknown(ENDLESS)
    if answer == "refused" and call.query.get("page_size") == "-1":
        raise Invalid({"page_size": ["Invalid page size."]})
    return cut(call, replace(_PAGES, endless=answer == "all"))


def cut(call: Call, rules: Paging) -> Paging:
    """Rules whose pages end where the largest page of people ends."""
    most = call.unknown(MOST)
    return rules if most == "known" else replace(rules, most=min(int(most), rules.most or int(most)))
