"""Serves the desk, the dashboard of named officers, until it is interrupted."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path

import waitress

from dashboard import logs
from dashboard.__main__ import ADDRESS
from dashboard.app import create_app, drawn_for_all, rendered_pages
from dashboard.data import Source
from dashboard.warming import kept_warm, settle_memory
from hnb.configuration import load


def serve(port: int | None, processed: Path | None, only_check: bool, address: str | None = None) -> int:
    """Serve, or only render every page once. What is not given is as the settings say. Gives the exit code."""
    configuration = load()
    configuration = replace(
        configuration,
        port=port or configuration.port,
        address=address or configuration.address,
        processed_folder=processed or configuration.processed_folder,
    )
    source = Source(configuration.processed_folder, configuration)
    app = create_app(source, configuration)
    if only_check:
        for path, characters in rendered_pages(app):
            sys.stdout.write(f"{path} is well: {characters:,} characters\n")
        return 0
    signs_in = configuration.sign_in != "none"
    here = configuration.public_address if signs_in else f"http://{ADDRESS}:{configuration.port}"
    sys.stdout.write(f"The dashboard is at {here} (stop it with Ctrl+C).\n")
    sys.stdout.flush()
    if signs_in:
        logs.in_json()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    settle_memory()
    try:
        with kept_warm(source, lambda: drawn_for_all(app, configuration)):
            waitress.serve(
                app.server,
                host=configuration.address,
                port=configuration.port,
                threads=8,
                ident="",
                _quiet=True,
            )
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        sys.stderr.write(
            f"Port {configuration.port} cannot be used ({error.strerror}). Give another with --port.\n"
        )
        return 2
    return 0
