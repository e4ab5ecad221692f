"""The tables of the page Compare: the rates on both denominators, the mix, pounds by group of lines, the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.components.records import Kind, RecordColumn
from dashboard.listing import Listing
from dashboard.pages.compared import QUANTITIES, Compared
from dashboard.roles import ANALYST, each_for_role
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.comparison import KINDS
from hnb.findings import compare as compare_findings
from hnb.metrics import MEASURES, Measure
from hnb.metrics.rates import RATES

_SHOWN = ("us", "neighbours_mean", "region", "england")


def rates(query: str) -> Listing:
    """The rate of the year in focus on both denominators: we, the neighbours and the averages, highest first."""
    asked = Compared.read(query)
    first, second = QUANTITIES[asked.quantity][1]
    records = _both(asked, first, second)
    divisors = ("People", "Pupils") if asked.quantity == "plans" else ("People", "Plans")
    columns = (
        RecordColumn("name", "Authority"),
        RecordColumn("numerator", "Plans" if asked.quantity == "plans" else "Net outturn", "count" if asked.quantity == "plans" else "pounds"),
        RecordColumn("first_divisor", divisors[0], "count"),
        RecordColumn("first", asked.measure(first).title, _kind(asked.measure(first))),
        RecordColumn("first_position", f"Rank by {divisors[0].lower()}", "count"),
        RecordColumn("second_divisor", divisors[1], "count"),
        RecordColumn("second", asked.measure(second).title, _kind(asked.measure(second))),
        RecordColumn("second_position", f"Rank by {divisors[1].lower()}", "count"),
        RecordColumn("stands", "How it stands", words=lambda words: words),
    )  # fmt: skip
    return Listing(
        f"{QUANTITIES[asked.quantity][0]} compared",
        f"{' and '.join([asked.titled(asked.measure(first)), wording.lowered(asked.measure(second).title)])}, {asked.when}",
        columns,
        records,
        about=_about(asked),
        caution=caution(asked, first, second),
        class_of=lambda row: "ours" if row["kind"] == "us" else "",
    )


def _both(asked: Compared, first: str, second: str) -> list[dict[str, Any]]:
    """One record an authority or average, with both rates; the highest first, those without a rate last."""
    seconds = {(row["kind"], row["area"]): row for row in asked.of_year(second).iter_rows(named=True)}
    found = []
    for row in asked.of_year(first).iter_rows(named=True):
        other = seconds[row["kind"], row["area"]]
        found.append(
            {
                "kind": row["kind"], "name": compare_findings.name(row), "numerator": row["numerator"],
                "first_divisor": row["denominator"], "first": row["value"], "first_position": row["position"],
                "second_divisor": other["denominator"], "second": other["value"], "second_position": other["position"],
                "stands": stands(row),
            }
        )  # fmt: skip
    return sorted(
        found, key=lambda row: (row["first"] is None, -(row["first"] or 0.0), KINDS.index(row["kind"]))
    )


def stands(row: dict[str, Any]) -> str:
    """How a rate stands, in words: what is missing, whom an average is of, which people divide it."""
    if row["value"] is None:
        if row["kind"] == "neighbour" and row["status"] != "no_denominator":
            return "Did not report, or is not loaded"
        if row["authorities"] is not None and row["kind"] in ("region", "england"):
            return f"No published total; {row['authorities']} of {row['of']} authorities are loaded"
        return CODELISTS["result_statuses"].label(row["status"])
    said = []
    if row["kind"] == "neighbours_mean":
        said.append(f"mean of the rates of {row['authorities']} of {row['of']}")
    elif row["kind"] == "neighbours_together":
        said.append(f"the sums of {row['authorities']} of {row['of']}, divided once")
    elif row["authorities"] is not None:
        said.append(f"sum of {row['authorities']} of {row['of']} authorities")
    elif row["kind"] in ("region", "england"):
        said.append("published total")
    if row["status"] == "estimated":
        said.append("estimate")
    return _first_capital("; ".join(said)) if said else "As reported"


def mix(query: str) -> Listing:
    """The share of plans in each group of settings: a row a group, we and whom we compare with across."""
    asked = Compared.read(query)
    shown = _owners(asked.mix.iter_rows(named=True))
    columns = (
        RecordColumn("setting_group", "Kind of setting", words=CODELISTS["setting_groups"].label),
        *(RecordColumn(key, name, "share") for key, name in shown),
    )
    records: dict[str, dict[str, Any]] = {}
    for row in asked.mix.iter_rows(named=True):
        records.setdefault(row["setting_group"], {"setting_group": row["setting_group"]})[_key(row)] = row[
            "share"
        ]
    order = [group for group in CODELISTS["setting_groups"].codes if group in records]
    # A group in which somebody who reported placements has nobody is nought there.
    rows = [{**dict.fromkeys((key for key, _ in shown), 0.0), **records[group]} for group in order]
    return Listing(
        "Mix of placements compared",
        f"Share of EHC plans by kind of setting, {_january(asked)}",
        columns,
        rows,
        about=_about(asked),
        caution=f"Plans are counted each January. {CODELISTS['series_breaks'].meaning('person_level_return')}",
    )


def line_groups(query: str) -> Listing:
    """Net outturn per head by DfE's group of lines: a row a group, we and whom we compare with across."""
    asked = Compared.read(query)
    measure = asked.measure("spend_per_people")
    shown = _owners(asked.line_groups.iter_rows(named=True))
    columns = (
        RecordColumn("line_group", "Group of lines", words=CODELISTS["line_groups"].label),
        *(RecordColumn(key, name, "pounds") for key, name in shown),
    )
    records: dict[str, dict[str, Any]] = {}
    for row in asked.line_groups.iter_rows(named=True):
        records.setdefault(row["line_group"], {"line_group": row["line_group"]})[_key(row)] = row["value"]
    return Listing(
        "Net outturn per head by group of lines, compared",
        f"{measure.title}, by DfE’s group of lines, {asked.line_group_year}, £",
        columns,
        list(records.values()),
        about=_about(asked),
        caution="The groups do not add up to all high needs lines: DfE’s own groups leave some lines out.",
    )


