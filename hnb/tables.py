"""Our tables: what each row is, each column's kind, unit, meaning and codes, and each table's key.

This is the place to add a column: its check, its Parquet field, its line in the data dictionary and its
export heading follow. Amounts are pounds, positive = spend, unless the meaning says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hnb.contract import Column, Table

AUTHORITY = Column(
    "authority", "identifier", "ONS code of the local authority, such as E09000029 for Sutton."
)
SOURCE = Column(
    "source", "text", "Where the row was read: file!sheet!row; for a derived row, what it was derived from."
)
FINANCIAL_YEAR = Column("financial_year", "year", "Financial year, April to March.")
LINE = Column("line", "code", "Section 251 budget line.", codes="budget_lines")
SETTING = Column("setting", "code", "Kind of setting.", codes="settings")
PHASE = Column("phase", "code", "Phase of education, by age on 31 August.", codes="phases")
NEED = Column("need", "code", "Primary need of the plan.", codes="needs")
IN_BOROUGH = Column("in_borough", "flag", "Whether the provider is in the authority's area.", required=False)
PROVIDER = Column("provider", "text", "Name of the school, college or other provider.", required=False)


def _amount(meaning: str) -> Column:
    return Column("amount", "pounds", meaning)


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
        _amount("Amount of that kind of money; positive = spend."),
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
        _amount("Amount of that month alone, not to date; positive = spend."),
        SOURCE,
    ),
    ("authority", "financial_year", "as_at", "month", "line", "setting", "phase", "money"),
    comes_from="the budget monitor by month",
    amount="amount",
    kinds=("money",),
    reported="as_at",
)

PLACEMENTS = Table(
    "placements",
    "one funded placement of one child, as a register records it",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("register_as_at", "date", "The date to which the register is kept; one register a financial year."),
        Column("placement_id", "identifier", "The register's own number of the placement; never a name.", pattern=r"(?=.*\d)[\w ./-]{1,40}"),
        Column("pupil_id", "identifier", "Keyed hash (HMAC-SHA256) of the child's identifier; the key is kept outside the data."),
        NEED,
        Column("secondary_need", "code", "Second need of the plan.", codes="needs", required=False),
        SETTING,
        PHASE,
        Column("year_group", "integer", "National curriculum year; 0 is Reception, −1 nursery.", required=False, minimum=-3, maximum=26),
        Column("age", "integer", "Age on the 31 August within the financial year; a date of birth is never kept.", required=False, minimum=0, maximum=30),
        PROVIDER,
        Column("provider_id", "identifier", "URN, UKPRN or the council's own number of the provider.", required=False),
        IN_BOROUGH,
        Column("residential", "flag", "Whether the placement is residential.", required=False),
        Column("start_on", "date", "First day of the placement."),
        Column("end_on", "date", "The day on which the placement ends; that day is not counted. Blank while it goes on.", required=False),
        Column("status", "code", "Status in the register.", codes="placement_statuses"),
        Column("placement_rank", "integer", "1 for the child's main placement, 2 for a second beside it.", required=False, minimum=1, maximum=9),
        Column("band", "text", "Top-up band.", required=False),
        LINE,
        Column("place_cost", "pounds", "Place element that the block pays for this child, a full year.", required=False),
        Column("top_up_cost", "pounds", "Top-up or fee, a full year.", required=False),
        Column("other_cost", "pounds", "Other cost to the block, a full year.", required=False),
        Column("health_contribution", "pounds", "Paid by health, a full year.", required=False, minimum=0),
        Column("care_contribution", "pounds", "Paid by social care, a full year.", required=False, minimum=0),
        Column("annual_cost", "pounds", "What a full year costs the block, net of contributions."),
        SOURCE,
    ),
    ("authority", "register_as_at", "placement_id"),
    in_order=(("start_on", "end_on"),),
    comes_from="the placement register",
    amount="annual_cost",
    reported="register_as_at",
)  # fmt: skip

PLACEMENT_MONTHS = Table(
    "placement_months",
    "what one placement cost in one month",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("month", "date", "First day of the month."),
        Column("placement_id", "identifier", "The register's own number of the placement."),
        Column("pupil_id", "identifier", "Keyed hash of the child's identifier."),
        NEED,
        SETTING,
        PHASE,
        PROVIDER,
        IN_BOROUGH,
        LINE,
        Column("days", "integer", "Days of the month in the placement.", unit="days", minimum=0, maximum=31),
        Column("placement_years", "number", "Days ÷ days in the financial year.", unit="placement-years"),
        Column("cost", "pounds", "Annual cost × days ÷ days in the financial year, to the penny; a placement's months add up to its year."),
        SOURCE,
    ),
    ("authority", "financial_year", "month", "placement_id"),
    derived_from=("placements",),
    amount="cost",
)  # fmt: skip

PLACEMENT_EXCEPTIONS = Table(
    "placement_exceptions",
    "one thing about a placement that a person should look at, though its row is sound",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("register_as_at", "date", "The date to which the register is kept; only the year's latest is looked through."),
        Column("exception", "code", "What is to be looked at.", codes="problem_kinds"),
        Column("placement_id", "identifier", "The register's own number of the placement; of an overlap, of the later one."),
        Column("pupil_id", "identifier", "Keyed hash of the child's identifier."),
        SETTING,
        PROVIDER,
        Column("other_placement_id", "identifier", "Of an overlap, the number of the earlier placement.", required=False),
        Column("other_source", "text", "Of an overlap, where the earlier placement was read.", required=False),
        Column("days", "integer", "Days of the year that are in question.", unit="days", minimum=0, maximum=366),
        Column("cost", "pounds", "What the placement costs on those days: annual cost × days ÷ days in the year."),
        Column("annual_cost", "pounds", "What a full year of the placement costs the block."),
        SOURCE,
    ),
    ("authority", "register_as_at", "exception", "placement_id"),
    derived_from=("placements",),
    amount="cost",
    kinds=("exception",),
    reported="register_as_at",
)  # fmt: skip

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
        _amount("What it cost the block in the year."),
        Column("placement_years", "number", "Days in placement ÷ days in the year; nought where not a placement.", unit="placement-years"),
        Column("placements", "count", "Placements open on the January count, or on the register's date if that is earlier.", unit="placements"),
        Column("counted_on", "date", "The date of that count.", required=False),
        SOURCE,
    ),
    ("authority", "financial_year", "part", "line", "setting", "phase", "need", "in_borough", "provider"),
    derived_from=("placements", "budget"),
    amount="amount",
)  # fmt: skip

PAYMENTS = Table(
    "payments",
    "one payment in the ledger, as published or extracted",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("paid_on", "date", "Date of the payment; it may fall before the file's month."),
        Column("period", "integer", "Month of the file in the financial year: 1 is April.", minimum=1, maximum=12),
        Column("transaction_id", "identifier", "The ledger's number; repeated where the file repeats it.", required=False),
        Column("supplier", "text", "Supplier as published.", required=False),
        Column("category", "text", "Supplier category as published.", required=False),
        Column("expense_area", "text", "Service or cost centre as published.", required=False),
        Column("expense_type", "text", "Subjective heading as published.", required=False),
        Column("expense_code", "identifier", "Subjective code.", required=False),
        Column("line", "code", "Budget line that the expense code is mapped to; blank if it is not a high needs code.", codes="budget_lines", required=False),
        Column("setting", "code", "Kind of setting that the expense code is mapped to.", codes="settings", required=False),
        _amount("Amount paid; a refund is negative."),
        SOURCE,
    ),
    (),
    comes_from="payments from the ledger",
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
        _amount("Pounds to the authority; a deduction is negative."),
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
        _amount("Deducted from the block for the year; positive."),
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
        _amount("Pounds, positive = spend; line 1.9.3: positive = deficit."),
        SOURCE,
    ),
    ("authority", "financial_year", "stage", "detail", "line", "line_group", "setting", "phase", "is_income"),
    comes_from="the Section 251 returns that DfE publishes",
    amount="amount",
    kinds=("stage", "detail"),
)  # fmt: skip

PLANS = Table(
    "plans",
    "EHC plans of an authority in a cell, each January",
    (
        AUTHORITY,
        Column("year", "integer", "Calendar year of the January count.", minimum=2010, maximum=2100),
        SETTING,
        Column(
            "setting_detail",
            "text",
            "The source's own name of the setting, where several make one of ours.",
            required=False,
        ),
        NEED,
        Column("age_band", "code", "DfE's age band on 31 August before.", codes="age_bands"),
        Column("plans", "count", "Plans in force.", unit="plans", required=False),
        Column("status", "code", "Whether the figure was reported.", codes="plan_statuses"),
        SOURCE,
    ),
    ("authority", "year", "setting", "setting_detail", "need", "age_band"),
    one_file=("authority", "year", "need", "age_band"),
    comes_from="DfE's release of EHC plans or the authority's January counts",
)

RECOMMENDATIONS = Table(
    "recommendations",
    "one recommendation of the review, as the board keeps it",
    (
        AUTHORITY,
        Column("recommendation_id", "identifier", "The board's own number."),
        Column("theme", "text", "Theme of the review or strategy."),
        Column("title", "text", "What is recommended, in plain words."),
        Column("owner", "text", "Role or body that owns it; never a person's private details.", required=False),
        Column("measure", "text", "Name of the measure in hnb.metrics that shows it; blank if none can.", required=False),
        Column("setting", "text", "Settings or groups of settings that it is about, comma between; blank = all.", required=False),
        Column("phase", "text", "Phases that it is about, comma between; blank = all.", required=False),
        Column("need", "text", "Needs that it is about, comma between; blank = all.", required=False),
        Column("baseline_year", "year", "Financial year of the baseline.", required=False),
        Column("baseline", "number", "Baseline figure in the measure's unit; blank = computed from the measure.", required=False),
        Column("target", "number", "Target in the measure's unit; blank = no target published.", required=False),
        Column("target_year", "year", "Financial year of the target.", required=False),
        Column("aim", "code", "Whether the measure is to rise or to fall; blank = as the measure is better, else from baseline toward target.", codes="aims", required=False),
        Column("status", "code", "Status of the work.", codes="recommendation_statuses"),
        Column("evidence_source", "text", "Where the recommendation is published.", required=False),
        Column("is_illustrative", "flag", "Whether the target is an example and not the review's."),
        SOURCE,
    ),
    ("authority", "recommendation_id"),
    comes_from="the board's register of recommendations",
)  # fmt: skip

RECOMMENDATION_UPDATES = Table(
    "recommendation_updates",
    "one note of progress on a recommendation",
    (
        AUTHORITY,
        Column("recommendation_id", "identifier", "The board's own number of the recommendation."),
        Column("noted_on", "date", "Date of the note."),
        Column("status", "code", "Status noted.", codes="recommendation_statuses", required=False),
        Column("note", "text", "What was said.", required=False),
        Column("decision", "text", "What was decided.", required=False),
        SOURCE,
    ),
    ("authority", "recommendation_id", "noted_on"),
    comes_from="the board's register of recommendations",
)

PROBLEMS = Table(
    "problems",
    "one problem or note of the build that made the snapshot",
    (
        Column("file", "text", "File that it is about."),
        Column("where", "text", "Address: file!sheet!cell."),
        Column("severity", "code", "Whether it holds publication up.", codes="severities"),
        Column("what", "code", "Kind of problem.", codes="problem_kinds"),
        Column("found", "text", "What was found.", required=False),
        Column("expected", "text", "What was expected.", required=False),
        Column("action", "text", "What to do.", required=False),
        Column("rows", "count", "Rows that it refuses.", unit="rows"),
    ),
    (),
)

FILES = Table(
    "files",
    "one sheet of one file that the build read, with the account of its rows",
    (
        Column("file", "text", "File, with the member of a zip behind a slash."),
        Column("sheet", "text", "Sheet of that file.", required=False),
        Column("layout", "text", "Layout that it was recognised as; blank if none.", required=False),
        Column("tables", "text", "Tables of the model that it feeds, comma between.", required=False),
        Column("reader", "text", "Reader that opened it.", required=False),
        Column("rows_read", "count", "Rows under the header.", unit="rows"),
        Column("rows_loaded", "count", "Rows that gave at least one row of a table.", unit="rows"),
        Column("rows_corrected", "count", "Rows loaded after a named correction.", unit="rows"),
        Column("rows_refused", "count", "Rows refused, each with a problem.", unit="rows"),
        Column(
            "rows_ignored",
            "count",
            "Rows ignored by name: totals, other geographies, footnotes.",
            unit="rows",
        ),
        Column(
            "amount_read",
            "pounds",
            "Pounds in the cells of the column that the table is summed by; blank where the sheet has none, or none that is carried over as it stands.",
            unit="£",
            required=False,
        ),
        Column("amount_loaded", "pounds", "Pounds of that which the tables hold.", unit="£", required=False),
        Column(
            "amount_refused", "pounds", "Pounds of that in rows that are refused.", unit="£", required=False
        ),
        Column(
            "amount_ignored",
            "pounds",
            "Pounds of that in rows ignored by name: printed totals, other geographies.",
            unit="£",
            required=False,
        ),
        Column("totals_printed", "count", "Printed totals found.", unit="totals"),
        Column("totals_met", "count", "Printed totals that the parts meet.", unit="totals"),
    ),
    (),
)

_LOADED = tuple(
    table.name
    for table in (
        BUDGET,
        BUDGET_MONTHS,
        PLACEMENTS,
        PAYMENTS,
        GRANT,
        PLACE_DEDUCTIONS,
        BALANCES,
        SPEND_RETURNS,
        PLANS,
    )
)

LOAD_CHANGES = Table(
    "load_changes",
    "what changed since the last load in the rows of a table on one sheet, or of one budget line",
    (
        Column("cut", "code", "How the changes are cut; rows of different cuts are the same changes and are never added.", codes="change_cuts"),
        Column("table", "text", "Table of the model."),
        Column("file", "text", "File of the rows; blank in the cut by line.", required=False),
        Column("sheet", "text", "Sheet of that file; blank in the cut by line.", required=False),
        Column("line", "code", "Budget line of the rows; blank in the cut by sheet, and where a row has none.", codes="budget_lines", required=False),
        Column("financial_year", "year", "Financial year of the rows; blank where the table has none.", required=False),
        Column("reported_on", "date", "Date of the report, register or publication, under which the one that it took the place of counts too; blank where the table has none.", required=False),
        Column("kind", "text", "Kind of figure in words (forecast, allocation after deductions): kinds are never added; blank where the table has one kind.", required=False),
        Column("is_first", "flag", "Whether there was no load before this one to compare with, so that everything is new."),
        Column("rows_before", "count", "Rows at the last load.", unit="rows"),
        Column("rows_now", "count", "Rows now.", unit="rows"),
        Column("rows_new", "count", "Rows now that were not there at the last load.", unit="rows"),
        Column("rows_changed", "count", "Rows there at both loads that say something else now. One that changed its line counts under both lines.", unit="rows"),
        Column("rows_vanished", "count", "Rows of the last load that are no longer there.", unit="rows"),
        Column("amount_before", "pounds", "Pounds at the last load; of the cut by sheet: of the rows that are on the sheet now or vanished from it. Blank where the rows hold no money.", required=False),
        Column("amount_now", "pounds", "Pounds now.", required=False),
        Column("amount_difference", "pounds", "Pounds now less pounds at the last load.", required=False),
    ),
    ("cut", "table", "file", "sheet", "line", "financial_year", "reported_on", "kind"),
    derived_from=_LOADED,
)  # fmt: skip

COVERAGE = Table(
    "coverage",
    "what is loaded of one series of a table in one period, or that nothing is",
    (
        Column("table", "text", "Table of the model."),
        Column("series", "text", "Series within the table whose years follow on by themselves, in words (outturn return, by line); blank where the table is one series.", required=False),
        Column("financial_year", "year", "Financial year."),
        Column("month", "date", "First day of the month, in a table that comes month by month; blank for a whole year.", required=False),
        Column("status", "code", "Whether there are rows of the period.", codes="coverage_statuses"),
        Column("rows", "count", "Rows of the period.", unit="rows"),
        Column("files", "count", "Files that they come from.", unit="files"),
        Column("authorities", "count", "Authorities that they are of.", unit="authorities"),
        Column("amount", "pounds", "Control total of the period, of all its authorities; blank in a gap and where there is no money.", required=False),
        Column("amount_is", "text", "What the control total is the sum of (forecast as at 31 October 2026); blank where there is none.", required=False),
        Column("note", "text", "Of a gap, between which periods it falls.", required=False),
    ),
    ("table", "series", "financial_year", "month"),
    derived_from=_LOADED,
)  # fmt: skip

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            BUDGET,
            BUDGET_MONTHS,
            PLACEMENTS,
            PLACEMENT_MONTHS,
            PLACEMENT_EXCEPTIONS,
            SPEND,
            PAYMENTS,
            GRANT,
            PLACE_DEDUCTIONS,
            BALANCES,
            SPEND_RETURNS,
            PLANS,
            RECOMMENDATIONS,
            RECOMMENDATION_UPDATES,
            COVERAGE,
            LOAD_CHANGES,
            FILES,
            PROBLEMS,
        )
    }
)
"""Every table by name, in the order in which the data dictionary shows them."""

ABOUT_THE_BUILD = ("coverage", "load_changes", "files", "problems")
"""Tables that tell of the build itself; all others are of what it loaded."""


def read_tables(name: str) -> tuple[str, ...]:
    """The tables that workbooks bring and that a table is made of: itself, or what it is derived from."""
    derived_from = TABLES[name].derived_from
    return (
        tuple(found for origin in derived_from for found in read_tables(origin)) if derived_from else (name,)
    )
