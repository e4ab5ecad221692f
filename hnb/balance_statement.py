"""The block's balance year by year: from the grant to what is left, and what has piled up, before and after the stability grant.

Every figure starts from an answer of `compute` or a row of `grant`; what is worked out here is the chain
from one year to the next. Pure. How the terms of the stability grant read is `hnb.stability_grant`'s affair.
"""

from __future__ import annotations

from typing import Any

import polars

from hnb import years
from hnb.metrics import Selection, compute
from hnb.stability_grant import COMPONENT, stability_grant

_POUNDS = (
    "before_deductions", "place_deductions", "other_adjustments", "after_deductions", "block_transfer", "available",
    "spend", "in_year", "opening", "not_explained", "closing", "stability_grant", "closing_after_grant",
)  # fmt: skip
_SCHEMA: dict[str, Any] = {
    "financial_year": polars.String,
    **dict.fromkeys(_POUNDS, polars.Float64),
    "spent_share": polars.Float64,
    "balance_share": polars.Float64,
    "is_forecast": polars.Boolean,
    "is_carried_on": polars.Boolean,
    "is_paid": polars.Boolean,
}


def balance_statement(tables: Any, authority: str) -> polars.DataFrame:
    """One row a financial year that has an allocation, spend or a balance, ascending.

    Parameters
    ----------
    tables: what `compute` takes. authority: the ONS code.

    Returns
    -------
    Pounds to the penny, missing where it is not known (never nought for that):

    - ``before_deductions`` + ``place_deductions`` (negative) + ``other_adjustments`` = ``after_deductions``;
      with ``block_transfer`` that is ``available``. Of each component the publication in force (rule 6).
    - ``in_year`` = available − ``spend``; positive is a surplus.
    - ``opening`` + ``in_year`` + ``not_explained`` = ``closing``, all before the stability grant, in every row
      that has them. ``not_explained`` is where a published balance differs from what grant and spend give.
    - ``stability_grant``: pounds of it in the year; ``closing_after_grant``: the closing balance with all of it
      so far. ``is_paid`` says that `grant` has it as paid, else it is what would be paid. A published balance of
      a closed year holds a grant that was paid, so that the balance before it is less.
    - ``spent_share`` = spend ÷ available, ``balance_share`` = closing ÷ available.
    - ``is_forecast``: the year still runs; ``is_carried_on``: no balance was published for it.
    """
    asked = Selection(authority=authority)

    def by_year(measure: str) -> dict[str, tuple[float | None, str]]:
        rows = compute(measure, tables, asked, ("financial_year",)).select(
            "financial_year", "value", "status"
        )
        return {year: (value, status) for year, value, status in rows.rows()}

    components = _components(tables, authority)
    spend, in_year, available = (by_year(name) for name in ("spend", "in_year_position", "available_grant"))
    balances = by_year("cumulative_balance")
    published = _published(tables, authority)
    known = sorted({*(year for year, _ in components), *spend, *balances})
    if not known:
        return polars.DataFrame(schema=_SCHEMA)

    def value(of: dict[str, tuple[float | None, str]], year: str) -> float | None:
        return of.get(year, (None, ""))[0]

    rows: list[dict[str, Any]] = []
    closings: dict[str, float] = {}
    paid_so_far = held = (
        0.0  # held: what of it the last published balance, and those carried on from it, hold
    )
    for year in years.year_range(known[0], known[-1]):
        running = spend.get(year, (None, ""))[1] == "estimated"
        before, places, after = (components.get((year, name)) for name in ("before_deductions", "place_deductions", "after_deductions"))  # fmt: skip
        paid_before, paid_so_far = paid_so_far, paid_so_far + (components.get((year, COMPONENT)) or 0.0)
        closing = value(balances, year)
        if year in published:
            held = paid_before if running else paid_so_far
        if closing is not None:
            closing = round(closing - held, 2)
        opening, gained = closings.get(years.previous_year(year)), value(in_year, year)
        parts = [closing, opening, gained]
        if closing is not None:
            closings[year] = closing
        usable = value(available, year)
        spent = value(spend, year)
        rows.append(
            {
                "financial_year": year,
                "before_deductions": before,
                "place_deductions": places,
                "other_adjustments": None if None in (before, places, after) else round(after - before - places, 2) + 0.0,  # type: ignore[operator]
                "after_deductions": after,
                "block_transfer": components.get((year, "block_transfer")),
                "available": usable,
                "spend": spent,
                "in_year": gained,
                "opening": opening,
                "not_explained": None if None in parts else round(closing - opening - gained, 2) + 0.0,  # type: ignore[operator]
                "closing": closing,
                "spent_share": spent / usable if spent is not None and usable else None,
                "balance_share": closing / usable if closing is not None and usable else None,
                "is_forecast": running,
                "is_carried_on": closing is not None and year not in published,
            }
        )  # fmt: skip
    return _with_stability_grant(rows, components, closings)


