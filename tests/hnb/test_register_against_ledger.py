"""One provider's account: each pound between register and ledger is met or named, and nothing is counted twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from hnb.register_against_ledger import Account, Finding, Item, findings
from hnb.years import months_of

MONTHS = months_of("2025-26")
APRIL, MAY, JUNE, JULY, AUGUST = MONTHS[:5]


def account(register: dict, ledger: dict, compared=MONTHS, missing=()) -> Account:
    """Pounds by month, one number or a list of items, called p1, p2 … and t1, t2 …"""

    def items(of: dict, letter: str) -> dict:
        found = {}
        for month, pounds in of.items():
            amounts = pounds if isinstance(pounds, list) else [pounds]
            found[month] = [
                Item(round(amount * 100), f"{letter}{n}", f"{letter}.xlsx!S!{n}")
                for n, amount in enumerate(amounts, 1)
            ]
        return found

    return Account(items(register, "p"), items(ledger, "t"), tuple(compared), frozenset(missing))


def told(found: list[Finding]) -> list[tuple]:
    return [
        (
            one.kind,
            one.month.month,
            one.paid.month if one.paid else None,
            one.register / 100,
            one.ledger / 100,
        )
        for one in found
    ]


def test_what_is_paid_in_its_month_is_no_exception():
    assert findings(account({APRIL: 1000, MAY: 1000}, {APRIL: 1000, MAY: 1000})) == []


def test_pence_are_told_as_pence():
    assert told(findings(account({APRIL: 1000}, {APRIL: 1000.4}))) == [("rounding", 4, 4, 1000, 1000.4)]


def test_a_month_that_nobody_paid():
    (one,) = findings(account({APRIL: 1000, MAY: 1200}, {MAY: 1200}))
    assert (
        told([one]) == [("not_paid", 4, None, 1000, 0)]
        and one.placement == "p1"
        and one.source == "p.xlsx!S!1"
    )


def test_one_placement_of_several_is_not_paid():
    (one,) = findings(account({APRIL: [700, 300, 500]}, {APRIL: 1200}))
    assert told([one]) == [("not_paid", 4, None, 300, 0)] and one.placement == "p2"


def test_a_payment_without_a_placement():
    assert told(findings(account({}, {MAY: 400}))) == [("not_in_register", 5, 5, 0, 400)]


def test_an_invoice_paid_twice():
    (one,) = findings(account({MAY: 400}, {MAY: [400, 400]}))
    assert told([one]) == [("not_in_register", 5, 5, 0, 400)] and "twice" in one.detail


def test_another_price():
    assert told(findings(account({MAY: 1000}, {MAY: 1040}))) == [("price_differs", 5, 5, 1000, 1040)]


def test_a_month_late_and_two_months_late():
    late = findings(account({APRIL: 900, MAY: 1000, JUNE: 1000}, {MAY: 1900, JUNE: 1000}))
    assert told(late) == [("timing", 4, 5, 900, 900)] and late[0].detail == "paid 1 month late"
    later = findings(account({APRIL: 900, MAY: 1000, JUNE: 1000}, {MAY: 1000, JUNE: 1900}))
    assert told(later) == [("timing", 4, 6, 900, 900)] and later[0].detail == "paid 2 months late"


def test_three_months_late_is_not_taken_for_timing():
    found = findings(
        account(
            dict.fromkeys(MONTHS, 100) | {APRIL: 900},
            dict.fromkeys(MONTHS, 100) | {APRIL: 0, JULY: 1000},
        )
    )
    assert [one[0] for one in told(found)] == ["not_paid", "price_differs"]


def test_by_the_quarter_and_by_the_term():
    quarter = findings(account({APRIL: 100, MAY: 110, JUNE: 120}, {MAY: 330}))
    assert told(quarter) == [
        ("timing", 4, 5, 100, 100),
        ("timing", 5, 5, 110, 110),
        ("timing", 6, 5, 120, 120),
    ]
    assert quarter[0].detail == "paid by the quarter"
    term = findings(account(dict.fromkeys(MONTHS[:5], 100), {MAY: 500}))
    assert {one.detail for one in term} == {"paid by the term"} and sum(one.ledger for one in term) == 50_000


def test_what_is_paid_ahead_of_the_months_compared_is_said():
    november, december = MONTHS[7], MONTHS[8]
    found = findings(account(dict.fromkeys(MONTHS[5:9], 100), {MONTHS[6]: 400}, compared=MONTHS[:7]))
    assert told(found)[-1] == ("timing", 10, 10, 100, 300) and "ahead" in found[-1].detail
    assert november not in {one.month for one in found} and december not in {one.month for one in found}


def test_what_falls_due_after_the_months_compared_is_no_debt():
    found = findings(account(dict.fromkeys(MONTHS[:7], 100), {MAY: 300, AUGUST: 300}, compared=MONTHS[:7]))
    assert told(found)[-1] == ("timing", 10, None, 100, 0)
    assert found[-1].detail == "paid by the quarter: November 2025 is the month in which it falls due"


def test_what_falls_due_in_a_month_that_is_not_loaded_is_no_debt():
    november = MONTHS[7]
    ledger = {MAY: 300, AUGUST: 300, MONTHS[10]: 300}
    found = findings(account(dict.fromkeys(MONTHS, 100), ledger, missing=[november]))
    assert {(one.kind, one.month.month) for one in found if one.kind != "timing"} == {
        ("month_missing", month) for month in (10, 11, 12)
    }


def test_equal_instalments_that_come_to_the_year():
    # 30 and 31 days make other months than twelfths do; over the year they are the same.
    costs = dict(zip(MONTHS, [986.30, 1019.18, 986.30, 1019.18, 1019.18, 986.30, 1019.18, 986.30, 1019.18, 1019.18, 920.54, 1019.18], strict=True))  # fmt: skip
    found = findings(account(costs, dict.fromkeys(MONTHS, 1000.0)))
    assert {one.kind for one in found} <= {"timing"} and sum(one.ledger - one.register for one in found) == 0


def test_a_month_that_is_not_loaded_is_no_debt():
    found = findings(
        account(
            dict.fromkeys(MONTHS, 100),
            {month: 100 for month in MONTHS if month != JUNE},
            missing=[JUNE],
        )
    )
    assert told(found) == [("month_missing", 6, None, 100, 0)]


pence = some.integers(-200_000, 900_000)
side = some.dictionaries(some.sampled_from(MONTHS), some.lists(pence, min_size=1, max_size=3), max_size=12)


@given(side, side, some.integers(1, 12), some.sets(some.sampled_from(MONTHS), max_size=2))
def test_exceptions_and_what_is_met_are_the_whole_difference_to_the_penny(
    register, ledger, compared, missing
):
    months = MONTHS[:compared]
    gone = frozenset(missing) & set(months)
    own = Account(
        {month: [Item(p, "p", "r!s!1") for p in items] for month, items in register.items()},
        {month: [Item(p, "t", "l!s!1") for p in items] for month, items in ledger.items() if month not in gone},
        months, gone,
    )  # fmt: skip
    found = findings(own)
    gaps = {
        month: sum(i.pence for i in own.ledger.get(month, ()))
        - sum(i.pence for i in own.register.get(month, ()))
        for month in months
    }
    assert sum(one.ledger - one.register for one in found) == sum(gaps.values())
    # And by month: what was paid counts where it was paid, what was due where it was due. What is met has no gap.
    by_month = dict.fromkeys(months, 0)
    for one in found:
        by_month[one.month] -= one.register
        if one.ledger:
            by_month[one.paid or one.month] += one.ledger
    assert by_month == gaps
