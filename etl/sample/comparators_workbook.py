"""The published figures of others in one workbook, as a performance team keeps them."""

from __future__ import annotations

from pathlib import Path

import pandas
from openpyxl import Workbook

from etl.sample import sheets
from etl.sample.comparators import COMPARATORS, NOT_GIVEN
from hnb.codelists import CODELISTS


def write_comparators(
    neighbours: pandas.DataFrame,
    population: pandas.DataFrame,
    plans: pandas.DataFrame,
    spend_returns: pandas.DataFrame,
    area_totals: pandas.DataFrame,
    folder: Path,
) -> Path:
    """`comparators.xlsx`, from the frames of `etl.sample.comparators`."""
    book = sheets.workbook()
    notes = [
        "Statistical neighbours, London and England",
        "Every figure is published; x is a figure that the authority did not give.",
        *(f"{name}: {text}" for name, text in COMPARATORS["sources"].items()),
    ]
    sheets.add_notes(book, "Notes", notes)
    _add_neighbours(book, neighbours)
    _add_population(book, population)
    _add_plans(book, plans)
    _add_totals(book, spend_returns)
    _add_groups(book, spend_returns)
    _add_areas(book, area_totals)
    return sheets.save(book, folder / "comparators.xlsx")


def _name(authority: str) -> str:
    return CODELISTS["authorities"].label(authority)


def _sheet(book: Workbook, name: str, title: str, headings: list[str], widths: list[int]) -> object:
    sheet = book.create_sheet(name)
    sheets.widths(sheet, widths)
    sheet.append([sheets.title(sheet, title)])
    sheet.append([])
    sheet.append(sheets.headings(sheet, headings))
    return sheet


def _add_neighbours(book: Workbook, rows: pandas.DataFrame) -> None:
    headings = ["Authority", "Edition", "Rank", "Neighbour", "Closeness"]
    sheet = _sheet(book, "Neighbours", "Statistical neighbours", headings, [28, 14, 8, 40, 16])
    sheets.add_rows(
        sheet,
        [
            [_name(row["authority"]), f"{row['edition']:%B %Y}", row["rank"], _name(row["neighbour"]), row["closeness"]]
            for row in rows.to_dict("records")
        ],
    )  # fmt: skip


def _add_population(book: Workbook, rows: pandas.DataFrame) -> None:
    headings = ["Authority", "January", "People aged 2 to 18", "Pupils"]
    sheet = _sheet(
        book, "People and pupils", "People and pupils that go with each January", headings, [40, 10, 20, 12]
    )
    table = rows.pivot_table(index=["authority", "year"], columns="kind", values="people", sort=False)
    sheets.add_rows(
        sheet,
        [
            [_name(authority), year, *(None if pandas.isna(figures[kind]) else float(figures[kind]) for kind in ("aged_2_18", "pupils"))]
            for (authority, year), figures in table.iterrows()
        ],
    )  # fmt: skip


def _add_plans(book: Workbook, rows: pandas.DataFrame) -> None:
    januaries = COMPARATORS["plans"]["januaries"]
    headings = ["Authority", "Setting", *(f"January {january}" for january in januaries)]
    sheet = _sheet(
        book,
        "Plans of neighbours",
        "EHC plans each January, by setting",
        headings,
        [40, 44, *[14] * len(januaries)],
    )
    for (authority, setting), of in rows.groupby(["authority", "setting"], sort=False):
        known = of.set_index("year")["plans"]
        figures = [NOT_GIVEN if pandas.isna(known[january]) else int(known[january]) for january in januaries]
        sheets.add_rows(sheet, [[_name(authority), CODELISTS["settings"].label(setting), *figures]])


def _add_totals(book: Workbook, rows: pandas.DataFrame) -> None:
    years = COMPARATORS["totals"]["years"]
    title = "Section 251 outturn, net, all high needs lines (£)"
    sheet = _sheet(book, "S251 totals", title, ["Authority", "Block", *years], [40, 36, *[16] * len(years)])
    for authority, of in rows[rows["detail"] == "block"].groupby("authority", sort=False):
        known = of.set_index("financial_year")["amount"]
        label = CODELISTS["line_groups"].label("high_needs_total")
        sheets.add_rows(sheet, [[_name(authority), label, *(known.get(year) for year in years)]])


def _add_groups(book: Workbook, rows: pandas.DataFrame) -> None:
    headings = ["Authority", "Group of lines", "Year", "Net outturn"]
    title = "Section 251 outturn, net, by group of lines (£)"
    sheet = _sheet(book, "S251 groups", title, headings, [40, 44, 12, 16])
    of_groups = rows[rows["detail"] == "line_group"]
    sheets.add_rows(
        sheet,
        [
            [_name(row["authority"]), CODELISTS["line_groups"].label(row["line_group"]), row["financial_year"], row["amount"]]
            for row in of_groups.to_dict("records")
        ],
    )  # fmt: skip


def _add_areas(book: Workbook, rows: pandas.DataFrame) -> None:
    headings = ["Area", "January", "Figure", "Setting", "Group of lines", "Amount"]
    title = "Published totals of London and of England: never added to the authorities in them"
    sheet = _sheet(book, "Areas", title, headings, [16, 10, 40, 44, 44, 16])
    lists = {"area": "areas", "figure": "area_figures", "setting": "settings", "line_group": "line_groups"}

    def label(row: dict[str, object], column: str) -> str | None:
        return None if row[column] is None else CODELISTS[lists[column]].label(str(row[column]))

    sheets.add_rows(
        sheet,
        [
            [label(row, "area"), row["year"], label(row, "figure"), label(row, "setting"), label(row, "line_group"), row["amount"]]
            for row in rows.astype(object).where(rows.notna(), None).to_dict("records")
        ],
    )  # fmt: skip
