"""What a placement costs in a full year: the column that prints it, or the parts that it is made of."""

from __future__ import annotations

import re
from typing import Any

from etl.propose import contexts, signs, vocabulary
from etl.propose.columns import Column
from etl.propose.draft import Draft, escaped, why
from etl.propose.facets import facets
from etl.propose.matching import Match
from etl.propose.study import Study
from etl.propose.sums import sums
from etl.propose.units import unit_of, units

_WITHIN = re.compile(
    r"\b(?:cost|spend|charge|paid|fees?|forecast|commitment|£)\b.*\b(?:in|for)\b|this year|in[- ]year|so far|to date",
    re.IGNORECASE,
)


_COST = re.compile(r"cost|fee|charge|price|£|amount|spend|rate|value", re.IGNORECASE)
COSTS = ("place_cost", "top_up_cost", "other_cost")


CONTRIBUTIONS = ("health_contribution", "care_contribution")


def costs(draft: Draft, study: Study, found: dict[str, Match], private: dict[int, str]) -> set[int]:
    """What a full year costs: the column that prints it, or the parts that it is made of."""
    used: set[int] = set()
    money = [column for column in study.measures if column.index not in private]
    by_name = {name: found[name].column for name in (*COSTS, *CONTRIBUTIONS) if name in found}
    months = [column for column in money if _is_month(column) and column not in by_name.values()]
    annual = found["annual_cost"].column if "annual_cost" in found else None
    if annual is not None and annual in months:
        annual = None
    if annual is None and len(months) < 6:
        annual, by_name = _only_cost(draft, study, money, by_name)
        if annual is not None:
            found["annual_cost"] = Match(
                "annual_cost", annual, 0.75, "the only column of pounds that speaks of a cost"
            )
    entries: list[tuple[Column, str, dict[str, Any]]] = []
    if len(months) >= 6:
        entry: dict[str, Any] = {
            "why": why(f"the {len(months)} columns of months, brought to a full year by the days of the placement in the year", 0.85),
            "plus_pattern": "|".join(escaped(column.heading) for column in months), "annualise": True,
        }  # fmt: skip
        draft.columns["annual_cost"] = entry
        used |= {column.index for column in months}
        entries += [(months[0], "columns.annual_cost", entry)]
    elif annual is not None:
        draft.columns["annual_cost"] = {
            "why": why(found["annual_cost"].reason, found["annual_cost"].score),
            **study.spelling(annual),
        }
        if not draft.join_rows:
            _in_the_year(draft, annual)
        used.add(annual.index)
    elif by_name:
        plus = [name for name in COSTS if name in by_name]
        minus = [name for name in CONTRIBUTIONS if name in by_name]
        entry = {"why": why("no column prints the whole: it is made of its parts", 0.85), "plus": plus}
        if minus:
            entry["minus"] = minus
        draft.columns["annual_cost"] = entry
    else:
        draft.ask("annual_cost", "Which column says what a placement costs?", "no heading that is known, and no other evidence", ["columns.annual_cost.headings"],
                  {column.heading: [column.heading] for column in money})  # fmt: skip
    for name, column in (
        *by_name.items(),
        *([("annual_cost", annual)] if annual is not None and len(months) < 6 else []),
    ):
        _per(draft, name, column)
        entries.append((column, f"columns.{name}", draft.columns[name]))
    units(draft, study, entries, a_child=True)
    signs.of_columns(draft, [(column, path) for column, path, _ in entries], noun="what a placement costs")
    units_of = {column.index: (unit_of(study, column)[0] or "") for column in money}
    if annual is not None and len(months) < 6:
        sums(draft, study, annual, [column for column in money if column is not annual], units_of)
    for column in money:
        if column.index not in used and column not in by_name.values() and column is not annual:
            made = sums(draft, study, column, [other for other in money if other is not column], units_of)
            if made:
                draft.ignore(column.heading, "Worked out from other columns: checked, not loaded")
                used.add(column.index)
    if annual is not None and len(months) < 6:
        rivals = [
            column
            for column in money
            if column is not annual
            and column.index not in used
            and column not in by_name.values()
            and _is_rival(column)
        ]
        if rivals:
            _ask_which(draft, annual, rivals)
    return used


