"""What Dash and plotly would check of every element and chart at every view is checked here of every page, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dash
import pytest
from dash import html as checked
from dash.development.base_component import Component
from plotly.io.json import to_json_plotly

from dashboard.app import pages
from dashboard.components import html
from dashboard.components.markup import Markup
from dashboard.figures.chart import Chart


def elements(part: Any) -> Iterator[Component]:
    """A component and everything in it."""
    if isinstance(part, list | tuple):
        for item in part:
            yield from elements(item)
    elif isinstance(part, Component):
        yield part
        yield from elements(getattr(part, "children", None))


def test_an_element_is_dash_s_own_in_all_but_the_checking() -> None:
    made = html.Td(["2", html.B("£m")], className="number", **{"aria-label": "two"})
    as_dash_has_it = checked.Td(["2", checked.B("£m")], className="number", **{"aria-label": "two"})
    assert isinstance(made, checked.Td)
    assert to_json_plotly(made) == to_json_plotly(as_dash_has_it)
    assert [one.children for one in elements(made)] == [one.children for one in elements(made)]


@pytest.mark.parametrize(
    "name", [name for name in vars(html) if name[0].isupper() and name not in ("Any", "Component")]
)
def test_every_element_has_dash_s_name(name: str) -> None:
    assert (getattr(html, name)()._type, getattr(html, name).__name__) == (name, name)


def test_no_page_gives_an_element_what_it_does_not_have(app: dash.Dash) -> None:
    with app.server.test_request_context("/", base_url="http://127.0.0.1"):
        for page in pages():
            for element in elements(page["layout"]()):
                if isinstance(element, Markup):
                    continue
                wild = tuple(element._valid_wildcard_attributes)
                unknown = [
                    name
                    for name in element.to_plotly_json()["props"]
                    if name not in element._prop_names and not name.startswith(wild)
                ]
                assert not unknown, (page["path"], element._type, unknown)
                held = {name: value for name, value in vars(element).items() if name != "children"}
                assert not [name for name, value in held.items() if name not in element._base_nodes and isinstance(value, Component)]  # fmt: skip


def test_plotly_would_draw_every_chart_of_every_page(app: dash.Dash) -> None:
    drawn = 0
    with app.server.test_request_context("/", base_url="http://127.0.0.1"):
        for page in pages():
            for element in elements(page["layout"]()):
                if element._type == "Graph" and isinstance(element.figure, Chart):
                    assert len(element.figure.data) == len(element.figure.traces), page["path"]
                    drawn += 1
    assert drawn > 3


def test_a_chart_does_what_a_figure_does() -> None:
    chart = Chart([{"type": "bar", "x": ["a"], "y": [2]}], {"height": 80})
    assert (chart.data[0].y, chart.layout.height, chart["layout"]["height"]) == ((2,), 80, 80)
    assert to_json_plotly(chart) == '{"data":[{"type":"bar","x":["a"],"y":[2]}],"layout":{"height":80}}'
    assert chart.to_dict()["data"] == chart.traces, "nothing is changed by being looked at"
    with pytest.raises(ValueError, match="Invalid property"):
        _ = Chart([{"type": "bar", "heigth": 2}], {}).data
    with pytest.raises(AttributeError):
        _ = chart.__deepcopy__
