"""What all commands that judge have in common: how they show their report, and how they exit."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import click

from muniment.cli.exits import Exit
from muniment.cli.progress import progress_shown
from muniment.cli.streams import in_colour, say, text_width, write_result
from muniment.model.findings import Report, Severity, Verdict

if TYPE_CHECKING:
    from muniment.render.paint import Paint


class Format(StrEnum):
    """The forms of a report."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How the caller wants a report judged and shown."""

    form: Format
    fail_on: Severity
    quiet: bool


_FAIL_ON = {"error": Severity.ERROR, "warning": Severity.WARNING}
_EXITS = {
    Verdict.PASS: Exit.PASS,
    Verdict.FAIL: Exit.FAIL,
    Verdict.UNVERIFIED: Exit.UNVERIFIED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnStandardOutput:
    """What a command made, for standard output; its report then goes to standard error."""

    report: Report
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WithOwnText:
    """A report that has a text of its own, made by a renderer of `render` when it is asked for."""

    report: Report
    text: Callable[[Paint, int], Iterator[str]]


def judging(command: Callable[..., Report | OnStandardOutput | WithOwnText]) -> Callable[..., int]:
    """Make a click callback of a function that returns a Report.

    The function takes `progress` beside its own arguments. The callback has the options that every
    judging command takes, writes the report out and returns the exit code of its verdict.
    """

    @click.option(
        "--format",
        "form",
        type=click.Choice([str(form) for form in Format]),
        default=str(Format.TEXT),
        help="How to write the report: for people, as one JSON document, as JSON lines with the "
        "summary last, or as SARIF 2.1.0.",
    )
    @click.option(
        "--fail-on",
        type=click.Choice(list(_FAIL_ON)),
        default="error",
        help="What makes the verdict a fail: errors (the default), or warnings as well.",
    )
    @click.option(
        "--quiet",
        is_flag=True,
        help="As text, write only the verdict of what did not pass; and show no progress.",
    )
    @functools.wraps(command)
    def judged(*, form: str, fail_on: str, quiet: bool, **arguments: object) -> int:
        showing = Showing(form=Format(form), fail_on=_FAIL_ON[fail_on], quiet=quiet)
        with progress_shown(quiet=quiet) as progress:
            outcome = command(progress=progress, **arguments)
        if isinstance(outcome, OnStandardOutput):
            report = outcome.report
            write_result([outcome.content.decode()], encoding="utf-8")
            is_text = showing.form is Format.TEXT
            for piece in _text(report, showing) if is_text else _for_programs(report, showing):
                say(piece.rstrip("\n"))
        elif isinstance(outcome, WithOwnText):
            report = outcome.report
            if showing.form is Format.TEXT and not showing.quiet:
                write_result(outcome.text(_paint(), text_width()))
            else:
                show(report, showing)
        else:
            report = outcome
            show(report, showing)
        return exit_of(report, showing.fail_on)

    return judged


def exit_of(report: Report, fail_on: Severity = Severity.ERROR) -> int:
    """The exit code of a report's verdict."""
    return _EXITS[report.verdict(fail_on)]


def show(report: Report, showing: Showing) -> None:
    """Write a report to standard output. Forms for programs are UTF-8 whatever the terminal is."""
    if showing.form is Format.TEXT:
        write_result(_text(report, showing))
    else:
        write_result(_for_programs(report, showing), encoding="utf-8")


def _text(report: Report, showing: Showing) -> Iterator[str]:
    from muniment.render import text

    return text.render(
        report,
        fail_on=showing.fail_on,
        quiet=showing.quiet,
        paint=_paint(),
        width=text_width(),
    )


def _paint() -> Paint:
    from muniment.render.paint import Paint

    return Paint(colour=in_colour(sys.stdout, os.environ))


def _for_programs(report: Report, showing: Showing) -> Iterator[str]:
    from muniment.render import json, jsonl, sarif

    match showing.form:
        case Format.JSONL:
            return jsonl.render(report, fail_on=showing.fail_on)
        case Format.SARIF:
            return sarif.render(report)
        case _:
            return json.render(report, fail_on=showing.fail_on)
