"""The shell: the Dash app, what stands around every page, and what goes out with every answer.

`create_app` is the whole of it. Pages are in `dashboard.pages`, what they read is in `dashboard.data`,
what may be asked in `dashboard.access`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import dash
import flask
from dash import ClientsideFunction, Dash, html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component
from plotly.io.json import to_json_plotly

from dashboard import access, compression, drawn_pages, first_layout, logs, roles, routes, shell, sign_in
from dashboard.components.markup import named_by
from dashboard.components.unlinked import unlinked
from dashboard.data import Source, request_data
from dashboard.document import DashWithDocument
from dashboard.figures import palette
from dashboard.listings import listings
from hnb import wording
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.measures_file import take_measures

PAGES_LOCATION = "_pages_location"
"""Dash's own id of the address bar that `dash.page_container` brings."""

_ANY_PATH = "/<path:path>"
"""Dash's own name of the rule that takes every address."""

# The query as a whole; the routers of pages take it from the address, see access.guarded_layout.
_ROUTED = {"search": State(PAGES_LOCATION, "search"), **first_layout.ROUTED}

_INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <meta name="color-scheme" content="light dark">
    <title>{%title%}</title>
    {%favicon%}
    <style>@@PALETTE@@</style>
    {%css%}
  </head>
  <body>
    <a class="skip-link" href="#main">Skip to the figures</a>
    {%app_entry%}
    <noscript>The dashboard draws its pages with JavaScript, which is switched off in this browser.</noscript>
    {%config%}
    {%scripts%}
    {%renderer%}
  </body>
</html>"""


def create_app(source: Source, configuration: Configuration) -> Dash:
    """The dashboard over a source of snapshots, ready to be served: `create_app(…).server` is a WSGI application.

    Raises HnbError when nothing was published yet, or when the file of the installation's own measures has a fault.
    Several apps can stand side by side, each with its source; the measures are those of the last one made.
    """
    sign_in.refuse_open(configuration)  # whatever else is amiss, this is said first
    source.data()
    # Before the pages are imported: what can be chosen on them is read from the register.
    take_measures(configuration.measures_file)
    _forget_pages()
    app = DashWithDocument(
        "dashboard",
        title=f"{configuration.block_name}, {configuration.authority_name}",
        update_title="",
        use_pages=True,
        routing_callback_inputs=_ROUTED,
        include_pages_meta=False,
        serve_locally=True,
        eager_loading=False,
        enable_mcp=False,
        compress=False,  # dashboard.compression does it, with 304s that work
        assets_external_path="",
        # Page layouts read the request's snapshot; checking ids against one rendering of them adds nothing.
        suppress_callback_exceptions=True,
        prevent_initial_callbacks=True,
        index_string=_INDEX.replace("@@PALETTE@@", palette.stylesheet()),
    )
    layouts = {
        page["path"]: access.guarded_layout(
            page["layout"], _framed, least_role(page), page["path"], page.get("is_kept", False)
        )
        for page in dash.page_registry.values()
    }

    def named() -> frozenset[str]:
        return named_by(app.callback_map)

    app.layout = lambda: _shell(configuration, layouts, named())
    app.clientside_callback(
        ClientsideFunction("shell", "navigation"),
        [Output(shell.link_id(page), "href") for page in shell.listed(pages())],
        Input(PAGES_LOCATION, "pathname"),
        Input(PAGES_LOCATION, "search"),
        [State(shell.link_id(page), "id") for page in shell.listed(pages())],
        prevent_initial_call=False,
    )
    app.server.extensions["hnb"] = source
    app.server.config["MAX_CONTENT_LENGTH"] = access.BODY_LIMIT
    for page in dash.page_registry.values():
        page["layout"] = first_layout.drawn_once(layouts[page["path"]], page["path"], named)
    compression.install(app.server)
    drawn_pages.install(app.server)  # runs before the compression: Flask goes through these backwards
    routes.install(app.server)
    _settle(app)
    _protect(app, configuration)
    return app


def least_role(page: Mapping[str, Any]) -> str:
    """The least role that sees a registered page; an officer where it says none."""
    said: str = page.get("least_role", roles.OFFICER)
    return said


def pages() -> list[dict[str, Any]]:
    """The registered pages in the order of the navigation: each a mapping with path, name and title."""
    return [
        dict(page) for page in dash.page_registry.values() if page["module"].split(".")[-1] != "not_found_404"
    ]


def drawn_for_all(app: Dash, configuration: Configuration) -> None:
    """Draw every page once for each kind of reader whom the settings let in, so that nobody waits for a first drawing."""
    rendered_pages(app)
    if configuration.sign_in != "none":
        rendered_pages(app, roles.AS_AN_ANALYST)


def rendered_pages(app: Dash, reader: roles.Person = roles.AT_THIS_MACHINE) -> list[tuple[str, int]]:
    """Each page's address and the length of its layout as JSON, drawn once. Whatever goes wrong is raised."""
    lengths = []
    with app.server.test_request_context("/", base_url="http://127.0.0.1"):
        roles.is_from(reader)  # the server itself, before anybody asks
        for page in pages():
            layout = page["layout"]
            lengths.append((str(page["path"]), len(to_json_plotly(layout()))))
    return lengths


