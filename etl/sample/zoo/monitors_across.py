"""Monitors whose columns are more than measures: months, phases, years, periods, needs, places beside top-ups."""

from __future__ import annotations

import datetime
from typing import Any

import pandas

from etl.sample.zoo.animal import Animal, Yard
from etl.sample.zoo.ledger import LEAF, budget_rows, figures, ledger, shared, words
from etl.sample.zoo.pages import INVENTED, Book, summed
from hnb import years


def phases_across(yard: Yard) -> Animal:
    """A budget book's table: phases across, a dash where there is nothing, a total in each row and at the foot."""
    name, year, as_at = "phases_across", "2026-27", datetime.date(2026, 4, 1)
    rows = ledger(yard.generator(name))
    phases = ["primary", "secondary", "post16", "post19", "not_by_phase"]
    shown = rows.pivot_table(index=["line", "setting"], columns="phase", values="original_budget", sort=False)
    book = Book(yard.slip)
    page = book.page("S251 Table", formats=dict.fromkeys(range(2, 8), "#,##0"))
    page.titles(
        "Millwhistle County Council",
        "High needs original budget 2026-27 by phase, as at 1 April 2026",
        "All figures in pounds (£)",
    )
    page.header(
        "S251 line", "Setting", "Primary", "Secondary", "Post–16", "Post–19", "Not phase\nspecific", "Total"
    )

    def dashed(amounts: list[float]) -> list[Any]:
        return [amount or "-" for amount in amounts]

    every = []
    for (line, setting), amounts in shown.iterrows():
        cells = [0.0 if pandas.isna(amounts[phase]) else float(amounts[phase]) for phase in phases]
        page.data(
            words("guidance", "budget_lines", line),
            words("guidance", "settings", setting),
            *dashed(cells),
            sum(cells),
        )
        every.append([*cells, sum(cells)])
    page.total("Total high needs budget", None, *dashed(summed(every)))
    path = book.save(yard.file(name, "Budget book 2026-27 HN table.xlsx"))
    return Animal(name, "Millwhistle County Council", "Setting × phase with the phases across, dashes for nothing, totals both ways",
                  path, "S251 Table", "budget", budget_rows(rows, ["original_budget"], financial_year=year, as_at=as_at))  # fmt: skip


def blocks_by_line(yard: Yard) -> Animal:
    """Setting × phase in a block a line: the line heads its block in a row of its own, the headings come again."""
    name, year, as_at = "blocks_by_line", "2025-26", datetime.date(2025, 11, 30)
    money = ["revised_budget", "actual_to_date", "forecast"]
    rows = ledger(yard.generator(name))
    book = Book(yard.slip)
    page = book.page("High Needs", formats=dict.fromkeys(range(2, 6), "#,##0.00"))
    page.titles(
        "Elmquill District Council",
        "High needs: detailed monitor by line 2025/26",
        "Actuals to 30th November 2025, £",
        "",
    )
    every = []
    for line, leaves in rows.groupby("line", sort=False):
        page.line(words("guidance", "budget_lines", str(line)), bold=True, size=12, colour="C6E0B4")
        page.header("Setting", "Phase", "Working budget", "Actual", "Forecast outturn", "Variance")
        shown = [
            [*(cells := figures(leaf, money)), round(cells[2] - cells[0], 2)]
            for leaf in leaves.to_dict("records")
        ]
        for leaf, cells in zip(leaves.to_dict("records"), shown, strict=True):
            phase = None if leaf["phase"] == "not_by_phase" else words("titles", "phases", leaf["phase"])
            page.data(words("titles", "settings", leaf["setting"]), phase, *cells)
        page.total("Sub-total", None, *summed(shown))
        page.line()
        every += shown
    page.total("Grand total", None, *summed(every), colour="A9D08E")
    page.line("Notes", bold=True)
    page.line(f"1. {INVENTED}.")
    path = book.save(yard.file(name, "HN detailed monitor Nov 2025.xlsx"))
    return Animal(name, "Elmquill District Council", "Blocks stacked under the name of their line, the header printed again above each",
                  path, "High Needs", "budget", budget_rows(rows, money, financial_year=year, as_at=as_at))  # fmt: skip


