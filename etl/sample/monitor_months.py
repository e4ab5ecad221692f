"""The months of a year, in each of its monitors: the profile, what each month cost, what is still to come.

Of a closed year there is nothing still to come, and its outturn report has the months. Of a leaf the profiles add up to its revised budget, the months' actuals to its actual to date, and these with
the forecasts of the months to come to its forecast, each to the penny.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy
import pandas

from etl.sample import sheets
from etl.sample.monitors import profile_to_date
from etl.sample.spend import LEAF
from hnb import wording, years
from hnb.codelists import CODELISTS

_LINES, _SETTINGS, _PHASES, _MONEY = (
    CODELISTS[name] for name in ("budget_lines", "settings", "phases", "month_money")
)
_WIDTHS = [46, 40, 20, 12, *[14] * 13]


def months_of(
    monitors: Mapping[datetime.date, pandas.DataFrame], as_at: datetime.date, year: str
) -> pandas.DataFrame:
    """One monitor by month: columns LEAF, money, and one a month (its first day); a month without a figure is missing.

    `monitors` are those of the year, by the date to which they report, with the same leaves in the same order.
    """
    monitor, months = monitors[as_at], years.months_of(year)
    gone = [date for date in sorted(monitors) if date <= as_at]
    to_date = numpy.column_stack([monitors[date]["actual_to_date"] for date in gone])
    actual = numpy.diff(to_date, axis=1, prepend=0.0).round(2)
    left = (monitor["forecast"] - monitor["actual_to_date"]).to_numpy()
    budgeted = monitor["revised_budget"].to_numpy()[:, None] * profile_to_date(monitor["line"], len(months))
    amounts = {
        "profile": numpy.diff(budgeted.round(2), axis=1, prepend=0.0).round(2),
        "actual": _placed(actual, 0),
    }
    if len(gone) < len(months):
        amounts["forecast"] = _placed(_in_parts(left, len(months) - len(gone)), len(gone))
    frames = [
        monitor[LEAF].assign(money=money, **{month.isoformat(): of_money[:, place] for place, month in enumerate(months)})
        for money, of_money in amounts.items()
    ]  # fmt: skip
    return pandas.concat(frames, ignore_index=True)


def month_rows(by_month: pandas.DataFrame, year: str, as_at: datetime.date) -> pandas.DataFrame:
    """The same as rows of the `budget_months` table: one a leaf, kind of money and month that has a figure."""
    rows = by_month.melt(id_vars=[*LEAF, "money"], var_name="month", value_name="amount").dropna(
        subset=["amount"]
    )
    month = rows["month"].map(datetime.date.fromisoformat)
    return rows.assign(month=month, financial_year=year, as_at=as_at).reset_index(drop=True)


def add_months_sheet(book: Any, by_month: pandas.DataFrame, year: str, as_at: datetime.date) -> None:
    """The sheet "Months" of a monitor: a row a leaf and kind, the months across, totals by kind at the foot."""
    months = years.months_of(year)
    position = months.index(as_at.replace(day=1)) + 1
    columns = [month.isoformat() for month in months]
    sheet = book.create_sheet("Months")
    sheets.widths(sheet, _WIDTHS)
    sheet.append([sheets.title(sheet, f"High needs budget by month {year}, period {position}")])
    sheet.append([f"Position as at {wording.date(as_at)}"])
    sheet.append(["All figures in £"])
    sheet.append([])
    sheet.append(
        sheets.headings(
            sheet, ["Budget line", "Setting", "Phase", "Kind", *[f"{month:%b}" for month in months], "Year"]
        )
    )
    ordered = by_month.assign(
        of_line=by_month["line"].map(_LINES.position),
        of_setting=by_month["setting"].map(_SETTINGS.position),
        of_phase=by_month["phase"].map(_PHASES.position),
        of_money=by_month["money"].map(_MONEY.position),
    ).sort_values(["of_line", "of_setting", "of_phase", "of_money"], ignore_index=True)
    for row in ordered.to_dict("records"):
        phase = None if row["phase"] == "not_by_phase" else _PHASES.label(row["phase"])
        named = [
            _LINES.label(row["line"]),
            _SETTINGS.label(row["setting"]),
            phase,
            _MONEY.label(row["money"]),
        ]
        sheet.append([*named, *_with_year([row[column] for column in columns])])
    for money, of_money in ordered.groupby("money", sort=False):
        sums = [of_money[column].sum(min_count=1) for column in columns]
        sheet.append(
            sheets.bold(sheet, ["Total high needs", None, None, _MONEY.label(str(money)), *_with_year(sums)])
        )


def _with_year(amounts: list[float]) -> list[float | None]:
    """The months' cells with their sum; a month without a figure stays blank."""
    cells = [None if numpy.isnan(amount) else round(float(amount), 2) for amount in amounts]
    return [*cells, round(sum(cell for cell in cells if cell is not None), 2)]


def _in_parts(totals: numpy.ndarray[Any, Any], parts: int) -> numpy.ndarray[Any, Any]:
    """Totals in so many even parts, to the penny; the last one takes what is left over."""
    even = numpy.round(totals / parts, 2)
    return numpy.column_stack([*[even] * (parts - 1), numpy.round(totals - even * (parts - 1), 2)])


def _placed(amounts: numpy.ndarray[Any, Any], first: int) -> numpy.ndarray[Any, Any]:
    """Amounts of some months in their place among the twelve; the others are missing."""
    year = numpy.full((len(amounts), 12), numpy.nan)
    year[:, first : first + amounts.shape[1]] = amounts
    return year + 0.0
