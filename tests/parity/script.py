"""The requests that the sandbox, as Community, and the real server must answer alike.

The script makes its own projects, looks at nothing else, and puts the session policy back.
"""

from __future__ import annotations

from typing import Any

from tests.parity.data import DATA
from tests.parity.forms import FORMED
from tests.parity.labelling import LABELLING
from tests.parity.labels import LABELS
from tests.parity.members import MEMBERSHIPS
from tests.parity.ml import ML
from tests.parity.opened import OPENED
from tests.parity.steps import Step
from tests.parity.storages import STORAGES
from tests.parity.tasks import TASK_CHECKS
from tests.parity.views import VIEWS
from tests.parity.webhooks import WEBHOOKS

P = "/api/projects/"
ONE = "/api/projects/{one}/"
POLICY = "/api/session-policy/"
MINE = "/api/projects/?title=Parity"
NO_TOKEN: dict[str, str | None] = {"Authorization": None}
JSON: dict[str, str | None] = {"Content-Type": "application/json"}
TEXT = '<Text name="t" value="$text"/>'
CHOICES = '<Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices>'
CONFIG = f"<View>{TEXT}{CHOICES}</View>"
RESULT = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}
# The words for XML that does not parse are libxml2's there and expat's here.
PARSER = ("detail",)
# How often the server counts the columns of a task depends on what was deleted since it was started.
COLUMNS = ("all_data_columns",)


def patches(field: str, *values: Any, masked: tuple[str, ...] = ()) -> list[Step]:
    """An update of one field with each value."""
    return [Step(f"patch {field} {str(value)[:40]!r}", "PATCH", ONE, {field: value}, masked=masked) for value in values]


def creates(field: str, *values: Any) -> list[Step]:
    return [Step(f"create with {field} {str(value)[:40]!r}", "POST", P, {field: value}) for value in values]


def gets(*paths: str) -> list[Step]:
    return [Step(f"get {path}", "GET", path) for path in paths]


def wrong_methods(*calls: tuple[str, str]) -> list[Step]:
    return [Step(f"{method} {path}", method, path, {}) for method, path in calls]


def checks(*configs: Any) -> list[Step]:
    return [
        Step(f"check {str(config)[:70]}", "POST", f"{P}validate/", {"label_config": config}, NO_TOKEN)
        for config in configs
    ]


IDENTITY = [
    Step("version", "GET", "/api/version", headers=NO_TOKEN, only=("release", "edition")),
    Step("version with a slash", "GET", "/api/version/", headers=NO_TOKEN, only=("release", "edition")),
    Step("version with a bad token", "GET", "/api/version", headers={"Authorization": "Token x"}, only=("edition",)),
    Step("health", "GET", "/health", headers=NO_TOKEN),
    Step("api health", "GET", "/api/health", headers=NO_TOKEN),
    Step("whoami", "GET", "/api/current-user/whoami"),
    Step("users", "GET", "/api/users/", row=0),  # the first user is the owner; other tests may have added some
    Step("users without slash", "GET", "/api/users", row=0),
    Step("the owner", "GET", "/api/users/1/"),
    Step("organizations", "GET", "/api/organizations/"),
    Step("the organization", "GET", "/api/organizations/1", masked=("users",)),  # the same
    Step("memberships", "GET", "/api/organizations/1/memberships?page_size=1", only=("previous",)),
    Step("all memberships", "GET", "/api/organizations/1/memberships?page_size=-1", only=("next", "previous")),
    Step(
        "the owner's membership",
        "GET",
        "/api/organizations/1/memberships/1/",
        masked=("annotations_count", "contributed_projects_count"),
    ),
    Step("create an organization", "POST", "/api/organizations/", {"title": "x"}),
]

ORGANIZATION = "/api/organizations/1"
JWT = "/api/jwt/settings"
# Other tests may have added people.
OTHERS = ("users",)


def changes(path: str, method: str, *bodies: Any, masked: tuple[str, ...] = ()) -> list[Step]:
    """One request with each body."""
    return [Step(f"{method} {path} {str(body)[:50]}", method, path, body, masked=masked) for body in bodies]


