"""A layout for a register of placements.

Nothing that names a child is mapped: such headings are ignored by name, whatever they hold.
"""

from __future__ import annotations

import re
from typing import Any

from etl.propose import contexts, vocabulary
from etl.propose.anatomy import number_of
from etl.propose.children import barred, the_child
from etl.propose.columns import Column
from etl.propose.costs import CONTRIBUTIONS, COSTS, costs
from etl.propose.dates import year_and_date
from etl.propose.draft import Draft, placed, why
from etl.propose.footnotes import footnotes
from etl.propose.header import header
from etl.propose.leftovers import left_out
from etl.propose.matching import Match, matches
from etl.propose.own_words import MOST_ASKED, ask_to_name, code_values
from etl.propose.placement_phase import curriculum_year, phase
from etl.propose.side_by_side import folded_sets
from etl.propose.study import Study
from etl.propose.totals import totals
from etl.staging import BROUGHT
from hnb.codelists import CODELISTS

_NOT_RECORDED = ("need", "setting", "phase")


def placements(study: Study, draft: Draft) -> float:
    """A register of placements; gives how well the sheet suits the table, from 0 to 1."""
    study, draft.side_by_side = folded_sets(study)
    private = barred(study)
    found = matches("placements", study.columns, private)
    found = {name: match for name, match in found.items() if match.score >= 0.4}
    the_child(study, found, private)
    header(draft, study)
    for name, match in found.items():
        if name not in ("annual_cost", "register_as_at", "financial_year", "authority"):
            draft.columns[name] = _entry(study, match, name)
    for name in ("register_as_at", "financial_year"):
        if name in found:
            draft.columns[name] = _entry(study, found[name], name)
    for name in ("need", "setting", "phase", "status", "line"):
        if name in found:
            _own_words(draft, name, found[name].column)
    draft.constants["authority"] = "ours"
    year_and_date(
        draft, study, "register_as_at", has_year="financial_year" in found, has_date="register_as_at" in found
    )
    terms = _terms(draft, study, found)
    if draft.side_by_side:
        draft.side_by_side["needs"] = [name for name in ("provider", "setting", "start_on") if name in found][
            :1
        ]
    _identity_of_rows(draft, study, found)
    _born(draft, study, private)
    _what_is_missing(draft, study, found)
    used = {match.column.index for name, match in found.items() if name != "authority"}
    if terms:
        used |= {
            column.index for column in study.labels if column.heading in draft.columns["start_on"]["headings"]
        }
    costs_used = costs(draft, study, found, private)
    if terms:
        draft.join_rows["add"] = [
            name for name in (*COSTS, *CONTRIBUTIONS, "annual_cost") if name in draft.columns
        ]
        for name in draft.join_rows["add"]:
            for key in ("per", "times"):
                draft.columns[name].pop(key, None)
            draft.columns[name]["annualise"] = True
            draft.columns[name]["why"] += (
                "; what the term cost, brought to a full year by the days of the joined terms"
            )
        draft.questions.pop("times", None)
    used |= costs_used
    left_out(draft, study, used, private)
    names = {match.column.index: name for name, match in found.items() if name in draft.columns}
    loaded = [
        index
        for index in study.figures.columns
        if names.get(index) in (*COSTS, *CONTRIBUTIONS, "annual_cost")
    ]
    footnotes(draft, study, None)
    totals(draft, study, names, loaded)
    wanted = [name for name in ("pupil_id", "need", "setting", "provider", "start_on") if name in found]
    money = [name for name in (*COSTS, "annual_cost") if name in found]
    return (len(wanted) + min(2, len(money))) / 7


def _entry(study: Study, match: Match, name: str) -> dict[str, Any]:
    """[columns.NAME] of a matched column, with the spellings of its values that the code lists do not know."""
    column = match.column
    entry: dict[str, Any] = {"why": why(match.reason, match.score), **study.spelling(column)}
    table_column = BROUGHT["placements"]._by_name.get(name)
    if name in _NOT_RECORDED:
        entry["blank"] = "not_recorded"
    if table_column is not None and not table_column.required:
        entry["required"] = False
    if name == "year_group":
        written = {
            text: year
            for text in column.distinct
            if number_of(text) is None and (year := curriculum_year(text)) is not None
        }
        if written:
            entry["values"] = written
    if name == "pupil_id":
        entry["why"] = f"{entry['why']}; only a keyed hash of it is kept"
    if (
        table_column is not None
        and table_column.kind == "flag"
        and column.flag_share < 1
        and column.pair(name)
    ):
        entry["values"] = dict(column.pair(name))
    return entry


