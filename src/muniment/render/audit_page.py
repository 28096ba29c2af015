"""A report on the audit as one page: nothing to load, no script, for screen, paper and ear."""

from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

import muniment
from muniment.audit.canonical import decoded_name
from muniment.audit.narrating import evidence_told
from muniment.audit.reporting import AuditReport, Due, Grade, NotSafe, Standing
from muniment.model.errors import MissingExtraError
from muniment.model.findings import Finding, Rule
from muniment.render import audit_charts as charts
from muniment.render.escaping import visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# By these bytes a page is known for an earlier report.
BEGINNING = b"<!doctype html>\n<!-- A report by muniment audit report. -->\n"
LAST_MONTHS = 24
MOST_FILES = 20  # of one holding, by one rule
_TEMPLATE = "audit_page.html.jinja"
_UNITS = ("kB", "MB", "GB", "TB", "PB")
_STEP = 1000


def audit_page(report: AuditReport) -> str:
    """The page as HTML. Raises MissingExtraError."""
    months = report.months[-LAST_MONTHS:]
    return (
        _environment()
        .from_string(files(__package__).joinpath(_TEMPLATE).read_text("utf-8"))
        .render(
            report=report,
            months=months,
            coverage=charts.coverage_chart(months),
            octets=charts.octets_chart(months),
            places=charts.locations_chart(report.locations),
            files=MOST_FILES,
            charted=len(charts.largest(report.locations)),
            last_month=months[-1],
            Standing=Standing,
            Due=Due,
            version=muniment.__version__,
        )
    )


def size(octets: int) -> str:
    """Bytes for a person: `2,265 bytes`, `1.2 TB`."""
    amount, word = float(octets), "bytes"
    for unit in _UNITS:
        if amount < _STEP:
            break
        amount, word = amount / _STEP, unit
    return f"{octets:,} bytes" if word == "bytes" else f"{amount:,.1f} {word}"


def share(part: int, whole: int) -> str:
    """A part in hundredths, rounded down, so that only all of it is 100 %."""
    tenths = 1000 * part // whole if whole else 0
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} %"


def counted(number: int, what: str) -> str:
    """`1 holding`, `1,204 holdings`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def spoken(moment: str) -> str:
    """A moment for a person: `2026-11-28 07:00 UTC`."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def grade(each: Grade) -> str:
    """What a check rests on, in words."""
    told = evidence_told(each.read_by, each.extent, each.compared_with)
    return f"{told}; bound to a checkpoint by a nonce" if each.nonced else told


def by_rule(one: NotSafe) -> list[tuple[Rule, list[Finding]]]:
    """The findings of a holding, rule by rule."""
    ordered = sorted(one.told.findings, key=lambda finding: finding.rule.id)
    groups = groupby(ordered, key=lambda finding: finding.rule.id)
    return [(group[0].rule, group) for group in (list(found) for _, found in groups)]


def ticked(text: str) -> Markup:
    """Words between backticks as code."""
    from markupsafe import Markup, escape

    parts = [escape(visible(part)) for part in text.split("`")]
    codes = [f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)]
    return Markup("").join(map(Markup, codes))


def _environment() -> Environment:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as missing:
        raise MissingExtraError("a report as a page", "report") from missing
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        by_rule=by_rule,
        grade=grade,
        name=decoded_name,
        share=share,
        size=size,
        spoken=spoken,
        ticked=ticked,
    )
    environment.globals["counted"] = counted
    return environment


def _shown(value: object) -> object:
    """Numbers grouped by thousands; text without what would deceive a reader."""
    if type(value) is str:
        return visible(value)
    return f"{value:,}" if type(value) is int else value
