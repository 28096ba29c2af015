"""RFC 8493, requirement by requirement: what is found in a bag, where, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
import requirements_page
from all_cases import BY_NAME
from bagcheck import assert_found, check, shelf
from requirements import Case
from requirements_page import PAGE, page

from muniment.model.findings import Severity, Verdict


@pytest.mark.parametrize("cases", BY_NAME.values(), ids=BY_NAME)
def test_requirement(cases: list[Case]) -> None:
    for case in cases:
        with shelf() as folder:
            report = check(case.bag().write(folder / "bag"))
        assert_found(report.findings, case.expected)
        errors = [found for found in report.findings if found.severity is Severity.ERROR]
        assert (report.verdict() is Verdict.FAIL) == bool(errors), case.version


def test_the_page_shows_the_table() -> None:
    assert PAGE.read_text("utf-8") == page(), f"run {Path(requirements_page.__file__).name}"


def test_every_section_has_rows() -> None:
    sections = {cases[0].section for cases in BY_NAME.values()}
    asked = {"2", "2.1.1", "2.1.2", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.2.4", "2.3", "2.4"}
    assert sections >= asked | {"3", "5.1", "5.2", "5.3", "6.1"}
