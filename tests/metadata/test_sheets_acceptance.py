"""The fast way gives jsonschema's verdict: it accepts nothing that departs, and what is right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_strategy import SCHEMA, values

from muniment.metadata.json_schema import departures
from muniment.metadata.sheets_acceptance import accepts

PROPERTIES = sorted(SCHEMA["properties"])
_JUNK: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["value", "lang", "role", "uri", "title", "x"]), inner),
    ),
    max_leaves=6,
)


def is_right(name: str, value: Any) -> bool:  # noqa: ANN401 - JSON data
    record = {"title": "A", name: value}
    return not list(departures(record))


@pytest.mark.parametrize("name", PROPERTIES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_the_schema_allows_is_accepted(name: str, data: st.DataObject) -> None:
    value = data.draw(values(SCHEMA["properties"][name]))
    assert is_right(name, value)
    assert accepts(name, value)


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from([*PROPERTIES, "nothing"]), value=_JUNK)
def test_what_departs_is_never_accepted(name: str, value: Any) -> None:  # noqa: ANN401
    if accepts(name, value):
        assert is_right(name, value)
