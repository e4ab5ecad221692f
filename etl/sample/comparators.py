"""Who Sutton is compared with, from published figures alone: its statistical neighbours, London and England.

Nothing is invented here: every figure is one of `comparators.toml`, with its source. Sutton's own plans are
in the workbook of the block's funding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

import pandas

from hnb.codelists import CODELISTS
from hnb.years import january_of

COMPARATORS: Mapping[str, Any] = MappingProxyType(
    tomllib.loads((resources.files("etl.sample") / "comparators.toml").read_text(encoding="utf-8"))
)
"""Published figures of others, with their sources."""

NOT_GIVEN = "x"


def neighbours(authority: str) -> pandas.DataFrame:
    """The `neighbours` rows of the edition."""
    of = COMPARATORS["neighbours"]
    rows = [
        (authority, of["edition"], rank, neighbour, closeness)
        for rank, (neighbour, closeness) in enumerate(zip(of["in_order"], of["closeness"], strict=True), 1)
    ]
    return pandas.DataFrame(rows, columns=["authority", "edition", "rank", "neighbour", "closeness"])


def population() -> pandas.DataFrame:
    """The `population` rows: people aged 2 to 18 and pupils of each authority and January that has them."""
    rows = [
        (authority, january, kind, float(people))
        for kind in ("aged_2_18", "pupils")
        for authority, figures in COMPARATORS[kind]["of"].items()
        for january, people in zip(COMPARATORS[kind]["januaries"], figures, strict=True)
    ]
    return pandas.DataFrame(rows, columns=["authority", "year", "kind", "people"])


def plans() -> pandas.DataFrame:
    """The `plans` rows of the neighbours; what an authority did not give has no figure and says so."""
    of = COMPARATORS["plans"]
    rows = [
        (authority, january, setting, CODELISTS["settings"].label(setting), *_figure(figure))
        for authority, settings in of["of"].items()
        for setting, figures in settings.items()
        for january, figure in zip(of["januaries"], figures, strict=True)
    ]
    columns = ["authority", "year", "setting", "setting_detail", "plans", "status"]
    return pandas.DataFrame(rows, columns=columns).assign(need="not_by_need", age_band="all_ages")


def spend_returns() -> pandas.DataFrame:
    """The `spend_returns` rows: the net outturn of all high needs lines by year, and of 2021-22 by group of lines."""
    totals, groups = COMPARATORS["totals"], COMPARATORS["groups"]
    rows = [
        (authority, year, "block", "high_needs_total", float(amount))
        for authority, figures in totals["of"].items()
        for year, amount in zip(totals["years"], figures, strict=True)
        if amount != NOT_GIVEN
    ]
    rows += [
        (authority, groups["year"], "line_group", group, float(amount))
        for authority, figures in groups["of"].items()
        for group, amount in zip(groups["names"], figures, strict=True)
    ]
    frame = pandas.DataFrame(rows, columns=["authority", "financial_year", "detail", "line_group", "amount"])
    return frame.assign(stage="outturn", line=None, setting="central", phase="not_by_phase", is_income=False)


def area_totals() -> pandas.DataFrame:
    """The `area_totals` rows of London and England."""
    plans, totals, groups = (COMPARATORS[name] for name in ("plans", "totals", "groups"))
    rows: list[tuple[Any, ...]] = [
        (area, january, "plans", setting, None, float(figure))
        for area, settings in plans["of_area"].items()
        for setting, figures in settings.items()
        for january, figure in zip(plans["januaries"], figures, strict=True)
    ]
    rows += [
        (area, january_of(year), "return_total", None, "high_needs_total", float(amount))
        for area, figures in totals["of_area"].items()
        for year, amount in zip(totals["years"], figures, strict=True)
    ]
    rows += [
        (area, january_of(groups["year"]), "return_spend", None, group, float(amount))
        for area, figures in groups["of_area"].items()
        for group, amount in zip(groups["names"], figures, strict=True)
    ]
    rows += [
        (area, january, kind, None, None, float(people))
        for kind in ("aged_2_18", "pupils")
        for area, figures in COMPARATORS[kind]["of_area"].items()
        for january, people in zip(COMPARATORS[kind]["januaries"], figures, strict=True)
    ]
    return pandas.DataFrame(rows, columns=["area", "year", "figure", "setting", "line_group", "amount"])


def _figure(figure: int | str) -> tuple[int | None, str]:
    return (None, "not_available") if figure == NOT_GIVEN else (int(figure), "reported")
