"""Budget monitors of one line × measures, as seven invented councils keep them: units, dates and titles each their way."""

from __future__ import annotations

import datetime

from etl.sample.zoo.animal import Animal, Yard
from etl.sample.zoo.ledger import budget_rows, figures, ledger, words
from etl.sample.zoo.pages import INVENTED, Book, summed

_NO_SPLIT = {"setting": "not_recorded", "phase": "not_by_phase"}


def lines_by_measures(yard: Yard) -> Animal:
    """The classic: subtotals by line among the rows, a spacer column, units under the headings, hidden lists."""
    name, year, as_at = "lines_by_measures", "2025-26", datetime.date(2025, 10, 31)
    money = ["original_budget", "revised_budget", "actual_to_date", "commitment", "forecast"]
    rows = ledger(yard.generator(name))
    book = Book(yard.slip)
    page = book.page("HNB P7", formats=dict.fromkeys(range(4, 11), "#,##0.00;[Red]-#,##0.00"))
    page.titles("Quillshire County Council", "Dedicated Schools Grant – High Needs Block  Budget Monitoring 2025/26",
                "Period 7 (position to 31 October 2025)", "")  # fmt: skip
    page.header("S251\nLine", "Type of  provision", "Phase", None, "Original\nBudget", "Virements", "Current\nBudget", "Actual\nYTD",
                "Commitments", "Forecast\nOutturn", "Variance\n(under)/over", "RAG", "Comments")  # fmt: skip
    page.line(*[None] * 4, *["£"] * 7)

    def printed(
        original: float, revised: float, actual: float, commitment: float, forecast: float
    ) -> list[float]:
        return [original, round(revised - original, 2), revised, actual, commitment, forecast, round(forecast - revised, 2)]  # fmt: skip

    every = []
    for line, leaves in rows.groupby("line", sort=False):
        shown = [printed(*figures(leaf, money)) for leaf in leaves.to_dict("records")]
        for leaf, cells in zip(leaves.to_dict("records"), shown, strict=True):
            phase = None if leaf["phase"] == "not_by_phase" else words("guidance", "phases", leaf["phase"])
            over = cells[6] > 50_000
            page.data(words("guidance", "budget_lines", leaf["line"]), words("guidance", "settings", leaf["setting"]), phase, None, *cells,
                      "R" if over else "G", "See paragraph 4.2" if over else None)  # fmt: skip
        page.total(f"{line} Total", None, None, None, *summed(shown), colour="F2F2F2")
        page.line()
        every += shown
    page.total("TOTAL HIGH NEEDS BLOCK", None, None, None, *summed(every), colour="D9D9D9")
    page.line()
    page.line("* Commitments are placements agreed by panel and not yet invoiced.")
    page.line(f"** {INVENTED}.")
    book.notes("Lookups", "Types of provision", "Special - LA maintained", "SEN unit", hidden=True)
    path = book.save(yard.file(name, "DSG HNB monitoring P7 2025-26 v3 FINAL.xlsx"))
    return Animal(name, "Quillshire County Council", "One line × measures, subtotals among the rows, a spacer column, units in a row below the headings",
                  path, "HNB P7", "budget", budget_rows(rows, money, financial_year=year, as_at=as_at))  # fmt: skip


def lines_only(yard: Yard) -> Animal:
    """Lines by title alone, no setting or phase; the date of the meeting stands above and is not the date reported to."""
    name, year, as_at = "lines_only", "2025-26", datetime.date(2025, 12, 31)
    money = ["revised_budget", "forecast"]
    rows = ledger(yard.generator(name)).groupby("line", as_index=False, sort=False)[money].sum().round(2)
    rows = rows.assign(**_NO_SPLIT)
    book = Book(yard.slip)
    page = book.page("Appendix A", colour="FCE4D6", formats={1: "£#,##0.00", 2: "£#,##0.00", 3: "£#,##0.00;[Red](£#,##0.00)", 4: "0.0%"})  # fmt: skip
    page.titles("Fennelbridge Borough Council – Schools Forum, 15 January 2026", "Agenda item 6, Appendix A: High Needs forecast",
                "Financial year 2025–26, position at Month 9", "")  # fmt: skip
    page.header("Budget heading", "Budget for  the year\n£", "Forecast at Month 9\n£", "Variance\n£", "Variance\n%")  # fmt: skip
    shown = [[b, f, round(f - b, 2)] for b, f in (figures(leaf, money) for leaf in rows.to_dict("records"))]
    for leaf, cells in zip(rows.to_dict("records"), shown, strict=True):
        page.data(words("titles", "budget_lines", leaf["line"]), *cells, round(cells[2] / cells[0], 4))
    total = summed(shown)
    page.total("Total", *total, round(total[2] / total[0], 4))
    page.line()
    page.line(f"Note: a variance in red brackets is an underspend. {INVENTED}.")
    path = book.save(yard.file(name, "Item 6 Appendix A.xlsx"))
    return Animal(name, "Fennelbridge Borough Council", "Lines by their titles, no setting and no phase; the meeting's date above is not the monitor's",
                  path, "Appendix A", "budget", budget_rows(rows, money, financial_year=year, as_at=as_at),
                  {"setting": "not_recorded", "phase": "not_by_phase"}, 0)  # fmt: skip


