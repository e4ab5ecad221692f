"""Suppliers of the ledger that may be providers of the register: offered to a person, and never merged unasked. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pandas
from rapidfuzz import fuzz, process

from hnb.codelists import folded
from hnb.ledger_exceptions import provider_by_supplier
from hnb.tables.ledger import SUPPLIER_OFFERS

HEADINGS = (
    "Supplier",
    "Provider",
    "Decision",
    "Decided by",
    "Decided on",
    "Likeness",
    "Payments",
    "Paid (£)",
)

_LEAST = 70  # of 100 (rapidfuzz, token_set_ratio): what is less alike is no help to who decides
_SAYS_NOTHING = frozenset({"the", "ltd", "limited", "plc", "llp", "uk", "t", "a", "trust", "group", "council", "of", "and"})  # fmt: skip
_SHORT = {
    "sch": "school",
    "schl": "school",
    "acad": "academy",
    "coll": "college",
    "saint": "st",
    "prim": "primary",
}


def supplier_offers(
    payments: pandas.DataFrame, placements: pandas.DataFrame, matches: pandas.DataFrame | None = None
) -> pandas.DataFrame:
    """A frame of `supplier_offers`: suppliers paid on lines of the register that no person has matched, dearest first.

    The provider most like each is offered by the words of its name, whatever their order and legal form; a pair that a
    person said are two is not offered again. Likeness is a fraction (rapidfuzz's token_set_ratio ÷ 100).
    """
    lines = set(placements["line"].dropna())
    paid = payments[(payments["ledger_status"] == "mapped") & payments["supplier"].notna()]
    paid = paid[paid["line"].isin(lines)]
    if paid.empty or placements.empty:
        return SUPPLIER_OFFERS.empty()
    providers = sorted(set(placements["provider"].dropna()))
    known = provider_by_supplier(providers, matches)
    paid = paid[~paid["supplier"].map(lambda name: folded(str(name)) in known).astype(bool)]
    refused = _refused(matches)
    words = {name: _words(name) for name in providers}
    rows = []
    for (authority, supplier), of_one in paid.groupby(["authority", "supplier"], sort=True):
        choices = {
            name: said for name, said in words.items() if (folded(str(supplier)), folded(name)) not in refused
        }
        best = process.extractOne(
            _words(str(supplier)), choices, scorer=fuzz.token_set_ratio, score_cutoff=_LEAST
        )
        rows.append(
            {
                "authority": authority,
                "supplier": supplier,
                "provider": best[2] if best else None,
                "likeness": best[1] / 100 if best else None,
                "payments": len(of_one),
                "amount": float(of_one["amount"].sum()),
                "source": _source(of_one["source"].tolist()),
            }
        )
    found = pandas.DataFrame(rows, columns=SUPPLIER_OFFERS.names)
    return SUPPLIER_OFFERS.conform(found.sort_values("amount", ascending=False, ignore_index=True))


def suppliers_csv(offers: pandas.DataFrame, matches: pandas.DataFrame | None = None) -> str:
    """The list for a person to decide: what is decided stays as it is, then what is offered, with the decision open."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    if matches is not None:
        for row in matches.astype(object).where(matches.notna(), None).to_dict("records"):
            if row["decision"] != "offered":
                on = f"{row['decided_on']:%d/%m/%Y}" if row["decided_on"] else ""
                decision = "Confirmed" if row["decision"] == "confirmed" else "Not the same"
                writer.writerow(
                    [row["supplier"], row["provider"], decision, row["decided_by"] or "", on, "", "", ""]
                )
    for row in offers.astype(object).where(offers.notna(), None).to_dict("records"):
        if row["provider"]:
            writer.writerow([row["supplier"], row["provider"], "", "", "", f"{row['likeness']:.0%}", row["payments"], f"{row['amount']:.2f}"])  # fmt: skip
    return text.getvalue()


def _refused(matches: pandas.DataFrame | None) -> set[tuple[str, str]]:
    if matches is None or matches.empty:
        return set()
    two = matches[matches["decision"] == "not_the_same"]
    return {(folded(a), folded(b)) for a, b in zip(two["supplier"], two["provider"], strict=True)}


def _words(name: str) -> str:
    said = (_SHORT.get(word, word) for word in folded(name.replace("'", "").replace("’", "")).split())
    return " ".join(word for word in said if word not in _SAYS_NOTHING)


def _source(sources: list[str]) -> str:
    return sources[0] + (f" and {len(sources) - 1} more" if len(sources) > 1 else "")


def offered(tables: Mapping[str, pandas.DataFrame]) -> dict[str, pandas.DataFrame]:
    """The table `supplier_offers` by its name, where there are payments and a register, and anything to offer."""
    if "payments" not in tables or "placements" not in tables:
        return {}
    offers = supplier_offers(tables["payments"], tables["placements"], tables.get("supplier_matches"))
    return {"supplier_offers": offers} if len(offers) else {}
