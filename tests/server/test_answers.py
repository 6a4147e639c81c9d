"""Every form of a bad answer (Community facts 1.2 and 1.3) and the error it becomes."""

from __future__ import annotations

import json

import httpx
import pytest

from lsops.errors import Forbidden, Malformed, NotFound, Rejected, ServerError, ServerFault, Unauthorized
from lsops.server.facts import read_facts
from tests.server.answering import LEGACY, Answering, page, reply


def envelope(status: int, detail: str, **errors: object) -> httpx.Response:
    """The usual error body."""
    body = {"id": "1b1c", "status_code": status, "version": "1.23.2", "detail": detail, "exc_info": None}
    return reply(status, {**body, **({"validation_errors": errors} if errors else {})})


CASES = {
    "field": (
        envelope(400, "Validation error", title=["Too short."], color=["Not #RRGGBB."]),
        Rejected,
        "LS705",
        "400 Bad Request: title: Too short.; color: Not #RRGGBB.",
    ),
    "nested": (
        envelope(400, "Validation error", actions={"0": ['"X" is not valid.']}),
        Rejected,
        "LS705",
        'actions.0: "X" is not valid.',
    ),
    "object": (envelope(400, "Validation error", non_field_errors=["No."]), Rejected, "LS705", "Bad Request: No."),
    "json": (envelope(400, "JSON parse error - Expecting"), Rejected, "LS705", "400 Bad Request: JSON parse error"),
    "login": (envelope(401, "Invalid token."), Unauthorized, "LS702", "401 Unauthorized: Invalid token."),
    "ssrf": (envelope(403, "reserved network address"), Forbidden, "LS703", "403 Forbidden: reserved network"),
    "absent": (envelope(404, "No Project matches"), NotFound, "LS704", "404 Not Found: No Project matches"),
    "route": (page(404), NotFound, "LS704", '404 Not Found: an HTML page titled "Not Found"'),
    "method": (envelope(405, 'Method "PUT" not allowed.'), Rejected, "LS705", '405 Method Not Allowed: Method "PUT"'),
    "accept": (envelope(406, "Could not satisfy"), Rejected, "LS705", "406 Not Acceptable"),
    "conflict": (envelope(409, "already have a valid token"), Rejected, "LS705", "409 Conflict"),
    "media": (envelope(415, "Unsupported media type"), Rejected, "LS705", "415 Unsupported Media Type"),
    "bare": (reply(400, {"label_config": ["bad"]}), Rejected, "LS705", "400 Bad Request: label_config: bad"),
    "message": (reply(400, {"message": "Storage 7"}), Rejected, "LS705", "400 Bad Request: Storage 7"),
    "list": (reply(400, ["one", {"a": "two"}]), Rejected, "LS705", "400 Bad Request: one; a: two"),
    "word": (reply(400, "no"), Rejected, "LS705", "400 Bad Request: no"),
    "null": (reply(400, None), Rejected, "LS705", "400 Bad Request"),
    "empty": (httpx.Response(400), Rejected, "LS705", "400 Bad Request"),
    "text": (httpx.Response(400, text="plain words"), Rejected, "LS705", "400 Bad Request: plain words"),
    "bytes": (httpx.Response(400, content=b"\xff\xfe\x00"), Rejected, "LS705", "400 Bad Request"),
    "crash": (envelope(500, "Can't resolve hostname"), ServerFault, "LS706", "500 Internal Server Error: Can't"),
    "proxy": (page(501, "Bad\n Gateway"), ServerFault, "LS706", 'an HTML page titled "Bad Gateway"'),
    "odd": (httpx.Response(599, text="odd"), ServerFault, "LS706", "POST /api/x: 599: odd"),
    "deep": (httpx.Response(400, content=b"[" * 100_000), Rejected, "LS705", "400 Bad Request"),
}


