"""Rates: plans and pounds against the people they are for, so that authorities of any size can be compared.

The measures here are the people alone. A rate divides the answer of one measure by them; which are known and
what they are called is `RATES`, and the dividing, with its neighbours and areas, is `hnb.comparison`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from hnb.codelists import CODELISTS
from hnb.metrics.measure import Measure, Unit

_KINDS = CODELISTS["population_kinds"]

PEOPLE_KINDS: tuple[str, ...] = tuple(
    code for code in _KINDS.codes if _KINDS.entry(code).details["of"] == "people"
)
"""Kinds of people counted by age, the preferred first."""

PUPILS = "pupils"


def _people(kind: str) -> Measure:
    return Measure(
        name=kind,
        title=_KINDS.label(kind),
        question="How many are there that plans and pounds are divided by?",
        unit="people",
        better="neither",
        caution=f"{_KINDS.meaning(kind)} Select one authority, or all are added.",
        source="Lists of people and pupils by authority (table population).",
        table="population",
        dimensions=("authority", "financial_year", "year"),
        numerator="people",
        is_stock=True,
        where={"kind": (kind,)},
    )


MEASURES = tuple(_people(kind) for kind in _KINDS.codes)


@dataclass(frozen=True)
class Rate:
    """What is divided by what, and its words.

    name: by which links call it. title: with {per} for the people. measure: whose answer is the numerator.
    divisor: "people" (the preferred kind that is loaded), "pupils" or "plans". per: how many of them are one.
    figure: the code of `area_figures` under which areas have the numerator; "" without one.
    cut: the dimension by which the numerator can be split. caution: what one must know.
    """

    name: str
    title: str
    measure: str
    divisor: str
    per: int
    unit: Unit
    figure: str
    cut: str
    caution: str

    def as_measure(self, per: str) -> Measure:
        """The rate as a measure for charts and words, with the people named: "plans per 10,000 pupils"."""
        return Measure(
            name=self.name,
            title=self.title.format(per=per),
            question="How do we compare?",
            unit=self.unit,
            better="neither",
            caution=self.caution,
            source="",
            table="plans" if self.divisor != "plans" else "spend_returns",
            dimensions=("authority", "financial_year"),
            numerator="numerator",
            denominator="denominator",
            is_stock=True,
        )


_PLANS = Rate(
    name="plans_per_people",
    title="Plans per 10,000 {per}",
    measure="plans",
    divisor="people",
    per=10_000,
    unit="plans per 10,000",
    figure="plans",
    cut="setting_group",
    caution="Plans are counted in January where the child lives. People of 19 to 25 with a plan are counted among the plans, whatever ages the people are of.",
)  # fmt: skip
_SPEND = replace(
    _PLANS,
    name="spend_per_people",
    title="Net high needs outturn per head, {per}",
    measure="return_total",
    per=1,
    unit="£ per head",
    figure="return_total",
    cut="line_group",
    caution="Outturn return: it leaves out places that DfE pays directly, which are more in an authority with many academies.",
)

RATES: Mapping[str, Rate] = MappingProxyType(
    {
        rate.name: rate
        for rate in (
            _PLANS,
            replace(
                _PLANS,
                name="plans_per_pupil",
                divisor="pupils",
                caution="Pupils are counted in mainstream state schools where they go to school, plans in January where the child lives: an authority whose children go to school elsewhere looks higher.",
            ),
            _SPEND,
            replace(_SPEND, name="spend_per_plan", title="Net high needs outturn per plan", divisor="plans", unit="£ per plan"),
        )
    }
)  # fmt: skip
"""Every rate by name. Plans are always shown on both denominators, pounds per head and per plan."""
