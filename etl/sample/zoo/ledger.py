"""What the zoo's monitors mean: invented money by line, setting and phase, and how a council spells them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import numpy
import pandas

from hnb.codelists import CODELISTS

LEAF = ["line", "setting", "phase"]


def read_toml(name: str) -> Mapping[str, Any]:
    """One of the zoo's own files of invented data."""
    return tomllib.loads((resources.files("etl.sample.zoo") / name).read_text(encoding="utf-8"))


_LEAVES = pandas.DataFrame(read_toml("leaves.toml")["leaves"])
_WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = read_toml("words.toml")


def words(manner: str, codelist: str, code: str) -> str:
    """A code as a council of that manner prints it."""
    return _WORDS[manner].get(codelist, {}).get(code, CODELISTS[codelist].label(code))


def ledger(generator: numpy.random.Generator, lines: Sequence[str] = (), digits: int = 2) -> pandas.DataFrame:
    """Columns LEAF and one a kind of money, in pounds rounded to so many digits (-3 = thousands). `lines`: only these."""
    leaves = _LEAVES[_LEAVES["line"].isin(lines)] if lines else _LEAVES
    leaves = leaves.reset_index(drop=True)
    count = len(leaves)
    size = leaves.pop("size") * generator.uniform(0.82, 1.21, count)
    original = (size * generator.uniform(0.9, 1.0, count)).round(-2)
    moved = (original * generator.uniform(-0.02, 0.03, count)).round(-2)
    share = generator.uniform(0.46, 0.61, count)
    money = {
        "original_budget": original,
        "revised_budget": original + moved,
        "actual_to_date": size * share,
        "commitment": size * (1 - share) * 0.93,
        "forecast": size,
        "outturn": size * generator.uniform(0.98, 1.02, count),
    }
    return leaves.assign(**{name: amounts.round(digits) + 0.0 for name, amounts in money.items()})


def budget_rows(frame: pandas.DataFrame, money: Sequence[str], **constants: Any) -> pandas.DataFrame:
    """A ledger as rows of `budget`: one a leaf and kind of money, with the constants (`financial_year`, `as_at`)."""
    rows = frame.melt(id_vars=LEAF, value_vars=list(money), var_name="money", value_name="amount")
    return rows.assign(amount=rows["amount"].round(2), **constants)


def figures(leaf: Mapping[str, Any], money: Sequence[str]) -> list[float]:
    """A leaf's amounts in this order."""
    return [float(leaf[name]) for name in money]


def shared(total: float, parts: int, generator: numpy.random.Generator, digits: int = 2) -> list[float]:
    """A total in so many uneven parts that add up to it to the penny."""
    weights = generator.dirichlet(numpy.full(parts, 6.0))
    cut = [round(float(total * weight), digits) for weight in weights[:-1]]
    return [*cut, round(total - sum(cut), digits)]
