"""Tables that workbooks bring and that are never published: parts that other tables are put together from.

A return that comes in modules (persons, plans, placements, needs), or a table of rates, is read into these by
layouts like any other sheet and held against a contract like any other table; `etl.sen2` then joins them into
tables of the model. To add one, add it to `STAGED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hnb.contract import Column, Table
from hnb.tables import TABLES
from hnb.tables.columns import AUTHORITY, FINANCIAL_YEAR, IN_BOROUGH, SOURCE

_RETURN = "the person-level SEN2 return"


def _own_id(name: str, meaning: str, *, required: bool = True) -> Column:
    return Column(name, "identifier", meaning, required=required)


_PERSON_ID = _own_id(
    "person_id", "Keyed hash of the return's own number of the person: it may be a case number."
)
_REQUEST_ID = _own_id("request_id", "The return's number of the request for an assessment.")
_REQUEST_LINK = _own_id(
    "request_id", "The request that it follows from; DfE's template links by it.", required=False
)
_ASSESSMENT_ID = _own_id(
    "assessment_id", "The return's number of the assessment; exports have it.", required=False
)
_NAMED_PLAN_ID = _own_id(
    "named_plan_id", "The return's number of the named plan; exports have it.", required=False
)
_ACTIVE_PLAN_ID = _own_id(
    "active_plan_id", "The return's number of the active plan; exports have it.", required=False
)
_RESIDENTIAL = Column(
    "residential", "flag", "Whether the child lives there for 38 weeks a year or more.", required=False
)
_RANK = Column("rank", "integer", "1 for the primary, 2 for the secondary.", minimum=1, maximum=2)
_SETTING = Column("setting", "code", "Kind of setting.", codes="settings", required=False)
_SEN_SETTING = Column(
    "sen_setting",
    "text",
    "The return's own code for a placement at no establishment (OLA, EHE …).",
    required=False,
)
_URN = Column("urn", "identifier", "Unique reference number of a school.", required=False)
_UKPRN = Column("ukprn", "identifier", "UK provider reference number.", required=False)
_PROVIDER_ID = Column("provider_id", "identifier", "URN, or UKPRN where there is none.", required=False)
_LINE = Column(
    "line",
    "code",
    "Budget line, where it does not follow from who runs the provider.",
    codes="budget_lines",
    required=False,
)
_BAND = Column("band", "text", "Top-up band.", required=False)


def _full_year(name: str, meaning: str, *, minimum: float | None = None) -> Column:
    return Column(name, "pounds", f"{meaning}, a full year.", required=False, minimum=minimum)


_SEN2_TABLES = (
    Table(
        "sen2_header",
        "one return",
        (
            AUTHORITY,
            Column("collection", "text", "Name of the collection: SEN2.", pattern=r"(?i)sen ?2.*"),
            Column("year", "integer", "Calendar year of the January count.", minimum=2023, maximum=2100),
            Column("reference_on", "date", "Date of the January count.", required=False),
            SOURCE,
        ),
        (),
        comes_from=_RETURN,
    ),
    Table(
        "sen2_persons",
        "one child or young person",
        (
            _PERSON_ID,
            Column("pupil_id", "identifier", "Keyed hash of the unique pupil number.", required=False),
            Column("learner_id", "identifier", "Keyed hash of the unique learner number.", required=False),
            Column("born_in", "year", "Academic year of birth, from which ages on 31 August follow.", required=False),
            SOURCE,
        ),
        (),
        comes_from=_RETURN,
    ),
    Table("sen2_requests", "one request for an assessment", (_REQUEST_ID, _PERSON_ID, SOURCE), (), comes_from=_RETURN),
    Table("sen2_assessments", "one assessment", (_ASSESSMENT_ID, _REQUEST_LINK, SOURCE), (), comes_from=_RETURN),
    Table(
        "sen2_named_plans",
        "one plan as it was issued",
        (
            _NAMED_PLAN_ID,
            _ASSESSMENT_ID,
            _REQUEST_LINK,
            Column("start_on", "date", "Day on which the plan began.", required=False),
            Column("ceased_on", "date", "Day on which the plan ceased.", required=False),
            SOURCE,
        ),
        (),
        in_order=(("start_on", "ceased_on"),),
        comes_from=_RETURN,
    ),
    Table("sen2_plan_details", "one establishment named in a plan", (_NAMED_PLAN_ID, _REQUEST_LINK, SOURCE), (), comes_from=_RETURN),
    Table(
        "sen2_active_plans",
        "one plan in force on the day of the count",
        (_ACTIVE_PLAN_ID, _REQUEST_ID, _RESIDENTIAL, SOURCE),
        (),
        comes_from=_RETURN,
    ),
    Table(
        "sen2_placement_details",
        "one placement of a plan in force",
        (
            _own_id("placement_id", "The return's number of the placement; exports have it.", required=False),
            _ACTIVE_PLAN_ID,
            _REQUEST_LINK,
            _URN,
            _UKPRN,
            _SEN_SETTING,
            _SETTING,
            _RANK,
            Column("start_on", "date", "First day of the placement.", required=False),
            Column("end_on", "date", "Day on which it ended.", required=False),
            Column("in_sen_unit", "flag", "Whether it is in a SEN unit.", required=False),
            Column("in_resourced_provision", "flag", "Whether it is in resourced provision.", required=False),
            _RESIDENTIAL,
            SOURCE,
        ),
        (),
        in_order=(("start_on", "end_on"),),
        comes_from=_RETURN,
    ),
    Table(
        "sen2_needs",
        "one need of a plan in force",
        (_ACTIVE_PLAN_ID, _REQUEST_LINK, Column("need", "code", "Kind of need.", codes="needs"), _RANK, SOURCE),
        (),
        comes_from=_RETURN,
    ),
    Table(
        "establishments",
        "one school, college or other provider",
        (
            _URN,
            _UKPRN,
            Column("provider", "text", "Name of the establishment."),
            _SETTING,
            Column("run_by", "code", "Who runs it, which settles the budget line.", codes="run_by", required=False),
            IN_BOROUGH,
            Column("area", "text", "Number, code or name of the authority in whose area it is.", required=False),
            SOURCE,
        ),
        (),
        comes_from="the council's list of establishments, or an extract of the national register of schools",
    ),
    Table(
        "placement_costs",
        "what one placement costs a full year, as the council's own records have it",
        (
            AUTHORITY,
            FINANCIAL_YEAR,
            Column("placement_id", "identifier", "The return's number of the placement.", required=False),
            Column("pupil_id", "identifier", "Keyed hash of the UPN, or of the ULN or the return's person ID.", required=False),
            _PROVIDER_ID,
            _LINE,
            _BAND,
            _full_year("place_cost", "Place element"),
            _full_year("top_up_cost", "Top-up or fee"),
            _full_year("other_cost", "Other cost to the block"),
            _full_year("health_contribution", "Paid by health", minimum=0),
            _full_year("care_contribution", "Paid by social care", minimum=0),
            _full_year("annual_cost", "What it costs the block, net of contributions"),
            SOURCE,
        ),
        (),
        comes_from="the council's own costs of placements",
    ),
    Table(
        "rates",
        "what a placement of a kind costs a full year; a blank means any",
        (
            AUTHORITY,
            FINANCIAL_YEAR,
            Column("setting", "code", "Kind of setting.", codes="settings"),
            _SEN_SETTING,
            _PROVIDER_ID,
            Column("phase", "code", "Phase of education.", codes="phases", required=False),
            Column("need", "code", "Primary need.", codes="needs", required=False),
            _BAND,
            _RESIDENTIAL,
            _LINE,
            _full_year("place_cost", "Place element"),
            _full_year("top_up_cost", "Top-up or fee"),
            _full_year("other_cost", "Other cost to the block"),
            SOURCE,
        ),
        (),
        comes_from="the council's table of rates",
    ),
)  # fmt: skip

STAGED: Mapping[str, Table] = MappingProxyType({table.name: table for table in _SEN2_TABLES})
"""Every staged table by name."""

BROUGHT: Mapping[str, Table] = MappingProxyType(
    {
        **{
            name: table
            for name, table in TABLES.items()
            if not table.derived_from and name not in ("files", "problems", "load_changes")
        },
        **STAGED,
    }
)
"""Every table that a layout may feed: those of the model that workbooks bring, then the staged ones."""
