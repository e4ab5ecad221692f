"""Which payments are high needs, and on which line: the officers' rules applied to the ledger.

A rule names an expense code, a cost centre, a supplier's category, a supplier, or several of them; all that it
names must hold. The most specific rule wins. Pure; the rules themselves are data (`ledger_mapping`), and the words by
which a payment looks like SEND are in `hnb/codes/ledger.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas

from hnb.codelists import CODELISTS, folded
from hnb.contract import Problem
from hnb.tables.ledger import PAYMENTS

_MATCHED = ("supplier", "expense_code", "expense_area", "category")
"""What a rule may name, the most telling first: of two rules that name as many, the one with the more telling wins."""

_GIVEN = ("line", "line_group", "setting")
_WORDS = ("expense_type", "expense_area", "category")
_SHOWN = 5


@dataclass(frozen=True)
class Rule:
    """One rule. `patterns` holds what it names, folded, as a pattern for the whole cell."""

    rule_id: str
    authority: str
    patterns: Mapping[str, re.Pattern[str]]
    exact: int
    is_high_needs: bool
    gives: Mapping[str, str | None]
    source: str

    @property
    def rank(self) -> tuple[Any, ...]:
        """How specific it is: more columns first, then the more telling ones, then without a star."""
        return (len(self.patterns), *(name in self.patterns for name in _MATCHED), self.exact)

    @property
    def outcome(self) -> tuple[Any, ...]:
        """What it says of a payment."""
        return (self.is_high_needs, *(self.gives[name] for name in _GIVEN))

    def speaks_of(self, cells: Mapping[str, str]) -> bool:
        """Whether all that it names holds of a payment, whose cells are folded."""
        return all(pattern.fullmatch(cells[name]) for name, pattern in self.patterns.items())


def rules(mapping: pandas.DataFrame | None) -> tuple[Rule, ...]:
    """The rules of a `ledger_mapping` frame, the most specific first. A rule that names nothing speaks of nothing."""
    if mapping is None or mapping.empty:
        return ()
    found = []
    for row in mapping.astype(object).where(mapping.notna(), None).to_dict("records"):
        named = {name: str(row[name]) for name in _MATCHED if row[name] and str(row[name]).strip(" *")}
        if not named:
            continue
        line, group = row["line"], row["line_group"]
        gives = {"line": line, "line_group": _group(line) or group, "setting": row["setting"]}
        high = bool(row["is_high_needs"])
        found.append(
            Rule(
                str(row["rule_id"]),
                str(row["authority"]),
                {name: _pattern(text) for name, text in named.items()},
                sum("*" not in text for text in named.values()),
                high,
                gives if high else dict.fromkeys(_GIVEN),
                str(row["source"]),
            )
        )
    return tuple(sorted(found, key=lambda rule: rule.rank, reverse=True))


def mapped_payments(
    payments: pandas.DataFrame, mapping: pandas.DataFrame | None
) -> tuple[pandas.DataFrame, list[Problem]]:
    """The `payments` with line, group, setting, status and rule from the mapping, and what is to be said of it.

    A payment whose file says its line by itself keeps it where no rule speaks of it. Where two rules are equally
    specific and say different things neither is taken: the payment is `not_mapped` and a Problem names both.
    What no rule speaks of is `not_mapped` where its words look like SEND, else `other`.
    """
    if payments.empty:
        return payments, []
    known = rules(mapping)
    text = payments[["authority", *_MATCHED, "expense_type", "line", "line_group", "setting"]].astype(object)
    cells = list(text.where(text.notna(), None).itertuples(index=False, name=None))
    # Few kinds of payment stand for many: each is judged once.
    kinds = {kind: _judged(dict(zip(text.columns, kind, strict=True)), known) for kind in set(cells)}
    judged = [kinds[kind] for kind in cells]
    columns = (*_GIVEN, "ledger_status", "rule_id")
    given = {name: pandas.array([one[name] for one in judged], dtype="string") for name in columns}
    done = PAYMENTS.conform(payments.assign(**given))
    ties = sorted({one["tie"] for one in judged if one["tie"]})
    return done, [*(_tie(*tie) for tie in ties), *_not_mapped(done)]


def _judged(kind: Mapping[str, Any], known: Sequence[Rule]) -> dict[str, Any]:
    """What the rules say of one kind of payment; `tie` names two that contradict each other."""
    cells = {name: folded(str(kind[name] or "")) for name in _MATCHED}
    speaking = [rule for rule in known if rule.authority == kind["authority"] and rule.speaks_of(cells)]
    best = [rule for rule in speaking if rule.rank == speaking[0].rank]
    if len({rule.outcome for rule in best}) > 1:
        pair = [next(rule for rule in best if rule.outcome != best[0].outcome), best[0]]
        first, second = sorted(pair, key=lambda rule: rule.rule_id)
        tie = (first.source, first.rule_id, second.rule_id, second.source)
        return {**dict.fromkeys(_GIVEN), "ledger_status": "not_mapped", "rule_id": None, "tie": tie}
    if best:
        status = "mapped" if best[0].is_high_needs else "not_high_needs"
        return {**best[0].gives, "ledger_status": status, "rule_id": best[0].rule_id, "tie": None}
    own = {name: kind[name] for name in _GIVEN}
    if own["line"]:
        status, own["line_group"] = "mapped", _group(own["line"]) or own["line_group"]
    else:
        status = (
            "not_mapped" if looks_like_send(*(kind[name] for name in _WORDS if name in kind)) else "other"
        )
    return {**own, "ledger_status": status, "rule_id": None, "tie": None}


def looks_like_send(*texts: str | None) -> bool:
    """Whether one of the texts holds a word of the list `send_words`, as a whole word: "SEN services", not "present"."""
    return any(f" {word} " in f" {folded(text)} " for text in texts if text for word in _send_words())


def _send_words() -> tuple[str, ...]:
    words = CODELISTS["send_words"]
    return tuple(folded(words.label(code)) for code in words.codes)


def _pattern(text: str) -> re.Pattern[str]:
    parts = [re.escape(folded(part)) for part in text.split("*")]
    return re.compile(".*".join(parts))


def _group(line: str | None) -> str | None:
    lines = CODELISTS["budget_lines"]
    return lines.group(line) or None if line and line in lines.entries else None


def _tie(where: str, first: str, second: str, other: str) -> Problem:
    return Problem(where, "mapping_tie", f"rule {first} and rule {second} ({other}) are equally specific and say different things of the same payments", "one rule that is the more specific",
                   "Name a cost centre, a category or a supplier in one of the two, or take it out")  # fmt: skip


def _not_mapped(payments: pandas.DataFrame) -> list[Problem]:
    """One note on all payments that look like SEND and of which no rule speaks: their codes by pounds."""
    rows = payments[payments["ledger_status"] == "not_mapped"]
    if rows.empty:
        return []
    codes = rows["expense_code"].fillna("no code") + " " + rows["expense_type"].fillna("")
    pounds = rows["amount"].groupby(codes.str.strip()).sum().sort_values(ascending=False)
    said = ", ".join(f"{code} £{amount:,.0f}" for code, amount in pounds.head(_SHOWN).items())
    more = f" and {len(pounds) - _SHOWN} more codes" if len(pounds) > _SHOWN else ""
    return [
        Problem(str(rows["source"].iloc[0]), "payments_not_mapped", f"{len(rows):,} payments of £{rows['amount'].sum():,.2f} look like SEND and no rule speaks of them: {said}{more}", "a rule for each code",
                "Add a rule to data/mappings/ledger_mapping.csv: high needs with its line, or not high needs", "note")
    ]  # fmt: skip
