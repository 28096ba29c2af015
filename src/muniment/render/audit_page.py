"""A report on the audit as one page: nothing to load, no script, for screen, paper and ear."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import muniment
from muniment.audit.canonical import decoded_name
from muniment.audit.reporting import AuditReport, Due, Standing
from muniment.model.errors import MissingExtraError
from muniment.render import audit_charts as charts
from muniment.render.audit_words import (
    MEANINGS,
    MOST_FILES,
    by_rule,
    counted,
    given_away,
    grade,
    in_short,
    last_run,
    share,
    size,
    spoken,
)
from muniment.render.escaping import visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# By these bytes a page is known for an earlier report.
BEGINNING = b"<!doctype html>\n<!-- A report by muniment audit report. -->\n"
LAST_MONTHS = 24
_TEMPLATE = "audit_page.html.jinja"


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
            meanings=MEANINGS,
            charted=len(charts.largest(report.locations)),
            last_month=months[-1],
            Standing=Standing,
            Due=Due,
            version=muniment.__version__,
        )
    )


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
        given_away=given_away,
        grade=grade,
        in_short=in_short,
        last_run=last_run,
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
