"""Where the year will end, worked out four ways side by side, each with its error on past years.

    reported    what the monitor's report forecasts
    commitment  actual to date + commitment
    profile     actual to date ÷ the share of the budget's profile that has elapsed
    run_rate    actual to date ÷ the share of the year's months that have elapsed

Each is worked out by budget line and added up, so that lines add to the whole to the penny. The error is what
the same way would have given at the same time of a past year, less that year's outturn. Pure; the figures are
`hnb.budget_reports`'s and answers of `compute`. Scenarios and cohorts are not here.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from typing import Any

import polars

from hnb import years
from hnb.budget_reports import reports_told
from hnb.codelists import CODELISTS
from hnb.metrics import Selection, compute

METHODS = ("reported", "commitment", "profile", "run_rate")
"""The ways to forecast, as `forecast_methods` has them."""

MONTHS = 12


def months_elapsed(as_at: str) -> float:
    """How many of the financial year's twelve months have passed at a date; a month begun counts by its days.

    >>> months_elapsed("2026-10-31"), months_elapsed("2026-04-15")
    (7.0, 0.5)
    """
    day = datetime.date.fromisoformat(as_at)
    whole = (day.month - 4) % MONTHS
    return whole + day.day / calendar.monthrange(day.year, day.month)[1]


def forecasts(
    tables: Any, selection: Selection, reports: polars.DataFrame, year: str, as_at: str
) -> polars.DataFrame:
    """The four forecasts of a year, by budget line.

    Parameters
    ----------
    tables: what `compute` takes. selection: of one authority; its years and date are not used.
    reports: `hnb.budget_reports.budget_reports`'s of the same selection. year, as_at: of the report.

    Returns
    -------
    A Polars frame, a row a line in code order: `line`, `actual` (to date), `revised_budget` and a column for each
    of `METHODS`, pounds to the penny. A forecast is missing where the report lacks what it is made of: no
    commitment, no months, or nothing in the line's profile so far.
    """
    of_year = selection.with_(years=(year,), as_at=as_at)
    profile = _up_to(compute("month_profile", tables, of_year, (*_YEAR, "month")), {year: as_at})
    position = _lines(reports, {year: as_at}).drop("outturn")
    return _by_method(position, profile, {year: as_at}).drop("financial_year").collect()


def past_forecasts(
    tables: Any, selection: Selection, reports: polars.DataFrame, year: str, as_at: str
) -> polars.DataFrame:
    """What each way would have given at the same time of each closed year before `year`, and what that year cost.

    The position is that of the report made in the same month of the past year; without one the actual is
    added up from the year's months, and there is no commitment and no monitor's forecast to test. Profile and
    months are those of the past year's last report.

    Returns
    -------
    A Polars frame, a row a past year and line: `financial_year`, `line`, `outturn`, and a column for each of
    `METHODS`, pounds to the penny, missing where it cannot be tested. No rows where no past year has both an
    outturn and a position to forecast from.
    """
    asked = selection.with_(years=(), as_at="")
    profile, months = (
        compute(measure, tables, asked, (*_YEAR, "month")) for measure in ("month_profile", "month_actual")
    )
    # The last report of each closed year, when its position is taken, and the report that has it.
    last, then, made = {}, {}, {}
    for past, dates in reports_told(reports).items():
        if past >= year or not dates[max(dates)]:
            continue
        last[past], then[past] = max(dates), _same_time(as_at, past)
        told = [date for date, closed in dates.items() if date[:7] == then[past][:7] and not closed]
        if told:
            made[past] = then[past] = max(told)
    if not last:
        return polars.DataFrame(schema=_PAST)
    by_month = _up_to(months, {past: date for past, date in then.items() if past not in made})
    nothing = [polars.lit(None, dtype=polars.Float64).alias(name) for name in ("commitment", "forecast")]
    position = polars.concat(
        [
            _lines(reports, made).select(*_YEAR, "actual_to_date", "commitment", "forecast"),
            by_month.select(*_YEAR, polars.col("gone").alias("actual_to_date"), *nothing),
        ]
    )
    # A line that has an outturn and was not yet there: nothing would have been forecast of it.
    outturn = _lines(reports, last).select(*_YEAR, "outturn")
    lines = outturn.join(position, on=_YEAR, how="full", coalesce=True)
    kinds = ("actual_to_date", "commitment", "forecast", "outturn")
    lines = lines.join(position, on="financial_year", how="semi").with_columns(
        polars.when(polars.col(name).is_not_null().any().over("financial_year"))
        .then(polars.col(name).fill_null(0.0))
        .alias(name)
        for name in kinds
    )
    return _by_method(lines, _up_to(profile, then), then, also=("outturn",)).select(list(_PAST)).collect()


def added_up(frame: polars.DataFrame, by: tuple[str, ...] = ()) -> polars.DataFrame:
    """The lines of `forecasts` or `past_forecasts` added up, in all or by some of the other columns.

    A forecast that a line lacks is missing in the sum: a part is not the whole.
    """
    names = [name for name in frame.columns if frame.schema[name] == polars.Float64]
    sums = [
        polars.when(polars.col(name).is_not_null().all())
        .then(polars.col(name).sum().round(2) + 0.0)
        .alias(name)
        for name in names
    ]
    if not frame.height:
        return (
            frame.select(*by, *names)
            if by
            else polars.DataFrame([dict.fromkeys(names)], schema=dict.fromkeys(names, polars.Float64))
        )
    return frame.group_by(list(by), maintain_order=True).agg(sums) if by else frame.select(sums)


def errors(past: polars.DataFrame, by: tuple[str, ...] = ()) -> polars.DataFrame:
    """How far each way was off in past years.

    `past` is `past_forecasts`'s or that added up by year. `by`: other columns than the year to keep apart.

    Returns
    -------
    A Polars frame, a row for each of `by` and method: `method`, `years` (on how many it was tested), `first_year`,
    `last_year`, `size_share` (mean size of the error as a share of the outturn) and `lean_share` (the mean error itself: positive
    was too high). Nought years tested: the shares are missing. A year whose outturn is nought tests nothing.
    """
    keys = list(by)
    long = past.unpivot(
        on=list(METHODS),
        index=["financial_year", "outturn", *keys],
        variable_name="method",
        value_name="given",
    )
    share = polars.when(polars.col("outturn") != 0).then(
        (polars.col("given") - polars.col("outturn")) / polars.col("outturn")
    )
    known = polars.col("_share").is_not_null()
    order = {method: place for place, method in enumerate(METHODS)}
    return (
        long.with_columns(share.alias("_share"))
        .group_by(*keys, "method", maintain_order=True)
        .agg(
            known.sum().cast(polars.Int64).alias("years"),
            polars.col("financial_year").filter(known).min().alias("first_year"),
            polars.col("financial_year").filter(known).max().alias("last_year"),
            polars.col("_share").abs().mean().alias("size_share"),
            polars.col("_share").mean().alias("lean_share"),
        )
        .sort(
            *(in_code_order(key) if key == "line" else polars.col(key) for key in keys),
            polars.col("method").replace_strict(order, return_dtype=polars.Int64),
        )
    )


def side_by_side(lines: polars.DataFrame, past: polars.DataFrame) -> polars.DataFrame:
    """The forecasts of the whole, a row a method, each beside its error on past years.

    `lines` are `forecasts`'s, `past` is `past_forecasts`'s. Columns: `method`, `forecast`, `over_budget` (that less the revised
    budget), those of `errors`, and `corrected`: what the year would cost if the way were off as it was on average,
    forecast ÷ (1 + mean error), to the penny; missing where no past year tests it.
    """
    whole = added_up(lines)
    long = whole.unpivot(on=list(METHODS), variable_name="method", value_name="forecast")
    over = (polars.col("forecast") - whole["revised_budget"][0]).round(2)
    tested = errors(added_up(past, ("financial_year",)))
    lean = polars.col("lean_share")
    corrected = polars.when(lean > -1).then((polars.col("forecast") / (1 + lean)).round(2))
    return (
        long.with_columns(over.alias("over_budget"))
        .join(tested, on="method", how="left", maintain_order="left")
        .with_columns(polars.col("years").fill_null(0), corrected.alias("corrected"))
    )


def line_by_line(lines: polars.DataFrame, past: polars.DataFrame) -> polars.DataFrame:
    """The forecasts of each line with the mean error of each way in past years: a column `<method>_error` beside each.

    A share of the outturn, positive where it was too high; missing where no past year tests it.
    """
    tested = errors(past, ("line",)).select("line", "method", "lean_share")
    if not tested.height:
        return lines.with_columns(polars.lit(None, dtype=polars.Float64).alias(f"{m}_error") for m in METHODS)
    wide = tested.with_columns(polars.col("method") + "_error").pivot(
        "method", index="line", values="lean_share"
    )
    return lines.join(wide, on="line", how="left", maintain_order="left")


def with_errors(past: polars.DataFrame) -> polars.DataFrame:
    """`past_forecasts`'s, or that added up, with each way's error as a share of the outturn in `<method>_error`."""
    outturn = polars.col("outturn")
    return past.with_columns(
        polars.when(outturn != 0).then((polars.col(method) - outturn) / outturn).alias(f"{method}_error")
        for method in METHODS
    )


def years_in_common(past: polars.DataFrame) -> tuple[str, ...]:
    """The past years on which every way that can be tested at all was tested: to compare like with like.

    `past` is `past_forecasts`'s added up by year.
    """
    tested = [
        set(past.filter(polars.col(method).is_not_null())["financial_year"].to_list()) for method in METHODS
    ]
    known = [of_method for of_method in tested if of_method]
    return tuple(sorted(set.intersection(*known))) if known else ()


def in_code_order(line: str) -> polars.Expr:
    """What to sort by, that lines come as the code list has them: 1.2.3 before 1.2.10."""
    order = {code: place for place, code in enumerate(CODELISTS["budget_lines"].codes)}
    return polars.col(line).replace_strict(order, default=len(order), return_dtype=polars.Int64)


def _by_method(
    lines: polars.LazyFrame,
    profile: polars.LazyFrame,
    then: Mapping[str, str],
    also: tuple[str, ...] = ("revised_budget",),
) -> polars.LazyFrame:
    """The lines' positions with their forecasts. `profile`: its months, as `_up_to` has them. `then`: the date of each year."""
    actual, gone, whole = polars.col("actual_to_date"), polars.col("gone"), polars.col("whole")
    elapsed = {year: months_elapsed(date) for year, date in then.items()}
    months = polars.col("financial_year").replace_strict(elapsed, return_dtype=polars.Float64)
    both = lines.join(profile, on=_YEAR, how="left", validate="1:1").join(
        profile.select("financial_year", polars.lit(True).alias("_has_profile")).unique(),
        on="financial_year", how="left", validate="m:1",
    )  # fmt: skip
    # A line without a profile and without a pound paid is forecast at nothing; any other needs a profile.
    by_profile = (
        polars.when((gone != 0) & whole.is_not_null())
        .then(actual * whole / gone)
        .when((actual == 0) & (whole.fill_null(0.0) == 0) & polars.col("_has_profile"))
        .then(0.0)
    )
    return both.select(
        *_YEAR,
        actual.alias("actual"),
        *also,
        polars.col("forecast").round(2).alias("reported"),
        (actual + polars.col("commitment")).round(2).alias("commitment"),
        by_profile.round(2).alias("profile"),
        (actual * MONTHS / months).round(2).alias("run_rate"),
    ).sort("financial_year", in_code_order("line"))


