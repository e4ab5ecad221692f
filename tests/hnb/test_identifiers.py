"""What an analyst's tables hold, column by column, and the very rows of a small register.

year     provider    child  placement        an analyst reads
2026-27  Big School  a…f    P1…P6        →   Big School, with other numbers
2026-27  Fir House   g      P7           →   Providers with fewer than 6 children
2025-26  Big School  a      P1           →   Providers with fewer than 6 children: then it had one
"""

from __future__ import annotations

from typing import Any

import polars
import pytest

from hnb import identifiers
from hnb.identifiers import KEPT_OF_TABLE, STAND_IN, TREATMENTS, WithoutIdentifiers, is_words
from hnb.tables import TABLES

POOLED = "Providers with fewer than 6 children"


class Held:
    """Two tables in memory; the others have no row."""

    def __init__(self, **frames: polars.DataFrame) -> None:
        self.frames = frames

    def table(self, name: str) -> polars.DataFrame:
        empty: Any = polars.from_arrow(TABLES[name].arrow_schema().empty_table())
        if name not in self.frames:
            return empty
        frame = self.frames[name]
        missing = [polars.lit(None, dtype).alias(column) for column, dtype in empty.schema.items() if column not in frame.columns]  # fmt: skip
        return frame.with_columns(missing).select(empty.columns)


def register() -> polars.DataFrame:
    rows = [("2026-27", "Big School", child, f"P{number}", number * 1_000.0) for number, child in enumerate("abcdef", start=1)]  # fmt: skip
    rows += [("2026-27", "Fir House", "g", "P7", 54_750.0), ("2025-26", "Big School", "a", "P1", 900.0), ("2026-27", None, "h", "P8", 10.0)]  # fmt: skip
    names = ["financial_year", "provider", "pupil_id", "placement_id", "annual_cost"]
    frame = polars.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(
        source=polars.format("register.xlsx!Placements!{}", polars.int_range(6, 15)), provider_id=polars.lit("140000")
    )  # fmt: skip


def narrowed(name: str = "placements", **frames: polars.DataFrame) -> polars.DataFrame:
    return WithoutIdentifiers(Held(**frames), fewest=6, key=b"k" * 32).table(name)


def test_numbers_are_replaced_and_the_same_child_stays_the_same() -> None:
    found = narrowed(placements=register())
    assert not set(found["pupil_id"]) & set("abcdefgh")
    assert not set(found["placement_id"]) & {f"P{number}" for number in range(1, 9)}
    assert (found["pupil_id"].n_unique(), found["placement_id"].n_unique()) == (8, 8)
    assert found["pupil_id"][0] == found["pupil_id"][7], "child a, in both years"
    assert found["annual_cost"].sum() == 76_660.0, "21,000 + 54,750 + 900 + 10"


def test_a_number_has_the_same_stand_in_in_every_table_and_another_in_another_process() -> None:
    held = Held(placements=register(), placement_months=register().drop("annual_cost", "provider_id"))
    one = WithoutIdentifiers(held, fewest=6)
    assert (
        one.table("placements")["pupil_id"].to_list() == one.table("placement_months")["pupil_id"].to_list()
    )
    other = WithoutIdentifiers(held, fewest=6)
    assert one.table("placements")["pupil_id"][0] != other.table("placements")["pupil_id"][0]


def test_a_provider_with_few_children_in_a_year_is_counted_with_others() -> None:
    assert narrowed(placements=register())["provider"].to_list() == ["Big School"] * 6 + [
        POOLED,
        POOLED,
        None,
    ]


def test_of_spend_without_a_register_the_placements_are_counted() -> None:
    spend = polars.DataFrame(
        {"financial_year": ["2022-23"] * 3, "provider": ["Big School", "Big School", "Fir House"], "placements": [4, 2, 5], "amount": [40.0, 20.0, 50.0]}
    )  # fmt: skip
    found = narrowed("spend", spend=spend)
    assert found["provider"].to_list() == ["Big School", "Big School", POOLED]
    assert found["amount"].sum() == 110.0


def test_an_address_loses_its_row_and_a_provider_its_number() -> None:
    found = narrowed(placements=register())
    assert found["source"].unique().to_list() == ["register.xlsx!Placements"]
    assert found["provider_id"].null_count() == found.height


def test_nothing_given_is_changed() -> None:
    before = register()
    narrowed(placements=before)
    assert before.equals(register())


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_words_has_its_treatment(name: str) -> None:
    """A column that somebody adds is shown to no analyst until it is said what it holds."""
    columns = [column.name for column in TABLES[name].columns if is_words(column)]
    assert [column for column in columns if column not in TREATMENTS] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_read_by_an_analyst_and_keeps_its_shape(name: str) -> None:
    whole = Held().table(name)
    assert narrowed(name).schema == whole.schema


def test_a_column_that_nobody_spoke_of_is_blank() -> None:
    column = TABLES["placements"].column("band")
    assert TREATMENTS["band"] == identifiers.BLANK
    assert is_words(column)
    assert {treatment for name, treatment in TREATMENTS.items() if name.endswith(("pupil_id", "placement_id"))} == {STAND_IN}  # fmt: skip
    assert set(KEPT_OF_TABLE) <= set(TABLES)
