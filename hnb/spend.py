"""What a year cost, by setting, phase and need: the register and the budget monitor put together.

The register says for whom; the monitor says how much in all. Where both speak of the same line, setting
and phase, the difference stands as a named row (`not_explained`), so that leaves, parents and the
ledger's total agree to the penny. This is the table that pages read: the finest grain they need.
"""

from __future__ import annotations

import datetime

import pandas

from hnb import years
from hnb.codelists import CODELISTS
from hnb.placement_months import latest_registers
from hnb.tables.money import SPEND

_LEAF = ["authority", "financial_year", "line", "setting", "phase"]
_GROUP = [*_LEAF, "need", "in_borough", "provider"]
_PART_OF_LINE = {"placement": "not_explained", "place": "places", "service": "services"}


def spend(
    placements: pandas.DataFrame, placement_months: pandas.DataFrame, budget: pandas.DataFrame
) -> pandas.DataFrame:
    """The `spend` table from the tables that it is derived from; any of them may have no rows.

    Returns a frame of the `spend` table: pounds to the penny, placement-years, and placements open on the
    January count (or on the register's date, if that comes first). A year's `basis` is outturn when the
    monitor in force has an outturn, or, without a monitor, when the register runs to the end of the year;
    otherwise forecast. Line 1.9.3 is a balance, not spend, and is left out.
    """
    by_child = _placement_rows(placements, placement_months)
    ledger, bases = _ledger_leaves(budget)
    rest = _rest_of_ledger(ledger, by_child)
    rows = pandas.concat(
        [frame for frame in (by_child, rest) if not frame.empty] or [by_child], ignore_index=True
    )
    if rows.empty:
        return SPEND.empty()
    bases = {**_register_bases(placements), **bases}
    rows["basis"] = [
        bases[key] for key in zip(rows["authority"].tolist(), rows["financial_year"].tolist(), strict=True)
    ]
    return SPEND.conform(rows).sort_values([*_LEAF, "part", "need", "provider"], ignore_index=True)


def _placement_rows(placements: pandas.DataFrame, months: pandas.DataFrame) -> pandas.DataFrame:
    """What the register explains: cost, placement-years and open placements for each group of placements."""
    if placements.empty:
        return pandas.DataFrame(
            columns=[*_GROUP, "amount", "placement_years", "placements", "part", "source"]
        )
    # Grouped by categories: hundreds of thousands of months have few different words.
    costs = (
        months.astype(dict.fromkeys(_GROUP, "category"))
        .groupby(_GROUP, dropna=False, observed=True)
        .agg(amount=("cost", "sum"), placement_years=("placement_years", "sum"))
        .reset_index()
        .astype(months[_GROUP].dtypes.to_dict())
    )
    counts = open_placements(placements).groupby(_GROUP, dropna=False, observed=True)
    counted = counts.agg(placements=("placement_id", "size")).reset_index()
    # Both sides hold the same missing values; a sentinel lets the merge match them.
    rows = _without_missing(costs).merge(
        _without_missing(counted), on=_GROUP, how="outer", validate="one_to_one"
    )
    rows[["amount", "placement_years"]] = rows[["amount", "placement_years"]].astype("float64").fillna(0.0)
    rows["placements"] = rows["placements"].fillna(0).astype("int64")
    rows["in_borough"] = rows["in_borough"].map({"True": True, "False": False, "": None}).astype("boolean")
    rows["provider"] = rows["provider"].where(rows["provider"] != "")
    dates = _register_dates(placements)
    counted_on = {key: count_date(key[1], register_as_at) for key, register_as_at in dates.items()}
    keys = list(zip(rows["authority"].tolist(), rows["financial_year"].tolist(), strict=True))
    rows["counted_on"] = pandas.Series([counted_on[key] for key in keys], dtype=object)
    rows["part"] = "placements"
    rows["source"] = [f"placements of the {year} register" for _, year in keys]
    return rows


def open_placements(placements: pandas.DataFrame) -> pandas.DataFrame:
    """The rows that count on their year's count date: begun, not ended, and the child's main placement.

    Rule 3 of the domain's rules of the trade: start ≤ date, and no end or an end after the date; of two
    placements of one child the primary rank counts.
    """
    register = latest_registers(placements)
    dates = _register_dates(placements)
    counted_on = {key: count_date(key[1], register_as_at) for key, register_as_at in dates.items()}
    keys = zip(register["authority"].tolist(), register["financial_year"].tolist(), strict=True)
    on = pandas.Series([counted_on[key] for key in keys], index=register.index, dtype="date32[pyarrow]")
    begun = register["start_on"] <= on
    ended = (register["end_on"] <= on).fillna(False)
    primary = register["placement_rank"].fillna(1) == 1
    return register[begun & ~ended & primary]


