"""What a writer most likely meant by a date that is not EDTF."""

from __future__ import annotations

import re

from muniment.metadata.edtf import edtf_fault

__all__ = ["edtf_fault", "nearest_edtf"]

_MONTH_NAMES = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept",
    "october oct",
    "november nov",
    "december dec",
)
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
_YEAR = r"(?P<year>[0-9]{4})"
_WORDED = (
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.? (?P<name>[a-z]+)\.?,? {_YEAR}"),
    re.compile(rf"(?P<name>[a-z]+)\.? (?P<day>[0-9]{{1,2}}),? {_YEAR}"),
    re.compile(rf"{_YEAR},? (?P<name>[a-z]+)\.? (?P<day>[0-9]{{1,2}})"),
    re.compile(rf"(?P<name>[a-z]+)\.?,? {_YEAR}"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}"),
    re.compile(rf"{_YEAR}[./](?P<month>[0-9]{{1,2}})[./](?P<day>[0-9]{{1,2}})"),
    re.compile(rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"),
    re.compile(rf"{_YEAR}-(?P<month>[0-9]{{1,2}})(?:-(?P<day>[0-9]{{1,2}}))?"),
)
_REWRITTEN = (
    (re.compile(r"(?:c|ca|circa|about)\.? ?([0-9]{4})"), r"\1~"),
    (re.compile(r"([0-9]{3})0'?s"), r"\1X"),
    (re.compile(r"([0-9]{3})[u-]"), r"\1X"),
    (re.compile(r"([0-9]{4}) ?[-\u2013] ?([0-9]{4})"), r"\1/\2"),
    (re.compile(r"(.+)/(?:open|present)"), r"\1/.."),
    (re.compile(r"([0-9-]+)\?~|([0-9-]+)~\?"), r"\1\2%"),
)


def nearest_edtf(text: str) -> str | None:
    """What the writer most likely meant, as EDTF; None where that would be a guess.

    `27 December 1952` is 1952-12-27; `3/4/1952` could be two days, and is left alone.
    """
    wording = " ".join(text.lower().split())
    for pattern in _WORDED:
        if (match := pattern.fullmatch(wording)) is not None:
            candidate = _from_parts(match.groupdict())
            if candidate is not None and edtf_fault(candidate) is None:
                return candidate
    for pattern, form in _REWRITTEN:
        if (
            pattern.fullmatch(wording)
            and edtf_fault(candidate := pattern.sub(form, wording)) is None
        ):
            return candidate
    return None


def _from_parts(parts: dict[str, str | None]) -> str | None:
    month = parts.get("month") or _MONTHS.get(parts.get("name") or "")
    if month is None:
        return None
    day = parts.get("day")
    return f"{parts['year']}-{int(month):02}" + (f"-{int(day):02}" if day else "")
