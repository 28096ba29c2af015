"""The page of a report in a real browser: it loads nothing, fits a phone, can be listened to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
from browsing import Browser, Proxy, browser_here, rules_of_accessibility
from ledgers import opened
from reported import NOW, fill

from muniment.audit.entries import instant
from muniment.audit.report_making import make_report
from muniment.render.audit_page import audit_page
from muniment.render.audit_words import size
from muniment.workflow.audit_reporting import report_of

PHONE = 390


@pytest.fixture(scope="module")
def browser(
    missing: Callable[[str], NoReturn], tmp_path_factory: pytest.TempPathFactory
) -> Browser:
    program = browser_here() or missing("no Chromium is installed")
    return Browser(program=program, folder=tmp_path_factory.mktemp("browser"))


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    listening = Proxy()
    yield listening
    listening.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """A page, and the figures of the same report for programs."""
    place = tmp_path_factory.mktemp("made") / "ledger.sqlite"
    with opened(str(place)) as ledger:
        fill(ledger)
        report = make_report(ledger, at=instant(NOW))
    result = report_of(report, page=None).result
    assert result is not None
    return audit_page(report), dict(result)


def test_nothing_is_asked_of_any_network(
    browser: Browser, made: tuple[str, dict[str, Any]], proxy: Proxy
) -> None:
    browser.opened(made[0], proxy=proxy.address)
    assert proxy.asked == []


def test_a_page_that_asks_would_be_heard(browser: Browser, proxy: Proxy) -> None:
    browser.opened('<img src="http://picture.example/a.png">', proxy=proxy.address)
    assert proxy.asked == ["GET http://picture.example/a.png HTTP/1.1"]


def test_the_page_s_own_policy_forbids_it(
    browser: Browser, made: tuple[str, dict[str, Any]], proxy: Proxy
) -> None:
    picture = '<img src="http://picture.example/a.png"></body>'
    browser.opened(made[0].replace("</body>", picture), proxy=proxy.address)
    assert proxy.asked == []


OUTSIDE = """
return [...document.querySelectorAll("body *")]
  .filter(e => e.getClientRects().length && !e.closest(".skip, thead"))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
  .map(e => e.outerHTML.slice(0, 80));
"""


@pytest.mark.parametrize("width", [PHONE, 700, 1100])
def test_nothing_lies_beyond_the_right_edge(
    browser: Browser, made: tuple[str, dict[str, Any]], width: int
) -> None:
    script = "return [innerWidth, document.documentElement.scrollWidth];"
    assert browser.measured(made[0], script, width=width) == [width, width]
    assert browser.measured(made[0], OUTSIDE, width=width) == []


def test_words_in_charts_can_be_read_on_a_phone(
    browser: Browser, made: tuple[str, dict[str, Any]]
) -> None:
    script = """
    return [...document.querySelectorAll("svg text")].map(e => e.getBoundingClientRect().height);
    """
    heights = browser.measured(made[0], script, width=PHONE)
    assert len(heights) > 20
    assert min(heights) >= 9


@pytest.mark.parametrize("width", [PHONE, 1100])
def test_the_rules_of_accessibility_are_kept(
    browser: Browser, made: tuple[str, dict[str, Any]], width: int
) -> None:
    script = """
    const told = await axe.run(document);
    return [told.passes.length, told.violations.map(v => v.id + ": " + v.nodes[0].html)];
    """
    passed, broken = browser.measured(made[0], script, width=width, before=rules_of_accessibility())
    assert broken == []
    assert passed > 20


def test_the_rules_of_accessibility_can_be_broken(
    browser: Browser, made: tuple[str, dict[str, Any]]
) -> None:
    page = made[0].replace('<html lang="en">', "<html>").replace("--soft: #575d66", "--soft: #bbb")
    script = "return (await axe.run(document)).violations.map(v => v.id);"
    broken = browser.measured(page, script, before=rules_of_accessibility())
    assert {"html-has-lang", "color-contrast"} <= set(broken)


def test_the_numbers_are_those_for_programs(
    browser: Browser, made: tuple[str, dict[str, Any]]
) -> None:
    page, result = made
    script = """
    const rows = heading => [...document.querySelectorAll(
      `section[aria-labelledby="${heading}"] tbody tr`)].map(
      row => [...row.cells].map(cell => cell.innerText));
    const tiles = [...document.querySelectorAll(".tiles div")].map(
      e => [...e.children].slice(0, 2).map(one => one.innerText));
    return {tiles, due: rows("due"), months: rows("over-time"), places: rows("locations"),
      evidence: rows("evidence"), levels: rows("levels"),
      listed: document.querySelectorAll("article.holding").length};
    """
    shown = browser.measured(page, script)
    standings = result["standings"]
    assert shown["tiles"] == [[kind.capitalize(), f"{n:,}"] for kind, n in standings.items()]
    assert shown["listed"] + standings["safe"] == result["kept"]["holdings"]
    assert [row[1] for row in shown["due"]] == [str(n) for n in result["deadlines"].values()]
    assert [(row[0], row[1], row[2], row[4]) for row in shown["months"]] == [
        (each["month"], *_month(each["figures"])) for each in reversed(result["months"])
    ]
    assert [[row[0], *row[3:]] for row in shown["places"]] == [
        [each["location"], *map(str, each["standings"].values())] for each in result["locations"]
    ]
    assert [row[1] for row in shown["evidence"]] == [
        str(each["holdings"]) for each in result["evidence"]
    ]
    assert [row[1:] for row in shown["levels"]] == [
        [each["asked"], each["evidence"]] for each in result["integrity"]
    ]


def _month(figures: dict[str, int]) -> tuple[str, str, str]:
    return str(figures["checked"]), str(figures["holdings"]), size(figures["octets"])
