"""Columns that many tables have, declared once."""

from __future__ import annotations

from hnb.contract import Column

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


def amount(meaning: str) -> Column:
    return Column("amount", "pounds", meaning)
