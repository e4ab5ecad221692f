"""A cube gives every measure's answers as an engine gives them: over rows, selections and dimensions at random."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

import numpy
import polars
import polars.testing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hnb.codelists import CODELISTS
from hnb.contract import Column, Table
from hnb.metrics import MEASURES, Cubes, Measure, Tables, compute
from hnb.metrics.cube import MOST_ROWS, Cube
from hnb.metrics.measure import Question
from hnb.selection import Selection
from hnb.tables import TABLES
from tests.hnb.pictures import answered, drawn
from tests.hnb.test_metrics_spend import TWO_YEARS

YEARS = ("2022-23", "2023-24", "2024-25")
AUTHORITIES = ("E09000029", "E10000003")
PROVIDERS = ("Oak School", "Álder House", "elm")
PREPARED = [measure for measure in MEASURES.values() if measure.rows is None or measure.rows_differ_by]


class Kept(Tables):
    """Tables that keep cubes, as those of the dashboard do."""

    @cached_property
    def cubes(self) -> Cubes:
        return Cubes(self)


def test_the_answer_is_the_one_worked_out_by_hand():
    kept = Kept({"spend": TWO_YEARS.table("spend")})
    assert answered(compute("spend", kept, by=["setting"]), "setting", "value", "count") == [
        ("mainstream", 22_000.0, 0),  # one in 2023-24, none in the last year
        ("special_independent", 395_000.0, 4),
        ("central", 5_000.0, 0),
    ]
    assert compute("spend", kept, by=["setting"]).equals(compute("spend", TWO_YEARS, by=["setting"]))


def test_pounds_are_summed_as_whole_pence():
    many = drawn("spend", "\n".join(["financial_year | amount", *["2023-24 | 0.10"] * 1_000]))
    cube = Cube.of("spend", many)
    assert (cube.numbers("amount").scale, cube.numbers("amount").of_row.sum()) == (100.0, 10_000.0)
    assert compute("spend", Kept({"spend": many}))["value"].to_list() == [100.0]


def test_a_cube_is_made_once_for_all_measures_of_the_same_rows():
    kept = Kept({"spend": TWO_YEARS.table("spend")})
    asked = Question(kept, Selection(), ())
    assert kept.cubes.cube(MEASURES["spend"], asked) is kept.cubes.cube(MEASURES["spend_share"], asked)
    assert kept.cubes.cube(MEASURES["spend"], asked) is not kept.cubes.cube(MEASURES["placements"], asked)


def test_rows_that_may_depend_on_anything_are_left_to_the_engine():
    loose = Measure("loose", "", "", "£", "neither", "", "", "spend", ("setting",), "amount",
                    rows=lambda question: question.rows("spend"))  # fmt: skip
    kept = Kept({"spend": TWO_YEARS.table("spend")})
    assert kept.cubes.cube(loose, Question(kept, Selection(), ())) is None
    assert compute(loose, kept).equals(compute(loose, TWO_YEARS))


def test_a_table_that_is_too_long_or_another_engines_is_left_to_it(monkeypatch: pytest.MonkeyPatch):
    kept = Kept({"spend": TWO_YEARS.table("spend")})
    monkeypatch.setattr("hnb.metrics.cube.MOST_ROWS", 6)
    assert kept.cubes.cube(MEASURES["spend"], Question(kept, Selection(), ())) is None
    assert MOST_ROWS > 1_000_000
    monkeypatch.undo()
    monkeypatch.setattr(kept, "table", lambda name: TWO_YEARS.table(name).lazy(), raising=False)
    assert Cubes(kept).cube(MEASURES["spend"], Question(kept, Selection(), ())) is None


@pytest.mark.parametrize("measure", PREPARED, ids=lambda measure: measure.name)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=some.integers(0, 2**32 - 1))
def test_every_measure_is_the_same_from_a_cube(measure: Measure, seed: int):
    chance = numpy.random.default_rng(seed)
    needed = set(measure.tables) | {name for name in ("spend", "grant") if measure.table == "balances"}
    frames = {name: rows_at_random(TABLES[name], int(chance.integers(0, 60)), chance) for name in needed}
    plain, kept = Tables(frames), Kept(frames)
    for _ in range(4):
        selection = selection_at_random(chance)
        count = int(chance.integers(0, min(4, len(measure.dimensions) + 1)))
        by = tuple(str(name) for name in chance.choice(measure.dimensions, count, replace=False))
        found, expected = compute(measure, kept, selection, by), compute(measure, plain, selection, by)
        polars.testing.assert_frame_equal(found, expected, rel_tol=1e-12, abs_tol=2e-9)


def rows_at_random(table: Table, rows: int, chance: numpy.random.Generator) -> polars.DataFrame:
    """Rows that a table may hold, far more mixed than any authority's; some of what is not required is missing."""
    held = {column.name: _cells(column, rows, chance) for column in table.columns}
    return Tables({table.name: polars.DataFrame(held)}).table(table.name)


def _cells(column: Column, rows: int, chance: numpy.random.Generator) -> list[Any]:
    cells = [_value(column, chance) for _ in range(rows)]
    return cells if column.required else [cell if chance.random() < 0.8 else None for cell in cells]


def _value(column: Column, chance: numpy.random.Generator) -> Any:
    if column.name == "authority":
        return str(chance.choice(AUTHORITIES))
    if column.name == "provider":
        return str(chance.choice(PROVIDERS)) if chance.random() < 0.8 else None
    if column.codes:
        codes = CODELISTS[column.codes].codes
        return str(
            codes[int(chance.integers(len(codes)) * chance.random())]
        )  # the first more often than the last
    day = datetime.date(2022, 4, 1) + datetime.timedelta(days=int(chance.integers(0, 36)) * 30)
    values = {
        "year": lambda: str(chance.choice(YEARS)), "date": lambda: day, "flag": lambda: bool(chance.random() < 0.5),
        "pounds": lambda: int(chance.integers(-5_000_000, 5_000_000)) / 100, "number": lambda: float(chance.random()),
        "share": lambda: float(chance.random()), "count": lambda: int(chance.integers(0, 9)),
        "integer": lambda: int(chance.integers(2020, 2025)),
    }  # fmt: skip
    return values.get(column.kind, lambda: f"word {chance.integers(0, 5)}")()


def selection_at_random(chance: numpy.random.Generator) -> Selection:
    """Something to look at: each field narrowed to one to three of its values, or left."""

    def some_of(values: tuple[str, ...], often: float = 0.3) -> tuple[str, ...]:
        return tuple(chance.choice(values, int(chance.integers(1, 4)))) if chance.random() < often else ()

    return Selection(
        years=some_of((*YEARS, "2019-20")),
        settings=some_of(CODELISTS["settings"].codes),
        phases=some_of(CODELISTS["phases"].codes),
        needs=some_of(CODELISTS["needs"].codes),
        in_borough=(None, None, True, False)[int(chance.integers(4))],
        providers=some_of((*PROVIDERS, "nobody"), 0.15),
        lines=some_of(CODELISTS["budget_lines"].codes, 0.2),
        authority=("", *AUTHORITIES, "E99999999")[int(chance.integers(4))],
        as_at=("", "2023-06-30", "2001-01-01")[int(chance.integers(3))],
    )
