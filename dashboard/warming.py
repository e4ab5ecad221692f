"""Draws every page before somebody asks: when the server starts, and when a new snapshot is there.

The first drawing of a page puts every question anew; the answers are then remembered with the snapshot
(`dashboard.data.Data.answer`), whoever asked first.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dashboard.data import LOOK_EVERY, Source
from hnb.errors import HnbError


@contextmanager
def kept_warm(source: Source, draw: Callable[[], object]) -> Iterator[None]:
    """While the body runs, call `draw` once for each snapshot of the source, in a thread that ends with the body.

    The thread is a daemon, so a drawing under way keeps no process from ending. A page that fails, by a fault of
    ours, ends the warming and says so as any thread does; whoever asks for that page meets the fault too.
    """
    stopped = threading.Event()
    thread = threading.Thread(target=_keep, args=(source, draw, stopped), name="warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=10 * LOOK_EVERY)


def settle_memory() -> None:
    """Take what is there now out of what Python's collector walks through: call it once, when all is loaded.

    The libraries and code lists are some 170,000 objects that never go. Walking them took 100 ms, at whichever
    view it fell on; a page's elements, which point at each other in one direction only, need no walk at all.
    """
    gc.collect()
    gc.freeze()


def _keep(source: Source, draw: Callable[[], object], stopped: threading.Event) -> None:
    warmed = ""
    while not stopped.is_set():
        try:
            here = source.data().id
            if here != warmed:
                warmed = here  # before it is drawn: a page that fails is not tried again every second
                draw()
        except HnbError:
            pass  # whoever asks for a page is told; nobody asked here
        stopped.wait(LOOK_EVERY)