PEOPLE = [
    Step("keep the title", "GET", ORGANIZATION, save="title", key="title", masked=OTHERS),
    *changes(
        ORGANIZATION,
        "PATCH",
        *({"title": value} for value in (" Parity ", "", None, "x" * 1001, 1, True, [])),
        *({"contact_info": value} for value in ("parity@example.com", "", None, "x", "a@b", "x" * 250 + "@a.com", 1)),
        {"created_by": 99, "created_at": "2020-01-01T00:00:00Z", "nonsense": 1},
        {"token": "x" * 257},
        {},
        [],
        masked=OTHERS,
    ),
    *changes(ORGANIZATION, "PUT", {"contact_info": None}, {"title": "Parity"}, masked=OTHERS),
    Step("put the title back", "PATCH", ORGANIZATION, {"title": "{title}"}, masked=OTHERS),
    *changes("/api/organizations/999", "PATCH", {"title": "x"}),
    *changes(f"{ORGANIZATION}/set-default-role", "PATCH", {"default_role": "AN"}),
    *gets(f"{ORGANIZATION}/memberships?page_size=1&page=999", f"{ORGANIZATION}/memberships?page=0"),
    Step("the first member", "GET", f"{ORGANIZATION}/memberships?page_size=1&page=1", only=("previous",)),
    Step("a search is ignored", "GET", f"{ORGANIZATION}/memberships?search=nobody&page_size=-1", only=("next",)),
    *changes(f"{ORGANIZATION}/memberships", "PATCH", {"user_id": 1, "role": "AN"}),
    Step("remove oneself", "DELETE", f"{ORGANIZATION}/memberships/1/"),
    Step("remove nobody", "DELETE", f"{ORGANIZATION}/memberships/999999/"),
    Step("remove from elsewhere", "DELETE", "/api/organizations/999/memberships/1/"),
    *gets(JWT, f"{JWT}/"),
    *changes(
        JWT,
        "POST",
        {},
        {"api_token_ttl_days": 5},
        *({"api_tokens_enabled": value} for value in (None, "x", 2, "true")),
        {"nonsense": 1},
        [],
    ),
    *changes(JWT, "PATCH", {"api_tokens_enabled": True}),
    Step("a personal token", "POST", "/api/token/", {}, save="own", key="token"),
    Step("its access token", "POST", "/api/token/refresh/", {"refresh": "{own}"}, NO_TOKEN, save="door", key="access"),
    *changes(JWT, "POST", {"api_tokens_enabled": False}),
    Step("opens no door any more", "GET", POLICY, headers={"Authorization": "Bearer {door}"}),
    Step("and is still given", "POST", "/api/token/refresh/", {"refresh": "{own}"}, NO_TOKEN),
    Step("whatever else is sent", "POST", "/api/token/refresh/", {"refresh": "{own}"}, {"Authorization": "Token bad"}),
    *changes(JWT, "POST", {"api_tokens_enabled": True}),
    Step("and opens it again", "GET", POLICY, headers={"Authorization": "Bearer {door}"}),
    Step("with it switch legacy tokens off", "POST", JWT, {"legacy_api_tokens_enabled": False}),
    *gets(POLICY),
    Step(
        "and on again",
        "POST",
        JWT,
        {"legacy_api_tokens_enabled": True},
        headers={"Authorization": "Bearer {door}"},
    ),
    *gets(POLICY),
    Step("blacklist the personal token", "POST", "/api/token/blacklist/", {"refresh": "{own}"}, NO_TOKEN),
    # The link holds a token that every server makes up.
    Step("the invitation link", "GET", "/api/invite", masked=("invite_url",)),
    Step("a new link", "POST", "/api/invite/reset-token", {}, masked=("invite_url",)),
    *changes("/api/invite/send-email", "POST", {"emails": ["parity@example.com"], "role": "AN"}),
    *changes("/api/invite/revoke", "POST", {"email": "parity@example.com"}),
    *gets("/api/workspaces/1/memberships/", f"{P}1/members/", f"{P}1/roles", f"{P}roles/"),
]

SLASHES = gets(
    f"{P}999999/",
    f"{P}999999",
    f"{P}abc/",
    "/api/nothing/",
    "/api/nothing",
    "/nothing",
    "/api/organizations/999",
    "/api/organizations/1/",
    "/api/organizations/1/memberships/",
    "/api/organizations/1/memberships/999999/",
    "/api/users/999999/",
    "/api/current-user/whoami/",
    "/api/workspaces/",
    "/api/workspaces/1/",
    "/api/tasks/999999/",
    "/api/tasks/999999",
    "/api/tasks/999999/annotations/",
    "/api/annotations/999999/",
    "/api/tasks/",
    "/api/tasks",
    "/api/tasks/?project=999999",
    f"{P}999999/summary/",
    f"{P}999999/validate/",
)

