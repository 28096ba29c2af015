"""The contract's exit codes, line by line, in a process of its own where it matters."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hand_command import HAND_ROOT

from muniment.cli.root import root

SCRIPT = Path(__file__).with_name("hand_command.py")
FORMATS = ["text", "json", "jsonl", "sarif"]


def judge(*arguments: str) -> Result:
    return CliRunner().invoke(HAND_ROOT, ["judge", *arguments])


def judge_in_a_process(
    *arguments: str, redirected: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run for real; `redirected` is redirections such as `>&-`."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirected}', "sh", sys.executable, str(SCRIPT), "judge", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("endings", "code"),
    [
        (["pass"], 0),
        (["warn"], 0),
        (["fail"], 1),
        (["unverified"], 3),
        (["unverified", "pass"], 3),
        (["unverified", "fail"], 1),
        ([], 0),
    ],
)
def test_a_verdict_has_its_code_in_every_form(endings: list[str], code: int, form: str) -> None:
    assert judge(*endings, "--format", form).exit_code == code


def test_warnings_fail_where_the_caller_says_so() -> None:
    assert judge("warn", "--fail-on", "warning").exit_code == 1
    assert judge("warn", "--fail-on", "error").exit_code == 0


OUR_FAULT = "muniment: a fault of muniment itself, not of your files:"
PLEASE = "Please report it, with what you called. MUNIMENT_DEBUG=1 shows where it happened.\n"
FAULTS = [
    ("usage", 2, "muniment: no such setting\nno such key\n"),
    ("extra", 2, 'muniment: verify s3:// needs an optional part: pip install "muniment[s3]"\n'),
    (
        "environment",
        3,
        "muniment: could not be completed: data/\\x1b[31m: no space left\n",
    ),
    (
        "oserror",
        3,
        "muniment: could not be completed: [Errno 28] No space left on device: 'data/x'\n",
    ),
    (
        "pipe",
        3,
        "muniment: could not be completed: a pipe broke: [Errno 32] a worker went away\n",
    ),
    ("memory", 3, "muniment: could not be completed: MemoryError\n"),
    (
        "bug",
        4,
        f"{OUR_FAULT} KeyError: 'data/x'\n{PLEASE}",
    ),
    (
        "recursion",
        4,
        f"{OUR_FAULT} RecursionError: too deep\n{PLEASE}",
    ),
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("ending", "code", "said"), FAULTS)
def test_a_fault_is_said_on_standard_error_and_nothing_on_output(
    ending: str, code: int, said: str, form: str
) -> None:
    result = judge("pass", ending, "--format", form)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", said)


def test_a_bug_shows_where_it_happened_only_for_debugging() -> None:
    done = judge_in_a_process("bug", MUNIMENT_DEBUG="1")
    assert done.returncode == 4
    assert "Traceback (most recent call last)" in done.stderr
    assert "hand_command.py" in done.stderr
    assert "Traceback" not in judge_in_a_process("bug").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["judge", "--format", "xml"], "'xml' is not one of 'text', 'json', 'jsonl', 'sarif'"),
        (["judge", "--fail-on", "info"], "'info' is not one of 'error', 'warning'"),
        (["judge", "--quit"], "No such option '--quit'"),
        (["juge"], 'there is no command "juge"; did you mean one of these: judge?'),
    ],
)
def test_wrong_usage_is_code_2_with_a_way_on(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(HAND_ROOT, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "--help'" in result.stderr


def test_a_control_in_an_argument_is_not_obeyed() -> None:
    result = CliRunner().invoke(HAND_ROOT, ["\x1b[31mjudge\udcff"])
    assert (result.exit_code, "\x1b" in result.stderr) == (2, False)
    assert "\\x1b[31mjudge\\xff" in result.stderr


def test_no_command_is_wrong_usage_and_shows_the_help() -> None:
    result = CliRunner().invoke(root, [])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ")


def test_ctrl_c_is_130_and_says_one_line() -> None:
    result = judge("interrupt")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.strip() == "muniment: stopped"


def test_a_real_interrupt_leaves_no_traceback() -> None:
    waits = "import time, hand_command as h\nh.FAULTS['bug'] = lambda: print('on', flush=True) or "
    waits += "time.sleep(30)\nh.HAND_ROOT.main(['judge', 'bug'])"
    with subprocess.Popen(
        [sys.executable, "-c", waits],
        cwd=SCRIPT.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "on\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said.strip()) == (130, "muniment: stopped")


@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_that_goes_away_early_is_met_quietly(form: str) -> None:
    pipeline = '"$@" | head -c 10 >/dev/null; echo ${PIPESTATUS[0]}'
    judged = [sys.executable, str(SCRIPT), "judge", "fail", "--times", "20000", "--format", form]
    done = subprocess.run(
        ["bash", "-c", pipeline, "bash", *judged],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_a_closed_output_leaves_the_exit_code_to_speak() -> None:
    done = judge_in_a_process("fail", redirected=">&-")
    assert (done.returncode, done.stderr) == (1, "")


def test_closed_streams_are_no_fault() -> None:
    assert judge_in_a_process("bug", redirected="<&- >&- 2>&-").returncode == 4
    assert judge_in_a_process("pass", redirected="<&- >&- 2>&-").returncode == 0


def test_a_closed_stream_gives_its_number_to_no_file_of_ours() -> None:
    done = judge_in_a_process("descriptors", "--format", "json", redirected="<&- 2>&-")
    assert json.loads(done.stdout)["result"]["next"] > 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_the_output_is_no_verdict() -> None:
    done = judge_in_a_process("pass", redirected=">/dev/full")
    assert done.returncode == 3
    assert done.stderr == (
        "muniment: could not be completed: "
        "the result could not be written out: No space left on device\n"
    )


def test_forms_for_programs_are_utf8_whatever_the_terminal_is() -> None:
    code = (
        "import hand_command as h; h.FAULTS['bug'] = lambda: "
        "h.Report(command='verify', subjects=(h.subject('pass', 'x\\u4fe1\\udcff'),));"
        "h.HAND_ROOT.main(['judge', 'bug', '--format', '{}'])"
    )

    def output(form: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-c", code.format(form)],
            cwd=SCRIPT.parent,
            capture_output=True,
            check=True,
            timeout=60,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        ).stdout

    assert json.loads(output("json").decode("utf-8"))["subjects"][0]["subject"] == "x\u4fe1\\xff"
    assert output("text").startswith(b"PASS  x\\u4fe1\\xff (bag)")


def on_a_terminal(**environment: str) -> str:
    """What a person sees who runs the command on a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), "judge", "fail"],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
    ) as process:
        os.close(theirs)
        seen = b""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                chunk = os.read(ours, 4096)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
    os.close(ours)
    assert process.returncode == 1
    return seen.decode()


def test_colour_is_for_terminals_and_bows_to_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert on_a_terminal().startswith("\x1b[1;31mFAIL\x1b[0m  deposits/x")
    assert on_a_terminal(NO_COLOR="1").startswith("FAIL  deposits/x")
    assert on_a_terminal(TERM="dumb").startswith("FAIL  deposits/x")
    assert judge_in_a_process("fail").stdout.startswith("FAIL  deposits/x")


def test_quiet_says_nothing_of_what_passed() -> None:
    assert judge("pass", "--quiet").stdout == ""
    assert judge("pass", "fail", "--quiet").stdout == "FAIL  deposits/x (bag): 1 error\n"


def test_quiet_leaves_documents_whole() -> None:
    assert len(json.loads(judge("pass", "--quiet", "--format", "json").stdout)["subjects"]) == 1


def test_a_thousand_subjects_as_json_lines() -> None:
    lines = judge("fail", "--times", "1000", "--format", "jsonl").stdout.splitlines()
    assert len(lines) == 1001
    assert json.loads(lines[-1])["summary"]["fail"] == 1000