def allocation_issues(tables: Any, authority: str) -> polars.DataFrame:
    """The block's allocation as it was published, every time (rule 6): one row a year, component and publication.

    ``financial_year``, ``component`` (before or after deductions), ``published_on``, ``amount``, ``moved`` (against
    the publication before it; missing for the first) and ``is_in_force``, in that order, oldest first.
    """
    if not tables.has("grant"):
        return _issues(polars.DataFrame(schema=_ISSUES))
    wanted = ("before_deductions", "after_deductions")
    grant = tables.table("grant").filter(
        polars.col("authority") == authority, polars.col("component").is_in(wanted), polars.col("amount").is_not_null()
    )  # fmt: skip
    return _issues(grant.select(*_ISSUES))


_ISSUES = {
    "financial_year": polars.String, "component": polars.String, "published_on": polars.Date, "amount": polars.Float64,
}  # fmt: skip


def _issues(rows: polars.DataFrame) -> polars.DataFrame:
    series = ("financial_year", "component")
    first = polars.col("component") != "before_deductions"
    ordered = rows.sort("financial_year", first, "published_on")
    return ordered.with_columns(
        (polars.col("amount") - polars.col("amount").shift(1).over(series)).round(2).alias("moved"),
        (polars.col("published_on") == polars.col("published_on").max().over(series)).alias("is_in_force"),
    )


def _components(tables: Any, authority: str) -> dict[tuple[str, str], float]:
    """Pounds of each year and component, as in force: of each component the latest publication."""
    if not tables.has("grant"):
        return {}
    grant = tables.table("grant").filter(
        polars.col("authority") == authority, polars.col("amount").is_not_null()
    )
    latest = grant.filter(
        polars.col("published_on") == polars.col("published_on").max().over("financial_year", "component")
    )
    summed = latest.group_by("financial_year", "component").agg(polars.col("amount").sum().round(2))
    return {(year, component): amount for year, component, amount in summed.rows()}


def _published(tables: Any, authority: str) -> frozenset[str]:
    if not tables.has("balances"):
        return frozenset()
    rows = tables.table("balances").filter(
        polars.col("authority") == authority, polars.col("balance").is_not_null()
    )
    return frozenset(rows["financial_year"].to_list())


def _with_stability_grant(
    rows: list[dict[str, Any]], components: dict[tuple[str, str], float], closings: dict[str, float]
) -> polars.DataFrame:
    """The rows with the stability grant of each year and the balance after it.

    What was paid stands at its year; otherwise what would be paid stands at the year in which it is to be.
    """
    terms = stability_grant()
    paid = {year: amount for (year, component), amount in components.items() if component == COMPONENT}
    deficit_balance = closings.get(terms.deficit_at_end_of)
    expected = {} if paid or deficit_balance is None else {terms.paid_in: terms.of(deficit_balance)}
    so_far = 0.0
    for row in rows:
        year = row["financial_year"]
        granted = (paid or expected).get(year)
        so_far = round(so_far + (granted or 0.0), 2)
        row["stability_grant"] = granted
        row["is_paid"] = year in paid
        row["closing_after_grant"] = None if row["closing"] is None else round(row["closing"] + so_far, 2)
    return polars.DataFrame(rows, schema=_SCHEMA)