AUTH = [
    *(
        Step(f"projects with {header!r}", "GET", MINE, headers={"Authorization": header})
        for header in (
            "Token",
            "Token a b",
            "Token bad",
            "token bad",
            "Bearer bad",
            "bearer bad",
            "JWT x",
            "Basic x",
            None,
        )
    ),
    Step("an API key header", "GET", "/api/organizations/", headers={"Authorization": None, "X-Api-Key": "bad"}),
    Step("no token on a wrong method", "PUT", POLICY, {}, NO_TOKEN),
    Step("no token on a missing object", "GET", f"{P}999999/", headers=NO_TOKEN),
    Step("bad token on a public route", "POST", f"{P}validate/", {}, {"Authorization": "Token bad"}),
    Step("bad bearer on a public route", "POST", f"{P}validate/", {}, {"Authorization": "Bearer bad"}),
    Step("no personal token yet", "GET", "/api/token/"),
    Step("make a personal token", "POST", "/api/token/", {}, save="pat", key="token"),
    Step("make a second one", "POST", "/api/token/", {}),
    Step("list it", "GET", "/api/token/"),
    Step("the personal token is no bearer", "GET", POLICY, headers={"Authorization": "Bearer {pat}"}),
    Step("exchange it", "POST", "/api/token/refresh/", {"refresh": "{pat}"}, NO_TOKEN, save="access", key="access"),
    Step("use what it gave", "GET", "/api/organizations/", headers={"Authorization": "Bearer {access}"}),
    Step("an access token as a legacy one", "GET", POLICY, headers={"Authorization": "Token {access}"}),
    Step("exchange an access token", "POST", "/api/token/refresh/", {"refresh": "{access}"}, NO_TOKEN),
    Step("exchange rubbish", "POST", "/api/token/refresh/", {"refresh": "x"}, NO_TOKEN),
    Step("exchange nothing", "POST", "/api/token/refresh/", {}, NO_TOKEN),
    Step("exchange null", "POST", "/api/token/refresh/", {"refresh": None}, NO_TOKEN),
    Step("exchange by GET", "GET", "/api/token/refresh/", headers=NO_TOKEN),
    Step("rotate without a caller", "POST", "/api/token/rotate/", {"refresh": "{pat}"}, NO_TOKEN),
    Step("rotate", "POST", "/api/token/rotate/", {"refresh": "{pat}"}, save="next", key="refresh"),
    Step("rotate the old one", "POST", "/api/token/rotate/", {"refresh": "{pat}"}),
    Step("rotate rubbish", "POST", "/api/token/rotate/", {"refresh": "x"}),
    Step("exchange the old one", "POST", "/api/token/refresh/", {"refresh": "{pat}"}, NO_TOKEN),
    Step("the access token lives on", "GET", "/api/organizations/", headers={"Authorization": "Bearer {access}"}),
    Step("blacklist", "POST", "/api/token/blacklist/", {"refresh": "{next}"}),
    Step("blacklist again", "POST", "/api/token/blacklist/", {"refresh": "{next}"}),
    Step("blacklist rubbish", "POST", "/api/token/blacklist/", {"refresh": "x"}, NO_TOKEN),
    Step("exchange the blacklisted one", "POST", "/api/token/refresh/", {"refresh": "{next}"}, NO_TOKEN),
]

FORMS = [
    Step("ask for HTML", "GET", POLICY, headers={"Accept": "text/html"}),
    Step("ask for anything of application", "GET", POLICY, headers={"Accept": "application/*"}),
    Step("ask for a browsable page", "GET", f"{POLICY}?format=api"),
    Step("ask for json by name", "GET", f"{POLICY}?format=json"),
    Step("plain text", "POST", P, content=b"x", headers={"Content-Type": "text/plain"}),
    Step("no content type", "POST", P, content=b"{}"),
    Step("broken JSON", "POST", P, content=b"{bad", headers=JSON),
    Step("broken UTF-8", "POST", P, content=b'{"title":"\xff"}', headers=JSON),
    Step("not a number", "POST", P, content=b'{"control_weights": NaN}', headers=JSON),
    Step("a key given twice", "POST", P, content=b'{"title":"abc","title":"Parity twice"}', headers=JSON),
    Step("a lone surrogate", "POST", P, content=b'{"title":"\\ud800abc"}', headers=JSON),
    Step("a list", "POST", P, []),
    Step("a text", "POST", P, "x"),
    Step("null", "POST", P, content=b"null", headers=JSON),
    Step(
        "a form",
        "POST",
        P,
        content=b"title=Parity+form&show_instruction=true",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ),
    *wrong_methods(
        ("PUT", POLICY),
        ("POST", POLICY),
        ("DELETE", POLICY),
        ("PUT", P),
        ("DELETE", P),
        ("GET", f"{P}validate/"),
        ("POST", f"{P}999999/"),
        ("POST", "/api/current-user/whoami"),
        ("POST", "/api/organizations/1"),
        ("DELETE", "/api/organizations/1"),
        ("POST", "/api/organizations/1/memberships"),
        ("GET", f"{P}1/import"),
        ("PATCH", "/api/users/"),
        ("PUT", "/api/users/1/"),
    ),
]

