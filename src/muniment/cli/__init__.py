"""Arguments, progress, exit codes; the only room that prints or exits."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line on this process's arguments and exit with the contract's code."""
    _read_names_as_utf_8()
    try:
        from muniment.cli.root import root
        from muniment.cli.streams import hold_standard_descriptors

        hold_standard_descriptors()
        root.main(prog_name="muniment")
    except KeyboardInterrupt:  # before a command was there to say so
        sys.exit(130)


def _read_names_as_utf_8() -> None:
    """Start again in UTF-8 where the locale has another encoding for file names.

    A manifest is UTF-8: a name read in another encoding would stand in it with other bytes.
    """
    if sys.platform != "win32" and sys.getfilesystemencoding() != "utf-8":
        environment = {**os.environ, "PYTHONUTF8": "1"}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606
