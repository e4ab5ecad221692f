"""A layout for a sheet of records: a placement, a payment or a recommendation a row.

In a sheet about children nothing that names one is mapped: such headings are ignored by name, whatever they hold.
"""

from __future__ import annotations

import re
from typing import Any

from etl.propose import common, contexts, signs, vocabulary
from etl.propose.anatomy import number_of
from etl.propose.columns import Column
from etl.propose.draft import Draft, escaped, placed, why
from etl.propose.facets import facets
from etl.propose.matching import Match, matches
from etl.propose.side_by_side import folded_sets
from etl.propose.study import Study
from etl.staging import BROUGHT
from hnb.codelists import CODELISTS, folded

_WITHIN = re.compile(
    r"\b(?:cost|spend|charge|paid|fees?|forecast|commitment|£)\b.*\b(?:in|for)\b|this year|in[- ]year|so far|to date",
    re.IGNORECASE,
)
_COSTS = ("place_cost", "top_up_cost", "other_cost")
_CONTRIBUTIONS = ("health_contribution", "care_contribution")
_NOT_RECORDED = ("need", "setting", "phase")
_PHASES_OF_YEARS = (
    (-3, 0, "early_years"),
    (0, 6, "primary"),
    (7, 11, "secondary"),
    (12, 15, "post16"),
    (16, 25, "post19"),
)


def barred(study: Study) -> dict[int, str]:
    """Columns that are never read in a sheet about children, with the reason."""
    found: dict[int, str] = {}
    for column in study.columns:
        last = column.heading.split(" | ")[-1]
        stem = re.sub(r"\s*\d+$", "", last)
        private = max(
            (vocabulary.other_meaning("private", text) for text in {column.heading, last, stem}),
            key=lambda meaning: meaning.score,
        )
        born = vocabulary.other_meaning("date_of_birth", last)
        prose = vocabulary.other_meaning("free_text", last)
        if born.score >= 0.85:
            found[column.index] = "A date of birth is never kept"
        elif column.private:
            found[column.index] = f"It holds {column.private}, which are never read"
        elif private.score >= 0.9 and not (
            last.lower() in ("pupil", "child", "student") and column.record_share > 0.9
        ):
            found[column.index] = "It names or describes a child and is never read"
        elif column.looks_like_names and not _is_of_schools(last):
            found[column.index] = "It seems to hold people's names, which are never read"
        elif prose.score >= 0.9 or (column.is_prose and not _is_of_schools(last)):
            found[column.index] = "Free text is never read: it may speak of a child"
    return found


def holds_birthdays_or_upns(study: Study) -> bool:
    """Whether a column says when children were born, or their unique pupil numbers."""
    return any(reason.startswith("A date of birth") or "UPN" in reason for reason in barred(study).values())


def _child(study: Study, found: dict[str, Match], private: dict[int, str]) -> None:
    """The child's identifier where no heading says one plainly: a number of a child's own, else the only number there is."""
    if "pupil_id" in found:
        return
    for index, reason in list(private.items()):
        column = study.by_index[index]
        if "UPN" in reason or folded(column.heading.split(" | ")[-1]) in (
            "upn",
            "pupil upn",
            "uln",
            "unique pupil number",
        ):
            del private[index]
            found["pupil_id"] = Match("pupil_id", column, 0.8, "the only number of a child")
            return
    if "placement_id" in found:
        match = found.pop("placement_id")
        found["pupil_id"] = Match(
            "pupil_id", match.column, 0.6, f"the only number in the sheet ({match.reason})"
        )


def _is_of_schools(heading: str) -> bool:
    return bool(
        re.search(
            r"provider|school|setting|establish|placement|college|institution|supplier|s251|line|need|provision|base\b|budget",
            heading,
            re.IGNORECASE,
        )
    )


