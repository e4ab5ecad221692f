"""What was made once and is asked for again, within a bound of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")


class KeptBytes(Generic[Key]):
    """Bytes by key; when there are too many, what was not asked for longest goes. Safe to share between threads.

    counted: how many bytes a key and what is kept under it take; what is kept, alone, unless another is given.
    """

    def __init__(
        self, most: int, counted: Callable[[Key, bytes], int] = lambda _key, made: len(made)
    ) -> None:
        self._most, self._counted = most, counted
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0
        """Bytes that are kept now."""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> bytes | None:
        """What is kept under a key; None where nothing is."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Key, made: bytes) -> None:
        """Keep it, unless somebody else kept what was made under the same key meanwhile."""
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self.size += self._counted(key, made)
            while self.size > self._most:
                self.size -= self._counted(*self._kept.popitem(last=False))
