"""What our commands in a terminal have in common: which version they are of, and how they end, also where the reader
of what they print has gone, as with `| head`."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Callable

_READER_GONE = 141  # what a shell calls a program that ended because nobody read it any more


def exit_code(command: Callable[[], int]) -> int:
    """Run a command and give its exit code; a closed pipe ends it in silence."""
    try:
        code = command()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left when it ends: to nowhere, then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _READER_GONE
    return code


def code_version() -> str:
    """The version of this software; "from source" where it is not installed."""
    try:
        return importlib.metadata.version("high-needs-block")
    except importlib.metadata.PackageNotFoundError:
        return "from source"
