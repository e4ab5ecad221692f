"""The rules of disclosure: which cells are unsafe in themselves, and how uncertain a hidden one must stay.

The thresholds are for the data protection officer to sign; no statute names them. They are settings, and
what is published prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hnb.errors import HnbError


@dataclass(frozen=True)
class Rules:
    """When a cell is hidden, and what an outsider may at most work out of it.

    Parameters
    ----------
    threshold: counts of 1 … threshold − 1 are hidden; nought is not.
    two_largest: a cell is hidden where its two largest contributors give more than this share of its cost.
    remainder: … or where the cost without the two largest is less than this share of the largest, so that
        the second could work the first out.
    margin: a hidden amount must stay uncertain by this share of itself, below and above.
    """

    threshold: int = 6
    two_largest: float = 0.9
    remainder: float = 0.1
    margin: float = 0.2

    def __post_init__(self) -> None:
        if self.threshold < 3:
            raise HnbError(f"A threshold of {self.threshold} protects nobody; 3 is the least, 6 is usual.")
        if not (0 < self.two_largest <= 1 and 0 <= self.remainder < 1 and 0 < self.margin < 1):
            raise HnbError("Shares of dominance and of uncertainty lie between 0 and 1.")

    def is_small(self, count: float) -> bool:
        """Whether a count is one to be hidden.

        >>> [Rules().is_small(count) for count in (0, 1, 5, 6)]
        [False, True, True, False]
        """
        return 0 < count < self.threshold

    def is_dominated(self, contributions: Sequence[float]) -> bool:
        """Whether one or two contributors make nearly all of a cost, so that they, or each other, show.

        >>> Rules().is_dominated([50_000, 45_000, 5_000]), Rules().is_dominated([30, 25, 20, 15, 10])
        (True, False)
        """
        sizes = sorted((abs(size) for size in contributions if size), reverse=True)
        total = sum(sizes)
        if not total:
            return False
        first, second = (*sizes, 0.0)[:2]
        return first + second > self.two_largest * total or total - first - second < self.remainder * first

    def room(
        self, value: float, *, is_count: bool, is_unsafe: bool, is_cost: bool = True
    ) -> tuple[float, float]:
        """How far below and above its value an outsider must have to reckon with, for a hidden cell.

        A small count must be able to be anything from 1 to threshold − 1, another count to be one more or
        less; a cost ± `margin` of itself. Another amount, such as placement-years, is as a cost where the cell is
        unsafe, and else as a count. A cell that is unsafe in itself needs both, one that is hidden
        for the sake of others needs one of the two: see `needs_both`.
        """
        if not is_count and not is_cost and not is_unsafe:
            least = min(1.0, self.margin * abs(value))
            return least, least
        if not is_count:
            return self.margin * abs(value), self.margin * abs(value)
        if is_unsafe and self.is_small(value):
            return value - 1.0, self.threshold - 1.0 - value
        return (1.0, 1.0) if value >= 1 else (0.0, 1.0)

    def needs_both(self, value: float, *, is_count: bool, is_unsafe: bool) -> bool:
        """Whether a hidden cell must be able to be lower and higher, and not just one of the two.

        What is hidden for others' sake has no secret of its own; that nobody can pin it is enough.
        """
        return is_unsafe and (not is_count or self.is_small(value))
