"""Headlines of the meeting's views, and the sentences beside them, worked out from published figures alone.

Each gives one sentence without a full stop. A figure that is hidden is never hinted at: the sentence then says less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.findings import recommendations as of_one
from hnb.findings.general import pence
from hnb.meeting import names
from hnb.meeting.movement import EFFECTS, Movement
from hnb.published import Cell
from hnb.recommendations import Assessment


def of_position(row: Mapping[str, Any]) -> str:
    """ "We are forecast to spend £5.4m more than the block receives in 2026-27; the deficit would reach £21.9m".

    `row` is the latest year of `hnb.balance_statement.balance_statement`.
    """
    year, in_year, closing = row["financial_year"], row["in_year"], row["closing"]
    spend = "We are forecast to spend" if row["is_forecast"] else "We spent"
    if in_year is None:
        said = f"{spend} {wording.millions(row['spend'])} in {year}; what the block receives is not known"
        return said if row["spend"] is not None else f"Neither spend nor grant of {year} is known"
    size = wording.millions(abs(in_year))
    receives = "receives" if row["is_forecast"] else "received"
    course = f"what the block {receives}"
    if size != "£0":
        course = f"{size} {'more' if in_year < 0 else 'less'} than the block {receives}"
    said = f"{spend} {course} in {year}"
    if closing is None:
        return said
    side = "deficit" if closing < 0 else "surplus"
    verb = "would be" if row["is_forecast"] else "was"
    return f"{said}; the {side} {verb} {wording.millions(abs(closing))} by March {int(year[:4]) + 1}"


def against(new: float | None, old: float | None, with_what: str) -> tuple[str, str]:
    """("£0.5m better than 2025-26", "favourable"), of a figure that is better the higher it is; no words without both."""
    if new is None or old is None:
        return "", ""
    size = wording.millions(abs(new - old))
    if size == "£0":
        return f"the same as {with_what}", ""
    return (f"{size} better than {with_what}", "favourable") if new > old else (f"{size} worse than {with_what}", "adverse")  # fmt: skip


def moved(change: Cell, since: str) -> str:
    """ "+£4.5m on 2025-26"; "" where it is not known."""
    if change.value is None:
        return ""
    words = wording.millions(change.value, signed=True)
    return f"no change on {since}" if words == "£0" else f"{words} on {since}"


def of_each_pound(shares: Sequence[tuple[str, Cell]], year: str) -> str:
    """ "Of each £1, 27p goes to independent and non-maintained schools and 24p to state special schools".

    shares: each kind of setting with its share of spend; services are named only where nothing else is known.
    """
    known = [(code, cell.value) for code, cell in shares if cell.value]
    placed = [item for item in known if item[0] != "services"] or known
    largest = sorted(placed, key=lambda item: -(item[1] or 0.0))[:2]
    if not largest:
        return f"Where the money of {year} goes is hidden, or not known"
    first = (
        "Of each £1" if all(cell.value is not None for _, cell in shares) else "Of what is shown of each £1"
    )
    said = [f"{pence(value)} goes to {names.inside('setting', code)}" for code, value in largest]
    if len(said) == 2:
        said[1] = said[1].replace(" goes", "", 1)
    return f"{first}, {wording.listed(said)}"


def share_moved_most(shares: Sequence[tuple[str, Cell, Cell]], before: str) -> str:
    """ "Independent takes 27p, and took 22p in 2021-22: the share that moved most"; "" where none can be compared.

    shares: each kind of setting with its share before and now.
    """
    known = [
        (code, old.value, new.value) for code, old, new in shares if old.value is not None and new.value is not None
    ]  # fmt: skip
    if not known:
        return ""
    code, old, new = max(known, key=lambda item: abs(item[2] - item[1]))
    if pence(old) == pence(new):
        return f"No kind of setting takes a penny more or less of each £1 than in {before}"
    return f"{names.label('setting', code)} take {pence(new)} of each £1; it was {pence(old)} in {before}, the share that moved most"


def of_movement(movement: Movement) -> str:
    """ "Spend rises £4.5m from 2025-26 to 2026-27, most of it the number of placements"; of a revision, what the forecast did."""
    change, year = movement.change, movement.after_year
    if change.value is None:
        return f"What {year} cost cannot be compared"
    size = wording.part_of(abs(change.value), change.value)
    if movement.is_revision:
        spend = "Forecast spend" if movement.after.status == "estimated" else "Spend"
        if size == "£0":
            return f"{spend} in {year} is as it was at the last publication, {wording.millions(movement.after.value)}"
        course = "higher" if change.value > 0 else "lower"
        said = f"{spend} in {year} is {size} {course} than at the last publication"
    elif size == "£0":
        return f"Spend is the same in {movement.before_year} and {year}"
    else:
        forecast = change.status == "estimated"
        course = ("is forecast to rise" if forecast else "rose") if change.value > 0 else ("is forecast to fall" if forecast else "fell")  # fmt: skip
        said = f"Spend {course} {size} from {movement.before_year} to {year}"
    reason = largest_effect(movement)
    return f"{said}, {reason}" if reason else said


def largest_effect(movement: Movement) -> str:
    """ "most of it the number of placements", "above all the price of a placement"; "" without a split."""
    if movement.effects is None or movement.change.value is None:
        return ""
    effects, change = movement.effects, movement.change.value
    name = max(EFFECTS, key=lambda effect: effects[effect] * (1 if change > 0 else -1))
    if effects[name] * change <= 0:
        return ""
    is_most = abs(effects[name]) > 0.5 * abs(change)
    return f"{'most of it' if is_most else 'above all'} {_effect(name)}"


def of_effects(movement: Movement) -> str:
    """ "the number of placements +£2.9m, the mix of settings +£0.6m, …"; why there is no split where there is none."""
    if movement.effects is None:
        return no_split(movement)
    said = [
        f"{_effect(name)} {wording.part_of(movement.effects[name], movement.change.value, signed=True)}"
        for name in EFFECTS
    ]
    return wording.listed(said)


def no_split(movement: Movement) -> str:
    """Why the change is not split."""
    if not movement.hidden:
        return (
            "it is not split into number, mix and price, because kinds of setting were told apart differently"
        )
    hidden = wording.listed([names.inside("setting", code) for code in movement.hidden])
    return f"it is not split into number, mix and price, because the total of {hidden} is hidden or not there"


def of_the_largest_setting(movement: Movement) -> str:
    """ "Independent and non-maintained schools moved most: +£1.9m"; "" where nothing moved that is shown."""
    known = [(one.setting, one.change.value) for one in movement.settings if one.change.value is not None]
    if not known:
        return ""
    code, change = max(known, key=lambda item: abs(item[1]))
    if wording.pounds(change) == "£0":
        return ""
    return f"{names.label('setting', code)} moved most: {wording.part_of(change, movement.change.value, signed=True)}"


def of_crossing(
    rows: str, columns: str, cells: Sequence[tuple[str, str, Cell]], whole: Cell, verb: str
) -> str:
    """ "Most is spent on autism in independent and non-maintained schools: £10.8m, 15p of each £1".

    rows, columns: the dimensions. cells: row's code, column's code and pounds. Of what is not split nothing is said
    but where nothing else is shown.
    """
    known = [(row, column, cell.value) for row, column, cell in cells if cell.value]
    split = [
        one for one in known if names.is_split(one[0]) and names.is_split(one[1]) and one[0] != "services"
    ]
    if not split:
        return "Nothing of it is shown split"
    row, column, value = max(split, key=lambda one: one[2])
    return _of_most(cells, f"{verb} on {_place(rows, row, columns, column)}", value, whole)


def of_one_dimension(dimension: str, cells: Sequence[tuple[str, Cell]], whole: Cell, verb: str) -> str:
    """ "Most is spent on secondary: £28.3m, 39p of each £1"; "" where nothing that is split is shown."""
    known = [(code, cell.value) for code, cell in cells if cell.value and names.is_split(code)]
    if not known:
        return ""
    code, value = max(known, key=lambda one: one[1])
    return _of_most(
        [(code, "", cell) for code, cell in cells], f"{verb} on {names.inside(dimension, code)}", value, whole
    )


def _of_most(cells: Sequence[tuple[str, str, Cell]], spent_on: str, value: float, whole: Cell) -> str:
    """The largest of what is shown; where something is hidden it may be larger, so that it is said of what is shown."""
    share = f", {pence(value / whole.value)} of each £1" if whole.value else ""
    most = "Of what is shown, most" if any(cell.value is None for _, _, cell in cells) else "Most"
    return f"{most} {spent_on}: {wording.millions(value)}{share}"


def of_places(now: Cell, before: Cell, rises: Sequence[tuple[str, Cell]], since: str) -> str:
    """ "2,932 children and young people are placed, 132 more than in 2025-26; mainstream schools took most of the rise".

    rises: each kind of setting with its change in placements.
    """
    if now.value is None:
        return "How many children and young people are placed is hidden, or not known"
    said = f"{wording.count(now.value)} children and young people are placed"
    if before.value is None:
        return said
    change = now.value - before.value
    if round(change) == 0:
        return f"{said}, as many as in {since}"
    said += f", {wording.count(abs(change))} {'more' if change > 0 else 'fewer'} than in {since}"
    same_way = [
        (code, cell.value) for code, cell in rises if cell.value is not None and cell.value * change > 0
    ]
    if not same_way:
        return said
    code, most = max(same_way, key=lambda item: abs(item[1]))
    part = "most" if abs(most) > 0.5 * abs(change) else "the largest part"
    if part != "most" and any(cell.value is None for _, cell in rises):
        return said
    return f"{said}; {names.inside('setting', code)} {'took' if change > 0 else 'make'} {part} of the {'rise' if change > 0 else 'fall'}"


def of_a_hundred(placed: Cell, of_spend: Cell) -> str:
    """ "of every 100 children placed, 9 are in an independent or non-maintained school, and they take 27p of each £1"; "" if hidden."""
    if placed.value is None or of_spend.value is None:
        return ""
    return (
        f"of every 100 children placed, {wording.count(placed.value * 100)} are in an independent or non-maintained school, "
        f"and those schools take {pence(of_spend.value)} of each £1"
    )


def of_recommendation(assessment: Assessment) -> str:
    """ "Independent placements: behind, at 9.4% in 2026-27; 1.5 points above its path to 7.5% by 2027-28 (illustrative target)"."""
    theme, reason = assessment.theme or assessment.title, assessment.reason
    if assessment.progress == "not_assessed":
        return (
            f"{theme}: not assessed, because {wording.lowered(reason) if reason else 'no reason is recorded'}"
        )
    if assessment.progress == "no_target":
        return f"{theme}: {reason}"
    progress = "target missed" if is_missed(assessment) else wording.lowered(CODELISTS["progress"].label(assessment.progress))  # fmt: skip
    return f"{theme}: {progress}, at {reason_words(assessment)}"


def reason_words(assessment: Assessment) -> str:
    """Why it stands as it does, with the mark of a target that is an example."""
    if assessment.is_illustrative and assessment.target is not None:
        return f"{assessment.reason} ({of_one.ILLUSTRATIVE} target)"
    return assessment.reason


def is_missed(assessment: Assessment) -> bool:
    """Whether the target's year has come and the target was not reached."""
    latest = assessment.latest
    return (
        assessment.progress == "behind"
        and latest is not None
        and bool(assessment.target_year)
        and latest.financial_year >= assessment.target_year
    )


