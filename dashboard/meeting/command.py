"""`python -m dashboard meeting`: shows a folder of publications to a meeting, on this machine."""

from __future__ import annotations

import argparse
import datetime
import logging
import sys
from pathlib import Path
from typing import Any

ADDRESS = "127.0.0.1"


def add(commands: Any) -> None:
    """Add the command's options to the parser."""
    command = commands.add_parser("meeting", help="show a publication to a meeting, view by view")
    command.add_argument(
        "--published", type=Path, metavar="DIR", help="folder of publications (default: the setting)"
    )
    command.add_argument(
        "--port", type=int, metavar="N", help="port on this machine (default: the setting's next)"
    )
    command.add_argument("--check", action="store_true", help="render every view once, and stop")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Serve the meeting until interrupted. Gives the exit code."""
    import waitress

    from dashboard.meeting.app import create_app
    from dashboard.meeting.questions_file import QuestionsFile
    from dashboard.meeting.shown import Shown
    from dashboard.packs import KeptPacks
    from hnb.configuration import load
    from hnb.measures_file import take_measures

    configuration = load()
    take_measures(configuration.measures_file)  # a recommendation may be held against one of them
    folder = given.published or configuration.published_folder
    shown, questions = Shown(folder), QuestionsFile(configuration.questions_file)
    app = create_app(shown, questions, configuration, datetime.date.today, KeptPacks(folder))
    views = shown.pair().views()
    if given.check:
        client = app.test_client()
        for view in views:
            answer = client.get(f"/meeting/{view.view_id}", base_url=f"http://{ADDRESS}")
            sys.stdout.write(f"/meeting/{view.view_id}: {answer.status_code}, {len(answer.data):,} bytes\n")
        return 0
    # The desk has the port of the settings; both may run beside each other.
    port = given.port or configuration.port + 1
    sys.stdout.write(f"The meeting is at http://{ADDRESS}:{port}/meeting (stop it with Ctrl+C).\n")
    sys.stdout.flush()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        waitress.serve(app, host=ADDRESS, port=port, threads=4, ident="", _quiet=True)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        sys.stderr.write(f"Port {port} cannot be used ({error.strerror}). Give another with --port.\n")
        return 2
    return 0
