"""Placements that a person should look at, though their rows are sound: overlaps, costs after the end, no end past 25 …

For the Data page and for notes of the build; nothing here changes a figure. Labels, meanings and mends are in
`hnb/codes/problems.toml`, group "placement". Only the register in force of each year is looked through.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import numpy
import pandas

from hnb import years
from hnb.codelists import CODELISTS
from hnb.placement_months import day_numbers, latest_registers
from hnb.tables.placements import PLACEMENT_EXCEPTIONS

Flags = numpy.ndarray[Any, Any]
Days = numpy.ndarray[Any, Any]
Numbers = numpy.ndarray[Any, Any]

DEAR = 5.0  # times the median of its kind of setting
FEWEST_FOR_A_MEDIAN = 10
ORDINARY_SHARE = 0.1  # of a setting's placements: where more cost nothing, that is how it is paid
_YEAR_OF_AGE = 4  # a child who is 5 on 31 August is in Year 1
_OLDEST = 25
_NEVER = datetime.date(9998, 1, 1).toordinal()
_CARRIED = ["authority", "financial_year", "register_as_at", "placement_id", "pupil_id", "setting",
            "provider", "annual_cost", "source"]  # fmt: skip


def placement_exceptions(placements: pandas.DataFrame, *, dear: float = DEAR) -> pandas.DataFrame:
    """One row a placement and kind of exception.

    Parameters
    ----------
    placements: frame of the `placements` table.
    dear: how many times the median annual cost of its setting a placement may cost.

    Returns
    -------
    A frame of the `placement_exceptions` table. `days` are those of the financial year that are in question:
    of an overlap the days on which an earlier main placement of the child is open too, so that over a child's
    placements they add up to the days that are paid more than once; of a cost that goes on after the end,
    the days after the register's date, or after 31 August for a young person of 25; otherwise all days of the
    placement in the year. `cost` in pounds is what the placement costs on those days, to the penny.

    A plan may last to the end of the academic year in which the young person turns 25 (Children and Families
    Act 2014, section 46): who was 25 by 31 August has no placement after it. Where no age is given, Year 21 and
    above stand for 25. A child's year group is the age on 31 August less four; one year more or less is allowed,
    as some children are taught out of their year.
    """
    if placements.empty:
        return PLACEMENT_EXCEPTIONS.empty()
    register = latest_registers(placements)
    groups = register.groupby(["authority", "financial_year"], sort=True, observed=True)
    frames = [_Register(of_year.reset_index(drop=True), dear).exceptions() for _, of_year in groups]
    return PLACEMENT_EXCEPTIONS.conform(pandas.concat(frames, ignore_index=True))


class _Register:
    """The register of one year with its dates as day numbers."""

    def __init__(self, rows: pandas.DataFrame, dear: float) -> None:
        self.rows, self.dear = rows, dear
        year = str(rows["financial_year"].iloc[0])
        self.in_year = years.days_in_year(year)
        self.first, self.after = years.year_start(year).toordinal(), years.year_end(year).toordinal() + 1
        self.after_august = datetime.date(years.first_of(year), 9, 1).toordinal()
        self.as_at = _day_numbers(rows["register_as_at"])
        self.start = _day_numbers(rows["start_on"])
        self.end = _day_numbers(
            rows["end_on"]
        )  # the last day is not counted; one without an end has no last day
        self.no_end: Flags = rows["end_on"].isna().to_numpy(dtype=bool)
        self.cost = rows["annual_cost"].to_numpy(dtype="float64")

    def exceptions(self) -> pandas.DataFrame:
        """All of them, kind by kind in the order of the code list."""
        found = dict(self._kinds())
        frames = [
            self._frame(kind, *found[kind])
            for kind in CODELISTS["problem_kinds"].members("placement")
            if kind in found
        ]
        return pandas.concat([self._overlaps(), *frames], ignore_index=True)

    def _kinds(self) -> Iterator[tuple[str, tuple[Flags, Days]]]:
        """Each kind but overlaps: which rows are of it, and how many days of each are in question."""
        days = self._days_from(self.first)
        costs, is_open = self.cost != 0, self._is("status", "open")
        ended = self._is("status", "ended") & (self.end > self.as_at) & costs
        yield "ended_still_costed", (ended, self._days_from(self.as_at + 1))
        yield "ended_before_year", ((self.end <= self.first) & costs, days)
        yield "open_after_end", (is_open & (self.end <= self.as_at) & (self.end > self.first), days)
        yield "planned_already_begun", (self._is("status", "planned") & (self.start <= self.as_at), days)
        yield "starts_after_year", (self.start >= self.after, days)
        ages, groups = self._numbers("age"), self._numbers("year_group")
        by_group = groups + _YEAR_OF_AGE
        known = numpy.where(numpy.isnan(ages), by_group, ages)
        goes_on = self.end > max(self.after_august, self.first)
        yield "past_25", ((known >= _OLDEST) & goes_on, self._days_from(self.after_august))
        yield "need_not_recorded", (self._is("need", "not_recorded") & (days > 0), days)
        yield "year_group_against_age", (numpy.abs(by_group - ages) > 1, days)
        yield "phase_against_age", (self._out_of_phase(known), days)
        open_now = is_open & (self.start <= self.as_at) & (self.end > self.as_at)
        yield "nil_cost", (open_now & self._is_unusually_free(), days)
        yield "negative_cost", (self.cost < 0, days)
        yield "far_from_median", (self._is_dear(), days)
        mainstream = self.rows["setting"].isin(CODELISTS["settings"].members("mainstream"))
        residential = self.rows["residential"].fillna(value=False).to_numpy(dtype=bool)
        yield "residential_mainstream", (mainstream.to_numpy(dtype=bool) & residential, days)

    def _overlaps(self) -> pandas.DataFrame:
        """Each main placement on whose days an earlier main one of the child is open, with the one that is open longest."""
        ranks = self._numbers("placement_rank")
        main = (numpy.isnan(ranks) | (ranks == 1)) & (self.end > self.start)
        main &= (self.end > self.first) & (self.start < self.after)
        table = pandas.DataFrame(
            {
                "pupil": self.rows["pupil_id"].astype(object),
                "start": self.start,
                "end": self.end,
                "id": self.rows["placement_id"].astype(object),
                "row": numpy.arange(len(self.rows)),
            }
        )[main]
        table = table[table["pupil"].duplicated(keep=False)].sort_values(["pupil", "start", "end", "id"])
        if table.empty:
            return PLACEMENT_EXCEPTIONS.empty()
        # All earlier ones start no later, so together they cover a row's days up to the latest of their ends.
        longest = table.groupby("pupil", sort=False)["end"].cummax()
        is_longest = table["end"] == longest
        holder = table["row"].where(is_longest).groupby(table["pupil"], sort=False).ffill()
        previous = table["pupil"].eq(table["pupil"].shift())
        until = longest.shift().where(previous)
        rows = table["row"].to_numpy()
        begin = numpy.maximum(table["start"].to_numpy(), self.first)
        stop = numpy.minimum(numpy.minimum(table["end"].to_numpy(), self.after), until.fillna(0).to_numpy())
        there = stop > begin
        of, others = rows[there], holder.shift().to_numpy()[there].astype("int64")
        days = numpy.zeros(len(self.rows), dtype="int64")
        days[of] = (stop - begin)[there]
        frame = self._frame("overlap", numpy.isin(numpy.arange(len(self.rows)), of), days)
        earlier = pandas.Series(others, index=of).sort_index()
        frame["other_placement_id"] = self.rows["placement_id"].to_numpy()[earlier]
        frame["other_source"] = self.rows["source"].to_numpy()[earlier]
        return frame

    def _frame(self, kind: str, which: Flags, days: Days) -> pandas.DataFrame:
        at = numpy.flatnonzero(which)
        frame = self.rows.loc[at, _CARRIED].reset_index(drop=True)
        frame["exception"] = kind
        frame["days"] = days[at]
        frame["cost"] = numpy.round(self.cost[at] * days[at] / self.in_year, 2)
        return frame

    def _days_from(self, first: int | Days) -> Days:
        """How many days of the year each placement is open on or after a day."""
        begin = numpy.maximum(numpy.maximum(self.start, self.first), first)
        return numpy.asarray(numpy.maximum(numpy.minimum(self.end, self.after) - begin, 0))

    def _is(self, column: str, code: str) -> Flags:
        return (self.rows[column] == code).fillna(value=False).to_numpy(dtype=bool)

    def _numbers(self, column: str) -> Numbers:
        return self.rows[column].astype("Float64").to_numpy(dtype="float64", na_value=numpy.nan)

    def _out_of_phase(self, age: Numbers) -> Flags:
        out = numpy.zeros(len(self.rows), dtype=bool)
        for code, entry in CODELISTS["phases"].entries.items():
            if "ages" in entry.details:
                lowest, highest = entry.details["ages"]
                out |= self._is("phase", code) & ((age < lowest - 1) | (age > highest + 1))
        return out

    def _is_dear(self) -> Flags:
        """Rows beyond so many medians of their setting; a setting with few placements has no median to speak of."""
        costs = pandas.Series(self.cost).where((self.cost > 0) & ~self._is("setting", "not_recorded"))
        of_setting = costs.groupby(self.rows["setting"].astype(object))
        median, count = of_setting.transform("median"), of_setting.transform("count")
        return ((costs > self.dear * median) & (count >= FEWEST_FOR_A_MEDIAN)).to_numpy(dtype=bool)

    def _is_unusually_free(self) -> Flags:
        """Rows at no cost of a setting where few are; home education and many a college place cost the block nothing."""
        free = pandas.Series(self.cost == 0)
        share = free.groupby(self.rows["setting"].astype(object)).transform("mean")
        return (free & (share <= ORDINARY_SHARE)).to_numpy(dtype=bool)


def _day_numbers(dates: pandas.Series) -> Days:
    """Dates as day numbers, a missing one as a day that never comes."""
    return numpy.asarray(day_numbers(dates, missing=_NEVER), dtype="int64")
