"""The tables of the page Budget: the tree of lines, the months, the forecasts and what they were worth, the movement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars

from dashboard.components.records import RecordColumn
from dashboard.listing import Listing
from dashboard.pages.year_of_budget import YearOfBudget
from dashboard.roles import ANALYST, each_for_role
from hnb import forecast, wording
from hnb.budget_tree import LEVELS, row_name
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.findings import budget as findings
from hnb.metrics import MEASURES

_METHODS = CODELISTS["forecast_methods"]
_LEVEL_WORDS = {code: CODELISTS["budget_levels"].short(code) for code in CODELISTS["budget_levels"].codes}
MONTHS_CAUTION = (
    "The months to come are the monitor's own; invoices of a term are often paid months after it, "
    "so a month under its profile need not be money saved."
)
FORECASTS_CAUTION = (
    "Each way is worked out by budget line and added up. Its error is what it would have given at the same time of a "
    "past year, less that year's outturn: from the report made then, or without one from the year's months."
)


def budget_lines(asked: YearOfBudget) -> Listing:
    """The tree of budget lines down to the level that is asked for."""
    depth = LEVELS.index(asked.depth)
    told = asked.tree.filter(polars.col("level").is_in(LEVELS[1 : depth + 1]))
    ends = "Outturn" if asked.is_closed else "Forecast"
    kinds = [
        ("original_budget", "Original budget"), ("revised_budget", "Revised budget"),
        ("actual_to_date", "Actual to date"), ("commitment", "Commitment"),
    ]  # fmt: skip
    if asked.is_closed:
        kinds = kinds[:2]
    columns = [
        RecordColumn("name", "Group" if asked.depth == "group" else "Budget line"),
        *([RecordColumn("level", "Level")] if depth > 1 else []),
        *(RecordColumn(name, heading, "pounds") for name, heading in kinds),
        RecordColumn("expected", ends, "pounds"),
        RecordColumn("variance", "Variance", "change"),
        RecordColumn("variance_share", "Variance, share of budget", "share"),
        RecordColumn("movement", "Moved since the report before", "change"),
    ]  # fmt: skip
    return Listing(
        "Budget lines",
        f"Budget lines by {CODELISTS['budget_levels'].label(asked.depth).lower()}, {asked.when}, £",
        columns,
        [_named(row) for row in told.iter_rows(named=True)],
        _named(asked.whole) | {"level": "All"},
        about=_about(asked, "forecast"),
        caution="Groups are made of their lines, and lines of their settings and phases: add up one level only. "
        "What DfE's published groups leave out stands as a group of its own. Line 1.9.3, a balance, is no spend and is left out.",
        class_of=lambda row: f"tree-{row['kind']}",
    )


def budget_bridge(asked: YearOfBudget) -> Listing:
    """What the variance is made of, by group or line."""
    return _steps(asked, "variance", "From revised budget to " + ("outturn" if asked.is_closed else "forecast"),
                  [("revised_budget", "Revised budget"), ("expected", "Outturn" if asked.is_closed else "Forecast")])  # fmt: skip


def budget_movement(asked: YearOfBudget) -> Listing:
    """What moved since the report before, by group or line."""
    was = f"As at {wording.date(asked.before)}" if asked.before else "Report before"
    return _steps(asked, "movement", "Movement of the forecast since the report before", [("before", was), ("expected", f"As at {wording.date(asked.as_at)}")])  # fmt: skip


def budget_months(asked: YearOfBudget) -> Listing:
    """Every month's profile, actual and forecast, and the same so far."""
    columns = [
        RecordColumn("month", "Month", words=wording.month),
        RecordColumn("profile", "Profile", "pounds"),
        RecordColumn("actual", "Actual", "pounds"),
        RecordColumn("forecast", "Forecast", "pounds"),
        RecordColumn("difference", "Over or under profile", "change"),
        RecordColumn("profile_to_date", "Profile so far", "pounds"),
        RecordColumn("expected_to_date", "Actual and forecast so far", "pounds"),
        RecordColumn("difference_to_date", "Over or under profile so far", "change"),
    ]
    return Listing(
        "Budget by month", f"Budget by month, {asked.when}, £", columns, asked.months.to_dicts(),
        about=_about(asked, "month_actual"), caution=MONTHS_CAUTION,
    )  # fmt: skip


