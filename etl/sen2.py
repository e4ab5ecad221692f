"""From the modules of a SEN2 return to rows of `placements`: child, plan, placement, needs, and what it costs. Pure.

A return lists the plans in force on the day of the January count. A placement that ended before, of a plan that
ceased before, is in no return: a year that comes from one lacks what such placements cost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas

from etl.placement_costs import with_costs
from etl.sen2_modules import MODULES, Modules, Refusals
from etl.staging import STAGED
from hnb import years
from hnb.codelists import CODELISTS
from hnb.contract import Problem
from hnb.tables import TABLES

_SETTINGS, _RUN_BY, _PHASES = CODELISTS["settings"], CODELISTS["run_by"], CODELISTS["phases"]
_PRIMARY, _SECONDARY = 1, 2


@dataclass(frozen=True)
class Assembled:
    """What the join gave: rows for tables of the model, what was found, and the addresses of all refused staged rows."""

    frames: Mapping[str, pandas.DataFrame]
    problems: tuple[Problem, ...]
    refused: frozenset[str]


def assembled(brought: Mapping[str, pandas.DataFrame]) -> Assembled:
    """The placements of every SEN2 return, with their costs.

    Parameters
    ----------
    brought: staged tables by name, each checked against its contract, with `source`. `placements`, if there, is what
        registers brought (`authority`, `financial_year` and `source` are enough): a year comes from a register or
        from a return, never from both.

    `frames["placements"]` has the columns of the table, not yet conformed; `source` is the placement's record.
    """
    refusals = Refusals()
    if not any(name in brought and len(brought[name]) for name in STAGED):
        return Assembled({}, (), frozenset())
    modules = Modules(brought, refusals)
    _refuse_years_of_registers(modules, brought.get("placements"))
    rows = _placements(modules, _staged(brought, "establishments"))
    costs, rates = _staged(brought, "placement_costs"), _staged(brought, "rates")
    rows = with_costs(rows, costs, rates, refusals)
    rows = _with_lines(rows, refusals)
    _note_plans_without_placement(modules)
    sound = rows[~rows["source"].isin(refusals.sources)]
    named = [name for name in TABLES["placements"].names if name in sound.columns]
    frames = {"placements": sound[named].reset_index(drop=True)} if len(sound) else {}
    return Assembled(frames, tuple(refusals.problems), refusals.sources)


def _staged(brought: Mapping[str, pandas.DataFrame], name: str) -> pandas.DataFrame:
    empty = pandas.DataFrame({column: pandas.Series([], dtype=object) for column in STAGED[name].names})
    return brought[name] if name in brought and len(brought[name]) else empty


def _refuse_years_of_registers(modules: Modules, registers: pandas.DataFrame | None) -> None:
    if registers is None or registers.empty:
        return
    key = ["authority", "financial_year"]
    first = registers.drop_duplicates(key).set_index(key)["source"].to_dict()
    for place, of_return in modules.returns.iterrows():
        at = first.get((of_return["authority"], of_return["financial_year"]))
        if at is not None:
            modules.refuse_return(str(place), Problem(of_return["source"], "year_in_register", f"the placements of {of_return['financial_year']} are in a register too, {at.split('!')[0]}",
                                                      "one source of a year's placements, or they would be counted twice",
                                                      "Take the return or the register out of the folder; to give the return's placements the register's costs, save those as costs of placements"))  # fmt: skip


# -- what a placement is


def _placements(modules: Modules, establishments: pandas.DataFrame) -> pandas.DataFrame:
    """One row for each record of a placement, with all but its cost and its line."""
    details = modules.frames["sen2_placement_details"]
    plans = modules.frames["sen2_active_plans"].set_index("source")
    persons = modules.frames["sen2_persons"].set_index("source")
    requests = modules.frames["sen2_requests"].set_index("source")["parent"]
    # The chain of sources: placement → active plan → request → person; refused ones are taken out in the end.
    plan = details["parent"]
    request = plan.map(plans["parent"].to_dict())
    person = request.map(requests.to_dict())
    returns = modules.returns
    rows = pandas.DataFrame(
        {
            "source": details["source"],
            "authority": details["of_return"].map(returns["authority"].to_dict()),
            "financial_year": details["of_return"].map(returns["financial_year"].to_dict()),
            "register_as_at": details["of_return"].map(returns["as_at"].to_dict()),
            "of_return": details["of_return"],
            "plan": plan,
            "placement_rank": details["rank"],
            "urn": details["urn"],
            "ukprn": details["ukprn"],
            "sen_setting": details["sen_setting"],
            "upn_id": person.map(persons["pupil_id"].to_dict()),
            "learner_id": person.map(persons["learner_id"].to_dict()),
            "person_id": person.map(persons["person_id"].to_dict()),
            "born_in": person.map(persons["born_in"].to_dict()),
        }
    ).astype(object)
    rows = rows.where(rows.notna(), None)
    # Until its return is known a row has no year to be counted in; it is refused already.
    rows = rows[rows["authority"].notna()]
    details = details.loc[rows.index]
    rows["residential"] = _first_known(details["residential"], rows["plan"].map(plans["residential"].to_dict()))  # fmt: skip
    rows["pupil_id"] = [_pupil_id(*values) for values in zip(rows["upn_id"], rows["learner_id"], rows["person_id"], rows["authority"], rows["financial_year"], strict=True)]  # fmt: skip
    rows["placement_id"] = _placement_ids(details, rows, plans)
    rows = _with_ages(rows, modules)
    rows = _with_needs(rows, modules)
    rows = _with_dates(rows, details, request, modules)
    rows = _with_establishments(rows, details, establishments, modules)
    _note_same_ranks(rows, modules)
    return rows.reset_index(drop=True)


def _first_known(first: pandas.Series[Any], second: pandas.Series[Any]) -> list[Any]:
    return [other if _is_blank(one) else one for one, other in zip(first, second, strict=True)]


def _is_blank(value: Any) -> bool:
    return value is None or bool(pandas.isna(value))


def _pupil_id(upn: Any, uln: Any, person: Any, authority: str, year: str) -> str | None:
    """The keyed hash of UPN or ULN, the same as a register's; else one of the return's own number, within the return.

    A return's own numbers may be given to other children the year after: with the year they never meet.
    """
    if upn or uln:
        return str(upn or uln)
    return hashlib.sha256(f"{authority}/{year}/{person}".encode()).hexdigest()[:32] if person else None


def _placement_ids(details: pandas.DataFrame, rows: pandas.DataFrame, plans: pandas.DataFrame) -> list[Any]:
    """The export's own number; DfE's template has none, so there it is the request, the rank and the place among them."""
    request = rows["plan"].map(plans["request_id"].to_dict())
    rank = rows["placement_rank"].map(lambda value: "" if value is None else str(int(value)))
    order = pandas.DataFrame({"return": rows["of_return"], "request": request, "rank": rank, "start": details["start_on"]})  # fmt: skip
    place = order.sort_values("start", kind="stable").groupby(["return", "request", "rank"], dropna=False).cumcount()  # fmt: skip
    made = [f"{of}-{ranked}" + (f".{later + 1}" if later else "") for of, ranked, later in zip(request, rank, place.loc[rows.index], strict=True)]  # fmt: skip
    return [other if _is_blank(own) else own for own, other in zip(details["placement_id"], made, strict=True)]  # fmt: skip


def _with_ages(rows: pandas.DataFrame, modules: Modules) -> pandas.DataFrame:
    """`age` on 31 August of the financial year, and the phase that goes with it; neither is guessed."""
    bands = {age: code for code in _PHASES.codes if "ages" in _PHASES.entry(code).details
             for age in range(_PHASES.entry(code).details["ages"][0], _PHASES.entry(code).details["ages"][1] + 1)}  # fmt: skip
    ages = [None if born is None else years.first_of(year) - years.first_of(born) - 1 for born, year in zip(rows["born_in"], rows["financial_year"], strict=True)]  # fmt: skip
    rows = rows.assign(age=pandas.Series([age if age in bands else None for age in ages], index=rows.index, dtype=object),
                       phase=[bands.get(age, "not_recorded") for age in ages])  # fmt: skip
    unknown = rows[rows["age"].isna() & rows["person_id"].notna()]
    _note(modules, unknown, "no_age", "whose age on 31 August is not known or not between 0 and 25: their phase is not recorded", "Give the date of birth in the person record, or correct it")  # fmt: skip
    return rows


def _with_needs(rows: pandas.DataFrame, modules: Modules) -> pandas.DataFrame:
    """`need` and `secondary_need` of the plan. A second need of the same rank is refused: which counts is not known."""
    needs = modules.sound("sen2_needs")
    firsts = needs.drop_duplicates(["parent", "rank"]).set_index(["parent", "rank"])["source"].to_dict()
    again = needs[needs.duplicated(["parent", "rank"])]
    for source, parent, rank in zip(again["source"], again["parent"], again["rank"], strict=True):
        modules.refusals.refuse(Problem(source, "repeated_need", f"the plan has a need of rank {int(rank)} already, at {firsts[(parent, rank)]}", "one need of each rank",
                                        "Correct the rank in the return, or take one of the two out"), [source])  # fmt: skip
    needs = modules.sound("sen2_needs")
    by_rank = {rank: needs[needs["rank"] == rank].set_index("parent")["need"].to_dict() for rank in (_PRIMARY, _SECONDARY)}  # fmt: skip
    need = rows["plan"].map(by_rank[_PRIMARY])
    _note(modules, rows[need.isna() & rows["plan"].notna()], "no_primary_need", "of plans with no need of rank 1: their need is not recorded", "Give the primary need of the plan")  # fmt: skip
    return rows.assign(need=need.where(need.notna(), "not_recorded"), secondary_need=rows["plan"].map(by_rank[_SECONDARY]))  # fmt: skip


def _with_dates(rows: pandas.DataFrame, details: pandas.DataFrame, request: pandas.Series[Any], modules: Modules) -> pandas.DataFrame:  # fmt: skip
    """`start_on`, `end_on`, `status`: the placement's own dates, else the plan's, which is noted."""
    named = modules.sound("sen2_named_plans")
    assessments = modules.frames["sen2_assessments"].set_index("source")["parent"].to_dict()
    of_request = [assessments.get(parent, parent) for parent in named["parent"]]
    plan_starts = dict(zip(of_request, named["start_on"], strict=True))
    plan_ends = dict(zip(of_request, named["ceased_on"], strict=True))
    request = request.loc[rows.index]
    starts = _first_known(details["start_on"], request.map(plan_starts))
    ends = _first_known(details["end_on"], request.map(plan_ends))
    rows = rows.assign(start_on=pandas.Series(starts, index=rows.index, dtype=object), end_on=pandas.Series(ends, index=rows.index, dtype=object))  # fmt: skip
    rows = rows.where(rows.notna(), None)
    begun, ended = details["start_on"].isna() & rows["start_on"].notna(), details["end_on"].isna() & rows["end_on"].notna()  # fmt: skip
    _note(
        modules,
        rows[begun],
        "dates_of_plan",
        "that give no start: they start with their plan",
        "Give the placement's start date",
    )
    _note(modules, rows[ended], "dates_of_plan", "that give no end and are of plans that ceased: they end with their plan", "Give the placement's leaving date, or correct the date on which the plan ceased")  # fmt: skip
    return rows.assign(status=[_status(*days) for days in zip(rows["start_on"], rows["end_on"], rows["register_as_at"], strict=True)])  # fmt: skip


def _status(start_on: Any, end_on: Any, as_at: Any) -> str:
    if end_on is not None and end_on <= as_at:
        return "ended"
    return "planned" if start_on is not None and start_on > as_at else "open"


# -- where it is


def _with_establishments(rows: pandas.DataFrame, details: pandas.DataFrame, establishments: pandas.DataFrame, modules: Modules) -> pandas.DataFrame:  # fmt: skip
    """`setting`, `provider`, `provider_id`, `in_borough`, `run_by`: by URN, else UKPRN; else the return's own code."""
    known = _known(establishments, modules.refusals)
    found = [known.get(urn) or known.get(ukprn) or {} for urn, ukprn in zip(rows["urn"], rows["ukprn"], strict=True)]  # fmt: skip
    in_unit = details["in_sen_unit"].eq(True) | details["in_resourced_provision"].eq(True)
    numbered = [_numbered(urn, ukprn) for urn, ukprn in zip(rows["urn"], rows["ukprn"], strict=True)]
    settings = zip(found, details["setting"], in_unit, strict=True)
    rows = rows.assign(
        provider_id=_first_known(rows["urn"], rows["ukprn"]),
        provider=[of.get("provider") or number for of, number in zip(found, numbered, strict=True)],
        in_borough=[
            _in_borough(of, authority) for of, authority in zip(found, rows["authority"], strict=True)
        ],
        run_by=[of.get("run_by") for of in found],
        setting=[_setting(of.get("setting"), own, unit) for of, own, unit in settings],
    )
    is_lost = pandas.Series([not of for of in found], index=rows.index, dtype=bool)
    lost = rows[is_lost & rows["provider_id"].notna()]
    for _provider, of_provider in lost.groupby("provider_id", sort=False):
        _note(modules, of_provider, "unknown_establishment", f"are at {of_provider['provider'].iloc[0]}, which is in no list of establishments: what kind of setting it is, who runs it and whether it is in the borough are not known",
              "Add it to the list of establishments, or put an extract of the national register of schools beside the return")  # fmt: skip
    return rows


