"""What a build says of itself: files, problems, changes, coverage."""

from __future__ import annotations

from hnb.contract import Column, Table
from hnb.tables.ledger import PAYMENTS
from hnb.tables.money import BALANCES, BUDGET, BUDGET_MONTHS, GRANT, PLACE_DEDUCTIONS, SPEND_RETURNS
from hnb.tables.placements import PLACEMENTS, PLANS

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
