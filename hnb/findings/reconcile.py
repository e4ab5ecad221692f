"""Sentences of the page Reconcile: whether the sources agree, what explains the gap, whom to ring."""

from __future__ import annotations

from collections.abc import Mapping

import polars

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.load_findings import plural

_NONE_ONE_TWO_ALL: Mapping[str, Mapping[int, str]] = {
    "all": {1: "The two sources agree", 2: "Both comparisons agree"},
    "none": {1: "The two sources do not agree", 2: "Neither of the two comparisons agrees"},
}
_EXPLAINED = ("month_missing", "not_mapped", "timing", "rounding")


def sources_agree(rows: polars.DataFrame) -> str:
    """How many of the comparisons of a year agree, from rows with their status."""
    if not rows.height:
        return "There are no two sources to hold against each other"
    within = rows.filter(polars.col("status") == "within").height
    missing = [words for words in rows["months_missing"].unique().to_list() if words]
    if within == rows.height:
        return _NONE_ONE_TWO_ALL["all"].get(within, f"All {wording.count(within)} comparisons agree")
    gap = f"; {missing[0]} is not loaded" if missing else ""
    if not within:
        said = _NONE_ONE_TWO_ALL["none"].get(
            rows.height, f"None of the {wording.count(rows.height)} comparisons agrees"
        )
        return f"{said}{gap}"
    verb = "agrees" if within == 1 else "agree"
    return f"{wording.count(within)} of {plural(rows.height, 'comparison')} {verb}{gap}"


def line_ties(row: Mapping[str, object] | None, by_kind: polars.DataFrame, name: str) -> str:
    """Whether the register ties to the ledger for one line or for all, and what most of the gap is."""
    if row is None:
        return f"{name}: there is no register to hold against the ledger"
    first, second = float(str(row["first_amount"])), float(str(row["second_amount"]))
    gap = second - first
    said = f"{name}: {wording.pounds(second, 'sentence')} paid against {wording.pounds(first, 'sentence')} in the register"
    if row["status"] == "within":
        return f"{said}, which ties"
    direction = "more than the register has" if gap > 0 else "less than the register has"
    head = f"{said}: {wording.pounds(abs(gap), 'sentence')} {direction}"
    largest = by_kind.filter(polars.col("difference") != 0).sort(
        polars.col("difference").abs(), descending=True
    )
    if not largest.height:
        return head
    top = largest.row(0, named=True)
    label = CODELISTS["ledger_exceptions"].label(top["exception"])
    if top["exception"] == "month_missing":
        label = (
            f"{row['months_missing']}, which is not loaded"
            if row["months_missing"]
            else "a month that is not loaded"
        )
    else:
        label = f"“{label}”"
    return f"{head}; most of it is {label}, {wording.pounds(abs(top['difference']), 'sentence')}"


def return_and_ledger(row: Mapping[str, object], average: float | None) -> str:
    """What the return says of a line or of the block against what was paid, and what one missing month may explain."""
    first, second = float(str(row["first_amount"])), float(str(row["second_amount"]))
    name = CODELISTS["budget_lines"].short(str(row["line"])) if row["line"] else "All 1.2 lines"
    gap = second - first
    head = f"{name}: the ledger has {wording.pounds(abs(gap), 'sentence')} {'more' if gap > 0 else 'less'} than the outturn return"
    missing = row["months_missing"]
    if not missing or average is None:
        return head
    if gap < 0 and abs(gap) <= average * 1.5:
        return (
            f"{head}; {missing} is missing, and a month is {wording.pounds(average, 'sentence')} on average, "
            "which is enough to explain it"
        )
    if gap < 0:
        return f"{head}; {missing} is missing, and explains {wording.pounds(average, 'sentence')} of it at the average month"
    return f"{head}, although {missing} is missing: more is mapped to these lines than was returned"


def whom_to_ring(rows: polars.DataFrame) -> str:
    """The three providers, or suppliers, with most at stake; those that only need confirming are left out."""
    open_ = rows.filter(polars.col("offer").is_null()).head(3)
    if not open_.height:
        return "There is nobody to ring"
    said = wording.listed(
        f"{name} ({wording.pounds(pounds, 'sentence')})"
        for name, pounds in open_.select("name", "at_stake").rows()
    )
    return f"Ring {said}"


def exceptions_found(by_kind: polars.DataFrame) -> str:
    """How many exceptions there are that a person must settle, and how many the calendar explains."""
    if not by_kind.height:
        return "Every payment meets a placement, and every placement its payment"
    explained = polars.col("exception").is_in(_EXPLAINED)
    settle = int(by_kind.filter(~explained)["lines"].sum())
    rest = int(by_kind.filter(explained)["lines"].sum())
    if not settle:
        return f"{plural(rest, 'exception')}, none of them a provider's to settle"
    tail = f"; {wording.count(rest)} more are timing, mapping or a month that is missing" if rest else ""
    return f"{plural(settle, 'exception')} to settle with providers{tail}"