def _known(establishments: pandas.DataFrame, refusals: Refusals) -> dict[str, dict[str, Any]]:
    """The establishments by URN and UKPRN. Lists may repeat and complete each other; they may not contradict."""
    known: dict[str, dict[str, Any]] = {}
    shared: set[str] = set()
    listed = establishments.astype(object).where(establishments.notna(), None)
    for row in listed.to_dict("records"):
        before = known.get(row["urn"])
        if before and any(
            row[name] and before[name] and row[name] != before[name] for name in ("setting", "run_by")
        ):
            refusals.refuse(Problem(row["source"], "repeated_id", f"the same URN is already at {before['source']}, with another kind of setting or run by another", "each establishment once, or the same of it each time",
                                    "Correct whichever is wrong, or take one of the two out"), [row["source"]])  # fmt: skip
        elif before:
            before.update({name: value for name, value in row.items() if before[name] is None})
        else:
            for number in filter(None, (row["urn"], row["ukprn"])):
                other = known.setdefault(str(number), row)
                if any(other[name] != row[name] for name in ("setting", "run_by")):
                    shared.add(str(number))
    # A UKPRN that schools of different kinds share says which trust it is, not which school.
    return {number: row for number, row in known.items() if number not in shared}


def _numbered(urn: Any, ukprn: Any) -> str | None:
    return f"URN {urn}" if urn else f"UKPRN {ukprn}" if ukprn else None


