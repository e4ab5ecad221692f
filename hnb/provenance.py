"""From a figure to the rows of the files that it is made of, and the proof that they are all of them.

`rows_behind` gives the rows; whether they add up to the figure is worked out each time and said
(`Behind.unmet`). What stands at one address of a file is for `hnb.source_row`. Nothing is computed here that
`hnb.metrics.compute` does not compute: this module only shows what was summed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import narwhals as nw
import pandas
import polars

from hnb import years
from hnb.metrics import MEASURES, Measure, Selection, Tables, compute, measure_named
from hnb.metrics.answer import summed_rows
from hnb.metrics.measure import Question
from hnb.placement_sums import month_states
from hnb.spend import open_placements
from hnb.tables import TABLES

ADDRESS = r"^.+!.*!\d+$"
"""What the column `source` of a row looks like that was read from a file: file!sheet!row."""

CONTRIBUTION = "contribution"
DIVISOR = "divisor"

_GROUP = ("authority", "financial_year", "line", "setting", "phase", "need", "in_borough", "provider")
_LEAF = ("authority", "financial_year", "line", "setting", "phase")
_PLACED = ("source", "placement_id", "financial_year")
_OF_MONTHS = {"amount": "cost", "placement_years": "placement_years"}
"""The column of `placement_months` that each column of `spend` is the sum of."""

_TOLERANCE = 0.005
"""Half a penny: sums of pounds to the penny that agree differ by less, whatever the order of adding."""


@dataclass(frozen=True)
class Step:
    """Some of the rows behind a figure.

    name: a code of `provenance_steps`. table: the table whose columns the rows have. rows: those columns and
    `contribution`, what the row adds to the figure's numerator (negative where it is taken off; missing where
    the row says nothing), and `divisor`, what it adds to the denominator (missing where there is none).
    """

    name: str
    table: str
    rows: polars.DataFrame

    @property
    def total(self) -> float:
        """What its rows add up to."""
        return round(float(self.rows[CONTRIBUTION].sum()), 9) + 0.0

    @property
    def is_loaded(self) -> bool:
        """Whether each row says its file, sheet and row."""
        return _is_loaded(self.rows)


@dataclass(frozen=True)
class Behind:
    """The rows behind a figure.

    summed: the rows of the measure's own table that `compute` sums, as a step; steps: the rows of files that
    they come from (the same step where nothing was worked out in between). numerator, denominator: as
    `compute` gives them; None where they are not known.
    """

    measure: Measure
    selection: Selection
    summed: Step
    steps: tuple[Step, ...]
    numerator: float | None
    denominator: float | None

    @property
    def total(self) -> float:
        """What the rows of all steps add up to, in the numerator's unit."""
        return round(sum(step.total for step in self.steps), 9) + 0.0

    @property
    def row_count(self) -> int:
        """Rows behind the figure, each once: what one step adds and another takes off again is one row of a file."""
        addresses = self._addresses
        named = addresses.filter(_is_address)
        return named["source"].n_unique() + addresses.height - named.height

    @property
    def repeated_count(self) -> int:
        """Rows that stand in more than one step, or more than once in one."""
        return sum(step.rows.height for step in self.steps) - self.row_count

    @property
    def is_met(self) -> bool:
        """Whether the rows add up to the numerator; a figure that is not known has nothing to be met."""
        return self.numerator is None or abs(self.total - self.numerator) < _TOLERANCE

    @property
    def reaches_files(self) -> bool:
        """Whether every row says its file, sheet and row."""
        return all(step.is_loaded for step in self.steps)

    @property
    def sources(self) -> polars.DataFrame:
        """The files behind the figure: `file`, `sheet`, `rows`, most rows first."""
        parts = polars.col("source").str.extract_groups(r"^(?P<file>.+)!(?P<sheet>.*)!\d+$")
        known = self._addresses.filter(_is_address).unique().select(parts.alias("parts")).unnest("parts")
        return known.group_by("file", "sheet").agg(polars.len().alias("rows")).sort("rows", "file", "sheet", descending=[True, False, False])  # fmt: skip

    @property
    def _addresses(self) -> polars.DataFrame:
        """The address of every row of every step, in one column, `source`."""
        return polars.concat(
            [
                step.rows.with_columns(
                    source=polars.col("source") if "source" in step.rows.columns else None
                ).select(polars.col("source").cast(polars.String))
                for step in self.steps
            ]
        )


