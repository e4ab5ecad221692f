"""What placements cost as listings: how costs are spread, by year, by provider, and what is far off."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import polars

from dashboard.components.records import RecordColumn
from dashboard.listing import Listing
from dashboard.pages.costs import Costs, split_title
from dashboard.pages.placed import ONE_PATH, row_address
from dashboard.roles import ANALYST, OFFICER, each_for_role
from hnb import real_terms, wording
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.metrics import MEASURES
from hnb.unit_costs import FEWEST, MEASURE

PROVIDERS_SHOWN, OUTLIERS_SHOWN = 30, 20
"""Rows on the screen; the files have all."""

WEIGHTED = (
    "Median, quartiles and deciles are of what a full year of each placement costs, each weighing its placement-years; "
    "the mean is cost ÷ placement-years."
)


def spread_listing(costs: Costs) -> Listing:
    """How the yearly cost is spread in each row, beside the year before."""
    _checked(costs)
    columns = [
        *(_named(name, costs) for name in costs.by),
        RecordColumn("placements", "Placements", "count"),
        RecordColumn("placement_years", "Placement-years", "years"),
        RecordColumn("cost", "Cost in the year (£)", "pounds"),
        RecordColumn("mean", "Mean (£)", "pounds"),
        RecordColumn("median", "Median (£)", "pounds"),
        RecordColumn("lower_decile", "Lower decile (£)", "pounds"),
        RecordColumn("lower_quartile", "Lower quartile (£)", "pounds"),
        RecordColumn("upper_quartile", "Upper quartile (£)", "pounds"),
        RecordColumn("upper_decile", "Upper decile (£)", "pounds"),
        RecordColumn("mean_change", "Mean, change on the year (£)", "change"),
        RecordColumn("median_change", "Median, change on the year (£)", "change"),
    ]
    whole = {name: costs.whole[name] for name in (column.name for column in columns[len(costs.by) :])}
    title = f"Cost of a placement-year by {wording.lowered(split_title(costs.split))}"
    return Listing(
        title=title,
        caption=f"{title}, {costs.when}",
        columns=columns,
        rows=list(costs.rows.iter_rows(named=True)),
        whole={costs.by[0]: "All together", **whole},
        about=[*_about(costs), ("How it is worked out", WEIGHTED)],
        caution=MEASURE.caution,
        tables=("placements",),
    )


def trend_listing(costs: Costs) -> Listing:
    """The mean of each kind of setting, a row a year."""
    groups = groups_of(costs)
    by_year: dict[str, dict[str, Any]] = {}
    for year, group, value in costs.trend.select("financial_year", "setting_group", "value").rows():
        by_year.setdefault(year, {"financial_year": year})[group] = value
    return Listing(
        title="Cost of a placement-year by year and kind of setting",
        caption=f"Cost of a placement-year by year and kind of setting, {real_terms.words(costs.prices)}",
        columns=[
            RecordColumn("financial_year", "Year"),
            *(
                RecordColumn(group, f"{CODELISTS['setting_groups'].short(group)} (£)", "pounds")
                for group in groups
            ),
        ],
        rows=[by_year[year] for year in sorted(by_year)],
        about=[
            ("Selected", costs.selection.about()),
            ("Prices", real_terms.words(costs.prices)),
            *([("Deflator", real_terms.publication())] if costs.prices != real_terms.CASH else []),
        ],
        caution=MEASURE.caution,
        tables=("placements",),
    )


def providers_listing(costs: Costs) -> Listing:
    """Every provider in each setting against the setting's median."""
    _checked(costs)
    found = costs.providers
    whole = {
        "provider": "All together",
        "placements": int(found["placements"].sum()),
        "placement_years": float(found["placement_years"].sum()),
        "cost": round(float(found["cost"].sum()), 2),
        "above_median": round(float(found["above_median"].sum()), 2),
    }
    return Listing(
        title="Providers against the median of their setting",
        caption=f"Providers against the median of their setting, {costs.when}",
        columns=[
            RecordColumn(
                "provider",
                "Provider",
                link=lambda row: costs.narrowed(provider=row["provider"]) if row["provider"] else "",
                words=lambda name: wording.label("provider", name),
            ),
            RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code, brief=True)),
            RecordColumn("placements", "Placements", "count"),
            RecordColumn("placement_years", "Placement-years", "years"),
            RecordColumn("cost", "Cost in the year (£)", "pounds"),
            RecordColumn("unit_cost", "Cost of a placement-year (£)", "pounds"),
            RecordColumn("median", "Median of the setting (£)", "pounds"),
            RecordColumn("gap", "Above the median, each (£)", "change"),
            RecordColumn("above_median", "Above the median, in the year (£)", "change"),
        ],
        rows=list(found.iter_rows(named=True)),
        whole=whole,
        about=[
            *_about(costs),
            (
                "Above the median, in the year",
                "(Cost of a placement-year − median of its setting) × placement-years.",
            ),
        ],
        caution="A provider may take children who need more than most: dearer than the median is a question, not a fault.",
        shown=PROVIDERS_SHOWN,
        tables=("placements",),
    )


