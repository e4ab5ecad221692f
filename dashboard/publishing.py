"""`python -m dashboard publish`: what outside audiences may see, made from the current snapshot and kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add the command's options to the parser."""
    command = commands.add_parser("publish", help="make what the meeting and the packs may show, and keep it")
    command.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots")
    command.add_argument("--published", type=Path, metavar="DIR", help="folder of publications")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Publish for both audiences and tell what was shown. Gives the exit code."""
    raise NotImplementedError(given)
