"""The dashboard from a terminal: `python -m dashboard [--port N] [--processed DIR] [--check]` serves the desk.

It serves this machine only, unless people sign in (docs/sign-in.md). What goes to a meeting has commands of its
own, `COMMANDS`: each in a module with `add(commands)`, which is imported only when it is asked for, so that the
process that shows a publication holds nothing that could open the register.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hnb.errors import HnbError

ADDRESS = "127.0.0.1"
_OFF = frozenset({"", "0", "false", "no", "off"})

COMMANDS: Mapping[str, str] = {
    "publish": "dashboard.publishing",
    "meeting": "dashboard.meeting.command",
    "pack": "dashboard.packing",
}
"""What `python -m dashboard` does besides serving the desk: name → module.

A module's `add(commands)` adds its parser to what `add_subparsers` gave, with its own options and the default
`run`: a function of the parsed options that gives the exit code. HnbError is told here.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted, or run one command. Gives the exit code: 0 well, 2 something for the user to mend."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    given = parser(_needed(arguments)).parse_args(arguments)
    try:
        return int(given.run(given))
    except HnbError as error:
        print(error, file=sys.stderr)
        return 2


def _needed(arguments: Sequence[str]) -> tuple[str, ...]:
    """The commands whose options must be known: the one asked for; to help or to refuse another, all."""
    first = arguments[:1]
    if first and first[0] in COMMANDS:
        return (first[0],)
    is_serving = not first or (first[0].startswith("-") and not {"-h", "--help"} & set(arguments))
    return () if is_serving else tuple(COMMANDS)


def parser(names: Sequence[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """What can be asked, and how; of the commands, those that are named."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, metavar="N", help="port (default: the setting)")
    parser.add_argument("--address", metavar="IP", help="address to serve at (default: the setting)")
    parser.add_argument(
        "--processed", type=Path, metavar="DIR", help="folder of snapshots (default: the setting)"
    )
    parser.add_argument("--check", action="store_true", help="render every page once, and stop")
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in names:
        importlib.import_module(COMMANDS[name]).add(commands)
    return parser


def _serve(given: argparse.Namespace) -> int:
    refuse_environment(os.environ)
    # Dash reads the environment when it is imported; by now that has been looked at.
    return int(
        importlib.import_module("dashboard.serving").serve(
            given.port, given.processed, given.check, given.address
        )
    )


def refuse_environment(environment: Mapping[str, str]) -> None:
    """Raise HnbError when the environment would have Dash serve others, debug, or take other settings.

    Dash reads HOST and every DASH_ name, in capitals or not, whatever the program says.
    """
    for name, value in sorted(environment.items()):
        if name.upper() == "HOST" and value not in ("", ADDRESS, "localhost"):
            raise HnbError(
                f"{name}={value} is in the environment, and the dashboard serves this machine only unless the settings "
                f"say otherwise (address, with sign_in). Unset {name} and start again."
            )
        if name.upper().startswith("DASH_") and value.strip().lower() not in _OFF:
            raise HnbError(
                f"{name} is in the environment, and Dash would take it for a setting of its own (debugging and "
                f"programs that read the data are switched on that way). Unset {name} and start again."
            )


if __name__ == "__main__":
    sys.exit(main())
