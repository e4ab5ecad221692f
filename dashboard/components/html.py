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
Acronym = _unchecked(html.Acronym)
Address = _unchecked(html.Address)
Area = _unchecked(html.Area)
Article = _unchecked(html.Article)
Aside = _unchecked(html.Aside)
Audio = _unchecked(html.Audio)
B = _unchecked(html.B)
Base = _unchecked(html.Base)
Basefont = _unchecked(html.Basefont)
Bdi = _unchecked(html.Bdi)
Bdo = _unchecked(html.Bdo)
Big = _unchecked(html.Big)
Blink = _unchecked(html.Blink)
Blockquote = _unchecked(html.Blockquote)
Br = _unchecked(html.Br)
Button = _unchecked(html.Button)
Canvas = _unchecked(html.Canvas)
Caption = _unchecked(html.Caption)
Center = _unchecked(html.Center)
Cite = _unchecked(html.Cite)
Code = _unchecked(html.Code)
Col = _unchecked(html.Col)
Colgroup = _unchecked(html.Colgroup)
Content = _unchecked(html.Content)
Data = _unchecked(html.Data)
Datalist = _unchecked(html.Datalist)
Dd = _unchecked(html.Dd)
Del = _unchecked(html.Del)
Details = _unchecked(html.Details)
Dfn = _unchecked(html.Dfn)
Dialog = _unchecked(html.Dialog)
Div = _unchecked(html.Div)
Dl = _unchecked(html.Dl)
Dt = _unchecked(html.Dt)
Em = _unchecked(html.Em)
Embed = _unchecked(html.Embed)
Fieldset = _unchecked(html.Fieldset)
Figcaption = _unchecked(html.Figcaption)
Figure = _unchecked(html.Figure)
Font = _unchecked(html.Font)
Footer = _unchecked(html.Footer)
Form = _unchecked(html.Form)
Frame = _unchecked(html.Frame)
Frameset = _unchecked(html.Frameset)
H1 = _unchecked(html.H1)
H2 = _unchecked(html.H2)
H3 = _unchecked(html.H3)
H4 = _unchecked(html.H4)
H5 = _unchecked(html.H5)
H6 = _unchecked(html.H6)
Header = _unchecked(html.Header)
Hgroup = _unchecked(html.Hgroup)
Hr = _unchecked(html.Hr)
Iframe = _unchecked(html.Iframe)
Img = _unchecked(html.Img)
Ins = _unchecked(html.Ins)
Kbd = _unchecked(html.Kbd)
Keygen = _unchecked(html.Keygen)
Label = _unchecked(html.Label)
Legend = _unchecked(html.Legend)
Li = _unchecked(html.Li)
Link = _unchecked(html.Link)
Main = _unchecked(html.Main)
MapEl = _unchecked(html.MapEl)
Mark = _unchecked(html.Mark)
Marquee = _unchecked(html.Marquee)
Meta = _unchecked(html.Meta)
Meter = _unchecked(html.Meter)
Nav = _unchecked(html.Nav)
Nobr = _unchecked(html.Nobr)
Noscript = _unchecked(html.Noscript)
ObjectEl = _unchecked(html.ObjectEl)
Ol = _unchecked(html.Ol)
Optgroup = _unchecked(html.Optgroup)
Option = _unchecked(html.Option)
Output = _unchecked(html.Output)
P = _unchecked(html.P)
Param = _unchecked(html.Param)
Picture = _unchecked(html.Picture)
Plaintext = _unchecked(html.Plaintext)
Pre = _unchecked(html.Pre)
Progress = _unchecked(html.Progress)
Q = _unchecked(html.Q)
Rb = _unchecked(html.Rb)
Rp = _unchecked(html.Rp)
Rt = _unchecked(html.Rt)
Rtc = _unchecked(html.Rtc)
Ruby = _unchecked(html.Ruby)
S = _unchecked(html.S)
Samp = _unchecked(html.Samp)
Script = _unchecked(html.Script)
Section = _unchecked(html.Section)
Select = _unchecked(html.Select)
Shadow = _unchecked(html.Shadow)
Slot = _unchecked(html.Slot)
Small = _unchecked(html.Small)
Source = _unchecked(html.Source)
Spacer = _unchecked(html.Spacer)
Span = _unchecked(html.Span)
Strike = _unchecked(html.Strike)
Strong = _unchecked(html.Strong)
Sub = _unchecked(html.Sub)
Summary = _unchecked(html.Summary)
Sup = _unchecked(html.Sup)
Table = _unchecked(html.Table)
Tbody = _unchecked(html.Tbody)
Td = _unchecked(html.Td)
Template = _unchecked(html.Template)
Textarea = _unchecked(html.Textarea)
Tfoot = _unchecked(html.Tfoot)
Th = _unchecked(html.Th)
Thead = _unchecked(html.Thead)
Time = _unchecked(html.Time)
Title = _unchecked(html.Title)
Tr = _unchecked(html.Tr)
Track = _unchecked(html.Track)
U = _unchecked(html.U)
Ul = _unchecked(html.Ul)
Var = _unchecked(html.Var)
Video = _unchecked(html.Video)
Wbr = _unchecked(html.Wbr)
Xmp = _unchecked(html.Xmp)
