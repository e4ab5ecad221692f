"""Where each £1 goes: spend of the latest year by kind of setting, and how the pennies moved."""

from __future__ import annotations

from hnb import wording
from hnb.findings import meeting as findings
from hnb.findings.general import pence
from hnb.meeting import cells, names, said
from hnb.meeting.view import Chart, Said, Series, Shape, Table, View
from hnb.published import Cell, Published

VIEW_ID = "each-pound"


def view(published: Published) -> View:
    """Spend by kind of setting, the largest first; what is hidden last."""
    year, first = published.latest_year, _first_known_year(published)
    spend = {code: published.cell("spend", year, setting=code) for code in names.SETTINGS}
    whole = published.cell("spend", year)
    shares = {code: cells.share(cell, whole) for code, cell in spend.items()}
    order = sorted(names.SETTINGS, key=lambda code: (spend[code].value is None, -(spend[code].value or 0.0)))
    moved = [(code, _share(published, first, code), shares[code]) for code in names.SETTINGS] if first else []
    headline = findings.of_each_pound(list(shares.items()), year)
    sentence = findings.share_moved_most(moved, first) if first else ""
    return View(
        VIEW_ID,
        "Where each £1 goes",
        headline,
        f"{names.verb(published, year, 'Forecast spend', 'Spend')} {year} by kind of setting: pence of each £1, and £m",
        names.source(published),
        chart=_chart(order, spend, shares, f"{headline}.", year),
        table=_table(published, order, year),
        sentences=(sentence,) if sentence else (),
        notes=_notes(headline, whole, year, sentence),
        caution="Services that are no child’s place, and places bought in bulk, are in the setting that they are paid to.",
    )


def _chart(
    order: list[str], spend: dict[str, Cell], shares: dict[str, Cell], described: str, year: str
) -> Chart:
    points = tuple(
        Said(spend[code].value, f"{pence(shares[code].value)} · {wording.millions(spend[code].value)}", spend[code].status)
        if spend[code].value is not None
        else said.millions(spend[code])
        for code in order
    )  # fmt: skip
    return Chart(
        "bars",
        tuple(names.label("setting", code) for code in order),
        (Series(year, points, "accent"),),
        "pounds",
        described,
        colours=tuple(names.colour(code) for code in order),
    )


def _table(published: Published, order: list[str], year: str) -> Table:
    before = published.year_before(year)
    headings = [
        "Kind of setting",
        *([before] if before else []),
        year,
        *(["Change"] if before else []),
        "Of each £1",
    ]

    def row(setting: str) -> tuple[Said, ...]:
        now = _spend(published, year, setting)
        share = cells.share(now, published.cell("spend", year))
        of_pound = said.share(share)
        if not before:
            return (said.pounds(now), of_pound)
        then = _spend(published, before, setting)
        return (
            said.pounds(then),
            said.pounds(now),
            said.pounds(cells.less(now, then), signed=True),
            of_pound,
        )

    rows = tuple((names.label("setting", code), row(code)) for code in order)
    money: tuple[Shape, ...] = ("pounds", "pounds", "pounds") if before else ("pounds",)
    return Table(
        f"Spend by kind of setting, pounds{' (a forecast in ' + year + ')' if year in published.forecast_years else ''}",
        tuple(headings),
        rows,
        (*money, "share"),
        ("All", row("all")),
        signs=names.signs(figure for _, figures in rows for figure in figures),
    )  # fmt: skip


def _notes(headline: str, whole: Cell, year: str, sentence: str) -> tuple[str, ...]:
    total = said.millions(whole).words
    return (
        f"In plain words: {headline}. The whole is {total} in {year}; a penny of it is {wording.pounds((whole.value or 0.0) / 100, 'sentence')}.",
        "How it is worked out: spend of each kind of setting divided by all spend of the year.",
        f"If asked “has that moved?”: {sentence}." if sentence else "If asked “has that moved?”: there is no earlier year to hold it against.",
        "Caution: a larger share is not a worse one; it may be more children, dearer places, or less spent elsewhere.",
    )  # fmt: skip


def _spend(published: Published, year: str, setting: str) -> Cell:
    return published.cell("spend", year, setting=setting)


def _share(published: Published, year: str, setting: str) -> Cell:
    return cells.share(_spend(published, year, setting), published.cell("spend", year))


def _first_known_year(published: Published) -> str:
    """The first year before the latest in which no kind of setting is hidden; "" where there is none."""
    for year in published.years[:-1]:
        if all(_spend(published, year, code).value is not None for code in names.SETTINGS):
            return year
    return ""
