"""Pages as they went out before, so that who asks for the same view again gets what stood there and nobody draws anew.

A snapshot never changes, so neither does a page that reads nothing else. What is kept is the page's JSON, made small,
within a bound of bytes; each role's data (`dashboard.data.Data`) has its own, and they go with the snapshot. A page says
so itself, by `is_kept` in `register_page`; one that shows something else besides, such as saved views, does not.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from plotly.io.json import to_json_plotly

BYTES_KEPT = 24_000_000
"""Bytes that the pages of one snapshot and role may take: some two thousand views."""


@dataclass
class DrawnPages:
    """Pages by path and query; when there are too many bytes, what was not asked for longest goes. Safe to share between threads."""

    bytes_kept: int = BYTES_KEPT
    _pages: OrderedDict[tuple[str, str], bytes] = field(default_factory=OrderedDict, repr=False)
    _size: int = field(default=0, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def page(self, path: str, query: str, draw: Callable[[], Any]) -> Any:
        """The page as plain lists and dictionaries, the same whether it was kept or drawn now. What `draw` raises is raised, and not kept."""
        key = (path, query)
        with self._lock:
            held = self._pages.get(key)
            if held is not None:
                self._pages.move_to_end(key)
        if held is None:
            text = to_json_plotly(draw())
            self._keep(key, zlib.compress(text.encode(), level=1))
        else:
            text = zlib.decompress(held).decode()
        return json.loads(text)

    def _keep(self, key: tuple[str, str], page: bytes) -> None:
        with self._lock:
            if key in self._pages:
                return  # somebody else asked for it meanwhile
            self._pages[key] = page
            self._size += _bytes(key, page)
            while self._size > self.bytes_kept:
                self._size -= _bytes(*self._pages.popitem(last=False))


def _bytes(key: tuple[str, str], page: bytes) -> int:
    return len(page) + sum(len(part.encode()) for part in key)
