"""Registers of placements by how they print cost: a week, a term, months, the year so far, a place and a top-up."""

from __future__ import annotations

import datetime
from typing import Any

from etl.sample.zoo.animal import Animal, Yard
from etl.sample.zoo.children import placements, secrets
from etl.sample.zoo.ledger import words
from etl.sample.zoo.pages import Book, summed
from etl.sample.zoo.registers import register_rows, years_cost
from hnb import years


def weekly(yard: Yard) -> Animal:
    """Cost a week; how many weeks of the year are paid for is not written anywhere: 38, says the officer."""
    name = "weekly"
    children = placements(yard.generator(name), 20)
    children = children.assign(weekly=(children["annual_cost"] / 38).round(2))
    children = children.assign(annual_cost=(children["weekly"] * 38).round(2))
    book = Book(yard.slip)
    page = book.page("INMSS", colour="DDEBF7", formats={9: "£#,##0.00"})
    page.titles("Tansyford Council SEND placements 2025-26", "Updated to 31 January 2026", "")
    page.header(
        "Contract no",
        "Pupil ref",
        "Primary need",
        "Placement type",
        "Placement",
        "NC Year",
        "From",
        "To",
        "S251",
        "Weekly cost (£)",
    )
    for child in children.to_dict("records"):
        page.data(f"C{child['number']:04d}/25", f"TF-{child['number']:03d}", words("guidance", "needs", child["need"]), words("titles", "settings", child["setting"]), child["provider"],
                  f"Year {child['year_group']}", child["start_on"], child["end_on"] or "ongoing", words("codes", "budget_lines", child["line"]), child["weekly"])  # fmt: skip
    page.total("Total per week", *[None] * 8, round(float(children["weekly"].sum()), 2))
    path = book.save(yard.file(name, "Tansyford placements (weekly).xlsx"))
    pupils = [f"TF-{number:03d}" for number in children["number"]]
    truth = children.assign(pupil=pupils, placement_id=[f"C{number:04d}/25" for number in children["number"]])
    return Animal(name, "Tansyford Council", "Costs by the week, for 38 weeks, as only the officer knows; the phase is told by the year group alone",
                  path, "INMSS", "placements", register_rows(truth, "pupil", "placement_id", "year_group"), {"times": 38}, 1, secrets=tuple(pupils))  # fmt: skip


def termly(yard: Yard) -> Animal:
    """A termly fee: three of them make a year. Dates written with the month's name."""
    name = "termly"
    children = placements(yard.generator(name), 20)
    children = children.assign(termly=(children["annual_cost"] / 3).round(2))
    children = children.assign(annual_cost=(children["termly"] * 3).round(2))
    book = Book(yard.slip)
    page = book.page("Fees", formats={9: "#,##0.00"})
    page.titles(
        "Brambleham Borough: school fees register", "Year: 2025-26   Register as at: 31 January 2026", ""
    )
    page.header(
        "Ref",
        "Child",
        "SEN need",
        "School type",
        "School / college",
        "Phase",
        "Date started",
        "Date left",
        "Budget line",
        "Fee per term (3 terms) £",
    )
    for child in children.to_dict("records"):
        page.data(f"BB{child['number']:03d}", f"X-{child['number']}", words("guidance", "needs", child["need"]), words("guidance", "settings", child["setting"]), child["provider"],
                  words("guidance", "phases", child["phase"]), f"{child['start_on']:%d %B %Y}", f"{child['end_on']:%d %B %Y}" if child["end_on"] else None,
                  words("guidance", "budget_lines", child["line"]), child["termly"])  # fmt: skip
    page.total("Total per term", *[None] * 8, round(float(children["termly"].sum()), 2))
    path = book.save(yard.file(name, "Fees register.xlsx"))
    pupils = [f"X-{number}" for number in children["number"]]
    truth = children.assign(pupil=pupils, placement_id=[f"BB{number:03d}" for number in children["number"]])
    return Animal(name, "Brambleham Borough Council", "A fee a term, three terms a year; dates written with the month's name",
                  path, "Fees", "placements", register_rows(truth, "pupil", "placement_id"), {"times": 3}, 0)  # fmt: skip


def month_columns(yard: Yard) -> Animal:
    """What each month cost, April to March; a placement that ends in the year has blanks after it."""
    name = "month_columns"
    generator = yard.generator(name)
    children = placements(generator, 18)
    months = years.months_of("2025-26")
    book = Book(yard.slip)
    page = book.page("2025-26", colour="E2EFDA", formats=dict.fromkeys(range(9, 22), "#,##0.00"))
    page.titles(
        "Elmquill: high needs placements, cost by month (actual to January, forecast to March) £",
        "as at 31.01.2026",
        "",
    )
    page.header(
        "ID",
        "UPN",
        "Primary need",
        "Setting",
        "Provider",
        "Phase",
        "Start date",
        "End date",
        "Line",
        *[f"{month:%b}" for month in months],
        "Total 2025/26",
    )
    rows, shown = [], []
    for child in children.to_dict("records"):
        costs = [years_cost(child["annual_cost"], _days_of(month, child)) for month in months]
        total = round(sum(costs), 2)
        annual = round(total * 365 / child["days"], 2)
        rows.append({**child, "annual_cost": annual, "placement_id": f"E{child['number']:04d}"})
        shown.append([*costs, total])
        page.data(f"E{child['number']:04d}", child["upn"], words("guidance", "needs", child["need"]), words("guidance", "settings", child["setting"]), child["provider"], words("guidance", "phases", child["phase"]),
                  child["start_on"], child["end_on"], words("codes", "budget_lines", child["line"]), *[cost or None for cost in costs], total)  # fmt: skip
    page.total("Total", *[None] * 8, *summed(shown))
    path = book.save(yard.file(name, "HN placements by month.xlsx"))
    truth = children.assign(
        **{column: [row[column] for row in rows] for column in ("annual_cost", "placement_id")}
    )
    return Animal(name, "Elmquill District Council", "Costs by month, April to March, with the year's total: what the placement's own days cost",
                  path, "2025-26", "placements", register_rows(truth, "upn", "placement_id"), {"annualise": True}, 0, secrets=secrets(children))  # fmt: skip


