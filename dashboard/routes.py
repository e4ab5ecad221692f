"""The addresses that are not pages: files to take away, and whether the server is well."""

from __future__ import annotations

from collections.abc import Mapping

import flask

from dashboard.access import RefusedError, view_query
from dashboard.data import Source, request_data
from dashboard.exports import download
from dashboard.listing import ROW_LIMIT, listing_file
from dashboard.listings import listings
from dashboard.pack_files import request_packs
from dashboard.packs import Kind
from dashboard.record_exports import RECORDS, record_file
from dashboard.roles import ANALYST, OFFICER, PUBLIC, for_role
from dashboard.table_file import CONTENT_TYPES, Format
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Selection, measure_named

HEALTH = ("healthz", "readyz")
"""The endpoints that whoever watches over the server asks."""

EXPORTS = ("export", "listing", "record", "pack")
"""The endpoints that give files away."""

DOCUMENTS = ("/", "/<path:path>")
"""Dash's own names of the endpoints that give the document in which every page is shown."""

LEAST_ROLES: Mapping[str, str] = {
    **dict.fromkeys(HEALTH, PUBLIC),
    # Scripts and styles: the program's own, the same for everybody.
    "_dash_assets.static": PUBLIC,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": PUBLIC,
    "/_favicon.ico": PUBLIC,
    **dict.fromkeys(DOCUMENTS, ANALYST),
    **dict.fromkeys(
        ("/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/_reload-hash"), ANALYST
    ),
    **dict.fromkeys(EXPORTS, ANALYST),
    "pack": OFFICER,
    "static": OFFICER,
}
"""The least role of every endpoint, Dash's own by the names that Dash gives them. A test fails for one that is missing."""


def install(server: flask.Flask) -> None:
    """Add the routes to the server."""
    for rule, endpoint, answer in (
        ("/export/<name>.<any(csv, xlsx):kind>", "export", export),
        ("/export/listing/<name>.<any(csv, xlsx):kind>", "listing", listing),
        ("/pack/<any(pdf, pptx, xlsx, html):kind>", "pack", pack),
        ("/export/record/<name>.<any(csv, xlsx):kind>", "record", record),
    ):
        server.add_url_rule(rule, endpoint, for_role(LEAST_ROLES[endpoint], answer), methods=["GET"])
    server.add_url_rule("/healthz", "healthz", healthz, methods=["GET"])
    server.add_url_rule("/readyz", "readyz", readyz, methods=["GET"])


def healthz() -> flask.Response:
    """Whether the process answers."""
    return flask.Response("well\n", content_type="text/plain; charset=utf-8")


def readyz() -> flask.Response:
    """Whether it has a snapshot that can be read, the newest: whoever cannot be shown figures is not sent here."""
    source: Source = flask.current_app.extensions["hnb"]
    try:
        is_ready = not source.data().fault
    except HnbError:
        is_ready = False
    said, status = ("ready\n", 200) if is_ready else ("the newest snapshot cannot be read\n", 503)
    return flask.Response(said, status=status, content_type="text/plain; charset=utf-8")


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
    return _sent(file.table.to_bytes(kind), file.filename(kind), kind)


def listing(name: str, kind: Format) -> flask.Response:
    """A page's table as a file: `/export/listing/budget-lines.csv?<the page's query>`."""
    makers = listings()
    if name not in makers:
        flask.abort(404, "There is no listing of that name.")
    data = request_data()
    try:
        found = makers[name](view_query()(flask.request.query_string.decode("ascii", "replace")))
        if len(found.rows) > ROW_LIMIT:
            raise HnbError(
                f"That is {len(found.rows):,} rows; a file takes {ROW_LIMIT:,}. Narrow the selection."
            )
    except HnbError as error:
        raise RefusedError(str(error)) from error
    return _sent(listing_file(found, data).to_bytes(kind), f"{name}-{data.id.partition('-')[0]}.{kind}", kind)


def record(name: str, kind: Format) -> flask.Response:
    """What the build wrote about itself as a file: `/export/record/problems.csv?what=error_cell`."""
    if name not in RECORDS:
        flask.abort(404, "There is no record of that name.")
    data = request_data()
    try:
        file = record_file(name, data, flask.request.args.to_dict())
    except HnbError as error:
        raise RefusedError(str(error)) from error
    title = f"{name}-{data.id.partition('-')[0]}".replace("_", "-")
    return _sent(file.to_bytes(kind), f"{title}.{kind}", kind)


def pack(kind: Kind) -> flask.Response:
    """The meeting's pack of the latest publication as a file: `/pack/pdf`. It takes nothing but the format."""
    try:
        file = request_packs().file(kind)
    except HnbError as error:
        raise RefusedError(str(error)) from error
    response = flask.Response(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _sent(content: bytes, filename: str, kind: Format) -> flask.Response:
    response = flask.Response(content, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