def exceptions_of_kind(number: int, kind: str) -> str:
    """How many exceptions there are of the one kind that is listed, a code of `ledger_exceptions`."""
    label = CODELISTS["ledger_exceptions"].label(kind)
    if not number:
        return f"There is no exception of the kind “{label}”"
    return f"{plural(number, 'exception')} of the kind “{label}”"


def false_underspend(coverage: Mapping[str, float], year: str) -> str:
    """What the returns of a year seem to say of place funding, and what they do say once coverage is known."""
    if coverage["seen"] <= 0 or not coverage["paid_directly"]:
        return f"The budget and outturn returns of {year} cover the same places"
    left = coverage["left"]
    true = f"{wording.pounds(abs(left), 'sentence')} {'under' if left > 0 else 'over'} budget"
    return (
        f"The {wording.pounds(coverage['seen'], 'sentence')} underspend on special and alternative provision places in {year} is a "
        f"difference in coverage: DfE paid {wording.pounds(coverage['paid_directly'], 'sentence')} of these places itself, and what is left is {true}"
    )


def months_compared(rows: polars.DataFrame, name: str) -> str:
    """The month in which two sources stand furthest apart, missing months apart."""
    there = rows.filter(polars.col("months_missing").is_null() & (polars.col("difference") != 0))
    missing = rows["months_missing"].drop_nulls().unique().to_list()
    tail = f"; {wording.listed(missing)} is not loaded" if missing else ""
    if not there.height:
        return f"{name}: every month that is loaded ties{tail}"
    month, gap = (
        there.sort(polars.col("difference").abs(), descending=True).select("month", "difference").row(0)
    )
    return (
        f"{name}: {month:%B %Y} stands furthest apart, {wording.pounds(gap, 'sentence', signed=True)}{tail}"
    )


def not_confirmed(offers: polars.DataFrame) -> str:
    """How many suppliers wait for a person."""
    waiting = offers.filter(polars.col("provider").is_not_null())
    unlike = offers.height - waiting.height
    if not waiting.height:
        return f"{plural(unlike, 'supplier')} {'is' if unlike == 1 else 'are'} like no provider"
    pounds = wording.pounds(float(waiting["amount"].sum()), "sentence")
    tail = f"; {wording.count(unlike)} {'is' if unlike == 1 else 'are'} like no provider" if unlike else ""
    return f"{plural(waiting.height, 'supplier')} paid {pounds} may be {'a provider: confirm it' if waiting.height == 1 else 'providers: confirm each'}{tail}"


def mapped(codes: polars.DataFrame) -> str:
    """How much of what looks like SEND the mapping places, and how much it does not."""
    pounds = dict(codes.group_by("ledger_status").agg(polars.col("amount").sum()).rows())
    open_ = pounds.get("not_mapped", 0.0)
    placed = wording.pounds(pounds.get("mapped", 0.0), "sentence")
    if not open_:
        return f"The mapping places all {placed} that look like SEND"
    count = codes.filter(polars.col("ledger_status") == "not_mapped")["expense_code"].n_unique()
    return f"The mapping places {placed}; {plural(count, 'code')} of {wording.pounds(open_, 'sentence')} {'looks' if count == 1 else 'look'} like SEND and {'has' if count == 1 else 'have'} no rule"


def paid_over_months(months: polars.DataFrame, name: str) -> str:
    """What was paid over the months that are loaded, and which month is missing."""
    there = months.filter(~polars.col("is_missing"))
    missing = [f"{month:%B %Y}" for month in months.filter(polars.col("is_missing"))["month"].to_list()]
    total = wording.pounds(float(there["amount"].sum()), "sentence")
    tail = f"; {wording.listed(missing)} is not loaded" if missing else ""
    return f"{name}: {total} paid in {plural(there.height, 'month')}{tail}"


def repeats(row: Mapping[str, object] | None) -> str:
    """What is to be known of rows that are exactly like an earlier one; "" where none is."""
    if row is None:
        return ""
    of_send = float(str(row["of_send"]))
    said = (
        f"{wording.pounds(of_send)} of them on lines that are mapped or look like SEND"
        if of_send
        else "none of them on a line that is mapped or looks like SEND"
    )
    return (
        f"The file of {row['month']:%B %Y} holds {plural(int(str(row['repeats'])), 'row')} exactly like an earlier one, "
        f"{wording.pounds(float(str(row['repeated_amount'])), 'sentence')}: {said}. They are counted, since two payments alike may both be real."
    )
