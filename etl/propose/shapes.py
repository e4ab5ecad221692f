"""The tables of figures by rows and columns: what each is about, and what stands where nothing is said."""

from __future__ import annotations

from dataclasses import dataclass

from etl.propose.facets import FULL_DATE, MONTH, MONTH_YEAR, PERIOD, YEAR


@dataclass(frozen=True)
class Shape:
    """What a table of figures needs: its dimensions, its column of figures, and what stands where nothing is said."""

    dims: tuple[str, ...]
    value: str
    dated: str
    defaults: dict[str, str]
    money: str = ""


SHAPES = {
    "budget": Shape(("line", "setting", "phase", "money", "financial_year", "as_at"), "amount", "as_at",
                    {"setting": "not_recorded", "phase": "not_by_phase"}, "money"),
    "budget_months": Shape(("line", "setting", "phase", "money", "month", "financial_year", "as_at"), "amount", "as_at",
                           {"setting": "not_recorded", "phase": "not_by_phase"}, "month_money"),
    "grant": Shape(("component", "financial_year", "published_on"), "amount", "published_on", {}, "component"),
    "plans": Shape(("setting", "need", "age_band", "year"), "plans", "", {"need": "not_by_need", "age_band": "all_ages", "setting": "not_recorded", "status": "reported"}),
    "spend_returns": Shape(("line", "line_group", "setting", "phase", "stage", "financial_year"), "amount", "",
                           {"phase": "not_by_phase", "setting": "central", "detail": "line_group"}),
    "place_deductions": Shape(("provider_kind", "place_kind", "financial_year", "published_on"), "amount", "published_on", {}),
}  # fmt: skip


SPANS = {
    "financial_year": YEAR,
    "as_at": FULL_DATE,
    "month_year": MONTH_YEAR,
    "period": PERIOD,
    "month": MONTH,
}
