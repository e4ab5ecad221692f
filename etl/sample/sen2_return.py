"""A person-level SEN2 return of the sample's children, with what their placements cost beside it, and the truth.

Nobody here is real: names, numbers, postcodes and dates of birth are invented, and there so that a test can
show that they go no further than the file. How the files look is in `sen2_workbooks.py`.
"""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import pandas

from etl.sample.children import Child, children
from etl.sample.placements import Placement, placements
from etl.sample.providers import PROVIDERS, Provider
from etl.sample.sen2_workbooks import (
    FORMS,
    Form,
    write_costs,
    write_establishments,
    write_export,
    write_rates,
    write_template,
)
from hnb import years
from hnb.codelists import CODELISTS

_DAY = datetime.timedelta(days=1)
_AUTHORITY, _AUTHORITY_NUMBER = "E09000029", "319"
_RUN_BY = {"1.2.1": "maintained", "1.2.2": "academy", "1.2.3": "independent"}
_PHASES = {age: code for code in CODELISTS["phases"].codes if "ages" in CODELISTS["phases"].entry(code).details
           for age in range(CODELISTS["phases"].entry(code).details["ages"][0], CODELISTS["phases"].entry(code).details["ages"][1] + 1)}  # fmt: skip

# Rates of the sample, in pounds a full year; what they ask of a placement, and "" for any. Invented.
RATES: tuple[Mapping[str, Any], ...] = (
    {"setting": "mainstream", "top_up_cost": 4_200.0},
    {"setting": "mainstream", "phase": "primary", "top_up_cost": 4_850.5},
    {"setting": "mainstream", "phase": "primary", "need": "ASD", "top_up_cost": 6_120.0},
    {"setting": "mainstream", "phase": "secondary", "top_up_cost": 5_333.33},
    {"setting": "resourced", "band": "A", "place_cost": 6_000.0, "top_up_cost": 3_750.0},
    {"setting": "resourced", "band": "B", "place_cost": 6_000.0, "top_up_cost": 8_125.25},
    {"setting": "elsewhere", "sen_setting": "OLA", "top_up_cost": 14_000.0},
    {"setting": "elsewhere", "sen_setting": "OPA", "top_up_cost": 9_400.0, "line": "1.2.11"},
    {"setting": "elsewhere", "sen_setting": "EHE", "top_up_cost": 0.0},
    {"setting": "elsewhere", "sen_setting": "NEET", "top_up_cost": 0.0},
    {"setting": "early_years", "sen_setting": "EYP", "top_up_cost": 3_100.0},
)
_BY_RATE = frozenset(str(rate["setting"]) for rate in RATES) - {"early_years"}


@dataclass(frozen=True)
class Return:
    """A return that was written, and what it means.

    `placements` has the columns of the table without `source`; its `pupil_id` is the UPN, or the ULN, or the return's
    own number of the person, as `known_by` says ("upn", "uln" or "person"): what is loaded is a keyed hash of it.
    `records` are the modules as written, by module and the export's column.
    """

    year: str
    placements: pandas.DataFrame
    known_by: pandas.Series[str]
    records: Mapping[str, list[dict[str, Any]]]
    files: tuple[Path, ...]


@dataclass
class _Writing:
    """The records of a return while they are made."""

    year: str
    generator: numpy.random.Generator
    template: bool
    version: str
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    truth: list[dict[str, Any]] = field(default_factory=list)
    costs: list[dict[str, Any]] = field(default_factory=list)

    def add(self, module: str, **values: Any) -> None:
        """A record more; where it comes from and its place are said of each."""
        of_module = self.records.setdefault(module, [])
        of_module.append({"record_type": module.removeprefix("sen2_"), "nativeid": _AUTHORITY_NUMBER, "sourceid": "1", **values})  # fmt: skip

    def number(self, module: str) -> int:
        """The number of the module's next record."""
        return len(self.records.get(module, ())) + 1


