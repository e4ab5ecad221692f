"""Proves that nothing was lost: parts against printed totals, columns against their sums, gaps, repeats, size. Pure.

Printed figures are compared as printed, before units and signs are applied. What is not met is a Problem with
both figures and the difference; what is only worth knowing is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import pandas

from etl.layout import Across, Check, Layout, Totals
from etl.sheet_rows import DATA, SheetRows
from etl.staging import BROUGHT
from etl.values import Reader, read_all
from hnb import years
from hnb.codelists import CODELISTS
from hnb.contract import Problem
from hnb.load_findings import plural

_SUMMED = frozenset({"pounds", "number", "count"})


@dataclass(frozen=True)
class Control:
    """What came of a sheet's controls: how many printed figures were compared, how many are met, and the rest."""

    printed: int
    met: int
    problems: tuple[Problem, ...]


def printed_totals(rows: SheetRows, tolerance: float) -> Control:
    """Every printed total of a sheet, rows and columns, held against its parts; none while a question is open."""
    if rows.fit.layout.unanswered:
        return Control(0, 0, ())
    printed = met = 0
    problems: list[Problem] = []
    for number, totals in enumerate(rows.fit.layout.totals):
        control = _total_rows(rows, number, totals, tolerance)
        printed, met = printed + control.printed, met + control.met
        problems += control.problems
    for check in rows.fit.layout.checks:
        control = _row_checks(rows, check, tolerance)
        printed, met = printed + control.printed, met + control.met
        problems += control.problems
    return Control(printed, met, tuple(problems))


def _total_rows(rows: SheetRows, number: int, totals: Totals, tolerance: float) -> Control:
    at = numpy.flatnonzero(rows.total_rule == number)
    where = f"{rows.fit.sheet.file}!{rows.fit.sheet.name}"
    if not len(at):
        if totals.optional and (rows.total_rule >= 0).any():
            return Control(0, 0, ())  # another rule's total is there
        if totals.optional:
            note = Problem(where, "no_printed_total", "the file prints no total, so nothing checks that it is whole", "a row with the total",
                           "Compare the sum with the publisher's, if one can be had", "note")  # fmt: skip
            return Control(0, 0, (note,))
        said = f"such as “{totals.example}”" if totals.example else f"named under {' and '.join(totals.when)}"
        return Control(0, 0, (Problem(where, "total_missing", "the row with the printed total is not there", f"a row {said}",
                                      f"Check that the sheet is whole; if it never has a total, say `optional` in {rows.fit.layout.said}"),))  # fmt: skip
    groups = _groups(rows, totals, at)
    allowed = totals.tolerance if totals.tolerance is not None else tolerance
    printed = met = 0
    unmet: list[Problem] = []
    hidden: list[str] = []
    unread: list[str] = []
    for position in _summed_positions(rows, totals):
        values, absent = rows.numbers(position)
        values = values * rows.signs(position)
        sums, gaps_in_parts = groups.sums(values), groups.sums(absent.astype("float64"))
        for row, expected, gap in zip(at, sums, gaps_in_parts, strict=True):
            if numpy.isnan(values[row]) or numpy.isnan(expected):
                if abs(expected) > allowed:
                    unread.append(rows.address(int(row), position))
                continue
            is_met = abs(values[row] - expected) <= allowed + 1e-12 * abs(expected)
            if not is_met and gap > 0 and values[row] > expected:
                # Parts that the publisher withholds can only make the printed total larger: nothing is proved.
                hidden.append(rows.address(int(row), position))
                continue
            printed += 1
            if is_met:
                met += 1
            else:
                unmet.append(
                    _not_met(
                        rows.address(int(row), position),
                        rows.fit.headings[position],
                        values[row],
                        expected,
                        totals.severity,
                        totals.because,
                    )
                )
    return Control(
        printed, met, (*_gathered(unmet, totals.because), *_not_comparable(hidden), *_unread(unread))
    )


def _not_comparable(addresses: Sequence[str]) -> list[Problem]:
    if not addresses:
        return []
    return [Problem(addresses[0], "total_not_comparable", f"{plural(len(addresses), 'printed total')} {'holds' if len(addresses) == 1 else 'hold'} more than the parts, and some parts are not available; this is the first",
                    "parts that are all there", "Nothing to do; sums over the parts understate these totals", "note")]  # fmt: skip


