"""A page of four figures and their tables as a competent analyst writes it: pandas and plotly.express, at every view.

The same rows and the same selection as our Spend page; what it shows is a floor of what ours shows. It has no link
of its own, no source, no files, no statuses and no sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas
import plotly.express as express
import plotly.graph_objects
from dash import dcc, html
from dash.development.base_component import Component

from hnb.metrics import Selection

_COLUMNS = ["authority", "financial_year", "month", "setting", "phase", "need", "in_borough", "provider", "cost", "placement_id"]  # fmt: skip


class PlainPage:
    """The page over one snapshot's month-by-month rows, read once."""

    def __init__(self, snapshot_folder: Path) -> None:
        self._months = pandas.read_parquet(snapshot_folder / "placement_months.parquet", columns=_COLUMNS)

    def rows(self, selection: Selection) -> pandas.DataFrame:
        """The months of what is selected."""
        rows = self._months
        for column, wanted in selection.wanted.items():
            if column in rows:
                rows = rows[rows[column].isin(wanted)]
        return rows

    def layout(self, selection: Selection) -> Component:
        """Four charts, each with its table."""
        rows = self.rows(selection)
        by_setting = rows.groupby("setting", as_index=False)["cost"].sum()
        over_years = rows.groupby(["financial_year", "setting"], as_index=False)["cost"].sum()
        by_phase = rows.groupby(["phase", "need"], as_index=False)["cost"].sum()
        by_month = rows.groupby("month", as_index=False)["placement_id"].nunique()
        return charts(
            [
                (express.bar(by_setting, x="cost", y="setting"), by_setting),
                (express.line(over_years, x="financial_year", y="cost", color="setting"), over_years),
                (express.bar(by_phase, x="phase", y="cost", color="need"), by_phase),
                (express.line(by_month, x="month", y="placement_id"), by_month),
            ]
        )


def charts(figures: Sequence[tuple[plotly.graph_objects.Figure, pandas.DataFrame]]) -> Component:
    """Charts, each with its table under it."""
    return html.Div(
        [html.Div([dcc.Graph(figure=figure), _table(frame)]) for figure, frame in figures],
        className="page",
    )


def _table(frame: pandas.DataFrame) -> Component:
    head = html.Tr([html.Th(name) for name in frame.columns])
    body = [html.Tr([html.Td(str(cell)) for cell in row]) for row in frame.itertuples(index=False)]
    return html.Table([html.Thead(head), html.Tbody(body)])
