"""One payload in several bags: no file lost, none twice, none cut, and always the same bags."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.bags.payload import PayloadFile
from muniment.bags.splitting import larger_than, split_payload
from muniment.model.errors import UsageError


def files(*sizes: int) -> list[PayloadFile]:
    return [
        PayloadFile(source=f"{place:03}", path=f"data/{place:03}", size=size, modified=0)
        for place, size in enumerate(sizes)
    ]


def sizes(*given: int, limit: int) -> list[list[int]]:
    return [[file.size for file in part.files] for part in split_payload(files(*given), limit)]


@pytest.mark.parametrize(
    ("given_sizes", "parts"),
    [
        ([3, 3, 4], [[3, 3, 4]]),
        ([3, 3, 5], [[3, 3], [5]]),
        ([10, 1], [[10], [1]]),
        ([11], [[11]]),
        ([1, 11, 1], [[1], [11], [1]]),
        ([0, 10, 0, 1], [[0, 10, 0], [1]]),
        ([0, 0], [[0, 0]]),
        ([], [[]]),
    ],
)
def test_a_new_bag_begins_where_the_next_file_does_not_fit(
    given_sizes: list[int], parts: list[list[int]]
) -> None:
    assert sizes(*given_sizes, limit=10) == parts


def test_without_a_limit_all_is_one_part() -> None:
    [part] = split_payload(files(5, 6, 7), None)
    assert (part.count, part.name("letters"), len(part.files)) == ("1 of 1", "letters", 3)


@given(st.lists(st.integers(0, 30)), st.integers(1, 20))
def test_every_file_is_in_one_part_in_its_order_and_no_part_is_too_large(
    given_sizes: list[int], limit: int
) -> None:
    payload = files(*given_sizes)
    parts = split_payload(payload, limit)
    assert [file for part in parts for file in part.files] == payload
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert {part.total for part in parts} == {len(parts)}
    for part in parts:
        octets = sum(file.size for file in part.files)
        assert octets <= limit or sum(file.size > 0 for file in part.files) == 1
    for before, after in pairwise(parts):
        assert sum(file.size for file in before.files) + after.files[0].size > limit


def test_names_sort_in_their_order_and_say_of_how_many() -> None:
    names = [part.name("letters") for part in split_payload(files(*[1] * 11), 1)]
    assert names[0] == "letters-01of11"
    assert names[-1] == "letters-11of11"
    assert names == sorted(names)
    assert [part.count for part in split_payload(files(1, 1), 1)] == ["1 of 2", "2 of 2"]


def test_a_name_that_becomes_too_long_is_refused() -> None:
    part = split_payload(files(1, 1), 1)[0]
    assert len(part.name("x" * 195)) == 200
    with pytest.raises(UsageError, match="--name"):
        part.name("x" * 196)


def test_a_file_larger_than_a_bag_is_told_with_both_sizes() -> None:
    [finding] = larger_than(files(10, 11), 10)
    assert (finding.rule.id, finding.location.path) == ("SRC-125", "001")
    assert finding.evidence == {"expected": 10, "actual": 11}
