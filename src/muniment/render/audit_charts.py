"""The charts of a report as SVG that stands in a page: the same figures give the same bytes.

Words are text, in the page's own type. Nothing in them leads anywhere outside the page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from muniment.audit.canonical import decoded_name
from muniment.audit.reporting import LocationFigures, Month, Standing
from muniment.model.errors import MissingExtraError
from muniment.render.escaping import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Mapping[Standing, str] = {
    Standing.SAFE: "#2e6b4f",
    Standing.OVERDUE: "#d9a441",
    Standing.UNKNOWN: "#8a9099",
    Standing.DAMAGED: "#a3262a",
}
MOST_LOCATIONS = 12
_CHECKED, _READ = COLOURS[Standing.SAFE], "#3f5f8a"
_INK, _RULE, _PALE = "#22262b", "#c9ccd1", "#dcdfe3"
_HATCHES = {Standing.OVERDUE: "///", Standing.DAMAGED: "xxx"}
_WIDTH = 5.0  # inches of 72 units: as wide as a phone's page, so that its type keeps its size
_NAMES = 1.7  # inches for the names of locations
_LONGEST_NAME = 24
_UNITS = {"TB": 10**12, "GB": 10**9, "MB": 10**6, "kB": 10**3}
_SETTINGS: Any = {
    "font.family": "DejaVu Sans",  # comes with matplotlib; only measures, the page sets the type
    "font.size": 10,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "muniment",
    "text.color": _INK,
    "axes.edgecolor": _RULE,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def coverage_chart(months: Sequence[Month]) -> str:
    """Month by month: the holdings that were checked, before all that there were."""
    with _figure(2.4) as (figure, axes):
        places = range(len(months))
        axes.bar(places, [each.holdings for each in months], color=_PALE, width=0.8)
        axes.bar(places, [each.checked for each in months], color=_CHECKED, width=0.8)
        _name_months(axes, months)
        _legend(figure, {"kept": (_PALE, None), "checked": (_CHECKED, None)})
        return _svg(figure, "coverage")


def octets_chart(months: Sequence[Month]) -> str:
    """Month by month: how much was read, in gigabytes or what fits."""
    unit, word = _unit(max((each.octets for each in months), default=0))
    with _figure(2.4) as (figure, axes):
        heights = [each.octets / unit for each in months]
        axes.bar(range(len(months)), heights, color=_READ, width=0.8)
        _name_months(axes, months)
        _legend(figure, {f"read, in {word}": (_READ, None)})
        return _svg(figure, "octets")


def locations_chart(locations: Sequence[LocationFigures]) -> str:
    """Location by location: how its holdings stand, in parts of all of them."""
    shown = largest(locations)[::-1]
    with _figure(0.75 + 0.34 * len(shown), left=_NAMES) as (figure, axes):
        starts = [0.0] * len(shown)
        for standing in Standing:
            parts = [
                100 * each.standings[standing].holdings / each.whole.holdings for each in shown
            ]
            axes.barh(
                range(len(shown)),
                parts,
                left=starts,
                color=COLOURS[standing],
                hatch=_HATCHES.get(standing),
                edgecolor="#ffffff",
                linewidth=0.5,
                height=0.66,
            )
            starts = [start + part for start, part in zip(starts, parts, strict=True)]
        axes.set_yticks(range(len(shown)), [_short(each.location) for each in shown])
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 25, 50, 75, 100], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        _legend(figure, {str(each): (COLOURS[each], _HATCHES.get(each)) for each in Standing})
        return _svg(figure, "locations")


def largest(locations: Sequence[LocationFigures]) -> list[LocationFigures]:
    """The locations that a chart shows: those with the most holdings."""
    ranked = sorted(locations, key=lambda each: (-each.whole.holdings, each.location))
    return ranked[:MOST_LOCATIONS]


@contextmanager
def _figure(height: float, left: float = 0.5) -> Iterator[tuple[Figure, Axes]]:
    """An empty chart, `height` inches high, with `left` inches for the names of its rows."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as missing:
        raise MissingExtraError("a report as a page", "report") from missing
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(_WIDTH, height))
        wide, high = (_WIDTH - left - 0.3) / _WIDTH, (height - 0.65) / height
        axes = figure.add_axes((left / _WIDTH, 0.3 / height, wide, high))
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0, pad=5)
        axes.set_axisbelow(True)
        yield figure, axes


def _legend(figure: Figure, marks: Mapping[str, tuple[str, str | None]]) -> None:
    """What each colour and its hatch mean."""
    from matplotlib.patches import Patch

    figure.legend(
        handles=[
            Patch(facecolor=colour, hatch=hatch, edgecolor="#ffffff", linewidth=0.5)
            for colour, hatch in marks.values()
        ],
        labels=list(marks),
        loc="upper left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(marks),
        frameon=False,
        borderpad=0.2,
        handlelength=1.2,
        columnspacing=1.6,
    )


def _name_months(axes: Axes, months: Sequence[Month]) -> None:
    """Years and quarters below, counts at the side, from nothing upwards."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    step = max(1, -(-len(months) // 6))
    named = range(len(months) - 1, -1, -step)
    axes.set_xticks(list(named), [months[place].month for place in named])
    axes.set_xlim(-0.6, max(len(months), 6) - 0.4)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=_RULE, linewidth=0.5)


def _unit(octets: int) -> tuple[int, str]:
    for word, unit in _UNITS.items():
        if octets >= unit:
            return unit, word
    return 1, "bytes"


def _short(name: str) -> str:
    """A location's name cut in its middle; its end tells more than its beginning."""
    name = visible(decoded_name(name))
    if len(name) > _LONGEST_NAME:
        name = f"{name[:6]}\u2026{name[7 - _LONGEST_NAME :]}"
    return name.replace("$", r"\$")


def _svg(figure: Figure, name: str) -> str:
    """The figure as an element of a page: its ids are its own, and it names no address."""
    written = io.StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    svg = written.getvalue().partition("<svg")[2]
    svg = re.sub(r"^[^>]*?(viewBox=\"[^\"]*\")[^>]*>", r' \1 aria-hidden="true">', svg, count=1)
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    return "<svg" + svg.replace(" font-family: 'DejaVu Sans';", "").rstrip()
