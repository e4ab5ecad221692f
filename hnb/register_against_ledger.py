"""What the register says a provider cost, against what it was paid, month by month, until each pound is met or named.

For the exceptions of the Reconcile page. A provider's months are compared first as they stand, then by the quarter,
the term and the whole period (who is paid ahead or by instalments), then month against month at most two apart; what
is left has a kind. Everything is in whole pence, so that exceptions and what is met add up exactly. Pure.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Month = datetime.date

_WINDOW = 2
"""So many months early or late may a payment be and still be for a month (the trade's usual terms are 30 to 60 days)."""

_SAME = 100
"""Pence: amounts closer than this are the same amount, and the difference is pence."""

_TERMS = {4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 2, 10: 2, 11: 2, 12: 2, 1: 3, 2: 3, 3: 3}
_BLOCK_WORDS = {"quarter": "by the quarter", "term": "by the term", "instalments": "by equal instalments"}


@dataclass(frozen=True)
class Item:
    """One placement's cost of a month, or one payment: pence, what it is called, where it was read."""

    pence: int
    name: str
    source: str


@dataclass(frozen=True)
class Account:
    """One provider (or supplier that is none) on one line over the months of a year.

    `compared` are the months that both sides cover, `missing` those among them of which no payment is loaded.
    `register` may go beyond `compared`, so that who is paid ahead is understood.
    """

    register: Mapping[Month, Sequence[Item]]
    ledger: Mapping[Month, Sequence[Item]]
    compared: tuple[Month, ...]
    missing: frozenset[Month] = frozenset()


@dataclass(frozen=True)
class Finding:
    """One exception: pence, what the register has and what was paid; `month` it is for, `paid` when."""

    kind: str
    month: Month
    paid: Month | None
    register: int
    ledger: int
    detail: str
    placement: str = ""
    source: str = ""
    ledger_source: str = ""


@dataclass
class _Open:
    """What is still to be explained: for each month the pence of the register and of the ledger not yet met."""

    register: dict[Month, int]
    ledger: dict[Month, int]
    found: list[Finding] = field(default_factory=list)

    def gap(self, month: Month) -> int:
        """Paid less register."""
        return self.ledger[month] - self.register[month]

    def clear(self, month: Month) -> None:
        """The month is explained."""
        self.register[month] = self.ledger[month] = 0


def findings(account: Account) -> list[Finding]:
    """Every exception of an account. Their ledger less register adds up to that of the compared months, to the penny."""
    register = {month: _sum(account.register.get(month, ())) for month in account.compared}
    ledger = {month: _sum(account.ledger.get(month, ())) for month in account.compared}
    still = _Open(register, ledger)
    _meet_months(account, still)
    usual: dict[str, int] = {}
    for block, months in _blocks(account.compared):
        paid = _meet_block(account, still, block, months)
        if paid is not None:
            usual.setdefault(block, months.index(paid))
    for block, months in _blocks(account.compared):
        if block in usual:
            _wait_for(account, still, block, months, months[usual[block]])
    _meet_instalments(account, still)
    _meet_neighbours(account, still)
    for month in account.compared:
        if still.register[month] or still.ledger[month]:
            still.found += _named(account, still, month)
    return sorted(still.found, key=lambda one: (one.month, one.kind, one.placement))


def _meet_months(account: Account, still: _Open) -> None:
    for month in account.compared:
        gap = still.gap(month)
        if abs(gap) < _SAME:
            if gap:
                still.found.append(_finding(account, "rounding", month, month, still, "met but for pence"))
            still.clear(month)


def _blocks(compared: Sequence[Month]) -> Iterator[tuple[str, tuple[Month, ...]]]:
    """The quarters and then the terms that begin within the compared months, each with all its months."""
    of_year = [_plus(compared[0], number) for number in range(12)] if compared else []
    for name, key in (("quarter", lambda m: (m.month - 4) % 12 // 3), ("term", lambda m: _TERMS[m.month])):
        blocks: dict[int, list[Month]] = {}
        for month in of_year:
            blocks.setdefault(key(month), []).append(month)
        yield from ((name, tuple(months)) for months in blocks.values() if months[0] in compared)


def _wait_for(account: Account, still: _Open, name: str, months: tuple[Month, ...], due: Month) -> None:
    """A block of a provider that is paid by the block, of which nothing is paid: not due yet, or due in a month that is not loaded."""
    inside = [month for month in months if month in still.register]
    is_met = any(account.register.get(month) and not still.register[month] for month in inside)
    if is_met or any(still.ledger[month] for month in inside):
        return
    if due in still.register and due not in account.missing:
        return
    kind = "month_missing" if due in account.missing else "timing"
    words = "is not loaded" if kind == "month_missing" else "is the month in which it falls due"
    for month in inside:
        if still.register[month]:
            detail = f"paid {_BLOCK_WORDS[name]}: {due:%B %Y} {words}"
            still.found.append(_finding(account, kind, month, None, still, detail))
            still.clear(month)


def _meet_block(account: Account, still: _Open, name: str, months: tuple[Month, ...]) -> Month | None:
    """A quarter or term that one payment meets: the months in it are timing. One that goes on is paid ahead.

    Gives the month of payment, None where the block is not met.
    """
    inside = [month for month in months if month in still.register]
    paid = [month for month in inside if still.ledger[month]]
    ahead = [month for month in months if month not in still.register]
    due = sum(still.register[month] for month in inside)
    due_ahead = sum(_sum(account.register.get(month, ())) for month in ahead)
    if len(paid) != 1 or not due or sum(bool(still.register[month]) for month in inside) + len(ahead) < 2:
        return None
    if any(account.register.get(month) and not still.register[month] for month in inside):
        return None  # some months were met as they stand, so it is not paid by the block
    given = still.ledger[paid[0]]
    if abs(given - due - due_ahead) >= _SAME:
        return None
    words = f"paid {_BLOCK_WORDS[name]}" + (", and ahead of months that are not compared yet" if ahead and due_ahead else "")  # fmt: skip
    _settle(account, still, inside, paid[0], words)
    return paid[0]


def _settle(account: Account, still: _Open, inside: Sequence[Month], paid: Month, words: str) -> None:
    """Each month's cost against its part of one payment; the last part takes what is over (pence, or paid ahead)."""
    left = still.ledger[paid]
    owed = [month for month in inside if still.register[month]]
    for number, month in enumerate(owed):
        cost = still.register[month]
        part = left if number == len(owed) - 1 else cost
        left -= part
        still.found.append(
            Finding("timing", month, paid, cost, part, words, source=_where(account.register.get(month, ())),
                    ledger_source=_where(account.ledger.get(paid, ())))
        )  # fmt: skip
    for month in inside:
        still.clear(month)


def _meet_instalments(account: Account, still: _Open) -> None:
    """Equal instalments that come to the cost of all compared months together; not where a month is missing."""
    paid = [still.ledger[month] for month in account.compared if still.ledger[month]]
    if account.missing or len(paid) < 3 or max(paid) - min(paid) >= _SAME:
        return
    if still.found or abs(sum(still.ledger.values()) - sum(still.register.values())) >= _SAME:
        return
    for month in account.compared:
        if still.register[month] or still.ledger[month]:
            detail = f"paid {_BLOCK_WORDS['instalments']}, which come to the cost of all months together"
            still.found.append(_finding(account, "timing", month, month, still, detail))
            still.clear(month)


def _meet_neighbours(account: Account, still: _Open) -> None:
    """Months that are short against payments at most two months away: one for one, then several for one."""
    for distance in range(1, _WINDOW + 1):
        for month in account.compared:
            # Late comes before early: a payment is far more often late.
            for paid in (_plus(month, distance), _plus(month, -distance)):
                if month in account.missing or paid not in still.ledger:
                    continue
                if still.gap(month) < 0 < still.gap(paid) and abs(still.gap(month) + still.gap(paid)) < _SAME:
                    _move(account, still, (month,), paid)
    for paid in account.compared:
        for months in _runs(paid, account):
            short = [still.gap(month) for month in months]
            if (
                all(gap < 0 for gap in short)
                and still.gap(paid) > 0
                and abs(sum(short) + still.gap(paid)) < _SAME
            ):
                _move(account, still, months, paid)
                break


def _runs(paid: Month, account: Account) -> Iterator[tuple[Month, ...]]:
    """Runs of two months or more near a payment, the month of payment left out, that it may be for."""
    near = [_plus(paid, number) for number in range(-_WINDOW, _WINDOW + 1) if number]
    near = [month for month in near if month in account.compared and month not in account.missing]
    for length in range(len(near), 1, -1):
        yield from (tuple(near[at : at + length]) for at in range(len(near) - length + 1))


def _move(account: Account, still: _Open, months: Sequence[Month], paid: Month) -> None:
    """What was paid in one month for others, as timing; the pence that are over stay with the last."""
    over = still.gap(paid) + sum(still.gap(month) for month in months)
    for number, month in enumerate(months):
        owed = -still.gap(month)
        given = owed + (over if number == len(months) - 1 else 0)
        apart = (paid.year - month.year) * 12 + paid.month - month.month
        late = f"paid {abs(apart)} month{'' if abs(apart) == 1 else 's'} {'late' if apart > 0 else 'early'}"
        still.found.append(
            Finding("timing", month, paid, owed, given, late, source=_where(account.register.get(month, ())),
                    ledger_source=_where(account.ledger.get(paid, ())))
        )  # fmt: skip
        still.clear(month)
    still.clear(paid)


def _named(account: Account, still: _Open, month: Month) -> Iterator[Finding]:
    """The kind of what is left of a month."""
    gap = still.gap(month)
    costs, payments = account.register.get(month, ()), account.ledger.get(month, ())
    if month in account.missing:
        yield _finding(account, "month_missing", month, None, still, "no payment of this month is loaded")
    elif gap < 0 and not still.ledger[month]:
        one = costs[0].name if len(costs) == 1 else ""
        yield _finding(
            account, "not_paid", month, None, still, "nothing was paid in this month", placement=one
        )
    elif gap > 0 and not still.register[month]:
        yield _finding(
            account, "not_in_register", month, month, still, "no placement costs anything in this month"
        )
    elif gap < 0 and (missing := _one_of(costs, -gap)):
        yield Finding("not_paid", month, None, missing.pence, missing.pence + gap, "the other placements are paid, this one is not",
                      placement=missing.name, source=missing.source)  # fmt: skip
    elif gap > 0 and (extra := _one_of(payments, gap)):
        twice = sum(abs(other.pence - extra.pence) < _SAME for other in payments) > 1
        words = (
            "the same amount was paid twice in the month"
            if twice
            else "one payment more than the placements explain"
        )
        yield Finding(
            "not_in_register", month, month, extra.pence - gap, extra.pence, words, ledger_source=extra.source
        )
    else:
        one = costs[0].name if len(costs) == 1 else ""
        yield _finding(
            account, "price_differs", month, month, still, "both have it, at another amount", placement=one
        )
    still.clear(month)


def _finding(
    account: Account,
    kind: str,
    month: Month,
    paid: Month | None,
    still: _Open,
    detail: str,
    placement: str = "",
) -> Finding:
    return Finding(kind, month, paid, still.register[month], still.ledger[month], detail, placement,
                   _where(account.register.get(month, ())), _where(account.ledger.get(month, ())))  # fmt: skip


def _one_of(items: Sequence[Item], pence: int) -> Item | None:
    return next((item for item in items if abs(item.pence - pence) < _SAME), None)


def _sum(items: Sequence[Item]) -> int:
    return sum(item.pence for item in items)


def _where(items: Sequence[Item]) -> str:
    if not items:
        return ""
    return items[0].source + (f" and {len(items) - 1} more" if len(items) > 1 else "")


def _plus(month: Month, number: int) -> Month:
    at = month.year * 12 + month.month - 1 + number
    return Month(at // 12, at % 12 + 1, 1)
