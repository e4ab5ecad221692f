"""One measure for a page: `hnb.metrics.compute` against the same sum by pandas over the month-by-month rows."""

from __future__ import annotations

import datetime

import numpy
import pandas

from benchmarks.measure import Comparison, compare
from hnb.codelists import CODELISTS
from hnb.metrics import Tables, compute
from hnb.tables.money import SPEND

_BY = ["financial_year", "setting", "phase"]


def _rows(rows: int) -> pandas.DataFrame:
    """Spend rows at random but the same every time: years × settings × phases × needs, in pounds and pence."""
    chance = numpy.random.default_rng(2019)

    def pick(name: str) -> numpy.ndarray:
        return chance.choice(numpy.array(CODELISTS[name].codes), rows)

    return SPEND.conform(
        pandas.DataFrame(
            {
                "authority": "E09000029",
                "financial_year": chance.choice([f"20{year}-{year + 1}" for year in range(19, 27)], rows),
                "basis": "outturn", "part": "placements", "line": "1.2.3",
                "setting": pick("settings"), "phase": pick("phases"), "need": pick("needs"),
                "in_borough": chance.random(rows) < 0.6, "provider": "Fennel Quill School",
                "amount": chance.integers(0, 5_000_000, rows) / 100,
                "placement_years": chance.random(rows), "placements": 1,
                "counted_on": datetime.date(2024, 1, 18), "source": "benchmark",
            }
        )
    )  # fmt: skip


def engine_tables(rows: int) -> Tables:
    """The rows as the engine holds them."""
    return Tables({"spend": _rows(rows)})


def pandas_frame(rows: int) -> pandas.DataFrame:
    """The rows as a pandas frame of text columns, as `read_parquet` gives them."""
    return _rows(rows)


def ours(tables: Tables) -> float:
    """The page's sum through the metric layer; gives the total in pounds."""
    return round(float(compute("spend", tables, by=_BY)["value"].sum()), 2)


def plain(frame: pandas.DataFrame) -> float:
    """The page's sum by groupby, written where it is needed; gives the total in pounds."""
    return round(float(frame.groupby(_BY)["amount"].sum().sum()), 2)


def comparisons(sizes: tuple[int, ...] = (10_000, 300_000)) -> list[Comparison]:
    """One comparison a size: the rows that a page's table has, and the rows of all months of all placements."""
    return [
        compare(f"spend by year × setting × phase, {rows:,} rows", ours, plain, rows, shows="total (£)",
                setup_ours=engine_tables, setup_plain=pandas_frame, repeats=9)
        for rows in sizes
    ]  # fmt: skip
