"""The ledger: what was paid, which line each code belongs to, and how it stands to the register and the returns."""

from __future__ import annotations

from hnb.contract import Column, Table
from hnb.tables.columns import AUTHORITY, FINANCIAL_YEAR, SOURCE, amount

_MAYBE_LINE = Column("line", "code", "Budget line; blank where the rule tells the group of lines only, or none.", codes="budget_lines", required=False)  # fmt: skip
_GROUP = Column("line_group", "code", "DfE's group of lines; given where the line itself is not sure.", codes="line_groups", required=False)  # fmt: skip

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
        Column("line", "code", "Budget line that the officers' mapping gives it; blank where it is not high needs or the line is not sure.", codes="budget_lines", required=False),
        Column("line_group", "code", "Group of lines that the mapping gives it.", codes="line_groups", required=False),
        Column("setting", "code", "Kind of setting that the mapping gives it.", codes="settings", required=False),
        Column("ledger_status", "code", "What the mapping says of it.", codes="ledger_statuses", required=False),
        Column("rule_id", "identifier", "The rule of the mapping that says so; blank where none speaks of it.", required=False),
        amount("Amount paid; a refund is negative."),
        SOURCE,
    ),
    (),
    comes_from="payments from the ledger",
    amount="amount",
)  # fmt: skip

LEDGER_MAPPING = Table(
    "ledger_mapping",
    "one rule that says which payments are high needs, and on which line; the most specific rule wins",
    (
        AUTHORITY,
        Column("rule_id", "identifier", "The rule's own number.", pattern=r"[\w .-]{1,40}"),
        Column("expense_code", "identifier", "Subjective code that it is for; blank for any.", required=False),
        Column("expense_area", "text", "Service or cost centre; * stands for any letters; blank for any.", required=False),
        Column("category", "text", "Supplier category; * stands for any letters; blank for any.", required=False),
        Column("supplier", "text", "Supplier; * stands for any letters; blank for any.", required=False),
        Column("is_high_needs", "flag", "Whether such payments are high needs."),
        _MAYBE_LINE,
        _GROUP,
        Column("setting", "code", "Kind of setting, where all of them are of one.", codes="settings", required=False),
        Column("certainty", "code", "How sure it is.", codes="certainties"),
        Column("reason", "text", "Why, in words that another officer can check."),
        Column("decided_by", "text", "Who decided it: a role is enough."),
        Column("decided_on", "date", "Day on which it was decided."),
        SOURCE,
    ),
    ("authority", "rule_id"),
    comes_from="the officers' mapping of ledger codes",
)  # fmt: skip

SUPPLIER_MATCHES = Table(
    "supplier_matches",
    "one supplier of the ledger and the provider of the register that it may be",
    (
        AUTHORITY,
        Column("supplier", "text", "Supplier as the ledger has it."),
        Column("provider", "text", "Provider as the register has it."),
        Column("decision", "code", "What a person decided.", codes="match_decisions"),
        Column("decided_by", "text", "Who decided it; blank while it is only offered.", required=False),
        Column("decided_on", "date", "Day on which it was decided.", required=False),
        SOURCE,
    ),
    ("authority", "supplier", "provider"),
    comes_from="the officers' list of suppliers",
)

LEDGER_MONTHS = Table(
    "ledger_months",
    "what was paid in one month by line, kind of setting and what the mapping says",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("month", "date", "First day of the month of the payments' file."),
        Column("ledger_status", "code", "What the mapping says.", codes="ledger_statuses"),
        _MAYBE_LINE,
        _GROUP,
        Column("setting", "code", "Kind of setting, where the mapping says it.", codes="settings", required=False),
        Column("expense_code", "identifier", "Subjective code; of high needs and of what is not mapped.", required=False),
        Column("expense_type", "text", "Subjective heading.", required=False),
        Column("payments", "count", "Payments.", unit="payments"),
        amount("Paid; a refund is negative."),
        Column("repeats", "count", "Of them, rows exactly like an earlier one of the same file.", unit="payments"),
        Column("repeated_amount", "pounds", "What these add up to."),
        SOURCE,
    ),
    ("authority", "financial_year", "month", "ledger_status", "line", "line_group", "setting", "expense_code", "expense_type"),
    derived_from=("payments", "ledger_mapping"),
    amount="amount",
)  # fmt: skip

RECONCILIATION = Table(
    "reconciliation",
    "one budget line in one month or year, as two sources have it",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("month", "date", "First day of the month; blank for the year.", required=False),
        Column("pair", "code", "Which two sources.", codes="ledger_pairs"),
        Column("line", "code", "Budget line; blank for a group of lines and for the whole block.", codes="budget_lines", required=False),
        Column("line_group", "code", "Group of lines; of the whole block high_needs_total.", codes="line_groups", required=False),
        Column("first_amount", "pounds", "What the first source has."),
        Column("second_amount", "pounds", "What the second has."),
        Column("difference", "pounds", "Second less first, to the penny."),
        Column("months_covered", "count", "Months that both cover: twelve are a whole year.", unit="months"),
        Column("months_missing", "text", "Months of payments that are not loaded, in words; blank where none.", required=False),
        SOURCE,
    ),
    ("authority", "financial_year", "month", "pair", "line", "line_group"),
    derived_from=("placements", "budget", "payments", "ledger_mapping", "supplier_matches", "spend_returns"),
    amount="difference",
    kinds=("pair",),
)  # fmt: skip

LEDGER_EXCEPTIONS = Table(
    "ledger_exceptions",
    "one thing in which register and ledger differ; with what is met they add up to the whole difference",
    (
        AUTHORITY,
        FINANCIAL_YEAR,
        Column("exception", "code", "What kind.", codes="ledger_exceptions"),
        Column("line", "code", "Budget line; blank where the mapping does not say it.", codes="budget_lines", required=False),
        Column("provider", "text", "Provider in the register.", required=False),
        Column("supplier", "text", "Supplier in the ledger.", required=False),
        Column("placement_id", "identifier", "The placement, where one explains it.", required=False),
        Column("month", "date", "Month that it is for; of something paid only, the month of payment."),
        Column("paid_month", "date", "Month in which it was paid; blank where it was not.", required=False),
        Column("register_amount", "pounds", "What the register has."),
        Column("ledger_amount", "pounds", "What was paid."),
        Column("difference", "pounds", "Paid less register."),
        Column("detail", "text", "What was found, in words."),
        Column("ledger_source", "text", "Where the payment was read: file!sheet!row.", required=False),
        SOURCE,
    ),
    (),
    derived_from=("placements", "payments", "ledger_mapping", "supplier_matches"),
    amount="difference",
    kinds=("exception",),
)  # fmt: skip

SUPPLIER_OFFERS = Table(
    "supplier_offers",
    "one supplier that is paid for placements and not yet said to be a provider, with the one it is most like",
    (
        AUTHORITY,
        Column("supplier", "text", "Supplier as the ledger has it."),
        Column("provider", "text", "The provider most like it; blank where none is.", required=False),
        Column("likeness", "share", "How alike the names are, 1 for the same words.", required=False),
        Column("payments", "count", "Payments to it.", unit="payments"),
        amount("Paid to it in all years."),
        SOURCE,
    ),
    ("authority", "supplier"),
    derived_from=("placements", "payments", "supplier_matches"),
    amount="amount",
)  # fmt: skip
