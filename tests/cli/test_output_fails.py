"""An output that takes nothing more: no traceback, a clear error, and the truth about what was done by then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_interrupt import MANIFEST, ROOT, TITLES, sandbox, started, titles, wait_for
from tests.support.cli import Lsops
from tests.support.sandbox import served

TOKEN = "f" * 40
VERBS = (
    "plan",
    "plan --format json",
    "plan --format markdown",
    "drift",
    "drift --format json",
    "validate",
    "validate --format json",
    "doctor",
    "doctor --format json",
    "schema",
    "schema project",
    "version",
    "completion bash",
    "show plan.json",
    "init new",
    "--help",
    "plan --help",
)
FAILED = "error[LS608]: the output cannot be written: "


def shell(lsops: Lsops, command: str, url: str = "sandbox:") -> subprocess.CompletedProcess[str]:
    """`lsops` in a shell; `{}` in the command is its place."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LABEL_STUDIO_URL": url}
    if url != "sandbox:":
        env["LABEL_STUDIO_API_KEY"] = TOKEN
    command = command.replace("{}", f"{sys.executable} -m lsops")
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], check=False, cwd=lsops.folder, env=env,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def no_trace(ran: subprocess.CompletedProcess[str]) -> None:
    for words in ("Traceback", "Exception ignored", "LS901", "BrokenPipe"):
        assert words not in ran.stderr + ran.stdout, ran


@pytest.mark.thinned(6)
@pytest.mark.parametrize("verb", VERBS)
def test_a_full_disk_is_a_clear_error(lsops: Lsops, verb: str) -> None:
    lsops.write(MANIFEST)
    if "plan.json" in verb:
        assert shell(lsops, "{} plan --out plan.json").returncode == 0
    ran = shell(lsops, f"{{}} {verb} > /dev/full")
    no_trace(ran)
    assert (ran.returncode, FAILED + "No space left on device" in ran.stderr) == (1, True), ran


@pytest.mark.parametrize("how", [">&-", "2>&-", "<&-", "2>/dev/full", "> /dev/full 2>&1", "| true"])
def test_a_stream_that_is_not_there_gives_no_traceback(lsops: Lsops, how: str) -> None:
    lsops.write(MANIFEST)
    for verb in ("plan --format json", "apply --yes"):
        no_trace(shell(lsops, f"{{}} {verb} {how}"))


@pytest.mark.parametrize("how", ["2>&-", "2>/dev/full"])
def test_a_stderr_that_takes_nothing_is_no_reason_to_stop(lsops: Lsops, how: str) -> None:
    with sandbox(lsops) as url:
        ran = shell(lsops, f"{{}} apply --yes {how}", url)
    assert (ran.returncode, ran.stdout.splitlines()[-1][:14]) == (0, "Apply complete")
    assert titles(lsops) == sorted(TITLES)


# ---- apply -------------------------------------------------------------------------------------


def test_an_apply_that_cannot_show_its_plan_makes_nothing(lsops: Lsops) -> None:
    with sandbox(lsops) as url:
        ran = shell(lsops, "{} apply --yes > /dev/full", url)
    no_trace(ran)
    assert (ran.returncode, titles(lsops)) == (1, [])
    assert FAILED in ran.stderr


@pytest.mark.parametrize(("faults", "code", "said"), [
    ((), 4, f"Apply complete: {len(TITLES)} created"),
    (("POST /api/projects/:400:times=1",), 4, f"Apply incomplete: {len(TITLES) - 1} done, 1 failed"),
])  # fmt: skip
@pytest.mark.parametrize("out", ["> /dev/full", ">&-", "| true"])
def test_a_report_that_cannot_be_printed_is_told_on_stderr(
    lsops: Lsops, out: str, faults: tuple[str, ...], code: int, said: str
) -> None:
    with sandbox(lsops, *faults) as url:
        ran = shell(lsops, "{} apply --yes --format json " + out, url)
    no_trace(ran)
    assert ran.returncode == code, ran
    assert said in ran.stderr
    assert "error[LS608]: the output cannot be written: " in ran.stderr
    assert "the changes were made all the same; what was done stands above" in ran.stderr
    assert len(titles(lsops)) == len(TITLES) - len(faults)


def test_a_report_of_nothing_that_cannot_be_printed_says_that_nothing_was_written(lsops: Lsops) -> None:
    with sandbox(lsops) as url:
        assert shell(lsops, "{} apply --yes", url).returncode == 0
        ran = shell(lsops, "{} apply --yes --format json > /dev/full", url)
    assert (ran.returncode, "error[LS608]" in ran.stderr) == (1, True)


