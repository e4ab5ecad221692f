"""The financial year and the date of a proposed layout: from where they are printed, otherwise asked."""

from __future__ import annotations

from etl.propose import contexts
from etl.propose.draft import Draft, why
from etl.propose.study import Study


def year_and_date(draft: Draft, study: Study, date_name: str, *, has_year: bool, has_date: bool) -> None:
    """The financial year and the date of the sheet, from where they are printed; otherwise questions."""
    year = None if has_year else contexts.financial_year(study.anatomy)
    dated = contexts.as_at(study.anatomy, year.value if year else None)
    if not has_year:
        year = year or contexts.year_of_date(dated)
        if year:
            draft.context["financial_year"] = {"why": why(f"read as {year.value} here"), **year.entry}
        else:
            draft.ask("financial_year", "Which financial year are the figures of? Write it as 2025-26.",
                      "no title, sheet name or file name says a financial year", ["constants.financial_year"])  # fmt: skip
    if has_date or not date_name:
        return
    if dated:
        draft.context[date_name] = {
            "why": why(
                f"read as {dated.value:%d/%m/%Y} here"
                if "read" not in dated.entry
                else f"“{dated.said}” gives the end of that period"
            ),
            **dated.entry,
        }
    else:
        draft.ask(date_name, "To which date does the sheet report? Write it as 2025-10-31.",
                  "no title, sheet name or file name says a date or a period", [f"constants.{date_name}"])  # fmt: skip