def over_years(query: str) -> Listing:
    """The first of the two rates, year by year: we, the neighbours' mean, the region and England."""
    asked = Compared.read(query)
    name = QUANTITIES[asked.quantity][1][0]
    measure = asked.measure(name)
    rows = [row for row in asked.rates[name].iter_rows(named=True) if row["kind"] in _SHOWN]
    shown = _owners(rows)
    columns = (
        RecordColumn("financial_year", "Year"),
        *(RecordColumn(key, owner, _kind(measure)) for key, owner in shown),
        RecordColumn("coverage", "Neighbours in the mean", words=lambda words: words),
    )
    records: dict[str, dict[str, Any]] = {}
    for row in rows:
        record = records.setdefault(
            row["financial_year"], {"financial_year": row["financial_year"], "coverage": ""}
        )
        record[_key(row)] = row["value"]
        if row["kind"] == "neighbours_mean":
            record["coverage"] = f"{row['authorities']} of {row['of']}"
    return Listing(
        f"{measure.title}, by year",
        f"{asked.titled(measure)}, year by year",
        columns,
        list(records.values()),
        about=_about(asked),
        caution=measure.caution,
    )


def caution(asked: Compared, *names: str) -> str:
    """What one must know of some rates: who divides, and each one's own caution."""
    sentences = [sentence for name in names for sentence in (asked.people_note(name), RATES[name].caution)]
    return " ".join(dict.fromkeys(sentence for sentence in sentences if sentence))


def _about(asked: Compared) -> Sequence[tuple[str, str]]:
    sources = " ".join(
        dict.fromkeys(MEASURES[RATES[name].measure].source for name in QUANTITIES[asked.quantity][1])
    )
    first = QUANTITIES[asked.quantity][1][0]
    return (
        ("Compared", _first_capital(asked.about)),
        ("Year", asked.when),
        ("Statistical neighbours", f"edition of {asked.edition_words}; {compare_findings.coverage(asked.of_year(first))}" if asked.edition_words else "none are loaded"),
        ("Neighbours’ mean", "The mean of the neighbours’ rates, each authority counting once. An area’s rate is all of its figures divided once."),
        ("Source", f"{sources} Lists of people and pupils by authority."),
    )  # fmt: skip


def _owners(rows: Any) -> list[tuple[str, str]]:
    """Those that stand across, in the order of their kinds: key and name."""
    found = {_key(row): (KINDS.index(row["kind"]), compare_findings.name(row)) for row in rows}
    return [(key, name) for key, (_, name) in sorted(found.items(), key=lambda item: item[1][0])]


def _key(row: dict[str, Any]) -> str:
    return f"{row['kind']} {row['area']}".strip()


def _kind(measure: Measure) -> Kind:
    return "pounds" if measure.unit.startswith("£") else "years"


def _january(asked: Compared) -> str:
    return f"January {int(asked.year[:4]) + 1}" if asked.year else ""


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


LISTINGS = each_for_role(
    ANALYST,
    {
        "compare-rates": rates,
        "compare-mix": mix,
        "compare-line-groups": line_groups,
        "compare-years": over_years,
    },
)
