"""A drawing as plotly has it, without plotly's checking of every word of it at every view.

Measured: building a validated figure took 8 to 20 ms a chart, most of what the server did for a page whose
figures were known; handing on the same dict takes none. What plotly would check, a test checks of every chart.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import plotly.graph_objects as go


@dataclass(frozen=True)
class Chart:
    """Traces and layout in plotly's own words. Whatever a plotly figure can do, `figure` does, and so does this.

    >>> Chart([{"type": "bar", "x": ["a"], "y": [1]}], {"height": 80}).data[0].y
    (1,)
    """

    traces: list[dict[str, Any]]
    words: dict[str, Any]

    def to_plotly_json(self) -> dict[str, Any]:
        """What goes to the browser."""
        return {"data": self.traces, "layout": self.words}

    @cached_property
    def figure(self) -> go.Figure:
        """The same as a plotly figure, checked: for notebooks, pictures and tests."""
        return go.Figure(copy.deepcopy(self.to_plotly_json()))

    def __getitem__(self, name: str) -> Any:
        return self.to_plotly_json()[name]

    def __getattr__(self, name: str) -> Any:
        # Notebooks ask for `_repr_mimebundle_`; other private names are Python's own questions.
        if name.startswith("_") and not name.startswith("_repr_"):
            raise AttributeError(name)
        return getattr(self.figure, name)
