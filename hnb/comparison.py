"""How an authority compares: its rates beside those of its statistical neighbours, its region and England.

Three kinds of average are told apart and never mixed:

- an area (London, England) has its own rate: all of its plans over all of its people, one division. It comes from
  the area's published total where there is one, else from the authorities loaded, if nearly all of them are;
- the neighbours' mean is the mean of their rates, each authority counting once, as in DfE's own interactive tool: it
  says what a typical neighbour does, and a county of a million does not drown a borough;
- the neighbours together are one division of their sums, shown beside it so that nobody takes one for the other.

An authority that did not report is in none of them, and how many were is always said. People are those that go with
the January; where none are loaded for it, the latest before it, and the rate is then marked as estimated.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars

from hnb import years
from hnb.codelists import CODELISTS
from hnb.metrics import Selection, compute
from hnb.metrics.rates import PEOPLE_KINDS, PUPILS, RATES, Rate

ENGLAND = "E92000001"

ENOUGH = 0.9
"""The part of an area's authorities that must have both figures before their sum stands for the area."""

KINDS = ("us", "neighbour", "neighbours_mean", "neighbours_together", "region", "england")
"""What a row of a comparison is, in the order of its rows."""

SCHEMA: dict[str, Any] = {
    "kind": polars.String,
    "area": polars.String,
    "financial_year": polars.String,
    "numerator": polars.Float64,
    "denominator": polars.Float64,
    "people_of": polars.Int64,
    "value": polars.Float64,
    "status": polars.String,
    "authorities": polars.Int64,
    "of": polars.Int64,
    "position": polars.Int64,
}

Key = tuple[str, str]
"""An authority or area, and a financial year."""


@dataclass(frozen=True)
class Company:
    """An authority and whom it is compared with.

    neighbours: codes, the most alike first. edition: of the list of neighbours; None without one. region: the
    code of the authority's region. people: the kind of people that rates per head divide by, "" where none is loaded.
    """

    authority: str
    neighbours: tuple[str, ...]
    edition: datetime.date | None
    region: str
    people: str

    @property
    def per(self) -> str:
        """The people that rates divide by, in words: "people aged 0 to 24"."""
        return (
            str(CODELISTS["population_kinds"].entry(self.people).details["per"]) if self.people else "people"
        )


def editions(tables: Any, authority: str) -> tuple[datetime.date, ...]:
    """The editions of the authority's list of neighbours, the latest first."""
    if not tables.has("neighbours"):
        return ()
    rows = tables.table("neighbours").filter(polars.col("authority") == authority)
    return tuple(sorted(rows["edition"].unique().to_list(), reverse=True))


def company(tables: Any, authority: str, edition: datetime.date | None = None) -> Company:
    """Whom the authority is compared with, by one edition of the list; the latest unless another is asked for."""
    known = editions(tables, authority)
    used = edition if edition in known else known[0] if known else None
    alike: tuple[str, ...] = ()
    if used is not None:
        rows = tables.table("neighbours").filter(
            polars.col("authority") == authority, polars.col("edition") == used
        )
        alike = tuple(rows.sort("rank")["neighbour"].to_list())
    authorities = CODELISTS["authorities"]
    region = authorities.group(authority) if authority in authorities.entries else ""
    return Company(authority, alike, used, region, _people_kind(tables, authority))


def _people_kind(tables: Any, authority: str) -> str:
    """The preferred kind of people that the authority has; "" without any."""
    if not tables.has("population"):
        return ""
    own = set(tables.table("population").filter(polars.col("authority") == authority)["kind"].to_list())
    return next((kind for kind in PEOPLE_KINDS if kind in own), "")


@dataclass(frozen=True)
class Figures:
    """What is known of one quantity: of each authority and area, by year. A value that is None was not given."""

    of_authority: Mapping[Key, tuple[float | None, str]]
    of_area: Mapping[Key, float]