SESSION = [
    Step("set both", "PATCH", POLICY, {"max_session_age": 600, "max_time_between_activity": 60}),
    Step("read them", "GET", POLICY),
    Step("read them without slash", "GET", POLICY.rstrip("/")),
    *(
        Step(f"session age {value!r}", "PATCH", POLICY, {"max_session_age": value})
        for value in (0, -1, 1, "7", 7.0, 7.5, None, True, "x", "", [], 99999999999, 10**20)
    ),
    Step("unknown and read-only keys", "PATCH", POLICY, {"created_at": "x", "nothing": 1}),
    Step("an empty change", "PATCH", POLICY, {}),
    Step("a list as change", "PATCH", POLICY, [1]),
    Step("both wrong", "PATCH", POLICY, {"max_session_age": 0, "max_time_between_activity": "x"}),
    Step("put them back", "PATCH", POLICY, {"max_session_age": 11520, "max_time_between_activity": 4320}),
]

CONFIGS = checks(
    "", "   ", None, 5, {}, [], True, "<View", "<View>", "abc", "<View></View><View/>", "<View/>", "<Bogus/>",
    "<View><Text/></View>",
    '<View><Text name="t"/></View>',
    '<View><Text value="$t"/></View>',
    '<View><Text name="t" valueList="$t"/></View>',
    '<View><Text name="t" value="$t" valueList="$x"/></View>',
    '<View><Image name="t"/></View>',
    '<View><HyperText name="t"/></View>',
    '<View><Video name="t"/></View>',
    '<View><Text name="a" value="$x"/><Text name="b"/></View>',
    '<View><Text name="a"/><Text value="$x"/></View>',
    f'<View>{TEXT}<Choices name="c" toName="t"/></View>',
    f'<View>{TEXT}<Choices name="c"><Choice value="A"/></Choices></View>',
    f'<View>{TEXT}<Choices toName="t"><Choice value="A"/></Choices></View>',
    f'<View>{TEXT}<Choices name="c" toName="t" value="$o"/></View>',
    f'<View>{TEXT}<Choices name="c" toName="t"><Choice/></Choices></View>',
    f'<View>{TEXT}<Choices name="c" toName="t"><Choice value="A"/><Choice/></Choices></View>',
    f'<View>{TEXT}<Choices name="c" toName="t"><View><Choice value="A"/></View></Choices></View>',
    f'<View>{TEXT}<Choices name="c" toName="t"><View><Choice/></View></Choices></View>',
    f'<View>{TEXT}{CHOICES}<Choices name="d" toName="t"/></View>',
    f'<View>{TEXT}<Choices name="c" toName="t"><Choice value="A"/></Choices><Choices name="d" toName="t" value="$o"/></View>',
    f"<View>{TEXT}<Choices/></View>",
    f"<View>{TEXT}<Labels/></View>",
    f'<View>{TEXT}<Labels name="l" toName="t"/></View>',
    f'<View>{TEXT}<Labels name="l" toName="t"><Label/></Labels></View>',
    f'<View>{TEXT}<Labels name="l" toName="t"><Label value="A"/><Label/></Labels></View>',
    f'<View>{TEXT}<Labels name="l"><Label value="A"/></Labels></View>',
    f"<View>{TEXT}<TextArea/></View>",
    f'<View>{TEXT}<TextArea name="x" toName="t"/><TextArea name="y"/></View>',
    f'<View>{TEXT}<Number name="n"/></View>',
    f'<View>{TEXT}<Number name="n" toName="t"/><Number name="m"/></View>',
    f'<View>{TEXT}<Rating name="r"/></View>',
    f"<View>{TEXT}{CHOICES}{CHOICES}</View>",
    f'<View>{TEXT}<Choices name="c" toName="zz"><Choice value="A"/></Choices></View>',
    f'<View>{TEXT}<Choices name="c" toName="t,zz"><Choice value="A"/></Choices></View>',
    f'<View>{TEXT}<Choices name = "c" toName = "q"><Choice value="A"/></Choices></View>',
    f"<View>{TEXT}{CHOICES}<Choices name='d'><Choice value='A'/></Choices></View>",
    f"<View>{TEXT}<Labels name='l' toName='t'><Label value='A'/></Labels><Labels name='m' toName='t'/></View>",
    f"<View>{TEXT}<View><Choice value='A'/><Choice/></View></View>",
    "<View><View/><View><Text name='a'/></View></View>",
    "<View><View><Text/></View></View>",
    f'<View>{TEXT}<View><Choices name="c" toName="t"/></View></View>',
    f"<View>{TEXT}<View><Choice/></View></View>",
    f"<View>{TEXT}<View><Label/></View></View>",
    f"<View>{TEXT}<Choice/></View>",
    '<View><Text name="" value=""/></View>',
    f'<View>{TEXT}<Choices name="c" toName="t"><Choice value="1"/><Choice value="1"/></Choices></View>',
    "<!DOCTYPE x><View/>",
    '<?xml version="1.0"?><View/>',
    '<?xml version="1.0" encoding="UTF-8"?><View/>',
    "<View>&nbsp;</View>",
    '<View a="1" a="2"/>',
    "<view/>",
    '<Foo><Text name="t"/></Foo>',
    '<View xmlns="http://x"><Text/></View>',
    '<View><Video name="v" value="$v" defaultPlaybackSpeed="x"/></View>',
    '<View><Video name="v" value="$v" defaultPlaybackSpeed="20" minPlaybackSpeed="0"/></View>',
    '<View><Video name="v" value="$v" defaultPlaybackSpeed="4" minPlaybackSpeed="6"/></View>',
    f'<View><!-- name="t" -->{TEXT}</View>',
    "<View>\x01</View>",
)  # fmt: skip