def _in_borough(establishment: Mapping[str, Any], authority: str) -> bool | None:
    told = establishment.get("in_borough")
    if told is not None:
        return bool(told)
    area = establishment.get("area")
    return None if not area else CODELISTS["authorities"].encode(str(area)) == authority


def _setting(listed: Any, own: Any, in_unit: bool) -> str:
    """The kind of setting. Units and resourced provision are in mainstream schools; a special school's own flag says nothing."""
    setting = str(listed or (None if _is_blank(own) else own) or "not_recorded")
    return "resourced" if in_unit and setting in ("mainstream", "not_recorded") else setting


def _with_lines(rows: pandas.DataFrame, refusals: Refusals) -> pandas.DataFrame:
    """`line`: as the costs or the rates say; else the one that the setting settles, else who runs the provider."""
    lines, missing = [], {}
    for source, line, setting, run_by, provider in zip(rows["source"], rows["line"], rows["setting"], rows["run_by"], rows["provider"], strict=True):  # fmt: skip
        told = line or _SETTINGS.entry(setting).details.get("top_up_line") or (_RUN_BY.entry(run_by).details["top_up_line"] if run_by else None)  # fmt: skip
        lines.append(told)
        if told is None and not refusals.has(source):
            missing.setdefault((setting, provider), []).append(source)
    for (setting, provider), sources in missing.items():
        at = f"{_SETTINGS.label(setting)}, {provider}" if provider else _SETTINGS.label(setting)
        refusals.refuse(Problem(sources[0], "no_line", f"which budget line pays cannot be told for {len(sources)} placements ({at})", "who runs the provider, or a line in the costs or the rates",
                                "Say in the list of establishments who runs it, or give the line beside the cost"), sources)  # fmt: skip
    return rows.assign(line=lines)


