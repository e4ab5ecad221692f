"""What stands around every page: the header with its search, the navigation, the main place, the line at the foot.

The navigation is written from the registered pages: one that says `listed=False` is left out, and the group of
the others follows from their `order`. How it all looks is `assets/shell.css`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import dash_mantine_components as dmc
import flask
from dash import dcc
from dash.development.base_component import Component

from dashboard import roles
from dashboard.components import html
from dashboard.components.page_tools import page_tools
from hnb.configuration import Configuration

GROUPS: tuple[tuple[int, str], ...] = ((0, ""), (10, "Explore"), (60, "The block"), (90, "Trust"))
"""The first order of each group of the navigation, and its heading; the first group stands without one."""


def shell(configuration: Configuration, pages: Sequence[Mapping[str, Any]], content: Component) -> Component:
    """The whole of what the browser shows; `content` is the place of the page."""
    return dmc.MantineProvider(
        html.Div(
            [
                _header(configuration),
                navigation(pages),
                html.Div(
                    [
                        html.P(id="status", role="status", className="visually-hidden"),
                        page_tools(),
                        html.Main(content, id="main", tabIndex=-1),
                    ],
                    className="site-body",
                ),
            ],
            className="site",
        ),
        defaultColorScheme="auto",
        theme={"primaryColor": "blue", "fontFamily": "inherit", "headings": {"fontFamily": "inherit"}},
    )


def listed(pages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The pages that the navigation names, in its order."""
    return [page for page in pages if page.get("listed", True)]


def link_id(page: Mapping[str, Any]) -> dict[str, str]:
    """The id of a page's link in the navigation."""
    return {"link-to": str(page["relative_path"])}


def navigation(pages: Sequence[Mapping[str, Any]]) -> Component:
    """The pages by group, each group a list under its heading; on a narrow screen behind the button of the header."""
    parts: list[Component] = []
    for (first, heading), found in groupby(listed(pages), key=_group):
        links = [
            # What the reader may not open is hidden and not left out: the callback of the links names every one.
            html.Li(
                dcc.Link(page["name"], id=link_id(page), href=page["relative_path"], className="nav-link"),
                hidden=not roles.may(page.get("least_role", roles.OFFICER)),
            )
            for page in found
        ]
        name = f"navigation-{first}"
        if heading:
            parts.append(html.P(heading, id=name, className="nav-heading"))
        named = {"aria-labelledby": name} if heading else {}
        parts.append(html.Ul(links, **named))
    return html.Nav(
        html.Div(parts, className="site-nav-list"),
        id="navigation",
        className="site-nav",
        **{"aria-label": "Pages"},
    )


def _group(page: Mapping[str, Any]) -> tuple[int, str]:
    order = page.get("order") or 0
    return [group for group in GROUPS if group[0] <= order][-1]


def _header(configuration: Configuration) -> Component:
    return html.Header(
        [
            html.P(
                [html.Span(configuration.block_name), html.Span(configuration.authority_name)],
                className="site-name",
            ),
            html.Button(
                "Menu",
                id="menu",
                type="button",
                **{"aria-controls": "navigation", "aria-expanded": "false"},
            ),
            _search(),
            *_signed_in(),
            html.Div(
                dmc.ColorSchemeToggle(
                    id="colour-scheme",
                    lightIcon=html.Span("Dark"),
                    darkIcon=html.Span("Light"),
                    variant="default",
                    w="auto",
                    px="sm",
                    # Holds both words that can stand on it, for those who say what they see.
                    **{"aria-label": "Switch between dark and light colours"},
                ),
                className="site-tools",
            ),
        ],
        className="site-header",
    )


def _signed_in() -> list[Component]:
    """Who is signed in, as what, and the way out; nothing where nobody signs in."""
    person = roles.person()
    if person is roles.AT_THIS_MACHINE or person.role == roles.PUBLIC:
        return []
    said = html.P(f"{person.name or 'Signed in'} ({person.role})")
    if "sign_out" not in flask.current_app.view_functions:
        return [html.Div(said, className="site-person")]
    form = html.Form(html.Button("Sign out", type="submit"), action="/sign-out", method="post")
    return [html.Div([said, form], className="site-person")]


def _search() -> Component:
    """A plain form: it works without a callback, and what was searched for is in the address."""
    return html.Form(
        [
            dmc.TextInput(
                id="site-search",
                name="q",
                placeholder="Provider, line, recommendation",
                inputProps={"type": "search", "autoComplete": "off"},
                **{"aria-label": "Search providers, lines and recommendations"},
            ),
            html.Button("Search", type="submit"),
        ],
        action="/search",
        method="get",
        role="search",
        className="site-search",
    )
