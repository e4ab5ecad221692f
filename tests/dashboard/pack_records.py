"""A publication made by hand, with every kind of chart, hidden cells, a forecast, a whole and an empty view.

spend, £          2023-24    2024-25    2025-26    2026-27 (forecast)
Independent     12,900,112  13,600,341  14,900,567  15,600,999
State special   15,100,004  16,400,005  17,200,006  17,800,007
Bases            1,100,413           c   1,300,415   1,400,416
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import polars

from dashboard.packs.pack import Pack
from hnb import wording
from hnb.disclosure import Account, Rules
from hnb.meeting import Chart, Mark, Said, Series, Table, Tile, View
from hnb.published import Published

YEARS = ("2023-24", "2024-25", "2025-26", "2026-27")
HIDDEN = Said(None, "c", "suppressed")
SOURCE = "Budget monitor of period 7 and placement register of 31 October 2026"


def money(amount: float, *, is_forecast: bool = False, style: wording.Style = "table") -> Said:
    """An amount as tables say it."""
    return Said(amount, wording.pounds(amount, style), "estimated" if is_forecast else "reported")


def fraction(value: float, *, is_forecast: bool = False) -> Said:
    """A share."""
    return Said(value, wording.share(value), "estimated" if is_forecast else "reported")


def counted(value: int) -> Said:
    """A count."""
    return Said(value, wording.count(value))


def _course(*amounts: float | None) -> tuple[Said, ...]:
    return tuple(
        HIDDEN if amount is None else money(amount, is_forecast=year == YEARS[-1])
        for year, amount in zip(YEARS, amounts, strict=True)
    )


def charted(points: tuple[Said, ...]) -> tuple[Said, ...]:
    """Amounts as charts say them."""
    return tuple(
        point if point.value is None else replace(point, words=wording.pounds(point.value, "chart"))
        for point in points
    )


SPEND = {
    "Independent": _course(12_900_112, 13_600_341, 14_900_567, 15_600_999),
    "State special": _course(15_100_004, 16_400_005, 17_200_006, 17_800_007),
    "Bases": _course(1_100_413, None, 1_300_415, 1_400_416),
}
WHOLE = _course(29_100_529, 31_300_759, 33_400_988, 34_801_422)
BALANCE = _course(412_034, -1_204_511, -2_610_902, -3_415_077)

POSITION = View(
    view_id="position",
    part="Position",
    headline="The block will end 2026-27 £3.4m overspent, £0.8m worse than the year before",
    measured="In-year position against the allocation, £, by financial year; 2026-27 is a forecast",
    source=SOURCE,
    tiles=(
        Tile(money(69_800_222, style="chart"), "allocation for 2026-27"),
        Tile(money(73_215_299, is_forecast=True, style="chart"), "forecast spend"),
        Tile(money(-3_415_077, is_forecast=True, style="chart"), "in-year position", "adverse", "overspent"),
        Tile(counted(2_582), "children with a plan"),
    ),
    chart=Chart(
        "columns",
        YEARS,
        (Series("In-year position", charted(BALANCE), "accent", is_accent=True),),
        "pounds",
        "The in-year position falls from £412,034 in 2023-24 to −£3,415,077, a forecast, in 2026-27.",
    ),
    table=Table(
        "In-year position by financial year",
        ("Year", "Position"),
        tuple((year, (said,)) for year, said in zip(YEARS, BALANCE, strict=True)),
        ("pounds",),
    ),
    sentences=("The allocation grew by 4.1%, spend by 5.3%.", "The stability grant would close £1.1m of it."),
    notes=("Say first what the forecast rests on.", "The monitor is of period 7."),
    caution="The forecast is the budget holders'; three of the last four were too low.",
)

POUND = View(
    view_id="pound",
    part="Where each £1 goes",
    headline="Of each £1, 45p goes to independent schools & “other” <settings>",
    measured="Share of spend, 2025-26",
    source=SOURCE,
    chart=Chart(
        "bars",
        ("Independent", "State special", "Mainstream schools", "Bases", "Other places"),
        (
            Series(
                "Share of spend",
                (fraction(0.4461), fraction(0.3149), fraction(0.1713), fraction(0.0677), HIDDEN),
                "accent",
                is_accent=True,
            ),
        ),
        "share",
        "Independent 44.6%, State special 31.5%, Mainstream 17.1%, Bases 6.8%; Other places hidden.",
    ),
    table=Table(
        "Share of spend by kind of setting",
        ("Kind of setting", "Share of spend", "Spend", "Placements"),
        (
            ("Independent", (fraction(0.4461), money(14_900_567), counted(287))),
            ("State special", (fraction(0.3149), money(10_518_214), counted(612))),
            ("Mainstream schools", (fraction(0.1713), money(5_721_589), counted(1_204))),
            ("Bases", (fraction(0.0677), money(2_261_246), counted(148))),
            ("Other places", (HIDDEN, HIDDEN, HIDDEN)),
        ),
        ("share", "pounds", "count"),
        whole=("All", (fraction(1.0), money(33_400_988), counted(2_260))),
        signs="c hidden",
    ),
    sentences=("Independent schools are the largest part for the third year.",),
    notes=("Placements are those on the count date.",),
)

COURSE = View(
    view_id="course",
    part="What changed since last time",
    headline="Independent spend is up £0.7m on last year, most of it price",
    measured="Spend, £, by kind of setting and financial year; 2026-27 is a forecast",
    source=SOURCE,
    tiles=(Tile(money(700_432, is_forecast=True, style="chart"), "more than in 2025-26", "adverse", "up"),),
    chart=Chart(
        "lines",
        YEARS,
        (
            Series("Independent", charted(SPEND["Independent"]), "accent", is_accent=True),
            Series("State special", charted(SPEND["State special"]), "muted"),
            Series("Bases", charted(SPEND["Bases"]), "muted"),
        ),
        "pounds",
        "Independent rises from £12.9m to a forecast of £15.6m; State special from £15.1m to £17.8m.",
        (Mark("2025-26", "Register replaced", "break"),),
    ),
    table=Table(
        "Spend by kind of setting and financial year",
        ("Kind of setting", *YEARS),
        tuple(SPEND.items()),
        ("pounds",) * 4,
        whole=("All", WHOLE),
        signs="c hidden",
    ),
    sentences=("£0.5m of the rise is price.", "£0.2m is 4 more placements."),
    caution="Before 2025-26 another register was kept.",
)

HEAT = View(
    view_id="crossed",
    part="Phase × need × setting",
    headline="Autism in secondary is the largest cell: 312 placements",
    measured="Placements on the count date, 2025-26, by phase and need",
    source="Placement register of 31 October 2026",
    table=Table(
        "Placements by need and phase",
        ("Need", "Early years and primary", "Secondary", "After 16", "All"),
        (
            ("Autism", (counted(290), counted(312), counted(141), counted(743))),
            ("Speech and language", (counted(301), counted(122), HIDDEN, HIDDEN)),
            ("Social and mental health", (counted(88), counted(203), counted(77), counted(368))),
            ("Sensory", (HIDDEN, HIDDEN, HIDDEN, counted(44))),
            ("None recorded", (counted(0), counted(0), Said(None, "z", "not_collected"), counted(0))),
        ),
        ("count",) * 4,
        whole=("All", (counted(733), counted(661), counted(239), counted(1_633))),
        is_heat=True,
        signs="c hidden; z not collected",
    ),
    notes=("Small cells are hidden.",),
)

_SHARES = (0.081, 0.079, 0.074, 0.071)

RECOMMENDATION = View(
    view_id="recommendation-R1",
    part="Recommendation 1 of 9",
    headline="R1, fewer independent placements: behind its path by 1.1 points; target illustrative",
    measured="Independent share of placements, by financial year",
    source="Placement register of 31 October 2026; the board's register of recommendations",
    tiles=(
        Tile(fraction(0.081), "baseline, 2023-24"),
        Tile(fraction(0.071, is_forecast=True), "latest, 2026-27", "adverse", "behind"),
        Tile(fraction(0.06), "target for 2026-27, illustrative"),
    ),
    chart=Chart(
        "lines",
        YEARS,
        (
            Series(
                "Independent share",
                tuple(
                    fraction(value, is_forecast=year == YEARS[-1])
                    for year, value in zip(YEARS, _SHARES, strict=True)
                ),
                "accent",
                is_accent=True,
            ),
            Series(
                "Straight path",
                (fraction(0.081), fraction(0.074), fraction(0.067), fraction(0.06)),
                "muted",
                stroke="path",
            ),
            Series(
                "Target", (Said(None, "x", "not_available"),) * 3 + (fraction(0.06),), "ink", stroke="target"
            ),
        ),
        "share",
        "The share falls from 8.1% to 7.1%; the straight path stands at 6.0% in 2026-27.",
        (Mark("2024-25", "Panel decided on 12 May 2024", "decision"),),
    ),
    table=Table(
        "Independent share of placements against its path",
        ("Year", "Independent share", "Straight path"),
        tuple(
            (year, (fraction(value, is_forecast=year == YEARS[-1]), fraction(path)))
            for year, value, path in zip(YEARS, _SHARES, (0.081, 0.074, 0.067, 0.06), strict=True)
        ),
        ("share", "share"),
    ),
    sentences=("Had the share stayed at its 2023-24 level, £1.2m more would have been spent.",),
    notes=("The target is illustrative: none is published.",),
    caution="Illustrative target: no published one exists.",
)

QUESTIONS = View(
    view_id="questions",
    part="Questions taken away",
    headline="Questions taken away from the meeting",
    measured="From the last meeting",
    source="The board's own list",
    sentences=("Why did transport rise in autumn?", "=2+2 is what the clerk typed"),
)

VIEWS = (POSITION, POUND, COURSE, HEAT, RECOMMENDATION, QUESTIONS)

PUBLISHED = Published(
    publication_id="000003-20261130T101500Z",
    published_at=datetime.datetime(2026, 11, 30, 10, 15, tzinfo=datetime.UTC),
    snapshot_id="000007-20261129T080000Z",
    as_at=datetime.date(2026, 10, 31),
    audience="pack",
    authority="E09000029",
    authority_name="Sutton",
    board_name="Sutton Education Partnership",
    board_initials="SEP",
    block_name="High Needs Block",
    rules=Rules(threshold=10),
    account=Account(
        cells=920, cells_shown=690, unsafe=100, complement=130, children=66_000, children_shown=54_780,
        amount=1_200_000_000.0, amount_shown=984_000_000.0,
    ),
    tables={"setting_by_phase": polars.DataFrame({"financial_year": YEARS})},
    forecast_years=("2026-27",),
    block=polars.DataFrame(),
    recommendations=(),
)  # fmt: skip

PACK = Pack(PUBLISHED, VIEWS)


def with_view(view: View) -> Pack:
    """A pack of one view."""
    return replace(PACK, views=(view,))