def _own_words(draft: Draft, name: str, column: Column) -> None:
    """Asks about words of a column of codes where there are so many that a person must look at them as a whole."""
    codelist = BROUGHT["placements"].column(name).codes
    sure, unsure = code_values(column, codelist)
    if len(unsure) > MOST_ASKED:
        if sure:
            draft.columns[name]["values"] = sure
        ask_to_name(draft, name, column, unsure, codelist, of_children=True)


def _identity_of_rows(draft: Draft, study: Study, found: dict[str, Match]) -> None:
    if "placement_id" not in found:
        parts = [name for name in ("pupil_id", "provider", "start_on") if name in draft.columns]
        draft.columns["placement_id"] = {
            "why": why("the register has no number of its own for a placement", 0.9),
            "made_of": parts,
        }


def _born(draft: Draft, study: Study, private: dict[int, str]) -> None:
    """The age, from a date of birth that is not kept."""
    if "age" not in BROUGHT["placements"].names or "age" in draft.columns:
        return
    for index, reason in private.items():
        column = study.by_index[index]
        if reason.startswith("A date of birth") and column.date_share > 0.5:
            draft.columns["age"] = {"why": "the age on 31 August; the date itself is never kept", **study.spelling(column),
                                    "read": "age_on_31_august", "required": False}  # fmt: skip
            return


def _what_is_missing(draft: Draft, study: Study, found: dict[str, Match]) -> None:
    for name in ("need", "setting"):
        if name not in found:
            draft.constants[name] = "not_recorded"
            draft.constants_why[name] = f"no column says the {name}"
    if "phase" not in found:
        phase(draft, study, found)
    if "status" not in found:
        _status(draft, found)
    if "line" not in found:
        _line(draft, study, found)
    if "start_on" not in draft.columns:
        draft.ask("start_on", "The sheet has no first day of a placement. From which day did they run? Write it as 2025-04-01.",
                  "no column holds a start date", ["constants.start_on"])  # fmt: skip


def _status(draft: Draft, found: dict[str, Match]) -> None:
    """Ended where the end is not after the register's own date; without ends all are open."""
    if "end_on" in found or "end_on" in draft.columns:
        draft.columns["status"] = {
            "why": why("no column says the status: a placement has ended once its end is not after the register's date", 0.95),
            "from": "end_on",
            "read": "status_by_end",
        }  # fmt: skip
        return
    draft.constants["status"] = "open"
    draft.constants_why["status"] = "no column says the status, and none says an end"


def _terms(draft: Draft, study: Study, found: dict[str, Match]) -> bool:
    """A row a term: the term gives both days, and rows that follow on are one placement."""
    if "start_on" in found:
        return False
    for column in study.labels:
        if column.values and _share_of_terms(column) > 0.95:
            draft.columns["start_on"] = {
                "why": why(f"“{column.heading}” holds terms: the first day of the term", 0.9),
                **study.spelling(column),
                "read": "term_start",
            }
            draft.columns["end_on"] = {
                "why": "the end of the same term",
                "from": "start_on",
                "read": "term_end",
            }
            same = [
                name for name in ("pupil_id", "provider", "setting", "need", "phase", "line") if name in found
            ]
            draft.join_rows = {
                "why": why("a row a term: rows of a child that follow on are one placement", 0.85),
                "same": same,
                "add": [],
            }
            return True
    return False


def _share_of_terms(column: Column) -> float:
    terms = [
        text
        for text in column.distinct
        if re.fullmatch(
            r"(?:autumn|spring|summer)(?: term)?(?: \(?\d{2,4}(?:[/-]\d{2,4})?\)?)?", text, re.IGNORECASE
        )
    ]
    return len(terms) / len(column.distinct)


def _line(draft: Draft, study: Study, found: dict[str, Match]) -> None:
    """The budget line by the kind of setting, where every kind in the sheet leaves no doubt; otherwise a question."""
    lines = vocabulary.trade().get("lines_of_settings", {})
    if "setting" in found:
        column = found["setting"].column
        values = {
            text: lines[code]
            for text in column.distinct
            if (code := CODELISTS["settings"].encode(text)) in lines
        }
        unsure = [text for text in column.distinct if text not in values]
        if values:
            draft.columns["line"] = {
                "why": why("no column says the budget line: it follows from the kind of setting", 0.8),
                "from": "setting",
                "values": values,
            }
            asked = [[text] for text in unsure] if len(unsure) <= 3 else [unsure]
            for number, texts in enumerate(asked):
                draft.ask(f"line_{number + 1}" if len(asked) > 1 else "line", f"Which budget line pays for placements in {contexts.words(texts[:6])}?",
                          "no column says the line, and the kind of setting leaves it open", [placed("columns.line.values", text) for text in texts], CODELISTS["budget_lines"].codes)  # fmt: skip
            return
    draft.ask(
        "line",
        "Which budget line pays for these placements?",
        "no column says the line",
        ["constants.line"],
        CODELISTS["budget_lines"].codes,
    )
