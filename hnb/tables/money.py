"""The money: budget, spend, grant, balance and the returns."""

from __future__ import annotations

from hnb.contract import Column, Table
from hnb.tables.columns import (
    AUTHORITY,
    FINANCIAL_YEAR,
    IN_BOROUGH,
    LINE,
    NEED,
    PHASE,
    PROVIDER,
    SETTING,
    SOURCE,
    amount,
)

BUDGET = Table(
    "budget",
    "a budget line × setting × phase × kind of money, as at a date",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("as_at", "date", "The date to which the monitor reports."),
        LINE,
        SETTING,
        PHASE,
        Column("money", "code", "Kind of money.", codes="money"),
        amount("Amount of that kind of money; positive = spend."),
        SOURCE,
    ),
    ("authority", "financial_year", "as_at", "line", "setting", "phase", "money"),
    comes_from="the budget monitor",
    amount="amount",
    kinds=("money",),
    reported="as_at",
)

BUDGET_MONTHS = Table(
    "budget_months",
    "a budget line × setting × phase × month × kind of money, as at a date",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("as_at", "date", "The date to which the monitor reports."),
        Column("month", "date", "First day of the month; within the financial year."),
        LINE,
        SETTING,
        PHASE,
        Column("money", "code", "Kind of money of the month.", codes="month_money"),
        amount("Amount of that month alone, not to date; positive = spend."),
        SOURCE,
    ),
    ("authority", "financial_year", "as_at", "month", "line", "setting", "phase", "money"),
    comes_from="the budget monitor by month",
    amount="amount",
    kinds=("money",),
    reported="as_at",
)

SPEND = Table(
    "spend",
    "what a year cost, as finely as the register and the budget monitor allow together",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("basis", "code", "Outturn for a closed year, forecast for the one in progress.", codes="spend_bases"),
        Column("part", "code", "Which part of the spend; includes the named reconciling row.", codes="spend_parts"),
        LINE,
        SETTING,
        PHASE,
        NEED,
        IN_BOROUGH,
        PROVIDER,
        amount("What it cost the block in the year."),
        Column("placement_years", "number", "Days in placement ÷ days in the year; nought where not a placement.", unit="placement-years"),
        Column("placements", "count", "Placements open on the January count, or on the register's date if that is earlier.", unit="placements"),
        Column("counted_on", "date", "The date of that count.", required=False),
        SOURCE,
    ),
    ("authority", "financial_year", "part", "line", "setting", "phase", "need", "in_borough", "provider"),
    derived_from=("placements", "budget"),
    amount="amount",
)  # fmt: skip

GRANT = Table(
    "grant",
    "one component of the block's allocation, as published on a date",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("published_on", "date", "Date of the publication; the latest is in force."),
        Column("component", "code", "Component of the allocation.", codes="grant_components"),
        amount("Pounds to the authority; a deduction is negative."),
        SOURCE,
    ),
    ("authority", "financial_year", "published_on", "component"),
    comes_from="DfE's allocation of the high needs block or the authority's own statement of it",
    amount="amount",
    kinds=("component",),
    reported="published_on",
)

PLACE_DEDUCTIONS = Table(
    "place_deductions",
    "places of one kind at one kind of provider that DfE pays directly",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("published_on", "date", "Date of the publication; the latest is in force."),
        Column("provider_kind", "code", "Kind of provider.", codes="provider_kinds"),
        Column("place_kind", "code", "Kind of place.", codes="place_kinds"),
        Column("places_before", "number", "Places from April to the change (August; July for post-16).", unit="places", required=False),
        Column("places_after", "number", "Places from the change (September; August for post-16) to March.", unit="places", required=False),
        amount("Deducted from the block for the year; positive."),
        SOURCE,
    ),
    ("authority", "financial_year", "published_on", "provider_kind", "place_kind"),
    comes_from="DfE's allocation of the high needs block",
    amount="amount",
    reported="published_on",
)  # fmt: skip

BALANCES = Table(
    "balances",
    "the cumulative position of the Dedicated Schools Grant at the end of a year",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("basis", "code", "Whether the row gives pounds or a share of income; sources give one or the other.", codes="balance_bases"),
        Column("balance", "pounds", "Pounds at 31 March; positive = surplus, negative = deficit.", required=False),
        Column("balance_share", "share", "The same as a share of the year's grant income; positive = surplus.", required=False),
        SOURCE,
    ),
    ("authority", "financial_year", "basis"),
    comes_from="the authority's statement of its balance or DfE's",
    amount="balance",
    kinds=("basis",),
)  # fmt: skip

SPEND_RETURNS = Table(
    "spend_returns",
    "a Section 251 line or published group of lines × column",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("stage", "code", "Budget or outturn return; their coverage differs.", codes="stages"),
        Column("detail", "code", "Level of detail; rows of different levels are never added together.", codes="return_details"),
        Column("line", "code", "Section 251 line, where the source gives it.", codes="budget_lines", required=False),
        Column("line_group", "code", "DfE's published group of lines.", codes="line_groups"),
        SETTING,
        PHASE,
        Column("is_income", "flag", "Whether the row is the column of income, which is negative."),
        amount("Pounds, positive = spend; line 1.9.3: positive = deficit."),
        SOURCE,
    ),
    ("authority", "financial_year", "stage", "detail", "line", "line_group", "setting", "phase", "is_income"),
    comes_from="the Section 251 returns that DfE publishes",
    amount="amount",
    kinds=("stage", "detail"),
)  # fmt: skip