def _unread(addresses: Sequence[str]) -> list[Problem]:
    if not addresses:
        return []
    count = plural(len(addresses), "cell")
    return [Problem(addresses[0], "total_blank", f"there is no number in {count} of the row with the printed total, though there is something to add up; this is the first",
                    "the total of each column, so that it can be checked", "Write the total in the workbook, or compare the sum by hand", "note")]  # fmt: skip


def _summed_positions(rows: SheetRows, totals: Totals) -> list[int]:
    fit = rows.fit
    if totals.columns:
        return [position for name in totals.columns if (position := fit.position(name)) is not None]
    mapped = [
        fit.columns[name]
        for name, column in fit.layout.columns.items()
        if name in fit.columns and column.loaded and column.read in _SUMMED
    ]
    mapped += [index for parts in fit.parts.values() for index in parts]
    return mapped + [
        column.index
        for column in fit.wides
        if BROUGHT[column.wide.table].column(column.wide.value).kind in _SUMMED
    ]


class _Groups:
    """Which data rows each printed total is the sum of: a label for each row, and one for each total."""

    def __init__(self, row_labels: Sequence[Any], total_labels: Sequence[Any]) -> None:
        self.row_labels = row_labels
        self.total_labels = total_labels

    def sums(self, values: numpy.ndarray[Any, Any]) -> list[float]:
        """The sum over each total's rows; missing where it has none, or none with a number."""
        labelled = pandas.Series(values).groupby(
            pandas.Series(list(self.row_labels), dtype=object), sort=False
        )
        found = labelled.sum(min_count=1).to_dict()
        return [found.get(label, numpy.nan) for label in self.total_labels]


def _groups(rows: SheetRows, totals: Totals, at: numpy.ndarray[Any, Any]) -> _Groups:
    """Labels of data rows by what the totals are over; a row that is no data has none."""
    is_data = rows.in_totals
    if totals.over == "all":
        labels: list[Any] = ["all"] * rows.count
    elif totals.over == "above":
        # A subtotal sums the data rows since the subtotal before it.
        labels = list(numpy.searchsorted(at, numpy.arange(rows.count), side="left"))
    elif totals.over == "same":
        columns = [texts for name in totals.same if (texts := rows.named_texts(name)) is not None]
        labels = list(zip(*columns, strict=True))
    else:
        return _region_groups(rows, totals, at, is_data)
    return _Groups(
        [label if data else None for label, data in zip(labels, is_data, strict=True)],
        [labels[row] for row in at],
    )


def _region_groups(
    rows: SheetRows, totals: Totals, at: numpy.ndarray[Any, Any], is_data: numpy.ndarray[Any, Any]
) -> _Groups:
    """Labels by region: of the row's authority, and of the name beside the total."""
    authorities, regions = CODELISTS["authorities"], CODELISTS["regions"]
    named = rows.fit.position(totals.named)
    codes = read_all(rows.cells(rows.fit.columns["authority"]), Reader("authority"))
    names = rows.texts(named) if named is not None else [""] * rows.count
    labels = [
        authorities.group(code) if data and isinstance(code, str) else None
        for code, data in zip(codes, is_data, strict=True)
    ]
    return _Groups(labels, [regions.encode(names[row]) for row in at])


def _row_checks(rows: SheetRows, check: Check, tolerance: float) -> Control:
    fit = rows.fit
    total = fit.position(check.total)
    if total is None:
        return Control(0, 0, ())
    printed = rows.numbers(total)[0]
    parts = _sum(rows, check.plus, check.plus_pattern) - _sum(rows, check.minus, check.minus_pattern)
    compared = (rows.fate == DATA) & ~numpy.isnan(printed) & rows.matching(check.when)
    if check.by:
        parts, first = _summed_by(rows, parts, check.by)
        compared &= first
    allowed = check.tolerance if check.tolerance is not None else tolerance
    wrong = compared & (numpy.abs(printed - parts) > allowed + 1e-12 * numpy.abs(printed))
    # Parts that the publisher withholds can only make the printed total larger: nothing is proved there.
    hidden = wrong & _any_absent(rows, check) & (printed > parts)
    wrong, compared = wrong & ~hidden, compared & ~hidden
    unmet = [
        _not_met(
            rows.address(int(row), total), check.name, printed[row], parts[row], check.severity, check.because
        )
        for row in numpy.flatnonzero(wrong)
    ]
    problems = (
        *_gathered(unmet, check.because),
        *_not_comparable([rows.address(int(row), total) for row in numpy.flatnonzero(hidden)]),
    )
    if check.severity == "note":
        return Control(0, 0, problems)  # an explained difference is no control
    return Control(int(compared.sum()), int(compared.sum()) - len(unmet), problems)


