"""Growth: volume, mix and price by hand, and that they always add up to the change to the penny."""

from __future__ import annotations

import datetime

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.errors import HnbError
from hnb.growth import DIMENSIONS, EFFECTS, PRICE_PARTS, growth
from hnb.metrics import Selection, Tables, compute
from hnb.movers import movers
from hnb.years import year_of

BEFORE, AFTER = "2024-25", "2025-26"


def spend(*rows: tuple) -> Tables:
    """Rows of (year, part, setting, phase, need, amount, placement_years) as a table of spend."""
    return Tables(
        {
            "spend": polars.DataFrame(
                [
                    {
                        "authority": "E09000029", "financial_year": year, "basis": "outturn", "part": part, "line": "1.2.3",
                        "setting": setting, "phase": phase, "need": need, "in_borough": None, "provider": None,
                        "amount": float(amount), "placement_years": float(years), "placements": 0, "counted_on": None, "source": "by hand",
                    }
                    for year, part, setting, phase, need, amount, years in rows
                ],
                schema_overrides={"in_borough": polars.Boolean, "provider": polars.String, "counted_on": polars.Date},
                infer_schema_length=None,
            )
        }
    )  # fmt: skip


def placed(
    year: str, setting: str, amount: float, years: float, phase: str = "secondary", need: str = "ASD"
) -> tuple:
    return (year, "placements", setting, phase, need, amount, years)


def effects(frame: polars.DataFrame) -> dict[str, float]:
    return frame.select(EFFECTS).row(0, named=True)


def test_more_placements_at_the_same_cost_are_volume_and_nothing_else():
    # 10 placement-years at £1,000, then 12.
    tables = spend(placed(BEFORE, "mainstream", 10_000, 10), placed(AFTER, "mainstream", 12_000, 12))
    assert effects(growth(tables, Selection(), BEFORE, AFTER)) == {
        "volume": 2_000.0, "mix_between": 0.0, "mix_within": 0.0, "price": 0.0, "other": 0.0,
    }  # fmt: skip


def test_dearer_placements_are_price_at_the_new_volume():
    # 10 at £1,000, then 12 at £1,100: volume 2 × £1,000, price 12 × £100.
    tables = spend(placed(BEFORE, "mainstream", 10_000, 10), placed(AFTER, "mainstream", 13_200, 12))
    found = effects(growth(tables, Selection(), BEFORE, AFTER))
    assert (found["volume"], found["price"]) == (2_000.0, 1_200.0)


def test_moving_to_a_dearer_setting_is_mix_between():
    # Twenty in all both years; five move from £10,000 to £60,000: 5 × £50,000.
    tables = spend(
        placed(BEFORE, "mainstream", 150_000, 15), placed(BEFORE, "special_independent", 300_000, 5),
        placed(AFTER, "mainstream", 100_000, 10), placed(AFTER, "special_independent", 600_000, 10),
    )  # fmt: skip
    assert effects(growth(tables, Selection(), BEFORE, AFTER)) == {
        "volume": 0.0, "mix_between": 250_000.0, "mix_within": 0.0, "price": 0.0, "other": 0.0,
    }  # fmt: skip
    by = growth(tables, Selection(), BEFORE, AFTER, ("setting",))
    assert by.select("setting", "mix_between").rows() == [
        ("mainstream", -50_000.0),
        ("special_independent", 300_000.0),
    ]


def test_moving_between_needs_of_one_setting_is_mix_within():
    # Ten in one setting; two move from a need at £20,000 to one at £50,000: 2 × £30,000.
    tables = spend(
        placed(BEFORE, "special_independent", 100_000, 5, need="MLD"), placed(BEFORE, "special_independent", 250_000, 5, need="SEMH"),
        placed(AFTER, "special_independent", 60_000, 3, need="MLD"), placed(AFTER, "special_independent", 350_000, 7, need="SEMH"),
    )  # fmt: skip
    assert effects(growth(tables, Selection(), BEFORE, AFTER)) == {
        "volume": 0.0, "mix_between": 0.0, "mix_within": 60_000.0, "price": 0.0, "other": 0.0,
    }  # fmt: skip


