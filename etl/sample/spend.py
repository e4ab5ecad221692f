"""What each year cost, line by line: the published outturn, and the placements' costs scaled to explain it.

Nothing is shared out by child here beyond one factor a column and one a year: a placement that costs more
than another costs more in every year.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy
import pandas

from etl.sample.facts import ASSUMPTIONS, FACTS
from hnb import years
from hnb.codelists import CODELISTS

LEAF = ["line", "setting", "phase"]
_BASE_YEAR = "2021-22"
_GROUPS = ("top_up_state", "top_up_independent")
_LINES = CODELISTS["budget_lines"]


def group_totals(year: str) -> dict[str, float]:
    """Spend by published group of lines in a year, in pounds; the state top-up is what the others leave of the total."""
    if year == _BASE_YEAR:
        returned = FACTS["return_2021_22"]["outturn"]
        return {group: entry["total"] for group, entry in returned.items() if group != "place_funding"}
    assumed = ASSUMPTIONS["spend"]
    groups = (
        "top_up_independent",
        "sen_support_and_inclusion",
        "ap_services",
        "hospital_services",
        "therapies",
    )
    # Line 1.2.3 is the whole of its group, and one year of it is published.
    amounts = {**assumed, "top_up_independent": {**assumed["top_up_independent"], **FACTS["line_1_2_3"]}}
    totals = {group: float(amounts[group][year]) for group in groups}
    total = {**assumed["total"], **FACTS["outturn"]}[year]
    return {"top_up_state": float(total) - sum(totals.values()), **totals}


def service_leaves(year: str) -> pandas.DataFrame:
    """Lines that are not bought by child, by line, setting and phase: services, commissioned places, place funding.

    Columns: line, setting, phase, column (of the return) and amount in pounds.
    """
    totals, assumed = group_totals(year), ASSUMPTIONS["spend"]
    targeted = {column: float(amounts[year]) for column, amounts in assumed["targeted_mainstream"].items()}
    support = totals["sen_support_and_inclusion"]
    inclusion = assumed["inclusion"]
    clusters = {"2019-20": 0, "2020-21": inclusion["senco_clusters_2020_21"]}.get(
        year, inclusion["senco_clusters"]
    )
    early_years = inclusion["early_years_inclusion_fund"]
    outreach = round(support * inclusion["other_share"])
    places = _place_funding(year)
    rows = [
        ("1.0.2", "special_state", "not_by_phase", "", places["special"]),
        ("1.0.2", "alternative_provision", "not_by_phase", "", places["alternative_provision"]),
        ("1.0.2", "early_years", "early_years", "", places["early_years"]),
        ("1.0.2", "resourced", "primary", "", places["primary"]),
        ("1.2.4", "mainstream", "primary", "primary", targeted["primary"]),
        ("1.2.4", "mainstream", "secondary", "secondary", targeted["secondary"]),
        ("1.2.4", "early_years", "early_years", "early_years", targeted["early_years"]),
        (
            "1.2.4",
            "alternative_provision",
            "secondary",
            "alternative_provision",
            targeted["alternative_provision"],
        ),
        ("1.2.5", "central", "not_by_phase", "", round(support - clusters - early_years - outreach, 2)),
        ("1.2.6", "hospital", "not_by_phase", "", totals["hospital_services"]),
        ("1.2.7", "alternative_provision", "secondary", "", totals["ap_services"]),
        ("1.2.8", "central", "not_by_phase", "", float(clusters + outreach)),
        ("1.2.8", "central", "early_years", "", float(early_years)),
        ("1.2.13", "central", "not_by_phase", "", totals["therapies"]),
    ]
    leaves = pandas.DataFrame(rows, columns=[*LEAF, "column", "amount"])
    return leaves[leaves["amount"] != 0].reset_index(drop=True)


def _place_funding(year: str) -> dict[str, float]:
    columns = ("special", "alternative_provision", "early_years", "primary")
    if year == _BASE_YEAR:
        return {column: FACTS["return_2021_22"]["outturn"]["place_funding"][column] for column in columns}
    return {column: float(ASSUMPTIONS["spend"]["place_funding"][column][year]) for column in columns}


def settled(registers: Mapping[str, pandas.DataFrame], year_in_progress: str) -> dict[str, pandas.DataFrame]:
    """The registers with `annual_cost`, scaled so that a year's placements explain its published outturn.

    2021-22, whose outturn is published by column, gives each column its factor; the other years each have
    one factor a group of lines on top. A small share stays unexplained on purpose (`assumptions.toml`).
    """
    columns = _column_factors(registers[_BASE_YEAR])
    result = {}
    for year, register in registers.items():
        group = register["line"].map(_LINES.group)
        keys = list(zip(group, register["column"], strict=True))
        cost = register["cost"] * [columns.get(key, 1.0) for key in keys]
        in_year = cost * register["days"] / years.days_in_year(year)
        services = service_leaves(year)
        for name in _GROUPS:
            serviced = services.loc[services["line"].map(_LINES.group) == name, "amount"].sum()
            explained = (group_totals(year)[name] - serviced) * (1 - _unexplained(year, year_in_progress))
            here = group == name
            cost = cost.where(~here, cost * explained / in_year[here].sum())
        result[year] = register.assign(annual_cost=cost.round(2))
    return result


def _unexplained(year: str, year_in_progress: str) -> float:
    return float(
        ASSUMPTIONS["unexplained"]["year_in_progress" if year == year_in_progress else "closed_year"]
    )


def _column_factors(register: pandas.DataFrame) -> dict[tuple[str, str], float]:
    """For each group and column of the return: published outturn ÷ what the placements would cost."""
    services = service_leaves(_BASE_YEAR)
    returned = FACTS["return_2021_22"]["outturn"]
    cost = register["cost"] * register["days"] / years.days_in_year(_BASE_YEAR)
    sums = cost.groupby([register["line"].map(_LINES.group), register["column"]]).sum()
    factors = {}
    for (group, column), amount in sums.items():
        here = (services["line"].map(_LINES.group) == group) & (services["column"] == column)
        published = returned[group].get(column, 0.0) - services.loc[here, "amount"].sum()
        factors[str(group), str(column)] = published / amount if amount else 1.0
    return factors


def outturn_leaves(
    register: pandas.DataFrame, year: str, generator: numpy.random.Generator
) -> pandas.DataFrame:
    """The ledger's outturn (or forecast) by line, setting and phase, in pounds; the lines meet `group_totals`.

    What the register does not explain is spread unevenly over its leaves. In 2021-22 each column of the
    return is met to the penny, in the other years each group of lines to the pound.
    """
    services = service_leaves(year)
    in_year = (register["annual_cost"] * register["days"] / years.days_in_year(year)).round(2)
    by_child = register.assign(amount=in_year).groupby([*LEAF, "column"], as_index=False)["amount"].sum()
    by_child = by_child[by_child["amount"] > 0].reset_index(drop=True)
    group = by_child["line"].map(_LINES.group)
    parts = []
    for name in _GROUPS:
        of_group = services[services["line"].map(_LINES.group) == name]
        leaves = by_child[group == name]
        returned = FACTS["return_2021_22"]["outturn"][name]
        # A quick test's sample may have nobody in a column: then the group is met, not its columns.
        unmet = {column for column, amount in returned.items() if amount} - {
            "total",
            *leaves["column"],
            *of_group["column"],
        }
        if year != _BASE_YEAR or unmet:
            parts.append(_spread(leaves, group_totals(year)[name] - of_group["amount"].sum(), 0, generator))
            continue
        for column, of_column in leaves.groupby("column"):
            published = returned[column]
            serviced = of_group.loc[of_group["column"] == column, "amount"].sum()
            parts.append(_spread(of_column, published - serviced, 2, generator))
    ledger = pandas.concat([*parts, services], ignore_index=True)
    return ledger.groupby(LEAF, as_index=False)["amount"].sum().round(2)


def _spread(
    leaves: pandas.DataFrame, total: float, decimals: int, generator: numpy.random.Generator
) -> pandas.DataFrame:
    """Leaves raised to a total: what is missing goes to them by size, unevenly; the largest takes the rounding."""
    weights = leaves["amount"] * generator.uniform(-0.3, 2.3, len(leaves))
    raised = (leaves["amount"] + (total - leaves["amount"].sum()) * weights / weights.sum()).round(decimals)
    largest = leaves["amount"].idxmax()
    raised[largest] = round(raised[largest] + total - raised.sum(), 2)
    return leaves.assign(amount=raised)