def thousands_beside_pounds(yard: Yard) -> Animal:
    """A budget in pounds beside a forecast in thousands: the unit is in the headings, column by column."""
    name, year, as_at = "thousands_beside_pounds", "2024-25", datetime.date(2024, 11, 30)
    rows = ledger(yard.generator(name))
    rows = rows.assign(revised_budget=rows["revised_budget"].round(0), forecast=rows["forecast"].round(-3))
    book = Book(yard.slip)
    page = book.page("Nov 24", colour="E2EFDA", formats={3: "#,##0", 4: "#,##0.00", 5: "#,##0"})
    page.titles("Whistledown Council: High Needs Block 2024-25", "Monitoring as at 30/11/2024")
    page.header(
        "Line",
        "Setting",
        "Phase",
        "Budget (£)",
        "Spend to date (£)",
        "Projected outturn (£000)",
        "Budget holder",
    )
    for leaf in rows.to_dict("records"):
        page.data(words("guidance", "budget_lines", leaf["line"]), words("titles", "settings", leaf["setting"]), words("titles", "phases", leaf["phase"]),
                  float(leaf["revised_budget"]), float(leaf["actual_to_date"]), float(leaf["forecast"]) / 1000, "Head of SEND")  # fmt: skip
    page.total("Total HNB", None, None, round(float(rows["revised_budget"].sum()), 2), round(float(rows["actual_to_date"].sum()), 2),
               round(float(rows["forecast"].sum()) / 1000, 3))  # fmt: skip
    path = book.save(yard.file(name, "HNB Monitor Nov24.xlsx"))
    return Animal(name, "Whistledown Council", "The budget in £ beside a forecast in £000",
                  path, "Nov 24", "budget", budget_rows(rows, ["revised_budget", "actual_to_date", "forecast"], financial_year=year, as_at=as_at))  # fmt: skip


def millions(yard: Yard) -> Animal:
    """A paper for cabinet in £m with two decimals: what is printed is the truth, however coarse."""
    name, year, as_at = "millions", "2025-26", datetime.date(2025, 9, 30)
    money = ["revised_budget", "forecast"]
    rows = ledger(yard.generator(name), ["1.0.2", "1.2.1", "1.2.2", "1.2.3", "1.2.5"], digits=-4)
    rows = rows.assign(revised_budget=rows["revised_budget"].round(-4))
    book = Book(yard.slip)
    page = book.page("Table 3", formats={3: "0.00", 4: "0.00", 5: "0.00;(0.00)"})
    page.titles(
        "Larkmere City Council", "Table 3: Dedicated Schools Grant, high needs, £m", "2025/26 Period 6"
    )
    page.header("S251 line", "Provision", "Age phase", "Latest budget", "Forecast", "Over / (under) spend")
    shown = [[round(amount / 1e6, 2) for amount in figures(leaf, money)] for leaf in rows.to_dict("records")]
    for leaf, (budget, forecast) in zip(rows.to_dict("records"), shown, strict=True):
        page.data(words("codes", "budget_lines", leaf["line"]), words("guidance", "settings", leaf["setting"]), words("guidance", "phases", leaf["phase"]),
                  budget, forecast, round(forecast - budget, 2))  # fmt: skip
    budget, forecast = summed(shown)
    page.total("Total", None, None, budget, forecast, round(forecast - budget, 2))
    path = book.save(yard.file(name, "Cabinet finance tables Sept 2025.xlsx"))
    truth = rows.assign(**{kind: [row[place] * 1e6 for row in shown] for place, kind in enumerate(money)})
    return Animal(name, "Larkmere City Council", "Everything in £m with two decimals: what is printed is the truth",
                  path, "Table 3", "budget", budget_rows(truth, money, financial_year=year, as_at=as_at))  # fmt: skip