def rows_behind(measure: Measure | str, tables: Any, selection: Selection | None = None) -> Behind:
    """The very rows that a measure sums for a selection, down to the rows of the files that they come from.

    Parameters
    ----------
    measure: a `Measure` or the name of one. tables: as `compute` takes them. selection: as `compute` takes it;
        set `authority` for tables of the whole country.

    Rows of `spend` go on to the placements and to the budget monitor's rows that they were worked out from;
    a position or a balance goes on to the grant and the spend that make it. Where a table was worked out in a
    way that this module does not know, its own rows come (step "derived"), and `reaches_files` is False.
    Raises HnbError for an unknown measure.
    """
    asked = measure_named(measure) if isinstance(measure, str) else measure
    held = Tables(tables) if isinstance(tables, Mapping) else tables
    chosen = selection or Selection()
    answer = compute(asked, held, chosen)
    numerator, denominator = (
        answer.select("numerator", "denominator").row(0) if answer.height else (None, None)
    )
    summed = _summed(asked, held, chosen)
    composed = COMPOSED.get(asked.name)
    steps = composed(held, chosen) if composed and summed.rows.height else _followed(asked, held, summed)
    return Behind(asked, chosen, summed, steps, numerator, denominator)


def _summed(measure: Measure, tables: Any, selection: Selection) -> Step:
    """The rows of the measure's own table, each with what it contributes."""
    if not all(tables.has(name) for name in measure.tables):
        return Step("loaded", measure.table, _with_figures(_empty(measure.table), None, None))
    lazy, _ = summed_rows(measure, Question(tables, selection, ()), selection, ())
    rows = _polars(lazy)
    divisor = measure.denominator if measure.denominator and measure.denominator_scope == "same" else None
    found = _with_figures(rows, measure.numerator, divisor)
    return Step("loaded" if _is_loaded(found) else "derived", measure.table, found)


def _followed(measure: Measure, tables: Any, summed: Step) -> tuple[Step, ...]:
    """The rows of files that the summed rows come from; the summed rows themselves where they are of files."""
    if measure.table == "spend" and {"part", *_GROUP} <= set(summed.rows.columns):
        steps = _of_spend(measure, tables, summed.rows)
        return steps or (summed,)
    if measure.table == "placement_sums" and {"month", *_GROUP} <= set(summed.rows.columns):
        rows = _of_sums(measure, tables, summed.rows)
        return (Step("register", "placements", rows),) if rows.height else (summed,)
    origins = TABLES[measure.table].derived_from
    if summed.is_loaded and origins and "placement_id" in summed.rows.columns:
        return (Step("register", "placements", _placements_with(tables, summed.rows)),)
    return (summed,)


# ------------------------------------------------------------------------------------------ spend


def _of_spend(measure: Measure, tables: Any, spend: polars.DataFrame) -> tuple[Step, ...]:
    """Rows of `spend` as what they were worked out from; see `hnb.spend` for how."""
    by_child, rest = (
        spend.filter(polars.col("part") == "placements"),
        spend.filter(polars.col("part") != "placements"),
    )
    steps = []
    if by_child.height:
        if measure.numerator == "placements":
            rows = _counted(tables, by_child)
        elif measure.numerator in _OF_MONTHS:
            rows = _spread(tables, by_child, _GROUP, _OF_MONTHS[measure.numerator], measure)
        else:
            return ()
        steps.append(Step("register", "placements", rows))
    if rest.height and measure.numerator == "amount":
        leaves = rest.select(_LEAF).unique()
        monitor = _monitor(tables).join(leaves, on=list(_LEAF), how="semi")
        explained = _spread(tables, leaves, _LEAF, "cost", measure).with_columns(-polars.col(CONTRIBUTION))
        steps.append(Step("monitor", "budget", _with_figures(monitor, "amount", None)))
        if explained.height:
            steps.append(Step("explained", "placements", explained))
    return tuple(steps)


