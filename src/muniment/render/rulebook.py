"""The rules as pages for a person: the list of all, and the page of one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from muniment.model.findings import Rule


def rule_list(rules: Iterable[Rule]) -> str:
    """One line a rule: id, severity, title; a blank line between families."""
    lines: list[str] = []
    family = ""
    for rule in rules:
        if lines and rule.id.partition("-")[0] != family:
            lines.append("")
        family = rule.id.partition("-")[0]
        lines.append(f"{rule.id}  {rule.severity.label:7}  {rule.title}")
    return "".join(f"{line}\n" for line in lines)


def rule_page(rule: Rule, *, width: int = 100) -> str:
    """What a rule means, why it matters, how to mend it, and what the standard says where."""
    lines = [f"{rule.id}  {rule.title}", f"Severity: {rule.severity.label}"]
    if rule.spec is not None:
        lines.append(f"Standard: {rule.spec.document}, section {rule.spec.section}")
        lines.append(f"          {rule.spec.url}")
    lines += ["", "Why it matters", *_paragraph(rule.why, width)]
    lines += ["", "How to mend it", *_paragraph(rule.hint, width)]
    return "".join(f"{line}\n" for line in lines)


def _paragraph(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