def _is_rival(column: Column) -> bool:
    """Whether a column could be the cost as well: its heading speaks of one, and not of a variance or a share."""
    found = facets(column.heading)
    says = _COST.search(column.heading) is not None
    return says and not found.is_percent and found.worked_out.score < 0.8 and any(column.numbers)


def _ask_which(draft: Draft, annual: Column, rivals: list[Column]) -> None:
    """Several columns of cost that do not follow from each other: which is a full year's, only a person knows."""
    headings = [annual.heading, *(column.heading for column in rivals)]
    draft.ask("annual_cost", f"Which column is what a placement costs the block in a full year: {contexts.words(headings)}?",
              "several columns speak of a cost, and none is the sum of the others", ["columns.annual_cost.headings"],
              {heading: [heading] for heading in headings})  # fmt: skip


def _only_cost(
    draft: Draft, study: Study, money: list[Column], by_name: dict[str, Column]
) -> tuple[Column | None, dict[str, Column]]:
    """The one column of cost of a register that has no other, whatever it is called."""
    parts = [name for name in by_name if name in COSTS]
    if len(by_name) == 1 and parts:
        column = by_name[parts[0]]
        draft.columns.pop(parts[0], None)
        return column, {}
    if by_name:
        return None, by_name
    said = [
        column
        for column in money
        if re.search(r"cost|fee|charge|price|£|amount|value|spend", column.heading, re.IGNORECASE)
    ]
    said = [
        column for column in said if vocabulary.other_meaning("worked_out", column.heading).score < 0.9
    ] or said
    if not said and len(money) == 1:
        said = money
    return (said[0] if len(said) == 1 else None), by_name


def _in_the_year(draft: Draft, column: Column) -> None:
    """A cost "in 2025/26" may be what the placement's own days cost, or a full year: only a person knows."""
    if not _WITHIN.search(column.heading) and facets(column.heading).span("financial_year") is None:
        return
    draft.ask("annualise", f"Is “{column.heading}” what the placement costs within the year, by its own days? (true: yes, so a child who came late has a small figure; false: it is the cost of a full year)",
              "the heading names the year and does not say a full year", ["columns.annual_cost.annualise"])  # fmt: skip
    draft.questions["annualise"] = {key: value for key, value in draft.questions["annualise"].items() if key not in ("sets", "answer")} | {
        "choices": [True, False], "sets": ["columns.annual_cost.annualise"], "answer": ""}  # fmt: skip


def _is_month(column: Column) -> bool:
    found = facets(column.heading)
    return found.span("month", "month_year") is not None or (
        found.span("as_at") is not None and found.words == ""
    )


def _per(draft: Draft, name: str, column: Column) -> None:
    """How often a cost is paid, where its heading says that it is not yearly; how many are paid is asked."""
    period = vocabulary.cost_period(column.heading)
    if period in ("", "year"):
        return
    entry = draft.columns[name]
    entry["per"] = period
    sure = {"month": 12, "term": 3}.get(period)
    if sure:
        entry["times"] = sure
        entry["why"] = f"{entry['why']}; paid by the {period}, {sure} in a year"
        return
    asked = draft.questions.get("times")
    if asked:
        asked["sets"].append(f"columns.{name}.times")
        return
    common_times = {"week": ["38", "39", "40", "44", "52"], "day": ["190", "195", "365"]}[period]
    draft.ask("times", f"How many {period}s are paid in a year?", f"the heading “{column.heading}” says a cost by the {period} (often {', '.join(common_times)})",
              [f"columns.{name}.times"])  # fmt: skip