def test_all_effects_at_once_by_hand():
    # Before: 8 at £10,000 and 2 at £50,000 (Q 10). After: 8 at £11,000 and 4 at £55,000 (Q 12).
    tables = spend(
        placed(BEFORE, "mainstream", 80_000, 8), placed(BEFORE, "special_independent", 100_000, 2),
        placed(AFTER, "mainstream", 88_000, 8), placed(AFTER, "special_independent", 220_000, 4),
        (BEFORE, "services", "central", "not_by_phase", "not_by_need", 5_000, 0),
        (AFTER, "services", "central", "not_by_phase", "not_by_need", 7_500, 0),
    )  # fmt: skip
    # volume 180,000 × 0.2 = 36,000; mix (8 − 9.6) × 10,000 + (4 − 2.4) × 50,000 = 64,000; price 8 × 1,000 + 4 × 5,000 = 28,000
    whole = growth(tables, Selection(), BEFORE, AFTER)
    assert effects(whole) == {
        "volume": 36_000.0,
        "mix_between": 64_000.0,
        "mix_within": 0.0,
        "price": 28_000.0,
        "other": 2_500.0,
    }
    assert whole.select("spend_before", "spend_after", "change").row(0) == (185_000.0, 315_500.0, 130_500.0)
    assert whole.select("years_before", "years_after", "unit_before").row(0) == (10.0, 12.0, 18_000.0)


def test_a_setting_that_is_new_is_mix_and_one_that_ends_has_no_price():
    tables = spend(
        placed(BEFORE, "mainstream", 10_000, 1), placed(BEFORE, "hospital", 30_000, 1),
        placed(AFTER, "mainstream", 10_000, 1), placed(AFTER, "special_independent", 60_000, 1),
    )  # fmt: skip
    by = growth(tables, Selection(), BEFORE, AFTER, ("setting",))
    assert by.select("setting", "mix_between", "price").rows() == [
        ("mainstream", 0.0, 0.0), ("special_independent", 60_000.0, 0.0), ("hospital", -30_000.0, 0.0),
    ]  # fmt: skip


def test_what_was_nothing_before_is_all_volume():
    tables = spend(placed(AFTER, "mainstream", 10_000, 1))
    assert effects(growth(tables, Selection(), BEFORE, AFTER))["volume"] == 10_000.0


def test_a_cost_without_a_day_of_placement_is_other():
    tables = spend(
        placed(BEFORE, "mainstream", 10_000, 1),
        placed(AFTER, "mainstream", 10_000, 1),
        placed(AFTER, "hospital", 900, 0),
    )
    assert effects(growth(tables, Selection(), BEFORE, AFTER))["other"] == 900.0


def test_nothing_gives_no_rows_and_what_cannot_be_asked_is_said():
    assert (
        growth(spend(placed("2019-20", "mainstream", 1, 1)), Selection(), BEFORE, AFTER, ("setting",)).height
        == 0
    )
    with pytest.raises(HnbError, match="cannot be cut by provider"):
        growth(spend(), Selection(), BEFORE, AFTER, ("provider",))
    with pytest.raises(HnbError, match="both are 2024-25"):
        growth(spend(), Selection(), BEFORE, BEFORE)


CELL = st.tuples(
    st.sampled_from([BEFORE, AFTER]),
    st.sampled_from(["placements", "services", "not_explained"]),
    st.sampled_from(["mainstream", "special_academy", "special_independent", "not_recorded"]),
    st.sampled_from(["primary", "secondary"]),
    st.sampled_from(["ASD", "SEMH"]),
    st.integers(-5_000_00, 90_000_00).map(lambda pence: pence / 100),
    st.sampled_from([0.0, 0.25, 1.0, 2.5, 30.75]),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=24))
