"""The first view: what the year does to the block, and what has piled up, before and after the stability grant."""

from __future__ import annotations

from typing import Any

from hnb import wording
from hnb.findings import meeting as findings
from hnb.findings.balance import after_the_grant
from hnb.meeting import names, said
from hnb.meeting.view import Chart, Said, Series, Shape, Table, Tile, View
from hnb.published import Cell, Published
from hnb.stability_grant import stability_grant

VIEW_ID = "position"
_SOURCE = "allocations of the block, budget monitor and published balances"
_POUNDS: Shape = "pounds"


def view(published: Published) -> View:
    """The block's position. Nothing of it is of a child, so that nothing of it is hidden."""
    rows = [
        row for row in published.block.to_dicts() if row["spend"] is not None or row["closing"] is not None
    ]
    if not rows:
        return View(
            VIEW_ID, "Position", "Neither the allocation nor the balance of the block is known",
            "Nothing is published to hold spend against", names.source(published, _SOURCE),
        )  # fmt: skip
    row, before = rows[-1], rows[-2] if len(rows) > 1 else None
    terms = stability_grant()
    granted = after_the_grant(published.block.filter(published.block["closing"].is_not_null()), terms)
    return View(
        VIEW_ID,
        "Position",
        findings.of_position(row),
        f"Balance of the {published.block_name} at the end of each year, £m, before and with the stability grant; "
        "below nought is a deficit",
        names.source(published, _SOURCE),
        _tiles(row, before),
        _chart(rows, findings.of_position(row)),
        _table(rows),
        (_sentence(granted),) if granted else (),
        _notes(row, granted),
        terms.caution if granted else "",
    )


def _tiles(row: dict[str, Any], before: dict[str, Any] | None) -> tuple[Tile, ...]:
    year, status = row["financial_year"], _status(row)
    then = before["financial_year"] if before else ""
    old = before or {}
    tiles = []
    spent = _change(row, old, "spend")
    tiles.append(Tile(said.millions(_cell(row, "spend", status)), f"{'forecast spend' if row['is_forecast'] else 'spend'}, {year}", "", findings.moved(spent, then)))  # fmt: skip
    grown = _change(row, old, "available")
    tiles.append(Tile(said.millions(_cell(row, "available", "reported")), f"what the block receives, {year}", "", findings.moved(grown, then)))  # fmt: skip
    words, tone = findings.against(row["in_year"], old.get("in_year"), then)
    tiles.append(Tile(said.millions(_cell(row, "in_year", status)), f"the year’s position, {year}", tone, words))  # type: ignore[arg-type]  # fmt: skip
    words, tone = findings.against(row["closing"], old.get("closing"), f"March {_ends(then)}" if then else "")
    tiles.append(Tile(said.millions(_cell(row, "closing", status)), f"balance, March {_ends(year)}", tone, words))  # type: ignore[arg-type]  # fmt: skip
    return tuple(tile for tile in tiles if tile.said.value is not None)


def _chart(rows: list[dict[str, Any]], described: str) -> Chart | None:
    known = [row for row in rows if row["closing"] is not None]
    if len(known) < 2:
        return None
    with_grant = tuple(
        said.millions(_cell(row, "closing_after_grant", _status(row))) if _is_granted(row) else said.NOTHING
        for row in known
    )
    series = [Series("Balance", tuple(said.millions(_cell(row, "closing", _status(row))) for row in known), "accent", is_accent=True)]  # fmt: skip
    if any(point.value is not None for point in with_grant):
        series.append(Series("With the stability grant", with_grant, "muted"))
    return Chart(
        "columns", tuple(row["financial_year"] for row in known), tuple(series), "pounds", f"{described}."
    )


def _table(rows: list[dict[str, Any]]) -> Table:
    columns = {
        "Receives": "available",
        "Spend": "spend",
        "In the year": "in_year",
        "Balance": "closing",
        "Balance with the stability grant": "closing_after_grant",
    }
    body = tuple(
        (
            row["financial_year"],
            tuple(said.pounds(_cell(row, name, _status(row))) for name in columns.values()),
        )
        for row in rows
    )
    return Table(
        "The block, year by year, in pounds; below nought is a deficit",
        ("Year", *columns),
        body,
        tuple(_POUNDS for _ in columns),
        signs=names.signs(_figures(body)),
    )


def _notes(row: dict[str, Any], granted: str) -> tuple[str, ...]:
    year = row["financial_year"]
    notes = [
        f"In plain words: {findings.of_position(row)}. That is the whole block, all settings and services together.",
        "How it is worked out: what the block receives (the allocation after deductions, with what other blocks hand "
        "over) less what is spent is the year; the years together are the balance.",
    ]
    if row["closing"] is not None:
        notes.append(
            f"If asked “is that the council’s own money?”: the balance of {wording.millions(row['closing'])} stands in a "
            "reserve of its own for as long as the statutory override runs (to March 2028); it is still owed."
        )
    if granted:
        notes.append(f"If asked “what of the stability grant?”: {granted.removeprefix('; ')}.")
    if row["is_forecast"]:
        notes.append(f"Caution: {year} is not over, and its figures are a forecast.")
    return tuple(notes)


def _status(row: dict[str, Any]) -> str:
    return "estimated" if row["is_forecast"] or row["is_carried_on"] else "reported"


def _is_granted(row: dict[str, Any]) -> bool:
    return row["closing_after_grant"] is not None and row["closing_after_grant"] != row["closing"]


def _cell(row: dict[str, Any], name: str, status: str) -> Cell:
    return Cell(row[name], status if row[name] is not None else "not_available")


def _change(row: dict[str, Any], old: dict[str, Any], name: str) -> Cell:
    if row[name] is None or old.get(name) is None:
        return Cell(None, "not_available")
    return Cell(row[name] - old[name], _status(row))


def _sentence(granted: str) -> str:
    words = granted.removeprefix("; ")
    return f"{words[:1].upper()}{words[1:]}"


def _ends(year: str) -> str:
    return str(int(year[:4]) + 1) if year else ""


def _figures(rows: tuple[tuple[str, tuple[Said, ...]], ...]) -> list[Said]:
    return [figure for _, figures in rows for figure in figures]