def _lines(reports: polars.DataFrame, dates: Mapping[str, str]) -> polars.LazyFrame:
    """By year and line, the amounts of one report of each year; of years without a date nothing."""
    kinds = ("revised_budget", "actual_to_date", "commitment", "forecast", "outturn")
    dated = polars.col("financial_year").replace_strict(dates, default=None, return_dtype=polars.String)
    of_report = reports.lazy().filter(polars.col("as_at") == dated)
    return of_report.group_by(_YEAR).agg(
        polars.when(polars.col(kind).is_not_null().all())
        .then(polars.col(kind).sum().round(2) + 0.0)
        .alias(kind)
        for kind in kinds
    )


def _up_to(months: polars.DataFrame, dates: Mapping[str, str]) -> polars.LazyFrame:
    """By year and line, `whole`, the sum of a measure's months in the year, and `gone`, that up to the year's date.

    A month begun counts by its days. `months` is an answer by year, line and month; years without a date are left out.
    """
    part: dict[datetime.date, float] = {}
    for year, date in dates.items():
        elapsed = months_elapsed(date)
        part |= {
            month: min(max(elapsed - place, 0.0), 1.0) for place, month in enumerate(years.months_of(year))
        }
    weight = polars.col("month").replace_strict(part, default=0.0, return_dtype=polars.Float64)
    of_years = months.lazy().filter(polars.col("financial_year").is_in(list(dates)))
    return of_years.group_by(_YEAR).agg(
        polars.col("value").sum().round(2).alias("whole"),
        (polars.col("value") * weight).sum().round(2).alias("gone"),
    )


def _same_time(as_at: str, year: str) -> str:
    """The date of another financial year that is as far into it; 29 February becomes the 28th."""
    day = datetime.date.fromisoformat(as_at)
    calendar_year = years.first_of(year) + (day.month < 4)
    last = calendar.monthrange(calendar_year, day.month)[1]
    at_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return day.replace(year=calendar_year, day=last if at_end else min(day.day, last)).isoformat()


_YEAR = ["financial_year", "line"]
"""What a line's position, profile and outturn are told by: the same line in another year is another."""

_PAST = {
    "financial_year": polars.String, "line": polars.String, "outturn": polars.Float64,
    **dict.fromkeys(METHODS, polars.Float64),
}  # fmt: skip
