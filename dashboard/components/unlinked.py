"""A page without the links that its reader cannot follow: their words stay, files that cannot be had go."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from dash.development.base_component import Component

from dashboard.components import html


def unlinked(part: Any, leads: Callable[[str], bool]) -> Any:
    """The same page; `leads` says of the address of a link whether its reader sees what is there. Nothing is changed in place."""
    if isinstance(part, list | tuple):
        return [unlinked(item, leads) for item in part]
    if not isinstance(part, Component):
        return part
    children = getattr(part, "children", None)
    inside = unlinked(children, leads) if isinstance(children, list | tuple | Component) else children
    address = getattr(part, "href", None)
    if isinstance(address, str) and not leads(address):
        is_file = getattr(part, "download", None) is not None
        return html.Span(None if is_file else inside, hidden=is_file)
    if inside is children:
        return part
    whole = copy.copy(part)
    whole.children = inside
    return whole
