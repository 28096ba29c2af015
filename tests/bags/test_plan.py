"""What is decided before a byte is written: the name, the fields, the sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.bags.baginfo import RESERVED
from muniment.bags.plan import bag_info_fields, bag_name, human_size
from muniment.model.errors import UsageError
from muniment.model.paths import unsafe_reason, windows_fault


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("1952-12-27-stalin-to-mao", "1952-12-27-stalin-to-mao"),
        ("box 7/3", "box-7-3"),
        ("https://example.org/a", "https-example.org-a"),
        ("--x--", "x"),
        ("\xdcber", "ber"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_made_of_the_first_identifier(identifier: str, name: str) -> None:
    assert bag_name(None, [identifier, "other"]) == name


def test_an_identifier_without_letters_is_passed_over() -> None:
    assert bag_name(None, ["///", "..", "box-7"]) == "box-7"


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", ".", "..", "x" * 201, "\xe9", "a\n"])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="--name"):
        bag_name(name, ["box-7"])


def test_without_a_name_nothing_is_made() -> None:
    with pytest.raises(UsageError, match="--name"):
        bag_name(None, [])


@given(st.lists(st.text(), max_size=3))
def test_a_name_is_one_safe_folder(identifiers: list[str]) -> None:
    try:
        name = bag_name(None, identifiers)
    except UsageError:
        return
    assert "/" not in name
    assert unsafe_reason(name) is None
    assert (windows_fault(name) or "").find("character") == -1


def test_fields_stand_in_the_order_of_the_standard() -> None:
    derived = [("Payload-Oxum", "1.1"), ("Bagging-Date", "2024-01-01"), ("Bag-Size", "1 B")]
    house = [("Contact-Name", "A"), ("Source-Organization", "City Archive"), ("Own", "x")]
    fields = bag_info_fields(derived, house, [("Other", "y"), ("External-Identifier", "7")])
    labels = [label for label, _ in fields]
    reserved = [label for label in labels if label in RESERVED]
    assert reserved == sorted(reserved, key=RESERVED.index)
    assert labels[len(reserved) :] == ["Own", "Other"]


def test_what_is_given_goes_before_the_house_before_what_is_derived() -> None:
    fields = bag_info_fields(
        [("Bagging-Date", "2024-01-01"), ("External-Identifier", "derived")],
        [("external-identifier", "house"), ("Contact-Name", "A"), ("Contact-Name", "B")],
        [("EXTERNAL-IDENTIFIER", "one"), ("External-Identifier", "two")],
    )
    assert fields == (
        ("Contact-Name", "A"),
        ("Contact-Name", "B"),
        ("External-Identifier", "one"),
        ("External-Identifier", "two"),
        ("Bagging-Date", "2024-01-01"),
    )


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 KB"),
        (2_265, "2.3 KB"),
        (999_949, "999.9 KB"),
        (999_999, "1.0 MB"),
        (42_600_000_000, "42.6 GB"),
        (3 * 10**15, "3.0 PB"),
        (5 * 10**18, "5000.0 PB"),
    ],
)
def test_sizes_for_people(octets: int, shown: str) -> None:
    assert human_size(octets) == shown
