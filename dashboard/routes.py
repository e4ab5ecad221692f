"""The addresses that are not pages: files to take away, and whether the server is well."""

from __future__ import annotations

import flask

from dashboard.access import RefusedError
from dashboard.data import request_data
from dashboard.exports import CONTENT_TYPES, Format, download
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Selection, measure_named


def install(server: flask.Flask) -> None:
    """Add the routes to the server."""
    server.add_url_rule("/export/<name>.<any(csv, xlsx):kind>", "export", export, methods=["GET"])


def export(name: str, kind: Format) -> flask.Response:
    """An answer as a file: `/export/spend.csv?<selection>&by=setting,phase`. The link is all that is asked."""
    if name not in MEASURES:
        flask.abort(404, "There is no measure of that name.")
    try:
        measure = measure_named(name)
        selection, notes = Selection.read(flask.request.query_string.decode("ascii", "replace"))
        given = flask.request.args.get("by", "")
        by = tuple(dict.fromkeys(part for part in given.split(",") if part))
        file = download(measure, request_data(), selection, by, notes)
    except HnbError as error:
        raise RefusedError(str(error)) from error
    response = flask.Response(file.to_bytes(kind), content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{file.filename(kind)}"'
    return response