def progress_words(assessment: Assessment) -> str:
    """How it stands in two words: "On course", "Target missed"."""
    return "Target missed" if is_missed(assessment) else CODELISTS["progress"].label(assessment.progress)


def plain_words(assessment: Assessment) -> str:
    """ "It was 8.7% in 2024-25 and is 9.4% in 2026-27: up 0.7 points since 2024-25, away from what is wanted. On the straight
    way to the target it would be 7.9%"; of what is not assessed, that the figures do not show it."""
    measure, baseline, latest = assessment.measure, assessment.baseline, assessment.latest
    if measure is None or latest is None or latest.value is None:
        return "the figures do not show whether this is being done; what is recorded about it is all there is"
    said = f"it is {of_one.point_words(measure, latest)}"
    if (
        baseline is not None
        and baseline.value is not None
        and baseline.financial_year < latest.financial_year
    ):
        said = f"it was {of_one.point_words(measure, baseline)}, and is {of_one.point_words(measure, latest)}"
        said += f": {of_one.of_direction(assessment)}" if of_one.of_direction(assessment) else ""
    if assessment.path is None:
        return said
    return f"{said}. On the straight way to the target it would be {wording.value(measure, assessment.path, 'sentence')} by now"


def direction_words(assessment: Assessment) -> str:
    """ "up 0.7 points since 2024-25, adverse"; "" without a figure after the baseline."""
    words, _, _ = of_one.of_direction(assessment).partition(",")
    return f"{words}, {assessment.direction}" if words and assessment.direction else words


