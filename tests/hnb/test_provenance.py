"""Provenance: every figure's rows, down to file!sheet!row, add up to what compute gives, to the penny."""

from __future__ import annotations

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES, Selection, compute
from hnb.provenance import rows_behind
from hnb.source_row import is_address, source_row
from hnb.store import Snapshot

SUTTON = "E09000029"


@pytest.fixture(scope="module")
def sample(sample_build) -> Snapshot:
    return Snapshot.open(sample_build.processed)


SELECTIONS = st.builds(
    Selection,
    years=st.sets(st.sampled_from(("2019-20", "2022-23", "2025-26", "2026-27")), max_size=3).map(tuple),
    settings=st.sets(st.sampled_from(CODELISTS["settings"].codes), max_size=4).map(tuple),
    phases=st.sets(st.sampled_from(CODELISTS["phases"].codes), max_size=2).map(tuple),
    needs=st.sets(st.sampled_from(CODELISTS["needs"].codes), max_size=2).map(tuple),
    lines=st.sets(st.sampled_from(("1.2.1", "1.2.2", "1.2.3", "1.2.5", "1.0.2")), max_size=2).map(tuple),
    in_borough=st.sampled_from((None, True, False)),
    authority=st.just(SUTTON),
)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_rows_of_everything_add_up_to_every_measure(sample, measure):
    behind = rows_behind(measure, sample, Selection(authority=SUTTON))
    assert behind.is_met, (behind.total, behind.numerator)
    if behind.numerator is not None:
        assert behind.row_count
        assert behind.reaches_files, [(step.name, step.table) for step in behind.steps if not step.is_loaded]


@settings(max_examples=40)
@given(measure=st.sampled_from(tuple(MEASURES)), selection=SELECTIONS)
def test_the_rows_of_any_selection_add_up_to_any_measure(sample, measure, selection):
    behind = rows_behind(measure, sample, selection)
    answer = compute(measure, sample, selection)
    assert behind.numerator == (answer["numerator"][0] if answer.height else None)
    assert behind.total == pytest.approx(behind.numerator or 0.0, abs=0.005)
    if behind.denominator is not None and MEASURES[measure].denominator_scope == "same":
        divisors = sum(step.rows["divisor"].sum() for step in behind.steps)
        assert divisors == pytest.approx(behind.denominator, abs=1e-6)


@pytest.mark.parametrize("measure", ["spend", "placements", "spend_per_placement_year", "forecast", "variance", "in_year_position", "cumulative_balance"])  # fmt: skip
def test_each_row_says_its_file_sheet_and_row(sample, measure):
    behind = rows_behind(measure, sample, Selection(authority=SUTTON, years=("2026-27",)))
    assert behind.reaches_files
    for step in behind.steps:
        assert all(is_address(source) for source in step.rows["source"].to_list())
    assert behind.sources["rows"].sum() == behind.row_count


def test_spend_is_the_register_and_what_the_monitor_has_beyond_it(sample):
    """Independent spend of 2025-26: placements + (the monitor's rows − what the register explains of them)."""
    behind = rows_behind("spend", sample, Selection(authority=SUTTON, settings=("independent",), years=("2025-26",)))  # fmt: skip
    register, monitor, explained = behind.steps
    assert [step.name for step in behind.steps] == ["register", "monitor", "explained"]
    # A placement is added and taken off again: it is one row of the register's file, and is counted once.
    placed = {*register.rows["source"].to_list(), *explained.rows["source"].to_list()}
    assert behind.row_count == len(placed | set(monitor.rows["source"].to_list()))
    assert behind.repeated_count == sum(step.rows.height for step in behind.steps) - behind.row_count > 0
    assert (register.table, monitor.table, explained.table) == ("placements", "budget", "placements")
    assert register.total + monitor.total + explained.total == pytest.approx(behind.numerator, abs=0.005)
    # One row a placement, not one a month.
    assert register.rows["placement_id"].n_unique() == register.rows.height
    assert set(monitor.rows["money"]) == {"outturn"}


def test_placements_are_the_open_ones_each_for_one(sample):
    behind = rows_behind("placements", sample, Selection(authority=SUTTON, years=("2025-26",)))
    (step,) = behind.steps
    assert step.rows["contribution"].to_list() == [1.0] * step.rows.height
    assert step.rows.height == behind.numerator


def test_a_balance_carried_on_names_the_balance_and_the_grant_and_spend_since(sample):
    class OneYearLess:
        """The sample without its last published balance."""

        has = staticmethod(sample.has)

        @staticmethod
        def table(name: str) -> polars.DataFrame:
            frame = sample.table(name)
            return frame.filter(polars.col("financial_year") < "2026-27") if name == "balances" else frame

    behind = rows_behind("cumulative_balance", OneYearLess, Selection(authority=SUTTON))
    assert [step.name for step in behind.steps] == ["balance", "grant", "register", "monitor", "explained"]
    assert behind.is_met
    assert behind.numerator is not None


def test_a_table_that_is_not_there_gives_no_rows_and_no_figure():
    behind = rows_behind("spend", {}, Selection())
    assert (behind.numerator, behind.row_count, behind.is_met) == (None, 0, True)


def test_nothing_that_was_given_is_changed(sample):
    before = sample.table("spend").hash_rows().sum()
    rows_behind("spend", sample, Selection(authority=SUTTON))
    assert sample.table("spend").hash_rows().sum() == before


def test_an_address_gives_its_row_and_what_was_worked_out_from_it(sample):
    placed = sample.table("placements").filter(polars.col("financial_year") == "2025-26").row(0, named=True)
    found = source_row(sample, placed["source"])
    assert found.address == f"{found.file}!{found.sheet}!{found.row}"
    assert found.loaded["placements"]["placement_id"].to_list() == [placed["placement_id"]]
    months = found.derived["placement_months"]
    assert months.height in range(1, 13)
    assert set(months["placement_id"]) == {placed["placement_id"]}
    assert found.derived["spend"]["setting"].unique().to_list() == [placed["setting"]]


def test_a_problem_at_a_cell_of_the_row_is_told_and_one_of_the_sheet_apart():
    problems = polars.DataFrame(
        {
            "file": ["b.xlsx"] * 4,
            "where": ["b.xlsx!S!C17", "b.xlsx!S!17", "b.xlsx!S!C18", "b.xlsx!S"],
            "severity": ["note"] * 4, "what": ["nil_cost"] * 4, "found": ["a", "b", "c", "d"],
            "expected": [""] * 4, "action": [""] * 4, "rows": [0] * 4,
        }
    )  # fmt: skip
    found = source_row({"problems": problems}, "b.xlsx!S!17")
    assert found.problems["found"].to_list() == ["a", "b"]
    assert found.of_sheet["found"].to_list() == ["d"]
    assert not found.loaded


@pytest.mark.parametrize("text", ["", "a", "a!b", "a!b!c", "a!b!1\n", "x" * 500 + "!b!1"])
def test_what_is_no_address_is_refused(text):
    assert not is_address(text)
    with pytest.raises(ValueError, match="file!sheet!row"):
        source_row({}, text)
