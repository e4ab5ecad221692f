"""Registers of placements by their rows: one a placement, a child with placements side by side, a row a term, codes."""

from __future__ import annotations

import datetime
from typing import Any

import pandas

from etl.sample.zoo.animal import Animal, Yard
from etl.sample.zoo.children import AS_AT, YEAR, days_in_year, placements, secrets
from etl.sample.zoo.ledger import shared, words
from etl.sample.zoo.pages import INVENTED, Book, summed

_HELD = ["need", "setting", "phase", "provider", "start_on", "end_on", "status", "line", "annual_cost"]
_FROM_EXCEL = datetime.date(1899, 12, 30)


def register_rows(truth: pandas.DataFrame, pupil: str, *more: str) -> pandas.DataFrame:
    """Placements as rows of `placements`: what every register says, the child's identifier, and `more` columns."""
    rows = truth[[*_HELD, *more]].assign(pupil_id=truth[pupil].astype(str))
    return rows.assign(financial_year=YEAR, register_as_at=AS_AT)


def years_cost(annual: float, days: int) -> float:
    """What a placement cost in the year, to the penny."""
    return round(annual * days / 365, 2)


def row_a_placement(yard: Yard) -> Animal:
    """A commissioning team's register: names, birthdays and UPNs beside what the block needs; real dates."""
    name = "row_a_placement"
    children = placements(yard.generator(name), 30)
    book = Book(yard.slip)
    page = book.page("Register", colour="BDD7EE", formats={15: "£#,##0.00"})
    page.titles(
        "Quillshire SEND commissioning: placement register 2025/26",
        "Position as at 31 January 2026",
        f"OFFICIAL-SENSITIVE. {INVENTED}.",
        "",
    )
    page.header("Placement\nref", "UPN", "Pupil name", "DOB", "NC year", "Phase", "Primary\nneed", "Type of provision", "Provider", "Start\ndate", "End date",
                "Status", "S251 line", "Residential?", None, "Annual cost (£)", "Notes")  # fmt: skip
    for child in children.to_dict("records"):
        page.data(f"PL-{4000 + child['number']}", child["upn"], child["name"], child["born_on"], child["year_group"], words("guidance", "phases", child["phase"]),
                  words("guidance", "needs", child["need"]), words("guidance", "settings", child["setting"]), child["provider"], child["start_on"], child["end_on"],
                  {"open": "Current", "ended": "Left"}[child["status"]], words("guidance", "budget_lines", child["line"]), "No", None, child["annual_cost"],
                  "Parent of invented child rang about transport" if child["number"] % 9 == 0 else None)  # fmt: skip
    page.total("Total", *[None] * 14, round(float(children["annual_cost"].sum()), 2))
    book.notes("Lists", "Status", "Current", "Left", hidden=True)
    path = book.save(yard.file(name, "Placement register Jan 26.xlsx"))
    truth = children.assign(
        placement_id=[f"PL-{4000 + number}" for number in children["number"]], residential=False
    )
    return Animal(name, "Quillshire County Council", "One row a placement, with names, birthdays and UPNs that must never be kept",
                  path, "Register", "placements", register_rows(truth, "upn", "placement_id", "year_group", "residential"),
                  secrets=(*secrets(children), "rang about transport"))  # fmt: skip