@dataclass(frozen=True)
class Comparison:
    """One rate of a company, over the years.

    tables: what `compute` takes. rate: what is divided by what. selection: narrows the numerator by settings.
    line_group: narrows the numerator to one of DfE's groups of lines, "" for all high needs lines.
    """

    tables: Any = field(repr=False)
    company: Company
    rate: Rate
    selection: Selection = field(default_factory=Selection)
    line_group: str = ""

    def rates(self) -> polars.DataFrame:
        """The rates by year: one row a year for us, each neighbour, their mean, all of them together, region, England.

        Columns as in `SCHEMA`: ``area`` is the code of the authority or area ("" of an average); ``people_of`` the
        January whose people divide it; ``authorities`` how many are in an average or a sum, ``of`` how many could be
        (missing where a published total stands); ``position`` 1 for the highest of us and the neighbours, ties sharing.
        A rate that cannot be known is missing and its status says why. Years ascending, kinds in order.
        """
        known = sorted({year for _, year in (*self._numerators.of_authority, *self._numerators.of_area)})
        rows = [row for year in known for row in self._of_year(year)]
        return polars.DataFrame(rows, schema=SCHEMA)

    def of_year(self, year: str) -> polars.DataFrame:
        """The same of one financial year; no rows where nobody has a figure of it."""
        return self.rates().filter(polars.col("financial_year") == year)

    @cached_property
    def _numerators(self) -> Figures:
        return _figures(self.tables, self.rate.measure, self.rate.figure, self.selection, self.line_group)

    @cached_property
    def _divisors(self) -> Figures:
        if self.rate.divisor == "plans":
            return _figures(self.tables, "plans", "plans", Selection(), "")
        kind = PUPILS if self.rate.divisor == "pupils" else self.company.people
        return _people(self.tables, kind)

    def _of_year(self, year: str) -> list[dict[str, Any]]:
        of = self.company
        us = self._authority("us", of.authority, year)
        alike = [self._authority("neighbour", code, year) for code in of.neighbours]
        values = sorted((row["value"] for row in (us, *alike) if row["value"] is not None), reverse=True)
        for row in (us, *alike):
            row["position"] = values.index(row["value"]) + 1 if row["value"] is not None else None
        averages = [self._mean(alike, year), self._together(alike, year)] if of.neighbours else []
        areas = [
            self._area(kind, area, year)
            for kind, area in (("region", of.region), ("england", ENGLAND))
            if area
        ]
        return [us, *alike, *averages, *areas]

    def _authority(self, kind: str, code: str, year: str) -> dict[str, Any]:
        numerator, status = self._numerators.of_authority.get((code, year), (None, "not_available"))
        denominator, people_of = self._divisor(code, year)
        return self._row(kind, code, year, numerator, denominator, people_of, status)

    def _divisor(self, code: str, year: str) -> tuple[float | None, int | None]:
        """What divides, and the January it is of: that of the year, or the latest before it that is loaded."""
        return _latest(self._known_divisors, code, year, self._may_carry) or (None, None)

    @cached_property
    def _known_divisors(self) -> Mapping[Key, float]:
        of_authority = self._divisors.of_authority
        return {key: value for key, (value, _) in of_authority.items() if value is not None}

    @property
    def _may_carry(self) -> bool:
        return self.rate.divisor != "plans"

    def _row(
        self, kind: str, code: str, year: str, numerator: float | None, denominator: float | None, people_of: int | None,
        status: str, **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        value: float | None = None
        if numerator is None:
            status = status if status in ("suppressed", "not_collected") else "not_available"
        elif not denominator:
            status = "no_denominator"
        else:
            value = numerator / denominator * self.rate.per
            carried = people_of is not None and people_of != years.january_of(year)
            status = "estimated" if carried or status == "estimated" else "reported"
        return {
            "kind": kind, "area": code, "financial_year": year, "numerator": numerator, "denominator": denominator,
            "people_of": people_of, "value": value, "status": status, "authorities": None, "of": None, "position": None, **more,
        }  # fmt: skip

    def _mean(self, alike: list[dict[str, Any]], year: str) -> dict[str, Any]:
        """The mean of the neighbours' rates, each counting once."""
        known = [row for row in alike if row["value"] is not None]
        row = self._row("neighbours_mean", "", year, None, None, None, "not_available", authorities=len(known), of=len(alike))  # fmt: skip
        if known:
            row["value"] = sum(one["value"] for one in known) / len(known)
            row["status"] = "estimated" if any(one["status"] == "estimated" for one in known) else "reported"
        return row

    def _together(self, alike: list[dict[str, Any]], year: str) -> dict[str, Any]:
        """The neighbours' sums, divided once."""
        known = [row for row in alike if row["value"] is not None]
        januaries = {row["people_of"] for row in known}
        return self._row(
            "neighbours_together", "", year,
            sum(row["numerator"] for row in known) if known else None,
            sum(row["denominator"] for row in known) if known else None,
            min(januaries) if len(januaries) == 1 else None,
            "estimated" if any(row["status"] == "estimated" for row in known) else "reported",
            authorities=len(known), of=len(alike),
        )  # fmt: skip

    def _area(self, kind: str, area: str, year: str) -> dict[str, Any]:
        """An area's own rate: from its published totals, else from its authorities if nearly all have both figures."""
        total = self._numerators.of_area.get((area, year))
        people = _latest(self._divisors.of_area, area, year, self._may_carry)
        if total is not None and people is not None:
            return self._row(kind, area, year, total, *people, "reported")
        members = [
            code
            for code in CODELISTS["authorities"].codes
            if area == ENGLAND or CODELISTS["authorities"].group(code) == area
        ]
        rows = [self._authority("", code, year) for code in members]
        known = [row for row in rows if row["value"] is not None]
        coverage = {"authorities": len(known), "of": len(members)}
        if len(known) < ENOUGH * len(members):
            return self._row(kind, area, year, None, None, None, "not_available", **coverage)
        return self._row(
            kind, area, year, sum(row["numerator"] for row in known), sum(row["denominator"] for row in known),
            known[0]["people_of"], "estimated" if any(row["status"] == "estimated" for row in known) else "reported", **coverage,
        )  # fmt: skip


def _latest(figures: Mapping[Key, float], code: str, year: str, may_carry: bool) -> tuple[float, int] | None:
    """The figure of the year and the January it is of; where there is none and it may be, the latest before it."""
    if (code, year) in figures:
        return figures[code, year], years.january_of(year)
    if not may_carry:
        return None
    earlier = [known for owner, known in figures if owner == code and known < year]
    return (figures[code, max(earlier)], years.january_of(max(earlier))) if earlier else None


def _figures(tables: Any, measure: str, figure: str, selection: Selection, line_group: str) -> Figures:
    by = ("authority", "financial_year", *(("line_group",) if line_group else ()))
    answer = compute(measure, tables, selection, by)
    if line_group:
        answer = answer.filter(polars.col("line_group") == line_group)
    of_authority = {
        (code, year): (value, status)
        for code, year, value, status in answer.select(
            "authority", "financial_year", "value", "status"
        ).rows()
    }
    narrowed = []
    if selection.settings:
        narrowed.append(polars.col("setting").is_in(selection.settings))
    if line_group:
        narrowed.append(polars.col("line_group") == line_group)
    return Figures(of_authority, _area_figures(tables, figure, *narrowed))


def _people(tables: Any, kind: str) -> Figures:
    if not kind:
        return Figures({}, {})
    answer = compute(kind, tables, Selection(), ("authority", "financial_year"))
    of_authority = {
        (code, year): (value, status)
        for code, year, value, status in answer.select(
            "authority", "financial_year", "value", "status"
        ).rows()
    }
    return Figures(of_authority, _area_figures(tables, kind))


def _area_figures(tables: Any, figure: str, *narrowed: polars.Expr) -> dict[Key, float]:
    """The published totals of areas, by area and financial year."""
    if not figure or not tables.has("area_totals"):
        return {}
    rows = tables.table("area_totals").filter(polars.col("figure") == figure, *narrowed)
    summed = rows.group_by("area", "year").agg(polars.col("amount").sum())
    return {(area, years.year_of_january(january)): float(amount) for area, january, amount in summed.rows()}


# ------------------------------------------------------------------------------------ what it is made of

MIX_SCHEMA: dict[str, Any] = {
    "kind": polars.String, "area": polars.String, "setting_group": polars.String, "plans": polars.Float64,
    "share": polars.Float64, "authorities": polars.Int64, "of": polars.Int64,
}  # fmt: skip


def mix(tables: Any, of: Company, year: str) -> polars.DataFrame:
    """The plans of a January by group of settings, as shares: us, each neighbour, the neighbours' mean, region, England.

    Columns as in `MIX_SCHEMA`. Shares are of all plans, those whose placement was not recorded among them, and add
    up to one. An authority that gave a total and no placements is left out and not counted; the neighbours' mean is
    the mean of their shares. Groups in the order of the code list.
    """
    groups = CODELISTS["setting_groups"].codes
    answer = compute("plans", tables, Selection(years=(year,)), ("authority", "setting_group"))
    held: dict[str, dict[str, float]] = {}
    for code, group, value in answer.select("authority", "setting_group", "value").rows():
        if value is not None:
            held.setdefault(code, {})[group] = float(value)
    told = {
        code: plans
        for code, plans in held.items()
        if any(plans.get(group) for group in groups if group != "not_recorded")
    }
    rows = _shares("us", of.authority, told.get(of.authority))
    alike = [(code, told[code]) for code in of.neighbours if code in told]
    for code, plans in alike:
        rows += _shares("neighbour", code, plans)
    if alike:
        parts = [_part(plans) for _, plans in alike]
        rows += [
            {"kind": "neighbours_mean", "area": "", "setting_group": group, "plans": None, "share": sum(part.get(group, 0.0) for part in parts) / len(parts), "authorities": len(parts), "of": len(of.neighbours)}
            for group in groups
            if any(group in part for part in parts)
        ]  # fmt: skip
    for kind, area in (("region", of.region), ("england", ENGLAND)):
        rows += _area_shares(tables, kind, area, year, told)
    order = {group: place for place, group in enumerate(groups)}
    return (
        polars.DataFrame(rows, schema=MIX_SCHEMA)
        .with_columns(
            polars.col("kind").replace_strict({kind: place for place, kind in enumerate(KINDS)}, return_dtype=polars.Int64).alias("_kind"),
            polars.col("setting_group").replace_strict(order, return_dtype=polars.Int64).alias("_group"),
        )
        .sort("_kind", "_group", maintain_order=True)
        .drop("_kind", "_group")
        if rows
        else polars.DataFrame(schema=MIX_SCHEMA)
    )  # fmt: skip


def _part(plans: Mapping[str, float]) -> dict[str, float]:
    whole = sum(plans.values())
    return {group: held / whole for group, held in plans.items()}


def _shares(kind: str, area: str, plans: Mapping[str, float] | None, **more: Any) -> list[dict[str, Any]]:
    if not plans or not sum(plans.values()):
        return []
    parts = _part(plans)
    return [
        {"kind": kind, "area": area, "setting_group": group, "plans": plans[group], "share": parts[group], "authorities": None, "of": None, **more}
        for group in plans
    ]  # fmt: skip


def _area_shares(
    tables: Any, kind: str, area: str, year: str, told: Mapping[str, Mapping[str, float]]
) -> list[dict[str, Any]]:
    settings, authorities = CODELISTS["settings"], CODELISTS["authorities"]
    plans: dict[str, float] = {}
    if tables.has("area_totals"):
        rows = tables.table("area_totals").filter(
            polars.col("figure") == "plans", polars.col("area") == area, polars.col("year") == years.january_of(year)
        )  # fmt: skip
        for setting, amount in rows.select("setting", "amount").rows():
            group = settings.group(setting) if setting else "not_recorded"
            plans[group] = plans.get(group, 0.0) + amount
    if plans:
        return _shares(kind, area, plans)
    members = [code for code in authorities.codes if area == ENGLAND or authorities.group(code) == area]
    known = [told[code] for code in members if code in told]
    if not area or len(known) < ENOUGH * len(members):
        return []
    for held in known:
        for group, value in held.items():
            plans[group] = plans.get(group, 0.0) + value
    return _shares(kind, area, plans, authorities=len(known), of=len(members))


def by_line_group(tables: Any, of: Company, year: str) -> polars.DataFrame:
    """Net outturn per head by DfE's group of lines of one year: `Comparison.rates`' columns with ``line_group`` first."""
    rate = replace(RATES["spend_per_people"], measure="return_spend", figure="return_spend")
    if not year:
        return polars.DataFrame(schema={"line_group": polars.String, **SCHEMA})
    asked = Selection(authority=of.authority, years=(year,))
    groups = compute("return_spend", tables, asked, ("line_group",))["line_group"].to_list()
    parts = [
        Comparison(tables, of, rate, line_group=group).of_year(year).with_columns(polars.lit(group).alias("line_group"))
        for group in groups
    ]  # fmt: skip
    return (
        polars.concat(parts).select("line_group", *SCHEMA)
        if parts
        else polars.DataFrame(schema={"line_group": polars.String, **SCHEMA})
    )


def years_by_line_group(tables: Any, authority: str) -> tuple[str, ...]:
    """The years whose outturn return the authority has by group of lines, ascending."""
    answer = compute("return_spend", tables, Selection(authority=authority), ("financial_year",))
    return tuple(answer["financial_year"].to_list())
