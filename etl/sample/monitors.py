"""The budget monitors: what was budgeted, spent, committed and forecast, by line, setting and phase.

A closed year has its outturn report, and the last few the monitors of some months too; the year in progress
has one a month.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy
import pandas

from etl.sample.facts import FACTS
from etl.sample.spend import LEAF
from hnb import years
from hnb.codelists import CODELISTS

_LINES = CODELISTS["budget_lines"]
_RETURN_OF = "2021-22"

# How far a month's invoices lag behind, in months, by who is paid: independent providers bill a term in arrears.
_LAG_IN_MONTHS = {"1.2.3": 1.6, "1.2.2": 0.6, "1.2.11": 0.3}
_USUAL_LAG = 0.2
# The budget's profile knows of the lag, but not of how long it has grown.
_PROFILED_LAG_IN_MONTHS = {"1.2.3": 1.2, "1.2.2": 0.5, "1.2.11": 0.3}


def closed_monitors(
    year: str, outturn: pandas.DataFrame, before: pandas.DataFrame | None, generator: numpy.random.Generator
) -> tuple[pandas.DataFrame, dict[datetime.date, pandas.DataFrame]]:
    """The outturn report of a closed year, and the monitor of each of its months, by the date to which it reports.

    The report has the columns LEAF, original_budget, revised_budget, outturn; pounds. The monitors have those of
    `monthly_monitors`; in the last one everything is paid, and the actual is the outturn to the penny.
    """
    budgets = _with_budgets(year, outturn, before, generator)
    months = len(years.months_of(year))
    monitors = _by_month(budgets, year, months, generator)
    closed = budgets["amount"].round(2)
    monitors[years.year_end(year)] = budgets.drop(columns="amount").assign(
        actual_to_date=closed, commitment=0.0, forecast=closed
    )
    return budgets.rename(columns={"amount": "outturn"}), monitors


def monthly_monitors(
    year: str,
    forecast: pandas.DataFrame,
    before: pandas.DataFrame,
    periods: int,
    generator: numpy.random.Generator,
) -> dict[datetime.date, pandas.DataFrame]:
    """The monitors of a year in progress, by the date to which they report.

    `forecast` is that of the last one; earlier ones had not seen all of the rise. Columns: LEAF,
    original_budget, revised_budget, actual_to_date, commitment, forecast; pounds, to the penny in the actual.
    """
    return _by_month(_with_budgets(year, forecast, before, generator), year, periods, generator)


def profile_to_date(lines: pandas.Series, months: int) -> numpy.ndarray[Any, Any]:
    """The share of its budget that each line is profiled to have spent by the end of each month, 1 in the last."""
    lag = lines.map(_PROFILED_LAG_IN_MONTHS).fillna(_USUAL_LAG).to_numpy()
    shares = numpy.clip((numpy.arange(1, months + 1)[None, :] - lag[:, None]) / months, 0.01, None)
    shares[:, -1] = 1.0
    return numpy.asarray(shares)


def _by_month(
    budgets: pandas.DataFrame, year: str, periods: int, generator: numpy.random.Generator
) -> dict[datetime.date, pandas.DataFrame]:
    """The monitors of the first so many months; `budgets` has the amount of the last one's forecast."""
    # What a leaf's forecast was short of in April, as a share: the rise comes month by month.
    shortfall = generator.uniform(-0.01, 0.06, len(budgets)) * (
        budgets["line"].isin(["1.2.2", "1.2.3"]) * 1.0 + 0.2
    )
    late = generator.uniform(0.6, 1.4, len(budgets))
    pence = generator.uniform(-0.004, 0.004, (len(budgets), periods))
    monitors = {}
    for period in range(1, periods + 1):
        as_at = _month_end(year, period)
        share_left = ((periods - period) / max(periods - 1, 1)) ** late
        forecasts = (budgets["amount"] * (1 - shortfall * share_left)).round(0)
        lag = budgets["line"].map(_LAG_IN_MONTHS).fillna(_USUAL_LAG).to_numpy()
        spent = numpy.clip((period - lag) / 12, 0.01, None)
        actual = (forecasts * spent * (1 + pence[:, period - 1])).round(2)
        committed = ((forecasts - actual) * 0.94).round(2)
        monitors[as_at] = budgets.drop(columns="amount").assign(
            actual_to_date=actual, commitment=committed, forecast=forecasts
        )
    return monitors


def _month_end(year: str, period: int) -> datetime.date:
    months = years.months_of(year)
    following = months[period] if period < len(months) else years.year_end(year) + datetime.timedelta(days=1)
    return following - datetime.timedelta(days=1)


def _with_budgets(
    year: str, amounts: pandas.DataFrame, before: pandas.DataFrame | None, generator: numpy.random.Generator
) -> pandas.DataFrame:
    """The leaves with their budgets, in hundreds of pounds: between last year's spend and this year's."""
    leaves = amounts
    if before is not None:
        leaves = leaves.merge(
            before.rename(columns={"amount": "last_year"}), on=LEAF, how="left", validate="one_to_one"
        )
        # A leaf that is new this year had no spend to budget from: its budget follows this year's.
        last_year = leaves.pop("last_year").astype("float64").fillna(leaves["amount"] * 0.9)
    else:
        last_year = leaves["amount"] * 0.95
    original = 0.55 * last_year * 1.04 + 0.45 * leaves["amount"] * generator.uniform(0.92, 1.0, len(leaves))
    original = original.round(-2)
    if year == _RETURN_OF:
        original = _meeting_the_return(leaves, original)
    moved = (original * generator.uniform(0.0, 0.02, len(leaves))).round(-2)
    # Virements: what goes to one leaf comes from the largest, so that the revised budget is the original in all.
    revised = original + moved
    largest = original.idxmax()
    revised[largest] -= moved.sum()
    return leaves.assign(original_budget=original, revised_budget=revised)


def _meeting_the_return(leaves: pandas.DataFrame, original: pandas.Series) -> pandas.Series:
    """Budgets that meet the published budget return by group; place funding is left alone (its coverage differs)."""
    group = leaves["line"].map(_LINES.group)
    met = original.copy()
    for name, entry in FACTS["return_2021_22"]["budget"].items():
        here = group == name
        if name == "place_funding" or not here.any():
            continue
        met[here] = (original[here] * entry["total"] / original[here].sum()).round(-2)
        largest = met[here].idxmax()
        met[largest] += entry["total"] - met[here].sum()
    return met


def budget_rows(monitor: pandas.DataFrame, year: str, as_at: datetime.date) -> pandas.DataFrame:
    """A monitor as rows of the `budget` table: one a leaf and kind of money."""
    money = [column for column in monitor.columns if column in CODELISTS["money"].codes]
    rows = monitor.melt(id_vars=LEAF, value_vars=money, var_name="money", value_name="amount")
    return rows.assign(financial_year=year, as_at=as_at)