def test_each_failure_is_printed_once(lsops: Lsops) -> None:
    with sandbox(lsops, "POST /api/projects/:400:times=1") as url:
        ran = shell(lsops, "{} apply --yes", url)
    assert (ran.stdout + ran.stderr).count("400 ") == 1, ran
    assert f"failed create /projects/{TITLES[0]}\n" in ran.stderr


# ---- invitations -------------------------------------------------------------------------------

PEOPLE = """
    version: 1
    members:
      ana@example.com: reviewer
      ben@example.com: annotator
      eve@example.com: manager
    workspaces: {Radiology: {}}
"""
MAIL = "POST /api/invite/send-email"


def invited(lsops: Lsops, *faults: str, signals: int) -> tuple[int, str, str]:
    """An apply that is interrupted while it mails the second of three."""
    lsops.write(PEOPLE)
    with (
        served(lsops.folder / "served.db", token=TOKEN, faults=faults, edition="enterprise") as url,
        started(lsops, url, "apply", "--yes", "--invite") as process,
    ):
        wait_for(process, "invited ana@example.com")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        if signals > 1:
            wait_for(process, "once more stops at once")
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    return process.returncode, out, err


def test_an_interrupt_while_people_are_mailed_says_who_was(lsops: Lsops) -> None:
    code, out, err = invited(lsops, f"{MAIL}:delay=1:after=1", signals=1)
    assert code == 130
    assert "invited ben@example.com" in err
    assert "eve@example.com" not in err
    assert "skipped /workspaces/Radiology: interrupted" in out
    assert "nothing was written" not in out + err


def test_a_second_interrupt_while_people_are_mailed_does_not_say_that_nothing_was_done(lsops: Lsops) -> None:
    code, out, err = invited(lsops, f"{MAIL}:delay=3:after=1", signals=2)
    assert code == 130
    assert "stopped at once: what was in flight may have been carried out" in err
    assert "nothing was written" not in out + err


def test_who_was_mailed_before_the_server_refused_is_said(lsops: Lsops) -> None:
    lsops.write(PEOPLE)
    with served(lsops.folder / "served.db", token=TOKEN, faults=(f"{MAIL}:400:after=1",), edition="enterprise") as url:
        ran = shell(lsops, "{} apply --yes --invite", url)
    assert ran.returncode == 4
    assert "invited ana@example.com" in ran.stderr
    assert f"error[LS705]: {MAIL}: 400" in ran.stderr
    assert "ben@example.com" not in ran.stderr


def test_an_audit_file_that_cannot_be_written_is_told_before_anybody_is_mailed(lsops: Lsops) -> None:
    lsops.write(PEOPLE)
    with served(lsops.folder / "served.db", token=TOKEN, edition="enterprise") as url:
        ran = shell(lsops, "{} apply --yes --invite --audit /nonexistent/audit.log", url)
    assert (ran.returncode, "invited" in ran.stderr.replace("apply --invite", "")) == (3, False), ran


# ---- init --------------------------------------------------------------------------------------


def test_an_interrupted_init_says_what_it_wrote(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    from lsops.cli import init

    whole = init.write_whole

    def once(path: Path, text: str, *, mode: int) -> None:
        if path.name != "lsops.yaml":
            raise KeyboardInterrupt
        whole(path, text, mode=mode)

    monkeypatch.setattr(init, "write_whole", once)
    ran = lsops("init")
    assert (ran.code, "interrupted after what follows was done: wrote lsops.yaml" in ran.err) == (130, True)


def test_a_report_in_json_is_one_document_also_where_stderr_is_full(lsops: Lsops) -> None:
    with sandbox(lsops) as url:
        ran = shell(lsops, "{} apply --yes --format json --log-format json 2>/dev/full", url)
    assert json.loads(ran.stdout)["counts"]["done"] == len(TITLES)


def test_an_interrupt_while_the_report_is_printed_says_what_was_done(
    lsops: Lsops, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lsops.cli import apply as verb

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    lsops.write(MANIFEST)
    monkeypatch.setattr(verb, "of_report", stop)
    ran = lsops("apply", "--yes", "-s", "sandbox:")
    assert (ran.code, "nothing was written" in ran.err) == (130, False)
    assert f"interrupted after what follows was done: Apply complete: {len(TITLES)} created" in ran.err