# -- notes


def _note(modules: Modules, rows: pandas.DataFrame, what: str, said: str, action: str) -> None:
    """A note about sound rows, one a return, at the first of them."""
    rows = rows[~rows["source"].isin(modules.refusals.sources)]
    for _return, of_return in rows.groupby("of_return", sort=False):
        placements = "1 placement" if len(of_return) == 1 else f"{len(of_return)} placements"
        modules.refusals.note(
            Problem(str(of_return["source"].iloc[0]), what, f"{placements} {said}", "", action)
        )


def _note_same_ranks(rows: pandas.DataFrame, modules: Modules) -> None:
    """Two placements of a plan at once that are both the main one, or both the second: both are counted."""
    rows = rows[~rows["source"].isin(modules.refusals.sources)]
    for (_plan, rank), together in rows[rows.duplicated(["plan", "placement_rank"], keep=False)].groupby(["plan", "placement_rank"], sort=False):  # fmt: skip
        stays = sorted(zip(together["start_on"], together["end_on"], together["source"], strict=True), key=lambda stay: (str(stay[0]), stay[2]))  # fmt: skip
        for before, after in pairwise(stays):
            if before[1] is None or (after[0] is not None and before[1] > after[0]):
                modules.refusals.note(Problem(after[2], "same_rank", f"the plan has another placement of rank {int(rank)} at the same time, at {before[2]}", "one placement of a rank at a time",
                                              "Correct the rank or the dates in the return; until then both are counted"))  # fmt: skip


def _note_plans_without_placement(modules: Modules) -> None:
    """A plan with no placement costs nothing here, which a person should know; a return without any placement is refused."""
    details, plans = modules.frames["sen2_placement_details"], modules.sound("sen2_active_plans")
    placed, with_details = set(details["parent"]), set(details["of_return"])
    for place, of_return in plans.groupby("of_return", sort=False):
        if place not in with_details:
            modules.refusals.refuse(Problem(str(of_return["source"].iloc[0]), "module_missing", f"the return has plans and no {MODULES.label('sen2_placement_details')}", "every module of the return",
                                            "Put the module's file or sheet beside the others, or see above why it was refused"), of_return["source"])  # fmt: skip
            continue
        for source in of_return["source"]:
            if source not in placed:
                modules.refusals.note(Problem(source, "plan_without_placement", "the plan has no placement detail, so it costs nothing here", "a placement detail for each plan in force",
                                              "Add its record to the placement details of the return"))  # fmt: skip
