"""The dashboard's charts for notebooks: a pandas frame of `hnb.compute` and its measure in, the chart of the page out.

`hnb.figures` is this module. A notebook that shows one asks no other machine for anything: plotly's script is laid into
the notebook when this module is first used, and the button that would send a chart's data to a public cloud is off.
Run a notebook from its top, or its charts stay blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas
import plotly.io
import polars
from plotly import optional_imports
from plotly.offline import get_plotlyjs

from dashboard.figures import bars as bars_across
from dashboard.figures import course as courses
from dashboard.figures import trend as trends
from dashboard.figures import waterfall as waterfalls
from dashboard.figures import years_of_bars as years_drawn
from dashboard.figures.chart import Chart
from dashboard.figures.palette import colour
from dashboard.vendor import VENDOR
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import Measure, measure_named
from hnb.recommendation_gap import trend_of
from hnb.recommendations import Assessment

CONFIG: Mapping[str, Any] = {
    "displaylogo": False,
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
}
"""Plotly's options for every chart of a notebook."""


@dataclass(frozen=True)
class Drawing:
    """A chart as a notebook shows it. `figure` is the same as a plotly figure, to be changed or written to a file."""

    chart: Chart

    @property
    def figure(self) -> Any:
        """The plotly figure."""
        return self.chart.figure

    def __repr__(self) -> str:
        return f"Drawing({len(self.chart.traces)} traces)"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What IPython asks for: the drawing in plotly's words, for those who can read them, and as HTML."""
        # Charts are drawn in light colours on nothing: on a dark notebook they need their paper.
        drawn = {"data": self.chart.traces, "layout": {**self.chart.words, "paper_bgcolor": colour("card")}}
        html = plotly.io.to_html(
            drawn, dict(CONFIG), include_plotlyjs=False, include_mathjax=False, full_html=False
        )
        return {
            "application/vnd.plotly.v1+json": {**drawn, "config": dict(CONFIG)},
            "text/html": html,
            "text/plain": repr(self),
        }


def bars(answer: pandas.DataFrame | polars.DataFrame, measure: Measure | str, *, by: str) -> Drawing:
    """One bar a row of an answer by one dimension, in the order given, each with its value in words."""
    return Drawing(bars_across.bars(_polars(answer), _measure(measure), by=by))


def years(answer: pandas.DataFrame | polars.DataFrame, measure: Measure | str) -> Drawing:
    """One bar a financial year; a forecast is hatched. `answer` is by financial_year."""
    return Drawing(years_drawn.years_of_bars(_polars(answer), _measure(measure)))


def lines(answer: pandas.DataFrame | polars.DataFrame, measure: Measure | str, *, by: str) -> Drawing:
    """A line over the years for each code of a dimension; `answer` is by financial_year and that dimension.

    Groups of settings have their colours; of any other dimension all lines are in one, and named at their ends.
    """
    held = _polars(answer)
    codes = [code for code in held[by].unique(maintain_order=True) if code is not None]
    series = [trends.Series(code, wording.label(by, code, brief=True), _shade(by, code)) for code in codes]
    return Drawing(trends.trend(held, _measure(measure), by=by, series=series))


def waterfall(
    effects: Mapping[str, Any], effect_codes: str = "growth_effects", whole: str = "Change"
) -> Drawing:
    """What a change is made of: a row of `hnb.growth.growth`, its effects in the order of their code list."""
    codes = CODELISTS[effect_codes]
    steps: Sequence[tuple[str, float]] = [(codes.label(code), float(effects[code])) for code in codes.codes]
    return Drawing(waterfalls.waterfall(steps, whole))


def course(assessment: Assessment) -> Drawing:
    """A recommendation's course: what happened, the path to its target, its trend carried on."""
    return Drawing(courses.course(assessment, trend_of(assessment)))


def _shade(by: str, code: str) -> str:
    return code if by == "setting_group" else "accent"


def _measure(measure: Measure | str) -> Measure:
    return measure_named(measure) if isinstance(measure, str) else measure


def _polars(answer: pandas.DataFrame | polars.DataFrame) -> polars.DataFrame:
    return polars.from_pandas(answer) if isinstance(answer, pandas.DataFrame) else answer


def script() -> str:
    """Plotly's script as HTML: the small bundle where it was fetched at set-up, else the one that comes with plotly."""
    small = sorted(VENDOR.glob("*.js"))
    return f"<script>{small[0].read_text('utf-8') if small else get_plotlyjs()}</script>"


def _lay_script_into_notebook() -> None:
    display = optional_imports.get_module("IPython.display")
    shell = optional_imports.get_module("IPython").get_ipython() if display else None
    if shell is not None:
        display.display_html(script(), raw=True)


_lay_script_into_notebook()