def years_side_by_side(yard: Yard) -> Animal:
    """Three years beside each other: the year merged over Budget and Outturn; the line named once for its settings."""
    name, shown_years = "years_side_by_side", ("2022-23", "2023-24", "2024-25")
    generator = yard.generator(name)
    by_year = [ledger(generator) for _ in shown_years]
    book = Book(yard.slip)
    page = book.page("Trend", formats=dict.fromkeys(range(3, 9), "#,##0;(#,##0)"))
    page.titles("Riverfennel Council", "High needs block: three year trend, budget and outturn (£)", "")
    top = page.header(None, None, None, "2022/23", None, "2023/24", None, "2024/25", None)
    page.merged(top, (4, 5), (6, 7), (8, 9))
    page.header("Budget line", "Setting", "Phase", *["Budget", "Outturn"] * 3)
    shown = [
        [amount for frame in by_year for amount in figures(frame.loc[place], ["revised_budget", "outturn"])]
        for place in by_year[0].index
    ]
    before = None
    for leaf, cells in zip(by_year[0].to_dict("records"), shown, strict=True):
        line = leaf["line"] if leaf["line"] != before else None
        page.data(words("guidance", "budget_lines", line) if line else None, words("guidance", "settings", leaf["setting"]),
                        words("guidance", "phases", leaf["phase"]), *cells)  # fmt: skip
        before = leaf["line"]
    page.total("Total", None, None, *summed(shown))
    for line in by_year[0]["line"].unique():
        rows = [5 + 1 + number for number in by_year[0].index[by_year[0]["line"] == line]]
        if len(rows) > 1:
            page.sheet.merge_cells(start_row=rows[0], end_row=rows[-1], start_column=1, end_column=1)
    path = book.save(yard.file(name, "HNB trend 3 years.xlsx"))
    truth = pandas.concat(
        [
            budget_rows(frame, ["revised_budget", "outturn"], financial_year=year, as_at=years.year_end(year))
            for frame, year in zip(by_year, shown_years, strict=True)
        ],
        ignore_index=True,
    )
    return Animal(name, "Riverfennel Council", "Several years beside each other under merged headings; the line is named once, over merged cells",
                  path, "Trend", "budget", truth)  # fmt: skip


def movement(yard: Yard) -> Animal:
    """What moved since the last report: two forecasts of two dates in one row, and their difference."""
    name, year = "movement", "2025-26"
    generator = yard.generator(name)
    rows = ledger(generator)
    rows = rows.assign(before=(rows["forecast"] * generator.uniform(0.97, 1.01, len(rows))).round(2))
    book = Book(yard.slip)
    page = book.page("Movement", formats=dict.fromkeys(range(3, 8), "#,##0.00;[Red](#,##0.00)"))
    page.titles(
        "Thornwhistle Borough Council", "High needs – movement since last report", "2025/26 Period 7, £"
    )
    page.header(
        "Line",
        "Provision type",
        "Phase",
        "Budget",
        "Forecast P6",
        "Forecast P7",
        "Movement",
        "Variance to budget",
        "Reason for movement",
    )
    shown = []
    for leaf in rows.to_dict("records"):
        budget, before, now = figures(leaf, ["revised_budget", "before", "forecast"])
        cells = [budget, before, now, round(now - before, 2), round(now - budget, 2)]
        shown.append(cells)
        page.data(words("guidance", "budget_lines", leaf["line"]), words("guidance", "settings", leaf["setting"]),
                  words("guidance", "phases", leaf["phase"]), *cells, "New placements" if cells[3] > 20_000 else None)  # fmt: skip
    page.total("Total", None, None, *summed(shown))
    path = book.save(yard.file(name, "HN movement P7.xlsx"))
    sixth, seventh = datetime.date(2025, 9, 30), datetime.date(2025, 10, 31)
    truth = pandas.concat(
        [
            budget_rows(rows, ["revised_budget", "forecast"], financial_year=year, as_at=seventh),
            budget_rows(rows.assign(forecast=rows["before"]), ["forecast"], financial_year=year, as_at=sixth),
        ],
        ignore_index=True,
    )
    return Animal(name, "Thornwhistle Borough Council", "The forecasts of two periods in one row, with the movement between them",
                  path, "Movement", "budget", truth)  # fmt: skip