def _days_of(month: datetime.date, child: dict[str, Any]) -> int:
    """Days of a placement in a month."""
    after = (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return max((min(child["end_on"] or after, after) - max(child["start_on"], month)).days, 0)


def place_and_top_up(yard: Yard) -> Animal:
    """Place, top-up and other cost apart, with what health and social care pay; the net cost is nowhere printed."""
    name = "place_and_top_up"
    generator = yard.generator(name)
    children = placements(generator, 24)
    count = len(children)
    children = children.assign(
        place_cost=[10_000.0 if draw < 0.5 else 6_000.0 for draw in generator.random(count)],
        top_up_cost=children["annual_cost"],
        other_cost=[
            round(float(cost), 2) if cost > 600 else 0.0 for cost in generator.uniform(0, 1800, count)
        ],
        health_contribution=[
            round(float(cost), 2) if cost > 2000 else 0.0 for cost in generator.uniform(0, 4000, count)
        ],
        care_contribution=[
            round(float(cost), 2) if cost > 2500 else 0.0 for cost in generator.uniform(0, 4000, count)
        ],
    )
    money = ["place_cost", "top_up_cost", "other_cost", "health_contribution", "care_contribution"]
    children = children.assign(
        annual_cost=(children[money[:3]].sum(axis=1) - children[money[3:]].sum(axis=1)).round(2)
    )
    book = Book(yard.slip)
    page = book.page("Top ups", colour="FCE4D6", formats=dict.fromkeys(range(10, 15), "£#,##0.00"))
    page.titles(
        "Riverfennel Council: places, top-ups and contributions",
        "2025/26 – as at 31 January 2026 – annual amounts",
        "",
    )
    top = page.header(*[None] * 10, "Cost to the council", None, None, "Contributions", None)
    page.merged(top, (11, 13), (14, 15))
    page.header("Placement no", "Child ref", "Primary need", "Setting", "Provider", "Phase", "Start", "End", "Status", "S251 line", "Place", "Top-up", "Other",
                "Health", "Social care")  # fmt: skip
    for child in children.to_dict("records"):
        page.data(child["number"] + 5000, f"RF/{child['number']}", words("guidance", "needs", child["need"]), words("guidance", "settings", child["setting"]), child["provider"], words("guidance", "phases", child["phase"]),
                  child["start_on"], child["end_on"], child["status"].title(), words("guidance", "budget_lines", child["line"]), *[child[column] for column in money])  # fmt: skip
    page.total("Total", *[None] * 9, *[round(float(children[column].sum()), 2) for column in money])
    path = book.save(yard.file(name, "Top ups and contributions.xlsx"))
    truth = children.assign(
        pupil=[f"RF/{n}" for n in children["number"]],
        placement_id=[str(5000 + n) for n in children["number"]],
    )
    return Animal(name, "Riverfennel Council", "Place, top-up and other cost apart, with contributions; what the block pays in all is not printed",
                  path, "Top ups", "placements", register_rows(truth, "pupil", "placement_id", *money))  # fmt: skip


def cost_so_far(yard: Yard) -> Animal:
    """What each placement costs within the year, by its own days: a child who came in November has a small figure."""
    name = "cost_so_far"
    children = placements(yard.generator(name), 20)
    printed = [years_cost(child["annual_cost"], child["days"]) for child in children.to_dict("records")]
    annual = [round(cost * 365 / days, 2) for cost, days in zip(printed, children["days"], strict=True)]
    children = children.assign(annual_cost=annual, printed=printed)
    book = Book(yard.slip)
    page = book.page("Commitment list", colour="EDEDED", formats={8: "#,##0.00"})
    page.titles(
        "Thornwhistle Borough Council commitments list",
        "Placements 2025/26 (position at 31 January 2026) £",
        "",
    )
    page.header(
        "Commitment no",
        "Young person ID",
        "Need",
        "Provision type",
        "Provider",
        "Phase",
        "Start",
        "End",
        "Cost in 2025/26",
        "S251 line",
    )
    for child in children.to_dict("records"):
        page.data(f"TW{child['number']:04d}", child["upn"], words("guidance", "needs", child["need"]), words("guidance", "settings", child["setting"]), child["provider"], words("guidance", "phases", child["phase"]),
                  child["start_on"], child["end_on"], child["printed"], words("guidance", "budget_lines", child["line"]))  # fmt: skip
    page.total("Total", *[None] * 7, round(float(children["printed"].sum()), 2))
    path = book.save(yard.file(name, "Commitments list.xlsx"))
    truth = children.assign(placement_id=[f"TW{number:04d}" for number in children["number"]])
    return Animal(name, "Thornwhistle Borough Council", "What each placement costs within the year, by its own days, and no full-year figure",
                  path, "Commitment list", "placements", register_rows(truth, "upn", "placement_id"), {"annualise": True}, 1, secrets=secrets(children))  # fmt: skip


ANIMALS = (weekly, termly, month_columns, place_and_top_up, cost_so_far)
