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
from typing import Any

import polars

from hnb import years
from hnb.budget_reports import is_closed, report_dates
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
    position = _position(reports, year, as_at)
    of_year = selection.with_(years=(year,), as_at=as_at)
    profile = _up_to(compute("month_profile", tables, of_year, ("line", "month")), year, as_at)
    return _by_method(position, _as_profile(profile), months_elapsed(as_at))


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
    months = {
        measure: compute(
            measure, tables, selection.with_(years=(), as_at=""), ("financial_year", "line", "month")
        )
        for measure in ("month_profile", "month_actual")
    }
    found = []
    for past in reports["financial_year"].unique().sort().to_list():
        dates = report_dates(reports, past)
        if past >= year or not is_closed(reports, past, dates[-1]):
            continue
        then = _same_time(as_at, past)
        made = [date for date in dates if date[:7] == then[:7] and not is_closed(reports, past, date)]
        then = made[-1] if made else then
        profile, actual = (
            _up_to(frame.filter(polars.col("financial_year") == past), past, then)
            for frame in months.values()
        )
        position = _position(reports, past, then) if made else _position_by_month(actual)
        if not position.height:
            continue
        # A line that has an outturn and was not yet there: nothing would have been forecast of it.
        outturn = _lines(reports, past, dates[-1]).select("line", "outturn")
        lines = outturn.join(position, on="line", how="full", coalesce=True)
        kinds = [
            name
            for name in ("actual_to_date", "commitment", "forecast", "outturn")
            if lines[name].is_not_null().any()
        ]
        lines = lines.with_columns(polars.col(name).fill_null(0.0) for name in kinds)
        tested = _by_method(lines, _as_profile(profile), months_elapsed(then), also=("outturn",))
        found.append(tested.with_columns(polars.lit(past).alias("financial_year")))
    if not found:
        return polars.DataFrame(schema=_PAST)
    return polars.concat(found).select(list(_PAST))


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
    lines: polars.DataFrame,
    profile: polars.DataFrame,
    elapsed: float,
    also: tuple[str, ...] = ("revised_budget",),
) -> polars.DataFrame:
    """The lines' positions with their forecasts; `elapsed` in months."""
    actual, gone, whole = (
        polars.col("actual_to_date"),
        polars.col("profile_gone"),
        polars.col("profile_whole"),
    )
    both = lines.join(profile, on="line", how="left", validate="1:1")
    # A line without a profile and without a pound paid is forecast at nothing; any other needs a profile.
    by_profile = (
        polars.when((gone != 0) & whole.is_not_null())
        .then(actual * whole / gone)
        .when((actual == 0) & (whole.fill_null(0.0) == 0) & polars.lit(profile.height > 0))
        .then(0.0)
    )
    return both.select(
        "line",
        actual.alias("actual"),
        *also,
        polars.col("forecast").round(2).alias("reported"),
        (actual + polars.col("commitment")).round(2).alias("commitment"),
        by_profile.round(2).alias("profile"),
        (actual * MONTHS / elapsed).round(2).alias("run_rate"),
    ).sort(in_code_order("line"))


def _lines(reports: polars.DataFrame, year: str, as_at: str) -> polars.DataFrame:
    """A report's amounts by line."""
    kinds = ("revised_budget", "actual_to_date", "commitment", "forecast", "outturn")
    of_report = reports.filter((polars.col("financial_year") == year) & (polars.col("as_at") == as_at))
    return of_report.group_by("line").agg(
        polars.when(polars.col(kind).is_not_null().all())
        .then(polars.col(kind).sum().round(2) + 0.0)
        .alias(kind)
        for kind in kinds
    )


def _position(reports: polars.DataFrame, year: str, as_at: str) -> polars.DataFrame:
    return _lines(reports, year, as_at).drop("outturn")


def _position_by_month(actual: polars.DataFrame) -> polars.DataFrame:
    """A past year's position from its months alone: the actual, and nothing that a report would have said."""
    nothing = [polars.lit(None, dtype=polars.Float64).alias(name) for name in ("commitment", "forecast")]
    return actual.select("line", polars.col("gone").alias("actual_to_date"), *nothing)


def _as_profile(sums: polars.DataFrame) -> polars.DataFrame:
    """By line: `profile_whole`, the year's profile, and `profile_gone`, the part of it that has elapsed."""
    return sums.select(
        "line", polars.col("whole").alias("profile_whole"), polars.col("gone").alias("profile_gone")
    )


def _up_to(months: polars.DataFrame, year: str, as_at: str) -> polars.DataFrame:
    """By line, `whole`, the sum of a measure's months in a year, and `gone`, that up to a date.

    A month begun counts by its days. `months` is an answer by line and month of that year.
    """
    elapsed = months_elapsed(as_at)
    part = {month: min(max(elapsed - place, 0.0), 1.0) for place, month in enumerate(years.months_of(year))}
    weight = polars.col("month").replace_strict(part, default=0.0, return_dtype=polars.Float64)
    return months.group_by("line").agg(
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


_PAST = {
    "financial_year": polars.String, "line": polars.String, "outturn": polars.Float64,
    **dict.fromkeys(METHODS, polars.Float64),
}  # fmt: skip
