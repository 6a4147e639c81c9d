"""A token and a secret that nothing may print, whatever happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from lsops.cli.output import Output
from lsops.cli.progress import audit, together
from lsops.engine.events import Event
from lsops.kinds import registry
from lsops.sandbox import create_app
from tests.support.cli import Lsops, Ran
from tests.support.sandbox import client_of, served, served_app

pytestmark = pytest.mark.usefixtures("short_pauses")

TOKEN = "c0ffee" * 6 + "dead"
SECRET = 'canary-of-the\n"manifest"  ünd $tail'
TELLTALES = (TOKEN, "canary", "tail")
MANIFEST = """
    version: 1
    projects:
      One: {task_data_login: ana, task_data_password: "${%s}"}
"""
LOUD = ("-vv", "--debug", "--log-format", "json")
SOURCES = {"env": "env:WORD", "file": "file:secrets/word", "absolute": "file:%s/outside/word"}


@pytest.fixture(params=SOURCES)
def secret(request: pytest.FixtureRequest, lsops: Lsops) -> str:
    """A manifest with a secret from each kind of source; the flags that it needs."""
    for folder in ("secrets", "outside"):
        (lsops.folder / folder).mkdir()
        (lsops.folder / folder / "word").write_text(SECRET + "\n", "utf-8")
    lsops.setenv(WORD=SECRET, LABEL_STUDIO_API_KEY=TOKEN)
    lsops.write(MANIFEST % SOURCES[request.param].replace("%s", str(lsops.folder)))
    if request.param == "absolute":
        lsops.setenv(LSOPS_SECRETS_DIR=str(lsops.folder / "outside"))
    return str(request.param)


def silent(lsops: Lsops, ran: Ran) -> Ran:
    """The run, of which neither output nor any file that it wrote holds a canary."""
    written = [path for path in lsops.folder.iterdir() if path.suffix in (".json", ".log")]
    for text in (ran.out, ran.err, *(path.read_text("utf-8") for path in written)):
        assert not [word for word in TELLTALES if word in text]
    return ran


def password(lsops: Lsops) -> Any:
    """What the served sandbox holds."""
    with client_of(lsops.folder / "served.db", edition="community") as client:
        return client.get("/api/projects/1/").json()["task_data_password"]


Wsgi = Callable[[Any, Any], Any]


@contextmanager
def serving(lsops: Lsops, around: Callable[[Wsgi], Wsgi]) -> Iterator[None]:
    """A sandbox over HTTP with something around it, and `lsops` aimed at it."""
    with served_app(around(create_app(lsops.folder / "served.db", edition="community", token=TOKEN))) as url:
        lsops.setenv(LABEL_STUDIO_URL=url)
        yield


def echo_of(status: int) -> Callable[[Wsgi], Wsgi]:
    """Writes are answered with their own body and headers."""

    def around(app: Wsgi) -> Wsgi:
        def answer(environ: Any, start_response: Any) -> Any:
            if environ["REQUEST_METHOD"] == "GET":
                return app(environ, start_response)
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
            detail = [sent, json.loads(sent), repr(json.loads(sent)), environ["HTTP_AUTHORIZATION"]]
            body = json.dumps({"detail": detail}).encode()
            start_response(f"{status} Odd", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
            return [body]

        return answer

    return around


def test_no_verb_prints_the_token_or_the_secret(lsops: Lsops, secret: str) -> None:
    with served(lsops.folder / "served.db", edition="community", token=TOKEN) as url:
        lsops.setenv(LABEL_STUDIO_URL=url)
        for form in ("text", "json"):
            silent(lsops, lsops("validate", *LOUD, "--format", form))
            assert silent(lsops, lsops("plan", "--out", "p.json", "--check", *LOUD, "--format", form)).code == 0
            silent(lsops, lsops("show", "p.json", "--format", form))
            assert silent(lsops, lsops("doctor", *LOUD, "--format", form)).code == 0
        ran = lsops("apply", "--yes", "--audit", "audit.log", *LOUD)
        assert silent(lsops, ran).code == 0, ran
        assert password(lsops) == SECRET
        ran = lsops("apply", "--yes", "--audit", "audit.log", "--resend-secrets", "/**", *LOUD, "--format", "json")
        assert silent(lsops, ran).code == 0, ran


@pytest.mark.parametrize("secret", ["env"], indirect=True)
@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_server_that_echoes_what_it_was_sent_is_not_repeated(lsops: Lsops, secret: str, status: int) -> None:
    arguments = ("apply", "--yes", "--settle-timeout", "0", "--audit", "audit.log", *LOUD, "--format")
    with serving(lsops, echo_of(status)):
        for form in ("text", "json"):
            ran = silent(lsops, lsops(*arguments, form))
            assert ran.code == 4, ran
            assert str(status) in ran.out
            assert "***" in ran.out


@pytest.mark.parametrize("secret", ["env"], indirect=True)
def test_a_secret_that_the_server_returns_changed_is_not_shown(lsops: Lsops, secret: str) -> None:
    with served(lsops.folder / "served.db", edition="community", token=TOKEN) as url:
        lsops.setenv(LABEL_STUDIO_URL=url)
        assert lsops("apply", "--yes").code == 0
        for form in ("text", "json"):
            ran = silent(lsops, lsops("plan", "-v", "--resend-secrets", "/**", "--format", form))
            assert "***" in ran.out or "${" in ran.out


@pytest.mark.parametrize("secret", ["env"], indirect=True)
@pytest.mark.parametrize("fault", ["drop", "drop-before", "html=502", "truncate", "401"])
def test_a_lost_or_broken_answer_says_nothing_of_what_was_sent(lsops: Lsops, secret: str, fault: str) -> None:
    faults = (f"POST /api/projects/:{fault}",)
    with served(lsops.folder / "served.db", edition="community", token=TOKEN, faults=faults) as url:
        lsops.setenv(LABEL_STUDIO_URL=url)
        silent(lsops, lsops("apply", "--yes", "--settle-timeout", "0.1", "--audit", "audit.log", *LOUD))


@pytest.mark.parametrize("secret", ["env"], indirect=True)
@pytest.mark.parametrize("verb", ["plan", "doctor"])
def test_a_token_that_is_refused_is_not_shown(lsops: Lsops, secret: str, verb: str) -> None:
    with served(token="e" * 40) as url:
        lsops.setenv(LABEL_STUDIO_URL=url)
        ran = silent(lsops, lsops(verb, *LOUD))
    assert ran.code == 1
    assert '"event": "error", "code": "LS702"' in ran.err


@pytest.mark.parametrize("secret", ["env"], indirect=True)
def test_a_bug_is_told_without_its_values(lsops: Lsops, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(session: Any, body: Any, where: Any) -> Any:
        raise RuntimeError(body)

    monkeypatch.setattr(registry()["project"], "create", broken)
    with served(lsops.folder / "served.db", edition="community", token=TOKEN) as url:
        lsops.setenv(LABEL_STUDIO_URL=url)
        ran = silent(lsops, lsops("apply", "--yes", *LOUD, "--format", "json"))
    assert ran.code == 4
    assert "lsops met a bug: RuntimeError" in ran.json()["outcomes"][0]["reason"]
    assert "lsops met a bug: RuntimeError" in ran.err


@pytest.mark.parametrize(
    "value", ["canary", '"${var:canary}"', '"x${env:WORD}"', "[canary]", "{a: canary}", "!!binary canary"]
)
@pytest.mark.parametrize("verb", ["validate", "plan", "apply"])
def test_a_secret_written_out_is_refused_and_not_repeated(lsops: Lsops, community: Any, value: str, verb: str) -> None:
    lsops.write(f"version: 1\nvars: {{canary: canary}}\nprojects: {{One: {{task_data_password: {value}}}}}\n")
    for form in ("text", "json"):
        ran = lsops(verb, "--format", form)
        assert ran.code == 3
        assert "lsops.yaml:3:" in ran.err
        assert "canary" not in (ran.out + ran.err).replace("${var:canary}", "")


def test_unset_secrets_are_all_named_before_the_first_write(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(
        """
        version: 1
        projects:
          One: {description: no secret}
          Two: {task_data_password: "${env:WORD_ONE}"}
          Three:
            task_data_password: ${file:secrets/nowhere}
          Four: {task_data_password: "${env:EMPTY}"}
        """
    )
    lsops.setenv(EMPTY="")
    assert lsops("validate").code == lsops("plan").code == 0
    ran = lsops("apply", "--yes")
    assert ran.code == 3
    assert [row.split(" error")[0] for row in ran.err.splitlines() if "LS406" in row] == [
        "lsops.yaml:4:29:",
        "lsops.yaml:6:25:",
        "lsops.yaml:7:30:",
    ]
    assert community.get("/api/projects/").json()["count"] == 0


def test_an_audit_file_that_exists_becomes_the_owner_s_alone(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {}}\n")
    path = lsops.folder / "audit.log"
    path.write_text("before\n", "utf-8")
    path.chmod(0o644)
    assert lsops("apply", "--yes", "--audit", "audit.log").code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text("utf-8").startswith("before\n{")


EVENT = Event("done", "/projects/One\ud800", "project", "create")


@pytest.mark.parametrize("problem", [OSError(28, "No space left"), ValueError("closed"), BrokenPipeError(32, "pipe")])
def test_a_log_that_cannot_be_written_is_told_once_and_dropped(
    problem: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[str] = []

    def broken(event: Event) -> None:
        heard.append("broken")
        raise problem

    listen = together(broken, lambda event: heard.append(event.event), note=Output().note)
    listen(EVENT)
    listen(EVENT)
    assert heard == ["broken", "done", "done"]
    assert capsys.readouterr().err.count("a log cannot be written any more, the changes go on") == 1


def test_half_a_character_does_not_end_the_audit(tmp_path: Path) -> None:
    with audit(tmp_path / "audit.log") as listen:
        listen(EVENT)
    assert json.loads((tmp_path / "audit.log").read_text("utf-8"))["address"] == EVENT.address


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
def test_a_full_disk_does_not_end_an_apply(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {}, Two: {}}\n")
    ran = lsops("apply", "--yes", "--audit", "/dev/full")
    assert ran.code == 0, ran
    assert ran.err.count("No space left on device") == 1
    assert community.get("/api/projects/").json()["count"] == 2


CHECKED = """
    version: 1
    projects:
      One:
        label_config: <View><Text name="t" value="$t"/></View>
        import_storages: {in: {type: s3, bucket: b}}
