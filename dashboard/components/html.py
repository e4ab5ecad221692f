"""HTML elements as Dash has them, made without Dash's checking of each attribute of each one.

A page has hundreds to thousands of elements, most of them the cells of its tables. Measured: making one and
writing it as JSON took 26 microseconds, and 5 without the checks, which a test makes instead of every element
of every page. They are Dash's elements in everything else: `html.Td("x")` here is one of `dash.html.Td`.
"""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component


def _unchecked(element: type[Component]) -> type[Component]:
    """The same element with its attributes taken as they are given."""
    sample = element()

    def __init__(self: Component, children: Any = None, **attributes: Any) -> None:  # noqa: N807
        self.children = children
        self.__dict__.update(attributes)

    def to_plotly_json(self: Component) -> dict[str, Any]:
        return {"props": dict(self.__dict__), "type": self._type, "namespace": self._namespace}

    own = {
        "__doc__": element.__doc__,
        "__module__": __name__,
        "__init__": __init__,
        "to_plotly_json": to_plotly_json,
        # Dash gives these to each instance anew.
        "_type": sample._type,
        "_namespace": sample._namespace,
        "_prop_names": sample._prop_names,
        "_valid_wildcard_attributes": sample._valid_wildcard_attributes,
    }
    return type(element.__name__, (element,), own)


A = _unchecked(html.A)
Abbr = _unchecked(html.Abbr)
Article = _unchecked(html.Article)
Aside = _unchecked(html.Aside)
B = _unchecked(html.B)
Br = _unchecked(html.Br)
Button = _unchecked(html.Button)
Caption = _unchecked(html.Caption)
Code = _unchecked(html.Code)
Col = _unchecked(html.Col)
Colgroup = _unchecked(html.Colgroup)
Dd = _unchecked(html.Dd)
Details = _unchecked(html.Details)
Div = _unchecked(html.Div)
Dl = _unchecked(html.Dl)
Dt = _unchecked(html.Dt)
Em = _unchecked(html.Em)
Figcaption = _unchecked(html.Figcaption)
Figure = _unchecked(html.Figure)
Footer = _unchecked(html.Footer)
Form = _unchecked(html.Form)
H1 = _unchecked(html.H1)
H2 = _unchecked(html.H2)
H3 = _unchecked(html.H3)
H4 = _unchecked(html.H4)
Header = _unchecked(html.Header)
Hr = _unchecked(html.Hr)
Img = _unchecked(html.Img)
Kbd = _unchecked(html.Kbd)
Label = _unchecked(html.Label)
Li = _unchecked(html.Li)
Main = _unchecked(html.Main)
Mark = _unchecked(html.Mark)
Nav = _unchecked(html.Nav)
Ol = _unchecked(html.Ol)
Option = _unchecked(html.Option)
P = _unchecked(html.P)
Pre = _unchecked(html.Pre)
Section = _unchecked(html.Section)
Select = _unchecked(html.Select)
Small = _unchecked(html.Small)
Span = _unchecked(html.Span)
Strong = _unchecked(html.Strong)
Sub = _unchecked(html.Sub)
Summary = _unchecked(html.Summary)
Sup = _unchecked(html.Sup)
Table = _unchecked(html.Table)
Tbody = _unchecked(html.Tbody)
Td = _unchecked(html.Td)
Tfoot = _unchecked(html.Tfoot)
Th = _unchecked(html.Th)
Thead = _unchecked(html.Thead)
Time = _unchecked(html.Time)
Tr = _unchecked(html.Tr)
Ul = _unchecked(html.Ul)
Wbr = _unchecked(html.Wbr)