SHAPES = [
    Step(f"create {name}", "POST", P, {"title": f"Parity {name}"[:50], "label_config": config})
    for name, config in {
        "filter": f'<View>{TEXT}{CHOICES}<Filter name="f" toName="c"/></View>',
        "aliases": f'<View>{TEXT}<Labels name="l" toName="t"><Label value="A" alias="a"/><Label value="B" hotkey="b"/></Labels></View>',
        "dynamic": f'<View>{TEXT}<Choices name="c" toName="t" value="$options"/></View>',
        "per region": f'<View>{TEXT}<Labels name="l" toName="t"><Label value="A"/></Labels><Choices name="c" toName="t" perRegion="true" whenTagName="l" whenLabelValue="A"><Choice value="x"/></Choices></View>',
        "taxonomy": f'<View>{TEXT}<Taxonomy name="x" toName="t"><Choice value="A"><Choice value="B"/></Choice></Taxonomy></View>',
        "taxonomy url": f'<View>{TEXT}<Taxonomy name="x" toName="t" apiUrl="https://x.example.com"/></View>',
        "repeater": '<View><Repeater on="$images" indexFlag="{{i}}"><Image name="p_{{i}}" value="$images[{{i}}].url"/><Choices name="c_{{i}}" toName="p_{{i}}"><Choice value="A"/></Choices></Repeater></View>',
        "nested": f'<View><View className="w">{TEXT}<View>{CHOICES}</View></View></View>',
        "rating": f'<View>{TEXT}<Rating name="r" toName="t"/><TextArea name="n" toName="t"/></View>',
        "boxes": '<View><Image name="i" value="$image"/><RectangleLabels name="b" toName="i"><Label value="Car" background="red"/></RectangleLabels></View>',
        "pairs": '<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a,b"/></View>',
        "relations": f'<View>{TEXT}<Relations><Relation value="r"/></Relations>{CHOICES}</View>',
        "value type": '<View><Text name="t" value="$text" valueType="url"/></View>',
        "per item": f'<View>{TEXT}<Choices name="c" toName="t" perItem="true"><Choice value="A"/></Choices></View>',
    }.items()
]

