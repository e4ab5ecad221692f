"""Reading a page as a test does: the elements of a kind, and the words of an element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component


def walk(part: Any) -> Iterator[Component]:
    """Every component in a part of a page, itself first."""
    if isinstance(part, list | tuple):
        for item in part:
            yield from walk(item)
    elif isinstance(part, Component):
        yield part
        yield from walk(getattr(part, "children", None))


def elements(part: Any, kind: str) -> list[Any]:
    """The components of a kind, such as "Td" or "MultiSelect", in order."""
    return [item for item in walk(part) if type(item).__name__ == kind]


def text(part: Any) -> str:
    """The words of a part, as they stand one after the other."""
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return "".join(text(item) for item in part)
    if isinstance(part, Component):
        return text(getattr(part, "children", None))
    return str(part)
