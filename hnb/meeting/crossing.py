"""Phase × need × setting: the three published tables of spend in the latest year, any two of the three at a time."""

from __future__ import annotations

from hnb.findings import meeting as findings
from hnb.meeting import names, said
from hnb.meeting.view import Shape, Table, View
from hnb.published import Cell, Published

CROSSINGS = (("setting", "need"), ("setting", "phase"), ("need", "phase"))
"""Rows and columns of each view."""

_CODES = {"setting": names.SETTINGS, "phase": names.PHASES, "need": names.NEEDS}
_TITLES = {"setting": "Kind of setting", "phase": "Phase", "need": "Need"}
_WORDS = {"setting": "setting", "phase": "phase", "need": "need"}
_POUNDS: Shape = "pounds"


def views(published: Published) -> tuple[View, ...]:
    """One view a pair of dimensions."""
    return tuple(_view(published, rows, columns) for rows, columns in CROSSINGS)


def _view(published: Published, rows: str, columns: str) -> View:
    year = published.latest_year
    verb = names.verb(published, year, "is forecast to be spent", "was spent")
    found = [
        (row, column, published.cell("spend", year, **{rows: row, columns: column}))
        for row in _CODES[rows]
        for column in _CODES[columns]
    ]
    headline = _headline(published, rows, columns, found, verb)
    shown = sum(cell.value is not None for _, _, cell in found)
    hidden = f"{shown} of {len(found)} cells are shown" if shown < len(found) else "every cell is shown"
    return View(
        names.view_id(rows, "by", columns),
        f"{_TITLES[rows]} by {_WORDS[columns]}",
        headline,
        f"{names.verb(published, year, 'Forecast spend', 'Spend')} {year}, £m; the stronger the colour, the more",
        names.source(published),
        table=_table(published, rows, columns, year),
        notes=(
            f"In plain words: {headline}. The strongest colour is where most of the money goes, which need not be where one place costs most.",
            f"How it is worked out: spend of the year that is paid for a child, by the child’s {_WORDS[columns]} and "
            f"{_WORDS[rows]}; what is paid for no one child stands as not split.",
            f"If asked “why are cells hidden?”: behind each is a child. {hidden[0].upper()}{hidden[1:]}; a number under "
            f"{published.rules.threshold} is hidden, and so is what would give it away by subtraction.",
            "Caution: a child has one primary need here, and most have more than one.",
        ),
        caution="The primary need of each child only.",
    )


def _headline(
    published: Published, rows: str, columns: str, found: list[tuple[str, str, Cell]], verb: str
) -> str:
    """The largest cell; of phases, which are few and mostly shown in all, the largest phase."""
    year = published.latest_year
    whole = published.cell("spend", year)
    if (rows, columns) == ("setting", "phase"):
        of_phases = [(code, published.cell("spend", year, phase=code)) for code in _CODES["phase"]]
        said_of_them = findings.of_one_dimension("phase", of_phases, whole, verb)
        if said_of_them:
            return said_of_them
    return findings.of_crossing(rows, columns, found, whole, verb)


def _table(published: Published, rows: str, columns: str, year: str) -> Table:
    shown = [code for code in _CODES[columns] if _has_any(published, rows, columns, code, year)]

    def figures(row: str) -> tuple[Cell, ...]:
        of_row = {rows: row} if row != "all" else {}
        return (
            *(published.cell("spend", year, **of_row, **{columns: column}) for column in shown),
            published.cell("spend", year, **of_row),
        )

    body = tuple(
        (names.label(rows, row), tuple(said.millions(cell) for cell in figures(row))) for row in _CODES[rows]
    )
    whole = tuple(said.millions(cell) for cell in figures("all"))
    return Table(
        f"Spend by {_WORDS[rows]} and {_WORDS[columns]}, {year}, £m",
        (_TITLES[rows], *(names.short(columns, code) for code in shown), "All"),
        body,
        tuple(_POUNDS for _ in range(len(shown) + 1)),
        ("All", whole),
        is_heat=True,
        unshaded=1 + sum(not names.is_split(code) for code in shown),
        signs=names.signs([figure for _, line in body for figure in line] + list(whole)),
    )


def _has_any(published: Published, rows: str, columns: str, column: str, year: str) -> bool:
    """Whether a column has a figure other than nought, or one that is hidden."""
    return any(
        published.cell("spend", year, **{rows: row, columns: column}).value != 0 for row in _CODES[rows]
    )