def count_date(year: str, register_as_at: datetime.date) -> datetime.date:
    """The date on which a year's placements are counted: the January count, or the register's date if earlier."""
    return min(years.january_count_on(year), register_as_at)


def _register_dates(placements: pandas.DataFrame) -> dict[tuple[str, str], datetime.date]:
    """The date to which the register in force is kept, by authority and year."""
    dates = placements.groupby(["authority", "financial_year"])["register_as_at"].max().reset_index()
    return {
        (str(authority), str(year)): pandas.Timestamp(str(as_at)).date()
        for authority, year, as_at in dates.itertuples(index=False, name=None)
    }


def _ledger_leaves(budget: pandas.DataFrame) -> tuple[pandas.DataFrame, dict[tuple[str, str], str]]:
    """Whole-year amounts by leaf from the monitor in force, and which years are closed."""
    bases: dict[tuple[str, str], str] = {}
    leaves = []
    for _, of_year in budget.groupby(["authority", "financial_year"], sort=True):
        authority, year = of_year[["authority", "financial_year"]].iloc[0]
        in_force = of_year[of_year["as_at"] == of_year["as_at"].max()]
        for money in ("outturn", "forecast"):
            rows = in_force[in_force["money"] == money]
            if not rows.empty:
                bases[(str(authority), str(year))] = money
                leaves.append(rows)
                break
    if not leaves:
        return pandas.DataFrame(columns=[*_LEAF, "amount", "as_at"]), bases
    ledger = pandas.concat(leaves, ignore_index=True)
    ledger = ledger[ledger["line"].map(_bought_by).isin(_PART_OF_LINE)]
    return ledger.groupby(_LEAF, observed=True).agg(amount=("amount", "sum"), as_at=("as_at", "max")).reset_index(), bases  # fmt: skip


def _rest_of_ledger(ledger: pandas.DataFrame, by_child: pandas.DataFrame) -> pandas.DataFrame:
    """What the monitor has beyond the register, leaf by leaf, under the name of what it is."""
    if ledger.empty:
        return pandas.DataFrame()
    explained = by_child.groupby(_LEAF, observed=True)["amount"].sum().reset_index(name="explained")
    # A year that no monitor covers has nothing to be reconciled with: the register speaks alone.
    monitored = ledger[["authority", "financial_year"]].drop_duplicates()
    explained = explained.merge(monitored, on=["authority", "financial_year"], validate="many_to_one")
    leaves = ledger.merge(explained, on=_LEAF, how="outer", validate="one_to_one")
    dates = ledger.drop_duplicates(["authority", "financial_year"])
    as_at = dict(
        zip(zip(dates["authority"], dates["financial_year"], strict=True), dates["as_at"], strict=True)
    )
    # A leaf that only one of the two knows has nothing in the other: nought is what the other says.
    amount = leaves["amount"].astype("float64").fillna(0.0) - leaves["explained"].astype("float64").fillna(
        0.0
    )
    rest = leaves[_LEAF].assign(
        amount=amount.round(2),
        part=leaves["line"].map(_bought_by).map(_PART_OF_LINE),
        need="not_by_need",
        placement_years=0.0,
        placements=0,
    )
    rest = rest[rest["amount"] != 0].copy()
    rest["source"] = [
        f"budget monitor as at {as_at[key]}" + (" less the register" if part == "not_explained" else "")
        for key, part in zip(zip(rest["authority"], rest["financial_year"], strict=True), rest["part"], strict=True)
    ]  # fmt: skip
    return rest


def _register_bases(placements: pandas.DataFrame) -> dict[tuple[str, str], str]:
    """Without a monitor a year counts as closed when its register runs to the year's end."""
    return {
        key: "outturn" if as_at >= years.year_end(key[1]) else "forecast"
        for key, as_at in _register_dates(placements).items()
    }


def _bought_by(line: str) -> str:
    return str(CODELISTS["budget_lines"].entry(line).details["bought_by"])


def _without_missing(frame: pandas.DataFrame) -> pandas.DataFrame:
    """The grouping columns as text with "" for missing, so that a merge matches missing with missing."""
    return frame.assign(
        in_borough=frame["in_borough"].astype("string").fillna(""),
        provider=frame["provider"].astype("string").fillna(""),
    )
