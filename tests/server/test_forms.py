"""What an answer must look like, told by its key."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.errors import Malformed
from lsops.server.forms import COUNT, ID, LIST, MAP, ROW, SWITCH, TEXT, Form, OrNull, held
from tests.server.answering import Answering, reply

PERSON = Form(
    needed={"id": ID, "user": Form(needed={"id": ID}, known={"email": OrNull(TEXT)})},
    known={"active": SWITCH, "count": COUNT, "tags": LIST, "extra": OrNull(MAP)},
)
GOOD: dict[str, Any] = {"id": 1, "user": {"id": 2}}
MORE = {"active": False, "count": 0, "tags": [], "extra": None, "new": ["whatever"]}


@pytest.mark.parametrize("value", [GOOD, {**GOOD, **MORE}, {**GOOD, "user": {"id": 2, "email": None}, "extra": {}}])
def test_keys_that_a_form_does_not_name_may_be_anything(value: Any) -> None:
    assert held(value, PERSON, "GET /x") is value


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ([], "the answer is a list, not an object"),
        (None, "the answer is null, not an object"),
        ({"id": 1}, "user is missing"),
        ({**GOOD, "id": "1"}, "id is text, not a whole number above 0"),
        ({**GOOD, "id": True}, "id is true, not a whole number above 0"),
        ({**GOOD, "user": 2}, "user is a number, not an object"),
        ({**GOOD, "user": {}}, "user.id is missing"),
        ({**GOOD, "user": {"id": {"id": 2}}}, "user.id is an object, not a whole number above 0"),
        ({**GOOD, "user": {"id": 2, "email": ["canary"]}}, "user.email is a list, not text"),
        ({**GOOD, "active": 1}, "active is a number, not true or false"),
        ({**GOOD, "count": False}, "count is false, not a whole number"),
        ({**GOOD, "count": -3}, "count is a number below 0, not a whole number"),
        ({**GOOD, "tags": "canary"}, "tags is text, not a list"),
        ({**GOOD, "extra": "canary"}, "extra is text, not an object"),
    ],
)
def test_another_form_is_told_by_request_and_key_and_never_by_content(value: Any, fault: str) -> None:
    session = Answering(reply(200, value)).session()
    for method, ask in (
        ("GET", lambda: session.get("/x", form=PERSON)),
        ("POST", lambda: session.post("/x", {}, form=PERSON)),
        ("PATCH", lambda: session.patch("/x", {}, form=PERSON)),
    ):
        with pytest.raises(Malformed, match=f"^{method} /x: the server's answer makes no sense: {fault}$") as caught:
            ask()
        assert caught.value.findings[0].code == "LS707"
        assert "canary" not in repr(caught.value.findings)


def test_a_form_in_part_lets_keys_be_missing_and_no_type_be_wrong() -> None:
    assert held({}, ROW.in_part, "PATCH /x") == {}
    with pytest.raises(Malformed, match="id is null"):
        held({"id": None}, ROW.in_part, "PATCH /x")
