"""Identifiers: forms and check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.metadata.identifiers import (
    check_digit_10,
    check_digit_13,
    check_digit_16,
    identifier_fault,
    scheme_of,
    scheme_spoken,
)

_DIGITS = st.text(alphabet="0123456789", min_size=15, max_size=15)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("isbn", "9780306406157"),
        ("isbn", "0-306-40615-2 (pbk.) : $20"),
        ("isbn", "ISBN-13: 978-0-306-40615-7"),
        ("isbn", "080442957X"),
        ("isbn", "0306406152 pbk"),
        ("issn", "0028-0836"),
        ("issn", "ISSN 1050-124X"),
        ("ismn", "M-2306-7118-7"),
        ("ismn", "979-0-2306-7118-7"),
        ("isni", "0000 0001 2103 2683"),
        ("isni", "https://isni.org/isni/0000000121032683"),
        ("orcid", "https://orcid.org/0000-0002-1825-0097"),
        ("orcid", "0000-0002-1694-233X"),
        ("doi", "10.1000/182"),
        ("doi", "https://doi.org/10.1000/182"),
        ("doi", "info:doi/10.1000.10/a(b)<c>"),
        ("hdl", "hdl:2027/uc1.32106"),
        ("hdl", "https://hdl.handle.net/20.500.12345/6"),
        ("ark", "ark:/12148/btv1b8449691v"),
        ("ark", "https://n2t.example/ark:12148/btv1b8449691v"),
        ("urn", "urn:isbn:9780306406157"),
        ("urn", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    ],
)
def test_right_identifiers(scheme: str, text: str) -> None:
    assert identifier_fault(scheme, text) is None


@pytest.mark.parametrize(
    ("scheme", "text", "expected"),
    [
        ("isbn", "9780306406158", "9780306406157"),
        ("isbn", "0306406153", "0306406152"),
        ("issn", "0028-0837", "0028-0836"),
        ("ismn", "M-2306-7118-8", "9790230671187"),
        ("isni", "0000 0001 2103 2684", "0000000121032683"),
        ("orcid", "0000-0002-1825-0098", "0000-0002-1825-0097"),
        ("urn", "urn:issn:0028-0837", "0028-0836"),
    ],
)
def test_a_wrong_check_digit_is_told_with_the_right_one(
    scheme: str, text: str, expected: str
) -> None:
    fault = identifier_fault(scheme, text)
    assert fault is not None
    assert (fault.is_check_digit, fault.expected) == (True, expected)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("isbn", "978030640615"),
        ("isbn", "none"),
        ("issn", "00280836X"),
        ("isni", "0000 0001 2103"),
        ("doi", "11.1000/182"),
        ("doi", "10.1000"),
        ("hdl", "no handle"),
        ("ark", "12148/btv1b8449691v"),
        ("urn", "urn:x"),
        ("urn", "urn:isbn"),
    ],
)
def test_a_wrong_form_is_told(scheme: str, text: str) -> None:
    fault = identifier_fault(scheme, text)
    assert fault is not None
    assert not fault.is_check_digit


@given(_DIGITS, st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits: str, place: int, by: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert check_digit_16(wrong) != check_digit_16(digits)
    if place < 12:
        assert check_digit_13(wrong[:12]) != check_digit_13(digits[:12])
    if place < 9:
        assert check_digit_10(wrong[:9]) != check_digit_10(digits[:9])


@given(_DIGITS, st.integers(0, 7))
def test_two_neighbours_that_changed_places_are_found_in_isbn_10_and_orcid(
    digits: str, place: int
) -> None:
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        assert check_digit_10(swapped[:9]) != check_digit_10(digits[:9])
        assert check_digit_16(swapped) != check_digit_16(digits)


@given(st.text(max_size=30), st.sampled_from(["isbn", "issn", "doi", "hdl", "ark", "urn", "orcid"]))
def test_any_text_is_judged(text: str, scheme: str) -> None:
    fault = identifier_fault(scheme, text)
    assert fault is None or fault.reason


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("ISSN", "issn"), ("ISBN-13", "isbn13"), ("hdl", "hdl"), ("local", None), ("issn-l", "issnl")],
)
def test_types_name_schemes(kind: str, scheme: str | None) -> None:
    assert scheme_of(kind) == scheme


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("ISBN: 9780306406157", "isbn"),
        ("urn:isbn:9780306406157", "urn"),
        ("https://doi.org/10.1/x", "doi"),
        ("http://orcid.org/0000-0002-1825-0097", "orcid"),
        ("isbnothing", None),
        ("9780306406157", None),
    ],
)
def test_identifiers_name_their_scheme(text: str, scheme: str | None) -> None:
    assert scheme_spoken(text) == scheme
