"""The dashboard as a WSGI application, for a server that is already there: `waitress-serve dashboard.wsgi:application`.

The server must bind to 127.0.0.1: the application answers requests for this machine's own name only.
"""

from __future__ import annotations

import os

from dashboard.__main__ import refuse_environment
from dashboard.app import create_app
from dashboard.data import Source
from dashboard.warming import settle_memory
from hnb.configuration import load

refuse_environment(os.environ)
_configuration = load()
application = create_app(Source(_configuration.processed_folder, _configuration), _configuration).server
settle_memory()
