"""Answers made small on the way out, and the files that never change made small only once.

Dash's own switch (`compress=True`) loses the 304s of assets and compresses a library anew for every
browser; here what has a fingerprint in its address is kept compressed.
"""

from __future__ import annotations

from collections import OrderedDict

import flask
from flask_compress import Compress

_KEPT = 64


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
    """The compressed bodies of files: flask-compress asks for them by key, "" being never kept."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        return self._bodies.get(key)

    def set(self, key: str, body: bytes) -> None:
        if key.partition(";")[2]:
            self._bodies[key] = body
            while len(self._bodies) > _KEPT:
                self._bodies.popitem(last=False)


def _key(request: flask.Request) -> str:
    # A library's file stays as it is while the server runs; an asset of ours may be edited.
    if request.path.startswith(LIBRARIES) or is_fingerprinted(request):
        return f"{request.path}?{request.args.get('m', '')}"
    return ""


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
        # kept compressed, and loses its 304.
        if response.is_streamed and response.status_code == 200:
            response.direct_passthrough = False
            response.get_data()
        return response