"""
UNANSWERED = ["503", "502", "504", "drop", "drop-before", "401", "html", "404"]


@pytest.mark.parametrize("fault", [*UNANSWERED, "500"])
def test_a_check_of_label_configs_without_an_answer_is_no_finding(lsops: Lsops, fault: str) -> None:
    lsops.write(CHECKED)
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
    with served(token=TOKEN, edition="community", faults=(f"POST /api/projects/validate/:{fault}",)) as url:
        ran = lsops("plan", "--check", "--out", "plan.json", "-s", url)
    assert (ran.code, (lsops.folder / "plan.json").exists()) == (1, False), ran
    assert "POST /api/projects/validate/" in ran.err


@pytest.mark.parametrize(("fault", "code"), [*((fault, 1) for fault in UNANSWERED), ("500", 3), ("400", 3), ("403", 3)])
def test_a_check_of_storages_without_an_answer_is_no_finding(lsops: Lsops, fault: str, code: int) -> None:
    lsops.write("version: 1\nprojects: {One: {}}\n")
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
    faults = (f"POST /api/storages/s3/validate:{fault}",)
    with served(lsops.folder / "served.db", edition="community", token=TOKEN, faults=faults) as url:
        assert lsops("apply", "--yes", "-s", url).code == 0
        lsops.write(CHECKED)
        ran = lsops("apply", "--yes", "--check-storages", "-s", url)
        assert ran.code == code, ran
        assert lsops("plan", "--detailed-exitcode", "-s", url).code == 2


def test_a_refused_apply_names_every_failed_read_in_json(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects: {One: {import_storages: {}}}\nsession_policy: {max_session_age: 60}\n")
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
    faults = ("GET /api/session-policy/:500", "GET /api/projects/:403")
    with served(token=TOKEN, edition="community", faults=faults) as url:
        ran = lsops("apply", "--yes", "--format", "json", "-s", url)
    assert ran.code == 1
    *failures, summary = ran.json()["errors"]
    assert {(item["code"], item["address"]) for item in failures} == {
        ("LS706", "/session_policy"),
        ("LS703", "/projects"),
    }
    assert summary["message"].startswith("nothing was written")


def test_an_audit_file_is_the_owner_s_alone(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {}}\n")
    assert lsops("apply", "--yes", "--audit", "audit.log").code == 0
    path = Path(lsops.folder / "audit.log")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [json.loads(row)["event"] for row in path.read_text("utf-8").splitlines()] == ["started", "done"]