def side_by_side(yard: Yard) -> Animal:
    """A child a row, the first and the second placement beside each other, each with its cost."""
    name = "side_by_side"
    generator = yard.generator(name)
    children = placements(generator, 18)
    seconds = placements(generator, 18)
    page_formats = {9: "#,##0.00", 15: "#,##0.00"}
    book = Book(yard.slip)
    page = book.page("Children", colour="F8CBAD", formats=page_formats)
    page.titles(
        "Fennelbridge – children and young people placed, 2025-26",
        "As at 31/01/2026. Costs are for a full year, £",
        "",
    )
    own = ["Provider {}", "Setting {}", "Phase {}", "Start {}", "End {}", "Annual cost {}", "S251 line {}"]
    page.header(
        "Child ID",
        "Name",
        "Date of birth",
        "Primary need",
        *[text.format(1) for text in own],
        *[text.format(2) for text in own],
    )
    shown: list[dict[str, Any]] = []
    for child, second in zip(children.to_dict("records"), seconds.to_dict("records"), strict=True):
        first = {**child, "child": f"CYP{700 + child['number']}"}
        cells = _placement(first)
        shown.append(first)
        if child["end_on"] or child["number"] % 4 == 0:
            # A second placement follows the first, or goes on beside it from September.
            start_on = child["end_on"] or datetime.date(2025, 9, 1)
            after = {**second, "start_on": start_on, "end_on": None, "status": "open"}
            kept = {name: first[name] for name in ("child", "need", "phase", "number")}
            shown.append({**after, **kept})
            cells += _placement(shown[-1])
        page.data(
            first["child"], child["name"], child["born_on"], words("return", "needs", child["need"]), *cells
        )
    ids = [row["child"] for row in shown]
    firsts = [row["annual_cost"] for place, row in enumerate(shown) if row["child"] not in ids[:place]]
    later = round(sum(row["annual_cost"] for row in shown) - sum(firsts), 2)
    page.total("Total", *[None] * 8, round(sum(firsts), 2), *[None] * 6, later)
    path = book.save(yard.file(name, "CYP placed 2025-26.xlsx"))
    truth = pandas.DataFrame(shown)
    return Animal(name, "Fennelbridge Borough Council", "A child a row, with a first and a second placement beside each other",
                  path, "Children", "placements", register_rows(truth, "child"), secrets=(*secrets(children), *ids))  # fmt: skip


def _placement(child: dict[str, Any]) -> list[Any]:
    return [child["provider"], words("titles", "settings", child["setting"]), words("titles", "phases", child["phase"]), child["start_on"], child["end_on"],
            child["annual_cost"], words("codes", "budget_lines", child["line"])]  # fmt: skip


_TERMS = (
    ("Summer 2025", datetime.date(2025, 4, 1), datetime.date(2025, 9, 1)),
    ("Autumn 2025", datetime.date(2025, 9, 1), datetime.date(2026, 1, 1)),
    ("Spring 2026", datetime.date(2026, 1, 1), datetime.date(2026, 4, 1)),
)


def row_a_term(yard: Yard) -> Animal:
    """A row for each term that a child was placed, with what the term cost: rows that follow on are one placement."""
    name = "row_a_term"
    generator = yard.generator(name)
    children = placements(generator, 16).drop(columns=["start_on", "end_on", "status"])
    book = Book(yard.slip)
    page = book.page("Terms", colour="D0CECE", formats={8: "#,##0.00"})
    page.titles("Larkmere: SEN placements by term, financial year 2025/26, as at 31 January 2026 (£)")
    page.header(
        "Pupil no",
        "Pupil",
        "Need",
        "School or college",
        "Setting type",
        "Age band",
        "Line",
        "Term",
        "Cost for the term",
    )
    truth, printed = [], []
    for child in children.to_dict("records"):
        first, last = [(0, 3), (0, 3), (1, 3), (0, 1), (0, 2)][int(generator.integers(5))]
        costs = shared(round(child["annual_cost"] * (last - first) / 3, 2), last - first, generator)
        for (term, _, _), cost in zip(_TERMS[first:last], costs, strict=True):
            page.data(f"P{child['number']:05d}", child["name"], words("codes", "needs", child["need"]), child["provider"], words("guidance", "settings", child["setting"]),
                      words("return", "phases", child["phase"]), words("codes", "budget_lines", child["line"]), term, cost)  # fmt: skip
            printed.append([cost])
        start, end = _TERMS[first][1], _TERMS[last - 1][2]
        annual = round(sum(costs) * 365 / days_in_year(start, end), 2)
        truth.append(
            {
                **child,
                "pupil": f"P{child['number']:05d}",
                "start_on": start,
                "end_on": end,
                "status": "ended" if end <= datetime.date(2026, 1, 31) else "open",
                "annual_cost": annual,
            }
        )
    page.total("Total", *[None] * 7, *summed(printed))
    path = book.save(yard.file(name, "Placements by term.xlsx"))
    frame = register_rows(pandas.DataFrame(truth), "pupil")
    return Animal(name, "Larkmere City Council", "A row a term, with what the term cost; rows that follow on are one placement",
                  path, "Terms", "placements", frame, {}, 0, secrets=(*secrets(children), *[f"P{n:05d}" for n in children["number"]]))  # fmt: skip