# ----------------------------------------------------------------------------------- what is shown


def _shell(
    configuration: Configuration, layouts: Mapping[str, Callable[..., Any]], named: Collection[str]
) -> Component:
    """What stands around every page, and the page of the address that it is asked from, where that is known."""
    return shell.shell(configuration, pages(), first_layout.container(layouts, named))


def _framed(page: Component) -> Component:
    """A page with the line that every page ends with: as at when, from which snapshot, and what is amiss."""
    data = request_data()
    as_at = f"Figures as at {wording.date(data.as_at)}. " if data.as_at else ""
    lines: list[Component] = []
    if data.fault:
        lines.append(
            html.P(
                f"A newer snapshot could not be read, so this is the one before. {data.fault}", role="alert"
            )
        )
    lines.append(
        html.P(
            [
                as_at,
                f"Snapshot {data.id}, published {wording.date(data.made_at)} at {data.made_at:%H:%M} UTC "
                f"from {len(data.sources)} file{'' if len(data.sources) == 1 else 's'}.",
            ],
            id="provenance",
            # What a copied figure, finding or table is cited by (assets/comfort.js).
            **{
                "data-snapshot": data.id.partition("-")[0].lstrip("0"),
                "data-as-at": wording.date(data.as_at) if data.as_at else "",
            },
        )
    )
    whole = html.Div([page, html.Footer(lines, className="provenance")])
    return whole if roles.may(roles.OFFICER) else unlinked(whole, _leads)


def _leads(address: str) -> bool:
    """Whether the person asking sees what is at an address of ours."""
    path = urlsplit(address).path
    at = {str(page["path"]): least_role(page) for page in dash.page_registry.values()}
    if path in at:
        return roles.may(at[path])
    name = re.fullmatch(r"/export/listing/([\w-]+)\.\w+", path)
    return name is None or roles.may(roles.least_role_of(listings().get(name[1])))


# ---------------------------------------------------------------------------------- what goes out


def _protect(app: Dash, configuration: Configuration) -> None:
    """Check every request before it is answered, and send the security headers with every answer."""
    server = app.server
    sign_in.install(
        server, configuration, routes.LEAST_ROLES, documents=routes.DOCUMENTS, counted=routes.EXPORTS
    )
    is_public = configuration.sign_in != "none"
    foreign = access.refuse_foreign(
        urlsplit(configuration.public_address).netloc if is_public else "",
        forms=("sign_out",),
        open_to_all=routes.HEALTH,
    )
    # First of all: before Dash's own preparation, which answers whoever asks.
    server.before_request_funcs.setdefault(None, []).insert(0, foreign)
    if is_public:
        logs.install(server)

    addresses = {page["path"]: least_role(page) for page in pages()}

    @server.after_request
    def with_headers(response: flask.Response) -> flask.Response:
        if flask.request.endpoint == _ANY_PATH and response.status_code == 200:
            # Dash answers every address with its document, and says only there that it shows no such page.
            least = addresses.get(flask.request.path)
            response.status_code = 404 if least is None else 200 if roles.may(least) else 403
        headers = response.headers
        # A page that stands alone has a stricter one of its own (dashboard.plain_page).
        headers.setdefault("Content-Security-Policy", content_security_policy(app))
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        headers["Cache-Control"] = _caching(flask.request)
        return response

    @server.errorhandler(access.RefusedError)
    def refused(error: access.RefusedError) -> tuple[str, int]:
        return str(error), 400

    @server.errorhandler(HnbError)
    def to_be_mended(error: HnbError) -> tuple[str, int]:
        return str(error), 503


def _caching(request: flask.Request) -> str:
    """Figures are never kept; a file whose address changes with its content is kept for ever; others are asked about."""
    if compression.is_fingerprinted(request):
        return "public, max-age=31536000, immutable"
    return "no-cache" if compression.is_file(request) else "no-store"


def content_security_policy(app: Dash) -> str:
    """What a page may load and run: our own files, and the inline scripts that Dash writes, by their hashes."""
    scripts = " ".join(["'self'", *app.csp_hashes()])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _forget_pages() -> None:
    """Let the page files run again for a second app of this process.

    Dash runs each page file anew for each app, but what page files share would be imported once, and its
    callbacks would belong to the first app only.
    """
    for name in [name for name in sys.modules if name.startswith("dashboard.pages.")]:
        del sys.modules[name]


def _settle(app: Dash) -> None:
    """Let Dash do now what it would do at the first request: gather the callbacks that the pages registered.

    They lie in a list that all apps of the process share until then. It looks at a layout, which is nobody's view.
    """
    with app.server.test_request_context("/", base_url="http://127.0.0.1"):
        roles.is_from(roles.AT_THIS_MACHINE)
        for prepare in app.server.before_request_funcs[None]:
            prepare()