def places_and_top_up(yard: Yard) -> Animal:
    """Place funding and top-up as two groups of columns: the group says the line, or names the column that does."""
    name, year, as_at = "places_and_top_up", "2025-26", datetime.date(2025, 8, 31)
    money = ["revised_budget", "forecast"]
    generator = yard.generator(name)
    top_ups = ledger(generator, ["1.2.1", "1.2.2"])
    top_ups = top_ups[~top_ups["setting"].isin(["further_education"])].reset_index(drop=True)
    places = top_ups.assign(line="1.0.2", **{kind: (top_ups[kind] * 0.6).round(2) for kind in money})
    book = Book(yard.slip)
    page = book.page("Schools", formats=dict.fromkeys(range(3, 9), "#,##0.00"))
    page.titles(
        "Copperfennel Council", "High needs places and top-up 2025/26 – position as at 31 August 2025 – £"
    )
    top = page.header(None, None, None, "Place funding", None, "Top-up", None, "Total", None)
    page.merged(top, (4, 5), (6, 7), (8, 9))
    page.header("Type of school", "Phase", "Top-up S251 line", *["Budget", "Forecast"] * 3)
    shown = []
    for place, top_up in zip(places.to_dict("records"), top_ups.to_dict("records"), strict=True):
        first, second = figures(place, money), figures(top_up, money)
        shown.append([*first, *second, *summed([first, second])])
        page.data(words("guidance", "settings", top_up["setting"]), words("guidance", "phases", top_up["phase"]),
                  words("codes", "budget_lines", top_up["line"]), *shown[-1])  # fmt: skip
    page.total("All schools", None, None, *summed(shown))
    path = book.save(yard.file(name, "Special schools places & top up Aug25.xlsx"))
    truth = pandas.concat([places, top_ups], ignore_index=True)
    return Animal(name, "Copperfennel Council", "Place funding and top-up as separate groups of columns, each with budget and forecast",
                  path, "Schools", "budget", budget_rows(truth, money, financial_year=year, as_at=as_at))  # fmt: skip


def needs_across(yard: Yard) -> Animal:
    """Spend by setting with the needs across: the budget table holds no needs, so they only prove each row's total."""
    name, year, as_at = "needs_across", "2025-26", datetime.date(2025, 12, 31)
    generator = yard.generator(name)
    rows = ledger(generator, ["1.2.1", "1.2.2", "1.2.3"])
    needs = ["ASD", "SEMH", "SLCN", "MLD", "SLD", "Other needs"]
    book = Book(yard.slip)
    page = book.page("Need x setting", formats=dict.fromkeys(range(3, 10), "#,##0.00"))
    page.titles(
        "Foxquill Metropolitan Borough Council",
        "High needs forecast outturn 2025/26 by primary need (£)",
        "Month 9",
    )
    page.header("Line", "Setting", "Phase", *needs, "Forecast outturn")
    shown = []
    for leaf in rows.to_dict("records"):
        cells = [*shared(float(leaf["forecast"]), len(needs), generator), float(leaf["forecast"])]
        shown.append(cells)
        page.data(words("codes", "budget_lines", leaf["line"]), words("titles", "settings", leaf["setting"]), words("titles", "phases", leaf["phase"]), *cells)  # fmt: skip
    page.total("Total", None, None, *summed(shown))
    path = book.save(yard.file(name, "Need by setting M9.xlsx"))
    return Animal(name, "Foxquill Metropolitan Borough Council", "Needs across: the model's budget holds no needs, so they only prove the total of their row",
                  path, "Need x setting", "budget", budget_rows(rows, ["forecast"], financial_year=year, as_at=as_at))  # fmt: skip


def months_under_kinds(yard: Yard) -> Animal:
    """Profile and actual beside each other in every month, under the month's merged heading."""
    name, year, as_at = "months_under_kinds", "2025-26", datetime.date(2025, 10, 31)
    generator = yard.generator(name)
    rows, months = ledger(generator, ["1.2.1", "1.2.2", "1.2.3"]), years.months_of(year)
    book = Book(yard.slip)
    page = book.page("Profile", formats=dict.fromkeys(range(3, 29), "#,##0.00"))
    page.titles(
        "Southquill Council",
        "High needs budget profile and actuals by month, 2025/26",
        "Actuals to period 7. All in £.",
    )
    headings = [month.strftime("%B") for month in months] + ["Full year"]
    top = page.header(None, None, None, *[part for text in headings for part in (text, None)])
    page.merged(top, *[(4 + 2 * place, 5 + 2 * place) for place in range(13)])
    page.header("Line", "Setting", "Phase", *["Profile", "Actual"] * 13)
    truth: list[dict[str, Any]] = []
    shown = []
    for leaf in rows.to_dict("records"):
        profile = shared(float(leaf["revised_budget"]), 12, generator)
        actual = shared(float(leaf["actual_to_date"]), 7, generator)
        cells = [
            cell for place in range(12) for cell in (profile[place], actual[place] if place < 7 else None)
        ]
        shown.append([*profile, *actual])
        page.data(words("guidance", "budget_lines", leaf["line"]), words("guidance", "settings", leaf["setting"]), words("guidance", "phases", leaf["phase"]),
                  *cells, float(leaf["revised_budget"]), float(leaf["actual_to_date"]))  # fmt: skip
        truth += _months(leaf, months, {"profile": profile, "actual": actual})
    sums = summed(shown)
    cells = [cell for place in range(12) for cell in (sums[place], sums[12 + place] if place < 7 else None)]
    page.total(
        "Total",
        None,
        None,
        *cells,
        round(float(rows["revised_budget"].sum()), 2),
        round(float(rows["actual_to_date"].sum()), 2),
    )
    path = book.save(yard.file(name, "HN monthly profile.xlsx"))
    return Animal(name, "Southquill Council", "Line × months: profile and actual beside each other under each month's merged heading",
                  path, "Profile", "budget_months", pandas.DataFrame(truth).assign(financial_year=year, as_at=as_at))  # fmt: skip


