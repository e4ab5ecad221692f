"""What placements of a return cost a full year: the council's own costs first, then its table of rates. Pure.

A return has no money. A placement that neither the costs nor the rates price is refused: a placement at nought
would look like one that costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas

from etl.sen2_modules import Refusals
from hnb.codelists import CODELISTS
from hnb.contract import Problem

PARTS = ("place_cost", "top_up_cost", "other_cost")
CONTRIBUTIONS = ("health_contribution", "care_contribution")

# What a rate may ask of a placement; a blank asks nothing. The more it asks, the more specific it is.
CRITERIA = ("setting", "sen_setting", "provider_id", "phase", "need", "band", "residential")
_CODELIST_OF = {"setting": "settings", "phase": "phases", "need": "needs"}


def with_costs(
    placements: pandas.DataFrame, costs: pandas.DataFrame, rates: pandas.DataFrame, refusals: Refusals
) -> pandas.DataFrame:
    """The placements with `band`, `line`, the parts of their cost and `annual_cost` (pounds), as far as they are priced.

    Parameters
    ----------
    placements: with `source`, `authority`, `financial_year`, `placement_id`, `upn_id`, `learner_id` and `person_id`
        (keyed hashes), `urn`, `ukprn`, `setting`, `sen_setting`, `phase`, `need`, `residential`; None where missing.
    costs, rates: staged tables `placement_costs` and `rates`.
    refusals: takes costs that match no placement or several, and placements that nothing prices.
    """
    placements = placements.reset_index(drop=True)
    given = _matched(placements, _plain(costs), refusals)
    priced = _Rates(_plain(rates), refusals)
    rows, unpriced = [], []
    for row in _plain(placements).to_dict("records"):
        own = given.get(row["source"], {})
        row["band"] = own.get("band")
        row["line"] = own.get("line")
        money = {name: own.get(name) for name in (*PARTS, *CONTRIBUTIONS)}
        annual = own.get("annual_cost")
        if annual is None and all(money[name] is None for name in PARTS):
            rate = priced.of(row)
            if rate is not None:
                money |= {name: rate[name] for name in PARTS}
                row["line"] = row["line"] or rate["line"]
        rows.append({**row, **money, "annual_cost": _net(money) if annual is None else annual})
        if rows[-1]["annual_cost"] is None and not priced.is_tied(row):
            unpriced.append(row)
    _refuse_unpriced(unpriced, priced, refusals)
    columns = [*placements.columns, "band", "line", *PARTS, *CONTRIBUTIONS, "annual_cost"]
    return pandas.DataFrame(rows, columns=columns, dtype=object)


def _net(money: Mapping[str, Any]) -> float | None:
    """What a full year costs the block: the parts less the contributions; None where no part is known."""
    if all(money[name] is None for name in PARTS):
        return None
    paid = sum(money[name] for name in PARTS if money[name] is not None)
    return round(paid - sum(money[name] for name in CONTRIBUTIONS if money[name] is not None), 2)


# -- the council's own costs


def _matched(placements: pandas.DataFrame, costs: pandas.DataFrame, refusals: Refusals) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The costs by the source of the placement that they are of. A full year's cost holds for each stay of a child there."""
    by_number, by_child = _placements_by_key(placements)
    years = set(zip(placements["authority"], placements["financial_year"], strict=True))
    taken: dict[str, dict[str, Any]] = {}
    without_return: dict[str, list[str]] = {}
    for cost in costs.to_dict("records"):
        year = (cost["authority"], cost["financial_year"])
        if year not in years:
            without_return.setdefault(cost["financial_year"], []).append(cost["source"])
            continue
        found = by_number.get((*year, cost["placement_id"]), []) if cost["placement_id"] else _of_child(by_child.get((*year, cost["pupil_id"]), []), cost)  # fmt: skip
        if not cost["provider_id"] and not cost["placement_id"] and len({_where(row) for row in found}) > 1:
            refusals.refuse(Problem(cost["source"], "several_placements", f"the child has {len(found)} placements, and the cost does not say of which it is", "the provider's number beside the child's",
                                    "Give the URN or UKPRN, or the placement's ID in the return"), [cost["source"]])  # fmt: skip
            continue
        if not found:
            refusals.refuse(Problem(cost["source"], "cost_without_placement", "no placement of the year's return is of this child and provider", "the UPN (or ULN, or person ID) and the URN or UKPRN as the return has them",
                                    "Correct the numbers, or take the row out"), [cost["source"]])  # fmt: skip
            continue
        if all(refusals.has(row["source"]) for row in found):
            refusals.follow(cost["source"], found[0]["source"])
            continue
        before = next((taken[row["source"]]["source"] for row in found if row["source"] in taken), None)
        if before:
            refusals.refuse(Problem(cost["source"], "repeated_cost", f"the cost of this placement is already at {before}", "one cost for each placement",
                                    "Take one of the two out"), [cost["source"]])  # fmt: skip
            continue
        taken.update({row["source"]: cost for row in found})
    for year, sources in without_return.items():
        refusals.refuse(Problem(sources[0], "cost_without_placement", f"there is no sound return of {year} that these costs could be of", "costs of the year of a return",
                                "Put the return of that January beside them, or take the costs out"), sources)  # fmt: skip
    return taken


_Key = tuple[Any, Any, Any]


