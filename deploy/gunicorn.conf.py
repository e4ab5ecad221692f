"""How gunicorn serves the dashboard: `gunicorn --config deploy/gunicorn.conf.py`, from the project's folder.

Address, port and sign-in are settings (settings.toml); here stands only how many processes answer, and for how long.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Any

from hnb.configuration import Configuration, load, open_address_fault
from hnb.errors import HnbError
from hnb.key_file import key_in


def _configured() -> Configuration:
    try:
        configuration = load()
        if fault := open_address_fault(configuration.address, configuration.sign_in):
            raise HnbError(fault)
        if configuration.sign_in == "openid":
            # Made once, before there are two processes that would each make one.
            key_in(configuration.session_key_file, "The key of sessions", "session_key_file")
    except HnbError as error:
        print(error, file=sys.stderr)  # noqa: T201 (nothing else is there yet to say it)
        sys.exit(2)
    return configuration


_settings = _configured()

wsgi_app = "dashboard.wsgi:application"
bind = f"{_settings.address}:{_settings.port}"
workers = 2
worker_class = "gthread"
threads = 8
preload_app = False  # Polars keeps threads, and a process that is split off after they began hangs
timeout = 60
graceful_timeout = 20
limit_request_line = 8190  # a view is its link
forwarded_allow_ips = ""  # which proxy is believed is a setting of the dashboard's own
accesslog = None  # the dashboard says it itself, without queries
errorlog = "-"
loglevel = "warning"
proc_name = "high-needs-block"

_while_serving = ExitStack()


def post_worker_init(worker: Any) -> None:
    """Draw every page before somebody asks, in each process, and again when a new snapshot is there."""
    from dashboard.app import drawn_for_all
    from dashboard.warming import kept_warm
    from dashboard.wsgi import app, configuration, source

    _while_serving.enter_context(kept_warm(source, lambda: drawn_for_all(app, configuration)))


def worker_exit(server: Any, worker: Any) -> None:
    """End that."""
    _while_serving.close()
