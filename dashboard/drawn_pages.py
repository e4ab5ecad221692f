"""Pages as they went out before, so that who asks for the same view again gets what stood there and nobody draws anew.

A snapshot never changes, so neither does a page that reads nothing else. What is kept is the page's JSON, made small,
within a bound of bytes; each role's data (`dashboard.data.Data`) has its own, and they go with the snapshot. A page says
so itself, by `is_kept` in `register_page`; one that shows something else besides, such as saved views, does not.

The text goes out as it was kept. To read it into dictionaries only so that Dash writes them again was half of the
work of an answer, so while Dash makes the answer a word stands in the page's place (`standing_for`), and the page is put there
when the answer is written (`install`).
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable
from typing import Any

import flask
from plotly.io.json import to_json_plotly

from dashboard.kept_bytes import KeptBytes

BYTES_KEPT = 24_000_000
"""Bytes that the pages of one snapshot and role may take: some two thousand views."""


class DrawnPages:
    """Pages by path and query, within a bound of bytes. Safe to share between threads."""

    def __init__(self, bytes_kept: int = BYTES_KEPT) -> None:
        self._pages = KeptBytes(bytes_kept, _bytes)

    def page(self, path: str, query: str, draw: Callable[[], Any]) -> bytes:
        """The page as JSON, the same whether it was kept or drawn now. What `draw` raises is raised, and not kept."""
        held = self._pages.get((path, query))
        if held is not None:
            return zlib.decompress(held)
        text: bytes = to_json_plotly(draw()).encode()
        self._pages.keep((path, query), zlib.compress(text, level=1))
        return text

    @property
    def count(self) -> int:
        """How many pages are kept."""
        return len(self._pages)


def _bytes(key: tuple[str, str], page: bytes) -> int:
    return len(page) + sum(len(part.encode()) for part in key)


# ------------------------------------------------------------------------------- the place of a page

_SECRET = secrets.token_hex(16)
"""So that nothing that a person typed, or that stands in a workbook, can be a word of ours."""


def standing_for(page: bytes) -> str:
    """The word that stands for a page's JSON in what Dash makes of the request being answered."""
    pages = _standing()
    word = f"page-{len(pages)}-{_SECRET}"
    pages[word] = page
    return word


def install(server: flask.Flask) -> None:
    """Have every answer go out with the pages that its words stand for."""

    @server.after_request
    def filled(response: flask.Response) -> flask.Response:
        pages = _standing()
        if pages:
            body = response.get_data()
            for word, page in pages.items():
                body = body.replace(b'"%s"' % word.encode(), page, 1)
            response.set_data(body)
        return response


def _standing() -> dict[str, bytes]:
    pages: dict[str, bytes] = flask.g.setdefault("drawn_pages", {})
    return pages
