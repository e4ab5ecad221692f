"""The ledger: what was paid."""

from __future__ import annotations

from hnb.contract import Column, Table
from hnb.tables.columns import AUTHORITY, FINANCIAL_YEAR, SOURCE, amount

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
        amount("Amount paid; a refund is negative."),
        SOURCE,
    ),
    (),
    comes_from="payments from the ledger",
    amount="amount",
)  # fmt: skip
