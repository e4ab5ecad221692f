"""Of each £1: one bar across, cut by group of settings, each part named where there is room and listed below.

It is made of ordinary elements, not drawn by plotly: the words can be selected, wrap on a phone and are
read aloud, and the first figure of the page needs no script.
"""

from __future__ import annotations

import polars
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.figures.palette import variable
from hnb import findings, wording
from hnb.codelists import CODELISTS


def pound_strip(spend: polars.DataFrame, shares: polars.DataFrame, *, total: str = "") -> Component:
    """The strip and its key, from two answers by setting group of the same year: spend in £ and its share.

    A part that is nought or negative (a refund) has no place in the bar and stays in the list.
    `total` is the words of the whole. Hatched at its foot where the year is a forecast.
    """
    share_of = dict(shares[["setting_group", "value"]].rows())
    rows = [(code, value, share_of.get(code)) for code, value in spend[["setting_group", "value"]].rows()]
    is_forecast = "estimated" in spend["status"].to_list()
    groups = CODELISTS["setting_groups"]
    parts = [
        html.Li(
            [
                html.Div([html.B(groups.short(code)), f"{wording.pounds(value, 'chart')} · {findings.pence(share)}"], className="within"),
                html.Div(findings.pence(share), className="pence"),
            ],
            title=f"{groups.label(code)}: {wording.pounds(value, 'chart')}, {findings.pence(share)}",
            style={"flexGrow": round(share * 10_000), "--segment": variable(code)},
        )
        for code, value, share in rows
        if value is not None and share is not None and share > 0
    ]  # fmt: skip
    key = [
        html.Li(
            [
                html.Span(className="swatch", style={"--segment": variable(code)}),
                html.Span(groups.label(code)),
                html.Span(wording.pounds(value, "chart"), className="amount"),
                html.Span(findings.pence(share), className="share"),
            ]
        )
        for code, value, share in rows
    ]
    if total:
        key.append(
            html.Li(
                [
                    html.Span(),
                    html.Span("In all"),
                    html.Span(total, className="amount"),
                    html.Span("£1", className="share"),
                ],
                className="in-all",
            )
        )
    return html.Div(
        [
            # The key below says everything that the bar shows.
            html.Ul(parts, className="pound", **{"aria-hidden": "true"}),
            html.Ul(key, className="pound-key", **{"aria-label": "Of each £1, by kind of setting"}),
        ],
        className="is-forecast" if is_forecast else "",
    )
