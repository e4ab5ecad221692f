"""What may be asked of the meeting's server, and what goes out with every answer.

It answers at this machine only, or with sign-in by its own name and whoever has at least the meeting's role; a change
must come from its own pages; nothing is kept by a browser.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import flask

from hnb.configuration import Configuration

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
BODY_LIMIT = 4_096
"""Bytes of a posted question with its form."""
QUERY_LIMIT = 512

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


def install(server: flask.Flask, configuration: Configuration) -> None:
    """Check every request first, and send the headers with every answer. Call it when every address is there."""
    server.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    server.after_request(with_headers)
    signs_in = configuration.sign_in != "none"
    if signs_in:
        from dashboard import sign_in
        from dashboard.roles import MEETING, PUBLIC

        names = {rule.endpoint for rule in server.url_map.iter_rules()}
        least = {name: PUBLIC if name in ("static", "colours") else MEETING for name in names}
        sign_in.install(
            server,
            replace(configuration, public_address=configuration.meeting_address),
            least,
            documents=[name for name in names if least[name] == MEETING],
        )
    host = urlsplit(configuration.meeting_address).netloc if signs_in else ""
    server.before_request_funcs.setdefault(None, []).insert(0, lambda: refuse_foreign(host))


def refuse_foreign(host: str = "") -> None:
    """Refuse a request that another site, or another name of this machine, sends. `host`: the name with sign-in."""
    request = flask.request
    if host and request.host != host:
        flask.abort(400, "The meeting answers by its own name only.")
    if not host and (_host(request.host) not in LOCAL_HOSTS or "X-Forwarded-For" in request.headers):
        flask.abort(400, "The meeting answers at 127.0.0.1 only.")
    if request.method not in ("GET", "HEAD", "POST"):
        flask.abort(405)
    if request.method == "POST":
        if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
            flask.abort(403, "Only the meeting's own pages may change anything.")
        if request.mimetype != "application/x-www-form-urlencoded":
            flask.abort(415)
    if len(request.query_string) > QUERY_LIMIT:
        flask.abort(414)


def with_headers(response: flask.Response) -> flask.Response:
    """The answer with the security headers; a page with a policy of its own (`dashboard.plain_page`) keeps it."""
    own = response.headers.get("Content-Security-Policy")
    response.headers.update(_HEADERS)
    if own:
        response.headers["Content-Security-Policy"] = own
    return response


def _host(netloc: str) -> str:
    """The host without its port; the brackets of an IPv6 address stay."""
    name, colon, port = netloc.rpartition(":")
    return name if colon and port.isdigit() else netloc
