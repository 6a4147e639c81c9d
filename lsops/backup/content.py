"""What of a saved task is sent to a server, and how a task that came from a backup is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lsops.backup.links import links_in, may_link, with_links

KEY: Final = "lsops"
"""The name in a task's `meta` under which lsops keeps from which task of which backup it was made."""
TAKEN_BACK: Final = ("data", "meta", "allow_skip")
OF_ANNOTATION: Final = ("id", "result", "was_cancelled", "ground_truth", "lead_time", "reviews")
OF_DRAFT: Final = ("id", "annotation", "result", "lead_time", "was_postponed")
OF_PREDICTION: Final = ("result", "score", "model_version")
_AUTHORS: Final = {"annotations": "completed_by", "drafts": "user", "predictions": ""}
"""What people and models make of a task, each with the key of its author; a prediction has none."""
NOT_TAKEN_BACK: Final = (
    "ids (the old one of an annotation is kept as its import_id), dates, and who changed something last",
    "the history of annotations, and from which annotation or prediction one was made",
    "assignments, and from which storage or file a task came",
)
"""What no server takes back, in words."""


@dataclass(frozen=True, slots=True)
class People:
    """Whose work is whose on the new server: `there` are its people, `renamed` maps old e-mails to new ones.

    E-mails are the same whatever their case.
    """

    there: Mapping[str, str]
    renamed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, there: Iterable[str], renamed: Mapping[str, str]) -> People:
        """From e-mails as they are written."""
        folded = {old.strip().lower(): new.strip() for old, new in renamed.items()}
        return cls({email.lower(): email for email in there}, folded)

    def now(self, email: str) -> str:
        """The e-mail of the same person there; empty for one who is not."""
        old = email.strip().lower()
        return self.there.get(self.renamed.get(old, old).lower(), "")

    def missing(self, emails: Iterable[str]) -> tuple[str, ...]:
        """Who is not there, in order."""
        return tuple(sorted(email for email in set(emails) if not self.now(email)))


@dataclass(slots=True)
class TaskTotals:
    """What many tasks bring: how many of each sort, the e-mails of `people` who annotated or drafted.

    `links` are those to uploaded files, each once, in their order.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("tasks", *_AUTHORS), 0))
    people: set[str] = field(default_factory=set)
    links: dict[str, None] = field(default_factory=dict)

    def add(self, task: Mapping[str, Any], text: str) -> None:
        """One task more, and the text that it was read from: to look into that is cheaper than into its values."""
        self.counts["tasks"] += 1
        for name, author in _AUTHORS.items():
            found = task.get(name)
            if not found or not isinstance(found, list):
                continue
            for one in found:
                if isinstance(one, dict):
                    self.counts[name] += 1
                    if author and (email := email_of(one.get(author))):
                        self.people.add(email)
        if may_link(text):
            self.links.update(dict.fromkeys(links_in(task.get("data"))))


def email_of(person: Any) -> str:
    """The e-mail of a person as an export names one: as an object with one, or as text."""
    email = person.get("email") if isinstance(person, dict) else person
    return email if isinstance(email, str) and "@" in email else ""


def task_key(backup: str, entry: int, number: int) -> str:
    """What tells the task of that number in that entry of a backup from every other one."""
    return f"{backup}.{entry}/{number}"


def number_in(meta: Any, backup: str, entry: int) -> int:
    """Which task of an entry a live one was made of; 0 for none of it."""
    told = meta.get(KEY) if isinstance(meta, dict) else None
    key = told.get("backup") if isinstance(told, dict) else None
    before, _, number = key.partition("/") if isinstance(key, str) else ("", "", "")
    fits = before == f"{backup}.{entry}" and number.isdecimal() and len(number) < 13
    return int(number) if fits else 0


def sent_task(task: Mapping[str, Any], key: str, people: People, links: Mapping[str, str]) -> dict[str, Any]:
    """The task as an import takes it: with its key, its people as they are there, and links to the new files."""
    kept = {name: task[name] for name in TAKEN_BACK if task.get(name) is not None}
    meta = kept["meta"] if isinstance(kept.get("meta"), dict) else {}
    ours = meta[KEY] if isinstance(meta.get(KEY), dict) else {}
    return {
        **kept,
        "data": with_links(task.get("data"), links),
        "meta": {**meta, KEY: {**ours, "backup": key}},
        "annotations": [_annotation(one, people) for one in _list(task, "annotations")],
        "drafts": [_draft(one, people) for one in _list(task, "drafts")],
        "predictions": [_some(one, OF_PREDICTION) for one in _list(task, "predictions")],
    }


def has_drafts(task: Mapping[str, Any]) -> bool:
    """Whether a task brings drafts."""
    return bool(_list(task, "drafts"))


def missing_drafts(saved: Mapping[str, Any], live: Mapping[str, Any]) -> Iterator[tuple[int | None, dict[str, Any]]]:
    """Drafts of a saved task that the live one made of it lacks, each with its annotation there.

    Only the caller's are shown. Where there are some and none is the caller's, the import has made them, each with its
    author; Community imports none.
    """
    own = [(one.get("annotation"), one.get("result")) for one in _list(live, "drafts")]
    if live.get("draft_exists") and not own:
        return
    ids = {one.get("import_id"): one.get("id") for one in _list(live, "annotations")}
    for draft in _list(saved, "drafts"):
        of = draft.get("annotation")
        annotation = ids.get(of) if of is not None else None
        if of is not None and annotation is None:
            continue  # its annotation is not there
        if (annotation, draft.get("result")) in own:
            own.remove((annotation, draft.get("result")))
        else:
            yield annotation, _some(draft, ("result", "lead_time", "was_postponed"))


def _annotation(one: Mapping[str, Any], people: People) -> dict[str, Any]:
    email = people.now(email_of(one.get("completed_by")))
    return {
        "was_cancelled": False,
        "ground_truth": False,
        **_some(one, OF_ANNOTATION),
        **({"completed_by": {"email": email}} if email else {}),
    }


def _draft(one: Mapping[str, Any], people: People) -> dict[str, Any]:
    email = people.now(email_of(one.get("user")))
    return {**_some(one, OF_DRAFT), **({"user": email} if email else {})}


def _some(one: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: one[name] for name in names if one.get(name) is not None}


def _list(task: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = task.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