def _placements_by_key(placements: pandas.DataFrame) -> tuple[dict[_Key, list[dict[str, Any]]], dict[_Key, list[dict[str, Any]]]]:  # fmt: skip
    """The placements by their number, and by each number of their child, within authority and year."""
    by_number: dict[_Key, list[dict[str, Any]]] = {}
    by_child: dict[_Key, list[dict[str, Any]]] = {}
    for row in _plain(placements).to_dict("records"):
        year = (row["authority"], row["financial_year"])
        by_number.setdefault((*year, row["placement_id"]), []).append(row)
        for child in {row["upn_id"], row["learner_id"], row["person_id"]} - {None}:
            by_child.setdefault((*year, child), []).append(row)
    return by_number, by_child


def _of_child(rows: Sequence[dict[str, Any]], cost: Mapping[str, Any]) -> list[dict[str, Any]]:
    provider = cost["provider_id"]
    return [row for row in rows if not provider or provider in (row["urn"], row["ukprn"])]


def _where(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["urn"], row["ukprn"], row["sen_setting"]


# -- rates


class _Rates:
    """The table of rates: the most specific one that fits a placement."""

    def __init__(self, rates: pandas.DataFrame, refusals: Refusals) -> None:
        self.refusals = refusals
        self.by_setting: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for rate in rates.to_dict("records"):
            if all(rate[name] is None for name in PARTS):
                refusals.refuse(Problem(rate["source"], "blank", "the rate has no amount", "a place element, a top-up or another cost; 0 where a placement of the kind costs nothing",
                                        "Fill the cell in the workbook"), [rate["source"]])  # fmt: skip
            else:
                self.by_setting.setdefault(self._place(rate), []).append(rate)
        self.known: dict[tuple[Any, ...], dict[str, Any] | None] = {}
        self.tied: dict[tuple[Any, ...], tuple[str, ...]] = {}

    @staticmethod
    def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return row["authority"], row["financial_year"], row["setting"]

    @staticmethod
    def kind(placement: Mapping[str, Any]) -> tuple[Any, ...]:
        """All of a placement that a rate may ask about."""
        asked = (placement["urn"], placement["ukprn"], *(placement[name] for name in CRITERIA if name != "provider_id"))  # fmt: skip
        return placement["authority"], placement["financial_year"], *asked

    def of(self, placement: Mapping[str, Any]) -> dict[str, Any] | None:
        """The rate of a placement; None where none fits, or two fit equally well (which refuses the placement)."""
        kind = self.kind(placement)
        if kind not in self.known:
            fitting = [
                rate for rate in self.by_setting.get(self._place(placement), []) if _fits(rate, placement)
            ]
            most = max(map(_specificity, fitting), default=0)
            best = [rate for rate in fitting if _specificity(rate) == most]
            self.known[kind] = best[0] if len(best) == 1 else None
            if len(best) > 1:
                self.tied[kind] = tuple(rate["source"] for rate in best)
        return self.known[kind]

    def is_tied(self, placement: Mapping[str, Any]) -> bool:
        """Whether two rates fit equally well; the placement is then refused here, under one Problem a pair of rates."""
        tied = self.tied.get(self.kind(placement))
        if tied is None:
            return False
        self.refusals.refuse_under(
            tied,
            Problem(tied[1], "tied_rates", f"{len(tied)} rates fit the same placements equally well, the other is at {tied[0]}", "for every placement one rate that is more specific than the others",
                    "Give one of them a further condition, or take it out"), placement["source"])  # fmt: skip
        return True

    def has_year(self, placement: Mapping[str, Any]) -> bool:
        """Whether there are rates of the placement's year at all."""
        return any(place[:2] == self._place(placement)[:2] for place in self.by_setting)

    def has_setting(self, placement: Mapping[str, Any]) -> bool:
        """Whether any rate of the year is of the placement's kind of setting."""
        return self._place(placement) in self.by_setting


def _fits(rate: Mapping[str, Any], placement: Mapping[str, Any]) -> bool:
    for name in CRITERIA:
        if rate[name] is None:
            continue
        if name == "provider_id":
            if rate[name] not in (placement["urn"], placement["ukprn"]):
                return False
        elif rate[name] != placement[name]:
            return False
    return True


def _specificity(rate: Mapping[str, Any]) -> int:
    return sum(rate[name] is not None for name in CRITERIA)


def _refuse_unpriced(unpriced: Sequence[Mapping[str, Any]], rates: _Rates, refusals: Refusals) -> None:
    """One Problem for each rate that is missing, however many placements want it."""
    missing: dict[tuple[Any, ...], list[str]] = {}
    for row in unpriced:
        asked: tuple[str, ...] = ()
        if rates.has_setting(row):
            asked = tuple(_said(name, row[name]) for name in CRITERIA if name in ("sen_setting", "phase", "need", "band") and row[name])  # fmt: skip
        if rates.has_year(row):
            asked = (_said("setting", row["setting"]), *asked)
        missing.setdefault((row["authority"], row["financial_year"], *asked), []).append(row["source"])
    for (_authority, year, *asked), sources in missing.items():
        placements = "1 placement" if len(sources) == 1 else f"{len(sources)} placements"
        of = f" for {', '.join(asked)}" if asked else ""
        refusals.refuse(Problem(sources[0], "no_cost", f"there is neither a cost nor a rate of {year}{of}, which {placements} would need", "a row of the costs or the rates for each placement; 0 where it costs nothing",
                                "Add the rate to the table of rates, or the placements to the costs"), sources)  # fmt: skip


def _said(name: str, code: str) -> str:
    return CODELISTS[_CODELIST_OF[name]].label(code) if name in _CODELIST_OF else str(code)


def _plain(frame: pandas.DataFrame) -> pandas.DataFrame:
    """The frame with None wherever a value is missing, so that values can be told by `is None`."""
    plain = frame.astype(object)
    return plain.where(plain.notna(), None)
