"""The grid: every combination has its row, nought where there is none, missing where it cannot be known."""

from __future__ import annotations

from hnb.metrics import Tables, compute, grid
from hnb.selection import Selection
from tests.hnb.pictures import answered, drawn

GAPS = Tables({"spend": drawn("spend", """
    financial_year | basis    | setting             | amount | placement_years | placements
    2023-24        | outturn  | mainstream          | 60     | 6               | 5
    2023-24        | outturn  | special_independent | 40     | 1               | 1
    2024-25        | forecast | mainstream          | 90     | 8               | 8
""")})  # fmt: skip
BY = ("setting", "financial_year")


def test_a_cell_without_rows_is_nought_with_the_status_of_its_year():
    assert answered(grid("spend", GAPS, by=BY), *BY, "value", "count", "status") == [
        ("mainstream", "2023-24", 60.0, 5, "reported"),
        ("mainstream", "2024-25", 90.0, 8, "estimated"),
        ("special_independent", "2023-24", 40.0, 1, "reported"),
        ("special_independent", "2024-25", 0.0, 0, "estimated"),
    ]


def test_a_share_without_rows_is_nought_of_its_year_s_whole():
    last = grid("spend_share", GAPS, by=BY).rows(named=True)[-1]
    assert (last["numerator"], last["denominator"], last["value"]) == (0.0, 90.0, 0.0)


def test_a_unit_cost_without_rows_has_nothing_to_divide_by():
    last = grid("spend_per_placement_year", GAPS, by=BY).rows(named=True)[-1]
    assert (last["value"], last["status"]) == (None, "no_denominator")


def test_a_full_or_empty_or_undivided_answer_stays_as_it_is():
    for by in ((), ("setting",), ("financial_year",)):
        assert grid("spend", GAPS, by=by).equals(compute("spend", GAPS, by=by))
    nothing = Selection(years=("2001-02",))
    assert grid("spend", GAPS, nothing, BY).equals(compute("spend", GAPS, nothing, BY))


def test_missing_keys_are_kept():
    tables = {"spend": drawn("spend", """
        financial_year | provider | amount
        2023-24        | Oak      | 1
        2024-25        | .        | 2
    """)}  # fmt: skip
    assert answered(grid("spend", tables, by=["provider", "financial_year"]), "provider", "value") == [
        ("Oak", 1.0), ("Oak", 0.0), (None, 0.0), (None, 2.0),
    ]  # fmt: skip