CREATE = [
    Step("create nothing", "POST", P, {}),
    Step("create the project", "POST", P, {"title": "  Parity one ", "label_config": f" {CONFIG}\n"}, save="one"),
    Step("create its namesake", "POST", P, {"title": "Parity one"}, save="two"),
    Step("create without slash", "POST", P.rstrip("/"), {"title": "Parity slash"}),
    Step("unknown keys", "POST", P, {"title": "Parity keys", "workspace": 1, "id": 7, "task_number": 9, "x": 1}),
    *creates("label_config", 5, {}, None, "", "<View", "<View/>"),
    *creates("color", None, "", "red", "#abcdef"),
    *creates("expert_instruction", None, 5, "<b>x"),
    *creates("model_version", None, "anything", 5),
    *creates("control_weights", None, {"zz": 1}, [1]),
    *creates("organization", None, 99, "x", True),
    *creates("created_by", 1, None, {"email": "q@example.com"}),
    *creates("pinned_at", "2025-01-02", "x"),
    *creates("start_training_on_annotation_update", True, "true"),
    Step("published and draft", "POST", P, {"is_published": True, "is_draft": True}),
    *(
        Step(f"weights {weights!r}", "POST", P, {"control_weights": weights, "label_config": CONFIG})
        for weights in (None, [1], 5, {"zz": 1}, {"c": {"overall": 0.5, "labels": {"A": 0.3}}})
    ),
    Step(
        "several wrong fields", "POST", P, {"title": "ab", "color": "red", "sampling": "x", "maximum_annotations": []}
    ),
]

UPDATE = [
    *gets(ONE, ONE.rstrip("/"), f"{ONE}?include=id,title", f"{ONE}?omit=label_config,id", f"{ONE}?include=task_number"),
    *patches("label_config", 5, {}, [1], True, "", None, "<!DOCTYPE x><View/>", f"  {CONFIG}\n"),
    *patches("label_config", "<View", "<View>", masked=PARSER),
    *patches("label_config", '<?xml version="1.0" encoding="UTF-8"?><View/>', '<View><Text name="t"/></View>'),
    *patches("color", None, "", "red", "#abc", " #abcdef ", "#abcdeg", "#-12345", 5, "#FFFFFF" * 4),
    *patches("expert_instruction", None, 5, [1], "  <b>x ", "", "a & b < c > d"),
    *patches(
        "expert_instruction",
        '<script>alert(1)</script><iframe src="//x"></iframe>',
        '<p style="color:red" id="a" class="b" onclick="x()">x</p><br/><!-- c -->',
        '<a href="javascript:x()" target="_blank" title="t">x</a><a href="https://x">y</a>',
        "<table><tr><td>1</td></tr></table>&nbsp;&amp;<unknown>x</unknown>\r\n> quote",
    ),
    *patches("title", "ab", "x" * 51, True, [1], 123, 12.5, None, "", " ", "a\0bcd", "ab\ncd", "<b>", " Parity one "),
    *patches("description", None, " x\n", 5, "", "<b>\r\n", ["x"]),
    *patches("show_instruction", None, "maybe", "TRUE", 2, 1.0, [], "", "off", 1),
    *patches("maximum_annotations", None, 1.5, "2", 2.0, True, "x", "", 99999999999, 10**20, -3, 0, 1),
    *patches("sampling", "", "x", None, 5, "Uniform sampling"),
    *patches("skip_queue", "", "bogus", None, "IGNORE_SKIPPED", "REQUEUE_FOR_OTHERS"),
    *patches("pinned_at", "x", "2025-01-02", "2025-01-02T03:04:05+02:00", "2025-01-02T03:04:05.123456789Z", 5, ""),
    *patches("pinned_at", "2025-01-02 03:04", "2025-13-02", None),
    *patches("task_data_login", "x" * 257, " a ", "", None),
    *patches("task_data_password", " p ", None),
    *patches("model_version", "nope", None, 5, ""),
    *patches("start_training_on_annotation_update", True, "true", None, "5", [], False),
    *patches("min_annotations_to_start_training", 7, "x", 0),
    Step(
        "min and its alias",
        "PATCH",
        ONE,
        {"min_annotations_to_start_training": 7, "start_training_on_annotation_update": True},
    ),
    *patches("control_weights", {"zz": 1}, [1], {}, None, {"c": {"overall": 0.5, "labels": {"A": 0.3}}}, "s", 5, False),
    *patches("control_weights", {"c": {"overall": 0.5, "labels": {"A": 0.3}}}),
    *patches("label_config", f"<View>{TEXT}{CHOICES}<Rating name='r' toName='t'/></View>", CONFIG),
    *patches("is_draft", True),
    *patches("is_published", True),
    *patches("is_draft", True),
    *patches("is_published", False),
    *patches("organization", "x", 99, True, {}, 1, "1"),
    *patches("created_by", 1, None, {"email": "q@example.com"}),
    *patches("overlap_cohort_percentage", 150, -5, 100),
    *patches("evaluate_predictions_automatically", True),
    Step("unknown keys in an update", "PATCH", ONE, {"id": 5, "task_number": 7, "workspace": 3, "created_at": "x"}),
    Step("an empty update", "PATCH", ONE, {}),
    Step("a list as update", "PATCH", ONE, []),
    Step("a text as update", "PATCH", ONE, "x"),
    Step("null as update", "PATCH", ONE, content=b"null", headers=JSON),
    Step("update without slash", "PATCH", ONE.rstrip("/"), {"description": "kept"}),
    Step("update what is missing", "PATCH", f"{P}999999/", {"title": "x"}),
    Step("several wrong fields in an update", "PATCH", ONE, {"title": "ab", "color": "x", "sampling": "y"}),
    Step("a wrong field beside one that crashes", "PATCH", ONE, {"title": "ab", "color": None}),
    Step("put", "PUT", "/api/projects/{two}/", {"title": "Parity put"}),
]

