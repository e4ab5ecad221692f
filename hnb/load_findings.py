"""Findings about a load: the sentences that head the Data page, worked out from `hnb.quality`'s figures.

Each gives one sentence without a full stop; an empty text where the figures do not carry one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars

from hnb import wording
from hnb.codelists import CODELISTS


def plural(number: int, one: str, many: str = "") -> str:
    """A count with its noun: plural(1, "row") → "1 row", plural(0, "row") → "0 rows"."""
    return f"{wording.count(number)} {one if number == 1 else many or one + 's'}"


def of_files(whole: Mapping[str, Any], files: int) -> str:
    """ "Every row of 24 files is accounted for: 34,210 loaded, 1,204 left out by name, none refused".

    `whole` is the only row of `quality.account(files)`.
    """
    if not whole or not whole["rows_read"]:
        return "No row of any file was read"
    right = whole["rows_corrected"]
    said = [
        f"{wording.count(whole['rows_loaded'] + right)} loaded"
        + (f" ({wording.count(right)} of them corrected)" if right else ""),
        f"{wording.count(whole['rows_ignored'])} left out by name",
        f"{wording.count(whole['rows_refused'])} refused" if whole["rows_refused"] else "none refused",
    ]
    return f"Every row of {plural(files, 'file')} is accounted for: {', '.join(said)}"


def of_left_out(left_out: polars.DataFrame) -> str:
    """ "35 sheets left out whole, by name: 322 rows, beside those above". `left_out` has a row a sheet with its `rows_ignored`."""
    rows = int(left_out["rows_ignored"].sum())
    return f"{plural(left_out.height, 'sheet')} left out whole, by name: {plural(rows, 'row')}, beside those above"


def pounds_of(account: Mapping[str, Any]) -> str:
    """What became of a sheet's pounds, in words: "every pound accounted for", "£200 refused, all others accounted for".

    `account` is a row of `quality.account`. The sums themselves are a control over every figure printed, of every
    kind: budget and forecast together are no amount, so they are not said. "" where none could be worked out.
    """
    if account["amount_read"] is None:
        return ""
    kept = sum(account[name] or 0.0 for name in ("amount_loaded", "amount_refused", "amount_ignored"))
    lost = round(account["amount_read"] - kept, 2)
    if lost:
        return f"{wording.pounds(lost)} not accounted for"
    refused = round(account["amount_refused"] or 0.0, 2)
    return (
        f"{wording.pounds(refused)} refused, all others accounted for"
        if refused
        else "every pound accounted for"
    )


def of_problems(kinds: polars.DataFrame) -> str:
    """ "Nothing was refused; 28 notes of 9 kinds are worth knowing". `kinds` is `quality.problem_kinds(problems)`."""
    refused = kinds.filter(polars.col("severity") == "refusal")
    notes = kinds.filter(polars.col("severity") != "refusal")
    first = (
        f"{plural(int(refused['problems'].sum()), 'problem')} of {plural(refused.height, 'kind')} {'holds' if refused['problems'].sum() == 1 else 'hold'} publication up"
        if refused.height
        else "Nothing was refused"
    )
    if not notes.height:
        return first
    count = int(notes["problems"].sum())
    kinds_said = f" of {plural(notes.height, 'kind')}" if count > 1 else ""
    return f"{first}; {plural(count, 'note')}{kinds_said} {'is' if count == 1 else 'are'} worth knowing"


def of_changes(whole: Mapping[str, Any], *, is_first: bool) -> str:
    """ "Since the last load 120 rows are new, 14 changed and none vanished". `whole` sums one cut of the changes."""
    if is_first:
        return f"This is the first load: all {wording.count(whole['rows_now'])} rows of the tables are new"
    new, changed, vanished = (int(whole[f"rows_{what}"] or 0) for what in ("new", "changed", "vanished"))
    if not (new or changed or vanished):
        return "No row changed since the last load"

    def said(number: int, word: str) -> str:
        return f"{wording.count(number) if number else 'none'} {word}"

    first = f"{plural(new, 'row')} {'is' if new == 1 else 'are'} new" if new else "no row is new"
    return f"Since the last load {first}, {said(changed, 'changed')} and {said(vanished, 'vanished')}"


def of_coverage(coverage: polars.DataFrame) -> str:
    """ "One gap: payments of September 2023". `coverage` is the table."""
    gaps = coverage.filter(polars.col("status") == "gap")
    if not coverage.height:
        return "Nothing is loaded yet"
    if not gaps.height:
        years = sorted(set(coverage["financial_year"].to_list()))
        return f"No gap between {years[0]} and {years[-1]}" if len(years) > 1 else f"{years[0]} is loaded"
    named = [_gap(gap) for gap in gaps.head(3).iter_rows(named=True)]
    more = gaps.height - len(named)
    first = "One gap" if gaps.height == 1 else f"{wording.count(gaps.height)} gaps"
    return f"{first}: {wording.listed([*named, *([f'{more} more'] if more else [])])}"


def period(entry: Mapping[str, Any], *, brief: bool = False) -> str:
    """A row of `coverage` in words: "September 2023" ("Sep" under its year), or the year where a row is a whole year."""
    return (
        f"{entry['month']:{'%b' if brief else '%B %Y'}}" if entry["month"] else str(entry["financial_year"])
    )


def number_of_problems(found: polars.DataFrame) -> str:
    """ "10 notes", "1 problem", "3 problems and 10 notes". `found` are rows of `problems`."""
    refused = found.filter(polars.col("severity") == "refusal").height
    notes = found.height - refused
    said = [*([plural(refused, "problem")] if refused else []), *([plural(notes, "note")] if notes else [])]
    return wording.listed(said) or "none"


def series(entry: Mapping[str, Any]) -> str:
    """A series of a table in words: "Payments", "Spend returns: outturn return, by line"."""
    name = str(entry["table"]).replace("_", " ")
    name = name[:1].upper() + name[1:]
    return f"{name}: {wording.lowered(entry['series'])}" if entry["series"] else name


def kind(code: str) -> str:
    """A kind of problem in words."""
    kinds = CODELISTS["problem_kinds"]
    return kinds.label(code) if code in kinds.entries else code.replace("_", " ").capitalize()


def mend(code: str) -> str:
    """What mends a kind of problem, a sentence; "" for a kind that is not in the list."""
    kinds = CODELISTS["problem_kinds"]
    return str(kinds.entry(code).details["mend"]) if code in kinds.entries else ""


def _gap(entry: Mapping[str, Any]) -> str:
    return f"{wording.lowered(series(entry))} of {period(entry)}"
