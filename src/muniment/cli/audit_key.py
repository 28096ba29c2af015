"""`muniment audit key`: the public key to give to outsiders."""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.streams import say, write_result


@click.command(
    name="key",
    epilog="""\b
The private key is made when it is first needed. It lies in your data folder, or in the file that
MUNIMENT_KEY names, and only you may read it. Keep a copy of it, apart from the ledger.

\b
Examples:
  muniment audit key
  muniment audit key --output archive.pub
""",
)
@click.option("--output", type=PATH, metavar="FILE", help="The file to write; never over another.")
def command(*, output: Path | None) -> None:
    """Show the public key with which outsiders check your proofs and checkpoints.

    Give it to them by a way that they trust: `muniment audit check-proof --key` takes it.
    """
    from muniment.audit.keys import key_file, signing_key

    path = key_file(os.environ)
    key = signing_key(path, os.urandom)
    line = f"{key.public.text}\n"
    if output is None:
        write_result([line])
        return
    from muniment.storage.staging import write_new_file

    write_new_file(output, line.encode())
    say(f"{output}: the public key of {path}")