def budget_forecasts(asked: YearOfBudget) -> Listing:
    """The four forecasts of the whole with their errors."""
    columns = [
        RecordColumn("method", "Way to forecast", words=_METHODS.label),
        RecordColumn("meaning", "How it is worked out"),
        RecordColumn("forecast", "Forecast", "pounds"),
        RecordColumn("over_budget", "Against revised budget", "change"),
        RecordColumn("lean_share", "Mean error in past years", "share"),
        RecordColumn("size_share", "Mean size of the error", "share"),
        RecordColumn("years", "Past years tested", "count"),
        RecordColumn("corrected", "If as far off again", "pounds"),
        RecordColumn("error", "What it was worth"),
    ]
    rows = [
        {**row, "meaning": _METHODS.meaning(row["method"]), "error": findings.error(row)}
        for row in asked.side_by_side
    ]
    return Listing("Forecasts side by side", f"Four forecasts side by side, {asked.when}, £", columns, rows,
                   about=_about(asked, "forecast"), caution=FORECASTS_CAUTION)  # fmt: skip


def budget_forecast_lines(asked: YearOfBudget) -> Listing:
    """The four forecasts by line, each with its mean error."""
    columns = [
        RecordColumn("line", "Budget line", words=_line),
        RecordColumn("actual", "Actual to date", "pounds"),
    ]
    for method in forecast.METHODS:
        columns += [
            RecordColumn(method, _METHODS.short(method), "pounds"),
            RecordColumn(f"{method}_error", f"{_METHODS.short(method)}: mean error", "share"),
        ]
    lines = forecast.line_by_line(asked.forecasts, asked.past)
    whole = None
    if lines.height:
        means = {f"{row['method']}_error": row["lean_share"] for row in asked.side_by_side}
        whole = {
            "line": "All high needs lines",
            **forecast.added_up(asked.forecasts).row(0, named=True),
            **means,
        }
    return Listing("Forecasts by line", f"Four forecasts by budget line, {asked.when}, £; an error with a minus was too low in past years", columns,
                   lines.to_dicts(), whole, about=_about(asked, "forecast"), caution=FORECASTS_CAUTION)  # fmt: skip


def budget_past_forecasts(asked: YearOfBudget) -> Listing:
    """What each way would have given in each past year, and how far that was off."""
    columns = [RecordColumn("financial_year", "Year"), RecordColumn("outturn", "Outturn", "pounds")]
    for method in forecast.METHODS:
        columns += [
            RecordColumn(method, _METHODS.short(method), "pounds"),
            RecordColumn(f"{method}_error", f"{_METHODS.short(method)}: error", "share"),
        ]
    rows = asked.past_with_errors.to_dicts()
    return Listing("Forecasts of past years", "What each way would have given at the same time of past years, £; an error with a minus was too low", columns, rows,
                   about=_about(asked, "outturn"), caution=FORECASTS_CAUTION)  # fmt: skip


def _read(listed: Callable[[YearOfBudget], Listing]) -> Callable[[str], Listing]:
    """The maker that a file of a listing is made by: from the query of an address."""

    def maker(query: str) -> Listing:
        asked = YearOfBudget.read(query)
        if not asked.year:
            raise HnbError("No budget monitor is loaded for what is selected.")
        return listed(asked)

    return maker


LISTINGS = each_for_role(
    ANALYST,
    {
        name: _read(listed)
        for name, listed in {
            "budget-lines": budget_lines,
            "budget-bridge": budget_bridge,
            "budget-movement": budget_movement,
            "budget-months": budget_months,
            "budget-forecasts": budget_forecasts,
            "budget-forecast-lines": budget_forecast_lines,
            "budget-past-forecasts": budget_past_forecasts,
        }.items()
    },
)


def _steps(asked: YearOfBudget, amount: str, title: str, beside: Sequence[tuple[str, str]]) -> Listing:
    rows = asked.tree.filter(polars.col("level") == asked.level)
    heading = {"group": "Group", "line": "Budget line", "leaf": "Setting and phase"}[asked.level]
    columns = [
        RecordColumn("name", heading),
        *(RecordColumn(name, words, "pounds") for name, words in beside),
        RecordColumn(amount, "Difference", "change"),
    ]
    return Listing(title, f"{title}, {asked.when}, £", columns, [_named(row) for row in rows.iter_rows(named=True)],
                   _named(asked.whole), about=_about(asked, "variance"), caution=MEASURES["variance"].caution)  # fmt: skip


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "name": row_name(row),
        "brief": row_name(row, brief=True),
        "kind": row["level"],
        "level": _LEVEL_WORDS.get(row["level"], ""),
    }


def _line(code: str) -> str:
    return wording.label("line", code)


def _about(asked: YearOfBudget, measure: str) -> list[tuple[str, str]]:
    return [
        ("Selected", asked.report.words()),
        ("As at", wording.date(asked.as_at)),
        ("Source", MEASURES[measure].source),
        *(("Note", note) for note in asked.notes),
    ]