def case_codes(yard: Yard) -> Animal:
    """A case system's export: its own codes, dates as bare Excel serial numbers, "ongoing" for an open end."""
    name = "case_codes"
    children = placements(yard.generator(name), 26)
    book = Book(yard.slip)
    page = book.page("Export", formats={9: "0.00"})
    page.titles("CASE EXPORT PLC_HN  FY 2025-26  run to 31/01/2026  currency £")
    page.header(
        "PLC_ID",
        "UPN",
        "SURNAME_FORENAME",
        "NEED1",
        "ESTAB_TYPE",
        "ESTAB_NAME",
        "AGE_BAND",
        "START",
        "END",
        "ANNUAL_COST",
        "CASEWORKER",
    )
    for child in children.to_dict("records"):
        page.data(900000 + child["number"], child["upn"], child["name"], words("codes", "needs", child["need"]), words("codes", "settings", child["setting"]), child["provider"],
                  words("return", "phases", child["phase"]), _serial(child["start_on"]), _serial(child["end_on"]) if child["end_on"] else "ongoing", child["annual_cost"],
                  "Invented Caseworker")  # fmt: skip
    page.total("TOTAL", *[None] * 8, round(float(children["annual_cost"].sum()), 2))
    path = book.save(yard.file(name, "PLC_HN_export.xlsx"))
    truth = children.assign(placement_id=[str(900000 + number) for number in children["number"]])
    lines = {
        f"line.values.{words('codes', 'settings', row['setting'])}": row["line"]
        for row in children.to_dict("records")
    }
    return Animal(name, "Whistledown Council", "A case system's export: E_MSS and its like, Excel serial numbers for dates, “ongoing”, no budget line",
                  path, "Export", "placements", register_rows(truth, "upn", "placement_id"), lines, 2,
                  secrets=(*secrets(children), "Invented Caseworker"))  # fmt: skip


def _serial(day: datetime.date) -> int:
    return (day - _FROM_EXCEL).days


def return_codes(yard: Yard) -> Animal:
    """The words and codes of the person-level return; dates as text with years of two digits."""
    name = "return_codes"
    children = placements(yard.generator(name), 22)
    book = Book(yard.slip)
    page = book.page("SEN2 plus cost", colour="FFE699", formats={9: "#,##0.00"})
    page.titles(
        "Owlsthorn MBC – placements as returned, with cost. Financial year 2025 to 2026",
        "Snapshot date: 31 January 2026",
        "",
    )
    page.header(
        "PersonID",
        "UPN",
        "SENtype",
        "SENsetting",
        "Provider name",
        "Age group",
        "Entry date",
        "Leaving date",
        "Budget line",
        "Cost per year £",
    )
    for child in children.to_dict("records"):
        page.data(f"PN{child['number']:06d}", child["upn"], child["need"], words("return", "settings", child["setting"]), child["provider"], words("return", "phases", child["phase"]),
                  f"{child['start_on']:%d/%m/%y}", f"{child['end_on']:%d/%m/%y}" if child["end_on"] else None, words("titles", "budget_lines", child["line"]), child["annual_cost"])  # fmt: skip
    page.total("Total", *[None] * 8, round(float(children["annual_cost"].sum()), 2))
    path = book.save(yard.file(name, "SEN2 with cost.xlsx"))
    people = [f"PN{number:06d}" for number in children["number"]]
    return Animal(name, "Owlsthorn Metropolitan Borough Council", "The return's codes and words; dates as text with years of two digits",
                  path, "SEN2 plus cost", "placements", register_rows(children.assign(person=people), "person"), secrets=(*secrets(children), *people))  # fmt: skip


ANIMALS = (row_a_placement, side_by_side, row_a_term, case_codes, return_codes)
