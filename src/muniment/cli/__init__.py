"""Arguments, progress, exit codes; the only room that prints or exits."""

from __future__ import annotations

from typing import NoReturn


def main() -> NoReturn:
    """Run the command line on this process's arguments and exit with the contract's code."""
    from muniment.cli.root import root
    from muniment.cli.streams import hold_standard_descriptors

    hold_standard_descriptors()
    root.main(prog_name="muniment")
