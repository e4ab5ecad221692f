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

    def __init__(self, children: list[Any]) -> None:
        self.children = children

    def to_plotly_json(self) -> dict[str, Any]:
        """What goes to the browser: not the elements, but their tree."""
        tree = [_tree(child) for child in self.children]
        return {"props": {"tree": tree}, "type": self._type, "namespace": self._namespace}


def condensed(page: Component, named: Collection[str]) -> Component:
    """The same page with fewer components; the given one is left as it is.

    `named`: the ids that callbacks name, see `named_by`. What has one of them stays a component of Dash.
    """
    whole = _condensed(page, named)
    return Markup([page]) if whole is None else whole


def named_by(callbacks: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The ids that the callbacks of an app (`app.callback_map`) read or write; what they name by a pattern is no str."""
    found: set[str] = set()
    for entry in callbacks.values():
        found.update(str(given["id"]) for given in (*entry["inputs"], *entry["state"]))
        outputs = entry["output"]
        for output in outputs if isinstance(outputs, list | tuple) else [outputs]:
            found.add(str(output.component_id))
    return frozenset(found)


def _condensed(part: Any, named: Collection[str]) -> Component | None:
    """The part as it goes out where Dash has business with it or with something in it; None where it has none."""
    if not isinstance(part, Component):
        return None
    if not isinstance(part, dcc.Link) and part._namespace != _HTML:
        return part
    children = _several(getattr(part, "children", None))
    inside = [_condensed(child, named) for child in children]
    own = getattr(part, "id", "")
    if isinstance(own, str) and own not in named and all(found is None for found in inside):
        return None
    whole = copy.copy(part)
    whole.children = _joined(children, inside)
    return whole


def _several(children: Any) -> list[Any]:
    several = children if isinstance(children, list | tuple) else [children]
    return [child for child in several if child is not None]


def _joined(children: list[Any], inside: list[Component | None]) -> list[Any]:
    """The children of an element that stays: those that stand together and that Dash leaves alone in one component."""
    joined: list[Any] = []
    for is_still, found in groupby(zip(children, inside, strict=True), key=lambda pair: pair[1] is None):
        together = list(found)
        if not is_still:
            joined += [kept for _, kept in together]
        elif any(isinstance(child, Component) for child, _ in together):
            joined.append(Markup([child for child, _ in together]))
        else:
            joined += [child for child, _ in together]
    return joined


def _tree(part: Any) -> Any:
    """An element as `[tag, attributes, *what is in it]`, its attributes in React's names; a text is itself."""
    if not isinstance(part, Component):
        return part
    attributes = dict(part.to_plotly_json()["props"])
    children = _several(attributes.pop("children", None))
    tag = LINK if isinstance(part, dcc.Link) else _TAGS.get(part._type, part._type.lower())
    return [tag, attributes, *map(_tree, children)]
