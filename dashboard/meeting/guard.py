"""What may be asked of the meeting's server, and what goes out with every answer.

It answers at this machine only; a change must come from its own pages; nothing is kept by a browser.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import flask

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


def install(server: flask.Flask) -> None:
    """Check every request first, and send the headers with every answer."""
    server.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    server.before_request(refuse_foreign)
    server.after_request(with_headers)


def refuse_foreign() -> None:
    """Refuse a request that another site, or another name of this machine, sends."""
    request = flask.request
    if _host(request.host) not in LOCAL_HOSTS:
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
    """The answer with the security headers."""
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def _host(netloc: str) -> str:
    """The host without its port; the brackets of an IPv6 address stay."""
    name, colon, port = netloc.rpartition(":")
    return name if colon and port.isdigit() else netloc
