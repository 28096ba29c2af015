"""audit forecast: can the promises be kept? Said before a run, with what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

from muniment.audit.aggregates import PastRuns, due_groups, past_runs
from muniment.audit.demand import DueGroup
from muniment.audit.forecast import Breach, Forecast, Needs, forecast
from muniment.audit.ledger import Ledger
from muniment.audit.outlook import Setting
from muniment.audit.pace import ASSUMED, Pace, measured, usual_gap
from muniment.audit.rhythm import Budget, Rhythm
from muniment.model.findings import Finding, JsonValue, Report, SubjectReport
from muniment.model.intervals import HOUR, MINUTE, spoken
from muniment.model.locations import LocationLimits
from muniment.model.rules import promise

_GB = 10**9
_CENT = Decimal("0.01")
_DIGITS = 100  # of sums: holdings that grow by the utmost for ten years still have a price


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastOptions:
    """What a forecast reckons with.

    `rate` (bytes a second) stands in the place of what was measured; `growth` is per cent a year;
    `price` is for each 10^9 bytes that are read; `limits` are those of locations.
    """

    budget: Budget = field(default_factory=Budget)
    rate: int | None = None
    growth: Decimal = Decimal(0)
    price: Decimal | None = None
    limits: Mapping[str, LocationLimits] = field(default_factory=dict)


def forecast_report(
    groups: Sequence[DueGroup],
    past: PastRuns,
    *,
    subject: str,
    options: ForecastOptions,
    now: datetime,
) -> Report:
    """What the runs to come will do, from what falls due and what the last runs got through."""
    seen = measured(past.figures)
    pace, source = _pace(seen, options.rate, len(past.figures))
    setting = Setting(
        budget=options.budget,
        pace=pace,
        rhythm=Rhythm(gap=usual_gap(past.begun)),
        growth=float(options.growth) / 100,
        limits=options.limits,
    )
    foreseen = forecast(groups, setting, now)
    findings = (*_too_large(foreseen), *_breaks(foreseen, setting))
    judged = SubjectReport(
        subject=subject, kind="ledger", findings=findings, checks_run=("promises",)
    )
    result = {
        "answer": _answer(foreseen),
        "assumptions": _assumptions(groups, setting, source, options),
        **_figures(foreseen),
        "cost": _cost(foreseen, options.price),
    }
    return Report(command="audit forecast", subjects=(judged,), result=result)


def _pace(seen: Pace | None, rate: int | None, runs: int) -> tuple[Pace, str]:
    """The pace to reckon with, and where it comes from."""
    each = (seen or ASSUMED).seconds_per_holding
    if rate is not None:
        return Pace(octets_per_second=rate, seconds_per_holding=each), "given with --rate"
    if seen is not None:
        return seen, f"measured on {runs} {'run' if runs == 1 else 'runs'}"
    return ASSUMED, "assumed: no run was measured yet; --rate gives another"


def _answer(foreseen: Forecast) -> str:
    span = f"the next {foreseen.days:,} days"
    if not foreseen.holdings:
        return "no holding is promised anything"
    if foreseen.holds:
        late = f"; {foreseen.overdue:,} are broken already" if foreseen.overdue else ""
        return (
            f"every promise can be kept for {span}, with runs of about "
            f"{duration(foreseen.usual_seconds)}, {duration(foreseen.longest_seconds)} "
            f"at the longest{late}"
        )
    if foreseen.first is None:
        return f"every promise can be kept for {span}, but of what no run can read"
    return f"promises break from {foreseen.first.day} on, {foreseen.broken:,} in {span}"


def _too_large(foreseen: Forecast) -> list[Finding]:
    return [
        Finding(
            rule=promise.NEVER_FITS,
            message=f"at {group.location}, promised every {spoken(group.every)} and due on "
            f"{group.day}: a holding of {group.largest:,} bytes, more than a whole run can read",
            evidence={"location": group.location, "octets": group.largest, "day": group.day},
        )
        for group in foreseen.too_large
    ]


def _breaks(foreseen: Forecast, setting: Setting) -> list[Finding]:
    first = foreseen.first
    if first is None:
        return []
    needs = foreseen.needs
    message = f"{_first(first)}; needed: {_needed(needs, setting)}"
    return [
        Finding(
            rule=promise.WILL_BREAK,
            message=message,
            evidence={"first": _breach(first), "needs": _needs(needs)},
        )
    ]


def _first(first: Breach) -> str:
    where = f" at {first.location}" if first.location else ""
    number = f"{first.holdings:,} {'holding' if first.holdings == 1 else 'holdings'}"
    return f"from {first.day} on: {number}{where} promised every {spoken(first.every)}"


def _needed(needs: Needs | None, setting: Setting) -> str:
    """Hours, bytes or a pace that would do, in a sentence."""
    if needs is None:
        return "-"
    between = spoken(setting.rhythm.gap)
    if needs.seconds is None:
        said = f"more than one run every {between} can do at this pace"
    else:
        said = f"{duration(needs.seconds)} a run, one every {between}"
    if needs.octets is not None:
        said += f" and {needs.octets:,} bytes a run"
    if needs.octets_per_second is not None:
        said += f"; or {needs.octets_per_second / 1e6:,.1f} MB/s in the time there is"
    return said


def duration(seconds: int) -> str:
    """How long something takes, as people say it: "3 h 20 min", "40 s"."""
    if seconds < MINUTE:
        return f"{seconds} s"
    hours, rest = divmod(-(-seconds // MINUTE) * MINUTE, HOUR)
    minutes = rest // MINUTE
    parts = [f"{hours:,} h"] if hours else []
    return " ".join([*parts, f"{minutes} min"] if minutes else parts)


def _assumptions(
    groups: Sequence[DueGroup], setting: Setting, source: str, options: ForecastOptions
) -> dict[str, JsonValue]:
    share = setting.rhythm.share
    return {
        "pace": source,
        "octets_per_second": round(setting.pace.octets_per_second),
        "seconds_per_holding": round(setting.pace.seconds_per_holding, 4),
        "run_seconds": setting.budget.seconds,
        "run_octets": setting.budget.octets,
        "seconds_between_runs": setting.rhythm.gap,
        "runs_counted_on": f"{share.numerator} of {share.denominator}",
        "largest_octets": max((group.largest for group in groups), default=0),
        "growth_percent_a_year": float(options.growth),
    }


def _figures(foreseen: Forecast) -> dict[str, JsonValue]:
    return {
        "holds": foreseen.holds,
        "days": foreseen.days,
        "holdings": foreseen.holdings,
        "octets": foreseen.octets,
        "overdue": foreseen.overdue,
        "broken": foreseen.broken,
        "first": None if foreseen.first is None else _breach(foreseen.first),
        "needs": _needs(foreseen.needs),
        "runs": {
            "usual_seconds": foreseen.usual_seconds,
            "longest_seconds": foreseen.longest_seconds,
            "next_octets": foreseen.octets_next,
            "octets_a_year": foreseen.octets_a_year,
        },
    }


def _breach(first: Breach) -> dict[str, JsonValue]:
    return {
        "day": first.day,
        "location": first.location or None,
        "every": first.every,
        "holdings": first.holdings,
    }


def _needs(needs: Needs | None) -> dict[str, JsonValue] | None:
    if needs is None:
        return None
    return {
        "seconds": needs.seconds,
        "octets": needs.octets,
        "octets_per_second": needs.octets_per_second,
    }


def _cost(foreseen: Forecast, price: Decimal | None) -> dict[str, JsonValue] | None:
    """What reading costs, in the price's own currency, as text with two decimals."""
    if price is None:
        return None
    return {
        "price_per_gb": str(price),
        "next_run": _money(foreseen.octets_next, price),
        "a_year": _money(foreseen.octets_a_year, price),
    }


def _money(octets: int, price: Decimal) -> str:
    with localcontext(prec=_DIGITS):
        return str((Decimal(octets) * price / _GB).quantize(_CENT, ROUND_HALF_UP))


def forecast_of(
    ledger: Ledger, options: ForecastOptions, *, clock: Callable[[], datetime]
) -> Report:
    """The forecast of a ledger as it is now. Raises EnvironmentFault."""
    with ledger.reading() as connection:
        groups, past = due_groups(connection), past_runs(connection)
    return forecast_report(groups, past, subject=ledger.place, options=options, now=clock())
