"""Exit codes: what the contract promises to scripts, and which failure leads to which."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import IntEnum

import click

from muniment.cli.streams import say
from muniment.model.errors import MunimentError, UsageError

# What the shell itself gives for a process ended by Ctrl-C: 128 and the signal's number.
INTERRUPTED = 130


class Exit(IntEnum):
    """The exit codes of every command."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    UNVERIFIED = 3
    BUG = 4


def exit_code_of(command: Callable[[], object]) -> int:
    """Run a command; its exit code, or that of the failure that ended it, said on standard error.

    A command returns its exit code, or anything else for success.
    """
    try:
        code = command()
    except (click.Abort, KeyboardInterrupt):
        say("muniment: stopped")
        return INTERRUPTED
    except click.ClickException as fault:
        return _wrong_usage(fault)
    except UsageError as fault:
        say(f"muniment: {fault}")
        return Exit.USAGE
    except (MunimentError, OSError, MemoryError) as fault:
        say(f"muniment: could not be completed: {_reason(fault)}")
        return Exit.UNVERIFIED
    except Exception as fault:  # noqa: BLE001 - this is where every bug is said as such
        return _bug(fault)
    return code if isinstance(code, int) else Exit.PASS


def _wrong_usage(fault: click.ClickException) -> int:
    context = fault.ctx if isinstance(fault, click.UsageError) else None
    if context is not None:
        say(f"{context.get_usage()}\nTry '{context.command_path} --help'.\n")
    say(f"muniment: {fault.format_message()}")
    return Exit.USAGE


def _reason(fault: BaseException) -> str:
    return str(fault) or type(fault).__name__


def _bug(fault: Exception) -> int:
    import traceback

    what = "".join(traceback.format_exception_only(fault)).strip()
    say(f"muniment: a fault of muniment itself, not of your files: {what}")
    if os.environ.get("MUNIMENT_DEBUG") == "1":
        say("".join(traceback.format_exception(fault)))
    else:
        say("Please report it, with what you called. MUNIMENT_DEBUG=1 shows where it happened.")
    return Exit.BUG
