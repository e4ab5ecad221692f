"""Places and placements: how many children and young people are placed in each kind of setting, and what a year costs."""

from __future__ import annotations

from hnb import wording
from hnb.findings import meeting as findings
from hnb.meeting import cells, names, said
from hnb.meeting.view import Chart, Said, Series, Shape, Table, Tile, View
from hnb.published import Cell, Published

VIEW_ID = "places"
_PLACED = tuple(code for code in names.SETTINGS if code != "services")


def view(published: Published) -> View:
    """Placements on each year's count date by kind of setting; the one that moved most stands out."""
    year, before = published.latest_year, published.year_before(published.latest_year)
    rises = [(code, _rise(published, year, before, code)) for code in _PLACED]
    now, then = published.cell("placements", year), _placements(published, before)
    headline = findings.of_places(now, then, rises, before)
    accent = _largest(rises)
    return View(
        VIEW_ID,
        "Places and placements",
        headline,
        f"Placements on the count date of each year, {published.years[0]} to {year}",
        names.source(published, "placement register"),
        _tiles(published, year, before),
        _chart(published, accent, f"{headline}."),
        _table(published, year, before),
        notes=_notes(published, headline, year),
        caution="A placement counts once a child, on one date; a placement-year is 365 days of a place, whoever held it.",
    )


def price(published: Published, year: str, setting: str = "all") -> Cell:
    """Pounds for a placement-year: what is paid for single placements by their time; of all settings without one named."""
    return cells.share(
        published.cell("placement_cost", year, setting=setting),
        published.cell("placement_years", year, setting=setting),
    )


def _tiles(published: Published, year: str, before: str) -> tuple[Tile, ...]:
    independent = cells.share(
        published.cell("placements", year, setting="independent"), published.cell("placements", year)
    )
    was = cells.share(_placements(published, before, "independent"), _placements(published, before))
    tiles = [
        Tile(said.count(published.cell("placements", year)), f"placements, {year}", "", _more(published, year, before)),
        Tile(said.share(independent), "in independent and non-maintained schools", "", f"was {wording.share(was.value)} in {before}" if was.value is not None else ""),
        Tile(said.pounds(price(published, year)), "a placement-year costs, all settings", "", _was(published, before)),
        Tile(said.pounds(price(published, year, "independent")), "in an independent or non-maintained school", "", _was(published, before, "independent")),
    ]  # fmt: skip
    return tuple(tile for tile in tiles if tile.said.value is not None)


def _chart(published: Published, accent: str, described: str) -> Chart:
    series = tuple(
        Series(
            names.short("setting", code),
            tuple(said.count(published.cell("placements", year, setting=code)) for year in published.years),
            names.colour(code),
            is_accent=code == accent,
        )
        for code in _PLACED
    )
    return Chart(
        "lines", published.years, series, "count", described, names.breaks("placements", published.years)
    )


def _table(published: Published, year: str, before: str) -> Table:
    headings = ("Kind of setting", *([before] if before else []), year, *(["Change"] if before else []), f"Placement-years, {year}", "Cost of one")  # fmt: skip

    def row(setting: str) -> tuple[Said, ...]:
        now = published.cell("placements", year, setting=setting)
        then = _placements(published, before, setting)
        counts = (said.count(then), said.count(now), said.count(cells.less(now, then), signed=True)) if before else (said.count(now),)  # fmt: skip
        years = said.number(published.cell("placement_years", year, setting=setting))
        return (*counts, years, said.pounds(price(published, year, setting)))

    rows = tuple((names.label("setting", code), row(code)) for code in _PLACED)
    whole = row("all")
    counted: tuple[Shape, ...] = ("count", "count", "count") if before else ("count",)
    return Table(
        f"Placements on the count date, and what a placement-year costs, {year}",
        headings,
        rows,
        (*counted, "number", "price"),
        ("All", whole),
        signs=names.signs([figure for _, figures in rows for figure in figures] + list(whole)),
    )


def _notes(published: Published, headline: str, year: str) -> tuple[str, ...]:
    dear, all_of_it = price(published, year, "independent"), price(published, year)
    asked = "If asked “what does one cost?”: that is hidden, or not known."
    if dear.value is not None and all_of_it.value:
        asked = (
            f"If asked “what does one cost?”: {wording.pounds(dear.value)} for a year in an independent or "
            f"non-maintained school, {dear.value / all_of_it.value:.1f} times the average of {wording.pounds(all_of_it.value)}."
        )
    plain = findings.of_a_hundred(
        cells.share(
            published.cell("placements", year, setting="independent"), published.cell("placements", year)
        ),
        cells.share(published.cell("spend", year, setting="independent"), published.cell("spend", year)),
    )
    return (
        f"In plain words: {plain or headline}.",
        "How it is worked out: a placement counts if it had begun and had not ended on the count date; of two placements "
        "of one child the main one counts.",
        asked,
        *names.break_notes("placements", published.years),
        "Caution: top-ups and fees only; in state schools and colleges the place itself is paid on top, so that the "
        "difference to them is less than it seems.",
    )


def _placements(published: Published, year: str, setting: str = "all") -> Cell:
    return published.cell("placements", year, setting=setting) if year else Cell(None, "not_available")


def _rise(published: Published, year: str, before: str, setting: str) -> Cell:
    return cells.less(_placements(published, year, setting), _placements(published, before, setting))


def _largest(rises: list[tuple[str, Cell]]) -> str:
    known = [(code, cell.value) for code, cell in rises if cell.value is not None]
    return max(known, key=lambda item: item[1])[0] if known else ""


def _more(published: Published, year: str, before: str) -> str:
    change = cells.less(_placements(published, year), _placements(published, before))
    if change.value is None:
        return ""
    return f"{wording.count(change.value, signed=True)} on {before}"


def _was(published: Published, before: str, setting: str = "all") -> str:
    then = price(published, before, setting) if before else Cell(None, "not_available")
    return f"was {wording.pounds(then.value)} in {before}" if then.value is not None else ""