def placements(study: Study, draft: Draft) -> float:
    """A register of placements; gives how well the sheet suits the table, from 0 to 1."""
    study, draft.side_by_side = folded_sets(study)
    private = barred(study)
    found = matches("placements", study.columns, private)
    found = {name: match for name, match in found.items() if match.score >= 0.4}
    _child(study, found, private)
    common.header(draft, study)
    for name, match in found.items():
        if name not in ("annual_cost", "register_as_at", "financial_year", "authority"):
            draft.columns[name] = _entry(study, match, name)
    for name in ("register_as_at", "financial_year"):
        if name in found:
            draft.columns[name] = _entry(study, found[name], name)
    draft.constants["authority"] = "ours"
    common.year_and_date(
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
    costs_used = _costs(draft, study, found, private)
    if terms:
        draft.join_rows["add"] = [
            name for name in (*_COSTS, *_CONTRIBUTIONS, "annual_cost") if name in draft.columns
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
    _left_out(draft, study, used, private)
    names = {match.column.index: name for name, match in found.items() if name in draft.columns}
    loaded = [
        index
        for index in study.figures.columns
        if names.get(index) in (*_COSTS, *_CONTRIBUTIONS, "annual_cost")
    ]
    common.footnotes_and_sections(draft, study, None)
    common.totals(draft, study, names, loaded)
    wanted = [name for name in ("pupil_id", "need", "setting", "provider", "start_on") if name in found]
    money = [name for name in (*_COSTS, "annual_cost") if name in found]
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
            if number_of(text) is None and (year := _curriculum_year(text)) is not None
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
        _phase(draft, study, found)
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


def _phase(draft: Draft, study: Study, found: dict[str, Match]) -> None:
    """The phase by the curriculum year where that is printed, else not recorded."""
    if "year_group" in found:
        column = found["year_group"].column
        values = {text: phase for text in column.distinct if (phase := _phase_of(text))}
        draft.columns["phase"] = {"why": why("no column says the phase: it follows from the curriculum year", 0.9), "from": "year_group",
                                  "values": values, "blank": "not_recorded"}  # fmt: skip
    elif "setting" in found and found["setting"].column.known_share("phases") > 0.9:
        draft.columns["phase"] = {
            "why": why("the setting says the phase too", 0.7),
            "from": "setting",
            "blank": "not_recorded",
        }
    else:
        draft.constants["phase"] = "not_recorded"
        draft.constants_why["phase"] = "no column says the phase or the curriculum year"


def _curriculum_year(text: str) -> int | None:
    """ "Year 7" → 7, "R" → 0, "N2" → −1; None for what is no curriculum year."""
    plain = folded(text)
    if re.search(r"\b(?:r|reception)\b", plain):
        return 0
    if re.search(r"\b(?:n\d?|nursery)\b", plain):
        return -1
    digits = re.search(r"\d{1,2}", plain)
    return int(digits[0]) if digits else None


def _phase_of(text: str) -> str:
    plain = folded(text)
    if re.search(r"\b(?:r|reception)\b", plain):
        return "primary"
    if re.search(r"\b(?:n\d?|nursery)\b", plain):
        return "early_years"
    digits = re.search(r"-?\d+", text)
    if not digits:
        return ""
    year = int(digits[0])
    if year == 0:
        return "primary"
    return next((phase for low, high, phase in _PHASES_OF_YEARS if low <= year <= high), "")


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


def _costs(draft: Draft, study: Study, found: dict[str, Match], private: dict[int, str]) -> set[int]:
    """What a full year costs: the column that prints it, or the parts that it is made of."""
    used: set[int] = set()
    money = [column for column in study.measures if column.index not in private]
    by_name = {name: found[name].column for name in (*_COSTS, *_CONTRIBUTIONS) if name in found}
    months = [column for column in money if _is_month(column) and column not in by_name.values()]
    annual = found["annual_cost"].column if "annual_cost" in found else None
    if annual is not None and annual in months:
        annual = None
    if annual is None and len(months) < 6:
        annual, by_name = _only_cost(draft, study, money, by_name)
        if annual is not None:
            found["annual_cost"] = Match(
                "annual_cost", annual, 0.75, "the only column of pounds that speaks of a cost"
            )
    entries: list[tuple[Column, str, dict[str, Any]]] = []
    if len(months) >= 6:
        entry: dict[str, Any] = {
            "why": why(f"the {len(months)} columns of months, brought to a full year by the days of the placement in the year", 0.85),
            "plus_pattern": "|".join(escaped(column.heading) for column in months), "annualise": True,
        }  # fmt: skip
        draft.columns["annual_cost"] = entry
        used |= {column.index for column in months}
        entries += [(months[0], "columns.annual_cost", entry)]
    elif annual is not None:
        draft.columns["annual_cost"] = {
            "why": why(found["annual_cost"].reason, found["annual_cost"].score),
            **study.spelling(annual),
        }
        if not draft.join_rows:
            _in_the_year(draft, annual)
        used.add(annual.index)
    elif by_name:
        plus = [name for name in _COSTS if name in by_name]
        minus = [name for name in _CONTRIBUTIONS if name in by_name]
        entry = {"why": why("no column prints the whole: it is made of its parts", 0.85), "plus": plus}
        if minus:
            entry["minus"] = minus
        draft.columns["annual_cost"] = entry
    else:
        draft.ask("annual_cost", "Which column says what a placement costs?", "no heading that is known, and no other evidence", ["columns.annual_cost.headings"],
                  [column.heading for column in money])  # fmt: skip
    for name, column in (
        *by_name.items(),
        *([("annual_cost", annual)] if annual is not None and len(months) < 6 else []),
    ):
        _per(draft, name, column)
        entries.append((column, f"columns.{name}", draft.columns[name]))
    common.units(draft, study, entries, a_child=True)
    signs.of_columns(draft, [(column, path) for column, path, _ in entries], noun="what a placement costs")
    units_of = {column.index: (common.unit_of(study, column)[0] or "") for column in money}
    if annual is not None and len(months) < 6:
        common.checks(draft, study, annual, [column for column in money if column is not annual], units_of)
    for column in money:
        if column.index not in used and column not in by_name.values() and column is not annual:
            made = common.checks(
                draft, study, column, [other for other in money if other is not column], units_of
            )
            if made:
                draft.ignore(column.heading, "Worked out from other columns: checked, not loaded")
                used.add(column.index)
    return used


def _only_cost(
    draft: Draft, study: Study, money: list[Column], by_name: dict[str, Column]
) -> tuple[Column | None, dict[str, Column]]:
    """The one column of cost of a register that has no other, whatever it is called."""
    parts = [name for name in by_name if name in _COSTS]
    if len(by_name) == 1 and parts:
        column = by_name[parts[0]]
        draft.columns.pop(parts[0], None)
        return column, {}
    if by_name:
        return None, by_name
    said = [
        column
        for column in money
        if re.search(r"cost|fee|charge|price|£|amount|value|spend", column.heading, re.IGNORECASE)
    ]
    said = [
        column for column in said if vocabulary.other_meaning("worked_out", column.heading).score < 0.9
    ] or said
    if not said and len(money) == 1:
        said = money
    return (said[0] if len(said) == 1 else None), by_name


def _in_the_year(draft: Draft, column: Column) -> None:
    """A cost "in 2025/26" may be what the placement's own days cost, or a full year: only a person knows."""
    if not _WITHIN.search(column.heading) and facets(column.heading).span("financial_year") is None:
        return
    draft.ask("annualise", f"Is “{column.heading}” what the placement costs within the year, by its own days? (true: yes, so a child who came late has a small figure; false: it is the cost of a full year)",
              "the heading names the year and does not say a full year", ["columns.annual_cost.annualise"])  # fmt: skip
    draft.questions["annualise"] = {key: value for key, value in draft.questions["annualise"].items() if key not in ("sets", "answer")} | {
        "choices": [True, False], "sets": ["columns.annual_cost.annualise"], "answer": ""}  # fmt: skip


def _is_month(column: Column) -> bool:
    found = facets(column.heading)
    return found.span("month", "month_year") is not None or (
        found.span("as_at") is not None and found.words == ""
    )


def _per(draft: Draft, name: str, column: Column) -> None:
    """How often a cost is paid, where its heading says that it is not yearly; how many are paid is asked."""
    period = vocabulary.cost_period(column.heading)
    if period in ("", "year"):
        return
    entry = draft.columns[name]
    entry["per"] = period
    sure = {"month": 12, "term": 3}.get(period)
    if sure:
        entry["times"] = sure
        entry["why"] = f"{entry['why']}; paid by the {period}, {sure} in a year"
        return
    asked = draft.questions.get("times")
    if asked:
        asked["sets"].append(f"columns.{name}.times")
        return
    common_times = {"week": ["38", "39", "40", "44", "52"], "day": ["190", "195", "365"]}[period]
    draft.ask("times", f"How many {period}s are paid in a year?", f"the heading “{column.heading}” says a cost by the {period} (often {', '.join(common_times)})",
              [f"columns.{name}.times"])  # fmt: skip


def _left_out(draft: Draft, study: Study, used: set[int], private: dict[int, str]) -> None:
    """Every other heading by name, with a reason for a person to confirm."""
    nameless = False
    read = {heading for entry in draft.columns.values() for heading in entry.get("headings", ())}
    for column in study.columns:
        if column.index in used or (column.index in private and column.heading in read):
            continue
        if not column.heading:
            nameless = nameless or bool(column.values)
            continue
        reason = private.get(column.index) or (
            "It is empty"
            if not column.values
            else "No column of the table is like it: please confirm that it is not needed"
        )
        draft.ignore(column.heading, reason)
    if nameless:
        draft.ignored_headings.append(
            {"headings": [""], "reason": "A column without a heading: please confirm that it is not needed"}
        )


def payments(study: Study, draft: Draft) -> float:
    """Payments from a ledger; gives how well the sheet suits the table."""
    found = {name: match for name, match in matches("payments", study.columns).items() if match.score >= 0.4}
    common.header(draft, study)
    authority = found.pop("authority", None)
    if authority is not None and authority.column.known_share("authorities") > 0.99:
        draft.columns["authority"] = {
            "why": why(authority.reason, authority.score),
            **study.spelling(authority.column),
        }
    else:
        draft.constants["authority"] = "ours"
    for name, match in found.items():
        if name in ("financial_year", "period") and match.score < 0.8:
            continue
        draft.columns[name] = {"why": why(match.reason, match.score), **study.spelling(match.column)}
    used = {match.column.index for name, match in found.items() if name in draft.columns}
    if authority is not None and "authority" in draft.columns:
        used.add(authority.column.index)
    if "paid_on" in draft.columns:
        if "financial_year" not in draft.columns:
            draft.columns["financial_year"] = {
                "why": "the financial year of the payment's date",
                "from": "paid_on",
                "read": "year_of_date",
            }
        if "period" not in draft.columns:
            draft.columns["period"] = {
                "why": "the month of the payment's date",
                "from": "paid_on",
                "read": "period_of_date",
            }
    if "amount" in found:
        entry = draft.columns["amount"]
        signs.of_columns(draft, [(found["amount"].column, "columns.amount")], noun="what was paid")
        unit, _told = common.unit_of(study, found["amount"].column)
        if unit and unit != "£":
            entry["unit"] = unit
        elif study.unit is not None and study.unit.value != 1.0:
            draft.context["unit"] = dict(study.unit.entry)
        others = [column for column in study.measures if column.index not in used]
        for column in others:
            if common.checks(
                draft, study, column, [other for other in study.measures if other is not column], {}
            ):
                draft.ignore(column.heading, "Worked out from other columns: checked, not loaded")
                used.add(column.index)
    _left_out(draft, study, used, {})
    names = {match.column.index: name for name, match in found.items() if name in draft.columns}
    if authority is not None and "authority" in draft.columns:
        names[authority.column.index] = "authority"
    common.footnotes_and_sections(draft, study, None)
    common.totals(
        draft,
        study,
        names,
        [index for index, name in names.items() if name == "amount" and index in study.figures.values],
    )
    wanted = [name for name in ("paid_on", "supplier", "amount") if name in found]
    return len(wanted) / 3


def records(study: Study, draft: Draft) -> float:
    """Any other table of one record a row: its columns by their headings, the rest ignored by name."""
    table = BROUGHT[draft.table]
    found = {name: match for name, match in matches(draft.table, study.columns).items() if match.score >= 0.4}
    common.header(draft, study)
    for name, match in found.items():
        entry = {"why": why(match.reason, match.score), **study.spelling(match.column)}
        if not table.column(name).required:
            entry["required"] = False
        draft.columns[name] = entry
    if "authority" not in found:
        draft.constants["authority"] = "ours"
    missing = [
        column.name
        for column in table.columns
        if column.required and column.name not in (*found, "authority", "source")
    ]
    dated = next((name for name in ("published_on",) if name in missing), "")
    if "financial_year" in missing or dated:
        common.year_and_date(
            draft, study, dated, has_year="financial_year" not in missing, has_date=not dated
        )
    for name in missing:
        if name in ("financial_year", dated):
            continue
        if name == "basis" and draft.table == "balances":
            draft.constants["basis"] = "pounds" if "balance" in found else "share_of_income"
            continue
        column = table.column(name)
        choices = CODELISTS[column.codes].codes if column.kind == "code" else ()
        draft.ask(
            name,
            f"What is the {name.replace('_', ' ')} of all rows? ({column.meaning})",
            "no column or title says it",
            [f"constants.{name}"],
            choices,
        )
    places = [
        (match.column, f"columns.{name}", draft.columns[name])
        for name, match in found.items()
        if table.column(name).kind == "pounds"
    ]
    common.units(draft, study, places)
    if "balance" in found:
        signs.of_balance(draft, study, found["balance"].column, "columns.balance")
    used = {match.column.index for match in found.values()}
    _left_out(draft, study, used, {})
    names = {match.column.index: name for name, match in found.items()}
    common.footnotes_and_sections(draft, study, None)
    common.totals(
        draft,
        study,
        names,
        [
            index
            for index, name in names.items()
            if table.column(name).kind in ("pounds", "count", "number") and index in study.figures.values
        ],
    )
    required = [
        column.name
        for column in table.columns
        if column.required and column.name not in ("authority", "source")
    ]
    return sum(name in found for name in required) / max(1, len(required))