def status_words(assessment: Assessment) -> str:
    """ "The board’s own status: in progress"."""
    statuses = CODELISTS["recommendation_statuses"]
    if assessment.status not in statuses.entries:
        return "The board has recorded no status"
    return f"The board’s own status: {wording.lowered(statuses.label(assessment.status))}"


def of_status_change(theme: str, before: Assessment, now: Assessment) -> str:
    """ "Resource bases went from behind to on course; its status is now done (was in progress)"; "" where nothing changed."""
    statuses = CODELISTS["recommendation_statuses"]
    said = []
    was, stands = (wording.lowered(progress_words(one)) for one in (before, now))
    if was != stands:
        said.append(f"{theme} went from “{was}” to “{stands}”")
    if before.status != now.status:
        old, new = (
            wording.lowered(statuses.label(one.status)) if one.status in statuses.entries else "not recorded"
            for one in (before, now)
        )
        said.append(f"{'the board’s own status' if said else theme + ': the board’s own status'} went from “{old}” to “{new}”")  # fmt: skip
    return ", and ".join(said)


def _effect(name: str) -> str:
    return str(CODELISTS["board_effects"].entry(name).details["in_words"])


def _place(rows: str, row: str, columns: str, column: str) -> str:
    """ "autism in independent and non-maintained schools", "autism (secondary)"."""
    of = {rows: row, columns: column}
    if {"setting", "need"} == set(of):
        return f"{names.inside('need', of['need'])} in {names.inside('setting', of['setting'])}"
    if {"setting", "phase"} == set(of):
        return f"{names.inside('setting', of['setting'])} ({names.inside('phase', of['phase'])})"
    return f"{names.inside('need', of['need'])} ({names.inside('phase', of['phase'])})"
