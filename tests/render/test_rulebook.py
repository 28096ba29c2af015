from __future__ import annotations

from handmade import CHANGED, LANGUAGE, MISSING

from muniment.model.rules import RULES
from muniment.render.rulebook import rule_list, rule_page


def test_the_list_has_a_line_a_rule_and_a_gap_between_families() -> None:
    assert rule_list([MISSING, CHANGED, LANGUAGE]) == (
        "BAG-201  error    A payload file is missing\n"
        "BAG-301  error    A payload file is not what its checksum says\n"
        "\n"
        "MET-112  warning  A language code is unknown\n"
    )


def test_the_page_says_what_why_how_and_where() -> None:
    assert rule_page(CHANGED) == (
        "BAG-301  A payload file is not what its checksum says\n"
        "Severity: error\n"
        "Standard: RFC 8493, section 3\n"
        "          https://www.rfc-editor.org/rfc/rfc8493#section-3\n"
        "\n"
        "Why it matters\n"
        "  Its bytes have changed since the bag was made.\n"
        "\n"
        "How to mend it\n"
        "  Bring the file back from another copy, then verify the bag again.\n"
    )


def test_every_rule_of_the_table_has_its_line_and_its_page() -> None:
    lines = [line for line in rule_list(RULES.values()).splitlines() if line]
    assert [line.partition(" ")[0] for line in lines] == list(RULES)
    for rule in RULES.values():
        page = rule_page(rule, width=100)
        assert page.startswith(f"{rule.id}  {rule.title}\n")
        assert all(len(line) <= 100 for line in page.splitlines()), rule.id