def _of_sums(measure: Measure, tables: Any, sums: polars.DataFrame) -> polars.DataFrame:
    """The placements that rows of `placement_sums` are the sums of; see `hnb.placement_sums` for how."""
    keys = (*_GROUP, "month")
    if measure.numerator in ("cost", "placement_years"):
        return _spread(tables, sums, keys, measure.numerator, measure)
    carried = [*_GROUP, "placement_id", "source"]
    of_years = _frame(tables, "placements").join(
        sums.select("authority", "financial_year").unique(), on=["authority", "financial_year"], how="semi"
    )
    if not of_years.height:
        return _placements_with(tables, _with_figures(of_years, None, None))
    states = polars.from_pandas(month_states(_conformed(of_years), carried))
    found = states.join(sums.select(keys).unique(), on=list(keys), how="semi", nulls_equal=True)
    counted = _with_figures(found, measure.numerator, None).filter(polars.col(CONTRIBUTION) != 0)
    return _placements_with(tables, counted)


def _conformed(placements: polars.DataFrame) -> pandas.DataFrame:
    """Placements as the rules of `hnb` take them: a pandas frame with the types of the contract, numbered anew."""
    table = TABLES["placements"]
    frame = table.conform(placements.select(table.names).to_pandas(use_pyarrow_extension_array=True))
    return frame.reset_index(drop=True)


def _spread(
    tables: Any, groups: polars.DataFrame, keys: tuple[str, ...], column: str, measure: Measure
) -> polars.DataFrame:
    """The placements of some groups with the sum of a column of their months, and of the measure's divisor."""
    months = _frame(tables, "placement_months").join(
        groups.select(keys), on=list(keys), how="semi", nulls_equal=True
    )
    divisor = _OF_MONTHS.get(measure.denominator) if measure.denominator_scope == "same" else None
    return _placements_with(tables, _with_figures(months, column, divisor))


def _placements_with(tables: Any, rows: polars.DataFrame) -> polars.DataFrame:
    """The rows of the register that some rows were worked out from, with what these add up to for each."""
    keys = [name for name in _PLACED if name in rows.columns]
    # A sum of missing divisors is nought in Polars; it stays missing, since nothing is divided.
    sums = rows.group_by(keys, maintain_order=True).agg(
        polars.col(CONTRIBUTION).sum().round(9),
        polars.when(polars.col(DIVISOR).is_not_null().any())
        .then(polars.col(DIVISOR).sum().round(9))
        .alias(DIVISOR),
    )
    return _frame(tables, "placements").join(sums, on=keys, how="inner", maintain_order="left")


def _counted(tables: Any, groups: polars.DataFrame) -> polars.DataFrame:
    """The placements that are open on the count date of their year, of some groups; each counts for one."""
    placements = _frame(tables, "placements")
    years_of = groups.select("authority", "financial_year").unique()
    of_years = placements.join(years_of, on=["authority", "financial_year"], how="semi")
    open_ones = of_years[open_placements(_conformed(of_years)).index.to_list()]
    counted = open_ones.join(groups.select(_GROUP).unique(), on=list(_GROUP), how="semi", nulls_equal=True)
    return counted.with_columns(
        polars.lit(1.0).alias(CONTRIBUTION), polars.lit(None, dtype=polars.Float64).alias(DIVISOR)
    )


def _monitor(tables: Any) -> polars.DataFrame:
    """The rows of the budget monitor that `hnb.spend` takes: the latest report, its outturn or else its forecast."""
    year = ("authority", "financial_year")
    in_force = _frame(tables, "budget").filter(polars.col("as_at") == polars.col("as_at").max().over(year))
    has_outturn = (polars.col("money") == "outturn").any().over(year)
    taken = polars.when(has_outturn).then(polars.lit("outturn")).otherwise(polars.lit("forecast"))
    return in_force.filter(polars.col("money") == taken)