def write_sen2_return(folder: Path, *, year: str = "2025-26", form: Form = "template", seed: int = 2019, scale: float = 0.1) -> Return:  # fmt: skip
    """Write the return of the January within a financial year, its costs, rates and establishments, into `folder`.

    Parameters
    ----------
    year: "2022-23" to "2025-26"; the return has the columns of its time.
    form: "template" (DfE's workbook, all modules on one sheet), "workbook" (a sheet a module) or "export" (a zip of csv).
    scale: share of the sample's children.
    """
    if form not in FORMS:
        raise ValueError(f"{form!r} is none of {', '.join(FORMS)}")
    folder.mkdir(parents=True, exist_ok=True)
    january = years.january_of(year)
    version = "1.1" if january < 2024 else "1.2" if january < 2026 else "1.3"
    writing = _Writing(year, _generator(seed, "sen2", year, form), form != "export", version)
    everyone = children(_generator(seed, "children"), scale)
    by_child: dict[int, list[Placement]] = {}
    for placement in placements(everyone, _generator(seed, "placements")):
        by_child.setdefault(placement.child.reference, []).append(placement)
    _header(writing)
    count = years.january_count_on(year)
    for child in everyone:
        stays = [stay for stay in by_child.get(child.reference, []) if stay.start_on <= count and (stay.end_on is None or stay.end_on >= years.year_start(year))]  # fmt: skip
        if 0 <= child.age_on_31_august(january - 1) <= 25:
            if any(stay.is_open_on(count) and stay.rank == 1 for stay in stays):
                _child_with_plan(child, stays, writing)
            elif writing.generator.random() < 0.05:
                _child_without_plan(child, writing)
    named = {module: writing.records.get(module, []) for module in CODELISTS["sen2_modules"].codes}
    write_return = write_export if form == "export" else write_template
    paths = [write_return(named, folder, january, version, form)]
    paths += [write_costs(writing.costs, year, folder), write_rates(RATES, year, folder), write_establishments(_establishments(), folder)]  # fmt: skip
    truth = pandas.DataFrame(writing.truth)
    return Return(year, truth.drop(columns="known_by"), truth["known_by"], named, tuple(paths))


def _header(writing: _Writing) -> None:
    january = years.january_of(writing.year)
    count = years.january_count_on(writing.year)
    writing.add("sen2_header", sen2tableid="1", sen2orderseqcolumn=1, collection="SEN2", year=january, referencedate=count, sourcelevel="L",
                lea=_AUTHORITY_NUMBER, softwarecode="Sample", release=writing.version, serialno=1, datetime=f"{count}T09:30:00", dmo="An Officer")  # fmt: skip


# -- a child


def _person(child: Child, writing: _Writing) -> tuple[str, str, str]:
    """The person's record; its number, what the child is known by, and that number."""
    number = str(writing.number("sen2_persons"))
    age = child.age_on_31_august(2018)
    first = datetime.date(2018 - age - 1, 9, 1)
    # Children born on the last and the first day of an academic year are where ages go wrong.
    born = {0: first, 1: datetime.date(2018 - age, 8, 31)}.get(child.reference % 20, first + _DAY * int(writing.generator.integers(0, 365)))  # fmt: skip
    upn, uln = f"Z319{child.reference:08d}9", f"99{child.reference:08d}"
    drawn = writing.generator.random()
    known_by = "upn" if drawn < 0.93 else "uln" if drawn < 0.97 else "person"
    writing.add("sen2_persons", persontableid=number, sen2tableid="1", surname="Quillfennel", forename=f"Child{child.reference}", personbirthdate=born, gendercurrent="U", sex="U",
                ethnicity="WBRI", postcode="ZZ1 1ZZ", upn=upn if known_by == "upn" else None, uniquelearnernumber=None if known_by == "person" else uln,
                upnunknown=None if known_by != "person" else "UN1")  # fmt: skip
    return number, known_by, {"upn": upn, "uln": uln, "person": number}[known_by]


def _request(person: str, received: datetime.date, writing: _Writing) -> str:
    number = str(5_000 + writing.number("sen2_requests"))
    writing.add("sen2_requests", requeststableid=number, persontableid=person, receiveddate=received, requestsource=1, rya=False, requestoutcomedate=received + 30 * _DAY,
                requestoutcome="Y", requestmediation=False, requesttribunal=False)  # fmt: skip
    return number


