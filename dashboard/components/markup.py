"""What nobody but the reader touches on a page, sent as one component instead of as one an element.

Dash's renderer keeps each component in its store and asks every one of them anew after each change of any of
them, also once for each that is drawn: its work grows with the square of their number. Measured on Budget with
2,200 elements: the browser stood still for 4.4 s of its processor's time after a choice, on two busy cores for
20 s. So headings, tables, links and words go out as one tree, which `assets/markup.js` hands to React as it is;
controls, charts and what a callback names stay Dash's own, as do the elements around them.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from dash import dcc
from dash.development.base_component import Component

LINK = "Link"
"""The name in a tree of a link that changes the page without leaving the document, as `dcc.Link` does."""

_HTML = "dash_html_components"
_TAGS = {"MapEl": "map", "ObjectEl": "object"}
"""Elements that Dash calls otherwise than HTML does."""


class Markup(Component):
    """Elements and texts one beside the other, none of which Dash has any business with."""

    _namespace = "dashboard_markup"
    _type = "Markup"
    _prop_names = ("children",)
    _children_props = ()
    _base_nodes = ("children",)
    _valid_wildcard_attributes = ()
    available_properties = ("children",)
    available_wildcard_properties = ()

    def __init__(self, children: list[Any], tree: list[Any]) -> None:
        self.children = children
        self._tree = tree

    def to_plotly_json(self) -> dict[str, Any]:
        """What goes to the browser: not the elements, but their tree."""
        return {"props": {"tree": self._tree}, "type": self._type, "namespace": self._namespace}


def condensed(page: Component, named: Collection[str]) -> Component:
    """The same page with fewer components; the given one is left as it is.

    `named`: the ids that callbacks name, see `named_by`. What has one of them stays a component of Dash.
    """
    whole = _condensed(page, named)
    return whole if _is_component(type(whole)) else Markup([page], [whole])


def named_by(callbacks: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The ids that the callbacks of an app (`app.callback_map`) read or write; what they name by a pattern is no str."""
    found: set[str] = set()
    for entry in callbacks.values():
        found.update(str(given["id"]) for given in (*entry["inputs"], *entry["state"]))
        outputs = entry["output"]
        for output in outputs if isinstance(outputs, list | tuple) else [outputs]:
            found.add(str(output.component_id))
    return frozenset(found)


@cache
def _is_component(kind: type) -> bool:
    # Python's own isinstance, of an abstract class, took a tenth of the time of a page.
    return issubclass(kind, Component)


@cache
def _tag(kind: type[Component]) -> str:
    """What an element or a link is called in a tree; "" where it is a control or a chart."""
    if issubclass(kind, dcc.Link):
        return LINK
    return _TAGS.get(kind._type, kind._type.lower()) if kind._namespace == _HTML else ""


def _condensed(part: Any, named: Collection[str]) -> Any:
    """The part as it goes out: a component where Dash has business with it or with something in it, else its tree.

    A tree is `[tag, attributes, *what is in it]`, its attributes in React's names; a text is itself.
    """
    kind = type(part)
    if not _is_component(kind):
        return part
    tag = _tag(kind)
    if not tag:
        return part
    children = getattr(part, "children", None)
    if type(children) is not list:
        children = children if isinstance(children, tuple) else (children,)
    there = [child for child in children if child is not None]
    inside: list[Any] = []
    is_still = True
    for child in there:
        found = child if type(child) is str else _condensed(child, named)
        inside.append(found)
        is_still = is_still and not _is_component(type(found))
    own = getattr(part, "id", "")
    if is_still and isinstance(own, str) and own not in named:
        attributes = part.to_plotly_json()["props"]
        attributes.pop("children", None)
        return [tag, attributes, *inside]
    whole = copy.copy(part)
    whole.children = _joined(there, inside)
    return whole


def _joined(children: list[Any], inside: list[Any]) -> list[Any]:
    """The children of an element that stays: those that stand together and that Dash leaves alone in one component."""
    joined: list[Any] = []
    for stays, found in groupby(
        zip(children, inside, strict=True), key=lambda pair: _is_component(type(pair[1]))
    ):
        together = list(found)
        if stays:
            joined += [kept for _, kept in together]
        elif any(isinstance(child, Component) for child, _ in together):
            joined.append(Markup([child for child, _ in together], [tree for _, tree in together]))
        else:
            joined += [child for child, _ in together]
    return joined
