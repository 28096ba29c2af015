"""`muniment audit`: does what is kept still hold?"""

from __future__ import annotations

import click

from muniment.cli.lazy import LazyGroup

_MODULES = {
    "add": "muniment.cli.audit_add",
    "run": "muniment.cli.audit_run",
    "status": "muniment.cli.audit_status",
    "forecast": "muniment.cli.audit_forecast",
    "report": "muniment.cli.audit_report",
    "history": "muniment.cli.audit_history",
    "accept": "muniment.cli.audit_accept",
    "move": "muniment.cli.audit_move",
    "repair": "muniment.cli.audit_repair",
    "retire": "muniment.cli.audit_retire",
    "prove": "muniment.cli.audit_prove",
    "check-proof": "muniment.cli.audit_check_proof",
    "key": "muniment.cli.audit_key",
    "checkpoint": "muniment.cli.audit_checkpoint",
    "check-ledger": "muniment.cli.audit_check_ledger",
}


@click.command(
    cls=LazyGroup,
    modules=_MODULES,
    epilog="""\b
A first round:
  muniment audit add deposits/* --every 90d
  muniment audit run
  muniment audit status

\b
The history lies in a ledger: --ledger FILE or URL, MUNIMENT_LEDGER, `ledger` in muniment.toml, else
a file of your own in your data folder.
""",
)
def command() -> None:
    """Check fixity over years, in a history that outsiders can check."""
