"""HTML elements as Dash has them, made without Dash's checking of each attribute of each one.

A page has hundreds to thousands of elements, most of them the cells of its tables. Measured: making one and
writing it as JSON took 26 microseconds, and 5 without the checks, which a test makes instead of every element
of every page. They are Dash's elements in everything else: `html.Td("x")` here is one of `dash.html.Td`.
"""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component


def unchecked(element: type[Component], **required: str) -> type[Component]:
    """The same element with its attributes taken as they are given; `required` are those that Dash insists on."""
    sample = element(**required)

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


A = unchecked(html.A)
Abbr = unchecked(html.Abbr)
Acronym = unchecked(html.Acronym)
Address = unchecked(html.Address)
Area = unchecked(html.Area)
Article = unchecked(html.Article)
Aside = unchecked(html.Aside)
Audio = unchecked(html.Audio)
B = unchecked(html.B)
Base = unchecked(html.Base)
Basefont = unchecked(html.Basefont)
Bdi = unchecked(html.Bdi)
Bdo = unchecked(html.Bdo)
Big = unchecked(html.Big)
Blink = unchecked(html.Blink)
Blockquote = unchecked(html.Blockquote)
Br = unchecked(html.Br)
Button = unchecked(html.Button)
Canvas = unchecked(html.Canvas)
Caption = unchecked(html.Caption)
Center = unchecked(html.Center)
Cite = unchecked(html.Cite)
Code = unchecked(html.Code)
Col = unchecked(html.Col)
Colgroup = unchecked(html.Colgroup)
Content = unchecked(html.Content)
Data = unchecked(html.Data)
Datalist = unchecked(html.Datalist)
Dd = unchecked(html.Dd)
Del = unchecked(html.Del)
Details = unchecked(html.Details)
Dfn = unchecked(html.Dfn)
Dialog = unchecked(html.Dialog)
Div = unchecked(html.Div)
Dl = unchecked(html.Dl)
Dt = unchecked(html.Dt)
Em = unchecked(html.Em)
Embed = unchecked(html.Embed)
Fieldset = unchecked(html.Fieldset)
Figcaption = unchecked(html.Figcaption)
Figure = unchecked(html.Figure)
Font = unchecked(html.Font)
Footer = unchecked(html.Footer)
Form = unchecked(html.Form)
Frame = unchecked(html.Frame)
Frameset = unchecked(html.Frameset)
H1 = unchecked(html.H1)
H2 = unchecked(html.H2)
H3 = unchecked(html.H3)
H4 = unchecked(html.H4)
H5 = unchecked(html.H5)
H6 = unchecked(html.H6)
Header = unchecked(html.Header)
Hgroup = unchecked(html.Hgroup)
Hr = unchecked(html.Hr)
Iframe = unchecked(html.Iframe)
Img = unchecked(html.Img)
Ins = unchecked(html.Ins)
Kbd = unchecked(html.Kbd)
Keygen = unchecked(html.Keygen)
Label = unchecked(html.Label)
Legend = unchecked(html.Legend)
Li = unchecked(html.Li)
Link = unchecked(html.Link)
Main = unchecked(html.Main)
MapEl = unchecked(html.MapEl)
Mark = unchecked(html.Mark)
Marquee = unchecked(html.Marquee)
Meta = unchecked(html.Meta)
Meter = unchecked(html.Meter)
Nav = unchecked(html.Nav)
Nobr = unchecked(html.Nobr)
Noscript = unchecked(html.Noscript)
ObjectEl = unchecked(html.ObjectEl)
Ol = unchecked(html.Ol)
Optgroup = unchecked(html.Optgroup)
Option = unchecked(html.Option)
Output = unchecked(html.Output)
P = unchecked(html.P)
Param = unchecked(html.Param)
Picture = unchecked(html.Picture)
Plaintext = unchecked(html.Plaintext)
Pre = unchecked(html.Pre)
Progress = unchecked(html.Progress)
Q = unchecked(html.Q)
Rb = unchecked(html.Rb)
Rp = unchecked(html.Rp)
Rt = unchecked(html.Rt)
Rtc = unchecked(html.Rtc)
Ruby = unchecked(html.Ruby)
S = unchecked(html.S)
Samp = unchecked(html.Samp)
Script = unchecked(html.Script)
Section = unchecked(html.Section)
Select = unchecked(html.Select)
Shadow = unchecked(html.Shadow)
Slot = unchecked(html.Slot)
Small = unchecked(html.Small)
Source = unchecked(html.Source)
Spacer = unchecked(html.Spacer)
Span = unchecked(html.Span)
Strike = unchecked(html.Strike)
Strong = unchecked(html.Strong)
Sub = unchecked(html.Sub)
Summary = unchecked(html.Summary)
Sup = unchecked(html.Sup)
Table = unchecked(html.Table)
Tbody = unchecked(html.Tbody)
Td = unchecked(html.Td)
Template = unchecked(html.Template)
Textarea = unchecked(html.Textarea)
Tfoot = unchecked(html.Tfoot)
Th = unchecked(html.Th)
Thead = unchecked(html.Thead)
Time = unchecked(html.Time)
Title = unchecked(html.Title)
Tr = unchecked(html.Tr)
Track = unchecked(html.Track)
U = unchecked(html.U)
Ul = unchecked(html.Ul)
Var = unchecked(html.Var)
Video = unchecked(html.Video)
Wbr = unchecked(html.Wbr)
Xmp = unchecked(html.Xmp)