def test_the_effects_add_up_to_the_change_to_the_penny_however_it_is_cut(rows):
    tables = spend(*((*row[:6], row[6] if row[1] == "placements" else 0.0) for row in rows))
    whole = growth(tables, Selection(), BEFORE, AFTER)
    known = dict(
        compute("spend", tables, Selection(), ("financial_year",)).select("financial_year", "value").rows()
    )
    change = round(known.get(AFTER, 0.0) - known.get(BEFORE, 0.0), 2)
    assert round(whole["change"][0] or 0.0, 2) == change
    for by in [(), *((name,) for name in DIMENSIONS), ("setting", "need"), DIMENSIONS]:
        cut = growth(tables, Selection(), BEFORE, AFTER, by)
        for row in cut.iter_rows(named=True):
            assert round(sum(row[name] for name in EFFECTS), 2) == row["change"]
        for name in EFFECTS:
            assert abs(cut[name].sum() - whole[name][0]) < 0.005


# ------------------------------------------------------------------------------------ price and inflation


def test_the_price_effect_is_general_inflation_and_what_goes_beyond_it():
    # 12 placement-years at the old £1,000 are £12,000; prices rose 100 ÷ 96.6694 − 1 = 3.44535%: £413.44. Price is £1,200.
    tables = spend(placed(BEFORE, "mainstream", 10_000, 10), placed(AFTER, "mainstream", 13_200, 12))
    found = growth(tables, Selection(), BEFORE, AFTER).row(0, named=True)
    assert (found["price"], found["general_inflation"], found["above_inflation"]) == (1_200.0, 413.44, 786.56)


def test_without_a_deflator_the_price_is_not_split():
    tables = spend(placed("2008-09", "mainstream", 10_000, 10), placed("2009-10", "mainstream", 13_200, 12))
    found = growth(tables, Selection(), "2008-09", "2009-10").row(0, named=True)
    assert found["price"] == 1_200.0
    assert (found["general_inflation"], found["above_inflation"]) == (None, None)


def test_what_is_new_or_all_volume_has_no_price_and_so_no_inflation():
    new_setting = spend(
        placed(BEFORE, "mainstream", 10_000, 1), placed(AFTER, "mainstream", 10_000, 1), placed(AFTER, "hospital", 60_000, 1),
    )  # fmt: skip
    by = growth(new_setting, Selection(), BEFORE, AFTER, ("setting",))
    assert by.filter(polars.col("setting") == "hospital")["general_inflation"].to_list() == [0.0]
    nothing_before = growth(spend(placed(AFTER, "mainstream", 10_000, 1)), Selection(), BEFORE, AFTER)
    assert nothing_before.select(PRICE_PARTS).row(0) == (0.0, 0.0)


# --------------------------------------------------------------------------------------- between two dates


def register(
    *rows: tuple[str, str, str, str | None, float], kept: str = "2026-03-31", rank: int = 1
) -> list[dict]:
    """Rows of (child, setting, start, end, annual cost) of the register of the year that holds `kept`."""
    date = datetime.date.fromisoformat
    return [
        {
            "authority": "E09000029", "financial_year": year_of(date(kept)), "register_as_at": date(kept), "placement_id": f"P-{child}{rank}",
            "pupil_id": child, "need": "ASD", "setting": setting, "phase": "secondary", "provider": f"{setting} one", "in_borough": True,
            "line": "1.2.3", "start_on": date(start), "end_on": date(end) if end else None, "placement_rank": rank, "annual_cost": float(annual),
            "source": f"register!{year_of(date(kept))}!{child}",
        }
        for child, setting, start, end, annual in rows
    ]  # fmt: skip


def kept(*rows: list[dict]) -> Tables:
    return Tables(
        {"placements": polars.DataFrame([row for part in rows for row in part], infer_schema_length=None)}
    )


EARLY, LATE = "2025-06-30", "2026-01-31"


