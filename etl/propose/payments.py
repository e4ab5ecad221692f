"""A layout for payments from a ledger, a payment a row."""

from __future__ import annotations

from etl.propose import signs
from etl.propose.draft import Draft, why
from etl.propose.footnotes import footnotes
from etl.propose.header import header
from etl.propose.leftovers import left_out
from etl.propose.matching import matches
from etl.propose.study import Study
from etl.propose.sums import sums
from etl.propose.totals import totals
from etl.propose.units import unit_of


def payments(study: Study, draft: Draft) -> float:
    """Payments from a ledger; gives how well the sheet suits the table."""
    found = {name: match for name, match in matches("payments", study.columns).items() if match.score >= 0.4}
    header(draft, study)
    authority = found.pop("authority", None)
    if authority is not None and authority.column.known_share("authorities") > 0.99:
        draft.columns["authority"] = {
            "why": why(authority.reason, authority.score),
            **study.spelling(authority.column),
        }
    else:
        draft.constants["authority"] = "ours"
    for name, match in found.items():
        if name in ("financial_year", "period") and match.score < 0.8:
            continue
        draft.columns[name] = {"why": why(match.reason, match.score), **study.spelling(match.column)}
    used = {match.column.index for name, match in found.items() if name in draft.columns}
    if authority is not None and "authority" in draft.columns:
        used.add(authority.column.index)
    if "paid_on" in draft.columns:
        if "financial_year" not in draft.columns:
            draft.columns["financial_year"] = {
                "why": "the financial year of the payment's date",
                "from": "paid_on",
                "read": "year_of_date",
            }
        if "period" not in draft.columns:
            draft.columns["period"] = {
                "why": "the month of the payment's date",
                "from": "paid_on",
                "read": "period_of_date",
            }
    if "amount" in found:
        entry = draft.columns["amount"]
        signs.of_columns(draft, [(found["amount"].column, "columns.amount")], noun="what was paid")
        unit, _told = unit_of(study, found["amount"].column)
        if unit and unit != "£":
            entry["unit"] = unit
        elif study.unit is not None and study.unit.value != 1.0:
            draft.context["unit"] = dict(study.unit.entry)
        others = [column for column in study.measures if column.index not in used]
        for column in others:
            if sums(draft, study, column, [other for other in study.measures if other is not column], {}):
                draft.ignore(column.heading, "Worked out from other columns: checked, not loaded")
                used.add(column.index)
    left_out(draft, study, used, {})
    names = {match.column.index: name for name, match in found.items() if name in draft.columns}
    if authority is not None and "authority" in draft.columns:
        names[authority.column.index] = "authority"
    footnotes(draft, study, None)
    totals(
        draft,
        study,
        names,
        [index for index, name in names.items() if name == "amount" and index in study.figures.values],
    )
    wanted = [name for name in ("paid_on", "supplier", "amount") if name in found]
    return len(wanted) / 3