LISTS = [
    *gets(
        MINE,
        f"{MINE}&page_size=2",
        f"{MINE}&page_size=2&page=2",
        f"{MINE}&page_size=2&page=2&ordering=id&include=title",
        f"{MINE}&ordering=id",
        f"{MINE}&ordering=-title,id",
        f"{MINE}&ordering=bogus",
        f"{MINE}&ordering=state",
        f"{MINE}&include=title,queue_total",
        f"{MINE}&include=bogus",
        f"{MINE}&include=",
        f"{MINE}&include=id,title&omit=title",
        f"{MINE}&filter=pinned_only",
        f"{MINE}&filter=exclude_pinned&include=title",
        f"{MINE}&filter=bogus&include=title",
        f"{MINE}&search=zzzz&include=title",
        f"{MINE}&organization=99&include=title",
        f"{MINE}&ids={{one}}",
        f"{MINE}&ids={{one}},{{two}}&include=title",
        f"{MINE}&page_size=0&include=title",
        f"{MINE}&page_size=-1&include=title",
        f"{MINE}&page_size=abc&include=title",
        f"{MINE}&page_size=1000&include=title",
        f"{MINE}&page=0",
        f"{MINE}&page=99",
        f"{MINE}&page=abc",
        f"{MINE}&page=last&page_size=2&include=title",
        f"{MINE}&page=",
        "/api/projects/?title=PARITY%20ONE&include=title",
        "/api/projects/?title=Parity_one",
        "/api/projects/?title=%25",
        "/api/projects/?ids=abc",
        "/api/projects/?ids=1,",
        "/api/projects/?ids=999999",
        "/api/projects?title=Parity%20one&include=title",
        "/api/projects/counts/?title=Parity%20one",
    ),
]

TASKS = [
    Step("import two tasks", "POST", "/api/projects/{one}/import", [{"data": {"text": "a"}}, {"text": "b"}]),
    Step("import without what the config shows", "POST", "/api/projects/{one}/import", [{"data": {"x": 1}}]),
    Step("import a text", "POST", "/api/projects/{one}/import", ["x"]),
    Step("import nothing", "POST", "/api/projects/{one}/import", []),
    Step("import into nothing", "POST", "/api/projects/999999/import", []),
    Step(
        "import what is annotated",
        "POST",
        "/api/projects/{one}/import?return_task_ids=true",
        [
            {
                "data": {"text": "c"},
                "annotations": [{"result": [RESULT]}],
                "predictions": [{"result": [RESULT], "model_version": "m1"}],
            }
        ],
        masked=("task_ids",),
    ),
    Step("create a task", "POST", "/api/tasks/", {"data": {"text": "d"}, "project": "{one}"}, save="task"),
    Step("create a task without project", "POST", "/api/tasks/", {"data": {"text": "d"}}),
    Step("create a task without its data", "POST", "/api/tasks/", {"data": {"z": "d"}, "project": "{one}"}),
    *gets(ONE, "/api/tasks/?project={one}"),
    Step("the summary", "GET", f"{ONE}summary/", masked=COLUMNS),
    *patches("model_version", "m1", "m2", ""),
    *patches("model_version", "m1"),
    *patches("show_collab_predictions", False, True),
    Step("keep the version", "PATCH", ONE, {"show_collab_predictions": False, "model_version": "m1"}),
    Step("an incompatible config is fine so far", "POST", f"{ONE}validate/", {"label_config": "<View/>"}),
    Step("annotate", "POST", "/api/tasks/{task}/annotations/", {"result": [RESULT]}, save="annotation"),
    Step("annotate badly", "POST", "/api/tasks/{task}/annotations/", {"result": "x"}),
    Step("skip", "POST", "/api/tasks/{task}/annotations/", {"result": [], "was_cancelled": True}, save="skip"),
    Step("the task", "GET", "/api/tasks/{task}/", masked=("annotations_ids",)),  # ids in a text
    *gets(ONE, "/api/tasks/{task}/annotations/", "/api/annotations/{annotation}/"),
    Step("the summary with an annotation", "GET", f"{ONE}summary/", masked=COLUMNS),
    *gets("/api/projects/counts/?title=Parity%20one", f"{MINE}&ids={{one}}"),
    *patches("maximum_annotations", 2, 1),
    *patches("skip_queue", "REQUEUE_FOR_ME", "IGNORE_SKIPPED", "REQUEUE_FOR_OTHERS"),
]

