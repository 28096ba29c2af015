"""What the fuzzer runs for hours runs here for a moment, on changed seeds and on anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from targets import TARGETS


@pytest.mark.parametrize("name", sorted(TARGETS))
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_nothing_but_what_a_parser_says_comes_out_of_it(name: str, data: st.DataObject) -> None:
    target, seeds = TARGETS[name]
    changed = bytearray(data.draw(st.sampled_from(seeds)))
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(changed) - 1))
        end = place + data.draw(st.integers(0, 4))
        changed[place:end] = data.draw(st.binary(max_size=4))
        if not changed:
            break
    target(bytes(changed))
    target(data.draw(st.binary(max_size=80)))


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_seeds_reach_their_parser(name: str) -> None:
    target, seeds = TARGETS[name]
    for seed in seeds:
        target(seed)