def outliers_listing(costs: Costs) -> Listing:
    """The placements far above what their setting usually costs, each with its row of the register."""
    _checked(costs)
    rules = CODELISTS["outlier_rules"]
    found = costs.outliers
    return Listing(
        title="Placements that cost far more than their setting usually does",
        caption=f"Placements that cost far more than their setting usually does, {costs.when}",
        columns=[
            RecordColumn(
                "placement_id",
                "Placement",
                link=lambda row: f"{ONE_PATH}?placement={quote(row['placement_id'])}",
            ),
            RecordColumn("provider", "Provider", words=lambda name: wording.label("provider", name)),
            RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code, brief=True)),
            RecordColumn("phase", "Phase", words=lambda code: wording.label("phase", code, brief=True)),
            RecordColumn("need", "Need", words=lambda code: wording.label("need", code, brief=True)),
            RecordColumn("annual_cost", "A full year (£)", "pounds"),
            RecordColumn("median", "Median of the setting (£)", "pounds"),
            RecordColumn("times_median", "Times the median", "years"),
            RecordColumn("above_median", "Above the median, in the year (£)", "change"),
            RecordColumn("rule", "Which rule", words=lambda code: rules.label(code)),
            RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
        ],
        rows=list(found.iter_rows(named=True)),
        whole={
            "placement_id": f"All {wording.count(found.height)}",
            "above_median": round(float(found["above_median"].sum()), 2),
        },
        about=[
            *_about(costs),
            *((rules.label(code), rules.meaning(code)) for code in rules.codes),
            ("Left out", f"Settings with fewer than {FEWEST} placements: quartiles of so few say nothing."),
        ],
        caution="Each row is a child: for officers only, never for the meeting.",
        shown=OUTLIERS_SHOWN,
        tables=("placements",),
    )


def groups_of(costs: Costs) -> list[str]:
    """The kinds of setting that the trend has figures of, in order."""
    known = costs.trend.filter(polars.col("value").is_not_null())["setting_group"].unique().to_list()
    return [code for code in CODELISTS["setting_groups"].codes if code in known]


def _named(name: str, costs: Costs) -> RecordColumn:
    return RecordColumn(
        name,
        wording.dimension_title(name),
        link=lambda row: costs.narrowed(**{name: row[name]}),
        words=lambda code: wording.label(name, code),
    )


def _about(costs: Costs) -> list[tuple[str, str]]:
    return [
        ("Selected", costs.selection.about()),
        ("Year and prices", costs.when),
        *([("Deflator", real_terms.publication())] if costs.prices != real_terms.CASH else []),
    ]


def _checked(costs: Costs) -> None:
    if not costs.has_register or not costs.view.year:
        raise HnbError(
            f"{MEASURES['placement_years'].title}: no placement register is loaded, so there is nothing to list."
        )


LISTINGS = each_for_role(
    ANALYST,
    {
        "unit-costs": lambda query: spread_listing(Costs.read(query)),
        "unit-costs-by-year": lambda query: trend_listing(Costs.read(query)),
        "providers-against-median": lambda query: providers_listing(Costs.read(query)),
    },
) | each_for_role(OFFICER, {"outliers": lambda query: outliers_listing(Costs.read(query))})