def _issued_plan(person: str, request: str, start: datetime.date, ceased: datetime.date | None, provider: Mapping[str, Any], writing: _Writing) -> None:  # fmt: skip
    """The assessment, the plan as issued and what it named: modules 3, 4a and 4b."""
    link = {"persontableid": person, "requeststableid": request}
    assessment, plan = str(7_000 + writing.number("sen2_assessments")), str(8_000 + writing.number("sen2_named_plans"))  # fmt: skip
    writing.add("sen2_assessments", **link, assessmenttableid=assessment, assessmentoutcome="Y", assessmentoutcomedate=start, week20=True)  # fmt: skip
    writing.add("sen2_named_plans", **link, assessmenttableid=assessment, namedplantableid=plan, startdate=start, ceasedate=ceased, ceasereason=9 if ceased else None, pb=False)  # fmt: skip
    writing.add("sen2_plan_details", **link, namedplantableid=plan, plandetailtableid=plan, placementrank=1, **provider)  # fmt: skip


def _child_without_plan(child: Child, writing: _Writing) -> None:
    """One who is being assessed, or whose plan ceased in the year: in the return, and in no placement."""
    person, _known_by, _number = _person(child, writing)
    ceased = datetime.date(years.january_of(writing.year) - 1, 6, 30)
    request = _request(person, ceased - 400 * _DAY, writing)
    if child.reference % 2:
        _issued_plan(person, request, ceased - 200 * _DAY, ceased, {"sensetting": "NIEO"}, writing)


def _child_with_plan(child: Child, stays: list[Placement], writing: _Writing) -> None:
    person, known_by, number = _person(child, writing)
    count = years.january_count_on(writing.year)
    start = min(stay.start_on for stay in stays)
    request = _request(person, start - 140 * _DAY, writing)
    is_new = len(stays) == 1 and start > count - 365 * _DAY
    if is_new:
        _issued_plan(person, request, start, None, _where(stays[0]), writing)
    plan = str(9_000 + writing.number("sen2_active_plans"))
    link = {"persontableid": person, "requeststableid": request, "activeplanstableid": plan}
    residential = any(stay.residential for stay in stays)
    writing.add("sen2_active_plans", **link, reviewoutcome="M", lastreview=count - 60 * _DAY, res="A" if residential else None)  # fmt: skip
    first = stays[0]
    # The export's own number for a need that is not recorded is no record at all.
    needs = [(1, first.need), (2, first.secondary_need)]
    for rank, need in needs:
        if need and need != "not_recorded":
            writing.add("sen2_needs", **link, senneedtableid=str(writing.number("sen2_needs")), sentype=need, sentyperank=rank)  # fmt: skip
    seen: dict[int, int] = {}
    for stay in sorted(stays, key=lambda stay: stay.start_on):
        seen[stay.rank] = seen.get(stay.rank, 0) + 1
        own = str(20_000 + writing.number("sen2_placement_details"))
        made = f"{request}-{stay.rank}" + (f".{seen[stay.rank]}" if seen[stay.rank] > 1 else "")
        end_on = stay.end_on if stay.end_on is not None and stay.end_on <= count else None
        where = _where(stay)
        shown_start = None if is_new and child.reference % 5 == 0 else stay.start_on
        lives_there = ("A" if child.reference % 2 else "B") if stay.residential else None
        writing.add("sen2_placement_details", **link, placementdetailtableid=own, placementrank=stay.rank, entrydate=shown_start, leavingdate=end_on, res=lives_there, **where)  # fmt: skip
        truth = _truth(child, stay, writing)
        truth |= {"placement_id": made if writing.template else own, "pupil_id": number, "known_by": known_by, "end_on": end_on, "status": "ended" if end_on else "open"}  # fmt: skip
        if writing.version == "1.1":  # the plan says it, of all its placements
            truth["residential"] = residential
        writing.truth.append(_priced(truth, stay, number, writing))


# -- a placement


def _where(stay: Placement) -> dict[str, Any]:
    """How the return says where it is: a school's URN, a college's UKPRN, or a code of its own."""
    code = _sen_setting(stay)
    if code:
        return {"sensetting": code}
    numbers = _numbers(stay.setting, stay.provider)
    unit = stay.setting == "resourced"
    return {"urn": numbers["urn"], "ukprn": numbers["ukprn"], "senunitindicator": unit and stay.child.reference % 2 == 0, "resourcedprovisionindicator": unit and stay.child.reference % 2 == 1}  # fmt: skip


def _sen_setting(stay: Placement) -> str | None:
    if stay.setting == "elsewhere":
        if stay.cost == 0:
            return ("EHE", "NEET")[stay.child.reference % 2]
        return "OPA" if stay.provider.line == "1.2.11" else "OLA"
    return "EYP" if stay.setting == "early_years" and not stay.provider.in_borough else None


