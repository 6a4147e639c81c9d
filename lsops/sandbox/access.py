"""Who may do what on Enterprise; on Community every member may do everything (community-api 1.6).

Facts: enterprise-api 3, 5.5 and 6.3. Owners and administrators see all but other people's personal
workspaces, everybody else only what they belong to. Where the public material says that a role is
needed and not which, the stricter one is taken; the session policy is the owner's alone.
"""

from __future__ import annotations

from lsops.sandbox.envelope import Forbidden
from lsops.sandbox.resource import Call

ADMINISTRATORS = ("OW", "AD")
MANAGERS = (*ADMINISTRATORS, "MA")
WORKERS = ("RE", "AN")
_ACTIVE = (*MANAGERS, *WORKERS)
_ANYBODY = (*_ACTIVE, "NO", "DI")

_READERS = {
    "/api/": _ACTIVE,
    "/api/activity-logs/": ADMINISTRATORS,
    "/api/annotation-history/": ADMINISTRATORS,
    "/api/current-user/": _ANYBODY,
    "/api/invite": ADMINISTRATORS,
    "/api/organizations/<int:organization_id>/memberships": MANAGERS,
    "/api/organizations/<int:organization_id>/permissions": ADMINISTRATORS,
    "/api/projects/<int:project_id>/annotation-history/": ADMINISTRATORS,
    "/api/token/": _ANYBODY,
}
_WRITERS = {
    "/api/": MANAGERS,
    "/api/annotation-history/": ADMINISTRATORS,
    "/api/annotation-reviews/": (*MANAGERS, "RE"),
    "/api/annotations/": _ACTIVE,
    "/api/comments/": _ACTIVE,
    "/api/current-user/": _ANYBODY,
    "/api/drafts/": _ACTIVE,
    "/api/invite": ADMINISTRATORS,
    "/api/jwt/": ADMINISTRATORS,
    "/api/organizations/": ADMINISTRATORS,
    "/api/session-policy/": ("OW",),
    "/api/tasks/<int:task_id>/annotations/": _ACTIVE,
    "/api/tasks/<int:task_id>/drafts": _ACTIVE,
    "/api/token/": _ANYBODY,
    "/api/users/": ADMINISTRATORS,
}
"""By the beginning of a route's path; the longest that fits decides."""

Condition = tuple[str, tuple[int, ...]]

_MEMBER = 'is_personal = 0 AND (created_by = ? OR id IN (SELECT workspace FROM workspace_member WHERE "user" = ?))'


def check_role(role: str, method: str, path: str) -> None:
    """Raise `Forbidden` unless the role may use the method on the route."""
    rules = _READERS if method == "GET" else _WRITERS
    fitting = max((start for start in rules if path.startswith(start)), key=len, default="")
    if fitting and role not in rules[fitting]:
        raise Forbidden


def visible_workspaces(call: Call) -> Condition:
    """The condition over workspaces for those that the caller sees."""
    me = call.user["id"]
    if call.role in ADMINISTRATORS:
        return "(is_personal = 0 OR created_by = ?)", (me,)
    return f"((is_personal = 1 AND created_by = ?) OR ({_MEMBER}))", (me, me, me)


def visible_projects(call: Call) -> Condition:
    """The condition over projects for those that the caller sees, by workspace or one by one."""
    where, arguments = visible_workspaces(call)
    by_workspace = f"workspace IN (SELECT id FROM workspace WHERE {where})"  # noqa: S608  # no client's text
    if call.role in ADMINISTRATORS:
        return by_workspace, arguments
    one_by_one = 'id IN (SELECT project FROM project_member WHERE "user" = ?)'
    return f"({by_workspace} OR {one_by_one})", (*arguments, call.user["id"])
