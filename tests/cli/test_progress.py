from __future__ import annotations

import io
import re
import sys
import threading

import pytest

from muniment.cli.progress import TerminalProgress, progress_shown
from muniment.storage.progress import Silent


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that pass when the test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal under standard error. (Not a fixture: pytest changes the stream after one.)"""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    return stream


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    bar = TerminalProgress(Clock())
    bar.phase("reading", 10)
    bar.advance(10)
    bar.close()
    assert terminal.getvalue() == ""


def test_large_work_is_shown_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    bar = TerminalProgress(Clock())
    bar.phase("verifying", 2_000_000_000)
    assert "0.0/2.0 GB" in terminal.getvalue()
    bar.close()


def test_long_work_shows_its_phase_and_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    clock = Clock()
    bar = TerminalProgress(clock)
    bar.phase("checking [bold]data/x", 4_000_000)
    bar.advance(1_000_000)
    clock.now = 5
    bar.advance(1_000_000)
    bar.close()
    assert "checking [bold]data/x" in terminal.getvalue()
    assert "2.0/4.0 MB" in terminal.getvalue()


def test_the_bar_leaves_the_process_fit_to_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    a_terminal(monkeypatch)
    clock = Clock()
    before = threading.active_count()
    bar = TerminalProgress(clock)
    clock.now = 5
    bar.phase("reading", 10)
    assert threading.active_count() == before
    bar.close()


def test_the_next_phase_takes_the_place_of_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    clock = Clock()
    bar = TerminalProgress(clock)
    bar.phase("reading", None)
    clock.now = 5
    bar.advance(1)
    bar.phase("writing", 10)
    clock.now = 10
    bar.advance(1)
    bar.close()
    drawn = re.findall("reading|writing", terminal.getvalue())
    assert (drawn[0], drawn[-1]) == ("reading", "writing")
    assert drawn == sorted(drawn), "the first phase was drawn again beside the second"


def test_a_person_who_watches_gets_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    a_terminal(monkeypatch)
    with progress_shown(quiet=False) as shown:
        assert isinstance(shown, TerminalProgress)


def test_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    a_terminal(monkeypatch)
    with progress_shown(quiet=True) as shown:
        assert isinstance(shown, Silent)
    monkeypatch.setenv("TERM", "dumb")
    with progress_shown(quiet=False) as shown:
        assert isinstance(shown, Silent)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_shown(quiet=False) as shown:
        assert isinstance(shown, Silent)


def work_that_fails() -> None:
    with progress_shown(quiet=False) as shown:
        assert isinstance(shown, TerminalProgress)
        shown._draw_at -= 60
        shown.phase("reading", 1)
        raise KeyError


def test_the_bar_is_gone_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    with pytest.raises(KeyError):
        work_that_fails()
    assert "reading" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")
