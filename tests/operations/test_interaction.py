"""What an operation tells and asks, and what it makes of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event as Stop
from typing import Any

import pytest

from lsops.engine.events import Event
from lsops.engine.needs import Consent
from lsops.errors import Finding, Refused
from lsops.operations.apply import Applied, ApplyRequest, apply_plan
from lsops.operations.interaction import Interaction, Question
from lsops.operations.load import load_manifest
from lsops.operations.plan import PlanRequest, plan_manifest
from lsops.server.session import Session
from tests.operations.conftest import Declare

ASK = ApplyRequest(Consent(), ask=True)
GONE = {"Old": {"lifecycle": {"absent": True}}}


class Person(Interaction):
    """Somebody who gives one answer, and remembers all that they heard."""

    answers = True

    def __init__(self, answer: str = "yes", *, hurry: bool = False) -> None:
        self.answer, self.hurry = answer, hurry
        self.heard: list[str] = []
        self.asked: list[Question] = []

    def note(self, text: str) -> None:
        self.heard.append(text)

    def warn(self, findings: Iterable[Finding]) -> None:
        self.heard += [one.code for one in findings]

    def confirm(self, question: Question) -> bool:
        self.asked.append(question)
        return self.answer == question.wanted

    @contextmanager
    def writing(self, total: int) -> Iterator[Stop]:
        stop = Stop()
        if self.hurry:
            stop.set()
        self.heard.append(f"{total} to make")
        yield stop
        self.heard.append("at rest")

    def listen(self, event: Event) -> None:
        self.heard.append(f"{event.event} {event.address}")

    def achieved(self, text: str) -> None:
        self.heard.append(text)


def apply(session: Session, declare: Declare, person: Person, request: ApplyRequest = ASK, **manifest: Any) -> Applied:
    plan = plan_manifest(load_manifest(declare(**manifest)), session).plan
    return apply_plan(plan, session, request, person)


def titles(session: Session) -> list[str]:
    return [row["title"] for row in session.pages("/api/projects/")]


def test_changes_are_told_between_the_begin_and_the_end_of_the_writing(session: Session, declare: Declare) -> None:
    person = Person()
    assert apply(session, declare, person, projects={"New": {}}).report.complete
    assert person.heard == [
        "1 to make",
        "started /projects/New",
        "done /projects/New",
        "Apply complete: 1 created, 0 updated, 0 replaced, 0 deleted.",
        "at rest",
    ]


def test_whoever_does_not_say_yes_has_nothing_written(session: Session, declare: Declare) -> None:
    person = Person("no")
    with pytest.raises(Refused) as refused:
        apply(session, declare, person, projects={"New": {}})
    assert (refused.value.findings[0].code, titles(session), person.heard) == ("LS801", [], [])
    assert person.asked == [Question("Type yes to make 1 change", "yes")]


def test_the_number_of_deletes_is_the_consent_to_them(session: Session, declare: Declare) -> None:
    session.post("/api/projects/", {"title": "Old"})
    assert apply(session, declare, Person("1"), projects=GONE).report.complete
    assert titles(session) == []


@pytest.mark.parametrize("answer", ["yes", "2", ""])
def test_no_other_answer_is(session: Session, declare: Declare, answer: str) -> None:
    session.post("/api/projects/", {"title": "Old"})
    with pytest.raises(Refused, match="not confirmed"):
        apply(session, declare, Person(answer), projects=GONE)
    assert titles(session) == ["Old"]


def test_no_answer_allows_a_loss(session: Session, declare: Declare) -> None:
    number = session.post("/api/projects/", {"title": "Old"})["id"]
    session.post(f"/api/projects/{number}/import", [{"data": {"t": "one"}}])
    person = Person("1")
    with pytest.raises(Refused) as refused:
        apply(session, declare, person, projects=GONE)
    assert ([item.code for item in refused.value.findings], person.asked) == (["LS804"], [])


def test_where_nobody_is_there_a_question_is_a_refusal(session: Session, declare: Declare) -> None:
    plan = plan_manifest(load_manifest(declare(projects={"New": {}})), session).plan
    with pytest.raises(Refused) as refused:
        apply_plan(plan, session, ASK)
    assert (refused.value.findings[0].code, titles(session)) == ("LS802", [])


def test_who_is_stopped_starts_no_other_change(session: Session, declare: Declare) -> None:
    report = apply(session, declare, Person(hurry=True), projects={"New": {}}).report
    assert (report.interrupted, [one.outcome for one in report.outcomes], titles(session)) == (True, ["skipped"], [])


def test_a_parent_that_no_target_covers_is_told(session: Session, declare: Declare) -> None:
    manifest = load_manifest(declare(projects={"New": {"views": {"Tab": {}}}}))
    person = Person()
    plan_manifest(manifest, session, PlanRequest(targets=("/projects/New/views/*",)), person)
    assert person.heard == ["/projects/New stands above a target: it is created if it is missing, and not changed"]
