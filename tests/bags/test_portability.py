"""Names that will not travel: what is noticed at a glance is what a close look would say."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muniment.bags.portability import is_system_file, odd_names, twin_difference, twins_among
from muniment.model.paths import twin_key, windows_fault

NAMES = (
    st.text(st.sampled_from("aAbB.\xe9\xc9e\u0301 :\r\n\x00\x1f~$"), min_size=1)
    | st.sampled_from(
        "con|CON.txt|nul |com1|lpt\xb9.x|.DS_Store|thumbs.DB|._x|._|Icon\r|__MACOSX|.Trashes"
        "|$RECYCLE.BIN|.Spotlight-V100|.fseventsd|desktop.ini|ehThumbs.db|.directory|.apdisk"
        f"|{'x' * 255}|{'x' * 256}".split("|")
    )
    | st.text(min_size=1, max_size=8)
).filter(lambda name: "/" not in name and name not in {".", ".."})
FOLDER = st.lists(NAMES, unique=True, max_size=8).map(
    lambda names: sorted(f"data/sub/{name}" for name in names)
)


@given(FOLDER)
@example(["data/sub/Icon\r", "data/sub/x"])
@example(["data/sub/a\nb"])
def test_a_glance_misses_no_odd_name(paths: list[str]) -> None:
    noticed = set(odd_names(paths))
    for path in paths:
        name = path.rpartition("/")[2]
        if windows_fault(name) is not None or is_system_file(path):
            assert path in noticed


@given(FOLDER)
@example(["data/sub/a\nA", "data/sub/a\na"])
@example(["data/sub/\u212a", "data/sub/K", "data/sub/k"])
def test_a_glance_misses_no_twin(paths: list[str]) -> None:
    found = list(twins_among(paths))
    twins = {second for _, second in found}
    for first, second in combinations(sorted(paths), 2):
        if twin_key(first) == twin_key(second):
            assert second in twins
    assert all(twin_key(first) == twin_key(second) for first, second in found)


@pytest.mark.parametrize(
    ("first", "second", "difference"),
    [("a", "A", "case"), ("\xe9", "e\u0301", "Unicode form"), ("\xe9", "E\u0301", "case")],
)
def test_what_twins_differ_by(first: str, second: str, difference: str) -> None:
    assert twin_difference(first, second) == difference
