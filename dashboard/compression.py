"""Answers made small on the way out, and what goes out again made small only once.

Dash's own switch (`compress=True`) loses the 304s of assets and compresses a library anew for every browser. Here the
compressed bytes are kept by a digest of the plain ones: a library, the document, a page that others opened before.
"""

from __future__ import annotations

import hashlib

import flask
from flask_compress import Compress

from dashboard.kept_bytes import KeptBytes

BYTES_KEPT = 24_000_000
"""Bytes that compressed answers may take: all scripts, and some two thousand views."""

LIBRARIES = "/_dash-component-suites/"
"""Where Dash serves the scripts that come with installed packages."""


def is_file(request: flask.Request) -> bool:
    """Whether the address is that of a file of ours or of a library, and of no figures."""
    return request.path.startswith(("/assets/", LIBRARIES))


def is_fingerprinted(request: flask.Request) -> bool:
    """Whether that file will never be different under its address."""
    if request.path.startswith("/assets/"):
        return "m" in request.args
    return request.path.startswith(LIBRARIES) and ".v" in request.path


class _Kept:
    """Compressed bodies by what they were before: flask-compress asks for them by key."""

    def __init__(self) -> None:
        self._bodies: KeptBytes[str] = KeptBytes(BYTES_KEPT)

    def get(self, key: str) -> bytes | None:
        return self._bodies.get(key)

    def set(self, key: str, body: bytes) -> None:
        if key.partition(";")[2] and len(body) <= BYTES_KEPT // 8:
            # Nothing of no digest, and no download that would drive out a thousand views.
            self._bodies.keep(key, body)


def _key(request: flask.Request) -> str:
    """What the body is, and nothing of who asked: whoever is to get these very bytes may have them compressed before."""
    return str(flask.g.get("body", ""))


def install(server: flask.Flask) -> None:
    """Compress what the server answers: brotli where the browser takes it, else gzip."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_CACHE_BACKEND=_Kept,
        COMPRESS_CACHE_KEY=_key,
    )
    Compress(server)

    @server.after_request
    def whole(response: flask.Response) -> flask.Response:
        # Runs before the compression (Flask goes through these backwards). A file that is streamed cannot be
        # kept compressed, and loses its 304. That it is handed on as a file says it best: waitress's own kind has a
        # length, so it does not look streamed.
        if response.status_code == 200:
            response.direct_passthrough = False
            flask.g.body = hashlib.sha256(response.get_data()).hexdigest()
        return response
