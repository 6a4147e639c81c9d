"""Running the cases of a kind on a server: what is planned, sent, reported and kept, against what the file says.

What is wrong is told in words, one text a problem, so that a run of many fields says all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.kind_bench import Bench, Sheet
from tests.support.kind_cases import Case, Cases, Refused, Step
from tests.support.kind_requests import Expected, compared, holds, inside
from tests.support.wire import Sent, writes

Found = Mapping[str, Mapping[str, Any]]
"""Changes or outcomes, by address."""


def problems(cases: Cases, bench: Bench) -> list[str]:
    """What a run of all cases finds wrong, empty where everything is as the file says."""
    going = [case for case in cases.cases if case.steps]
    groups = [going] if cases.is_together else [[case] for case in going]
    parent = _parent(Sheet(cases, bench))
    return [text for group in groups if group for text in Run(Sheet(cases, bench), group, parent).problems()]


def _parent(sheet: Sheet) -> Any:
    """The id of what stands above the collection, which is made first; None for a collection at the top."""
    sheet.write({})
    if "/*/" not in sheet.cases.schema.collection:
        return None
    (outcome,) = sheet.bench.apply().values()
    return outcome["id"]


@dataclass
class Run:
    """Some cases of one file in one manifest, step by step.

    `ids` are those of their objects by field, `old` those before the last replace; `number` is the step.
    """

    sheet: Sheet
    group: list[Case]
    parent: Any
    ids: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    number: int = 0

    @property
    def cases(self) -> Cases:
        return self.sheet.cases

    @property
    def bench(self) -> Bench:
        return self.sheet.bench

    def problems(self) -> list[str]:
        """What goes wrong in the first step in which anything does."""
        for number in range(max(len(case.steps) for case in self.group)):
            self.number = number
            if found := list(self._step()):
                return [f"step {number + 1}: {text}" for text in found]
        return [f"at the end: {text}" for text in self._removed()]

    # ---- the manifest ------------------------------------------------------------------------

    @property
    def _moving(self) -> list[Case]:
        """The cases that have this step; others stay where they are."""
        return [case for case in self.group if self.number < len(case.steps)]

    def _at(self, case: Case) -> Step:
        """Where a case stands; the last step stays."""
        return case.steps[min(self.number, len(case.steps) - 1)]

    def _name(self, case: Case) -> str:
        return self.sheet.name(case, self._at(case).value)

    def _address(self, case: Case) -> str:
        return self.sheet.address(self._name(case))

    def _entry(self, case: Case, **rules: Any) -> dict[str, Any]:
        """The entry of a case as it now is; another key is a rename."""
        step = self._at(case)
        if case.is_key and step.word == "changed" and self.number < len(case.steps):
            rules = {"renamed_from": self.sheet.name(case, case.steps[self.number - 1].value), **rules}
        if case.is_part and case.name in self.ids:
            rules = {"id": self.ids[case.name], **rules}
        is_hidden = case.field.secret and step.value is not None
        return self.sheet.entry(case, f"${{env:{_variable(case)}}}" if is_hidden else step.value, **rules)

    def _write(self, **rules: Any) -> None:
        secrets = {_variable(case): str(self._at(case).value) for case in self.group if case.field.secret}
        self.sheet.write({self._name(case): self._entry(case, **rules) for case in self.group}, secrets)

    # ---- steps -------------------------------------------------------------------------------

    def _step(self) -> Iterator[str]:
        """What is seen is planned; what nobody sees is not, and is sent when asked."""
        self._write()
        unseen = [case for case in self._moving if case.is_hidden and self._at(case).action != "create"]
        seen = [case for case in self._moving if case not in unseen]
        if not self.bench.slow:
            yield from self._planned(seen, self.bench.changes())
        flags = [part for case in unseen for part in ("--resend-secrets", self._address(case))]
        with writes() as sent:
            outcomes = self.bench.apply("--allow-deletes", str(len(self.group)), *flags)
        owed = {self._address(case): self._at(case).action for case in self._moving if self._at(case).action}
        yield from self._outcomes(outcomes, owed)
        yield from compared(self._requests(), sent)
        yield from self._rows()
        yield from self._settled()

    def _removed(self) -> Iterator[str]:
        """The entries say `absent`, where the kind can be deleted."""
        flow = self.cases.said["requests"].get("delete")
        if flow is None:
            return
        self.number += 1
        self._write(absent=True)
        with writes() as sent:
            outcomes = self.bench.apply("--allow-deletes", str(len(self.group)))
        yield from self._outcomes(outcomes, {self._address(case): "delete" for case in self.group})
        calls = [call for one in flow for call in one.items()]
        yield from compared((self._request(case, None, *call) for case in self.group for call in calls), sent)
        yield from self._settled()

    # ---- what is looked at -------------------------------------------------------------------

    def _planned(self, seen: Iterable[Case], changes: Found) -> Iterator[str]:
        """Each case that moves is one change of its own field, and nothing else is one."""
        wanted = {self._address(case): case for case in seen if self._at(case).action}
        for address in sorted(changes.keys() ^ wanted.keys()):
            yield f"{address} is {'planned' if address in changes else 'not planned'}"
        for address in sorted(changes.keys() & wanted.keys()):
            change, case = changes[address], wanted[address]
            paths = [*(item["path"] for item in change["fields"]), *change["secrets"]]
            names, expected = {path.split("/")[1] for path in paths}, self._named(case)
            if change["action"] != self._at(case).action:
                yield f"{address}: the plan is to {change['action']}, not to {self._at(case).action}"
            if names != expected:
                yield f"{address}: the plan names {sorted(names)}, not {sorted(expected)}"

    def _named(self, case: Case) -> set[str]:
        """The fields that the change of a case names: all that is declared of what is made."""
        if self._at(case).action == "create":
            return {*self._entry(case), self.cases.schema.key} - {""}
        return {case.name, *case.also}

    def _outcomes(self, outcomes: Found, owed: Mapping[str, str]) -> Iterator[str]:
        """The changes of these actions are carried out, by address, and no other; the ids are known from then on."""
        for case in self._moving:
            outcome = outcomes.get(self._address(case), {})
            if "id" in outcome:
                self.old[case.name] = self.ids.get(case.name)
                self.ids[case.name] = outcome["id"]
        actions = {address: outcome["action"] for address, outcome in outcomes.items()}
        if actions != owed:
            yield f"carried out is {actions}, not {owed}"
        failed = (outcome for outcome in outcomes.values() if outcome["outcome"] != "done")
        yield from (f"{one['address']} is {one['outcome']}: {one.get('reason')}" for one in failed)

    def _requests(self) -> Iterator[Expected]:
        for case in self._moving:
            step = self._at(case)
            yield from (self._request(case, step, call, body) for call, body in case.requests(step))

    def _request(self, case: Case, step: Step | None, call: str, body: Any) -> Expected:
        """An expected request of a case: ids in its path, and in its body what the entry declares."""
        ids = {"id": self.ids.get(case.name), "old": self.old.get(case.name)}
        names = {**ids, "parent": self.parent, "type": self.cases.variant}
        method, path = self.bench.filled(call, **names).split(" ")
        if isinstance(body, Mapping):
            values = self.bench.filled(body, **names)
        else:
            values = self._values(case, step, self._keys(case, body))
            body = self._keys(case, body)
        return Expected(case.name, case.field, method, path, values, frozenset(body))

    def _keys(self, case: Case, words: Iterable[str]) -> set[str]:
        """The keys of a body: words in angle brackets stand for what the entry declares."""
        entry = self._entry(case).keys() - {"lifecycle"}
        several = {
            "<declared>": {*entry, self.cases.schema.key} - {self.cases.schema.discriminator, ""},
            "<secrets>": {name for name in entry if self.cases.is_secret(name)},
            "<field>": {case.name},
        }
        return {key for word in words for key in several.get(word, {word})}

    def _values(self, case: Case, step: Step | None, keys: set[str]) -> dict[str, Any]:
        """Of those keys, the values that are known: that of the field, and that of the key."""
        key = self.cases.schema.key
        known = {key: self._name(case)} if key in keys else {}
        own = {case.name: self.bench.filled(step.sent)} if step is not None and case.name in keys else {}
        return {**known, **own}

    def _rows(self) -> Iterator[str]:
        """The server shows of every case what its step says, those that did not move included."""
        row_of, within = self._reader(), self.cases.said["read"].get("inside", "")
        for case in self.group:
            wanted = self.bench.filled(self._at(case).shown)
            path = case.said.get("shown_at") or (f"{within}.{case.name}" if within else case.name)
            held = inside(row_of(case), path)
            if not case.is_hidden and not holds(held, wanted, case.field):
                yield f"{self._address(case)}: the server holds {held!r}, not {wanted!r}"

    def _reader(self) -> Callable[[Case], Any]:
        """What finds the row of a case: by a request of its own where the path has an id, else in one list.

        What has no id is found by its key.
        """
        read = self.cases.said["read"]
        if "{id}" in read["path"]:
            return lambda case: self._get(read, id=self.ids[case.name]) if case.name in self.ids else None
        if self.cases.schema.singleton:
            return lambda case: self._get(case.said.get("read", read))
        by_id = {inside(row, read.get("id", "id")): row for row in self._get(read)}
        return lambda case: by_id.get(self.ids.get(case.name) or self._name(case))

    def _get(self, read: Mapping[str, Any], **names: Any) -> Any:
        path = self.bench.filled(read["path"], parent=self.parent, type=self.cases.variant, **names)
        return inside(self.bench.api.get(path).raise_for_status().json(), read.get("rows", ""))

    def _settled(self) -> Iterator[str]:
        ran = self.bench.lsops("plan", "--detailed-exitcode")
        if ran.code != 0:
            yield f"a second plan is not empty:\n{ran.out}{ran.err}"


def _variable(case: Case) -> str:
    """The environment variable with the secret of a case."""
    return f"CASE_{case.name.upper()}"


# ---- refusals ----------------------------------------------------------------------------------


def refusals(cases: Cases, bench: Bench) -> list[str]:
    """What is not refused, or refused otherwise than the file says."""
    sheet = Sheet(cases, bench)
    return [
        f"{case.name}: {refused.value!r}: {text}"
        for case in cases.cases
        for refused in case.refused
        for text in _refusal(sheet, case, refused)
    ]


def _refusal(sheet: Sheet, case: Case, refused: Refused) -> Iterator[str]:
    said, sent = attempt(sheet, case, refused.value)
    if [code for code, _ in said] != [refused.code] or refused.says not in said[0][1]:
        yield f"it says {said}, not {refused.code} {refused.says!r}"
    if bool(sent) != refused.by_server:
        yield f"{sent[0]} is sent" if sent else "nothing is sent"


def attempt(sheet: Sheet, case: Case, value: Any) -> tuple[list[tuple[str, str]], list[Sent]]:
    """Code and message of each error of an apply of one value, and what it sent; a failed change has no code."""
    sheet.write({sheet.name(case, value): sheet.entry(case, value)})
    with writes() as sent:
        ran = sheet.bench.lsops("apply", "--yes", "--format", "json")
    document = ran.json()
    errors = [(error["code"], error["message"]) for error in document.get("errors", ())]
    failed = [("", one["reason"]) for one in document.get("outcomes", ()) if one["outcome"] == "failed"]
    return errors + failed, sent