# ------------------------------------------------------------------- figures that others make up


def _position_steps(tables: Any, selection: Selection) -> tuple[Step, ...]:
    """The grant and, taken off, the spend of each year that has both."""
    whole = Selection(years=selection.years, authority=selection.authority)
    both = compute("in_year_position", tables, whole, ("authority", "financial_year"))
    steps: list[Step] = []
    for authority, of_authority in both.group_by("authority", maintain_order=True):
        of_years = Selection(
            years=tuple(of_authority["financial_year"].to_list()), authority=str(authority[0])
        )
        grant = _summed(MEASURES["available_grant"], tables, of_years)
        steps.append(Step("grant", grant.table, grant.rows))
        spend = _summed(MEASURES["spend"], tables, of_years)
        steps += [
            Step(step.name, step.table, step.rows.with_columns(-polars.col(CONTRIBUTION)))
            for step in _followed(MEASURES["spend"], tables, spend)
        ]
    return _joined(steps)


def _balance_steps(tables: Any, selection: Selection) -> tuple[Step, ...]:
    """The balance published, or the last one before and the in-year positions that carry it on."""
    whole = Selection(years=selection.years, authority=selection.authority)
    asked = compute("cumulative_balance", tables, whole, ("authority", "financial_year"))
    published = _frame(tables, "balances").filter(polars.col("balance").is_not_null())
    steps: list[Step] = []
    for authority, of_authority in asked.group_by("authority", maintain_order=True):
        last = str(of_authority["financial_year"].max())
        own = published.filter(
            (polars.col("authority") == authority[0]) & (polars.col("financial_year") <= last)
        )
        known = own.filter(polars.col("financial_year") == polars.col("financial_year").max())
        steps.append(Step("balance", "balances", _with_figures(known, "balance", None)))
        since = str(known["financial_year"].max())
        if known.height and since < last:
            carried = years.year_range(years.next_year(since), last)
            steps += _position_steps(tables, Selection(years=tuple(carried), authority=str(authority[0])))
    return _joined(steps)


def _joined(steps: list[Step]) -> tuple[Step, ...]:
    """The steps of one name and table put together, in the order in which they first came."""
    found: dict[tuple[str, str], list[polars.DataFrame]] = {}
    for step in steps:
        found.setdefault((step.name, step.table), []).append(step.rows)
    return tuple(
        Step(name, table, polars.concat(frames, how="diagonal")) for (name, table), frames in found.items()
    )


COMPOSED: Mapping[str, Callable[[Any, Selection], tuple[Step, ...]]] = MappingProxyType(
    {"in_year_position": _position_steps, "cumulative_balance": _balance_steps}
)
"""Measures whose rows are made of other measures' rows, by name: the steps that those rows come from."""


# ---------------------------------------------------------------------------------------- frames

_is_address = polars.col("source").cast(polars.String).fill_null("").str.contains(ADDRESS)


def _is_loaded(rows: polars.DataFrame) -> bool:
    return "source" in rows.columns and bool(rows.select(_is_address.all()).item())


def _with_figures(rows: polars.DataFrame, numerator: str | None, divisor: str | None) -> polars.DataFrame:
    def figure(column: str | None, name: str) -> polars.Expr:
        value = polars.col(column) if column else polars.lit(None)
        return value.cast(polars.Float64).alias(name)

    return rows.with_columns(figure(numerator, CONTRIBUTION), figure(divisor, DIVISOR))


def _polars(lazy: nw.LazyFrame[Any]) -> polars.DataFrame:
    return lazy.collect().to_polars()


def _frame(tables: Any, name: str) -> polars.DataFrame:
    return _polars(nw.from_native(tables.table(name)).lazy()) if tables.has(name) else _empty(name)


def _empty(name: str) -> polars.DataFrame:
    frame = polars.from_arrow(TABLES[name].arrow_schema().empty_table())
    assert isinstance(frame, polars.DataFrame)  # noqa: S101 (a table, never a single column)
    return frame
