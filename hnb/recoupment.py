"""The recoupment bridge: from the budget return to the outturn return of Section 251, whose coverage differs.

The budget return holds places at academies and colleges; the outturn leaves out those that DfE pays directly
(sheet of deductions of DfE's allocations). Without these as rows, a difference in coverage reads as an
underspend: £5.8m for Sutton in 2021-22. Rule 4 of the trade; part-year places are rule 1 (`hnb.years`).
"""

from __future__ import annotations

from typing import Any

import polars

from hnb import years
from hnb.codelists import CODELISTS

PLACES = "place_funding"
_SCHEMA = {
    "step": polars.String, "line_group": polars.String, "provider_kind": polars.String, "place_kind": polars.String,
    "places_before": polars.Float64, "places_after": polars.Float64, "places": polars.Float64,
    "worked_out": polars.Float64, "amount": polars.Float64, "source": polars.String,
}  # fmt: skip


def bridged_years(tables: Any, authority: str) -> tuple[str, ...]:
    """The years of which both returns are loaded by group of lines, ascending."""
    returns = _returns(tables, authority)
    both = (
        returns.group_by("financial_year")
        .agg(polars.col("stage").n_unique())
        .filter(polars.col("stage") == 2)
    )
    return tuple(sorted(both["financial_year"].to_list()))


def recoupment_bridge(tables: Any, authority: str, year: str) -> polars.DataFrame:
    """One row a step from the budget return to the outturn return.

    Parameters
    ----------
    tables: a snapshot or `Tables` with `spend_returns` and, where it is loaded, `place_deductions`.

    Returns
    -------
    Columns step (a code of `bridge_steps`), line_group, provider_kind, place_kind, places_before and places_after
    (April to August and September to March; post-16 July and August), places (the part-year places of rule 1),
    worked_out (places × the pounds a place of the code list), amount and source. `budget` and the steps after it
    add up to `outturn` exactly; a deduction is negative. No rows where one of the returns is not there.
    """
    if year not in bridged_years(tables, authority):
        return polars.DataFrame(schema=_SCHEMA)
    returns = _returns(tables, authority).filter(polars.col("financial_year") == year)
    sums = {
        (stage, group): amount
        for stage, group, amount in returns.group_by("stage", "line_group")
        .agg(polars.col("amount").sum())
        .rows()
    }
    budget = round(sum(pounds for (stage, _), pounds in sums.items() if stage == "budget"), 2)
    outturn = round(sum(pounds for (stage, _), pounds in sums.items() if stage == "outturn"), 2)
    deducted = _deductions(tables, authority, year)
    rows: list[dict[str, Any]] = [{"step": "budget", "amount": budget, "source": "spend_returns"}, *deducted]
    groups = dict.fromkeys(group for _, group in sums)
    for group in sorted(groups, key=CODELISTS["line_groups"].position):
        change = sums.get(("outturn", group), 0.0) - sums.get(("budget", group), 0.0)
        if group == PLACES:
            change -= sum(row["amount"] for row in deducted)
        if change := round(change, 2):
            rows.append({"step": "change", "line_group": group, "amount": change, "source": "spend_returns"})
    rows.append({"step": "outturn", "amount": outturn, "source": "spend_returns"})
    return polars.DataFrame(rows, schema=_SCHEMA)


def place_coverage(bridge: polars.DataFrame, tables: Any, authority: str, year: str) -> dict[str, float]:
    """What the false underspend is made of, in pounds: `seen` (budget less outturn of the columns special and alternative
    provision of place funding, which is what DfE prints), `paid_directly` (deductions for places in them) and
    `left` (what remains: the true difference)."""
    printed = _returns(tables, authority).filter(
        (polars.col("financial_year") == year)
        & (polars.col("line_group") == PLACES)
        & polars.col("setting").is_in(["special_state", "alternative_provision"])
    )
    stage = dict(printed.group_by("stage").agg(polars.col("amount").sum()).rows())
    kinds = CODELISTS["provider_kinds"]
    direct = bridge.filter(
        (polars.col("step") == "paid_by_dfe")
        & polars.col("provider_kind").is_in(
            [code for code in kinds.codes if kinds.entry(code).details.get("is_special_or_ap")]
        )
    )["amount"].sum()
    seen = round(stage.get("budget", 0.0) - stage.get("outturn", 0.0), 2)
    return {"seen": seen, "paid_directly": round(-direct, 2), "left": round(seen + direct, 2)}


def _returns(tables: Any, authority: str) -> polars.DataFrame:
    found: polars.DataFrame = tables.table("spend_returns")
    return found.filter((polars.col("authority") == authority) & (polars.col("detail") == "line_group"))


def _deductions(tables: Any, authority: str, year: str) -> list[dict[str, Any]]:
    """The latest published deductions that are not nought, as negative amounts, with the places worked out anew."""
    if not tables.has("place_deductions"):
        return []
    own = tables.table("place_deductions").filter(
        (polars.col("authority") == authority) & (polars.col("financial_year") == year)
    )
    latest = own.filter(
        (polars.col("published_on") == polars.col("published_on").max()) & (polars.col("amount") != 0)
    )
    order, kinds = CODELISTS["provider_kinds"], CODELISTS["place_kinds"]
    rows = []
    for row in latest.iter_rows(named=True):
        details = kinds.entry(row["place_kind"]).details
        post16 = bool(details.get("is_post16", False))
        of_kind = order.entry(row["provider_kind"]).details
        pounds = of_kind.get("pounds_a_post16_place") if post16 else details.get("pounds_a_place")
        places = worked_out = None
        if row["places_before"] is not None and row["places_after"] is not None and pounds is not None:
            places = years.part_year_places(row["places_before"], row["places_after"], post16=post16)
            worked_out = round(places * pounds, 2)
        rows.append(
            {
                "step": "paid_by_dfe", "line_group": PLACES, "provider_kind": row["provider_kind"],
                "place_kind": row["place_kind"], "places_before": row["places_before"],
                "places_after": row["places_after"], "places": places, "worked_out": worked_out,
                "amount": -row["amount"], "source": row["source"],
            }
        )  # fmt: skip
    return sorted(
        rows, key=lambda row: (order.position(row["provider_kind"]), kinds.position(row["place_kind"]))
    )
