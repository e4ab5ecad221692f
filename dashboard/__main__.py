"""The dashboard from a terminal: `python -m dashboard [--port N] [--processed DIR] [--check]`.

It serves this machine only, unless people sign in (docs/sign-in.md).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import waitress

from dashboard import logs
from dashboard.data import Source
from dashboard.warming import kept_warm, settle_memory
from hnb.configuration import load
from hnb.errors import HnbError

ADDRESS = "127.0.0.1"
_OFF = frozenset({"", "0", "false", "no", "off"})


def parser() -> argparse.ArgumentParser:
    """What can be asked, and how."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, metavar="N", help="port (default: the setting)")
    parser.add_argument("--address", metavar="IP", help="address to serve at (default: the setting)")
    parser.add_argument(
        "--processed", type=Path, metavar="DIR", help="folder of snapshots (default: the setting)"
    )
    parser.add_argument("--check", action="store_true", help="render every page once, and stop")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. Gives the exit code: 0 well, 2 something for the user to mend."""
    given = parser().parse_args(arguments)
    try:
        refuse_environment(os.environ)
        configuration = load()
        configuration = replace(
            configuration,
            port=given.port or configuration.port,
            address=given.address or configuration.address,
            processed_folder=given.processed or configuration.processed_folder,
        )
        # Dash reads the environment when it is imported; by now that has been looked at.
        from dashboard.app import create_app, drawn_for_all, rendered_pages

        source = Source(configuration.processed_folder, configuration)
        app = create_app(source, configuration)
        if given.check:
            for path, characters in rendered_pages(app):
                print(f"{path} is well: {characters:,} characters")
            return 0
        here = (
            configuration.public_address
            if configuration.sign_in != "none"
            else f"http://{ADDRESS}:{configuration.port}"
        )
        print(f"The dashboard is at {here} (stop it with Ctrl+C).", flush=True)
        if configuration.sign_in != "none":
            logs.in_json()
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        settle_memory()
        with kept_warm(source, lambda: drawn_for_all(app, configuration)):
            waitress.serve(
                app.server,
                host=configuration.address,
                port=configuration.port,
                threads=8,
                ident="",
                _quiet=True,
            )
    except HnbError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(
            f"Port {configuration.port} cannot be used ({error.strerror}). Give another with --port.",
            file=sys.stderr,
        )
        return 2
    return 0


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