def _any_absent(rows: SheetRows, check: Check) -> numpy.ndarray[Any, Any]:
    """Rows in which some part that is added holds a symbol for a figure that is not given."""
    named = [name for term in check.plus for name in ((term,) if isinstance(term, str) else term)]
    positions = [position for name in named if (position := rows.fit.position(name)) is not None]
    positions += rows.fit.positions(check.plus_pattern) if check.plus_pattern is not None else []
    absent = numpy.zeros(rows.count, dtype=bool)
    for position in positions:
        absent |= rows.numbers(position)[1]
    return absent


def _sum(
    rows: SheetRows, terms: Sequence[str | tuple[str, ...]], pattern: re.Pattern[str] | None
) -> numpy.ndarray[Any, Any]:
    """Terms and the columns whose headings match a pattern, added up in each row."""
    total = numpy.zeros(rows.count)
    for term in terms:
        total += _term(rows, term)
    for position in rows.fit.positions(pattern) if pattern is not None else ():
        total += numpy.nan_to_num(rows.numbers(position)[0])
    return total


def _summed_by(
    rows: SheetRows, parts: numpy.ndarray[Any, Any], by: Sequence[str]
) -> tuple[numpy.ndarray[Any, Any], numpy.ndarray[Any, Any]]:
    """Parts summed over the rows alike in some columns, at each of them; and which row is the first of its group."""
    columns = [rows.texts(position) for name in by if (position := rows.fit.position(name)) is not None]
    labels = pandas.Series(list(zip(*columns, strict=True)), dtype=object)
    is_data = pandas.Series(rows.fate == DATA)
    summed = pandas.Series(parts).where(is_data, 0.0).groupby(labels).transform("sum").to_numpy()
    return summed, (is_data & ~labels.where(is_data).duplicated()).to_numpy()


def _term(rows: SheetRows, term: str | tuple[str, ...]) -> numpy.ndarray[Any, Any]:
    """A column, or a product of columns, as numbers; a symbol or a blank counts as nothing, as publishers add them."""
    names = (term,) if isinstance(term, str) else term
    product = numpy.ones(rows.count)
    for name in names:
        position = rows.fit.position(name)
        # A column that this year's sheet has not is no part of its total.
        product = product * (numpy.nan_to_num(rows.numbers(position)[0]) if position is not None else 0.0)
    return product


def _not_met(where: str, name: str, printed: float, parts: float, severity: Any, because: str) -> Problem:
    found = f"{name}: the printed total is {printed:,.2f} and its parts add up to {parts:,.2f}, a difference of {printed - parts:,.2f}"
    action = because or "Find the row that is missing, doubled or mistyped, or ask the publisher"
    return Problem(where, "total_not_met", found, "parts that add up to the printed total", action, severity)


def _gathered(unmet: Sequence[Problem], because: str) -> list[Problem]:
    """Notes of one explained difference as a single note; refusals each by themselves."""
    if len(unmet) < 2 or unmet[0].severity != "note":
        return list(unmet)
    first = unmet[0]
    return [
        Problem(
            first.where,
            first.what,
            f"{first.found}; and likewise in {plural(len(unmet) - 1, 'more cell')}",
            first.expected,
            because,
            "note",
        )
    ]