def quarterly(yard: Yard) -> Animal:
    """A quarter's report: the sheet's name says the quarter, the file's the year, in thousands."""
    name, year, as_at = "quarterly", "2025-26", datetime.date(2025, 9, 30)
    money = ["revised_budget", "actual_to_date", "forecast"]
    rows = ledger(yard.generator(name), digits=-3)
    rows = rows.assign(revised_budget=rows["revised_budget"].round(-3))
    book = Book(yard.slip)
    book.notes(
        "Contents",
        "Owlsthorn Metropolitan Borough: quarterly finance pack",
        "1. General fund",
        "2. DSG high needs",
    )
    page = book.page("Q2", colour="FFF2CC", formats=dict.fromkeys(range(3, 7), "#,##0;-#,##0"))
    page.titles("DSG High Needs – Quarter 2 report", "£'000", "")
    page.header(
        "Service line",
        "Establishment type",
        "Phase",
        "Annual budget",
        "Actual at Q2",
        "Projected outturn",
        "Variance",
    )
    shown = [[amount / 1000 for amount in figures(leaf, money)] for leaf in rows.to_dict("records")]
    for leaf, cells in zip(rows.to_dict("records"), shown, strict=True):
        page.data(words("guidance", "budget_lines", leaf["line"]), words("guidance", "settings", leaf["setting"]),
                  words("guidance", "phases", leaf["phase"]), *cells, cells[2] - cells[0])  # fmt: skip
    total = summed(shown)
    page.total("Total DSG high needs", None, None, *total, total[2] - total[0])
    page.line("Source: general ledger, run on 14/10/2025")
    path = book.save(yard.file(name, "Quarterly pack 2025-26 Q2.xlsx"))
    return Animal(name, "Owlsthorn Metropolitan Borough Council", "A quarter's report (Q2): the year is only in the file's name, the figures in thousands",
                  path, "Q2", "budget", budget_rows(rows, money, financial_year=year, as_at=as_at))  # fmt: skip


def own_words(yard: Yard) -> Animal:
    """Some lines and settings in words that nobody outside the council knows: a person is asked, nothing is guessed."""
    name, year, as_at = "own_words", "2025-26", datetime.date(2026, 1, 31)
    money = ["original_budget", "forecast"]
    kept = ["1.0.2", "1.2.1", "1.2.3", "1.2.5", "1.2.6"]
    rows = ledger(yard.generator(name), kept)
    book = Book(yard.slip)
    page = book.page("Sheet1", colour="EDEDED", formats={3: "#,##0.00", 4: "#,##0.00"})
    page.titles(
        "Tansyford Council  SEND budget 2025/26", "All amounts in £. Monitor to end of January 2026 (P10)"
    )
    page.header("What we\nspend on", "Where", "Ages", "Budget\nset", "Full year\nforecast", "Notes")
    for leaf in rows.to_dict("records"):
        manner = "own" if leaf["line"] in ("1.0.2", "1.2.3", "1.2.5") else "titles"
        page.data(words(manner, "budget_lines", leaf["line"]), words("titles", "settings", leaf["setting"]), words("titles", "phases", leaf["phase"]),
                  *figures(leaf, money))  # fmt: skip
    page.total("Total SEND", None, None, *summed([figures(leaf, money) for leaf in rows.to_dict("records")]))
    path = book.save(yard.file(name, "SEND budget.xlsx"))
    answers = {
        f"line.values.{words('own', 'budget_lines', code)}": code for code in ("1.0.2", "1.2.3", "1.2.5")
    }
    return Animal(name, "Tansyford Council", "Three budget lines in the council's own words, which only a person can place",
                  path, "Sheet1", "budget", budget_rows(rows, money, financial_year=year, as_at=as_at), answers, 3)  # fmt: skip


def unit_not_said(yard: Yard) -> Animal:
    """Figures between 0.3 and 7,000 and not a word on their unit: asked, and refused until it is answered."""
    name, year, as_at = "unit_not_said", "2025-26", datetime.date(2025, 7, 31)
    money = ["revised_budget", "actual_to_date", "forecast"]
    rows = ledger(yard.generator(name), digits=-2)
    book = Book(yard.slip)
    page = book.page("P4", formats=dict.fromkeys(range(3, 6), "#,##0.0"))
    page.titles("Brambleham Borough – high needs monitor, period 4 of 2025/26", "")
    page.header("Line", "Setting", "Phase", "Budget", "Actual", "Projection")
    shown = [[round(amount / 1000, 1) for amount in figures(leaf, money)] for leaf in rows.to_dict("records")]
    for leaf, cells in zip(rows.to_dict("records"), shown, strict=True):
        page.data(words("codes", "budget_lines", leaf["line"]), words("codes", "settings", leaf["setting"]), words("return", "phases", leaf["phase"]), *cells)  # fmt: skip
    page.total("Total", None, None, *summed(shown))
    path = book.save(yard.file(name, "monitor p4.xlsx"))
    return Animal(name, "Brambleham Borough Council", "Figures in thousands, and nothing says so: the unit is asked",
                  path, "P4", "budget", budget_rows(rows, money, financial_year=year, as_at=as_at), {"unit": "£'000"}, 1)  # fmt: skip


ANIMALS = (lines_by_measures, lines_only, thousands_beside_pounds, millions, quarterly, own_words, unit_not_said)  # fmt: skip
