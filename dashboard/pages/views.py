"""Saved views: the links that officers keep under a name, to open, rename and delete. Not in the navigation."""

from __future__ import annotations

import datetime
from typing import Any

import dash
import dash_mantine_components as dmc
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, number_of_clicks, one_of, view_query
from dashboard.components import html
from dashboard.components.panel import empty_panel, panel
from dashboard.components.records import RecordColumn, records_table
from dashboard.data import request_data
from dashboard.pages.filters import LOCATION, search_text
from dashboard.roles import OFFICER
from dashboard.saved_views import SavedView, SavedViews
from hnb import load_findings, wording
from hnb.errors import HnbError

PATH = "/views"
QUESTION = "Which views have been saved?"

dash.register_page(
    __name__, path=PATH, name="Saved views", title="Saved views", order=131, least_role=OFFICER, listed=False
)


def kept() -> SavedViews:
    """The views of this installation."""
    return SavedViews(request_data().configuration.views_file, _paths())


def _paths() -> tuple[str, ...]:
    return tuple(str(page["path"]) for page in dash.page_registry.values() if page["path"] != PATH)


def _names() -> tuple[str, ...]:
    return tuple(view.name for view in kept().all()[0])


# ---------------------------------------------------------------------------------------- callbacks


@guarded_callback(
    Output("save-view-said", "children"),
    [
        Given(Input("save-view-do", "n_clicks"), number_of_clicks()),
        Given(State("save-view-name", "value"), search_text()),
        Given(State(LOCATION, "pathname"), one_of(_paths)),
        Given(State(LOCATION, "search"), view_query()),
    ],
    least_role=OFFICER,
    prevent_initial_call=True,
)
def save(clicks: int, name: str, path: str | None, query: str) -> Any:
    """Keep the view that is shown, and say so or say what hinders it."""
    if not clicks:
        return dash.no_update
    try:
        view = kept().save(name, path or "", query, datetime.date.today())
    except HnbError as error:
        return str(error)
    return f"Saved as “{view.name}”."


@guarded_callback(
    [Output("views-list", "children"), Output("views-said", "children"), Output("views-chosen", "data")],
    [
        Given(Input("views-rename", "n_clicks"), number_of_clicks()),
        Given(Input("views-delete", "n_clicks"), number_of_clicks()),
        Given(State("views-chosen", "value"), one_of(_names)),
        Given(State("views-name", "value"), search_text()),
    ],
    least_role=OFFICER,
    prevent_initial_call=True,
)
def change(renamed: int, deleted: int, chosen: str | None, name: str) -> Any:
    """Rename or delete the view that is chosen; the list as it is then."""
    if not (renamed or deleted):
        return dash.no_update, dash.no_update, dash.no_update
    try:
        if not chosen:
            said = "Choose a view first."
        elif dash.ctx.triggered_id == "views-delete":
            kept().delete(chosen)
            said = f"Deleted “{chosen}”."
        else:
            said = f"“{chosen}” is now called “{kept().rename(chosen, name).name}”."
    except HnbError as error:
        said = str(error)
    views, faults = kept().all()
    return _list(views, faults), said, [view.name for view in views]


# ------------------------------------------------------------------------------------------- layout


def layout(view: str = "") -> Component:
    """The page; it takes nothing from its address."""
    views, faults = kept().all()
    said = f"{load_findings.plural(len(views), 'view')} saved"
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P("Links under a name, shared by all who use this dashboard")], className="page-head"),
            html.P(said, **{"data-status": said}),
            html.Div(_list(views, faults), id="views-list"),
            _changing(views),
        ],
        className="page",
    )  # fmt: skip


def _list(views: tuple[SavedView, ...], faults: tuple[str, ...]) -> list[Component]:
    lost = [html.P(sentence, className="dropped") for sentence in faults]
    if not views:
        sentence = (
            "Press “Save this view” on any page: the page and what is selected on it are kept under a name."
        )
        return [*lost, empty_panel("saved", "No view has been saved yet", sentence)]
    columns = [
        RecordColumn("name", "View", link=lambda row: row["address"]),
        RecordColumn("page", "Page"),
        RecordColumn("selected", "What it shows"),
        RecordColumn("saved_on", "Saved on", "date"),
        RecordColumn("gone", "To know"),
    ]
    return [
        *lost,
        panel(
            "saved",
            f"{load_findings.plural(len(views), 'view')} can be opened",
            "Press a name to open the view; a view holds no figures, so it opens with today's",
            records_table([_row(view) for view in views], columns, "Saved views"),
        ),
    ]


def _row(view: SavedView) -> dict[str, Any]:
    names = {str(page["path"]): str(page["name"]) for page in dash.page_registry.values()}
    return {
        "name": view.name,
        "address": view.address,
        "page": names.get(view.path, view.path),
        "selected": view.selection.words(),
        "saved_on": view.saved_on,
        "gone": wording.listed(sentence.rstrip(".") for sentence in view.gone),
    }


def _changing(views: tuple[SavedView, ...]) -> Component:
    """The controls that rename and delete; they stay while the list is empty, since the first view may come at any time."""
    return html.Section(
        [
            html.H2("Rename or delete a view"),
            html.Div(
                [
                    dmc.Select(
                        id="views-chosen",
                        label="View",
                        placeholder="Choose one",
                        data=[view.name for view in views],
                        comboboxProps={"withinPortal": False, "transitionProps": {"duration": 0}},
                        maxDropdownHeight=320,
                    ),
                    dmc.TextInput(id="views-name", label="New name", inputProps={"autoComplete": "off"}),
                    html.Button("Rename", id="views-rename", type="button", className="button", n_clicks=0, **{"data-reads": "views-name"}),
                    html.Button("Delete", id="views-delete", type="button", className="button", n_clicks=0),
                ],
                className="chooser",
            ),
            html.P(id="views-said", **{"aria-live": "polite"}),
        ],
        className="panel",
        hidden=not views,
        **{"aria-label": "Rename or delete a view"},
    )  # fmt: skip