def test_between_two_dates_it_is_what_a_year_of_those_open_costs():
    # 30 June: two at £10,000. 31 January: one of them, two at £12,000 and, the same setting, no end yet.
    tables = kept(
        register(
            ("a", "mainstream", "2024-09-01", None, 10_000), ("b", "mainstream", "2024-09-01", "2025-08-31", 10_000),
            ("c", "mainstream", "2025-09-01", None, 13_000), ("d", "mainstream", "2025-09-01", None, 13_000),
        )
    )  # fmt: skip
    found = growth(tables, Selection(), EARLY, LATE).row(0, named=True)
    assert (found["spend_before"], found["spend_after"], found["change"]) == (20_000.0, 36_000.0, 16_000.0)
    assert (found["years_before"], found["years_after"]) == (2.0, 3.0)
    # volume 1 × £10,000; price 3 × £2,000; the dates are of one year, so nothing of it is general inflation.
    assert (found["volume"], found["price"], found["general_inflation"]) == (10_000.0, 6_000.0, 0.0)


def test_a_placement_that_ends_on_the_date_is_not_open_and_one_that_begins_on_it_is():
    tables = kept(
        register(("a", "mainstream", "2025-04-01", EARLY, 10_000), ("b", "mainstream", EARLY, None, 7_000))
    )
    assert growth(tables, Selection(), EARLY, LATE)["spend_before"].to_list() == [7_000.0]


def test_a_second_placement_costs_and_counts_no_child_twice():
    tables = kept(
        register(("a", "mainstream", "2025-04-01", None, 10_000)),
        register(("a", "alternative_provision", "2025-09-01", None, 6_000), rank=2),
    )
    found = growth(tables, Selection(), EARLY, LATE).row(0, named=True)
    assert (found["change"], found["other"], found["volume"]) == (6_000.0, 6_000.0, 0.0)
    assert (found["years_before"], found["years_after"]) == (1.0, 1.0)


def test_two_registers_tell_of_two_years_and_a_date_that_none_covers_is_refused():
    tables = kept(
        register(("a", "mainstream", "2024-09-01", None, 10_000), kept="2025-03-31"),
        register(("a", "mainstream", "2024-09-01", None, 11_000), kept="2025-10-31"),
    )
    found = growth(tables, Selection(), "2025-03-31", "2025-10-31").row(0, named=True)
    assert (found["price"], found["volume"]) == (1_000.0, 0.0)
    # £10,000 × (96.6694 … 100): 3.44535% is £344.54 of the £1,000.
    assert found["general_inflation"] == 344.54
    for wrong in ("2025-11-01", "2024-03-31"):
        with pytest.raises(
            HnbError,
            match=r"No register covers .* those loaded cover 1 April 2024 to 31 March 2025 and 1 April 2025 to 31 October 2025",
        ):
            growth(tables, Selection(), "2025-03-31", wrong)
    with pytest.raises(HnbError, match="not from 2024-25 to 2025-10-31"):
        growth(tables, Selection(), "2024-25", "2025-10-31")


OPEN = st.lists(
    st.tuples(
        st.integers(0, 99).map(str),
        st.sampled_from(["mainstream", "special_academy", "special_independent"]),
        st.sampled_from(["2025-04-01", "2025-09-01", "2026-01-31"]),
        st.sampled_from([None, "2025-06-30", "2025-12-31"]),
        st.integers(0, 90_000_00).map(lambda pence: pence / 100),
    ),
    min_size=1,
    max_size=15,
    unique_by=lambda row: row[0],
)


@settings(max_examples=40, deadline=None)
@given(OPEN)
def test_between_dates_the_effects_add_up_and_the_placements_make_the_change(rows):
    tables = kept(register(*rows))
    whole = growth(tables, Selection(), EARLY, LATE)
    if not whole["change"].drop_nulls().len():
        return
    assert round(sum(whole.select(EFFECTS).row(0)), 2) == whole["change"][0]
    assert round(sum(whole.select(PRICE_PARTS).row(0)), 2) == whole["price"][0]
    for by in (("setting",), DIMENSIONS):
        cut = growth(tables, Selection(), EARLY, LATE, by)
        for name in (*EFFECTS, "change"):
            assert abs(cut[name].sum() - whole[name][0]) < 0.005
    assert movers(tables, Selection(), EARLY, LATE)["change"].sum() == pytest.approx(
        whole["change"][0], abs=0.005
    )