def sums_across(frame: pandas.DataFrame, across: Across, tolerance: float) -> list[Problem]:
    """Rows of one table whose amounts must add up to other rows of it, whatever sheets they came from."""
    if frame.empty:
        return []
    key = [name for name in BROUGHT[across.table].key if name != across.column]
    wide = frame.pivot_table(
        index=key, columns=across.column, values=across.value, aggfunc="sum", observed=True
    )
    needed = [across.total, *across.plus]
    if any(name not in wide.columns for name in (across.total, *(across.plus if not across.any_of else ()))):
        return []
    present = [name for name in across.plus if name in wide.columns]
    compared = wide.dropna(
        subset=[name for name in needed if name in wide.columns] if not across.any_of else [across.total]
    )
    # A total that some source gives without any of its parts is not tried: nothing can be added up.
    compared = compared[compared[present].notna().any(axis=1)]
    parts = compared[present].sum(axis=1)
    allowed = across.tolerance if across.tolerance is not None else tolerance
    wrong = (compared[across.total] - parts).abs() > allowed + 1e-6
    if not wrong.any():
        return []
    sources = frame[frame[across.column] == across.total].set_index(key)["source"].to_dict()
    label = CODELISTS[BROUGHT[across.table].column(across.column).codes].label(across.total)
    return [
        _not_met(
            str(sources[values]), label, compared.loc[values, across.total], parts[values], "refusal", ""
        )
        for values in compared.index[wrong]
    ]


def repeated_rows(rows: SheetRows) -> list[Problem]:
    """A note on rows that are exactly like another; they are never dropped: two equal payments may both be real."""
    data = [tuple(rows.rows[int(row)]) for row in rows.data]
    frame = pandas.Series(data, dtype=object)
    again = frame.duplicated()
    if not again.any():
        return []
    at = rows.data[again.to_numpy()]
    first, worth = int(at[0]), _worth(rows, at)
    shown = ", ".join(rows.source(int(row)).rsplit("!", 1)[-1] for row in at[:3])
    places = f"row {shown}" if len(at) == 1 else f"rows {shown}{' and others' if len(at) > 3 else ''}"
    return [Problem(rows.source(first), "duplicate_rows", f"{plural(int(again.sum()), 'row')} {'is' if again.sum() == 1 else 'are'} exactly like an earlier one{worth}: {places}; all are kept",
                    "rows that differ in something", "Ask the source whether they are payments made twice or rows printed twice; if one is to go, say so in a correction", "note")]  # fmt: skip


def _worth(rows: SheetRows, at: numpy.ndarray[Any, Any]) -> str:
    position = rows.fit.columns.get("amount")
    return "" if position is None else f", together £{numpy.nansum(rows.numbers(position)[0][at]):,.2f}"


def gaps(layout: Layout, frames: Iterable[tuple[str, pandas.DataFrame]]) -> list[Problem]:
    """A note for each month or year that is missing in a run of files of one layout: each file's name and frame."""
    monthly = layout.run == "month"
    by_time: dict[int, str] = {}
    told = ["financial_year", "period"] if monthly else ["financial_year"]
    for file, frame in frames:
        if not set(told) <= set(frame.columns):
            continue  # a sheet of which no year could be read is refused by itself
        times = frame[told] if monthly else frame[told].assign(period=1)
        for year, period in times.drop_duplicates().itertuples(index=False, name=None):
            by_time[years.first_of(year) * 12 + int(period) - 1 if monthly else years.first_of(year)] = file
    wanted = range(min(by_time, default=0), max(by_time, default=-1) + 1)
    problems = []
    for missing in (time for time in wanted if time not in by_time):
        before = by_time[max(time for time in by_time if time < missing)]
        name = (
            f"{years.months_of(years.written(missing // 12))[missing % 12]:%B %Y}"
            if monthly
            else years.written(missing)
        )
        problems.append(Problem(before, f"missing_{layout.run}", f"{name} is missing: no file follows this one for it", f"a file for every {layout.run} from first to last",
                                "Fetch it; until then sums over the run leave it out", "note"))  # fmt: skip
    return problems


def accounted(read: int, loaded: int, corrected: int, refused: int, ignored: int, where: str) -> None:
    """Every row of a sheet is loaded, corrected, refused or ignored by name; anything else is our fault."""
    if read != loaded + corrected + refused + ignored:
        raise AssertionError(
            f"{where}: {read} rows read, {loaded} loaded + {corrected} corrected + {refused} refused + {ignored} ignored"
        )