USED = [
    *(
        Step(f"validate {name}", "POST", f"{ONE}validate/", {"label_config": config})
        for name, config in {
            "the same": CONFIG,
            "a label more": CONFIG.replace("</Choices>", '<Choice value="C"/></Choices>'),
            "an unused label less": CONFIG.replace('<Choice value="B"/>', ""),
            "a used label less": CONFIG.replace('<Choice value="A"/>', ""),
            "another control": CONFIG.replace('name="c"', 'name="k"'),
            "another type": CONFIG.replace("Choices", "Labels").replace("Choice ", "Label "),
            "another object": CONFIG.replace('name="t"', 'name="u"').replace('toName="t"', 'toName="u"'),
            "other data": CONFIG.replace("$text", "$other"),
            "no control": f"<View>{TEXT}</View>",
            "an empty view": "<View></View>",
            "nothing": "",
            "null": None,
            "a broken name": CONFIG.replace('toName="t"', 'toName="q"'),
        }.items()
    ),
    Step("validate broken XML", "POST", f"{ONE}validate/", {"label_config": "<View"}, masked=PARSER),
    Step("validate without config", "POST", f"{ONE}validate/", {}),
    Step("validate a list", "POST", f"{ONE}validate/", []),
    Step("show what is validated", "GET", f"{ONE}validate/"),
    *patches(
        "label_config",
        CONFIG.replace('name="c"', 'name="k"'),
        CONFIG.replace("Choices", "Labels").replace("Choice ", "Label "),
    ),
    *patches(
        "label_config",
        CONFIG.replace('<Choice value="A"/>', ""),
        CONFIG,
        f"<View>{TEXT}</View>",
        "<View></View>",
        CONFIG,
    ),
    Step("drop the annotation", "DELETE", "/api/annotations/{annotation}/"),
    Step("drop the skip", "DELETE", "/api/annotations/{skip}/"),
    *gets(ONE),
    Step("the summary without one", "GET", f"{ONE}summary/", masked=COLUMNS),
    *patches("label_config", CONFIG.replace('name="c"', 'name="k"')),
    Step("drop the task", "DELETE", "/api/tasks/{task}/"),
    *gets("/api/tasks/{task}/", ONE),
]

DELETE = [
    Step("delete", "DELETE", ONE),
    Step("delete again", "DELETE", ONE),
    *gets(ONE, "/api/tasks/?project={one}", f"{MINE}&ids={{one}}"),
    Step("delete without slash", "DELETE", "/api/projects/{two}"),
    Step("orphan a project", "POST", P, {"title": "Parity orphan"}, save="three"),
    Step("by taking its organization", "PATCH", "/api/projects/{three}/", {"organization": None}),
    *gets("/api/projects/{three}/", f"{MINE}&ids={{three}}"),
]

PARTS = {
    "identity": IDENTITY,
    "slashes": SLASHES,
    "auth": AUTH,
    "people": PEOPLE,
    "forms": FORMS,
    "session": SESSION,
    "configs": CONFIGS,
    "shapes": SHAPES,
    "create": CREATE,
    "update": UPDATE,
    "lists": LISTS,
    "tasks": TASKS,
    "used": USED,
    "delete": DELETE,
    "storages": STORAGES,
    "webhooks": WEBHOOKS,
    "views": VIEWS,
    "ml": ML,
    "memberships": MEMBERSHIPS,
    "task checks": TASK_CHECKS,
    "labelling": LABELLING,
    "opened": OPENED,
    "formed": FORMED,
    "data": DATA,
    "labels": LABELS,
}
"""The script, in its order."""
