"""EDTF beside two other readers: where they differ, the difference is known and named."""

from __future__ import annotations

import contextlib
import importlib
import io
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.metadata.edtf import edtf_fault, form_since_2018, read_edtf

# What another reader takes or refuses otherwise than the standard does, and why we do not follow.
KNOWN = {
    "edtf": {
        "1984-1X": "level 2 leaves any digit unspecified",
        "1900-02-29": "1900 was no leap year",
        "2001-02-29": "2001 was no leap year",
        "17XX-02-30": "no February has 30 days",
        "2008/2004": "a span has its start first",
        "199X/1985": "a span has its start first",
        "2004-02-01/2004-01-31": "a span has its start first",
        "1985-04-12T24:00:00": "hours end with 23",
        "../..": "a span without ends says nothing",
    },
    "edtf_validate": {
        "1900-02-29": "1900 was no leap year",
        "2001-02-29": "2001 was no leap year",
        "1985-04-12T24:00:00": "hours end with 23",
        "2008-12/2008": "the year may end after December begins",
        "2012-24/2012-21": "which season comes first, the hemisphere tells",
        "[..1983-12-31,1984-10-10..1984-11-01]": "a set may hold spans and an open start",
        "../..": "a span without ends says nothing",
        "../": "a span without ends says nothing",
        "/..": "a span without ends says nothing",
    },
}
WRITTEN = [
    "1985-04-12",
    "1985-04",
    "1985",
    "1985-04-12T23:20:30",
    "1985-04-12T23:20:30Z",
    "1985-04-12T23:20:30-04",
    "1985-04-12T23:20:30+04:30",
    "1964/2008",
    "2004-06/2006-08",
    "2004-02-01/2005-02-08",
    "2005/2006-02",
    "Y170000002",
    "Y-170000002",
    "2001-21",
    "2001-24",
    "1984?",
    "2004-06~",
    "2004-06-11%",
    "201X",
    "20XX",
    "2004-XX",
    "1985-04-XX",
    "1985-XX-XX",
    "1985-04-12/..",
    "1985/..",
    "../1985-04",
    "1985/",
    "/1985-04-12",
    "-1985",
    "Y-17E7",
    "1950S2",
    "Y171010000S3",
    "Y3388E2S3",
    "2001-34",
    "[1667,1668,1670..1672]",
    "[..1760-12-03]",
    "[1760-12..]",
    "{1960,1961-12}",
    "{..1984}",
    "2004-06~-11",
    "2004?-06-11",
    "?2004-06-~11",
    "2004-%06-11",
    "156X-12-25",
    "15XX-12-25",
    "XXXX-12-XX",
    "1XXX-XX",
    "1XXX-12",
    "2004-06-~01/2004-06-~20",
    "2004-06-XX/2004-07-03",
    "2000-02-29",
    "0000",
    "-0001",
    "85",
    "198",
    "19850412",
    "1985-4-12",
    "1985-13",
    "1985-00",
    "1985-04-31",
    "1985-04-00",
    "1985-04-12T23:20",
    "T10:00:00",
    "199u",
    "1985/open",
    "unknown/1985",
    "Y1985",
    "Y17",
    "2001-42",
    "2001-20",
    "1985//1986",
    "1985/1986/1987",
    "/",
    "[1985",
    "[]",
    "{,}",
    "[1985,,1986]",
    "-0000",
    "1985-3X",
    "X985-1",
    "2004-(06)?-11",
    "c1985",
    "1985ad",
    "1985.04.12",
    "+1985",
    "1985-04-12Z",
    "1984??",
    "?1984?",
    "1985-W10",
    "2004-06-01/2004-06",
    "-1999/-1000",
    "1984~/2004%",
    "1984-06-02?/2004-08-08~",
    "1985-XX-05",
    "XXXX",
]
CASES = [*WRITTEN, *KNOWN["edtf"], *KNOWN["edtf_validate"]]


@pytest.fixture(scope="module", params=sorted(KNOWN))
def other(
    request: pytest.FixtureRequest, missing: Callable[[str], NoReturn]
) -> tuple[str, Callable[[str], bool]]:
    """Another reader of EDTF: its name, and whether it takes a text."""
    name = str(request.param)
    reader = _reader(name)
    if reader is None:
        missing(f"{name} is not installed")
    return name, lambda text: _takes(reader, text)


def _reader(name: str) -> Any:  # noqa: ANN401 - a package without types
    module = "edtf" if name == "edtf" else "edtf_validate.valid_edtf"
    with warnings.catch_warnings():
        # Their warnings are about what they are built on.
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(module)
        except ImportError:
            return None


