"""Small numbers: the one place where cells are hidden, on the server, before anything leaves it.

`publication` makes a fixed set of tables over the register's contributions, hides the cells that are unsafe
and those from which they could be worked out, and proves it by audit. Outside views are read from that and
from nothing else: no free filter can reach behind it.
"""

from hnb.disclosure.cells import Cell, Measured, Rollup, TablePlan
from hnb.disclosure.publication import TOTAL, Account, Publication, Shown, Spread, publication
from hnb.disclosure.rules import Rules

__all__ = [
    "TOTAL", "Account", "Cell", "Measured", "Publication", "Rollup", "Rules", "Shown", "Spread", "TablePlan", "publication",
]  # fmt: skip