@pytest.mark.parametrize(("answer", "kind", "code", "words"), CASES.values(), ids=CASES)
def test_a_bad_answer_becomes_one_error_with_the_server_s_words(
    answer: httpx.Response, kind: type[ServerError], code: str, words: str
) -> None:
    with pytest.raises(ServerError) as caught:
        Answering(answer).session().post("/api/x", {})
    error = caught.value
    assert type(error) is kind
    assert (error.findings[0].code, error.status) == (code, answer.status_code)
    assert str(error).startswith("POST /api/x: ")
    assert words in str(error)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(200, "Log in"), "an HTML page"),
        (httpx.Response(200, text="  <html>"), "an HTML page"),
        (httpx.Response(200, content=b'{"a": [1, 2'), "cut off"),
        (httpx.Response(200, content=b"\xff\xfe\xfd"), "not JSON"),
        (httpx.Response(200, text="OK"), "not JSON"),
        (httpx.Response(200, content=b"[" * 100_000), "not JSON"),
    ],
)
def test_a_good_status_with_something_else_than_json_is_malformed(answer: httpx.Response, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        Answering(answer).session().get("/api/x")


def test_a_long_message_is_cut() -> None:
    with pytest.raises(Rejected) as caught:
        Answering(reply(400, {"detail": "x" * 1_000_000})).session().get("/api/x")
    assert len(str(caught.value)) < 2_500


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_a_message_holds_neither_a_header_nor_a_token_that_the_server_echoes(status: int) -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        return reply(status, {"detail": str(dict(request.headers)), "x": request.headers["Authorization"]})

    with pytest.raises(ServerError) as caught:
        Answering(echo).session().get("/api/x")
    assert LEGACY not in str(caught.value)
    assert "***" in str(caught.value)


SECRET = 'line one\n{"key":  "tab\there"} ünï'
SHAPES = {
    "as it is": SECRET,
    "in JSON": json.dumps({"echo": SECRET}),
    "twice in JSON": json.dumps(json.dumps(SECRET)),
    "as Python": repr({"echo": SECRET}),
    "in one line": " ".join(SECRET.split()),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_a_secret_that_the_server_echoes_is_masked_in_every_shape(text: str) -> None:
    session = Answering(reply(400, {"detail": f"not accepted: {text}"})).session()
    session.redact([SECRET])
    with pytest.raises(Rejected) as caught:
        session.patch("/api/x", {})
    assert "line one" not in str(caught.value)
    assert "here" not in str(caught.value)


PEM = "-----BEGIN KEY-----\ncanaryCANARYcanary\nshort\n"
PARTS = {
    "a text of a JSON secret": (json.dumps({"type": "x", "private_key": "canary-one"}), "canary-one"),
    "a text deep inside": (json.dumps([{"a": {"b": ["canary-one"]}}]), "canary-one"),
    "a line of a secret": (PEM, "canaryCANARYcanary"),
    "a line of a text of a JSON secret": (json.dumps({"private_key": PEM}), "canaryCANARYcanary"),
    "half a character": (r'{"private_key": "canary-one\ud800"}', "canary-one\ufffd"),
    "what is no JSON after all": ("[" * 100_000 + "canary", "[" * 100_000 + "canary"),
}


@pytest.mark.parametrize(("secret", "part"), PARTS.values(), ids=PARTS)
def test_a_part_of_a_secret_that_the_server_echoes_is_masked(secret: str, part: str) -> None:
    session = Answering(reply(400, {"detail": f"cannot parse {part}, sorry"})).session()
    session.redact([secret])
    with pytest.raises(Rejected, match=r"cannot parse \*\*\*, sorry"):
        session.patch("/api/x", {})


def test_what_is_short_in_a_secret_is_no_secret_of_its_own() -> None:
    session = Answering(reply(400, {"detail": "account short of user x9z"})).session()
    session.redact([json.dumps({"type": "account"}), PEM, "x9z"])
    with pytest.raises(Rejected, match="account short of user x9z"):
        session.patch("/api/x", {})


@pytest.mark.parametrize("content", [rb'{"a\ud800": ["\uDFFFb", 1]}', b'{"a\xed\xa0\x80": ["\xed\xbf\xbfb", 1]}'])
def test_half_a_character_from_the_server_is_replaced(content: bytes) -> None:
    assert Answering(httpx.Response(200, content=content)).session().get("/api/x") == {"a\ufffd": ["\ufffdb", 1]}


def test_two_halves_are_one_character() -> None:
    server = Answering(httpx.Response(200, content=rb'["\ud83d\ude00"]'))
    assert server.session().get("/api/x") == ["\U0001f600"]


def test_half_a_character_in_the_server_s_words_is_replaced() -> None:
    with pytest.raises(Rejected, match="400 Bad Request: \ufffd bad"):
        Answering(httpx.Response(400, content=rb'{"detail": "\ud800 bad"}')).session().get("/api/x")


def test_a_secret_is_masked_where_a_long_message_is_cut() -> None:
    session = Answering(reply(400, {"detail": "x" * 1_980 + " " + "s3cret" * 20})).session()
    session.redact(["s3cret" * 20])
    with pytest.raises(Rejected) as caught:
        session.patch("/api/x", {})
    assert "s3cret" not in str(caught.value)


WHO = {"id": 7, "email": "ana@example.com", "active_organization": 1}


def test_edition_release_and_caller_take_two_requests() -> None:
    server = Answering(reply(200, {"release": "2.29.0", "edition": "Enterprise"}), reply(200, WHO))
    facts = read_facts(server.session())
    assert (facts.edition, facts.release, facts.user_id, facts.email) == ("enterprise", "2.29.0", 7, "ana@example.com")
    assert server.seen == ["GET /api/version", "GET /api/current-user/whoami"]


@pytest.mark.parametrize(
    "answer", [page(200), page(404), reply(400, {}), reply(200, []), reply(200, {"a": 1}), reply(200, {"release": 3})]
)
def test_a_server_that_is_no_label_studio_is_told(answer: httpx.Response) -> None:
    with pytest.raises(Malformed, match="does not answer like a Label Studio server"):
        read_facts(Answering(answer).session())


def test_a_redirect_of_the_first_request_is_told_as_one() -> None:
    server = Answering(reply(301, location="https://label.example.com:8443/api/version"))
    with pytest.raises(Malformed, match=r"to another origin, https://label\.example\.com:8443") as caught:
        read_facts(server.session())
    assert "give that URL" in caught.value.findings[0].hint
    with pytest.raises(Rejected, match="GET /api/version: 302"):
        read_facts(Answering(reply(302, location="/api/version")).session())


@pytest.mark.parametrize(
    ("who", "fault"),
    [
        ([], "the answer is a list"),
        ({}, "id is missing"),
        ("ana", "the answer is text"),
        (None, "the answer is null"),
        ({**WHO, "id": True}, "id is true"),
        ({**WHO, "email": 7}, "email is a number"),
        ({**WHO, "active_organization": "1"}, "active_organization is text"),
        ({"id": 7}, "active_organization is missing"),
    ],
)
def test_a_server_that_does_not_say_who_asks_is_malformed(who: object, fault: str) -> None:
    server = Answering(reply(200, {"release": "1.23.2"}), reply(200, who))
    with pytest.raises(Malformed, match=f"GET /api/current-user/whoami: the server's answer makes no sense: {fault}"):
        read_facts(server.session())


@pytest.mark.parametrize("edition", ["Community", "Enterprise"])
@pytest.mark.parametrize(("email", "named"), [("ana@example.com", "owner, ana@example.com, is"), (None, "owner is")])
def test_the_token_of_somebody_who_is_in_no_organisation_is_refused(edition: str, email: object, named: str) -> None:
    who = {**WHO, "email": email, "active_organization": None}
    server = Answering(reply(200, {"release": "1.23.2", "edition": edition}), reply(200, who))
    with pytest.raises(Forbidden, match=f"the token's {named} in no organisation") as caught:
        read_facts(server.session())
    assert (caught.value.exit_code, caught.value.findings[0].code) == (1, "LS703")
    assert "were they removed from it?" in caught.value.findings[0].hint


def test_a_server_below_a_wrong_path_answers_the_version_alone_and_is_told_as_one() -> None:
    with pytest.raises(Malformed, match="does not answer like a Label Studio server") as caught:
        read_facts(Answering(reply(200, {"release": "1.23.2"}), page(404, "404 | Label Studio")).session())
    assert caught.value.findings[0].hint == "the URL is the one of the start page, without /api"


@pytest.mark.parametrize(
    ("rows", "role"),
    [
        ([{"organization_id": 1, "role": "AD"}], "administrator"),
        ([{"organization_id": 2, "role": "AD"}, {"organization_id": 1, "role": "RE"}], "reviewer"),
        ([{"organization_id": 1, "role": "XX"}], "xx"),
        ([None, 3, {}], ""),
        (None, ""),
        ("OW", ""),
    ],
)
def test_the_caller_s_role_is_that_in_the_active_organisation(rows: object, role: str) -> None:
    server = Answering(
        reply(200, {"release": "2.29.0", "edition": "Enterprise"}), reply(200, {**WHO, "org_membership": rows})
    )
    assert read_facts(server.session()).role == role


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_403_of_a_write_does_not_speak_of_reading(method: str) -> None:
    session = Answering(envelope(403, "no")).session()
    with pytest.raises(Forbidden) as caught:
        {
            "GET": lambda: session.get("/api/x"),
            "POST": lambda: session.post("/api/x", {}),
            "PATCH": lambda: session.patch("/api/x", {}),
            "DELETE": lambda: session.delete("/api/x"),
        }[method]()
    assert ("unknown, not absent" in caught.value.findings[0].hint) is (method == "GET")
    assert ("change this" in caught.value.findings[0].hint) is (method != "GET")