def _takes(reader: Any, text: str) -> bool:  # noqa: ANN401 - a package without types
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if hasattr(reader, "is_valid"):
            return bool(reader.is_valid(text))
        try:
            reader.parse_edtf(text)
        except Exception:  # noqa: BLE001 - what it raises is its own affair
            return False
        return True


def test_differences_from_other_readers_are_those_that_are_known(
    other: tuple[str, Callable[[str], bool]],
) -> None:
    name, takes = other
    differing = {text for text in CASES if takes(text) != (edtf_fault(text) is None)}
    assert differing == set(KNOWN[name])


def _made(seed: int) -> Iterator[str]:
    """Dates, spans and sets as they come, with small faults."""
    rng = random.Random(seed)
    for _ in range(400):
        year, month, day = rng.randint(1, 2100), rng.randint(1, 12), rng.randint(1, 28)
        text = rng.choice(
            [f"{year:04}", f"{year:04}-{month:02}", f"{year:04}-{month:02}-{day:02}"]
        ) + rng.choice(["", "", "?", "~", "%"])
        if rng.random() < 0.3:
            text = f"{text}/{rng.choice(['..', '', f'{rng.randint(2101, 9999)}'])}"
        if rng.random() < 0.3:
            place = rng.randrange(len(text))
            text = text[:place] + rng.choice("0159X-/?~ .Zu") + text[place + 1 :]
        yield text


def test_made_dates_are_taken_and_refused_as_edtf_validate_does(
    missing: Callable[[str], NoReturn],
) -> None:
    reader = _reader("edtf_validate")
    if reader is None:
        missing("edtf_validate is not installed")
    differing = [text for text in _made(1) if _takes(reader, text) != (edtf_fault(text) is None)]
    # It compares the ends of a span as if every part were known, and lets no mark stand beside X.
    unexplained = [text for text in differing if "/" not in text and "X" not in text]
    assert unexplained == []


@pytest.mark.parametrize(
    ("text", "level", "earliest", "latest"),
    [
        ("1985", 0, (1985, 1, 1), (1985, 12, 31)),
        ("1985-02-03", 0, (1985, 2, 3), (1985, 2, 3)),
        ("1985-02-03T10:20:30Z", 0, (1985, 2, 3), (1985, 2, 3)),
        ("1985?", 1, (1985, 1, 1), (1985, 12, 31)),
        ("?1985", 2, (1985, 1, 1), (1985, 12, 31)),
        ("201X", 1, (2010, 1, 1), (2019, 12, 31)),
        ("1X01", 2, (1001, 1, 1), (1901, 12, 31)),
        ("2001-21", 1, (2001, 1, 1), (2001, 12, 31)),
        ("2001-33", 2, (2001, 1, 1), (2001, 12, 31)),
        ("Y17E7", 2, (170_000_000, 1, 1), (170_000_000, 12, 31)),
        ("1950S2", 2, (1900, 1, 1), (1999, 12, 31)),
        ("-1XXX", 2, (-1999, 1, 1), (-1000, 12, 31)),
        ("1985/..", 1, (1985, 1, 1), None),
        ("1985/1990", 0, (1985, 1, 1), (1990, 12, 31)),
        ("[1960..1970]", 2, (1960, 1, 1), (1970, 12, 31)),
        ("Y1E9999999999", 2, None, None),
    ],
)
def test_level_and_bounds(
    text: str,
    level: int,
    earliest: tuple[int, int, int] | None,
    latest: tuple[int, int, int] | None,
) -> None:
    reading = read_edtf(text)
    assert (reading.fault, reading.level) == (None, level)
    assert (reading.earliest, reading.latest) == (earliest, latest)


@pytest.mark.parametrize(
    ("past", "today"),
    [
        ("199u", "199X"),
        ("19uu", "19XX"),
        ("1999-uu-uu", "1999-XX-XX"),
        ("196x", "196X"),
        ("uuuu", "XXXX"),
        ("2004/open", "2004/.."),
        ("unknown/2006", "/2006"),
        ("1984?~", "1984%"),
        ("y17e7", "Y17E7"),
        ("y171010000p3", "Y171010000S3"),
        ("199X", None),
        ("open", None),
        ("May 2000", None),
    ],
)
def test_forms_of_before_2018(past: str, today: str | None) -> None:
    assert form_since_2018(past) == today


@given(st.text(alphabet="0123456789X-/?~%.,[]{}YESTZ:u ", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    reading = read_edtf(text)
    if reading.fault is None and reading.earliest and reading.latest:
        assert reading.earliest <= reading.latest


def test_a_long_text_is_refused_quickly() -> None:
    assert edtf_fault("Y" + "9" * 100_000) is None
    assert edtf_fault("1" * 100_000) is not None
    assert edtf_fault("[" + "1985," * 10_000 + "]") is not None