def _numbers(setting: str, provider: Provider) -> dict[str, str | None]:
    """The sample's numbers as a URN of six digits, and for colleges a UKPRN of eight."""
    if setting in ("further_education", "specialist_post16"):
        return {"urn": None, "ukprn": f"99{provider.number}"}
    return {"urn": str(provider.number), "ukprn": None}


def _truth(child: Child, stay: Placement, writing: _Writing) -> dict[str, Any]:
    """What the loader should make of a placement, but for its cost and the child's number."""
    age = child.age_on_31_august(years.first_of(writing.year))
    code = _sen_setting(stay)
    numbers = _numbers(stay.setting, stay.provider)
    return {
        "authority": _AUTHORITY,
        "financial_year": writing.year,
        "register_as_at": years.january_count_on(writing.year),
        "need": stay.need,
        "secondary_need": stay.secondary_need,
        "setting": stay.setting,
        "phase": _PHASES[age],
        "age": age,
        "provider": None if code else stay.provider.name,
        "provider_id": None if code else numbers["urn"] or numbers["ukprn"],
        "in_borough": None if code else stay.provider.in_borough,
        "residential": stay.residential,
        "start_on": stay.start_on,
        "placement_rank": stay.rank,
        "line": "1.2.11" if code == "OPA" else "1.2.3" if code else stay.provider.line,
    }


def _priced(truth: dict[str, Any], stay: Placement, number: str, writing: _Writing) -> dict[str, Any]:
    """The truth with its cost: by the rates, or by a row of the council's own costs."""
    code = _sen_setting(stay)
    band = ("A", "B")[stay.child.reference % 2] if stay.setting == "resourced" else None
    cost_key = {"pupil_id": number, "provider_id": truth["provider_id"], "_child": number}
    if band and not _has_cost(writing, cost_key):
        writing.costs.append({**cost_key, "band": band})
    if stay.setting in _BY_RATE or code:
        rate = _rate(truth, code, band)
        parts = {name: rate.get(name) for name in ("place_cost", "top_up_cost")}
        return {**truth, "band": band, **parts, "annual_cost": round(sum(value or 0.0 for value in parts.values()), 2)}  # fmt: skip
    before = _has_cost(writing, cost_key)
    if before is None:
        top_up = round(stay.cost * float(writing.generator.uniform(1.0, 1.4)), 2)
        care = round(top_up * 0.2, 2) if stay.residential else None
        before = {**cost_key, "top_up_cost": top_up, "care_contribution": care, "annual_cost": round(top_up - (care or 0.0), 2)}  # fmt: skip
        writing.costs.append(before)
    return {**truth, "band": None, **{name: before.get(name) for name in ("top_up_cost", "care_contribution", "annual_cost")}}  # fmt: skip


def _has_cost(writing: _Writing, key: Mapping[str, Any]) -> dict[str, Any] | None:
    return next((cost for cost in reversed(writing.costs[-6:]) if all(cost[name] == key[name] for name in key)), None)  # fmt: skip


def _rate(truth: Mapping[str, Any], code: str | None, band: str | None) -> Mapping[str, Any]:
    """The rate that asks most of those that fit, found the plain way."""
    said = {**truth, "sen_setting": code, "band": band}
    asked = ("setting", "sen_setting", "phase", "need", "band")
    fitting = [rate for rate in RATES if all(name not in rate or rate[name] == said[name] for name in asked)]
    return max(fitting, key=lambda rate: sum(name in rate for name in asked))


def _establishments() -> list[dict[str, Any]]:
    """Every provider with a number; a base is listed as the mainstream school that it is in."""
    rows = []
    for setting, providers in PROVIDERS.items():
        if setting in ("elsewhere", "not_arranged"):
            continue
        for provider in providers:
            listed = "mainstream" if setting == "resourced" else setting
            rows.append({**_numbers(setting, provider), "provider": provider.name, "setting": listed, "run_by": _RUN_BY[provider.line], "in_borough": provider.in_borough})  # fmt: skip
    return rows


def _generator(seed: int, *purpose: str) -> numpy.random.Generator:
    """The same chance as the rest of the sample for the same purpose."""
    return numpy.random.default_rng([seed, zlib.crc32("/".join(purpose).encode())])
