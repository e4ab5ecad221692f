"""What authorities are compared by: how many people live there, who is like whom, and published totals of areas."""

from __future__ import annotations

from hnb.contract import Column, Table
from hnb.tables.columns import AUTHORITY, SOURCE

_JANUARY = Column("year", "integer", "Calendar year of the January count that the figure goes with.", minimum=2010, maximum=2100)  # fmt: skip

POPULATION = Table(
    "population",
    "how many people of one kind an authority has, for one January count",
    (
        AUTHORITY,
        _JANUARY,
        Column("kind", "code", "Kind of people counted.", codes="population_kinds"),
        Column("people", "number", "How many; a projection need not be whole.", unit="people", minimum=0),
        SOURCE,
    ),
    ("authority", "year", "kind"),
    comes_from="the list of people and pupils by authority or DfE's own tables of them",
    kinds=("kind",),
)

NEIGHBOURS = Table(
    "neighbours",
    "one authority that is like another, in one edition of the list of statistical neighbours",
    (
        AUTHORITY,
        Column("edition", "date", "First day of the month in which the list was published; the latest is used unless another is chosen."),
        Column("rank", "integer", "1 is the most alike.", minimum=1, maximum=20),
        Column("neighbour", "identifier", "ONS code of the authority that is alike."),
        Column("closeness", "text", "How alike, in the source's words.", required=False),
        SOURCE,
    ),
    ("authority", "edition", "rank"),
    comes_from="DfE's list of statistical neighbours",
)  # fmt: skip

AREA_TOTALS = Table(
    "area_totals",
    "a published total of a region or of England, which the authorities in it are never added to",
    (
        Column("area", "code", "Region or England.", codes="areas"),
        _JANUARY,
        Column("figure", "code", "What it is the total of.", codes="area_figures"),
        Column("setting", "code", "Kind of setting, where the figure is split so.", codes="settings", required=False),
        Column("line_group", "code", "DfE's published group of lines, where the figure is split so.", codes="line_groups", required=False),
        Column("amount", "number", "How many plans, people or pounds."),
        SOURCE,
    ),
    ("area", "year", "figure", "setting", "line_group"),
    comes_from="the published totals of regions and of England",
)  # fmt: skip