def months_in_rows(yard: Yard) -> Animal:
    """Three rows a line (profile, actual, forecast), the line merged down; the months' headings are real dates."""
    name, year, as_at = "months_in_rows", "2025-26", datetime.date(2025, 9, 30)
    generator = yard.generator(name)
    rows, months = ledger(generator, ["1.2.2", "1.2.3", "1.2.5"]), years.months_of(year)
    book = Book(yard.slip)
    page = book.page("By month", formats=dict.fromkeys(range(4, 17), "#,##0.00"))
    page.titles(
        "Hazelwhistle County Council – High needs 2025-26: month by month",
        "Ledger to 30 September 2025 (£)",
        "",
    )
    page.header("S251 Line", "Setting", "Phase", "Type", *months, "Total")
    truth: list[dict[str, Any]] = []
    by_kind: dict[str, list[list[float]]] = {"profile": [], "actual": [], "forecast": []}
    printed = {"profile": "Budget profile", "actual": "Actual", "forecast": "Forecast"}
    for leaf in rows.to_dict("records"):
        money = {
            "profile": shared(float(leaf["revised_budget"]), 12, generator),
            "actual": [*shared(float(leaf["actual_to_date"]), 6, generator), *[0.0] * 6],
            "forecast": shared(float(leaf["forecast"]), 12, generator),
        }
        named = [words("guidance", "budget_lines", leaf["line"]), words("titles", "settings", leaf["setting"]), words("titles", "phases", leaf["phase"])]  # fmt: skip
        for place, (kind, amounts) in enumerate(money.items()):
            cells: list[Any] = [
                None if kind == "actual" and month > 5 else amount for month, amount in enumerate(amounts)
            ]
            row = page.data(
                *(named if place == 0 else [None] * 3), printed[kind], *cells, round(sum(amounts), 2)
            )
            by_kind[kind].append([*amounts, round(sum(amounts), 2)])
        for column in (1, 2, 3):
            page.sheet.merge_cells(start_row=row - 2, end_row=row, start_column=column, end_column=column)
        truth += _months(leaf, months, {**money, "actual": money["actual"][:6]})
    for kind, amounts_by_row in by_kind.items():
        sums = summed(amounts_by_row)
        page.total("Total", None, None, printed[kind],
                   *[None if kind == "actual" and 5 < month < 12 else amount for month, amount in enumerate(sums)])  # fmt: skip
    path = book.save(yard.file(name, "HN by month Sept.xlsx"))
    return Animal(name, "Hazelwhistle County Council", "Line × months with a row each for profile, actual and forecast; months as real dates, lines merged down",
                  path, "By month", "budget_months", pandas.DataFrame(truth).assign(financial_year=year, as_at=as_at))  # fmt: skip


def _months(
    leaf: dict[str, Any], months: tuple[datetime.date, ...], money: dict[str, list[float]]
) -> list[dict[str, Any]]:
    """A leaf's amounts as rows of `budget_months`, as far as each kind of money goes."""
    return [
        {**{name: leaf[name] for name in LEAF}, "month": month, "money": kind, "amount": amount}
        for kind, amounts in money.items()
        for month, amount in zip(months, amounts, strict=False)
    ]


ANIMALS = (
    phases_across, blocks_by_line, years_side_by_side, movement, places_and_top_up, needs_across, months_under_kinds, months_in_rows,
)  # fmt: skip
