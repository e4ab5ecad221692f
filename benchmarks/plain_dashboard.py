"""Overview and Spend as a competent analyst serves them: Dash, pandas and plotly.express, worked out at every view.

The baseline of `benchmarks.load`. It has the address as its filter, four charts a page with their tables, and Dash's
own compression; it checks nothing, links nowhere and has no files. Spend is `benchmarks.plain_page`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import flask
import pandas
import plotly.express as express
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from benchmarks.plain_page import PlainPage, charts
from hnb.metrics import Selection

FOLDER = "BENCHMARK_SNAPSHOT"
"""The variable of the environment that names the folder of the snapshot."""

THREADS = 8


def plain_dashboard(folder: Path) -> Dash:
    """The application over one snapshot's folder, whose tables are read once."""
    spend = PlainPage(folder)
    budget = pandas.read_parquet(folder / "budget.parquet")
    app = Dash(__name__, title="High Needs Block", compress=True, serve_locally=True)
    app.layout = html.Div(
        [
            dcc.Location(id="address"),
            dcc.Link("Overview", href="/"),
            dcc.Link("Spend", href="/spend"),
            html.Div(id="page"),
        ]
    )

    @app.callback(Output("page", "children"), Input("address", "pathname"), Input("address", "search"))
    def page(pathname: str, search: str) -> Component:
        selection = Selection.from_query(search.removeprefix("?"))
        return spend.layout(selection) if pathname == "/spend" else _overview(spend, budget, selection)

    return app


def _overview(spend: PlainPage, budget: pandas.DataFrame, selection: Selection) -> Component:
    months = spend.rows(selection)
    latest = months["financial_year"].max()
    of_year = months[months["financial_year"] == latest]
    by_setting = of_year.groupby("setting", as_index=False)["cost"].sum()
    over_years = months.groupby(["financial_year", "setting"], as_index=False)["cost"].sum()
    by_need = of_year.groupby("need", as_index=False)["cost"].sum()
    lines = budget[budget["financial_year"] == latest]
    lines = lines[lines["as_at"] == lines["as_at"].max()]
    by_line = lines.groupby(["line", "money"], as_index=False)["amount"].sum()
    return charts(
        [
            (express.bar(by_setting, x="cost", y="setting"), by_setting),
            (express.line(over_years, x="financial_year", y="cost", color="setting"), over_years),
            (express.bar(by_need, x="cost", y="need"), by_need),
            (express.bar(by_line, x="amount", y="line", color="money", barmode="group"), by_line),
        ]
    )


def application() -> flask.Flask:
    """The WSGI application, over the folder that the environment names."""
    return plain_dashboard(Path(os.environ[FOLDER])).server


if __name__ == "__main__":
    import waitress

    waitress.serve(application(), host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS, _quiet=True)
