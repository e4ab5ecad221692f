"""The dashboard as a WSGI application, for a server that is already there: `waitress-serve dashboard.wsgi:application`.

Without sign-in the application answers requests from this machine and for its own name only, whatever the server
binds to; with it, requests for the name in `public_address`. docs/deployment.md has the servers' configurations.
"""

from __future__ import annotations

import os

from dashboard import logs
from dashboard.__main__ import refuse_environment
from dashboard.app import create_app
from dashboard.data import Source
from dashboard.warming import settle_memory
from hnb.configuration import load

refuse_environment(os.environ)
configuration = load()
if configuration.sign_in != "none":
    logs.in_json()
source = Source(configuration.processed_folder, configuration)
app = create_app(source, configuration)
application = app.server
settle_memory()
