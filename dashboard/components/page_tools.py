"""The tools that every page has: save this view, compare it, copy its link, its charts, print, the shortcuts.

They stand in the shell, once. What they do in the browser is `assets/comfort.js`; saving is a callback of
`dashboard.pages.views`. Tools that a page has no use for (charts without a chart) are hidden there.
"""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc
from dash.development.base_component import Component

from dashboard import roles
from dashboard.components import html
from dashboard.saved_views import LONGEST_NAME

TOOLS = (
    ("save-view", "Save this view"),
    ("compare", "Compare with…"),
    ("copy-link", "Copy link"),
    ("all-charts", "All charts (zip)"),
    ("print", "Print"),
    ("shortcuts", "Shortcuts"),
)
"""What each button does, by the name that comfort.js knows, and its words."""


def page_tools() -> Component:
    """The row of tools, the line that says what they did, and their dialogs."""
    buttons = [
        html.Li(html.Button(words, type="button", **{"data-action": action})) for action, words in TOOLS
    ]
    saved = html.Li(dcc.Link("Saved views", href="/views"), hidden=not roles.may(roles.OFFICER))
    # Views are officers' own, with names that they type: the tools stand for others too, since callbacks name them.
    buttons[0].hidden = not roles.may(roles.OFFICER)
    return html.Section(
        [
            html.Ul([buttons[0], saved, *buttons[1:]]),
            html.P(id="said", className="said", **{"aria-live": "polite"}),
            _save_dialog(),
            _shortcuts_dialog(),
        ],
        id="page-tools",
        className="page-tools",
        **{"aria-label": "Page tools"},
    )


def _save_dialog() -> Component:
    return html.Dialog(
        [
            html.H2("Save this view", id="save-view-heading"),
            dmc.TextInput(
                id="save-view-name",
                label="Its name",
                inputProps={"autoComplete": "off", "maxLength": LONGEST_NAME},
            ),
            html.P(id="save-view-said", className="told", **{"aria-live": "polite"}),
            html.Div(
                [
                    html.Button(
                        "Save",
                        id="save-view-do",
                        type="button",
                        className="primary",
                        n_clicks=0,
                        **{"data-reads": "save-view-name"},
                    ),
                    html.Button("Close", type="button", **{"data-action": "close"}),
                    dcc.Link("All saved views", href="/views"),
                ],
                className="dialog-foot",
            ),
        ],
        id="save-view",
        className="tool-dialog",
        **{"aria-labelledby": "save-view-heading"},
    )


def _shortcuts_dialog() -> Component:
    return html.Dialog(
        [
            html.H2("Shortcuts", id="shortcuts-heading"),
            html.Dl(id="shortcuts-list"),
            html.P(
                "Keys work while nothing is typed. They are kept in this browser only, and can be switched off.",
                className="told",
            ),
            html.Div(
                [
                    html.Button("Close", type="button", className="primary", **{"data-action": "close"}),
                    html.Button(
                        "Switch the shortcuts off",
                        id="shortcuts-off",
                        type="button",
                        **{"data-action": "switch"},
                    ),
                ],
                className="dialog-foot",
            ),
        ],
        id="shortcuts",
        className="tool-dialog",
        **{"aria-labelledby": "shortcuts-heading"},
    )
