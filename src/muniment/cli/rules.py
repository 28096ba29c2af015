"""`muniment rules`: what a rule means, why it matters, how to mend what it found."""

from __future__ import annotations

import difflib

import click

from muniment.cli.streams import text_width, write_result
from muniment.model.errors import UsageError


@click.command(
    short_help="List all rules, or explain one.",
    epilog="""\b
Examples:
  muniment rules
  muniment rules BAG-301
""",
)
@click.argument("rule_id", metavar="[ID]", required=False)
def command(rule_id: str | None) -> None:
    """List all rules, or explain one: why it matters, how to mend it, where the standard says so.

    The id stands beside every finding.
    """
    from muniment.model.rules import RULES
    from muniment.render.rulebook import rule_list, rule_page

    if rule_id is None:
        write_result([rule_list(RULES.values())])
        return
    rule = RULES.get(rule_id.upper())
    if rule is None:
        near = difflib.get_close_matches(rule_id.upper(), RULES) or list(RULES)[:3]
        raise UsageError(f'there is no rule "{rule_id}"; nearest: {", ".join(near)}')
    write_result([rule_page(rule, width=text_width())])
