"""A layout for any other table of one record a row: recommendations, balances."""

from __future__ import annotations

from etl.propose import signs
from etl.propose.dates import year_and_date
from etl.propose.draft import Draft, why
from etl.propose.footnotes import footnotes
from etl.propose.header import header
from etl.propose.leftovers import left_out
from etl.propose.matching import matches
from etl.propose.study import Study
from etl.propose.totals import totals
from etl.propose.units import units
from etl.staging import BROUGHT
from hnb.codelists import CODELISTS


def records(study: Study, draft: Draft) -> float:
    """Any other table of one record a row: its columns by their headings, the rest ignored by name."""
    table = BROUGHT[draft.table]
    found = {name: match for name, match in matches(draft.table, study.columns).items() if match.score >= 0.4}
    header(draft, study)
    for name, match in found.items():
        entry = {"why": why(match.reason, match.score), **study.spelling(match.column)}
        if not table.column(name).required:
            entry["required"] = False
        draft.columns[name] = entry
    if "authority" not in found:
        draft.constants["authority"] = "ours"
    missing = [
        column.name
        for column in table.columns
        if column.required and column.name not in (*found, "authority", "source")
    ]
    dated = next((name for name in ("published_on",) if name in missing), "")
    if "financial_year" in missing or dated:
        year_and_date(draft, study, dated, has_year="financial_year" not in missing, has_date=not dated)
    for name in missing:
        if name in ("financial_year", dated):
            continue
        if name == "basis" and draft.table == "balances":
            draft.constants["basis"] = "pounds" if "balance" in found else "share_of_income"
            continue
        column = table.column(name)
        choices = CODELISTS[column.codes].codes if column.kind == "code" else ()
        draft.ask(
            name,
            f"What is the {name.replace('_', ' ')} of all rows? ({column.meaning})",
            "no column or title says it",
            [f"constants.{name}"],
            choices,
        )
    places = [
        (match.column, f"columns.{name}", draft.columns[name])
        for name, match in found.items()
        if table.column(name).kind == "pounds"
    ]
    units(draft, study, places)
    if "balance" in found:
        signs.of_balance(draft, study, found["balance"].column, "columns.balance")
    used = {match.column.index for match in found.values()}
    left_out(draft, study, used, {})
    names = {match.column.index: name for name, match in found.items()}
    footnotes(draft, study, None)
    totals(
        draft,
        study,
        names,
        [
            index
            for index, name in names.items()
            if table.column(name).kind in ("pounds", "count", "number") and index in study.figures.values
        ],
    )
    required = [
        column.name
        for column in table.columns
        if column.required and column.name not in ("authority", "source")
    ]
    return sum(name in found for name in required) / max(1, len(required))
